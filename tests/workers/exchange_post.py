"""What the post brings to whom: facts through the real dispatcher, mails over real SMTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.mail.senders import SmtpSender
from core.outbox import OutboxEntry
from network.accounts.models import Person, Reader
from network.notifications import service
from network.notifications.models import Delivery
from network.notifications.states import DeliveryState
from tests.walls.application import Clock
from tests.walls.exchanges import Table
from tests.walls.mailbox import Mailbox
from workers.dispatcher import Dispatcher


@dataclass
class Post:
    """Takes every fact to its handlers and every mail to its mailbox."""

    app: Flask
    session: Session
    table: Table
    clock: Clock
    server: Mailbox
    sender: SmtpSender
    seen: set[UUID] = field(default_factory=set)

    def come_to(self, now: datetime) -> None:
        """Let it be that time for everybody."""
        if now > clock.now():
            self.clock.forward(seconds=(now - clock.now()).total_seconds() + 1)

    def handle(self) -> None:
        """Take all facts to their handlers."""
        self.session.flush()
        self.come_to(self.table.now)
        dispatcher = Dispatcher(self.app, lambda _fresh: None)
        while dispatcher.handle_next():
            pass
        self.session.expire_all()
        failed = self.session.scalars(
            select(OutboxEntry.failure).where(OutboxEntry.failure.is_not(None))
        ).all()
        assert failed == []

    def again(self) -> None:
        """As if every fact had been handled and nobody had noticed."""
        for entry in self.session.scalars(select(OutboxEntry)):
            entry.done_at = None
        self.session.flush()
        self.handle()

    def deliver(self) -> list[EmailMessage]:
        """Send what is due; answers what has arrived since the last time."""
        self.server.clear()
        waiting = select(Delivery.id).where(
            Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.RETRYING])
        )
        with self.app.app_context():
            for delivery_id in self.session.scalars(waiting.order_by(Delivery.queued_at)).all():
                service.deliver(
                    self.session,
                    delivery_id=delivery_id,
                    sender=self.sender,
                    house=self.app.extensions["relais"],
                    now=clock.now(),
                )
        self.session.expire_all()
        return list(self.server.messages)

    def brings(self) -> list[tuple[str, str]]:
        """Handle and send everything: who got which mail of a case, sorted."""
        self.handle()
        self.deliver()
        return self.told()

    def told(self) -> list[tuple[str, str]]:
        """Who was sent which mail of a case since this was last asked."""
        rows = self.session.execute(
            select(Reader.mailbox_id, Person.name).join(Person, Person.id == Reader.person_id)
        )
        names = {row.mailbox_id: row.name for row in rows}
        found = []
        for row in self.session.scalars(select(Delivery).order_by(Delivery.queued_at)):
            if row.id in self.seen or row.state is not DeliveryState.SENT:
                continue
            self.seen.add(row.id)
            if not row.message.startswith("consent_"):
                found.append((names.get(row.recipient_id, "?"), row.message))
        return sorted(found)


def whole(mail: EmailMessage) -> str:
    """Subject and every part of a mail as it is read, the calendar's too."""
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(mail["Subject"]), *(str(part.get_content()) for part in parts)])
