"""Where a delivery stands."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from core.workflow import Step, Workflow


class DeliveryState(StrEnum):
    """One mail to one recipient, from the wish to its end."""

    QUEUED = "queued"
    RETRYING = "retrying"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


S = DeliveryState

WAITING = (S.QUEUED, S.RETRYING)
ENDS = frozenset({S.SENT, S.RETRYING, S.FAILED, S.REFUSED, S.SUPPRESSED, S.CANCELLED})

DELIVERY = Workflow(
    "Delivery",
    S.QUEUED,
    {
        S.QUEUED: Step(owner="platform", audit="delivery.queued", to=ENDS, due=timedelta(hours=48)),
        S.RETRYING: Step(
            owner="platform", audit="delivery.retrying", to=ENDS, due=timedelta(hours=48)
        ),
        S.SENT: Step(owner="recipient", audit="delivery.sent"),
        S.FAILED: Step(owner="administrator", audit="delivery.failed", tell="administrator"),
        S.REFUSED: Step(owner="administrator", audit="delivery.refused", tell="administrator"),
        S.SUPPRESSED: Step(owner="platform", audit="delivery.suppressed"),
        S.CANCELLED: Step(owner="platform", audit="delivery.cancelled"),
    },
)

RETRY_MINUTES = (1, 5, 15, 60, 120, 240, 480, 480, 720, 720)
"""How long to wait after the 1st, 2nd … temporary failure; after the last one it has failed.

Together a little over 47 hours, so that a mailbox closed over a weekend day is still reached.
"""


def wait_after(failures: int) -> timedelta | None:
    """The pause after that many temporary failures (from 1), or None when the plan is used up."""
    if failures > len(RETRY_MINUTES):
        return None
    return timedelta(minutes=RETRY_MINUTES[failures - 1])
