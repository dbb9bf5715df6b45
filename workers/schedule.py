"""What the beat does, how often, and why that often.

Every message expires before its successors pile up, so that a worker that comes back finds one
round of work and not an hour of it.
"""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab, schedule

from workers.clock_table import CLOCKS
from workers.queues import Queue

TICK_SECONDS = 2
SEAL_SECONDS = 5
REPLAY_SECONDS = 3
HEARTBEAT_SECONDS = 10
HOUSEKEEPING_MINUTE = 7


def every(seconds: float, task: str, *args: str, queue: Queue = Queue.DEFAULT) -> dict[str, Any]:
    """One line of the table: `task` with `args` each so many seconds."""
    return {
        "task": task,
        "schedule": schedule(seconds),
        "args": args,
        "options": {"queue": queue.value, "expires": seconds * 3},
    }


def lines() -> dict[str, dict[str, Any]]:
    """The whole schedule."""
    table = {
        # The audit trail promises that an entry is linked within five seconds.
        "seal the audit trail": every(SEAL_SECONDS, "housekeeping.seal_audit"),
        # A mail whose hand-over was lost waits no longer than a person looks at the screen.
        "hand over due mails": every(REPLAY_SECONDS, "messages.replay"),
        # Readiness calls a process silent after a minute: six chances.
        "worker lives": every(HEARTBEAT_SECONDS, "housekeeping.heartbeat", "worker"),
        "vault worker lives": every(
            HEARTBEAT_SECONDS, "housekeeping.heartbeat", "vault", queue=Queue.VAULT
        ),
        # Retention is promised in days; an hour late is early.
        "keep house": {
            "task": "housekeeping.sweep",
            "schedule": crontab(minute=HOUSEKEEPING_MINUTE),
            "options": {"queue": Queue.DEFAULT.value, "expires": 3000},
        },
    }
    for clock in CLOCKS:
        table[f"clock {clock.name}"] = every(clock.every_seconds, "clocks.run", clock.name)
    return table
