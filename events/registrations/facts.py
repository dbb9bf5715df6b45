"""What happened to registrations. Ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class RegistrationStarted(Fact):
    """A form was sent; a code has to go to its address."""

    registration_id: UUID
    code_id: UUID


@dataclass(frozen=True, kw_only=True)
class InterestNoted(Fact):
    """Somebody wants to hear when a date is published."""

    registration_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegistrationReceived(Fact):
    """A moderated registration was confirmed by its code and waits for the secretariat."""

    registration_id: UUID


@dataclass(frozen=True, kw_only=True)
class SeatTaken(Fact):
    """A registration has its seat. `version` tells one taking from a later one."""

    registration_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class WaitingStarted(Fact):
    """No seat was free."""

    registration_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class SeatOffered(Fact):
    """A freed seat is held for the next waiting person until the offer ends."""

    registration_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class OfferPassed(Fact):
    """An offer ended without an answer."""

    registration_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class RegistrationRefused(Fact):
    """The secretariat said no, with a reason."""

    registration_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled(Fact):
    """The participant withdrew. `held_seat` says whether a calendar entry has to go."""

    registration_id: UUID
    held_seat: bool


@dataclass(frozen=True, kw_only=True)
class RegistrationChanged(Fact):
    """A seat holder changed something that the calendar entry shows."""

    registration_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class SeatPassedOn(Fact):
    """Another person takes the seat; both are told. The ticket holds the former address, sealed."""

    registration_id: UUID
    ticket_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class LinkAsked(Fact):
    """Somebody asked for their link again. None when no registration has that address."""

    registration_id: UUID | None
    asked_id: UUID
