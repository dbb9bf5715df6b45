"""A case brought to any state of the table, and everybody who could try to move it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.context import SYSTEM, Actor
from network.exchanges.models import Exchange
from network.exchanges.models_case import CaseEntry
from network.exchanges.states import ExchangeState, Mover
from network.seats.models import Holder
from tests.walls.cast import acts
from tests.walls.exchanges import Table

S = ExchangeState
ACTORS: dict[str, Mover | None] = {
    "requester": Mover.REQUESTER,
    "requester's capital": Mover.CAPITAL,
    "provider": Mover.PROVIDER,
    "provider's capital": Mover.CAPITAL,
    "bidder not selected": None,
    "member": None,
    "helpdesk": Mover.HELPDESK,
    "organisation": None,
}
"""Who tries, and in which capacity if the case is theirs."""

BY_THE_WAY = {
    S.DRAFT: "draft",
    S.SUBMITTED: "submitted",
    S.CONFIRMATION: "awaiting_capital",
    S.CIRCULATED: "circulated",
    S.SELECTED: "selected",
    S.AGREED: "agreed",
    S.SCHEDULED: "scheduled",
    S.HELD: "held",
    S.FINISHED: "finished",
    S.FOLLOW_UP: "followed_up",
    S.CLOSED: "closed",
}
WITH_PARTNER = frozenset(
    {S.SELECTED, S.AGREED, S.SCHEDULED, S.HELD, S.FINISHED, S.FOLLOW_UP, S.CLOSED, S.ON_HOLD}
)
"""States in which the provider is a party, as this stage brings cases to them."""


@dataclass
class World:
    """A table that stays, and one case after the other."""

    table: Table
    organisation: Holder

    def holder(self, actor: str) -> Holder:
        """Who acts."""
        states = self.table.states
        return {
            "requester": states["XAA"].focal,
            "requester's capital": states["XAA"].capital,
            "provider": states["XAB"].focal,
            "provider's capital": states["XAB"].capital,
            "bidder not selected": states["XAC"].focal,
            "member": states["XAD"].focal,
            "helpdesk": self.table.desk,
            "organisation": self.organisation,
        }[actor]

    def acts(self, actor: str) -> Actor:
        """As an actor for services, their own factor fresh."""
        holder = self.holder(actor)
        return acts(holder.person_id, holder.seat_id, proved_at=self.table.now)

    def case(self, state: S) -> Exchange:
        """A case in that state, by the ordinary way; the stage's clock starts anew."""
        table = self.table
        table.now = table.cast.at
        if state in BY_THE_WAY:
            made: Exchange = getattr(table, BY_THE_WAY[state])()
            if state is S.HELD:
                table.hand_in_report(made, "XAA")
                table.hand_in_report(made, "XAB")
            return made
        return self._aside(state)

    def _aside(self, state: S) -> Exchange:
        table = self.table
        desk, focal = table.helpdesk(), table.focal()
        if state is S.CHOOSING:
            exchange = table.circulated()
            table.choose(exchange, table.bid(exchange, "XAB"))
            return exchange
        ways: dict[S, tuple[str, Actor, str]] = {
            S.CLARIFICATION: ("submitted", desk, "Which tool?"),
            S.NO_TAKER: ("circulated", desk, "Nobody could."),
            S.ON_HOLD: ("scheduled", focal, "Elections."),
            S.ANSWERED: ("submitted", desk, "See the guide."),
            S.DECLINED: ("submitted", desk, "Out of scope."),
            S.WITHDRAWN: ("submitted", focal, ""),
            S.EXPIRED: ("awaiting_capital", SYSTEM, ""),
        }
        before, by, reason = ways[state]
        made: Exchange = getattr(table, before)()
        return table.move(made, state, by, reason)


def snapshot(session: Session, exchange_id: Any) -> tuple[Any, ...]:
    """All that a refused move must leave alone."""
    session.expire_all()
    row = session.get_one(Exchange, exchange_id)
    lines = session.scalar(
        select(func.count()).select_from(CaseEntry).where(CaseEntry.exchange_id == exchange_id)
    )
    return (row.state, row.turn, row.due_at, row.held_from, row.recirculated, lines)


def is_named(state: S, to: S, actor: str, movers: frozenset[Mover]) -> bool:
    """Whether the table lets this actor ask for the move, told a second time and plainly."""
    mover = ACTORS[actor]
    if mover is None or (actor.startswith("provider") and state not in WITH_PARTNER):
        return False
    if Mover.CONSENT in movers:
        return True
    if mover not in movers:
        return False
    is_foreign_capital = actor == "provider's capital"
    return not (is_foreign_capital and (to is S.WITHDRAWN or state is S.CONFIRMATION))
