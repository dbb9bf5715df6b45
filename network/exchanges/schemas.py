"""What programs send and are answered about peer exchanges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from core.web.api import Given, Paged, Taken
from core.web.forms import cleaned
from network.consents.models import ConsentKind
from network.consents.rules import Verdict
from network.exchanges.models import (
    LINE_MOST,
    MOST_ATTENDEES,
    TEXT_MOST,
    TITLE_MOST,
    WINDOWS,
    Funding,
    HoldReason,
    PartyKind,
    PartyRole,
    PartyState,
)
from network.exchanges.models_case import (
    BidState,
    Change,
    DeclineReason,
    MessageKind,
    ProposalState,
    ReportState,
)
from network.exchanges.queries import Side
from network.exchanges.states import ExchangeState
from network.offers.models import Capacity, ExchangeType

MOST_WORDS = 40
Text = Annotated[str, Field(max_length=TEXT_MOST), BeforeValidator(cleaned)]
Line = Annotated[str, Field(max_length=LINE_MOST), BeforeValidator(cleaned)]
Title = Annotated[str, Field(max_length=TITLE_MOST), BeforeValidator(cleaned)]
Key = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Language = Literal["en", "fr", "es", "ar", "zh", "ru", "pt"]


class Window(Taken):
    """Days on which it could take place."""

    from_on: date | None = None
    until_on: date | None = None


class AttendeeSent(Taken):
    """Who would take part."""

    post: Line = ""
    name: Line = ""
    substitute: Line = ""


class RequestSent(Taken):
    """The words of a request. Anything may be left out of a draft; what is left out is emptied."""

    type: ExchangeType | None = None
    title: Title = ""
    need: Text = ""
    what_exists: Text = ""
    wanted_outcome: Text = ""
    confidential: bool = False
    neutral: Text = Field(default="", description="What members read if it is confidential.")
    themes: list[Key] = Field(default_factory=list, max_length=MOST_WORDS)
    capacities: list[Capacity] = Field(default_factory=list, max_length=MOST_WORDS)
    languages: list[Language] = Field(default_factory=list, max_length=MOST_WORDS)
    funding: Funding | None = None
    funding_note: Text = ""
    windows: list[Window] = Field(default_factory=list, max_length=WINDOWS)
    attendees: list[AttendeeSent] = Field(default_factory=list, max_length=MOST_ATTENDEES)
    preferred: list[Iso3] = Field(default_factory=list, max_length=MOST_WORDS)
    excluded: list[Iso3] = Field(default_factory=list, max_length=MOST_WORDS)
    revision: int | None = Field(
        default=None, ge=1, le=1_000_000, description="The revision that was read."
    )


class MoveSent(Taken):
    """Where to, and why. The reason is the question, the answer or the direct answer itself."""

    to: ExchangeState
    reason: Text = ""


class MessageSent(Taken):
    """A message in the case's thread."""

    text: Text
    to_partner: bool = Field(default=False, description="The partner reads it too.")


class BidSent(Taken):
    """A bid. Anything may be left out until it is handed in."""

    type: ExchangeType | None = None
    offer: Text = ""
    languages: list[Language] = Field(default_factory=list, max_length=MOST_WORDS)
    from_on: date | None = None
    until_on: date | None = None
    experts: Text = ""
    costs: Text = ""
    hand_in: bool = Field(default=False, description="Ask the State for its consent.")


class DeclineSent(Taken):
    """Not this time. The note stays with one's own State."""

    reason: DeclineReason
    note: Text = ""


class DatesSent(Taken):
    """Proposed dates: moments with an offset, and the zone they were thought in."""

    starts_at: datetime
    ends_at: datetime
    zone: Annotated[str, Field(max_length=60)]
    place: Line = ""
    note: Text = ""


class ReportSent(Taken):
    """A short report. Anything may be left out until it is handed in."""

    learned: Text = ""
    decision: Text = ""
    evidence_url: Annotated[str, Field(max_length=1_000), BeforeValidator(cleaned)] = ""
    days: int | None = Field(default=None, ge=0, le=999)
    costs: Line = ""
    would_repeat: bool | None = None
    summary: Text = ""
    hand_in: bool = Field(default=False, description="Ask the State for its consent.")


class FollowUpSent(Taken):
    """What has changed."""

    change: Change
    text: Text = ""


class CasesAsked(Paged):
    """Which cases to answer."""

    state: ExchangeState | None = Field(default=None, description="Only those that stand there.")
    after: Annotated[str, Field(max_length=80, pattern=r"^[0-9T:.Z+-]+_[0-9a-f-]{36}$")] | None = (
        Field(default=None, description="The place after which the list goes on.")
    )


class WindowAnswer(Given):
    """Days on which it could take place."""

    from_on: date | None
    until_on: date | None


class CirculatedAnswer(Given):
    """What goes to members. `requester` is null where the case is confidential."""

    id: UUID
    reference: str
    state: ExchangeState
    type: ExchangeType | None
    requester: str | None
    confidential: bool
    title: str
    need: str
    wanted_outcome: str
    themes: list[str]
    capacities: list[str]
    languages: list[str]
    windows: list[WindowAnswer]
    due_at: datetime | None
    url: str


class CirculatedPage(Given):
    """Some cases that take bids, newest first."""

    items: list[CirculatedAnswer]
    next: str | None = Field(description="Where the list goes on; null at its end.")


class CaseLine(Given):
    """A case in a list of one's own."""

    id: UUID
    reference: str
    state: ExchangeState
    title: str
    due_at: datetime | None
    since: datetime
    url: str


class CasesPage(Given):
    """Some cases, the latest change first."""

    items: list[CaseLine]
    next: str | None = Field(description="Where the list goes on; null at its end.")


class AttendeeAnswer(Given):
    """Who would take part."""

    post: str
    name: str
    substitute: str


class PartyAnswer(Given):
    """A party: a State by its code, an organisation by its id."""

    id: UUID
    kind: PartyKind
    body: str
    role: PartyRole
    state: PartyState


class ConsentAnswer(Given):
    """A consent that the case needs now or next."""

    state: str
    kind: ConsentKind
    subject_id: UUID
    verdict: Verdict


class BidAnswer(Given):
    """A bid, to its author, the requester and the helpdesk."""

    id: UUID
    bidder: str
    state: BidState
    type: ExchangeType | None
    offer: str
    languages: list[str]
    from_on: date | None
    until_on: date | None
    experts: str
    costs: str


class ProposalAnswer(Given):
    """Dates that wait for the other side."""

    id: UUID
    by: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    state: ProposalState


class ReportAnswer(Given):
    """A side's short report."""

    by: str
    state: ReportState
    learned: str
    decision: str
    evidence_url: str
    days: int | None
    costs: str
    would_repeat: bool | None
    summary: str
    waiver: str


class LineAnswer(Given):
    """A line of the timeline. `by` is the State it was done for."""

    at: datetime
    word: str
    old: ExchangeState | None
    new: ExchangeState | None
    by: str | None
    seat_id: UUID | None
    text: str


class MessageAnswer(Given):
    """A message of the thread."""

    id: UUID
    at: datetime
    kind: MessageKind
    text: str
    seat_id: UUID | None


class InsideAnswer(Given):
    """What only the parties and the helpdesk read, each as far as it may."""

    title: str
    need: str
    what_exists: str
    wanted_outcome: str
    funding: Funding | None
    funding_note: str
    neutral: str
    attendees: list[AttendeeAnswer]
    preferred: list[str]
    excluded: list[str]
    revision: int
    held_from: ExchangeState | None
    hold_reason: HoldReason | None
    recirculated: int
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    place: str
    parties: list[PartyAnswer]
    consents: list[ConsentAnswer]
    bids: list[BidAnswer]
    proposal: ProposalAnswer | None
    reports: list[ReportAnswer]
    thread: list[MessageAnswer]


class CaseAnswer(Given):
    """A case as the asking seat may read it. `inside` is null for whoever is no party."""

    id: UUID
    side: Side
    allowed: list[ExchangeState] = Field(
        description="Moves of the table that this seat may make; consents are asked when it does."
    )
    circulated: CirculatedAnswer
    own_bid: BidAnswer | None
    timeline: list[LineAnswer]
    inside: InsideAnswer | None


class PartAnswer(Given):
    """One reason, and what it adds to the score or takes from it."""

    code: str
    points: int
    words: str


class SuggestionAnswer(Given):
    """Who could help, and why. The parts sum to the score. An order, and never a rank of States."""

    state: str
    score: int
    parts: list[PartAnswer]


class SuggestionsAnswer(Given):
    """Everybody who could help now, the best fit first."""

    items: list[SuggestionAnswer]
