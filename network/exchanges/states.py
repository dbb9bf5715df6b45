"""Where a peer exchange stands, who owns each state and for how long, and who may move it.

The clocks are the field's own (submitted 14 days, clarification 14, the capital 30, circulated 60,
report 30 after it was held, one question after six months); a secretariat changes them in
`term`, from the next case on that enters the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from core.workflow import Level, Step, Workflow

MOST_RECIRCULATIONS = 2


class ExchangeState(StrEnum):
    """One peer exchange, from a first line to what changed half a year later."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CLARIFICATION = "clarification"
    CONFIRMATION = "confirmation"
    CIRCULATED = "circulated"
    CHOOSING = "choosing"
    SELECTED = "selected"
    AGREED = "agreed"
    SCHEDULED = "scheduled"
    HELD = "held"
    FINISHED = "finished"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    ON_HOLD = "on_hold"
    ANSWERED = "answered"
    NO_TAKER = "no_taker"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    EXPIRED = "expired"


S = ExchangeState


class Mover(StrEnum):
    """In which capacity somebody moves a case.

    CONSENT: nobody by will, the case goes on once the consents it waits for are in force.
    """

    REQUESTER = "requester"
    PROVIDER = "provider"
    CAPITAL = "capital"
    HELPDESK = "helpdesk"
    CONSENT = "consent"
    CLOCK = "clock"


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)


HELPDESK_THEN_SECRETARIAT = (
    Level(to="helpdesk"),
    Level(to="secretariat", after=days(14)),
)

EXCHANGE = Workflow(
    "Exchange",
    S.DRAFT,
    {
        S.DRAFT: Step(
            owner="requester", audit="exchange.drafted", to=frozenset({S.SUBMITTED, S.WITHDRAWN})
        ),
        S.SUBMITTED: Step(
            owner="helpdesk",
            audit="exchange.submitted",
            to=frozenset(
                {S.CLARIFICATION, S.CONFIRMATION, S.ANSWERED, S.DECLINED, S.WITHDRAWN, S.ON_HOLD}
            ),
            due=days(14),
            remind=days(4),
            levels=(Level(to="secretariat"), Level(to="secretariat", after=days(14))),
        ),
        S.CLARIFICATION: Step(
            owner="requester",
            audit="exchange.clarification",
            to=frozenset({S.SUBMITTED, S.ANSWERED, S.WITHDRAWN, S.EXPIRED, S.ON_HOLD}),
            due=days(14),
            remind=days(4),
            levels=HELPDESK_THEN_SECRETARIAT,
            lapse=days(60),
            lapses_to=S.EXPIRED,
        ),
        S.CONFIRMATION: Step(
            owner="capital",
            audit="exchange.confirmation",
            to=frozenset(
                {S.CIRCULATED, S.CLARIFICATION, S.ANSWERED, S.WITHDRAWN, S.EXPIRED, S.ON_HOLD}
            ),
            due=days(30),
            remind=days(7),
            levels=HELPDESK_THEN_SECRETARIAT,
            lapse=days(60),
            lapses_to=S.EXPIRED,
        ),
        S.CIRCULATED: Step(
            owner="members",
            audit="exchange.circulated",
            to=frozenset({S.CHOOSING, S.ANSWERED, S.NO_TAKER, S.WITHDRAWN, S.ON_HOLD}),
            due=days(60),
            remind=days(14),
            levels=(Level(to="helpdesk"), Level(to="secretariat", after=days(14))),
            lapse=days(30),
            lapses_to=S.NO_TAKER,
        ),
        S.CHOOSING: Step(
            owner="requester",
            audit="exchange.choosing",
            to=frozenset(
                {
                    S.SELECTED,
                    S.CIRCULATED,
                    S.ANSWERED,
                    S.NO_TAKER,
                    S.WITHDRAWN,
                    S.EXPIRED,
                    S.ON_HOLD,
                }
            ),
            due=days(21),
            remind=days(7),
            levels=HELPDESK_THEN_SECRETARIAT,
            lapse=days(60),
            lapses_to=S.EXPIRED,
        ),
        S.SELECTED: Step(
            owner="capitals",
            audit="exchange.selected",
            to=frozenset({S.AGREED, S.CHOOSING, S.WITHDRAWN, S.ON_HOLD}),
            due=days(30),
            remind=days(7),
            levels=HELPDESK_THEN_SECRETARIAT,
            lapse=days(30),
            lapses_to=S.CHOOSING,
        ),
        S.AGREED: Step(
            owner="parties",
            audit="exchange.agreed",
            to=frozenset({S.SCHEDULED, S.CIRCULATED, S.WITHDRAWN, S.EXPIRED, S.ON_HOLD}),
            due=days(60),
            remind=days(14),
            levels=HELPDESK_THEN_SECRETARIAT,
            lapse=days(90),
            lapses_to=S.EXPIRED,
        ),
        S.SCHEDULED: Step(
            owner="parties",
            audit="exchange.scheduled",
            to=frozenset({S.HELD, S.AGREED, S.CIRCULATED, S.WITHDRAWN, S.ON_HOLD}),
            clock="the end of the agreed dates",
            levels=(Level(to="helpdesk", after=days(14)), Level(to="secretariat", after=days(28))),
        ),
        S.HELD: Step(
            owner="parties",
            audit="exchange.held",
            to=frozenset({S.FINISHED}),
            due=days(30),
            remind=days(7),
            levels=HELPDESK_THEN_SECRETARIAT,
        ),
        S.FINISHED: Step(
            owner="platform",
            audit="exchange.finished",
            to=frozenset({S.FOLLOW_UP}),
            due=days(182),
            lapses_to=S.FOLLOW_UP,
        ),
        S.FOLLOW_UP: Step(
            owner="parties",
            audit="exchange.follow_up",
            to=frozenset({S.CLOSED}),
            due=days(30),
            remind=days(7),
            levels=(Level(to="helpdesk"),),
            lapse=days(30),
            lapses_to=S.CLOSED,
        ),
        S.CLOSED: Step(owner="platform", audit="exchange.closed"),
        S.ON_HOLD: Step(
            owner="helpdesk",
            audit="exchange.held_back",
            to=frozenset(
                {
                    S.SUBMITTED,
                    S.CLARIFICATION,
                    S.CONFIRMATION,
                    S.CIRCULATED,
                    S.CHOOSING,
                    S.SELECTED,
                    S.AGREED,
                    S.SCHEDULED,
                    S.WITHDRAWN,
                }
            ),
            clock="stopped; what was left is kept",
        ),
        S.ANSWERED: Step(owner="platform", audit="exchange.answered"),
        S.NO_TAKER: Step(
            owner="requester",
            audit="exchange.no_taker",
            to=frozenset({S.CIRCULATED, S.ANSWERED, S.WITHDRAWN}),
        ),
        S.WITHDRAWN: Step(owner="platform", audit="exchange.withdrawn"),
        S.DECLINED: Step(owner="platform", audit="exchange.declined"),
        S.EXPIRED: Step(owner="platform", audit="exchange.expired"),
    },
)

HOLDABLE = frozenset(state for state in S if S.ON_HOLD in EXCHANGE.steps[state].to)
"""States that can stand still."""

OPEN = frozenset(
    {
        *HOLDABLE,
        S.ON_HOLD,
        S.HELD,
        S.FINISHED,
        S.FOLLOW_UP,
    }
)
"""States of a case that is under way for somebody."""

MOVES_BACK = frozenset(
    {
        (S.CHOOSING, S.CIRCULATED),
        (S.AGREED, S.CIRCULATED),
        (S.SCHEDULED, S.CIRCULATED),
        (S.NO_TAKER, S.CIRCULATED),
    }
)
"""Recirculating: a move back, at most twice a case."""

_M = Mover
_BOTH = frozenset({_M.REQUESTER, _M.PROVIDER})
_ASKS = frozenset({_M.REQUESTER})
_DESK = frozenset({_M.HELPDESK})
_ASKS_OR_DESK = _ASKS | _DESK

MOVERS: Mapping[tuple[S, S], frozenset[Mover]] = {
    (S.DRAFT, S.SUBMITTED): _ASKS,
    (S.DRAFT, S.WITHDRAWN): _ASKS,
    (S.SUBMITTED, S.CLARIFICATION): _DESK,
    (S.SUBMITTED, S.CONFIRMATION): _DESK,
    (S.SUBMITTED, S.ANSWERED): _DESK,
    (S.SUBMITTED, S.DECLINED): _DESK,
    (S.CLARIFICATION, S.SUBMITTED): _ASKS,
    (S.CLARIFICATION, S.ANSWERED): _ASKS_OR_DESK,
    (S.CLARIFICATION, S.EXPIRED): frozenset({_M.CLOCK}),
    (S.CONFIRMATION, S.CIRCULATED): frozenset({_M.CONSENT}),
    (S.CONFIRMATION, S.CLARIFICATION): frozenset({_M.CAPITAL}),
    (S.CONFIRMATION, S.ANSWERED): _ASKS_OR_DESK,
    (S.CONFIRMATION, S.EXPIRED): frozenset({_M.CLOCK}),
    (S.CIRCULATED, S.CHOOSING): _ASKS | {_M.CLOCK},
    (S.CIRCULATED, S.ANSWERED): _ASKS_OR_DESK,
    (S.CIRCULATED, S.NO_TAKER): _DESK | {_M.CLOCK},
    (S.CHOOSING, S.SELECTED): frozenset({_M.CONSENT}),
    (S.CHOOSING, S.CIRCULATED): _ASKS_OR_DESK,
    (S.CHOOSING, S.ANSWERED): _ASKS_OR_DESK,
    (S.CHOOSING, S.NO_TAKER): _ASKS_OR_DESK,
    (S.CHOOSING, S.EXPIRED): frozenset({_M.CLOCK}),
    (S.SELECTED, S.AGREED): frozenset({_M.CONSENT}),
    (S.SELECTED, S.CHOOSING): _BOTH | {_M.CAPITAL, _M.CLOCK},
    (S.AGREED, S.SCHEDULED): _BOTH,
    (S.AGREED, S.CIRCULATED): _ASKS_OR_DESK,
    (S.AGREED, S.EXPIRED): frozenset({_M.CLOCK}),
    (S.SCHEDULED, S.HELD): _BOTH,
    (S.SCHEDULED, S.AGREED): _BOTH,
    (S.SCHEDULED, S.CIRCULATED): _ASKS_OR_DESK,
    (S.HELD, S.FINISHED): frozenset({_M.CONSENT}),
    (S.FINISHED, S.FOLLOW_UP): frozenset({_M.CLOCK}),
    (S.FOLLOW_UP, S.CLOSED): frozenset({_M.CONSENT, _M.CLOCK}),
    (S.NO_TAKER, S.CIRCULATED): _ASKS_OR_DESK,
    (S.NO_TAKER, S.ANSWERED): _DESK,
    (S.NO_TAKER, S.WITHDRAWN): _ASKS | {_M.CAPITAL},
    (S.ON_HOLD, S.WITHDRAWN): _ASKS | {_M.CAPITAL},
    **{(state, S.WITHDRAWN): _ASKS | {_M.CAPITAL} for state in HOLDABLE},
    **{(state, S.ON_HOLD): _BOTH | _DESK | {_M.CONSENT} for state in HOLDABLE},
    **{(S.ON_HOLD, state): _BOTH | _DESK | {_M.CONSENT} for state in HOLDABLE},
}
"""Who may make each move of the table. The two questions, who and when, are answered apart."""

SAYS_WHY = frozenset(
    {
        (S.SUBMITTED, S.CLARIFICATION),
        (S.CLARIFICATION, S.SUBMITTED),
        (S.CONFIRMATION, S.CLARIFICATION),
        (S.SELECTED, S.CHOOSING),
        *((state, S.DECLINED) for state in S),
        *((state, S.ANSWERED) for state in S),
        *((state, S.NO_TAKER) for state in S),
        *((state, S.ON_HOLD) for state in S),
        *MOVES_BACK,
    }
)
"""Moves that say why, or carry the question, the answer or the direct answer itself."""
