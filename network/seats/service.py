"""Opening seats, naming who holds them, and handing over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import audit
from core.context import Actor
from core.errors import Conflict
from core.languages import _
from network.seats import rules
from network.seats.models import Assignment, BodyKind, Holder, Role, Seat


def open_seat(
    session: Session,
    *,
    body_kind: BodyKind,
    body_id: UUID | None,
    role: Role,
    by: Actor,
    now: datetime,
    title: Mapping[str, str] | None = None,
) -> Seat:
    """Open a seat at a body; it has no holder yet."""
    rules.check_role_fits(role, body_kind)
    seat = Seat(
        body_kind=body_kind, body_id=body_id, role=role, title=dict(title or {}), opened_at=now
    )
    session.add(seat)
    session.flush()
    audit.write(
        session,
        "seat.opened",
        by=by,
        now=now,
        subject_kind="seat",
        subject_id=seat.id,
        details={"role": role.value, "body": body_kind.value},
    )
    return seat


def appoint(
    session: Session,
    *,
    seat: Seat,
    person_id: UUID,
    by: Actor,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    document_id: UUID | None = None,
) -> Holder:
    """Name a person to a seat. A protection officer holds it only once a second person confirms.

    Raises Conflict if somebody holds the seat then.
    """
    start = since or now
    taken = session.scalar(
        select(Holder.id).where(
            Holder.seat_id == seat.id, or_(Holder.until.is_(None), Holder.until > start)
        )
    )
    if taken is not None:
        raise Conflict(_("Somebody holds this seat already. Hand it over instead."))
    holder = Holder(
        seat=seat,
        person_id=person_id,
        since=start,
        until=until,
        named_by=by.person_id,
        needs_confirmation=seat.role in rules.TWO_PEOPLE_NAME,
        document_id=document_id,
    )
    session.add(holder)
    session.flush()
    _note(session, "seat.named", holder, by, now)
    return holder


def confirm(session: Session, *, holder: Holder, by: Actor, now: datetime) -> None:
    """Be the second person to a nomination. Confirming again changes nothing."""
    rules.check_confirms(holder, by.person_id)
    if holder.confirmed_at is not None:
        return
    holder.confirmed_by = by.person_id
    holder.confirmed_at = now
    _note(session, "seat.confirmed", holder, by, now)


def end(session: Session, *, holder: Holder, at: datetime, by: Actor, now: datetime) -> None:
    """End a holding at `at`: its rights end with it, its history stays."""
    holder.until = max(at, holder.since)
    session.flush()
    _note(session, "seat.ended", holder, by, now)


def hand_over(
    session: Session,
    *,
    holder: Holder,
    to_person_id: UUID,
    at: datetime,
    by: Actor,
    now: datetime,
    document_id: UUID | None = None,
) -> Holder:
    """Give a seat from one person to the next at `at`. What hangs on the seat stays where it is."""
    end(session, holder=holder, at=at, by=by, now=now)
    return appoint(
        session,
        seat=holder.seat,
        person_id=to_person_id,
        since=at,
        by=by,
        now=now,
        document_id=document_id,
    )


def assign(  # noqa: PLR0913 -- keyword arguments, all named at the call
    session: Session,
    *,
    seat: Seat,
    role: Role,
    scope_kind: str,
    scope_id: UUID,
    by: Actor,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Assignment:
    """Give a seat a task within a scope, for a time."""
    task = Assignment(
        seat_id=seat.id,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        since=since or now,
        until=until,
    )
    session.add(task)
    session.flush()
    audit.write(
        session,
        "seat.assigned",
        by=by,
        now=now,
        subject_kind="assignment",
        subject_id=task.id,
        details={"role": role.value, "scope": scope_kind, "scope_id": str(scope_id)},
    )
    return task


def _note(session: Session, word: str, holder: Holder, by: Actor, now: datetime) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="holder",
        subject_id=holder.id,
        details={"seat": str(holder.seat_id), "person": str(holder.person_id)},
    )
