"""The lines of a case's timeline as sentences in the reader's language."""

from __future__ import annotations

from typing import Any

from core.languages import _, _l
from network.consents.models import ConsentKind
from network.exchanges.models_case import CaseEntry
from network.exchanges.states import MOVES_BACK, ExchangeState

S = ExchangeState

SENTENCES: dict[str, Any] = {
    "exchange.drafted": _l("The request was begun"),
    "exchange.revised": _l("The request was changed"),
    "exchange.submitted": _l("Sent to the helpdesk"),
    "exchange.clarification": _l("The helpdesk asked a question"),
    "exchange.confirmation": _l("Looked at by the helpdesk; the State’s consent is asked"),
    "exchange.circulated": _l("Circulated to the members"),
    "exchange.choosing": _l("Bids closed; a partner is chosen now"),
    "exchange.selected": _l("Partner selected; both States are asked to consent to the terms"),
    "exchange.agreed": _l("Both States have agreed to the terms"),
    "exchange.scheduled": _l("The dates are agreed"),
    "exchange.held": _l("It was held; both sides write a short report"),
    "exchange.finished": _l("Finished: both sides’ reports are there"),
    "exchange.follow_up": _l("Six months later: both sides are asked what has changed"),
    "exchange.closed": _l("Closed"),
    "exchange.resumed": _l("It went on from where it stood"),
    "exchange.answered": _l("Closed: answered directly"),
    "exchange.no_taker": _l("Closed: nobody could help this time"),
    "exchange.withdrawn": _l("Withdrawn"),
    "exchange.declined": _l("Not taken up by the helpdesk"),
    "exchange.expired": _l("Expired: nothing was heard in time"),
    "exchange.held_back.asked": _l("Put on hold"),
    "exchange.held_back.consent_withdrawn": _l("On hold: a State’s consent is not there any more"),
    "exchange.held_back.consents_conflict": _l(
        "On hold: authorising officers of one State said different things"
    ),
    "exchange.held_back.consent_ended": _l("On hold: a consent has ended, or does not cover this"),
    "exchange.held_back.seat_vacant": _l("On hold: an authorising seat is empty"),
    "bid.chosen": _l("A bid was chosen; the State’s consent to this partner is asked"),
    "bid.unchosen": _l("The choice was taken back"),
    "clock.reminded": _l("A reminder went out"),
    "clock.escalated": _l("The time ran out; the helpdesk or the secretariat was told"),
    "terms.changed": _l("The terms were changed; they need both States’ consent"),
    "document.added": _l("A document was added"),
    "document.removed": _l("A document was taken away"),
    "party.invited": _l("A further party was invited"),
    "party.joined": _l("A further party joined"),
    "party.left": _l("A party left"),
}
OF_STATE: dict[str, Any] = {
    "bid.handed_in": _l("%(state)s: the bid waits for its State’s consent"),
    "bid.sent": _l("%(state)s offered to help"),
    "bid.withdrawn": _l("%(state)s took its bid back"),
    "member.declined": _l("%(state)s cannot help this time"),
    "consent.ending": _l("%(state)s: its consent ends before the exchange does"),
    "consent.given.exchange_request": _l("%(state)s consented to the request"),
    "consent.given.bid": _l("%(state)s consented to its bid"),
    "consent.given.selection": _l("%(state)s consented to the partner"),
    "consent.given.agreement": _l("%(state)s gave its consent"),
    "consent.given.outcome": _l("%(state)s consented to its report"),
    "consent.refused.exchange_request": _l("%(state)s did not consent to the request"),
    "consent.refused.bid": _l("%(state)s did not consent to its bid"),
    "consent.refused.selection": _l("%(state)s did not consent to the partner"),
    "consent.refused.agreement": _l("%(state)s did not give its consent"),
    "consent.refused.outcome": _l("%(state)s did not consent to its report"),
    "consent.withdrawn.exchange_request": _l("%(state)s withdrew its consent to the request"),
    "consent.withdrawn.bid": _l("%(state)s withdrew its consent to its bid"),
    "consent.withdrawn.selection": _l("%(state)s withdrew its consent to the partner"),
    "consent.withdrawn.agreement": _l("%(state)s withdrew its consent"),
    "consent.withdrawn.outcome": _l("%(state)s withdrew its consent to its report"),
    **{
        f"consent.on_paper.{kind.value}": _l("A paper of %(state)s with its consent was entered")
        for kind in ConsentKind
    },
    **{
        f"consent.contested.{kind.value}": _l("%(state)s does not own up to a paper")
        for kind in ConsentKind
    },
    "dates.proposed": _l("%(state)s proposed dates"),
    "dates.moved": _l("%(state)s accepted other dates"),
    "dates.declined": _l("%(state)s cannot on these dates"),
    "report.handed_in": _l("%(state)s: the report waits for its State’s consent"),
    "report.given": _l("%(state)s gave its report"),
    "report.waived": _l("%(state)s writes no report, says the helpdesk"),
    "follow_up.answered": _l("%(state)s said what has changed"),
}
"""Words of lines that name the State it was done for."""

FROM: dict[tuple[ExchangeState, ExchangeState], Any] = {
    (S.CLARIFICATION, S.SUBMITTED): _l("The question was answered"),
    (S.CONFIRMATION, S.CLARIFICATION): _l("The authorising officer asked for a change"),
    (S.SELECTED, S.CHOOSING): _l("The selection was let go; back to the bids"),
    (S.SCHEDULED, S.AGREED): _l("The dates were given up"),
    **{pair: _l("Circulated to the members again") for pair in MOVES_BACK},
}
"""Moves that read otherwise when they come from there."""


def sentence(entry: CaseEntry, state: str) -> str:
    """A line as a sentence; `state` is the name of the State it was done for."""
    special = FROM.get((entry.old, entry.new)) if entry.old and entry.new else None
    if special is not None and entry.word.startswith("exchange."):
        return str(special)
    if entry.word in OF_STATE:
        return str(OF_STATE[entry.word]) % {"state": state}
    return str(SENTENCES.get(entry.word) or _("The case was changed"))


def is_spoken_for(word: str) -> bool:
    """Whether there is a sentence for a word of the timeline."""
    return word in SENTENCES or word in OF_STATE
