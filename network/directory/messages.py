"""Mails about contacts: to the seats that consent, and to those that write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from network.accounts.models import Mailbox
from network.accounts.queries import is_read
from network.mechanisms.forms import CONTACT_KINDS
from network.mechanisms.models import Contact


@builder("contact_waiting")
def contact_waiting(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """Authorising officers: a contact waits for their State's consent. Not once it is decided."""
    contact = session.get(Contact, order.subject_id)
    if contact is None or contact.is_hidden or contact.shown_at is not None:
        return None
    return _compose(
        session, order, contact, f"{house.public_url}/contacts/{contact.id}/consent", now
    )


@builder("contact_refused")
def contact_refused(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """Whoever writes contacts: an officer said no to one."""
    contact = session.get(Contact, order.subject_id)
    if contact is None:
        return None
    return _compose(session, order, contact, f"{house.public_url}/contacts", now)


def _compose(
    session: Session, order: Order, contact: Contact, page: str, now: datetime
) -> Message | None:
    mailbox = session.get(Mailbox, order.recipient_id)
    if mailbox is None or not is_read(session, mailbox.id, now):
        return None
    return compose(
        order.message,
        to=mailbox.address,
        language=order.locale,
        kind=CONTACT_KINDS[contact.kind],
        page=page,
    )
