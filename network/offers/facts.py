"""What happened to standing offers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class OfferSent(Fact):
    """A version waits for its State's consent: the authorising seats are told."""

    offer_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferSentBack(Fact):
    """An authorising seat wants it otherwise: the mechanism's seats are told."""

    offer_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferPublished(Fact):
    """The State consented and the offer is public: the mechanism's seats are told."""

    offer_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(Fact):
    """The offer is no longer shown: the mechanism's seats are told."""

    offer_id: UUID
    state_id: UUID
