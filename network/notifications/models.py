"""The delivery ledger: one row a mail, ids only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Identified, Model, by_value
from network.notifications.states import DeliveryState

QUEUES = ("codes", "mail", "vault")


class Delivery(Identified, Model):
    """A mail to be sent, or how it ended. Holds no address, no name and no words of the mail.

    `key` says which effect this is, so that the same fact handled twice makes one mail.
    `handed_at` is when its id was last given to the broker. `failure` is a kind of failure
    (`smtp-4`, `unreachable`), never a server's text, which may hold an address.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_due", "due_at", postgresql_where=text("state IN ('queued', 'retrying')")
        ),
        Index("ix_delivery_recipient", "recipient_kind", "recipient_id"),
        Index("ix_delivery_state_queue", "state", "queue"),
        CheckConstraint("queue IN ('codes', 'mail', 'vault')", name="queue"),
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    message: Mapped[str] = mapped_column(String(80))
    queue: Mapped[str] = mapped_column(String(10))
    recipient_kind: Mapped[str] = mapped_column(String(40))
    recipient_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None] = mapped_column(default=None)
    locale: Mapped[str] = mapped_column(String(8))
    fact_id: Mapped[UUID | None] = mapped_column(default=None)
    state: Mapped[DeliveryState] = mapped_column(
        by_value(DeliveryState), default=DeliveryState.QUEUED
    )
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    handed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(String(40), default=None)
