"""Changing a registration that is there already: editing, passing on, hiding, ending, erasing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from core import audit, outbox, seal
from core.context import SYSTEM, Actor
from core.errors import Conflict, Invalid, Refused
from core.files import CheckedFile
from core.house import House
from core.languages import _
from events.programme.models import Event, Mode, Policy
from events.registrations import erasing, letters, rules, sealing, seating
from events.registrations.entries import Entry, address_key, receipt_key
from events.registrations.facts import (
    LinkAsked,
    OfferPassed,
    RegistrationChanged,
    SeatPassedOn,
)
from events.registrations.models import (
    Category,
    Details,
    Farewell,
    Listing,
    Need,
    Registration,
)
from events.registrations.service import held, keep_details
from events.registrations.states import HOLDING, REGISTRATION, RegistrationState

S = RegistrationState
BATCH = 100


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What a person changed. `name` and `organisation` None: left as they are (sealed ones too)."""

    version: int
    mode: Mode
    language: str
    listing: Listing
    wants_summary: bool
    name: str | None = field(default=None, repr=False)
    organisation: str | None = field(default=None, repr=False)
    category: Category | None = None
    needs: tuple[Need, ...] | None = None
    needs_note: str | None = field(default=None, repr=False)


def edit(
    session: Session,
    *,
    registration_id: UUID,
    change: Edit,
    by: Actor,
    now: datetime,
) -> Registration:
    """Apply a person's own changes. Raises Conflict if another tab was quicker."""
    before = session.get_one(Registration, registration_id)
    is_moving = change.mode is not before.mode and before.state is not S.UNCONFIRMED
    if is_moving:
        for mode in sorted((before.mode, change.mode)):
            seating.lock(session, event_id=before.event_id, mode=mode)
    registration = held(session, registration_id)
    event = session.get_one(Event, registration.event_id)
    rules.check_can_change(registration, event, now)
    if registration.version != change.version:
        raise Conflict(
            _("This registration was changed in another tab or by someone else. Check it below.")
        )
    if change.category is not None and change.category is not registration.category:
        _check_open_to_change(registration, event, "category")
        registration.category = change.category
    if is_moving:
        seating.switch(session, registration, change.mode, now=now)
    registration.language = change.language
    registration.listing = Listing.UNLISTED if registration.discreet else change.listing
    registration.wants_summary = change.wants_summary
    registration.version += 1
    if not registration.discreet:
        _edit_details(session, registration, event, change)
    audit.write(
        session,
        "registration.edited",
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
        details={"mode": registration.mode.value, "listing": registration.listing.value},
    )
    if is_moving and registration.state in HOLDING:
        registration.calendar_sequence += 1
        outbox.record(
            session,
            RegistrationChanged(registration_id=registration.id, version=registration.version),
            now=now,
        )
    return registration


def _edit_details(session: Session, registration: Registration, event: Event, change: Edit) -> None:
    details = session.scalars(
        select(Details).where(Details.registration_id == registration.id)
    ).one()
    if change.organisation is not None and change.organisation != details.organisation:
        _check_open_to_change(registration, event, "organisation")
        details.organisation = change.organisation
    if change.name is not None:
        details.name = change.name
    if change.needs is not None:
        details.needs = [need.value for need in change.needs]
    if change.needs_note is not None:
        details.needs_note = change.needs_note


def _check_open_to_change(registration: Registration, event: Event, name: str) -> None:
    """What the secretariat approved stays as approved; a substitute is checked anew."""
    if event.policy is Policy.MODERATED and registration.state in HOLDING:
        raise Invalid(
            {name: _("This was approved by the secretariat. Write to it if it has to change.")}
        )


def pass_on(
    session: Session,
    *,
    registration_id: UUID,
    name: str,
    organisation: str | None,
    address: str,
    house: House,
    by: Actor,
    now: datetime,
) -> Registration:
    """Give the seat to another person: same seat, their own link, their own choices.

    Older links end. A moderated event checks the substitute while the seat is held. Both are
    told; the former address lies sealed until then.
    """
    registration = held(session, registration_id)
    event = session.get_one(Event, registration.event_id)
    if not rules.can_pass_on(registration, event, now):
        raise Refused(_("Only a confirmed seat can be passed on."), code="not-confirmed")
    farewell = _farewell(session, registration, house=house, now=now)
    former = session.scalar(select(Details).where(Details.registration_id == registration.id))
    entry = Entry(
        name=name,
        organisation=organisation or (former.organisation if former else ""),
        address=address,
        category=registration.category,
        mode=registration.mode,
        language=registration.language,
        listing=Listing.UNLISTED,
        discreet=registration.discreet,
    )
    session.execute(delete(Details).where(Details.registration_id == registration.id))
    erasing.erase_traces(session, registration.id)
    letters.erase(session, registration.id, house=house)
    registration.generation += 1
    registration.receipt = None
    registration.listing = Listing.UNLISTED
    registration.calendar_sequence += 1
    registration.version += 1
    keep_details(session, registration, entry, house=house)
    audit.write(
        session,
        "registration.passed-on",
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
    )
    if event.policy is Policy.MODERATED:
        seating.move(session, registration, S.RECHECKED, by=by, now=now)
    outbox.record(
        session,
        SeatPassedOn(
            registration_id=registration.id,
            ticket_id=farewell.id,
            version=registration.version,
        ),
        now=now,
    )
    return registration


def _farewell(
    session: Session, registration: Registration, *, house: House, now: datetime
) -> Farewell:
    """Keep the former address sealed to the worker that will write to it, and to nobody else.

    For a discreet registration it is the sealed contact itself that is kept: it cannot be read
    here, only carried.
    """
    if registration.discreet:
        key_id, body = sealing.carry_contact(session, registration.id)
    else:
        details = session.scalars(
            select(Details).where(Details.registration_id == registration.id)
        ).one()
        closed = seal.seal(house.mail_public_key, {"address": details.address})
        key_id, body = closed.key_id, closed.body
    farewell = Farewell(
        registration_id=registration.id, sealed_key=key_id, sealed=body, made_at=now
    )
    session.add(farewell)
    return farewell


def send_letter(
    session: Session,
    *,
    registration_id: UUID,
    letter: CheckedFile,
    house: House,
    by: Actor,
    now: datetime,
) -> Registration:
    """Put a letter beside a registration, in place of an earlier one."""
    registration = held(session, registration_id, with_event=True)
    rules.check_takes_letter(registration, registration.event, now)
    letters.erase(session, registration.id, house=house)
    letter_id = letters.keep(session, registration, letter, house=house, now=now)
    if registration.details is not None:
        registration.details.letter_id = letter_id
    registration.version += 1
    audit.write(
        session,
        "registration.letter",
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
    )
    return registration


def become_discreet(
    session: Session, *, registration_id: UUID, house: House, by: Actor, now: datetime
) -> Registration:
    """Seal an open registration after the fact, and scrub what stood in the open.

    The neutral number is drawn when the registration is made, so it needs no new one. What left
    the house before (mails, printed lists) cannot be recalled; the page says so.
    """
    registration = held(session, registration_id)
    if registration.discreet or REGISTRATION.is_final(registration.state):
        return registration
    details = session.scalars(
        select(Details).where(Details.registration_id == registration.id)
    ).one()
    entry = Entry(
        name=details.name,
        organisation=details.organisation,
        address=details.address,
        category=registration.category,
        mode=registration.mode,
        language=registration.language,
        listing=Listing.UNLISTED,
        discreet=True,
        needs=(),
        needs_note=details.needs_note,
    )
    letters.seal_all(session, registration.id, house=house, now=now)
    sealed_needs = tuple(details.needs)
    registration.discreet = True
    registration.listing = Listing.UNLISTED
    registration.fingerprint = None
    registration.version += 1
    registration.generation += 1
    session.execute(delete(Details).where(Details.registration_id == registration.id))
    erasing.erase_traces(session, registration.id)
    keep_details(session, registration, entry, house=house, already_counted=sealed_needs)
    audit.write(
        session,
        "registration.sealed",
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
    )
    outbox.record(session, LinkAsked(registration_id=registration.id, asked_id=uuid4()), now=now)
    return registration


def ask_link(session: Session, *, event: Event, address: str, house: House, now: datetime) -> None:
    """Send the links of every registration with this address; the same work if there is none."""
    keys = [address_key(house, event.id, address, discreet=kind) for kind in (False, True)]
    asked_id = uuid4()
    found: Sequence[UUID | None] = session.scalars(
        select(Registration.id).where(
            Registration.look_up.in_(keys), Registration.state != S.LAPSED
        )
    ).all()
    for registration_id in found or [None]:
        outbox.record(
            session, LinkAsked(registration_id=registration_id, asked_id=asked_id), now=now
        )


def by_receipt(session: Session, *, typed: str, house: House) -> UUID | None:
    """The registration a receipt belongs to."""
    wanted = receipt_key(house, typed)
    return session.scalar(select(Registration.id).where(Registration.receipt == wanted))


def end_due(session: Session, *, house: House, now: datetime) -> int:
    """End what ran out: unconfirmed registrations lapse, offers pass on to the next in line."""
    lapsed = session.scalars(_due(S.UNCONFIRMED, now)).all()
    for registration in lapsed:
        seating.move(session, registration, S.LAPSED, by=SYSTEM, now=now)
        erasing.erase(session, registration=registration, house=house, by=SYSTEM, now=now)
    ended = session.execute(
        select(Registration.event_id, Registration.mode)
        .where(Registration.state == S.OFFERED, Registration.due_at <= now)
        .distinct()
        .order_by(Registration.event_id, Registration.mode)
    ).all()
    return len(lapsed) + sum(
        _pass_offers(session, event_id=row.event_id, mode=row.mode, now=now) for row in ended
    )


def _due(state: RegistrationState, now: datetime) -> Select[Registration]:
    return (
        select(Registration)
        .where(Registration.state == state, Registration.due_at <= now)
        .order_by(Registration.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _pass_offers(session: Session, *, event_id: UUID, mode: Mode, now: datetime) -> int:
    """End the offers of one mode that ran out, and offer the seats to the next in line."""
    seating.lock(session, event_id=event_id, mode=mode)
    due = session.scalars(
        _due(S.OFFERED, now).where(Registration.event_id == event_id, Registration.mode == mode)
    ).all()
    for registration in due:
        seating.move(session, registration, S.PASSED, by=SYSTEM, now=now)
        outbox.record(
            session,
            OfferPassed(registration_id=registration.id, version=registration.version),
            now=now,
        )
    if due:
        seating.offer_freed(session, event_id=event_id, mode=mode, now=now)
    return len(due)


def clear(session: Session, *, registration_id: UUID, by: Actor, now: datetime) -> Registration:
    """Mark a registration as cleared by the secretariat, whoever cleared it and why."""
    registration = held(session, registration_id)
    registration.cleared_at = now
    audit.write(
        session,
        "registration.cleared",
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
    )
    return registration
