"""What happened to consents. All authorising seats of the State are told of each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    """A seat gave its State's consent."""

    consent_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """A seat withdrew: what rests on the consent is on hold, what was published is hidden."""

    withdrawal_id: UUID
    state_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentEnteredOnPaper(Fact):
    """Two people of the secretariat have entered a paper; its State may contest for ten days."""

    consent_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentContested(Fact):
    """A State says that a paper is not its word: it no longer counts."""

    consent_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentsConflict(Fact):
    """Two authorising seats of a State said opposite things: what rests on it is on hold.

    Recorded once for each withdrawal, with the consent that it contradicts.
    """

    conflict_id: UUID
    state_id: UUID
    kind: str
    subject_id: UUID
    consent_id: UUID
    withdrawal_id: UUID
