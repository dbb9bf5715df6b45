"""What people do with their registrations. The only writer of these tables, with `seating`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, case, false, or_, select, text
from sqlalchemy.orm import Session, joinedload

from core import audit, codes, outbox
from core.context import Actor, link
from core.errors import NotVisible, Refused
from core.files import CheckedFile
from core.house import House
from core.languages import _
from events.programme.models import Event, Policy
from events.registrations import letters, rules, sealing, seating
from events.registrations.entries import Entry, address_key, fingerprint_of, receipt_key
from events.registrations.facts import (
    InterestNoted,
    RegistrationCancelled,
    RegistrationReceived,
    RegistrationStarted,
    SeatTaken,
)
from events.registrations.models import (
    NUMBERS,
    Details,
    EventNeed,
    Listing,
    Need,
    Registration,
)
from events.registrations.states import HOLDING, REGISTRATION, RegistrationState

S = RegistrationState
CODE_PURPOSE = "registration"
LINK_PURPOSE = "registration"
CONFIRM_PURPOSE = "registration-confirm"
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 16
SAME_FORM = timedelta(minutes=2)
MORE_NUMBERS = 100 * NUMBERS
DRAWS = 4
OURS_ALONE = text(
    "SELECT ARRAY(SELECT number FROM unnest(CAST(:drawn AS integer[])) AS number"
    " WHERE pg_try_advisory_xact_lock(hashtext(:event), number))"
    " FROM (SELECT pg_advisory_xact_lock(:key)) AS locked"
)


@dataclass(frozen=True, kw_only=True)
class Started:
    """A registration that waits for its code, or for its receipt to be typed back."""

    registration: Registration
    code_id: UUID | None
    receipt: str | None = field(default=None, repr=False)


def register(
    session: Session,
    *,
    event: Event,
    entry: Entry,
    house: House,
    now: datetime,
    letter: CheckedFile | None = None,
) -> Started:
    """Start a registration. No seat is held; it lapses after 24 hours without its code.

    The same form sent twice within minutes gives the same registration (open ones only: for
    discreet ones nothing is kept by which two forms could be compared).
    """
    rules.check_can_register(event, now)
    rules.check_has_mode(event, entry.mode)
    fingerprint = (
        None
        if entry.discreet or entry.address is None
        else fingerprint_of(house, event, entry, letter)
    )
    twin, number = _twin_and_number(session, event, fingerprint, now)
    if twin is not None:
        sent = session.scalar(select(codes.Code.id).where(codes.Code.subject_id == twin))
        return Started(registration=session.get_one(Registration, twin), code_id=sent)
    registration = Registration(
        event_id=event.id,
        category=entry.category,
        mode=entry.mode,
        language=entry.language,
        listing=Listing.UNLISTED if entry.discreet else entry.listing,
        discreet=entry.discreet,
        wants_summary=entry.wants_summary,
        number=number,
        fingerprint=fingerprint,
        look_up=None
        if entry.address is None
        else address_key(house, event.id, entry.address, discreet=entry.discreet),
        form_version=event.form_version,
        made_at=now,
        state_since=now,
        due_at=REGISTRATION.due_at(S.UNCONFIRMED, now),
    )
    session.add(registration)
    session.flush()
    if letter is not None:
        letter_id = letters.keep(session, registration, letter, house=house, now=now)
        entry = replace(entry, letter_id=letter_id)
    keep_details(session, registration, entry, house=house)
    audit.write(
        session,
        REGISTRATION.steps[S.UNCONFIRMED].audit,
        by=link(registration.id),
        now=now,
        subject_kind="registration",
        subject_id=registration.id,
    )
    if entry.address is None:
        receipt = "".join(secrets.choice(RECEIPT_ALPHABET) for _each in range(RECEIPT_LENGTH))
        registration.receipt = receipt_key(house, receipt)
        return Started(registration=registration, code_id=None, receipt=receipt)
    code = codes.issue(
        session,
        purpose=CODE_PURPOSE,
        subject_id=registration.id,
        secret=house.secret_key,
        public_key=house.vault_public_key if entry.discreet else house.mail_public_key,
        now=now,
    )
    outbox.record(
        session,
        RegistrationStarted(registration_id=registration.id, code_id=code.id),
        now=now,
    )
    return Started(registration=registration, code_id=code.id)


def _twin_and_number(
    session: Session, event: Event, fingerprint: bytes | None, now: datetime
) -> tuple[UUID | None, int]:
    """The same form sent a moment ago, if there is one, and a neutral number nobody here has.

    One lock makes two simultaneous forms meet; others keep two people from drawing one number at
    the same moment. Numbers are drawn at random, so that they tell no order: four digits as long
    as the event is small, more when those become scarce.
    """
    drawn = [secrets.randbelow(NUMBERS) for _each in range(DRAWS)]
    drawn += [secrets.randbelow(MORE_NUMBERS) for _each in range(DRAWS)]
    key = fingerprint or secrets.token_bytes(8)
    drawn = session.execute(
        OURS_ALONE,
        {
            "key": int.from_bytes(key[:8], "big", signed=True),
            "event": event.id.hex,
            "drawn": drawn,
        },
    ).scalar_one()
    # Without a fingerprint nobody is anybody's twin: "== None" would match everyone who has none.
    is_same = false() if fingerprint is None else Registration.fingerprint == fingerprint
    rows = session.execute(
        select(
            Registration.number,
            case(
                (
                    and_(
                        is_same,
                        Registration.state == S.UNCONFIRMED,
                        codes.has_tries_left(Registration.id),
                        Registration.made_at > now - SAME_FORM,
                    ),
                    Registration.id,
                )
            ),
        ).where(
            Registration.event_id == event.id,
            or_(Registration.number.in_(drawn), is_same),
        )
    ).all()
    used = {row[0] for row in rows}
    twin = next((row[1] for row in rows if row[1] is not None), None)
    return twin, next(number for number in drawn if number not in used)


def keep_details(
    session: Session,
    registration: Registration,
    entry: Entry,
    *,
    house: House,
    already_counted: tuple[str, ...] = (),
) -> None:
    """Write who it is: sealed for discreet registrations, in the open row for others.

    `already_counted` are needs that stand in the service order since the registration was open.
    """
    look_up = (
        None
        if entry.address is None
        else address_key(house, registration.event_id, entry.address, discreet=entry.discreet)
    )
    if registration.look_up != look_up:
        registration.look_up = look_up
    if entry.discreet:
        # What is sealed cannot be read at confirmation, so the order counts these needs now: it may
        # hold a few of registrations that lapsed, never one too few.
        for need in entry.needs:
            session.add(
                EventNeed(event_id=registration.event_id, mode=registration.mode, need=need)
            )
        sealing.seal_details(
            session,
            registration,
            address=entry.address,
            name=entry.name,
            organisation=entry.organisation,
            needs=(*already_counted, *(need.value for need in entry.needs)),
            needs_note=entry.needs_note,
            house=house,
        )
        return
    session.add(
        Details(
            registration_id=registration.id,
            name=entry.name,
            organisation=entry.organisation,
            address=entry.address,
            needs=[need.value for need in entry.needs],
            needs_note=entry.needs_note,
            letter_id=entry.letter_id,
        )
    )


def held(session: Session, registration_id: UUID, *, with_event: bool = False) -> Registration:
    """The registration, locked and fresh, with its event and details if wished. Raises NotVisible."""
    wanted = select(Registration).where(Registration.id == registration_id)
    if with_event:
        wanted = wanted.options(
            joinedload(Registration.event, innerjoin=True), joinedload(Registration.details)
        )
    row = session.scalar(
        wanted.with_for_update(of=Registration).execution_options(populate_existing=True)
    )
    if row is None:
        raise NotVisible(_("There is no registration here."))
    return row


def held_with_seats(session: Session, registration_id: UUID) -> Registration:
    """The same for a move that may take or free a seat.

    Seats are locked before the registration, as in every other place that locks both, so that two
    such moves wait for each other and never in a circle.
    """
    row = session.execute(
        select(Registration.event_id, Registration.mode, Registration.state).where(
            Registration.id == registration_id
        )
    ).first()
    if row is not None and row.state in (*HOLDING, S.PENDING, S.PASSED):
        seating.lock(session, event_id=row.event_id, mode=row.mode)
    return held(session, registration_id)


def confirm(session: Session, *, registration_id: UUID, now: datetime) -> Registration:
    """The code was right: take a seat, wait, go to triage, or note the interest.

    Confirming what is confirmed changes nothing, so two tabs and a double click do no harm.
    """
    registration = held(session, registration_id, with_event=True)
    if registration.state is not S.UNCONFIRMED:
        return registration
    if registration.due_at is not None and registration.due_at <= now:
        raise Refused(
            _("This registration was not confirmed within 24 hours. Please register again."),
            code="lapsed",
        )
    event = registration.event
    rules.check_can_confirm(registration, event, now)
    by = link(registration.id)
    _count_needs(session, registration)
    if event.policy is Policy.AUTOMATIC:
        seating.take_or_wait(session, registration, by=by, now=now)
    elif event.policy is Policy.MODERATED:
        seating.move(session, registration, S.PENDING, by=by, now=now)
        outbox.record(session, RegistrationReceived(registration_id=registration.id), now=now)
    else:
        seating.move(session, registration, S.INTERESTED, by=by, now=now)
        outbox.record(session, InterestNoted(registration_id=registration.id), now=now)
    return registration


def _count_needs(session: Session, registration: Registration) -> None:
    """Enter the needs of an open registration into the service order, tied to nobody."""
    if registration.details is None:
        return
    for need in registration.details.needs:
        session.add(
            EventNeed(event_id=registration.event_id, mode=registration.mode, need=Need(need))
        )


def cancel(session: Session, *, registration_id: UUID, by: Actor, now: datetime) -> Registration:
    """Withdraw. A held seat is offered to the next waiting person in the same transaction."""
    registration = held_with_seats(session, registration_id)
    if not rules.can_cancel(registration):
        raise Refused(_("This registration has ended already."), code="ended")
    held_seat = registration.state in HOLDING
    seating.move(session, registration, S.CANCELLED, by=by, now=now)
    registration.calendar_sequence += 1
    outbox.record(
        session,
        RegistrationCancelled(registration_id=registration.id, held_seat=held_seat),
        now=now,
    )
    if held_seat:
        seating.offer_freed(
            session, event_id=registration.event_id, mode=registration.mode, now=now
        )
    return registration


def accept(session: Session, *, registration_id: UUID, by: Actor, now: datetime) -> Registration:
    """Take an offered seat, if the offer still stands."""
    registration = held(session, registration_id)
    if registration.state is S.CONFIRMED:
        return registration
    if registration.state is not S.OFFERED or (registration.due_at and registration.due_at <= now):
        raise Refused(_("This offer has ended."), code="offer-ended")
    seating.move(session, registration, S.CONFIRMED, by=by, now=now)
    outbox.record(
        session, SeatTaken(registration_id=registration.id, version=registration.version), now=now
    )
    return registration


def rejoin(session: Session, *, registration_id: UUID, by: Actor, now: datetime) -> Registration:
    """Stand at the end of the waiting list again after an offer that passed."""
    registration = held_with_seats(session, registration_id)
    event = session.get_one(Event, registration.event_id)
    rules.check_can_change(registration, event, now)
    seating.move(session, registration, S.WAITING, by=by, now=now)
    seating.offer_freed(session, event_id=event.id, mode=registration.mode, now=now)
    return registration
