"""What programs send and are answered about peer exchanges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StrictInt

from core.web.api import SHOWN, Day, Given, Moment, Paged, Taken, whole
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
Words = Annotated[
    str, Field(min_length=1, max_length=TEXT_MOST, pattern=SHOWN), BeforeValidator(cleaned)
]
Line = Annotated[str, Field(max_length=LINE_MOST), BeforeValidator(cleaned)]
Title = Annotated[str, Field(max_length=TITLE_MOST), BeforeValidator(cleaned)]
Key = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Revision = Annotated[StrictInt, Field(ge=1, le=1_000_000), BeforeValidator(whole)]
Days = Annotated[StrictInt, Field(ge=0, le=999), BeforeValidator(whole)]
Language = Literal["en", "fr", "es", "ar", "zh", "ru", "pt"]


class Window(Taken):
    """Days on which it could take place."""

    from_on: Day | None = Field(default=None, description="The first day.")
    until_on: Day | None = Field(default=None, description="The last day.")


class AttendeeSent(Taken):
    """Who would take part."""

    post: Line = Field(default="", description="Their post.")
    name: Line = Field(default="", description="Their name, if it may be told.")
    substitute: Line = Field(default="", description="Who steps in.")


class RequestSent(Taken):
    """The words of a request. Anything may be left out of a draft; what is left out is emptied."""

    type: ExchangeType | None = Field(default=None, description="The form of the exchange.")
    title: Title = Field(default="", description="A title.")
    need: Text = Field(default="", description="What is needed, in own words.")
    what_exists: Text = Field(default="", description="What there is today.")
    wanted_outcome: Text = Field(default="", description="What should be different afterwards.")
    confidential: bool = Field(
        default=False, strict=True, description="Members read neutral words, and not who asks."
    )
    neutral: Text = Field(default="", description="What members read if it is confidential.")
    themes: list[Key] = Field(
        default_factory=list, max_length=MOST_WORDS, description="Keys of themes."
    )
    capacities: list[Capacity] = Field(
        default_factory=list,
        max_length=MOST_WORDS,
        description="What a mechanism can do that it is about.",
    )
    languages: list[Language] = Field(
        default_factory=list, max_length=MOST_WORDS, description="Working languages."
    )
    funding: Funding | None = Field(default=None, description="Who could pay.")
    funding_note: Text = Field(default="", description="More about that.")
    windows: list[Window] = Field(
        default_factory=list, max_length=WINDOWS, description="Up to three, best first."
    )
    attendees: list[AttendeeSent] = Field(
        default_factory=list, max_length=MOST_ATTENDEES, description="Who would take part."
    )
    preferred: list[Iso3] = Field(
        default_factory=list,
        max_length=MOST_WORDS,
        description="States that are wished for; private.",
    )
    excluded: list[Iso3] = Field(
        default_factory=list,
        max_length=MOST_WORDS,
        description="States that are kept out; private.",
    )
    revision: Revision | None = Field(default=None, description="The revision that was read.")


class MoveSent(Taken):
    """Where to, and why. The reason is the question, the answer or the direct answer itself."""

    to: ExchangeState = Field(description="The state to go to.")
    reason: Text = Field(default="", description="Why; some moves need it.")


class MessageSent(Taken):
    """A message in the case's thread."""

    text: Words = Field(description="The words.")
    to_partner: bool = Field(default=False, strict=True, description="The partner reads it too.")


class BidSent(Taken):
    """A bid. Anything may be left out until it is handed in."""

    type: ExchangeType | None = Field(default=None, description="The form of the exchange.")
    offer: Text = Field(default="", description="What can be given.")
    languages: list[Language] = Field(
        default_factory=list, max_length=MOST_WORDS, description="Working languages."
    )
    from_on: Day | None = Field(default=None, description="The first day.")
    until_on: Day | None = Field(default=None, description="The last day.")
    experts: Text = Field(default="", description="Which posts would come.")
    costs: Text = Field(default="", description="Who pays what.")
    hand_in: bool = Field(default=False, strict=True, description="Ask the State for its consent.")


class DeclineSent(Taken):
    """Not this time. The note stays with one's own State."""

    reason: DeclineReason = Field(description="Why; some moves need it.")
    note: Text = Field(default="", description="A note.")


class DatesSent(Taken):
    """Proposed dates: moments with an offset, and the zone they were thought in."""

    starts_at: Moment = Field(description="The beginning.")
    ends_at: Moment = Field(description="The end.")
    zone: Annotated[str, Field(max_length=60)] = Field(description="An IANA zone.")
    place: Line = Field(default="", description="Where.")
    note: Text = Field(default="", description="A note.")


class ReportSent(Taken):
    """A short report. Anything may be left out until it is handed in."""

    learned: Text = Field(default="", description="What was learned.")
    decision: Text = Field(default="", description="What was decided.")
    evidence_url: Annotated[str, Field(max_length=1_000), BeforeValidator(cleaned)] = Field(
        default="", description="A link that shows it."
    )
    days: Days | None = Field(default=None, description="Days spent.")
    costs: Line = Field(default="", description="Who pays what.")
    would_repeat: bool | None = Field(
        default=None, strict=True, description="Whether one would do it again."
    )
    summary: Text = Field(default="", description="What may be published if both States agree.")
    hand_in: bool = Field(default=False, strict=True, description="Ask the State for its consent.")


class FollowUpSent(Taken):
    """What has changed."""

    change: Change = Field(description="Whether anything has changed.")
    text: Text = Field(default="", description="The words.")


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


class CaseConsent(Given):
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
    consents: list[CaseConsent]
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
