"""What consents that were given, withdrawn or contested anywhere mean for the case they belong to.

A consent may come from the case's own page, from the list of a State's consents, by the API or on
paper. The case goes on or stands still all the same, and its timeline says who did it. What was
held is held: after the event nothing stands still any more, and only publications are hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.context import SYSTEM, Actor
from core.outbox import Fact
from network.consents import facts
from network.consents.models import Consent, ConsentKind, Withdrawal
from network.consents.queries import is_conflict
from network.exchanges import consenting, listing, moving, progress
from network.exchanges.consenting import Needed
from network.exchanges.models import Exchange, HoldReason
from network.exchanges.models_case import CaseEntry
from network.exchanges.moving import Act
from network.exchanges.states import ExchangeState

Handler = Callable[[Session, Any, datetime], None]

ONLY_WAITED = frozenset({ConsentKind.BID, ConsentKind.SELECTION, ConsentKind.OUTCOME})
"""Kinds that a case waits for rather than rests on: without them the words go back to their author."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One act of a State about a subject: who did it, when, and the timeline's word for it."""

    word: str
    kind: ConsentKind
    subject_id: UUID
    state_id: UUID
    at: datetime
    seat_id: UUID | None
    person_id: UUID | None
    reason: str = ""
    also: str = ""

    @property
    def want(self) -> Needed:
        """The same as something that a case needs."""
        return Needed(
            state_id=self.state_id, kind=self.kind, subject_kind="", subject_id=self.subject_id
        )


def follow_given(session: Session, fact: facts.ConsentGiven, now: datetime) -> None:
    """The case goes on if that was all it waited for."""
    row = session.get_one(Consent, fact.consent_id)
    said = _of_consent(row, "given", row.given_at, row.person_id)
    _review(session, said, now)


def follow_paper(session: Session, fact: facts.ConsentEnteredOnPaper, now: datetime) -> None:
    """A paper counts from its second entering on; it moves a case as any other consent does."""
    row = session.get_one(Consent, fact.consent_id)
    said = _of_consent(row, "on_paper", row.second_at or row.given_at, row.second_by)
    _review(session, said, now)


def follow_contested(session: Session, fact: facts.ConsentContested, now: datetime) -> None:
    """A paper that its State does not own up to takes back what rests on it."""
    row = session.get_one(Consent, fact.consent_id)
    said = _of_consent(row, "contested", row.contested_at or row.given_at, row.contested_by)
    _review(session, said, now)


def follow_withdrawal(session: Session, fact: facts.ConsentWithdrawn, now: datetime) -> None:
    """What rests on the consent stands still; what only waited for it goes back to its author."""
    row = session.get_one(Withdrawal, fact.withdrawal_id)
    said = Said(
        word=f"consent.withdrawn.{row.kind.value}",
        also=f"consent.refused.{row.kind.value}",
        kind=row.kind,
        subject_id=row.subject_id,
        state_id=row.state_id,
        at=row.at,
        seat_id=row.seat_id,
        person_id=row.person_id,
        reason=row.reason,
    )
    exchange = _case(session, said)
    if exchange is None:
        return
    _write_down(session, exchange, said)
    chosen_by_some = said.kind is ConsentKind.SELECTION and is_conflict(session, row.id)
    if row.lifted_at is None and said.kind in ONLY_WAITED and not chosen_by_some:
        act = Act(by=SYSTEM, now=now, state_id=said.state_id)
        progress.take_back(session, exchange, said.want, act)
        return
    progress.review(session, exchange, Act(by=SYSTEM, now=now))


def follow_conflict(session: Session, fact: facts.ConsentsConflict, now: datetime) -> None:
    """Two seats of a State contradict each other: the case stands still until they agree.

    Where the case does not rest on that consent, the withdrawal has won and there is nothing to hold.
    """
    kind = ConsentKind(fact.kind)
    exchange_id = listing.case_of_subject(session, kind, fact.subject_id)
    if exchange_id is None:
        return
    exchange = moving.locked(session, exchange_id)
    act = Act(by=SYSTEM, now=now)
    if progress.is_over(exchange, act) or progress.fallen(session, exchange, act) is None:
        return
    if exchange.state is ExchangeState.ON_HOLD:
        if exchange.hold_reason is not HoldReason.ASKED:
            exchange.hold_reason = HoldReason.CONFLICT
        return
    moving.hold(session, exchange, HoldReason.CONFLICT, act)


def _of_consent(row: Consent, word: str, at: datetime, person_id: UUID | None) -> Said:
    return Said(
        word=f"consent.{word}.{row.kind.value}",
        kind=row.kind,
        subject_id=row.subject_id,
        state_id=row.state_id,
        at=at,
        seat_id=row.seat_id,
        person_id=person_id,
    )


def _case(session: Session, said: Said) -> Exchange | None:
    """The case that this is about, locked; None if it is about something else."""
    exchange_id = listing.case_of_subject(session, said.kind, said.subject_id)
    return moving.locked(session, exchange_id) if exchange_id is not None else None


def _review(session: Session, said: Said, now: datetime) -> None:
    exchange = _case(session, said)
    if exchange is None:
        return
    _write_down(session, exchange, said)
    progress.review(session, exchange, Act(by=SYSTEM, now=now))


def _write_down(session: Session, exchange: Exchange, said: Said) -> None:
    """Put the act on the timeline, unless the case's own page has done so."""
    words = [word for word in (said.word, said.also) if word]
    known = exists().where(
        CaseEntry.exchange_id == exchange.id,
        CaseEntry.word.in_(words),
        CaseEntry.at == said.at,
        CaseEntry.state_id == said.state_id,
    )
    if session.scalar(select(known)):
        return
    by = SYSTEM
    if said.person_id is not None:
        by = Actor(kind="person", person_id=said.person_id, seat_id=said.seat_id)
    moving.note(
        session,
        exchange,
        said.word,
        Act(by=by, now=said.at, reason=said.reason, state_id=said.state_id),
        audience=consenting.audience_of(said.want),
        bid_id=consenting.bid_of(session, said.want),
    )
    session.flush()


CASE_CONSENTS: dict[type[Fact], tuple[Handler, ...]] = {
    facts.ConsentGiven: (follow_given,),
    facts.ConsentEnteredOnPaper: (follow_paper,),
    facts.ConsentContested: (follow_contested,),
    facts.ConsentWithdrawn: (follow_withdrawal,),
    facts.ConsentsConflict: (follow_conflict,),
}
