"""The terms of an agreement as plain values, apart from where they are kept and how they are shown.

Seats and posts stand for people; a person is named only where a name was given for this paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from network.exchanges.models import Funding, PartyRole
from network.offers.models import ExchangeType
from network.seats.models import Role

Names = Mapping[str, str]
"""A name by language."""


@dataclass(frozen=True, kw_only=True)
class SeatLine:
    """A seat in words: its role, and what tells it apart from others of its body."""

    role: Role
    title: Names = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PartyLine:
    """One party and the seat that speaks for it; `person` only if the party wants a name here."""

    name: Names
    role: PartyRole
    seat: SeatLine | None = None
    person: str = ""
    is_state: bool = True


@dataclass(frozen=True, kw_only=True)
class ParticipantLine:
    """A post that takes part for a party, and the post that steps in."""

    party: Names
    post: str
    substitute: str = ""


@dataclass(frozen=True, kw_only=True)
class CommitmentLine:
    """What one party does, and by when."""

    party: Names
    what: str
    by: date | None = None


@dataclass(frozen=True, kw_only=True)
class ContactLine:
    """The seat of a party to turn to."""

    party: Names
    seat: SeatLine


@dataclass(frozen=True, kw_only=True)
class ConsentLine:
    """A State's consent: who gave it, when, and with which factor; no seat means on paper."""

    state: Names
    at: datetime
    seat: SeatLine | None = None
    proved: str | None = None


@dataclass(frozen=True, kw_only=True)
class AgreementText:
    """The terms, one version. What nobody wrote is left out of the paper.

    `written_in` is the language of the parties' own words, `languages` those they work in.
    `starts_at` and `ends_at` are the agreed dates; until there are any, `windows` are the days
    that would do. Moments are shown in `zone`.
    """

    reference: str
    title: str
    version: int
    dated: date
    parties: tuple[PartyLine, ...]
    is_draft: bool = False
    type: ExchangeType | None = None
    is_confidential: bool = False
    written_in: str = "en"
    purpose: str = ""
    activities: str = ""
    outputs: str = ""
    themes: tuple[Names, ...] = ()
    languages: tuple[str, ...] = ()
    interpretation: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    windows: tuple[tuple[date, date], ...] = ()
    zone: str = "UTC"
    place: str = ""
    participants: tuple[ParticipantLine, ...] = ()
    funding: Funding | None = None
    costs: str = ""
    confidentiality: str = ""
    publish: str = ""
    commitments: tuple[CommitmentLine, ...] = ()
    contacts: tuple[ContactLine, ...] = ()
    consents: tuple[ConsentLine, ...] = ()
