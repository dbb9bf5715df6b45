"""Seats, counted under a lock: taking one, waiting for one, and passing a freed one on.

The lock is the row of the event's mode, taken late and always before the count, so two people
never get one seat and nobody waits while a seat is free.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, outbox
from core.context import SYSTEM, Actor
from core.errors import Refused
from core.languages import _
from core.web import pages
from events.programme.models import Event, Mode, Seats
from events.registrations.facts import SeatOffered, SeatTaken, WaitingStarted
from events.registrations.models import Registration
from events.registrations.rules import shown_availability
from events.registrations.states import HOLDING, REGISTRATION, RegistrationState

S = RegistrationState


def move(
    session: Session,
    registration: Registration,
    new: RegistrationState,
    *,
    by: Actor,
    now: datetime,
    due_at: datetime | None = None,
    reason: str | None = None,
) -> None:
    """The one way a registration changes its state: checked, timed, in the audit trail."""
    REGISTRATION.check(registration.state, new)
    old = registration.state
    registration.state = new
    registration.state_since = now
    registration.due_at = due_at if due_at is not None else REGISTRATION.due_at(new, now)
    registration.waiting_since = now if new is S.WAITING else None
    registration.fingerprint = None
    registration.version += 1
    registration.reason = reason
    audit.write(
        session,
        REGISTRATION.steps[new].audit,
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
        details={"from": old.value, "to": new.value},
    )


def lock(session: Session, *, event_id: UUID, mode: Mode) -> Seats:
    """The locked row of one mode's seats; refused if the event has no such mode."""
    row = session.scalar(
        select(Seats)
        .where(Seats.event_id == event_id, Seats.mode == mode)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise Refused(_("One cannot take part in this way."), code="no-such-mode")
    return row


def taken(session: Session, *, event_id: UUID, mode: Mode) -> int:
    """How many seats are held: confirmed, offered, or with a substitute being checked."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Registration)
            .where(
                Registration.event_id == event_id,
                Registration.mode == mode,
                Registration.state.in_(HOLDING),
            )
        )
        or 0
    )


def is_awaited(session: Session, *, event_id: UUID, mode: Mode) -> bool:
    """Whether somebody waits already; who comes now stands behind them."""
    return (
        session.scalar(
            select(Registration.id)
            .where(
                Registration.event_id == event_id,
                Registration.mode == mode,
                Registration.state == S.WAITING,
            )
            .limit(1)
        )
        is not None
    )


def take_or_wait(
    session: Session, registration: Registration, *, by: Actor, now: datetime
) -> RegistrationState:
    """Give a seat if there is one, else a place on the waiting list.

    Where as many may come as want to, nothing is counted and nothing is locked.
    """
    session.flush()
    event_id, mode = registration.event_id, registration.mode
    if is_unlimited(session, event_id=event_id, mode=mode):
        _seat(session, registration, by=by, now=now)
        return registration.state
    seats = lock(session, event_id=event_id, mode=mode)
    held = taken(session, event_id=event_id, mode=mode)
    if _is_free(session, seats, held):
        _seat(session, registration, by=by, now=now)
        held += 1
    else:
        move(session, registration, S.WAITING, by=by, now=now)
        outbox.record(
            session,
            WaitingStarted(registration_id=registration.id, version=registration.version),
            now=now,
        )
    show(session, seats, held)
    return registration.state


def _is_free(session: Session, seats: Seats, held: int) -> bool:
    if seats.capacity is None:
        return True
    return held < seats.capacity and not is_awaited(
        session, event_id=seats.event_id, mode=seats.mode
    )


def _seat(session: Session, registration: Registration, *, by: Actor, now: datetime) -> None:
    move(session, registration, S.CONFIRMED, by=by, now=now)
    outbox.record(
        session, SeatTaken(registration_id=registration.id, version=registration.version), now=now
    )


def is_unlimited(session: Session, *, event_id: UUID, mode: Mode) -> bool:
    """Whether as many as want to may take part in this mode."""
    row = session.execute(
        select(Seats.capacity).where(Seats.event_id == event_id, Seats.mode == mode)
    ).first()
    if row is None:
        raise Refused(_("One cannot take part in this way."), code="no-such-mode")
    return row.capacity is None


def switch(session: Session, registration: Registration, mode: Mode, *, now: datetime) -> None:
    """Change the mode: a held seat moves if one is free in the other, and is freed at once.

    The caller has locked the seats of both modes, then the registration. Someone who waits
    stands in the other mode's line, or gets its free seat.
    """
    old = registration.mode
    seats = lock(session, event_id=registration.event_id, mode=mode)
    held = taken(session, event_id=registration.event_id, mode=mode)
    is_free = _is_free(session, seats, held)
    if registration.state in HOLDING and not is_free:
        raise Refused(
            _("There is no free seat in the other mode. You keep the seat you have."), code="full"
        )
    registration.mode = mode
    if registration.state is S.WAITING:
        registration.waiting_since = now
        if is_free:
            move(session, registration, S.OFFERED, by=SYSTEM, now=now, due_at=now)
            _seat(session, registration, by=SYSTEM, now=now)
    session.flush()
    show(session, seats, taken(session, event_id=registration.event_id, mode=mode))
    if registration.state in HOLDING:
        offer_freed(session, event_id=registration.event_id, mode=old, now=now)


def offer_freed(session: Session, *, event_id: UUID, mode: Mode, now: datetime) -> int:
    """Offer every free seat to those who wait longest; returns how many were offered."""
    session.flush()
    seats = lock(session, event_id=event_id, mode=mode)
    held = taken(session, event_id=event_id, mode=mode)
    event = session.get_one(Event, event_id)
    is_over = event.starts_at is not None and now >= event.starts_at
    offered = 0
    if not is_over:
        free = None if seats.capacity is None else max(seats.capacity - held, 0)
        for registration in session.scalars(
            select(Registration)
            .where(
                Registration.event_id == event_id,
                Registration.mode == mode,
                Registration.state == S.WAITING,
            )
            .order_by(Registration.waiting_since, Registration.id)
            .limit(free)
            .with_for_update()
        ):
            _offer(session, registration, event, now=now)
            offered += 1
    show(session, seats, held + offered)
    return offered


def _offer(session: Session, registration: Registration, event: Event, *, now: datetime) -> None:
    ends = now + timedelta(hours=event.offer_hours)
    if event.starts_at is not None:
        ends = min(ends, event.starts_at)
    move(session, registration, S.OFFERED, by=SYSTEM, now=now, due_at=ends)
    outbox.record(
        session,
        SeatOffered(registration_id=registration.id, version=registration.version),
        now=now,
    )


def show(session: Session, seats: Seats, held: int) -> None:
    """Keep the word the public reads up to date; pages are dropped only when the word changes."""
    word = shown_availability(seats.capacity, held)
    if seats.shown != word:
        seats.shown = word
        pages.drop(session)
