"""What the secretariat decides on: a seat or a place in line, or no, with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core import outbox
from core.context import Actor
from core.errors import MoveRefused
from core.languages import _
from events.registrations import seating
from events.registrations.facts import RegistrationRefused, SeatTaken
from events.registrations.models import Registration
from events.registrations.service import held_with_seats
from events.registrations.states import HOLDING, REGISTRATION, TO_DECIDE, RegistrationState

S = RegistrationState


def approve(session: Session, *, registration_id: UUID, by: Actor, now: datetime) -> Registration:
    """The secretariat says yes: a seat if there is one, else the waiting list."""
    registration = held_with_seats(session, registration_id)
    if registration.state not in TO_DECIDE:
        raise _nothing_to_decide(registration)
    if registration.state is S.PENDING:
        seating.take_or_wait(session, registration, by=by, now=now)
        return registration
    seating.move(session, registration, S.CONFIRMED, by=by, now=now)
    outbox.record(
        session, SeatTaken(registration_id=registration.id, version=registration.version), now=now
    )
    return registration


def refuse(
    session: Session, *, registration_id: UUID, reason: str, by: Actor, now: datetime
) -> Registration:
    """The secretariat says no; the reason goes to the person as it was written."""
    registration = held_with_seats(session, registration_id)
    if registration.state not in (*TO_DECIDE, S.WAITING):
        raise _nothing_to_decide(registration)
    held_seat = registration.state in HOLDING
    seating.move(session, registration, S.REFUSED, by=by, now=now, reason=reason)
    outbox.record(session, RegistrationRefused(registration_id=registration.id), now=now)
    if held_seat:
        seating.offer_freed(
            session, event_id=registration.event_id, mode=registration.mode, now=now
        )
    return registration


def _nothing_to_decide(registration: Registration) -> MoveRefused:
    return MoveRefused(
        _("This registration does not wait for a decision."),
        allowed=REGISTRATION.allowed(registration.state),
    )
