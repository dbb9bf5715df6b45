"""What each side reads of a case, in its page, the lists and the workspace; and what that costs."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.context import SYSTEM
from network.applications.models import Membership
from network.consents.models import ConsentKind
from network.exchanges import bidding, consenting, lines, listing, outcomes, service
from network.exchanges.models import HoldReason
from network.exchanges.models_case import CaseEntry, DeclineReason
from network.exchanges.moving import Act, hold
from network.exchanges.states import ExchangeState
from network.exchanges.waiting import waiting
from network.mechanisms.models import Mechanism, NameStatus
from network.offers.models import Offer
from network.offers.states import OfferState
from tests.walls.case_pages import People, stage, state
from tests.walls.cast import Cast, enter
from tests.walls.exchanges import Table, one_by_one
from tests.walls.statements import counted

S = ExchangeState
NEUTRAL = "A member looks for a peer that clusters recommendations."
SECRET = {"is_confidential": True, "neutral": NEUTRAL}
NAMES = ("Xandria", "Clustering recommendations", "how others cluster what they receive")
MOST_STATEMENTS = 60


@pytest.fixture
def table(app, session, keys):
    with app.test_request_context(method="POST"):
        cast = Cast(session, keys)
        return Table(session, cast, cast.at)


@pytest.fixture
def people(app, table):
    return People(app, table)


@pytest.fixture
def act(app):
    """What is done without a page: in the language of no request."""
    return lambda: app.test_request_context(method="POST")


def text_of(answer):
    """A page as it is read, without the frame: no tags, no entities."""
    main = answer.text.partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def workspace(client):
    answer = client.get("/workspace")
    assert answer.status_code == 200
    return text_of(answer)


# Who reads what


def test_a_confidential_case_is_neutral_for_members_and_whole_for_its_own_side(act, table, people):
    exchange = stage(act, table, "circulated", **SECRET)
    path = f"/exchanges/{exchange.id}"
    for page in (path, "/exchanges/open", "/workspace"):
        seen = text_of(people["XAB"].get(page))
        assert [name for name in NAMES if name in seen] == [], page
        assert exchange.reference in seen
    assert NEUTRAL in text_of(people["XAB"].get(path))
    for who in ("XAA", "XAA capital", "desk"):
        seen = text_of(people[who].get(path))
        assert [name for name in NAMES if name not in seen] == [], who
    for who in ("XAA", "desk"):
        assert "Clustering recommendations" not in workspace(people[who])


def test_a_partner_of_a_confidential_case_learns_who_asks_once_it_is_selected(act, table, people):
    exchange = stage(act, table, "selected", **SECRET)
    seen = text_of(people["XAB"].get(f"/exchanges/{exchange.id}"))
    assert [name for name in NAMES if name not in seen] == []
    other = text_of(people["XAC"].get(f"/exchanges/{exchange.id}"))
    assert [name for name in NAMES if name in other] == []
    assert "Yendor" not in other
    assert "Not selected" in other


def test_members_read_nothing_of_people_wishes_funding_and_each_other(act, table, people):
    exchange = stage(act, table, "circulated", preferred={table.state_id("XAB")})
    with act():
        table.bid(exchange, "XAC")
    seen = text_of(people["XAB"].get(f"/exchanges/{exchange.id}"))
    hidden = ("Zembla", "Head of unit", "We look for funding", "private", "Focal XAA")
    assert [one for one in hidden if one in seen] == []
    assert "Offer help" in seen
    assert "Not this time" in seen


def test_a_state_that_is_left_out_finds_nothing_anywhere(act, table, people):
    exchange = stage(act, table, "circulated", excluded={table.state_id("XAD")})
    for page in ("", "/files", "/partners", "/withdraw", "/edit"):
        assert people["XAD"].get(f"/exchanges/{exchange.id}{page}").status_code == 404
    for page in ("/exchanges/open", "/workspace"):
        assert exchange.title not in text_of(people["XAD"].get(page))


def test_a_draft_is_read_by_its_own_state_alone(act, table, people):
    exchange = stage(act, table, "draft")
    path = f"/exchanges/{exchange.id}"
    assert people["XAA"].get(path).status_code == 200
    for who in ("XAB", "desk"):
        assert people[who].get(path).status_code == 404
        assert exchange.title not in text_of(people[who].get("/exchanges?show=all"))


def test_the_requester_reads_a_decline_with_its_code_and_never_the_note(act, table, people):
    exchange = stage(act, table, "circulated")
    with act():
        bidding.decline(
            table.session,
            exchange_id=exchange.id,
            reason=DeclineReason.DATES,
            note_to_self="Our minister is against it.",
            by=table.focal("XAB"),
            now=table.now,
        )
    seen = text_of(people["XAA"].get(f"/exchanges/{exchange.id}"))
    assert "Yendor: The dates do not suit us" in seen
    assert "minister" not in seen
    assert "Could you help with" not in workspace(people["XAB"])


def test_every_line_of_every_timeline_is_a_sentence_with_a_person_and_a_seat(act, table, people):
    exchange = stage(act, table, "closed")
    words = set(table.session.scalars(select(CaseEntry.word)))
    assert sorted(word for word in words if not lines.is_spoken_for(word)) == []
    seen = text_of(people["XAA"].get(f"/exchanges/{exchange.id}"))
    assert "Yendor offered to help Capital XAB, Authorising officer, Yendor" in seen
    assert "Sent to the helpdesk Focal XAA, Focal point, Xandria" in seen
    assert "Zembla consented to its bid" not in seen


# Whose turn it is


@pytest.mark.parametrize(
    ("step", "turns"),
    [
        ("draft", {"XAA": "Finish your request:"}),
        ("submitted", {"desk": "Look at a new request:"}),
        ("awaiting_capital", {"XAA capital": "the request “Clustering recommendations”"}),
        ("circulated", {"XAB": "Could you help with"}),
        ("selected", {"XAA capital": "the terms of", "XAB capital": "the terms"}),
        ("agreed", {"XAA": "Propose dates for", "XAB": "Propose dates for"}),
        ("held", {"XAA": "Write the short report on", "XAB": "Write the short report on"}),
        ("followed_up", {"XAA": "What has changed since", "XAB": "What has changed since"}),
    ],
)
def test_the_workspace_says_whose_turn_it_is(act, table, people, clock, step, turns):
    begun = table.now
    stage(act, table, step)
    if table.now > begun:
        clock.forward(seconds=(table.now - begun).total_seconds() + 60)
    everybody = {"XAA", "XAB", "desk", "XAA capital", "XAB capital"}
    for who in sorted(everybody):
        again = People(people.app, table)
        table.cast.at = table.now
        waits = workspace(again[who]).partition("Waiting for you")[2].partition("Waiting for")[0]
        if who in turns:
            assert turns[who] in waits, who
        else:
            assert "Clustering recommendations" not in waits, who


def test_the_workspace_says_who_is_waited_for_and_since_when(act, table, people):
    stage(act, table, "awaiting_capital")
    seen = workspace(people["XAA"]).partition("Waiting for others")[2]
    assert "Your authorising officer decides on consent to “Clustering recommendations”" in seen
    assert "0 of 30 days" in seen
    assert "Exchanges" in people["XAA"].get("/workspace").text


def test_two_bids_call_for_a_choice(act, table, people):
    exchange = stage(act, table, "circulated")
    with act():
        table.bid(exchange, "XAB")
        table.bid(exchange, "XAC")
    assert "2 bids received" in workspace(people["XAA"])


def test_the_helpdesk_sees_cases_on_hold_and_late_ones(act, table, people, clock):
    first, second = stage(act, table, "submitted"), stage(act, table, "awaiting_capital")
    with act():
        table.move(first, S.ON_HOLD, table.helpdesk(), reason="Elections.")
    clock.forward(days=31)
    table.cast.at = table.cast.at + timedelta(days=31)
    seen = workspace(People(people.app, table)["desk"])
    assert "On hold: “Clustering recommendations”" in seen
    assert "Overdue: “Clustering recommendations”" in seen
    assert state(second) is S.CONFIRMATION


def test_what_waits_for_consent_is_the_same_in_lists_as_for_acts(act, table):
    stage(act, table, "awaiting_capital")
    choosing = stage(act, table, "circulated")
    with act():
        table.choose(choosing, table.bid(choosing, "XAB"))
    stage(act, table, "selected")
    on_hold = stage(act, table, "selected")
    with act():
        hold(table.session, on_hold, HoldReason.ENDED, Act(by=SYSTEM, now=table.now))
    scheduled = stage(act, table, "scheduled")
    with act():
        [mine] = [
            want
            for want in consenting.for_agreement(table.session, scheduled)
            if want.state_id == table.state_id("XAB")
        ]
        service.refuse(
            table.session,
            exchange_id=scheduled.id,
            want=mine,
            reason="Elections.",
            by=table.capital("XAB"),
            now=table.now,
        )
        assert scheduled.state is ExchangeState.ON_HOLD
    held = stage(act, table, "held")
    with act():
        learned = outcomes.Learned(learned="A.", decision="B.", would_repeat=True)
        said = {"exchange_id": held.id, "by": table.focal(), "now": table.now}
        outcomes.save_report(table.session, learned=learned, **said)
        outcomes.hand_in_report(table.session, **said)
        for iso3 in table.states:
            state_id = table.state_id(iso3)
            told = one_by_one(table.session, state_id, table.now)
            at_once = waiting(table.session, state_id, table.now)
            assert {(one.exchange.id, one.want) for one in at_once} == {
                (case.id, want) for case, want in told
            }
        kinds = {one.want.kind for one in waiting(table.session, table.state_id("XAA"), table.now)}
    assert kinds == {
        ConsentKind.EXCHANGE_REQUEST,
        ConsentKind.SELECTION,
        ConsentKind.AGREEMENT,
        ConsentKind.OUTCOME,
    }


# Who could help


def offer(table, iso3, **changes):
    """A published standing offer of a State's mechanism, under its consent."""
    mechanism = Mechanism(
        key=iso3.lower(),
        state=table.states[iso3].state,
        name=f"Committee of {iso3}",
        name_status=NameStatus.FORMAL,
        recorded_on=table.now.date(),
    )
    values = {
        "state": OfferState.PUBLISHED,
        "themes": ["a2"],
        "capacities": ["coordination"],
        "types": ["study_visit"],
        "languages": ["en"],
        "per_year": 2,
        "updated_at": table.now,
        "published_at": table.now,
    }
    made = Offer(mechanism=mechanism, **(values | changes))
    table.session.add_all([mechanism, made])
    table.session.flush()
    return made


def test_who_could_help_stands_in_order_with_reasons_that_sum_to_the_points(act, table, people):
    exchange = stage(act, table, "circulated", preferred={table.state_id("XAC")})
    offer(table, "XAB")
    offer(table, "XAC")
    path = f"/exchanges/{exchange.id}/partners"
    seen = text_of(people["XAA"].get(path))
    assert seen.index("Zembla") < seen.index("Yendor")
    for row in re.split("Zembla|Yendor", seen)[-2:]:
        parts = [int(one) for one in re.findall(r"\(([+-]\d+)\)", row)]
        assert sum(parts) == int(re.findall(r"\) (\d+)(?: |$)", row)[-1])
    assert text_of(people["XAA"].get(path)) == seen
    assert people["XAB"].get(path).status_code == 404
    assert people["desk"].get(path).status_code == 200


def test_who_is_paused_left_out_busy_or_no_member_is_not_named(act, table, people):
    exchange = stage(act, table, "circulated", excluded={table.state_id("XAD")})
    paused = table.now.date() + timedelta(days=5)
    offer(table, "XAB", paused_until=paused, pause_reason="other")
    offer(table, "XAD")
    gone = offer(table, "XAC")
    table.session.execute(
        update(Membership)
        .where(Membership.state_id == gone.mechanism.state_id)
        .values(status="observer")
    )
    seen = text_of(people["XAA"].get(f"/exchanges/{exchange.id}/partners"))
    assert [name for name in ("Yendor", "Zembla", "Ostrelle") if name in seen] == []
    assert "No standing offer fits at present" in seen


# Lists, days and costs


def test_lists_go_on_by_key_and_can_show_what_is_over(act, table, people):
    made = [stage(act, table, "draft") for _one in range(listing.PAGE + 1)]
    with act():
        table.move(made[0], S.WITHDRAWN, table.focal())
    page = people["XAA"].get("/exchanges?show=all")
    more = re.search(r'href="([^"]+after=[^"]+)"', page.text)
    rest = people["XAA"].get(html.unescape(more[1]))
    assert page.text.count('<th scope="row">') == listing.PAGE
    assert rest.text.count('<th scope="row">') == 1
    assert "Withdrawn" in page.text
    assert "Withdrawn" not in people["XAA"].get("/exchanges").text


@pytest.mark.parametrize("after", ["0", "2026-01-01~x", "~", "2026-01-01T00:00:00~" + "0" * 40])
def test_a_place_that_is_none_shows_the_beginning(people, after):
    assert people["XAA"].get("/exchanges", query_string={"after": after}).status_code == 200


def test_the_secretariat_changes_how_long_a_state_lasts(app, act, table):
    client = app.test_client()
    enter(client, table.cast.visit(table.cast.holder("secretariat"), proved=timedelta(minutes=1)))
    path = "/exchanges/terms-of-time"
    for days in ("0", "731", "soon", ""):
        answer = client.post(path, data={"state": "submitted", "days": days})
        assert answer.status_code == 422
        assert f'value="{days}"' in answer.text
    assert client.post(path, data={"state": "draft", "days": "3"}).status_code == 422
    assert client.post(path, data={"state": "submitted", "days": "3"}).status_code == 303
    exchange = stage(act, table, "submitted")
    assert exchange.due_at == table.now + timedelta(days=3)


def statements(client, path):
    client.get(path)
    with counted() as sent:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(sent)


def test_more_cases_cost_no_more_statements(act, table, people):
    steps = ("draft", "submitted", "awaiting_capital", "circulated", "selected", "agreed")
    for step in steps * 2:
        stage(act, table, step)
    first = stage(act, table, "circulated")
    with act():
        table.bid(first, "XAB")
    pages = (
        ("XAA", "/workspace"),
        ("XAA capital", "/workspace"),
        ("XAB", "/workspace"),
        ("desk", "/workspace"),
        ("XAA", "/exchanges"),
        ("desk", "/exchanges"),
        ("XAB", "/exchanges/open"),
        ("XAA", f"/exchanges/{first.id}"),
        ("XAA", f"/exchanges/{first.id}/partners"),
    )
    offer(table, "XAB")
    before = {page: statements(people[page[0]], page[1]) for page in pages}
    for step in steps:
        stage(act, table, step)
    with act():
        table.bid(first, "XAC")
        table.bid(first, "XAD")
    offer(table, "XAC")
    offer(table, "XAD")
    after = {page: statements(people[page[0]], page[1]) for page in pages}
    assert {page: (before[page], many) for page, many in after.items() if many > before[page]} == {}
    assert max(after.values()) <= MOST_STATEMENTS
