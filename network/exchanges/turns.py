"""Whose turn it is in a case, and to do what: one answer for the workspace and for the case's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.languages import _l
from network.exchanges.models_case import ReportState
from network.exchanges.queries import Side
from network.exchanges.rules import DESK_ROLES, WRITING_ROLES
from network.exchanges.states import ExchangeState
from network.seats.models import Role

S = ExchangeState


class Do(StrEnum):
    """What somebody can do next."""

    FINISH = "finish"
    ANSWER = "answer"
    CHOOSE = "choose"
    RECIRCULATE = "recirculate"
    PROPOSE = "propose"
    ANSWER_DATES = "answer_dates"
    SAY_HELD = "say_held"
    REPORT = "report"
    SAY_CHANGED = "say_changed"
    SCREEN = "screen"
    UNSTICK = "unstick"
    WAIVE = "waive"
    CHASE = "chase"


@dataclass(frozen=True, kw_only=True)
class Stand:
    """What decides whose turn it is. `open_dates` says whether an open proposal is one's own."""

    state: ExchangeState
    side: Side
    role: Role
    bids: int = 0
    is_chosen: bool = False
    open_dates: bool | None = None
    report: ReportState | None = None
    has_answered: bool = False
    is_over: bool = False
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Turn:
    """How it is said, and where it is done: an endpoint of the case, or a place on its page."""

    verb: Any
    action: Any
    endpoint: str = "exchanges.case"
    anchor: str | None = None


TURNS: Mapping[Do, Turn] = {
    Do.FINISH: Turn(
        verb=_l("Finish your request:"), action=_l("Go on writing"), endpoint="exchanges.edit"
    ),
    Do.ANSWER: Turn(
        verb=_l("Answer the helpdesk’s question on"), action=_l("Answer"), anchor="answer"
    ),
    Do.CHOOSE: Turn(
        verb=_l("Choose a partner for"), action=_l("Compare bids"), endpoint="exchanges.bids"
    ),
    Do.RECIRCULATE: Turn(
        verb=_l("Nobody could help with"), action=_l("Decide what next"), anchor="moves"
    ),
    Do.PROPOSE: Turn(
        verb=_l("Propose dates for"), action=_l("Propose dates"), endpoint="exchanges.dates"
    ),
    Do.ANSWER_DATES: Turn(
        verb=_l("Answer the dates proposed for"),
        action=_l("Look at the dates"),
        endpoint="exchanges.dates",
    ),
    Do.SAY_HELD: Turn(verb=_l("Did it take place?"), action=_l("Say so"), anchor="moves"),
    Do.REPORT: Turn(
        verb=_l("Write the short report on"),
        action=_l("Write the report"),
        endpoint="exchanges.report",
    ),
    Do.SAY_CHANGED: Turn(
        verb=_l("What has changed since"), action=_l("Answer"), endpoint="exchanges.follow_up"
    ),
    Do.SCREEN: Turn(verb=_l("Look at a new request:"), action=_l("Look"), anchor="moves"),
    Do.UNSTICK: Turn(verb=_l("On hold:"), action=_l("Look"), anchor="moves"),
    Do.WAIVE: Turn(
        verb=_l("A report is overdue:"),
        action=_l("Remind or waive"),
        endpoint="exchanges.report",
    ),
    Do.CHASE: Turn(verb=_l("Overdue:"), action=_l("Look"), anchor="moves"),
}


def turn_of(stand: Stand) -> Do | None:
    """What this seat can do now; None while it waits for others, or nothing is to be done."""
    if stand.side is Side.HELPDESK and stand.role in DESK_ROLES:
        return _of_desk(stand)
    if stand.role not in WRITING_ROLES:
        return None
    if stand.side is Side.REQUESTER:
        return _of_requester(stand) or _of_party(stand)
    return _of_party(stand) if stand.side is Side.PROVIDER else None


def _of_desk(stand: Stand) -> Do | None:
    if stand.state is S.SUBMITTED:
        return Do.SCREEN
    if stand.state is S.ON_HOLD:
        return Do.UNSTICK
    if not stand.is_late:
        return None
    return Do.WAIVE if stand.state is S.HELD else Do.CHASE


def _of_requester(stand: Stand) -> Do | None:
    may_choose = bool(stand.bids) and not stand.is_chosen
    if stand.state in {S.CIRCULATED, S.CHOOSING} and may_choose:
        return Do.CHOOSE
    return {
        S.DRAFT: Do.FINISH,
        S.CLARIFICATION: Do.ANSWER,
        S.NO_TAKER: Do.RECIRCULATE,
    }.get(stand.state)


def _of_party(stand: Stand) -> Do | None:
    if stand.state in {S.AGREED, S.SCHEDULED} and stand.open_dates is False:
        return Do.ANSWER_DATES
    if stand.state is S.AGREED and stand.open_dates is None:
        return Do.PROPOSE
    if stand.state is S.SCHEDULED and stand.is_over:
        return Do.SAY_HELD
    if stand.state is S.HELD and stand.report in {None, ReportState.DRAFT}:
        return Do.REPORT
    if stand.state is S.FOLLOW_UP and not stand.has_answered:
        return Do.SAY_CHANGED
    return None
