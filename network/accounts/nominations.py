"""Naming who holds a seat of a State: proposed with a letter, settled by whoever may name.

An authorising officer of the State names its focal points, deputies and fellow officers; the
secretariat may too; a focal point or a deputy may propose. Settling is the act: it hands the seat
over, or fills it, and cannot be undone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import audit, files, outbox
from core.context import Actor
from core.errors import Conflict, Invalid, NotAllowed
from core.house import House
from core.languages import _
from network.accounts import factors, queries, service
from network.accounts.access import DEMANDING
from network.accounts.models import Mailbox, Person, Reader
from network.seats import rules
from network.seats import service as seats
from network.seats.facts import SeatNamed, SeatProposed
from network.seats.models import BodyKind, Holder, Nomination, Role, Seat
from network.seats.queries import (
    belongs_to,
    follower_of,
    holder_of,
    holding_of,
    is_open,
    predecessor_of,
    state_of,
)

OWNER = "nomination"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who is to hold which seat: an open seat, or a new one for `role` and `title`.

    `person_id` is somebody known behind the seat's mailboxes; otherwise `name` and `address`
    tell who and where. `since` None means as soon as it is settled.
    """

    state_id: UUID
    role: Role
    seat_id: UUID | None = None
    title: str = ""
    person_id: UUID | None = None
    name: str = ""
    address: str = field(default="", repr=False)
    language: str = "en"
    since: datetime | None = None
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Who holds the seat now or soon, and the code to set up their own factor. Shown once."""

    holder: Holder
    person: Person
    enrolment_code: str = field(default="", repr=False)


def propose(
    session: Session,
    *,
    wish: Wish,
    letter: files.CheckedFile,
    house: House,
    by: Actor,
    now: datetime,
) -> Nomination:
    """Keep who is to hold a seat, with the letter. Nothing changes until somebody settles it."""
    acting = _acting(session, by, now)
    if not rules.may_propose(acting, state_of(session, acting), wish.state_id):
        raise NotAllowed(_("You may not name to the seats of this State."))
    rules.check_moment(wish.since, now)
    if wish.role not in rules.OF_STATES:
        raise Invalid({"role": _("There is no such seat at a State.")})
    _check_seat(session, wish, now)
    nomination = Nomination(
        state_id=wish.state_id,
        role=wish.role,
        seat_id=wish.seat_id,
        title={wish.language: wish.title} if wish.title and wish.seat_id is None else {},
        person_id=wish.person_id,
        name="" if wish.person_id else wish.name,
        language=wish.language,
        mailbox_id=_mailbox(session, wish, house, now),
        since=wish.since,
        zone=wish.zone,
        proposed_at=now,
        proposed_by=_person(by),
        proposed_seat_id=acting.id,
    )
    stored = files.keep(
        session,
        files.Disk(house.files),
        body=letter.body,
        name=letter.name,
        mime=letter.mime,
        owner_kind=OWNER,
        owner_id=nomination.id,
        now=now,
    )
    nomination.document_id = stored.id
    session.add(nomination)
    session.flush()
    _note(session, "seat.proposed", nomination, by, now)
    if not rules.may_name(acting, state_of(session, acting), wish.state_id):
        outbox.record(
            session, SeatProposed(nomination_id=nomination.id, state_id=wish.state_id), now=now
        )
    return nomination


def settle(
    session: Session, *, nomination: Nomination, house: House, by: Actor, now: datetime
) -> Settled:
    """Name for the State. Whoever holds the seat leaves it at the stated moment, to the second.

    A person without an own factor gets an enrolment code if the seat asks for one.
    """
    acting = _acting(session, by, now)
    rules.check_names(by, acting, state_of(session, acting), nomination.state_id)
    session.refresh(nomination, with_for_update=True)
    _check_waits(nomination)
    moment = nomination.since or now
    if moment < now:
        raise Conflict(
            _("The moment that was proposed has passed. Drop this proposal and make a new one.")
        )
    person = _successor(session, nomination, by, now)
    seat = _seat(session, nomination, by, now)
    holder = _hold(session, seat, person, moment, nomination.document_id, by, now)
    nomination.settled_at, nomination.settled_by = now, _person(by)
    nomination.holder_id, nomination.person_id = holder.id, person.id
    nomination.seat_id, nomination.name = seat.id, ""
    session.flush()
    _note(session, "seat.settled", nomination, by, now)
    needs_code = seat.role in DEMANDING and not queries.has_own_factor(session, person.id)
    code = (
        factors.enrolment_code(
            session, person_id=person.id, secret=house.secret_key, by=by, now=now
        )
        if needs_code
        else ""
    )
    return Settled(holder=holder, person=person, enrolment_code=code)


def drop(session: Session, *, nomination: Nomination, by: Actor, now: datetime) -> None:
    """Take a proposal back, or turn it down. Who proposed it may, and whoever may name."""
    acting = _acting(session, by, now)
    is_own = by.person_id == nomination.proposed_by
    if not is_own:
        rules.check_names(by, acting, state_of(session, acting), nomination.state_id)
    _check_waits(nomination)
    nomination.dropped_at, nomination.name = now, ""
    session.flush()
    _note(session, "seat.proposal_dropped", nomination, by, now)


def call_off(session: Session, *, successor: Holder, by: Actor, now: datetime) -> None:
    """Take back a hand-over whose moment has not come: who holds the seat keeps it."""
    acting = _acting(session, by, now)
    state_id = state_of(session, successor.seat)
    if state_id is None:
        raise NotAllowed(_("You may not name to the seats of this State."))
    rules.check_names(by, acting, state_of(session, acting), state_id)
    before = predecessor_of(session, successor)
    moment = successor.since
    seats.call_off(session, successor=successor, by=by, now=now)
    if before is not None:
        for reader in session.scalars(
            select(Reader).where(Reader.person_id == before.person_id, Reader.until == moment)
        ):
            reader.until = None
    session.flush()


def forget(session: Session, store: files.Store, *, before: datetime) -> int:
    """Erase proposals of before that moment that came to nothing, with their letters."""
    gone = session.scalars(
        select(Nomination).where(Nomination.settled_at.is_(None), Nomination.proposed_at < before)
    ).all()
    for one in gone:
        stored = session.get(files.StoredFile, one.document_id) if one.document_id else None
        if stored is not None:
            files.erase(session, store, stored)
        session.delete(one)
    return len(gone)


def end_reading(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Whoever holds no seat after `at` no longer works behind a mailbox: visits end with it."""
    keeps = session.scalar(
        select(Holder.id)
        .where(Holder.person_id == person_id, or_(Holder.until.is_(None), Holder.until > at))
        .limit(1)
    )
    if keeps is not None:
        return
    for reader in session.scalars(
        select(Reader).where(Reader.person_id == person_id, Reader.until.is_(None))
    ):
        reader.until = max(at, reader.since)
    session.flush()


def _hold(
    session: Session,
    seat: Seat,
    person: Person,
    moment: datetime,
    document_id: UUID | None,
    by: Actor,
    now: datetime,
) -> Holder:
    present = holder_of(session, seat.id, now)
    if present is None:
        holder = seats.appoint(
            session,
            seat=seat,
            person_id=person.id,
            since=moment,
            by=by,
            now=now,
            document_id=document_id,
        )
        outbox.record(session, SeatNamed(holder_id=holder.id, seat_id=seat.id), now=now)
        return holder
    holder = seats.hand_over(
        session,
        holder=present,
        to_person_id=person.id,
        at=moment,
        by=by,
        now=now,
        document_id=document_id,
    )
    end_reading(session, person_id=present.person_id, at=moment)
    return holder


def _successor(session: Session, nomination: Nomination, by: Actor, now: datetime) -> Person:
    """Who was proposed, able to work behind the mailbox from now on."""
    mailbox = session.get_one(Mailbox, nomination.mailbox_id)
    if nomination.person_id is None:
        return service.add_person(
            session,
            mailbox=mailbox,
            name=nomination.name,
            by=by,
            now=now,
            language=nomination.language,
            zone=nomination.zone,
        )
    person = session.get_one(Person, nomination.person_id)
    reading = session.scalar(
        select(Reader).where(
            Reader.mailbox_id == mailbox.id, Reader.person_id == person.id, queries.reads(now)
        )
    )
    if reading is None:
        service.add_reader(session, mailbox=mailbox, person=person, by=by, now=now)
    else:
        reading.until = None
    return person


def _seat(session: Session, nomination: Nomination, by: Actor, now: datetime) -> Seat:
    if nomination.seat_id is not None:
        return session.get_one(Seat, nomination.seat_id)
    return seats.open_seat(
        session,
        body_kind=BodyKind.STATE,
        body_id=nomination.state_id,
        role=nomination.role,
        title=nomination.title,
        by=by,
        now=now,
    )


def _check_seat(session: Session, wish: Wish, now: datetime) -> None:
    if wish.seat_id is None:
        return
    seat = session.scalar(
        select(Seat).where(Seat.id == wish.seat_id, belongs_to(wish.state_id), is_open(now))
    )
    if seat is None or seat.role is not wish.role:
        raise Invalid({"seat": _("This seat is not one of the State’s.")})
    if follower_of(session, seat.id, now) is not None:
        raise Conflict(_("Somebody is named to follow in this seat already. Call that off first."))
    holder = holder_of(session, seat.id, now)
    if holder is not None and holder.person_id == wish.person_id:
        raise Invalid({"person": _("This person holds the seat already.")})


def _mailbox(session: Session, wish: Wish, house: House, now: datetime) -> UUID:
    if wish.person_id is None:
        found = service.mailbox_for(session, address=wish.address, index_key=house.index_key)
        return found.id
    read = queries.mailboxes_of(session, wish.person_id, now)
    if not read or wish.person_id not in queries.people_of_state(session, wish.state_id, now):
        raise Invalid({"person": _("Choose one of the people offered, or give a name.")})
    return read[0]


def _check_waits(nomination: Nomination) -> None:
    if nomination.settled_at is not None:
        raise Conflict(_("This was settled already."))
    if nomination.dropped_at is not None:
        raise Conflict(_("This proposal was dropped."))


def _acting(session: Session, by: Actor, now: datetime) -> Seat:
    """The seat in which a person acts, held at this moment."""
    holding = holding_of(session, by, now)
    if holding is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    return holding.seat


def _person(by: Actor) -> UUID:
    if by.person_id is None:
        raise NotAllowed(_("Only a person may do this."))
    return by.person_id


def _note(session: Session, word: str, nomination: Nomination, by: Actor, now: datetime) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="nomination",
        subject_id=nomination.id,
        details={"state": str(nomination.state_id), "role": nomination.role.value},
    )
