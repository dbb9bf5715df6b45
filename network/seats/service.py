"""Opening seats, naming who holds them, and handing over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import audit, outbox
from core.context import Actor
from core.errors import Conflict
from core.languages import _
from network.seats import queries, rules
from network.seats.facts import SeatFilledAgain, SeatHandedOver, SeatLeftEmpty
from network.seats.models import Assignment, BodyKind, Holder, Role, Seat, Vacancy


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
    session.scalar(select(Seat.id).where(Seat.id == seat.id).with_for_update())
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
    """Give a seat from one person to the next at `at`. What hangs on the seat stays where it is.

    Raises Conflict if somebody is named to follow already, or the holding ends before that.
    """
    session.refresh(holder, ["until"], with_for_update=True)
    if holder.person_id == to_person_id:
        raise Conflict(_("This person holds the seat already."))
    if holder.until is not None and holder.until <= at:
        raise Conflict(_("This holding ends before that moment."))
    end(session, holder=holder, at=at, by=by, now=now)
    successor = appoint(
        session,
        seat=holder.seat,
        person_id=to_person_id,
        since=at,
        by=by,
        now=now,
        document_id=document_id,
    )
    outbox.record(
        session,
        SeatHandedOver(seat_id=holder.seat_id, holder_id=holder.id, successor_id=successor.id),
        now=now,
    )
    return successor


def call_off(session: Session, *, successor: Holder, by: Actor, now: datetime) -> None:
    """Take back a naming whose moment has not come; who holds the seat keeps it."""
    if successor.since <= now:
        raise Conflict(_("This has happened already. Hand the seat over again instead."))
    before = session.scalar(
        select(Holder).where(Holder.seat_id == successor.seat_id, Holder.until == successor.since)
    )
    successor.until = successor.since
    session.flush()
    if before is not None:
        before.until = None
    session.flush()
    _note(session, "seat.called_off", successor, by, now)


def notice_empty(
    session: Session, *, members: Collection[UUID], roles: Sequence[Role], now: datetime
) -> int:
    """Note every member State without a holder of one of these roles, and whichever has one again.

    Each vacancy is noted once however often this runs; answers how many changed.
    """
    filled = queries.states_with(session, *roles, now=now)
    known = {
        (row.state_id, row.role): row
        for row in session.scalars(
            select(Vacancy).where(Vacancy.filled_at.is_(None)).with_for_update()
        )
    }
    empty = {(state_id, role) for state_id in members for role in roles} - filled
    over = [row for key, row in known.items() if key not in empty]
    for row in over:
        row.filled_at = now
        _record(session, SeatFilledAgain, row, now)
    fresh = sorted(empty - known.keys())
    for state_id, role in fresh:
        row = Vacancy(state_id=state_id, role=role, noticed_at=now)
        session.add(row)
        session.flush()
        _record(session, SeatLeftEmpty, row, now)
    return len(fresh) + len(over)


def _record(
    session: Session,
    kind: type[SeatLeftEmpty | SeatFilledAgain],
    row: Vacancy,
    now: datetime,
) -> None:
    fact = kind(vacancy_id=row.id, state_id=row.state_id, role=row.role.value)
    outbox.record(session, fact, now=now)


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
