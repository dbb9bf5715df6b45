"""Where a registration stands, and the only ways from one state to another."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from core.workflow import Step, Workflow

CODE_HOURS = 24


class RegistrationState(StrEnum):
    """One person's registration for one event."""

    UNCONFIRMED = "unconfirmed"
    INTERESTED = "interested"
    PENDING = "pending"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    RECHECKED = "rechecked"
    PASSED = "passed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


S = RegistrationState

REGISTRATION = Workflow(
    "Registration",
    S.UNCONFIRMED,
    {
        S.UNCONFIRMED: Step(
            owner="participant",
            audit="registration.started",
            to=frozenset({S.INTERESTED, S.PENDING, S.WAITING, S.CONFIRMED, S.CANCELLED, S.LAPSED}),
            due=timedelta(hours=CODE_HOURS),
        ),
        S.INTERESTED: Step(
            owner="secretariat", audit="registration.interest", to=frozenset({S.CANCELLED})
        ),
        S.PENDING: Step(
            owner="secretariat",
            audit="registration.received",
            to=frozenset({S.CONFIRMED, S.WAITING, S.REFUSED, S.CANCELLED}),
            due=timedelta(days=3),
            escalate_to="secretariat",
        ),
        S.WAITING: Step(
            owner="participant",
            audit="registration.waiting",
            to=frozenset({S.OFFERED, S.REFUSED, S.CANCELLED}),
            clock="until the event starts",
        ),
        S.OFFERED: Step(
            owner="participant",
            audit="registration.offered",
            to=frozenset({S.CONFIRMED, S.PASSED, S.CANCELLED}),
            clock="the event's offer hours",
        ),
        S.CONFIRMED: Step(
            owner="participant",
            audit="registration.confirmed",
            to=frozenset({S.RECHECKED, S.CANCELLED}),
        ),
        S.RECHECKED: Step(
            owner="secretariat",
            audit="registration.rechecked",
            to=frozenset({S.CONFIRMED, S.REFUSED, S.CANCELLED}),
            due=timedelta(days=3),
            escalate_to="secretariat",
        ),
        S.PASSED: Step(
            owner="participant",
            audit="registration.passed",
            to=frozenset({S.WAITING, S.CANCELLED}),
        ),
        S.REFUSED: Step(owner="secretariat", audit="registration.refused"),
        S.CANCELLED: Step(owner="participant", audit="registration.cancelled"),
        S.LAPSED: Step(owner="platform", audit="registration.lapsed"),
    },
)

HOLDING = (S.CONFIRMED, S.OFFERED, S.RECHECKED)
"""States in which a seat is taken. A waiting or an unconfirmed registration holds none."""

TO_DECIDE = (S.PENDING, S.RECHECKED)
"""States in which the secretariat has to decide."""

LIVE = tuple(state for state in S if not REGISTRATION.is_final(state))
"""States from which something can still happen."""
