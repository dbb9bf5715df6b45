"""No mail of a confidential case tells its title, its themes, a State or a place."""

from __future__ import annotations

from core.context import SYSTEM
from network.accounts.models import Person
from network.consents.models import ConsentKind
from network.exchanges import bidding, queries
from network.exchanges.models_case import DeclineReason
from network.exchanges.states import ExchangeState
from tests.workers.exchange_post import whole

S = ExchangeState
K = ConsentKind
NEEDLES = ("Needle", "Xandria", "Yendor", "Zembla", "Ostrelle", "Fiji", "Suva")


SECRET = {
    "title": "Needle title",
    "need": "Needle need.",
    "what_exists": "Needle exists.",
    "wanted_outcome": "Needle outcome.",
    "is_confidential": True,
    "neutral": "A member wants to learn about coordination.",
}


def steps(table):
    """The whole way, and some detours, as one act after the other."""
    exchange = table.draft(**SECRET)

    def move(to: S, by: str, reason: str = "") -> None:
        table.move(exchange, to, getattr(table, by)() if by else SYSTEM, reason)

    def decline() -> None:
        bidding.decline(
            table.session,
            exchange_id=exchange.id,
            reason=DeclineReason.OTHER,
            note_to_self="Needle note.",
            by=table.focal("XAD"),
            now=table.now,
        )

    def hold_it() -> None:
        table.now = exchange.ends_at
        move(S.HELD, "focal")

    return exchange, [
        lambda: move(S.SUBMITTED, "focal"),
        lambda: move(S.CLARIFICATION, "helpdesk", "Needle question?"),
        lambda: move(S.SUBMITTED, "focal", "Needle answer."),
        lambda: move(S.CONFIRMATION, "helpdesk"),
        lambda: table.consent(exchange, "XAA", K.EXCHANGE_REQUEST),
        lambda: table.bid(exchange, "XAB", offer="Needle offer."),
        lambda: table.bid(exchange, "XAC"),
        decline,
        lambda: table.choose(
            exchange, queries.own_bid(table.session, exchange, table.state_id("XAB"))
        ),
        lambda: table.consent(exchange, "XAA", K.SELECTION),
        lambda: table.consent(exchange, "XAA", K.AGREEMENT),
        lambda: table.consent(exchange, "XAB", K.AGREEMENT),
        lambda: move(S.ON_HOLD, "focal", "Needle reason."),
        lambda: move(S.AGREED, "focal"),
        lambda: table.set_dates(exchange),
        lambda: table.set_dates(exchange, days=63),
        lambda: move(S.AGREED, "focal", "Needle reason."),
        lambda: table.set_dates(exchange),
        hold_it,
        lambda: table.report(exchange, "XAA"),
        lambda: table.report(exchange, "XAB"),
        lambda: move(S.FOLLOW_UP, ""),
    ]


def test_the_whole_way_of_a_confidential_case_names_nothing(table, post) -> None:
    exchange, acts = steps(table)
    texts: list[str] = []
    for act in acts:
        act()
        post.handle()
        texts += [whole(mail) for mail in post.deliver()]
    of_consents = [text for text in texts if exchange.reference not in text]
    of_cases = [text for text in texts if exchange.reference in text.splitlines()[0]]

    assert len(of_consents) + len(of_cases) == len(texts)
    assert len(of_cases) > 40
    found = {needle for needle in NEEDLES for text in of_cases if needle in text}
    assert found == set()
    assert not any("Needle" in text for text in of_consents)


def test_an_open_case_says_what_it_is_about(table, post) -> None:
    table.circulated(title="Needle title")
    post.handle()
    mails = post.deliver()
    asked = [mail for mail in mails if "could you" in mail["Subject"]]
    assert len(asked) == 3
    for mail in asked:
        assert "Needle title" in mail["Subject"]
        assert "Xandria" in whole(mail)


def test_everybody_reads_in_their_own_language(session, table, post) -> None:
    person = session.get_one(Person, table.states["XAB"].focal.person_id)
    person.language = "fr"
    table.circulated()
    post.handle()
    assert {mail["Content-Language"] for mail in post.deliver()} == {"en", "fr"}
