"""The names that people read for everything in a case: states, moves, parties, consents, answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.languages import _, _l, current, direction, localized, moment
from core.web.filters import zone_name
from network.consents.models import ConsentKind
from network.consents.rules import Verdict
from network.exchanges.consenting import Needed
from network.exchanges.models import Exchange, Funding, HoldReason, PartyRole, PartyState
from network.exchanges.models_case import (
    Audience,
    BidState,
    Change,
    DeclineReason,
    MessageKind,
    ProposalState,
    ReportState,
)
from network.exchanges.queries import Circulated
from network.exchanges.states import MOVES_BACK, ExchangeState
from network.offers.forms import CAPACITIES, TYPES, language_name
from network.offers.models import ExchangeType

__all__ = ["CAPACITIES", "TYPES", "language_name"]

S = ExchangeState
K = ConsentKind
B = BidState

STATES: dict[ExchangeState, Any] = {
    S.DRAFT: _l("Draft"),
    S.SUBMITTED: _l("With the helpdesk"),
    S.CLARIFICATION: _l("A question to answer"),
    S.CONFIRMATION: _l("Waits for the State’s consent"),
    S.CIRCULATED: _l("With the members"),
    S.CHOOSING: _l("Choosing a partner"),
    S.SELECTED: _l("Agreeing on terms"),
    S.AGREED: _l("Agreed, no dates yet"),
    S.SCHEDULED: _l("Dates are set"),
    S.HELD: _l("Held, reports to write"),
    S.FINISHED: _l("Finished"),
    S.FOLLOW_UP: _l("What has changed?"),
    S.CLOSED: _l("Closed"),
    S.ON_HOLD: _l("On hold"),
    S.ANSWERED: _l("Answered directly"),
    S.NO_TAKER: _l("Nobody could help"),
    S.WITHDRAWN: _l("Withdrawn"),
    S.DECLINED: _l("Not taken up"),
    S.EXPIRED: _l("Expired"),
}
KINDS: dict[ExchangeState, str] = {
    S.FINISHED: "good",
    S.CLOSED: "good",
    S.ANSWERED: "good",
    S.CLARIFICATION: "wait",
    S.ON_HOLD: "wait",
    S.WITHDRAWN: "bad",
    S.DECLINED: "bad",
    S.EXPIRED: "bad",
}
"""The kind of the status tag; calm for all others."""

WAITS_FOR: dict[ExchangeState, Any] = {
    S.SUBMITTED: _l("The helpdesk looks at it."),
    S.CLARIFICATION: _l("The State that asks answers the helpdesk’s question."),
    S.CONFIRMATION: _l("An authorising officer of the State that asks decides on its consent."),
    S.CIRCULATED: _l("Members read it and may offer help."),
    S.CHOOSING: _l("The State that asks chooses among the bids and consents to the partner."),
    S.SELECTED: _l("Authorising officers of both States decide on the terms."),
    S.AGREED: _l("Both sides settle the dates."),
    S.SCHEDULED: _l("It takes place on the agreed dates."),
    S.HELD: _l("Both sides write a short report."),
    S.FINISHED: _l("Nothing to do. After six months both sides are asked one question."),
    S.FOLLOW_UP: _l("Both sides say what has changed."),
    S.ON_HOLD: _l("It stands still; the time that was left is kept."),
    S.NO_TAKER: _l("It can be circulated again, in other words perhaps, or be withdrawn."),
}
"""What happens next, and by whom."""

TYPE_HINTS: dict[ExchangeType, Any] = {
    ExchangeType.EXPERT_MISSION: _l("One or two experts come to you, usually for 2 to 5 days"),
    ExchangeType.STUDY_VISIT: _l("Up to 3 of your officials go and see, usually for 2 to 5 days"),
    ExchangeType.WORKSHOP: _l("A training for several people, about 2 days, here, there or online"),
    ExchangeType.ONLINE_CLINIC: _l("An hour or two by video on one question"),
    ExchangeType.DOCUMENT_REVIEW: _l("A peer reads your draft and comments, within 2 to 4 weeks"),
    ExchangeType.MENTORING: _l("Talks between two people, monthly, for some months"),
}
FUNDING: dict[Funding, Any] = {
    Funding.OWN: _l("We pay it ourselves"),
    Funding.SOUGHT: _l("We look for funding"),
    Funding.PARTNER: _l("A partner has promised to pay"),
    Funding.NONE_NEEDED: _l("It costs nothing"),
}
HOLDS: dict[HoldReason, Any] = {
    HoldReason.ASKED: _l("Somebody asked for a pause."),
    HoldReason.WITHDRAWN: _l("A consent that it rests on is not there, or was withdrawn."),
    HoldReason.CONFLICT: _l("Authorising officers of one State have said different things."),
    HoldReason.ENDED: _l("A consent that it rests on has ended, or does not cover this."),
    HoldReason.VACANT: _l("Nobody holds an authorising seat of a State that takes part."),
}
ROLES: dict[PartyRole, Any] = {
    PartyRole.REQUESTER: _l("Asks"),
    PartyRole.PROVIDER: _l("Gives"),
    PartyRole.SUPPORTER: _l("Supports"),
    PartyRole.OBSERVER: _l("Observes"),
}
PARTY_STATES: dict[PartyState, Any] = {
    PartyState.INVITED: _l("invited"),
    PartyState.JOINED: _l("takes part"),
    PartyState.LEFT: _l("has left"),
}
BIDS: dict[BidState, tuple[Any, str]] = {
    B.DRAFT: (_l("Draft"), "calm"),
    B.WAITING: (_l("Waits for its State’s consent"), "wait"),
    B.SENT: (_l("Handed in"), "calm"),
    B.CHOSEN: (_l("Chosen, waits for consent"), "wait"),
    B.SELECTED: (_l("Selected"), "good"),
    B.NOT_SELECTED: (_l("Not selected"), "calm"),
    B.WITHDRAWN: (_l("Withdrawn"), "calm"),
}
DECLINES: dict[DeclineReason, Any] = {
    DeclineReason.NO_CAPACITY: _l("No capacity at present"),
    DeclineReason.NO_EXPERTISE: _l("Not our field"),
    DeclineReason.DATES: _l("The dates do not suit us"),
    DeclineReason.LANGUAGE: _l("The language does not suit us"),
    DeclineReason.FUNDING: _l("Funding is not clear"),
    DeclineReason.OTHER: _l("Another reason"),
}
AUDIENCES: dict[Audience, Any] = {
    Audience.PARTIES: _l("The parties and the helpdesk"),
    Audience.REQUESTER: _l("The State that asks and the helpdesk"),
    Audience.BIDDER: _l("The State that bids, and the helpdesk"),
    Audience.HELPDESK: _l("The helpdesk"),
}
MESSAGES: dict[MessageKind, Any] = {
    MessageKind.QUESTION: _l("Question"),
    MessageKind.ANSWER: _l("Answer"),
    MessageKind.NOTE: _l("Message"),
}
PROPOSALS: dict[ProposalState, Any] = {
    ProposalState.OPEN: _l("Waits for an answer"),
    ProposalState.ACCEPTED: _l("Accepted"),
    ProposalState.DECLINED: _l("Declined"),
    ProposalState.REPLACED: _l("Replaced"),
}
REPORTS: dict[ReportState, tuple[Any, str]] = {
    ReportState.DRAFT: (_l("Draft"), "calm"),
    ReportState.WAITING: (_l("Waits for its State’s consent"), "wait"),
    ReportState.GIVEN: (_l("Given"), "good"),
    ReportState.WAIVED: (_l("Waived by the helpdesk"), "calm"),
}
CHANGES: dict[Change, Any] = {
    Change.YES: _l("Yes"),
    Change.PARTLY: _l("Partly"),
    Change.NOT_YET: _l("Not yet"),
    Change.NO: _l("No"),
}
VERDICTS: dict[Verdict, tuple[Any, str]] = {
    Verdict.IN_FORCE: (_l("Given"), "good"),
    Verdict.NONE_GIVEN: (_l("Not given yet"), "wait"),
    Verdict.NOT_ALL_GIVEN: (_l("Not all have given it yet"), "wait"),
    Verdict.OUT_OF_SCOPE: (_l("Does not cover this, or has ended"), "wait"),
    Verdict.WITHDRAWN: (_l("Withdrawn"), "bad"),
    Verdict.VACANT: (_l("Nobody holds the seat"), "bad"),
}
CONSENTS: dict[tuple[ConsentKind, str], Any] = {
    (K.EXCHANGE_REQUEST, "exchange"): _l("The request"),
    (K.BID, "bid"): _l("The bid"),
    (K.SELECTION, "bid"): _l("The choice of partner"),
    (K.AGREEMENT, "agreement"): _l("The terms"),
    (K.AGREEMENT, "party"): _l("A further party"),
    (K.OUTCOME, "report"): _l("The report"),
}

_MOVES: dict[ExchangeState, Any] = {
    S.SUBMITTED: _l("Send to the helpdesk"),
    S.CLARIFICATION: _l("Ask the State a question"),
    S.CONFIRMATION: _l("Ask the capital for its consent"),
    S.CIRCULATED: _l("Circulate it to the members"),
    S.CHOOSING: _l("Close the bids and choose"),
    S.SELECTED: _l("Select the partner"),
    S.AGREED: _l("Agree"),
    S.SCHEDULED: _l("Set the dates"),
    S.HELD: _l("Say that it was held"),
    S.FINISHED: _l("Finish it"),
    S.FOLLOW_UP: _l("Ask what has changed"),
    S.CLOSED: _l("Close it"),
    S.ON_HOLD: _l("Put it on hold"),
    S.ANSWERED: _l("Close it: answered directly"),
    S.NO_TAKER: _l("Close it: nobody can help"),
    S.WITHDRAWN: _l("Withdraw the request"),
    S.DECLINED: _l("Do not take it up"),
    S.EXPIRED: _l("Let it expire"),
}
_SPECIAL_MOVES: dict[tuple[ExchangeState, ExchangeState], Any] = {
    (S.DRAFT, S.WITHDRAWN): _l("Drop this draft"),
    (S.CLARIFICATION, S.SUBMITTED): _l("Answer the question"),
    (S.CONFIRMATION, S.CLARIFICATION): _l("Send it back with a question"),
    (S.SELECTED, S.CHOOSING): _l("Let this selection go"),
    (S.SCHEDULED, S.AGREED): _l("Give up these dates"),
    (S.ON_HOLD, S.CHOOSING): _l("Let this selection go"),
    **{pair: _l("Circulate it again") for pair in MOVES_BACK},
}
REASONS: dict[ExchangeState, Any] = {
    S.CLARIFICATION: _l("Your question"),
    S.SUBMITTED: _l("Your answer"),
    S.ANSWERED: _l("The answer, or where it was found"),
    S.ON_HOLD: _l("Why, and until when about?"),
    S.DECLINED: _l("Why it is not taken up"),
    S.NO_TAKER: _l("What was tried"),
    S.CHOOSING: _l("Why it is let go"),
    S.CIRCULATED: _l("Why it is circulated again"),
}
"""How the field of a move is called that says why."""


def move_name(old: ExchangeState, to: ExchangeState, held_from: ExchangeState | None) -> str:
    """A move as its button says it."""
    if old is S.ON_HOLD and to is held_from:
        return _("Go on from where it stood")
    return str(_SPECIAL_MOVES.get((old, to)) or _MOVES[to])


def consent_name(want: Needed) -> str:
    """What a consent is about."""
    return str(CONSENTS[want.kind, want.subject_kind])


def case_name(case: Exchange | Circulated) -> str:
    """A case as its own people call it."""
    return case.title or _("Untitled request")


def neutral_name(case: Exchange | Circulated) -> str:
    """A case as it may stand in lists and mails that others may see: nothing of a confidential one."""
    if case.is_confidential:
        return _("confidential request %(reference)s", reference=case.reference)
    return case_name(case)


def quoted(case: Exchange | Circulated) -> str:
    """A case in a sentence: its title in quotation marks, or its neutral name.

    On a right-to-left page a title keeps its own direction inside the marks.
    """
    name = neutral_name(case)
    if case.is_confidential:
        return name
    title = f"\u2068{name}\u2069" if direction(current()) == "rtl" else name
    return _("“%(title)s”", title=title)


def heading(case: Exchange | Circulated) -> str:
    """The same at the head of a page."""
    if case.is_confidential:
        return _("Confidential request %(reference)s", reference=case.reference)
    return case_name(case)


def state_name(state_id: UUID | None, names: Mapping[UUID, Mapping[str, str]]) -> str:
    """A State in the reader's language; a member that is not to be named if there is none."""
    known = names.get(state_id) if state_id else None
    return localized(known) if known else _("A member")


def at(value: datetime, zone: str) -> str:
    """A moment in the reader's zone, with the zone's name."""
    return _("%(moment)s (%(zone)s)", moment=moment(value, zone), zone=zone_name(zone))
