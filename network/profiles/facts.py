"""What happened to parts of profiles."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class PartSent(Fact):
    """A version waits for the State's consent: its authorising seats are told."""

    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class PartPublished(Fact):
    """A version stands on the profile, under the State's consent."""

    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class PartRefused(Fact):
    """An authorising seat said no: whoever drafts is told."""

    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class PartTakenDown(Fact):
    """The consent ended: what was published is hidden, and whoever drafts is told."""

    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConfirmingAsked(Fact):
    """Parts of a profile are older than twelve months: whoever drafts is asked, once a year.

    `on` is the day of asking, as 2027-06-14.
    """

    mechanism_id: UUID
    on: str
