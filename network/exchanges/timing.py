"""How long each state lasts: the table's days, unless the secretariat has said something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.context import Actor
from core.errors import Invalid, NotAllowed
from core.languages import _
from network.exchanges.models import Term
from network.exchanges.states import EXCHANGE, ExchangeState
from network.seats.models import Role, Seat

LEAST, MOST = 1, 730
TIMED = tuple(state for state in ExchangeState if EXCHANGE.steps[state].due is not None)
"""States with a clock of so many days."""


def usual_days(state: ExchangeState) -> int:
    """The table's own days."""
    due = EXCHANGE.steps[state].due
    return due.days if due is not None else 0


def terms(session: Session) -> Mapping[ExchangeState, Term]:
    """What the secretariat has said, by state."""
    return {term.state: term for term in session.scalars(select(Term))}


def set_term(
    session: Session, *, state: ExchangeState, days: int | None, by: Actor, now: datetime
) -> None:
    """Let a state last so many days from the next case on that enters it."""
    seat = session.get(Seat, by.seat_id) if by.seat_id else None
    if seat is None or seat.role is not Role.SECRETARIAT:
        raise NotAllowed(_("Only the secretariat may do this."))
    if state not in TIMED:
        raise Invalid({"state": _("Choose one of the answers offered.")})
    if days is None or not LEAST <= days <= MOST:
        raise Invalid({"days": _("Give a whole number from %(least)s to %(most)s.",
                                 least=LEAST, most=MOST)})  # fmt: skip
    known = session.scalar(select(Term).where(Term.state == state).with_for_update())
    if known is None:
        session.add(Term(state=state, days=days, set_at=now, set_by=by.person_id))
    else:
        known.days, known.set_at, known.set_by = days, now, by.person_id
    session.flush()
    audit.write(
        session,
        "exchange.term_set",
        by=by,
        now=now,
        subject_kind="term",
        subject_id=None,
        details={"state": state.value, "days": str(days)},
    )
