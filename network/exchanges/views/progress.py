"""How a case's page says where it stands: the path of steps, whose turn it is, what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from core.languages import _, _l
from core.web.filters import serves
from network.exchanges import service, words
from network.exchanges.forms import MoveForm
from network.exchanges.models_case import BidState
from network.exchanges.queries import Case, Side
from network.exchanges.states import EXCHANGE, MOVERS, SAYS_WHY, ExchangeState
from network.exchanges.turns import TURNS, Stand, Turn, turn_of
from network.exchanges.views.page import Names
from network.seats.models import Role

S = ExchangeState
STEPS: tuple[tuple[Any, frozenset[ExchangeState]], ...] = (
    (_l("Submitted"), frozenset({S.DRAFT, S.SUBMITTED, S.CLARIFICATION})),
    (_l("Consent of %(state)s"), frozenset({S.CONFIRMATION})),
    (_l("Circulated"), frozenset({S.CIRCULATED})),
    (_l("Choosing"), frozenset({S.CHOOSING})),
    (_l("Agreed"), frozenset({S.SELECTED, S.AGREED})),
    (_l("Dates"), frozenset({S.SCHEDULED})),
    (_l("Held"), frozenset({S.HELD})),
    (_l("Learned"), frozenset({S.FINISHED, S.FOLLOW_UP, S.CLOSED})),
)
STEP_OF = {state: number for number, (_label, states) in enumerate(STEPS) for state in states}
STEP_WORDS: dict[ExchangeState, Any] = {
    S.DRAFT: _l("Writing"),
    S.SELECTED: _l("Agreeing"),
    S.SUBMITTED: _l("With the helpdesk"),
    S.CLARIFICATION: _l("A question"),
}
"""How the present step is called where its own word would say that it is done."""

OPEN_BIDS = frozenset({BidState.SENT, BidState.CHOSEN, BidState.SELECTED})
PICKED = frozenset({BidState.CHOSEN, BidState.SELECTED})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the path: done, the present one, or to come."""

    text: str
    is_done: bool = False
    is_now: bool = False


def path_of(case: Case, name: Names) -> list[Step]:
    """The steps of a case for those inside."""
    exchange = case.exchange
    if exchange is None:
        return []
    state = exchange.held_from or exchange.state
    labels = [_label(label, name(exchange.state_id)) for label, _states in STEPS]
    if state in STEP_OF:
        here = STEP_OF[state]
        present = str(STEP_WORDS.get(state) or labels[here])
        if exchange.state is S.ON_HOLD:
            present = _("%(step)s (on hold)", step=present)
        return [
            Step(
                text=present if number == here else label,
                is_done=number < here or state is S.CLOSED,
                is_now=number == here,
            )
            for number, label in enumerate(labels)
        ]
    reached = max((STEP_OF.get(one.old, 0) for one in case.timeline if one.old), default=0)
    done = [Step(text=label, is_done=True) for label in labels[: reached + 1]]
    return [*done, Step(text=str(words.STATES[state]), is_now=True)]


def _label(label: Any, state: str) -> str:
    text = str(label)
    return text % {"state": state} if "%(state)s" in text else text


def stand_of(case: Case, role: Role, now: datetime) -> Stand:
    """What decides whose turn it is, out of a whole case."""
    exchange = case.exchange
    own = case.stands.state_id
    proposal = case.proposal
    report = next((one for one in case.reports if one.state_id == own), None)
    return Stand(
        state=case.circulated.state,
        side=case.side,
        role=role,
        bids=sum(1 for bid in case.bids if bid.state in OPEN_BIDS),
        is_chosen=any(bid.state in PICKED for bid in case.bids),
        open_dates=None if proposal is None else proposal.state_id == own,
        report=report.state if report is not None else None,
        has_answered=any(one.state_id == own for one in case.follow_ups),
        is_over=bool(exchange and exchange.ends_at and exchange.ends_at <= now),
        is_late=bool(exchange and exchange.due_at and exchange.due_at <= now),
    )


@dataclass(frozen=True, kw_only=True)
class Next:
    """The one thing to do next, as a button says it."""

    action: str
    href: str


def next_of(case: Case, stand: Stand, consents: Iterable[Any]) -> Next | None:
    """What whoever reads can do next; a consent that is asked of it comes first."""
    for line in consents:
        return Next(action=_("Read and decide"), href=line)
    found = turn_of(stand)
    return _button(case, TURNS[found]) if found is not None else None


def _button(case: Case, turn: Turn) -> Next | None:
    if not serves(turn.endpoint):
        return None
    href = url_for(turn.endpoint, exchange_id=case.id, _anchor=turn.anchor)
    return Next(action=str(turn.action), href=href)


@dataclass(kw_only=True)
class Move:
    """A move that this reader may make, with its form if it says why."""

    to: ExchangeState
    name: str
    form: MoveForm
    says_why: bool
    is_final: bool


def moves_of(case: Case, stand: Stand, failed: MoveForm | None = None) -> list[Move]:
    """The moves to offer: those a person makes, at a moment when they make sense.

    `failed` is a form that was sent and refused: it keeps what was typed.
    """
    exchange = case.exchange
    if exchange is None:
        return []
    found = []
    for to in service.allowed_moves(exchange, case.stands):
        pair = (exchange.state, to)
        if not MOVERS[pair] & case.stands.movers or not _makes_sense(pair, stand):
            continue
        is_sent = failed is not None and failed.to.data == to.value
        form = failed if is_sent and failed is not None else MoveForm(formdata=None)
        form.reason.id = form.reason.label.field_id = f"{to.value}-reason"
        form.reason.label.text = str(words.REASONS.get(to, _("Why?")))
        found.append(
            Move(
                to=to,
                name=words.move_name(exchange.state, to, exchange.held_from),
                form=form,
                says_why=pair in SAYS_WHY,
                is_final=EXCHANGE.is_final(to),
            )
        )
    return found


def _makes_sense(pair: tuple[ExchangeState, ExchangeState], stand: Stand) -> bool:
    """Leave out what would only be refused, or is done on a page of its own."""
    if pair == (S.DRAFT, S.SUBMITTED) or pair[1] is S.SCHEDULED:
        return pair[0] is S.ON_HOLD
    if pair == (S.CIRCULATED, S.CHOOSING):
        return stand.bids > 0
    if pair[1] is S.HELD:
        return stand.is_over
    return True


def waits_for(case: Case) -> str:
    """What happens next, and by whom; empty once it is over."""
    state = case.circulated.state
    if state is S.DRAFT and case.side is Side.REQUESTER:
        return _("Nobody outside your State reads this draft. Send it when it is ready.")
    return str(words.WAITS_FOR.get(state, ""))
