"""A worker that could not acknowledge a message connects anew.

Celery only logs such a failure. The message then keeps its place among those at work, and when
every place is taken the worker never asks the broker again, thus never notices that it was gone.
"""

from __future__ import annotations

import threading
from typing import Any

from celery import bootsteps
from celery.worker.request import Request

LOOK_SECONDS = 1.0

unacknowledged = threading.Event()


class Acknowledging(Request):
    """What the worker's main process knows of a task; notices an acknowledgement that was lost."""

    def acknowledge(self) -> None:
        """Acknowledge, and say so if the broker did not hear it."""
        super().acknowledge()
        if not self.message.acknowledged:
            unacknowledged.set()


class Watch(bootsteps.StartStopStep):
    """Ends the consumer's connection after a lost acknowledgement; Celery then makes a new one."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **kwargs: Any) -> None:
        super().__init__(consumer, **kwargs)
        self._entry: Any = None

    def start(self, consumer: Any) -> None:
        """Look every second, from the consumer's own loop, which passes connection errors on."""
        unacknowledged.clear()
        self._entry = consumer.timer.call_repeatedly(LOOK_SECONDS, look)

    def stop(self, _consumer: Any) -> None:
        """Look no more; the next connection starts its own."""
        if self._entry is not None:
            self._entry.cancel()
            self._entry = None


def look() -> None:
    """Raise as a lost connection does, once after each loss."""
    if unacknowledged.is_set():
        unacknowledged.clear()
        raise ConnectionResetError("The broker did not hear an acknowledgement.")
