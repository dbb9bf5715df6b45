"""What happened at the protection desk. Ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class RecordOpened(Fact):
    """An officer opened one sealed record; the other officers are told the same day."""

    opening_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecordCleared(Fact):
    """An officer has no objection: the secretariat may approve."""

    registration_id: UUID
    person_id: UUID
    seat_id: UUID
