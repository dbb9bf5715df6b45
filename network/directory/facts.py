"""What happens to contacts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class ContactWaits(Fact):
    """A contact was written that is shown once its State consents."""

    contact_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContactRefused(Fact):
    """An authorising seat said no to a contact: whoever writes them is told."""

    contact_id: UUID
    state_id: UUID
