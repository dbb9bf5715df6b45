"""What follows from facts about registrations: mails, each under a key of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.house import house
from core.outbox import Fact
from events.programme.facts import DatePublished, SummaryPublished
from events.registrations import changes, erasing
from events.registrations import queries as registrations
from events.registrations.facts import (
    InterestNoted,
    LinkAsked,
    OfferPassed,
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationReceived,
    RegistrationRefused,
    RegistrationStarted,
    SeatOffered,
    SeatPassedOn,
    SeatTaken,
    WaitingStarted,
)
from events.registrations.messages import is_sealed_away
from events.registrations.models import Farewell, Registration
from network.notifications.service import queue_message
from workers.telling import Holder, Teller

Handler = Callable[[Session, Any, datetime], None]

NEEDS_KEPT = timedelta(days=30)
PERSONS_KEPT = timedelta(days=365)


def _holder(session: Session, registration_id: UUID) -> Holder | None:
    """Who has the registration; a discreet one is written to by the vault alone."""
    registration = session.get(Registration, registration_id)
    if registration is None or registration.look_up is None:
        return None
    return Holder(
        kind="registration",
        id=registration.id,
        language=registration.language,
        is_sealed=registration.discreet,
    )


_tell = Teller(_holder)


def mail_code(session: Session, fact: RegistrationStarted, now: datetime) -> None:
    """The code goes to the address that was typed."""
    _tell(
        session,
        fact.registration_id,
        "registration_code",
        now=now,
        once=fact.code_id,
        subject_id=fact.code_id,
        queue="codes",
    )


def mail_interest(session: Session, fact: InterestNoted, now: datetime) -> None:
    """Noted; no seat, no calendar entry."""
    _tell(session, fact.registration_id, "registration_interest", now=now)


def mail_received(session: Session, fact: RegistrationReceived, now: datetime) -> None:
    """Received; the secretariat decides."""
    _tell(session, fact.registration_id, "registration_received", now=now)


def mail_seat(session: Session, fact: SeatTaken, now: datetime) -> None:
    """The confirmation with its invitation."""
    _tell(session, fact.registration_id, "registration_confirmed", now=now, once=fact.version)


def mail_waiting(session: Session, fact: WaitingStarted, now: datetime) -> None:
    """No seat was free."""
    _tell(session, fact.registration_id, "registration_waiting", now=now, once=fact.version)


def mail_offer(session: Session, fact: SeatOffered, now: datetime) -> None:
    """A seat is held, until when, and how to take it."""
    _tell(session, fact.registration_id, "seat_offered", now=now, once=fact.version)


def mail_passed(session: Session, fact: OfferPassed, now: datetime) -> None:
    """The offer ended."""
    _tell(session, fact.registration_id, "offer_passed", now=now, once=fact.version)


def mail_refused(session: Session, fact: RegistrationRefused, now: datetime) -> None:
    """The secretariat's no, with its reason."""
    _tell(session, fact.registration_id, "registration_refused", now=now)


def mail_cancelled(session: Session, fact: RegistrationCancelled, now: datetime) -> None:
    """Withdrawn; a calendar entry is taken back where there was one."""
    name = "seat_given_up" if fact.held_seat else "registration_cancelled"
    _tell(session, fact.registration_id, name, now=now)


def mail_changed(session: Session, fact: RegistrationChanged, now: datetime) -> None:
    """The same invitation, updated."""
    _tell(session, fact.registration_id, "registration_changed", now=now, once=fact.version)


def mail_both(session: Session, fact: SeatPassedOn, now: datetime) -> None:
    """Who gave the seat and who got it are both told."""
    _tell(session, fact.registration_id, "seat_received", now=now, once=fact.version)
    registration = session.get_one(Registration, fact.registration_id)
    farewell = session.get(Farewell, fact.ticket_id)
    if farewell is None:
        return
    queue_message(
        session,
        key=f"seat_passed_on:{fact.ticket_id}",
        message="seat_passed_on",
        recipient_kind="farewell",
        recipient_id=fact.ticket_id,
        subject_id=fact.ticket_id,
        queue="vault" if is_sealed_away(farewell, house()) else "mail",
        locale=registration.language,
        now=now,
    )


def mail_link(session: Session, fact: LinkAsked, now: datetime) -> None:
    """The link again, if the address has one."""
    if fact.registration_id is not None:
        _tell(
            session,
            fact.registration_id,
            "link_again",
            now=now,
            once=fact.asked_id,
            queue="codes",
        )


def mail_date(session: Session, fact: DatePublished, now: datetime) -> None:
    """Everybody who was interested hears the date, as they were promised."""
    for registration_id in registrations.interested(session, fact.event_id):
        _tell(session, registration_id, "date_published", now=now)


def mail_summary(session: Session, fact: SummaryPublished, now: datetime) -> None:
    """Everybody who took part, wants it and reads this language."""
    for registration in registrations.recipients_of_summary(session, fact.event_id, fact.language):
        _tell(session, registration.id, "meeting_summary", now=now, once=fact.version)


def forget_participants(session: Session, now: datetime) -> int:
    """Retention: needs thirty days after the meeting, persons twelve months after it."""
    return erasing.forget(
        session,
        before=now - PERSONS_KEPT,
        needs_before=now - NEEDS_KEPT,
        now=now,
        house=house(),
    )


def end_due_registrations(session: Session, now: datetime) -> int:
    """Unconfirmed registrations lapse; offers pass to the next in line."""
    return changes.end_due(session, house=house(), now=now)


REGISTRATION_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    RegistrationStarted: (mail_code,),
    InterestNoted: (mail_interest,),
    RegistrationReceived: (mail_received,),
    SeatTaken: (mail_seat,),
    WaitingStarted: (mail_waiting,),
    SeatOffered: (mail_offer,),
    OfferPassed: (mail_passed,),
    RegistrationRefused: (mail_refused,),
    RegistrationCancelled: (mail_cancelled,),
    RegistrationChanged: (mail_changed,),
    SeatPassedOn: (mail_both,),
    LinkAsked: (mail_link,),
    DatePublished: (mail_date,),
    SummaryPublished: (mail_summary,),
}
