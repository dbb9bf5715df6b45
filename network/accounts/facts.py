"""What happened to accounts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class SignInCodeIssued(Fact):
    """Somebody asked for a code; `mailbox_id` is None when nobody here reads that address."""

    code_id: UUID
    mailbox_id: UUID | None
    language: str


@dataclass(frozen=True, kw_only=True)
class FactorSetUp(Fact):
    """A person has a new authenticator; each mailbox they read is told."""

    factor_id: UUID
    person_id: UUID
