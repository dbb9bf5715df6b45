"""What may be read of the delivery ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.metrics import Gauge, measured
from network.notifications.models import Delivery
from network.notifications.states import WAITING, DeliveryState


def of_recipient(session: Session, kind: str, recipient_id: UUID) -> Sequence[Delivery]:
    """Every mail to one recipient, newest first."""
    return session.scalars(
        select(Delivery)
        .where(Delivery.recipient_kind == kind, Delivery.recipient_id == recipient_id)
        .order_by(Delivery.queued_at.desc(), Delivery.id)
    ).all()


def unsent(session: Session, *, now: datetime) -> tuple[int, float]:
    """How many mails are due and not gone, and how late the latest of them is in seconds."""
    row = session.execute(
        select(func.count(), func.min(Delivery.due_at)).where(
            Delivery.state.in_(WAITING), Delivery.due_at <= now
        )
    ).one()
    oldest: datetime | None = row[1]
    return row[0], (now - oldest).total_seconds() if oldest is not None else 0.0


def listed(
    session: Session, *, state: DeliveryState | None, after: UUID | None, most: int
) -> Sequence[Delivery]:
    """Mails by their random ids, never by arrival, from `after` on."""
    wanted = select(Delivery)
    if state is not None:
        wanted = wanted.where(Delivery.state == state)
    if after is not None:
        wanted = wanted.where(Delivery.id > after)
    return session.scalars(wanted.order_by(Delivery.id).limit(most)).all()


def counts(session: Session) -> dict[DeliveryState, int]:
    """How many mails stand where."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {row[0]: row[1] for row in rows}


@measured
def delivery_gauges(session: Session, now: datetime) -> Iterable[Gauge]:
    """How mails stand, and how late the latest is."""
    rows = session.execute(
        select(Delivery.queue, Delivery.state, func.count()).group_by(
            Delivery.queue, Delivery.state
        )
    )
    yield Gauge(
        name="relais_deliveries",
        help="Mails by queue and state.",
        labels=("queue", "state"),
        values={(queue, DeliveryState(state).value): count for queue, state, count in rows},
    )
    _count, oldest = unsent(session, now=now)
    yield Gauge(
        name="relais_deliveries_oldest_seconds",
        help="How late the latest due mail is.",
        values={(): oldest},
    )
