"""Mails about what is asked and said in a case: consents, messages, bids, reports, parties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.languages import _, _l, day
from network.consents.models import Consent, ConsentKind
from network.exchanges import audience
from network.exchanges.audience import ALL, CAPITAL, FOCAL
from network.exchanges.listing import case_of_subject, state_names
from network.exchanges.mailing import About, Finds, Mail, News, Reader, mail, thing_of
from network.exchanges.models import Exchange, Party, PartyRole, PartyState
from network.exchanges.models_case import (
    Audience,
    Bid,
    BidState,
    CaseMessage,
    Decline,
    MessageKind,
    Report,
)
from network.exchanges.states import ExchangeState
from network.exchanges.words import DECLINES, ROLES, state_name
from network.seats.models import Role, Seat
from network.seats.queries import state_of

S = ExchangeState
K = ConsentKind
WITH_CODE = _l("Read the exact words and decide, with your own code.")
ASKED: Mapping[ConsentKind, Any] = {
    K.EXCHANGE_REQUEST: _l(
        "The mechanism of your State asks for a peer exchange. The request goes to the members once your State consents to it."
    ),
    K.BID: _l(
        "The mechanism of your State offers help to another member. That member reads the offer once your State consents to it."
    ),
    K.SELECTION: _l(
        "The mechanism of your State has chosen among the bids it received. The partner is selected once your State consents to it."
    ),
    K.AGREEMENT: _l(
        "Something in a peer exchange that your State takes part in, or is asked to join, waits for its consent: the terms, or one more party."
    ),
    K.OUTCOME: _l(
        "The mechanism of your State has written its short report on an exchange. It counts, and the other side reads it, once your State consents to its words."
    ),
}
UNDECIDED = frozenset({S.CIRCULATED, S.CHOOSING})


def asked_name(kind: ConsentKind) -> str:
    """The name of the mail that asks for a consent of this kind."""
    return f"case_consent_{kind.value}"


def _finds_subject(kind: ConsentKind) -> Finds:
    """Find a case by what waits for a consent in it."""

    def find(session: Session, subject_id: UUID) -> About | None:
        exchange_id = case_of_subject(session, kind, subject_id)
        if exchange_id is None:
            return None
        return About(exchange=session.get_one(Exchange, exchange_id), thing=(kind, subject_id))

    return find


def to_asked(session: Session, about: About, now: datetime) -> list[UUID]:
    """The authorising seats of each State whose consent is still wanting."""
    kind, subject_id = about.thing
    states = audience.asked(session, about.exchange, kind, subject_id, now)
    return audience.seats(session, states, CAPITAL, now)


def say_asked(_session: Session, about: About, _reader: Reader) -> News:
    """What waits, and where to decide."""
    kind, subject_id = about.thing
    has_due = about.exchange.state in {S.CONFIRMATION, S.SELECTED}
    return News(
        title=_l("Your State’s consent is asked"),
        said=f"{ASKED[kind]} {WITH_CODE}",
        until=about.exchange.due_at if has_due else None,
        action=_l("Read and decide"),
        path=f"/exchanges/{about.exchange.id}/consent/{kind.value}/{subject_id}",
    )


def _author(session: Session, message: CaseMessage) -> tuple[UUID | None, bool]:
    """The State that wrote a message, and whether it was the helpdesk."""
    seat = session.get(Seat, message.seat_id) if message.seat_id else None
    if seat is None:
        return None, False
    return state_of(session, seat), seat.role in {Role.HELPDESK, Role.SECRETARIAT}


def to_readers(session: Session, about: About, now: datetime) -> list[UUID]:
    """The focal points of each side that reads a message and did not write it."""
    states = audience.requesters(session, about.exchange)
    if about.thing.audience is Audience.PARTIES:
        states += audience.providers(session, about.exchange)
    author, _is_desk = _author(session, about.thing)
    return audience.seats(session, [one for one in states if one != author], FOCAL, now)


def to_desk(session: Session, about: About, now: datetime) -> list[UUID]:
    """The helpdesk, for what it did not write itself."""
    _state, is_desk = _author(session, about.thing)
    return [] if is_desk else audience.desk(session, Role.HELPDESK, now)


def is_open_question(_session: Session, about: About) -> bool:
    """A question that was answered meanwhile is asked no more."""
    is_question = about.thing.kind is MessageKind.QUESTION
    return not is_question or about.exchange.state is S.CLARIFICATION


def say_message(_session: Session, about: About, _reader: Reader) -> News:
    """Word that there is one. What it says stands in the case alone."""
    if about.thing.kind is MessageKind.QUESTION:
        return News(
            title=_l("The helpdesk has a question"),
            said=_l(
                "It needs your answer before your request can go on. You may change the request and answer in one go."
            ),
            until=about.exchange.due_at,
            action=_l("Read and answer"),
        )
    if about.exchange.state is S.ANSWERED:
        return News(
            title=_l("Your request was answered directly"),
            said=_l("The answer stands in the case, which is closed with it."),
            action=_l("Read the answer"),
        )
    return News(
        title=_l("A message in your case"),
        said=_l("Somebody has written in the thread of your case."),
        action=_l("Read the message"),
    )


def say_message_to_desk(_session: Session, about: About, reader: Reader) -> News:
    """The same for the helpdesk."""
    if about.thing.kind is MessageKind.ANSWER and about.exchange.state is S.ANSWERED:
        return News(
            title=_l("A request was answered directly"),
            said=_l("The State that asks has found its answer. The case is closed."),
        )
    if about.thing.kind is MessageKind.ANSWER:
        return News(
            title=_l("Your question was answered"),
            said=_l("The request is with you again."),
            facts=((_("Please by"), reader.at(about.exchange.due_at)),),
        )
    return News(
        title=_l("A message in a case"),
        said=_l("Somebody has written in the thread of a case that the helpdesk accompanies."),
        action=_l("Read the message"),
    )


def to_asking(session: Session, about: About, now: datetime) -> list[UUID]:
    """The focal points of the States that ask."""
    return audience.seats(session, audience.requesters(session, about.exchange), FOCAL, now)


def to_bidder(session: Session, about: About, now: datetime) -> list[UUID]:
    """The focal points of the State that bid."""
    return audience.seats(session, [about.thing.state_id], FOCAL, now)


def say_bid(session: Session, about: About, _reader: Reader) -> News:
    """A bid is there to read."""
    names = state_names(session, [about.thing.state_id])
    return News(
        title=_l("A member offers help"),
        said=_l("You can read the bid now, compare it with others, and choose when you are ready."),
        open_facts=((_("Offered by"), state_name(about.thing.state_id, names)),),
        action=_l("Read the bid"),
        path=f"/exchanges/{about.exchange.id}/bids/{about.thing.id}",
    )


def say_bid_withdrawn(session: Session, about: About, _reader: Reader) -> News:
    """A bid that was read is no longer there."""
    names = state_names(session, [about.thing.state_id])
    return News(
        title=_l("A bid was taken back"),
        said=_l("A member that had offered help has taken its bid back."),
        open_facts=((_("Taken back by"), state_name(about.thing.state_id, names)),),
    )


def is_not_selected(session: Session, about: About) -> bool:
    """Whether this bid was passed over; of a partner's bid other mails tell that the case ended."""
    bid: Bid = about.thing
    if bid.state is not BidState.NOT_SELECTED or bid.chosen_at is None:
        return bid.state is BidState.NOT_SELECTED
    was_partner = exists().where(
        Party.exchange_id == bid.exchange_id,
        Party.body_id == bid.state_id,
        Party.role == PartyRole.PROVIDER,
        Party.joined_at >= bid.chosen_at,
    )
    return not session.scalar(select(was_partner))


def say_not_selected(_session: Session, _about: About, _reader: Reader) -> News:
    """One neutral sentence, the same for every bid and every reason."""
    return News(
        title=_l("About your State’s bid"),
        said=_l("Thank you for offering help: your State’s bid was not selected this time."),
    )


def say_declined(_session: Session, about: About, _reader: Reader) -> News:
    """The reason as a word; neither who nor the note, which is the member's own."""
    return News(
        title=_l("A member cannot help this time"),
        said=_l("It has looked at your request. You need not do anything."),
        facts=((_("Reason"), str(DECLINES[about.thing.reason])),),
    )


def to_other_sides(session: Session, about: About, now: datetime) -> list[UUID]:
    """The focal points of the side that did not write this."""
    states = [
        *audience.requesters(session, about.exchange),
        *audience.providers(session, about.exchange),
    ]
    others = [one for one in states if one != about.thing.state_id]
    return audience.seats(session, others, FOCAL, now)


def say_report(_session: Session, _about: About, _reader: Reader) -> News:
    """The other side's report counts."""
    return News(
        title=_l("The other side’s report is there"),
        said=_l("You can read it in the case. The exchange is finished once both reports are."),
    )


def to_invited(session: Session, about: About, now: datetime) -> list[UUID]:
    """The seats of whoever is asked to join."""
    return audience.of_party(session, about.thing, now)


def say_invited(_session: Session, about: About, _reader: Reader) -> News:
    """Word to whoever is asked to join."""
    return News(
        title=_l("You are asked to join a peer exchange"),
        said=_l(
            "Each State that takes part consents to it first; your State too, if you act for one. You can read what it is about."
        ),
        facts=((_("As"), str(ROLES[about.thing.role])),),
    )


def to_joined(session: Session, about: About, now: datetime) -> list[UUID]:
    """Both sides, and whoever has joined."""
    states = [
        *audience.requesters(session, about.exchange),
        *audience.providers(session, about.exchange),
    ]
    return [
        *audience.seats(session, states, FOCAL, now),
        *audience.of_party(session, about.thing, now),
    ]


def say_joined(_session: Session, about: About, _reader: Reader) -> News:
    """Somebody takes part from now on."""
    return News(
        title=_l("Somebody joins the exchange"),
        said=_l("Every State that had to consent has done so. Who it is stands in the case."),
        facts=((_("As"), str(ROLES[about.thing.role])),),
    )


def _finds_consent(session: Session, consent_id: UUID) -> About | None:
    consent = session.get(Consent, consent_id)
    if consent is None:
        return None
    exchange_id = case_of_subject(session, consent.kind, consent.subject_id)
    if exchange_id is None:
        return None
    return About(exchange=session.get_one(Exchange, exchange_id), thing=consent)


def to_state(session: Session, about: About, now: datetime) -> list[UUID]:
    """All seats of the State whose consent it is."""
    return audience.seats(session, [about.thing.state_id], ALL, now)


def say_ending(_session: Session, about: About, _reader: Reader) -> News:
    """A consent ends before the exchange does."""
    return News(
        title=_l("Your State’s consent ends soon"),
        said=_l(
            "A consent that this exchange rests on ends before the exchange does. Unless your State gives it again for longer, the exchange stands still from that day on."
        ),
        facts=((_("Last day of the consent"), day(about.thing.until_on)),),
    )


for _kind in ASKED:
    mail(asked_name(_kind), Mail(finds=_finds_subject(_kind), to=to_asked, says=say_asked))
_message = thing_of(CaseMessage)
mail(
    "case_message",
    Mail(finds=_message, to=to_readers, says=say_message, is_still=is_open_question),
)
mail("case_message_desk", Mail(finds=_message, to=to_desk, says=say_message_to_desk))
_bid = thing_of(Bid)
mail(
    "bid_sent",
    Mail(
        finds=_bid,
        to=to_asking,
        says=say_bid,
        is_still=lambda _session, about: about.thing.state is BidState.SENT,
    ),
)
mail(
    "bid_withdrawn",
    Mail(
        finds=_bid,
        to=to_asking,
        says=say_bid_withdrawn,
        is_still=lambda _session, about: about.exchange.state in UNDECIDED,
    ),
)
mail(
    "bid_not_selected",
    Mail(
        finds=_bid,
        to=to_bidder,
        says=say_not_selected,
        is_still=is_not_selected,
    ),
)
mail("case_declined", Mail(finds=thing_of(Decline), to=to_asking, says=say_declined))
mail(
    "case_report",
    Mail(
        finds=thing_of(Report),
        to=to_other_sides,
        says=say_report,
        is_still=lambda _session, about: about.exchange.state is S.HELD,
    ),
)
_party = thing_of(Party)
mail(
    "case_invited",
    Mail(
        finds=_party,
        to=to_invited,
        says=say_invited,
        is_still=lambda _session, about: about.thing.state is PartyState.INVITED,
    ),
)
mail(
    "case_joined",
    Mail(
        finds=_party,
        to=to_joined,
        says=say_joined,
        is_still=lambda _session, about: about.thing.state is PartyState.JOINED,
    ),
)
mail(
    "case_consent_ending",
    Mail(
        finds=_finds_consent,
        to=to_state,
        says=say_ending,
        is_still=lambda _session, about: about.thing.revoked_at is None,
    ),
)
