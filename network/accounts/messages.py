"""Mails about accounts. Neutral in their subject, since colleagues read shared mailboxes too."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from sqlalchemy.orm import Session

from core.codes import CODE_VALID, Code
from core.house import House
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from core.seal import Sealed, unseal
from network.accounts.models import Mailbox
from network.accounts.queries import is_read

HOURS = int(CODE_VALID.total_seconds() // 3600)


@builder("sign_in_code")
def sign_in_code(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """The code that was asked for; its plain form is erased with the sending."""
    code = session.get(Code, order.subject_id)
    mailbox = session.get(Mailbox, order.recipient_id)
    if code is None or mailbox is None or code.sealed is None or code.sealed_key is None:
        return None
    if code.used is not None or code.expires <= now:
        return None
    opened = unseal(house.mail_key, Sealed(code.sealed_key, code.sealed))

    def erase() -> None:
        code.sealed = None

    message = compose(
        "sign_in_code",
        to=mailbox.address,
        language=order.locale,
        code=opened["code"],
        hours=HOURS,
    )
    return dataclasses.replace(message, after_sending=erase)


@builder("factor_set_up")
def factor_set_up(session: Session, order: Order, _house: House, now: datetime) -> Message | None:
    """Word to each mailbox of a person that a new authenticator is in use; no name in it."""
    mailbox = session.get(Mailbox, order.recipient_id)
    if mailbox is None or not is_read(session, mailbox.id, now):
        return None
    return compose("factor_set_up", to=mailbox.address, language=order.locale, now=now)
