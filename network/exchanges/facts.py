"""What happened in a case. Ids only: whoever handles a fact reads what may be told, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class ExchangeMoved(Fact):
    """A case went from one state to another; `turn` tells the same move of two rounds apart."""

    exchange_id: UUID
    entry_id: UUID
    old: str
    new: str
    turn: int


@dataclass(frozen=True, kw_only=True)
class ConsentAsked(Fact):
    """Words wait for a State's consent: of kind `kind`, to `subject_id`."""

    exchange_id: UUID
    state_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True, kw_only=True)
class MessageWritten(Fact):
    """A message, or an answer, stands in the case's thread."""

    exchange_id: UUID
    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class BidSent(Fact):
    """A bid has its State's consent and is open to the requester."""

    exchange_id: UUID
    bid_id: UUID


@dataclass(frozen=True, kw_only=True)
class BidWithdrawn(Fact):
    """A bid that the requester had seen was taken back."""

    exchange_id: UUID
    bid_id: UUID


@dataclass(frozen=True, kw_only=True)
class BidsNotSelected(Fact):
    """The choice fell on one bid; the others get one neutral sentence."""

    exchange_id: UUID
    bid_id: UUID


@dataclass(frozen=True, kw_only=True)
class MemberDeclined(Fact):
    """A member will not bid, with a reason code."""

    exchange_id: UUID
    decline_id: UUID


@dataclass(frozen=True, kw_only=True)
class DatesProposed(Fact):
    """One side proposed dates."""

    exchange_id: UUID
    proposal_id: UUID


@dataclass(frozen=True, kw_only=True)
class DatesDeclined(Fact):
    """The other side cannot on these dates."""

    exchange_id: UUID
    proposal_id: UUID


@dataclass(frozen=True, kw_only=True)
class DatesSet(Fact):
    """Dates are agreed or moved: the calendar entry of both sides follows (`sequence`)."""

    exchange_id: UUID
    sequence: int


@dataclass(frozen=True, kw_only=True)
class DatesOff(Fact):
    """The agreed dates no longer hold: the calendar entry is taken back."""

    exchange_id: UUID
    sequence: int


@dataclass(frozen=True, kw_only=True)
class ClockNoted(Fact):
    """A reminder before a clock runs out, or an escalation after it, once each a turn.

    `whom` is the owner of the state (requester, capital, capitals, members, parties, helpdesk) for a reminder,
    else helpdesk or secretariat; `word` is the notice's own ("reminder", "level-1", …).
    """

    exchange_id: UUID
    turn: int
    word: str
    whom: str


@dataclass(frozen=True, kw_only=True)
class ConsentEnding(Fact):
    """A consent that a case rests on ends within thirty days and before the case does."""

    exchange_id: UUID
    consent_id: UUID
    state_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportGiven(Fact):
    """One side's short report counts: its State consented to the words."""

    exchange_id: UUID
    report_id: UUID


@dataclass(frozen=True, kw_only=True)
class ExchangeFinished(Fact):
    """Both reports are there, or waived: a practice draft follows."""

    exchange_id: UUID


@dataclass(frozen=True, kw_only=True)
class PartyInvited(Fact):
    """A State or an organisation is to join a case."""

    exchange_id: UUID
    party_id: UUID


@dataclass(frozen=True, kw_only=True)
class PartyJoined(Fact):
    """A party belongs to the case from now on."""

    exchange_id: UUID
    party_id: UUID
