"""Every clock of the domain: what runs out by itself, and how often that is looked at.

A slice writes a function `(session, now) -> int` that ends what has run out, each in the way of
its workflow, and answers how many; its line stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from network.exchanges.clocks import run_clocks, watch_consents
from workers.application_handlers import end_due_applications, forget_applicants
from workers.profile_handlers import keep_profiles
from workers.registration_handlers import end_due_registrations, forget_participants
from workers.seat_handlers import look_for_vacancies

RunOut = Callable[[Session, datetime], int]


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One kind of thing that runs out."""

    name: str
    run: RunOut
    every_seconds: float = 2


CLOCKS: tuple[Clock, ...] = (
    Clock(name="applications", run=end_due_applications, every_seconds=10),
    Clock(name="applicants", run=forget_applicants, every_seconds=600),
    Clock(name="registrations", run=end_due_registrations),
    Clock(name="retention", run=forget_participants, every_seconds=600),
    Clock(name="profiles", run=keep_profiles, every_seconds=60),
    Clock(name="exchanges", run=run_clocks, every_seconds=5),
    Clock(name="consents of exchanges", run=watch_consents, every_seconds=20),
    Clock(name="empty seats", run=look_for_vacancies, every_seconds=15),
)


def clock_named(name: str) -> Clock:
    """The clock of that name."""
    return next(clock for clock in CLOCKS if clock.name == name)
