"""The cases a seat has under way, each with what decides whose turn it is, and their last lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, func, or_, select, union
from sqlalchemy.orm import Session

from network.exchanges.models import Exchange, Party, PartyRole, PartyState
from network.exchanges.models_case import (
    Audience,
    Bid,
    BidState,
    CaseEntry,
    DateProposal,
    FollowUp,
    ProposalState,
    Report,
)
from network.exchanges.queries import SIDES, Side
from network.exchanges.states import OPEN, ExchangeState
from network.exchanges.turns import Stand
from network.seats.models import Role

S = ExchangeState
MOST = 50
LINES_MOST = 12
ON_THE_TABLE = (BidState.SENT, BidState.CHOSEN, BidState.SELECTED)
PICKED = (BidState.CHOSEN, BidState.SELECTED)
AT_HAND = frozenset({*OPEN, S.DRAFT, S.NO_TAKER})


@dataclass(frozen=True, kw_only=True)
class AtHand:
    """One case and whose turn it is in it."""

    exchange: Exchange
    stand: Stand


def of_state(session: Session, state_id: UUID, role: Role, now: datetime) -> list[AtHand]:
    """The open cases in which a State asks or gives, due first; in one statement."""
    bids = (
        select(func.count())
        .where(Bid.exchange_id == Exchange.id, Bid.state.in_(ON_THE_TABLE))
        .scalar_subquery()
    )
    chosen = exists().where(Bid.exchange_id == Exchange.id, Bid.state.in_(PICKED))
    proposer = (
        select(DateProposal.state_id)
        .where(DateProposal.exchange_id == Exchange.id, DateProposal.state == ProposalState.OPEN)
        .scalar_subquery()
    )
    report = (
        select(Report.state)
        .where(Report.exchange_id == Exchange.id, Report.state_id == state_id)
        .scalar_subquery()
    )
    answered = exists().where(FollowUp.exchange_id == Exchange.id, FollowUp.state_id == state_id)
    rows = session.execute(
        select(Exchange, Party.role, bids, chosen, proposer, report, answered)
        .join(Party, Party.exchange_id == Exchange.id)
        .where(
            Party.body_id == state_id,
            Party.state == PartyState.JOINED,
            Party.role.in_([PartyRole.REQUESTER, PartyRole.PROVIDER]),
            Exchange.state.in_(AT_HAND),
        )
        .order_by(Exchange.due_at.nulls_last(), Exchange.state_since)
        .limit(MOST)
    )
    return [
        AtHand(
            exchange=exchange,
            stand=Stand(
                state=exchange.state,
                side=SIDES[party_role],
                role=role,
                bids=many,
                is_chosen=is_chosen,
                open_dates=None if by is None else by == state_id,
                report=report_state,
                has_answered=has_answered,
                is_over=exchange.ends_at is not None and exchange.ends_at <= now,
                is_late=exchange.due_at is not None and exchange.due_at <= now,
            ),
        )
        for exchange, party_role, many, is_chosen, by, report_state, has_answered in rows
    ]


def of_desk(session: Session, role: Role, now: datetime) -> list[AtHand]:
    """What the helpdesk looks at: new requests, cases on hold, clocks that have run out."""
    late = and_(Exchange.due_at <= now, Exchange.state.in_(OPEN))
    rows = session.scalars(
        select(Exchange)
        .where(or_(Exchange.state.in_([S.SUBMITTED, S.ON_HOLD]), late))
        .order_by(Exchange.due_at.nulls_last(), Exchange.state_since)
        .limit(MOST)
    )
    return [
        AtHand(
            exchange=exchange,
            stand=Stand(
                state=exchange.state,
                side=Side.HELPDESK,
                role=role,
                is_late=exchange.due_at is not None and exchange.due_at <= now,
            ),
        )
        for exchange in rows
    ]


def last_lines(
    session: Session, state_id: UUID | None, *, most: int = LINES_MOST
) -> Sequence[tuple[CaseEntry, Exchange]]:
    """The newest lines that a State may read in its cases and of its bids; None: the helpdesk's."""
    wanted = select(CaseEntry, Exchange).join(Exchange, Exchange.id == CaseEntry.exchange_id)
    if state_id is None:
        wanted = wanted.where(Exchange.state != S.DRAFT)
    else:
        wanted = wanted.where(CaseEntry.exchange_id.in_(_touched(state_id)), _reads(state_id))
    rows = session.execute(
        wanted.order_by(CaseEntry.at.desc(), CaseEntry.position.desc()).limit(most)
    )
    return [(entry, exchange) for entry, exchange in rows]


def _touched(state_id: UUID) -> CompoundSelect[UUID]:
    """The cases that a State belongs to or has bid in: few, so that no other line is looked at."""
    return union(
        select(Party.exchange_id).where(
            Party.body_id == state_id, Party.state == PartyState.JOINED
        ),
        select(Bid.exchange_id).where(Bid.state_id == state_id),
    )


def _reads(state_id: UUID) -> ColumnElement[bool]:
    """The lines of a State's cases that `queries.timeline` shows it, and those of its own bids.

    Its own consents are told among the consents already.
    """

    def joined(*roles: PartyRole) -> ColumnElement[bool]:
        return CaseEntry.exchange_id.in_(
            select(Party.exchange_id).where(
                Party.body_id == state_id,
                Party.state == PartyState.JOINED,
                Party.role.in_(roles),
            )
        )

    sent = exists().where(Bid.id == CaseEntry.bid_id, Bid.sent_at.is_not(None))
    offers = and_(CaseEntry.word.in_(["bid.sent", "bid.withdrawn"]), sent)
    asks = CaseEntry.audience.in_([Audience.PARTIES, Audience.REQUESTER])
    own_consent = CaseEntry.state_id.is_not_distinct_from(state_id) & CaseEntry.word.startswith(
        "consent."
    )
    return ~own_consent & or_(
        and_(CaseEntry.state_id == state_id, CaseEntry.audience == Audience.BIDDER),
        and_(joined(PartyRole.REQUESTER), or_(asks, offers)),
        and_(joined(*PartyRole), CaseEntry.audience == Audience.PARTIES),
    )
