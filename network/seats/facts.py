"""What happened to seats."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class SeatNamed(Fact):
    """Somebody was named to a seat, from a moment on that may still be to come."""

    holder_id: UUID
    seat_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatHandedOver(Fact):
    """A seat passes from one holder to the next, at a moment that may still be to come."""

    seat_id: UUID
    holder_id: UUID
    successor_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatProposed(Fact):
    """A focal point proposes who is to hold a seat; who may name decides."""

    nomination_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatLeftEmpty(Fact):
    """Nobody holds a State's lead seat (`focal_point`), or nobody may consent (`authorising`)."""

    vacancy_id: UUID
    state_id: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class SeatFilledAgain(Fact):
    """What `SeatLeftEmpty` said is over."""

    vacancy_id: UUID
    state_id: UUID
    role: str
