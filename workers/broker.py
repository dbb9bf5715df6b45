"""Giving ids to the broker, and asking it how much waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from amqp.exceptions import ChannelError
from celery import current_app
from structlog import get_logger

from network.notifications.models import QUEUES

log = get_logger()

DELIVER = "messages.deliver"
BUSY_MESSAGES = 100


def publish(fresh: Iterable[tuple[UUID, str]]) -> None:
    """Hand over ids of deliveries. If the broker does not answer, the replay finds them."""
    for delivery_id, queue in fresh:
        try:
            current_app.send_task(DELIVER, (str(delivery_id),), queue=queue, retry=False)
        except Exception:  # noqa: BLE001 -- each transport fails in its own way, all mean the same
            log.warning("broker_unreachable", queue=queue)
            return


def busy_queues() -> frozenset[str]:
    """Queues in which so much waits that what nobody has picked up is only late, not lost."""
    with current_app.connection_or_acquire() as connection:
        return frozenset(
            name for name in QUEUES if waiting_in(connection.default_channel, name) > BUSY_MESSAGES
        )


def waiting_in(channel: Any, queue: str) -> int:
    """How many messages wait in `queue`. On the Redis protocol an empty queue does not exist."""
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:
        return 0
