"""What the workspace says of exchanges: whose turn it is, who is waited for, what happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from core.languages import _, _l, _n, day
from core.web.filters import due, serves
from network.accounts.desk import (
    LATELY,
    PLACES,
    WAITING_FOR_OTHERS,
    WAITING_FOR_YOU,
    News,
    Place,
    Task,
)
from network.exchanges import at_hand, lines, listing, words
from network.exchanges.answered import Answer, answered
from network.exchanges.at_hand import AtHand
from network.exchanges.consenting import Needed
from network.exchanges.listing import state_names
from network.exchanges.models import Exchange
from network.exchanges.rules import DESK_ROLES, WRITING_ROLES
from network.exchanges.states import ExchangeState
from network.exchanges.turns import TURNS, Do, turn_of
from network.exchanges.views.page import READS, pages, reader_zone
from network.seats.models import Role, Seat
from network.seats.queries import state_of

S = ExchangeState
CALLS_MOST = 5
WHO: dict[ExchangeState, tuple[Any, Any]] = {
    S.SUBMITTED: (_l("The helpdesk"), _l("looks at %(case)s")),
    S.CLARIFICATION: (_l("The State that asks"), _l("answers a question on %(case)s")),
    S.CONFIRMATION: (_l("Your authorising officer"), _l("decides on consent to %(case)s")),
    S.CIRCULATED: (_l("The members"), _l("may offer help with %(case)s")),
    S.CHOOSING: (_l("Your authorising officer"), _l("decides on the partner for %(case)s")),
    S.SELECTED: (_l("Authorising officers of both States"), _l("decide on the terms of %(case)s")),
    S.AGREED: (_l("Your partner"), _l("answers the dates for %(case)s")),
    S.SCHEDULED: (_l("The agreed dates"), _l("of %(case)s lie ahead")),
    S.HELD: (_l("Reports"), _l("on %(case)s are not complete yet")),
    S.FOLLOW_UP: (_l("Your partner"), _l("says what has changed since %(case)s")),
    S.ON_HOLD: (_l("On hold:"), _l("%(case)s stands still")),
}
"""Who is waited for, and for what."""


@pages.record_once
def _stand_in_workspace(_state: BlueprintSetupState) -> None:
    take_place()


def take_place() -> None:
    """Stand in the workspace and its navigation, once in every process."""
    if to_do in WAITING_FOR_YOU:
        return
    WAITING_FOR_YOU.append(to_do)
    WAITING_FOR_OTHERS.append(to_await)
    LATELY.append(lately)
    PLACES.append(
        Place(
            endpoint="exchanges.cases",
            order=10,
            label=lambda: _("Exchanges"),
            roles=frozenset(Role(role) for role in READS),
        )
    )


def to_do(session: Session, seat: Seat, now: datetime) -> list[Task]:
    """What this seat can do in cases: its own, and those it could help with.

    What waits for a State's consent stands among all its consents (subjects.py); one that ends
    soon stands here.
    """
    if seat.role in DESK_ROLES:
        return [task for one in at_hand.of_desk(session, seat.role, now) if (task := _task(one))]
    state_id = state_of(session, seat)
    if state_id is None:
        return []
    if seat.role is Role.AUTHORISING:
        return [_renew(*one) for one in listing.ending(session, state_id, now)]
    if seat.role not in WRITING_ROLES:
        return []
    own = at_hand.of_state(session, state_id, seat.role, now)
    return [
        *(task for one in own if (task := _task(one))),
        *_calls(session, state_id, now),
    ]


def _task(one: AtHand) -> Task | None:
    """What is to be done in a case, if it is this seat's turn."""
    todo = turn_of(one.stand)
    if todo is None or not serves(TURNS[todo].endpoint):
        return None
    turn, exchange = TURNS[todo], one.exchange
    return Task(
        verb=str(turn.verb),
        object=words.quoted(exchange),
        href=url_for(turn.endpoint, exchange_id=exchange.id, _anchor=turn.anchor),
        detail=_detail(one, todo),
        tag=due(exchange.due_at) if exchange.due_at is not None else None,
        action=str(turn.action),
        due=exchange.due_at,
    )


def _detail(one: AtHand, todo: Do) -> str:
    exchange = one.exchange
    parts = []
    if todo is Do.CHOOSE:
        parts.append(_n("%(num)s bid received", "%(num)s bids received", one.stand.bids))
    if todo in {Do.UNSTICK, Do.CHASE}:
        parts.append(str(words.STATES[exchange.held_from or exchange.state]))
    if exchange.hold_reason is not None:
        parts.append(str(words.HOLDS[exchange.hold_reason]))
    if exchange.is_confidential:
        parts.append(_("confidential"))
    if exchange.due_at is not None:
        parts.append(_("until %(moment)s", moment=words.at(exchange.due_at, reader_zone())))
    elif todo is Do.FINISH:
        parts.append(_("begun on %(date)s", date=day(exchange.made_at)))
    return " · ".join(parts)


def _renew(exchange: Exchange, want: Needed, last_day: date) -> Task:
    """A consent that ends before the case does, to be given again for longer."""
    return Task(
        verb=_("Give again for longer:"),
        object=words.quoted(exchange),
        href=url_for(
            "exchanges.consent",
            exchange_id=exchange.id,
            kind=want.kind.value,
            subject_id=want.subject_id,
        ),
        detail=_(
            "Your State’s consent ends on %(date)s; the case stands still after that.",
            date=day(last_day),
        ),
        action=_("Read"),
    )


def _calls(session: Session, state_id: UUID, now: datetime) -> list[Task]:
    """Requests of others that this State could help with and has not answered."""
    rows, _after = listing.circulated_to(session, state_id=state_id, now=now)
    if not rows:
        return []
    known = answered(session, state_id, [one.id for one in rows])
    found = [one for one in rows if known.get(one.id, Answer.DRAFT) is Answer.DRAFT]
    return [
        Task(
            verb=_("Finish your bid for") if one.id in known else _("Could you help with"),
            object=words.quoted(one),
            href=url_for(
                "exchanges.bid" if one.id in known else "exchanges.case", exchange_id=one.id
            ),
            detail=_call_detail(one),
            tag=due(one.due_at) if one.due_at is not None else None,
            action=_("Go on writing") if one.id in known else _("Read it"),
            due=one.due_at,
        )
        for one in found[:CALLS_MOST]
    ]


def _call_detail(exchange: Exchange) -> str:
    parts = [str(words.TYPES[exchange.type])] if exchange.type else []
    if exchange.due_at is not None:
        parts.append(_("until %(moment)s", moment=words.at(exchange.due_at, reader_zone())))
    return " · ".join(parts)


def to_await(session: Session, seat: Seat, now: datetime) -> list[Task]:
    """Cases of one's State that wait for somebody else: for whom, since when, of how many days."""
    state_id = state_of(session, seat)
    if state_id is None or seat.role not in WRITING_ROLES:
        return []
    return [
        _awaited(one.exchange, now)
        for one in at_hand.of_state(session, state_id, seat.role, now)
        if turn_of(one.stand) is None and one.stand.state in WHO
    ]


def _awaited(exchange: Exchange, now: datetime) -> Task:
    who, what = WHO[exchange.state]
    return Task(
        verb=str(who),
        object=str(what) % {"case": words.quoted(exchange)},
        href=url_for("exchanges.case", exchange_id=exchange.id),
        detail=_("since %(date)s", date=day(exchange.state_since)),
        tag=_days_gone(exchange, now),
        due=exchange.due_at,
    )


def _days_gone(exchange: Exchange, now: datetime) -> tuple[str, str] | None:
    """How many of the days have gone; in red once they have all."""
    if exchange.due_at is None or exchange.state is S.SCHEDULED:
        return None
    gone = (now - exchange.state_since).days
    whole = max(1, (exchange.due_at - exchange.state_since).days)
    sentence = _n("%(gone)s of %(num)s day", "%(gone)s of %(num)s days", whole, gone=gone)
    return sentence, "bad" if exchange.due_at <= now else "calm"


def lately(session: Session, seat: Seat, _now: datetime) -> list[News]:
    """The last lines of the cases that a seat may read."""
    is_desk = seat.role in DESK_ROLES
    state_id = state_of(session, seat)
    if not is_desk and state_id is None:
        return []
    found = at_hand.last_lines(session, None if is_desk else state_id)
    names = state_names(session, [entry.state_id for entry, _one in found if entry.state_id])
    return [
        News(
            at=entry.at,
            text=lines.sentence(entry, words.state_name(entry.state_id, names)),
            href=url_for("exchanges.case", exchange_id=exchange.id),
            detail=words.neutral_name(exchange),
        )
        for entry, exchange in found
    ]
