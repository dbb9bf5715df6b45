"""Mails to a State about its consents. They name the kind of act and the seat, never the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.house import House
from core.languages import force_locale
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from network.accounts.models import Mailbox
from network.accounts.queries import is_read
from network.consents.models import Consent, ConsentConflict, ConsentKind, Withdrawal
from network.consents.subjects import kind_name
from network.seats.models import Seat
from network.seats.queries import seat_name


def _mailbox(session: Session, order: Order, now: datetime) -> Mailbox | None:
    mailbox = session.get(Mailbox, order.recipient_id)
    return mailbox if mailbox is not None and is_read(session, mailbox.id, now) else None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a mail says: which kind of act, when, in which seat, until when, and where to look."""

    kind: ConsentKind
    at: datetime
    seat_id: UUID | None = None
    until: datetime | None = None
    path: str = "/consents"


def _compose(
    session: Session, order: Order, house: House, now: datetime, said: Said
) -> Message | None:
    mailbox = _mailbox(session, order, now)
    if mailbox is None:
        return None
    seat = session.get(Seat, said.seat_id) if said.seat_id else None
    with force_locale(order.locale):
        what, who = kind_name(said.kind), seat_name(session, seat) if seat else ""
    return compose(
        order.message,
        to=mailbox.address,
        language=order.locale,
        what=what,
        who=who,
        at=said.at,
        until=said.until,
        page=f"{house.public_url}{said.path}",
    )


@builder("consent_given")
def consent_given(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """A seat gave its State's consent."""
    row = session.get(Consent, order.subject_id)
    if row is None:
        return None
    said = Said(kind=row.kind, at=row.given_at, seat_id=row.seat_id, path=f"/consents/{row.id}")
    return _compose(session, order, house, now, said)


@builder("consent_withdrawn")
def consent_withdrawn(
    session: Session, order: Order, house: House, now: datetime
) -> Message | None:
    """A seat withdrew for its State."""
    row = session.get(Withdrawal, order.subject_id)
    if row is None:
        return None
    said = Said(kind=row.kind, at=row.at, seat_id=row.seat_id)
    return _compose(session, order, house, now, said)


@builder("consent_on_paper")
def consent_on_paper(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """The secretariat entered a paper; there are ten days to contest it."""
    row = session.get(Consent, order.subject_id)
    if row is None or row.second_at is None or row.contested_at is not None:
        return None
    said = Said(
        kind=row.kind, at=row.second_at, until=row.contestable_until, path=f"/consents/{row.id}"
    )
    return _compose(session, order, house, now, said)


@builder("consent_contested")
def consent_contested(
    session: Session, order: Order, house: House, now: datetime
) -> Message | None:
    """A State says that a paper is not its word."""
    row = session.get(Consent, order.subject_id)
    if row is None or row.contested_at is None:
        return None
    said = Said(kind=row.kind, at=row.contested_at, path=f"/consents/{row.id}")
    return _compose(session, order, house, now, said)


@builder("consent_conflict")
def consent_conflict(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """Two seats of a State said opposite things."""
    row = session.get(ConsentConflict, order.subject_id)
    consent = session.get(Consent, row.consent_id) if row else None
    if row is None or consent is None:
        return None
    said = Said(kind=consent.kind, at=row.at, path=f"/consents/{consent.id}")
    return _compose(session, order, house, now, said)
