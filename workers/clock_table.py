"""Every clock of the domain: what runs out by itself, and how often that is looked at.

A slice writes a function `(session, now) -> int` that ends what has run out, each in the way of
its workflow, and answers how many; its line stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

RunOut = Callable[[Session, datetime], int]


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One kind of thing that runs out."""

    name: str
    run: RunOut
    every_seconds: float = 2


CLOCKS: tuple[Clock, ...] = ()


def clock_named(name: str) -> Clock:
    """The clock of that name."""
    return next(clock for clock in CLOCKS if clock.name == name)
