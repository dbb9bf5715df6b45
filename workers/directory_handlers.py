"""What follows from facts about contacts, and from consents to them that came some other way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.context import SYSTEM
from core.outbox import Fact
from core.web import pages
from network.consents.facts import (
    ConsentContested,
    ConsentEnteredOnPaper,
    ConsentGiven,
    ConsentWithdrawn,
)
from network.consents.models import Consent, Withdrawal
from network.directory import service
from network.directory.facts import ContactRefused, ContactWaits
from network.mechanisms.models import Contact
from network.seats.models import Role
from network.seats.queries import seats_of_state
from workers.telling import tell

Handler = Callable[[Session, Any, datetime], None]


def ask_officers(session: Session, fact: ContactWaits, now: datetime) -> None:
    """Every authorising seat of the State hears that a contact waits."""
    _tell(session, fact, "contact_waiting", now, Role.AUTHORISING)


def tell_writers(session: Session, fact: ContactRefused, now: datetime) -> None:
    """Whoever writes contacts hears that an officer said no."""
    _tell(session, fact, "contact_refused", now, Role.FOCAL_POINT, Role.DEPUTY)


def follow_consent(
    session: Session, fact: ConsentGiven | ConsentEnteredOnPaper | ConsentContested, now: datetime
) -> None:
    """A contact is shown, or drops out of the public pages, as a consent from elsewhere says."""
    consent = session.get(Consent, fact.consent_id)
    if consent is not None and _is_contact(session, consent.subject_id):
        service.show_if_consented(session, contact_id=consent.subject_id, by=SYSTEM, now=now)
        pages.drop(session)


def follow_withdrawal(session: Session, fact: ConsentWithdrawn, now: datetime) -> None:
    """What is shown hides itself in every query, and kept pages forget it; what waited is dropped."""
    if not _is_contact(session, fact.subject_id):
        return
    withdrawal = session.get_one(Withdrawal, fact.withdrawal_id)
    if withdrawal.lifted_at is None:
        service.drop_refused(session, contact_id=fact.subject_id, by=SYSTEM, now=now)
    pages.drop(session)


def _is_contact(session: Session, subject_id: UUID) -> bool:
    return session.get(Contact, subject_id) is not None


def _tell(
    session: Session,
    fact: ContactWaits | ContactRefused,
    message: str,
    now: datetime,
    *roles: Role,
) -> None:
    """Tell the State's seats of these roles; of mechanisms' seats only the contact's own."""
    contact = session.get_one(Contact, fact.contact_id)
    bodies = {contact.state_id, contact.mechanism_id}
    seats = seats_of_state(session, contact.state_id, *roles, now=now)
    told = [seat.id for seat, _holder in seats if seat.body_id in bodies]
    tell(session, told, message, subject_id=contact.id, once="", now=now)


DIRECTORY_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    ContactWaits: (ask_officers,),
    ContactRefused: (tell_writers,),
    ConsentGiven: (follow_consent,),
    ConsentEnteredOnPaper: (follow_consent,),
    ConsentContested: (follow_consent,),
    ConsentWithdrawn: (follow_withdrawal,),
}
