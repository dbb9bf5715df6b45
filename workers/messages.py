"""Tasks that carry mails."""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.db import db
from core.house import house
from core.mail.senders import SmtpSender
from network.notifications import service
from workers import broker
from workers.task import task

_senders: dict[str, SmtpSender] = {}


def sender() -> SmtpSender:
    """This process's connection to the mail server."""
    known = house()
    if known.smtp_url not in _senders:
        _senders[known.smtp_url] = SmtpSender(known.smtp_url, known.mail_from)
    return _senders[known.smtp_url]


@task(broker.DELIVER)
def deliver_message(delivery_id: str) -> str | None:
    """Send one mail, if it is still due."""
    return service.deliver(
        db.session(), delivery_id=UUID(delivery_id), sender=sender(), house=house(), now=clock.now()
    )


@task("messages.replay", alone=True)
def replay() -> int:
    """Hand over again whatever is due and nobody seems to have picked up."""
    return service.hand_over_due(db.session(), busy=broker.busy_queues(), now=clock.now())
