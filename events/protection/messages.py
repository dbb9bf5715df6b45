"""Mail to protection officers. It says that something was opened, never what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from events.protection.models import Opening
from network.accounts.models import Mailbox
from network.accounts.queries import is_read


@builder("vault_opened")
def vault_opened(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """Word to the other officers, the same day, that a record was opened."""
    mailbox = session.get(Mailbox, order.recipient_id)
    opening = session.get(Opening, order.subject_id)
    if mailbox is None or opening is None or not is_read(session, mailbox.id, now):
        return None
    return compose(
        "vault_opened",
        to=mailbox.address,
        language=order.locale,
        at=opening.at,
        desk=house.protection_url,
    )
