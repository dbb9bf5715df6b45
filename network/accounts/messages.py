"""Mails about accounts. Neutral in their subject, since colleagues read shared mailboxes too."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from sqlalchemy.orm import Session

from core import codes
from core.house import House
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from network.accounts.models import Mailbox
from network.accounts.queries import is_read


@builder("sign_in_code")
def sign_in_code(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """The code that was asked for; its plain form is erased with the sending."""
    mailbox = session.get(Mailbox, order.recipient_id)
    if mailbox is None:
        return None
    code = codes.open_sealed(session, order.subject_id, key=house.mail_key, now=now)
    if code is None:
        return None
    message = compose(
        "sign_in_code",
        to=mailbox.address,
        language=order.locale,
        code=code.digits,
        hours=codes.HOURS_VALID,
    )
    return dataclasses.replace(message, after_sending=code.erase)


@builder("factor_set_up")
def factor_set_up(session: Session, order: Order, _house: House, now: datetime) -> Message | None:
    """Word to each mailbox of a person that a new authenticator is in use; no name in it."""
    mailbox = session.get(Mailbox, order.recipient_id)
    if mailbox is None or not is_read(session, mailbox.id, now):
        return None
    return compose("factor_set_up", to=mailbox.address, language=order.locale, now=now)
