"""What happened to events, for those who act on it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class DatePublished(Fact):
    """The day of a meeting is known, of which only the month was."""

    event_id: UUID


@dataclass(frozen=True, kw_only=True)
class SummaryPublished(Fact):
    """The summary of a meeting can be read in one more language, or in a new version."""

    event_id: UUID
    language: str
    version: int
