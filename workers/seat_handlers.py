"""What follows from seats that are named, handed over, proposed for, or left empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.outbox import Fact
from network.accounts import queries as accounts
from network.accounts.models import Person
from network.applications.queries import member_states
from network.notifications.service import queue_message
from network.seats import facts, rules, service
from network.seats.models import Holder, Role
from network.seats.queries import is_filled, seats_of_state
from workers.consent_handlers import of_secretariat
from workers.telling import tell

AN_INSTANT = timedelta(microseconds=1)

Handler = Callable[[Session, Any, datetime], None]


def mail_named(session: Session, fact: facts.SeatNamed, now: datetime) -> None:
    """Whoever is named to an empty seat is told at once."""
    holder = session.get_one(Holder, fact.holder_id)
    _mail(session, holder, "seat_named", now=now)


def mail_handed_over(session: Session, fact: facts.SeatHandedOver, now: datetime) -> None:
    """Both are told: of a later moment when it is set, and of the hand-over when it has come.

    A mail that waits for its moment finds then whether it is still so.
    """
    before = session.get_one(Holder, fact.holder_id)
    successor = session.get_one(Holder, fact.successor_id)
    if successor.since > now:
        _mail(session, before, "hand_over_planned", once=successor.id, now=now)
        _mail(session, successor, "seat_named", now=now)
    at = max(successor.since, now)
    _mail(session, before, "hand_over_ended", once=successor.id, now=now, due_at=at)
    _mail(session, successor, "hand_over_begun", now=now, due_at=at)


def _mail(  # a mail to one person, whatever seats they hold at that time
    session: Session,
    holder: Holder,
    message: str,
    *,
    now: datetime,
    once: UUID | str = "",
    due_at: datetime | None = None,
) -> None:
    person = session.get_one(Person, holder.person_id)
    # Whoever has left their last seat reads no mailbox any more, and is told all the same.
    moment = min(now, holder.until - AN_INSTANT) if holder.until else now
    for mailbox_id in accounts.mailboxes_of(session, person.id, moment):
        queue_message(
            session,
            key=f"{message}:{holder.id}:{once}:{mailbox_id}",
            message=message,
            recipient_kind="mailbox",
            recipient_id=mailbox_id,
            subject_id=holder.id,
            locale=person.language,
            now=now,
            due_at=due_at,
        )


def tell_proposed(session: Session, fact: facts.SeatProposed, now: datetime) -> None:
    """The State's authorising officers decide; where there is none, the secretariat."""
    if is_filled(session, fact.state_id, Role.AUTHORISING, now):
        found = seats_of_state(session, fact.state_id, Role.AUTHORISING, now=now)
        seats = [seat.id for seat, _holder in found]
    else:
        seats = of_secretariat(session, now)
    tell(session, seats, "seat_proposed", subject_id=fact.nomination_id, once="", now=now)


def tell_left_empty(session: Session, fact: facts.SeatLeftEmpty, now: datetime) -> None:
    """The secretariat is told once for each vacancy."""
    seats = of_secretariat(session, now)
    tell(session, seats, "seat_left_empty", subject_id=fact.vacancy_id, once="", now=now)


def look_for_vacancies(session: Session, now: datetime) -> int:
    """Notice member States whose lead or last authorising seat nobody holds, also by mere time."""
    members = member_states(session, now)
    return service.notice_empty(session, members=members, roles=rules.LEADING, now=now)


SEAT_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    facts.SeatNamed: (mail_named,),
    facts.SeatHandedOver: (mail_handed_over,),
    facts.SeatProposed: (tell_proposed,),
    facts.SeatLeftEmpty: (tell_left_empty,),
}

SEAT_RECORD: frozenset[type[Fact]] = frozenset({facts.SeatFilledAgain})
"""What is known by its absence from the desk; cases that stood on hold listen to it elsewhere."""
