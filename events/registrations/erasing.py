"""Taking people out: one by one, in parts, and all of them once they have been kept long enough."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from core import audit
from core.context import SYSTEM, Actor
from core.house import House
from events.programme.models import Event
from events.registrations import letters, sealing
from events.registrations.models import Details, Farewell, Listing, Registration
from events.registrations.service import cancel, held_with_seats
from events.registrations.states import REGISTRATION

BATCH = 100


def erase_traces(session: Session, registration_id: UUID) -> None:
    """Take personal before and after values out of the audit trail's side rows."""
    entries = select(audit.AuditEntry.id).where(
        audit.AuditEntry.subject_kind == "registration",
        audit.AuditEntry.subject_id == registration_id,
    )
    session.execute(delete(audit.AuditPersonal).where(audit.AuditPersonal.entry_id.in_(entries)))


def erase(
    session: Session, *, registration: Registration, house: House, by: Actor, now: datetime
) -> None:
    """Take the person out and keep the bare fact of a registration, for the figures."""
    session.execute(delete(Details).where(Details.registration_id == registration.id))
    session.execute(delete(Farewell).where(Farewell.registration_id == registration.id))
    sealing.forget(session, registration.id)
    letters.erase(session, registration.id, house=house)
    erase_traces(session, registration.id)
    registration.look_up = None
    registration.receipt = None
    registration.fingerprint = None
    registration.reason = None
    registration.generation += 1
    registration.listing = Listing.UNLISTED
    registration.erased_at = now
    audit.write(
        session,
        "registration.erased",
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
    )


def withdraw(
    session: Session, *, registration_id: UUID, house: House, by: Actor, now: datetime
) -> None:
    """Take a person out at their own wish: the seat goes on, and nothing more is sent to them."""
    registration = held_with_seats(session, registration_id)
    if not REGISTRATION.is_final(registration.state):
        registration = cancel(session, registration_id=registration_id, by=by, now=now)
    erase(session, registration=registration, house=house, by=by, now=now)


def forget(
    session: Session, *, before: datetime, needs_before: datetime, house: House, now: datetime
) -> int:
    """Retention: needs of meetings that ended before `needs_before`, persons of those before `before`."""
    ended = select(Event.id).where(Event.ends_on < needs_before.date())
    session.execute(
        update(Details)
        .where(
            Details.registration_id.in_(
                select(Registration.id).where(Registration.event_id.in_(ended))
            ),
            or_(Details.needs_note != "", Details.needs != []),
        )
        .values(needs=[], needs_note="")
    )
    old = session.scalars(
        select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .where(Event.ends_on < before.date(), Registration.erased_at.is_(None))
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Registration)
    ).all()
    for registration in old:
        erase(session, registration=registration, house=house, by=SYSTEM, now=now)
    return len(old)
