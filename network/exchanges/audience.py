"""Whose seats hear of what in a case. Who holds them, and which mailboxes they read, is found later."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.errors import NotVisible
from network.applications.queries import member_states
from network.consents.models import ConsentKind
from network.exchanges import consenting, progress
from network.exchanges.listing import want_for
from network.exchanges.models import (
    Exchange,
    PartnerWish,
    Party,
    PartyKind,
    PartyRole,
    PartyState,
    WishKind,
)
from network.exchanges.models_case import (
    Bid,
    BidState,
    CaseEntry,
    DateProposal,
    FollowUp,
    ProposalState,
    Report,
    ReportState,
)
from network.exchanges.states import EXCHANGE, ExchangeState
from network.mechanisms.models import Mechanism
from network.notifications.subscriptions import Topic, subscribed
from network.seats.models import BodyKind, Role, Seat
from network.seats.queries import holder_of, is_open, open_seats, seats_of_state

S = ExchangeState
FOCAL = (Role.FOCAL_POINT, Role.DEPUTY)
CAPITAL = (Role.AUTHORISING,)
ALL = (*FOCAL, *CAPITAL)
NOBODY: tuple[Role, ...] = ()


def seats(
    session: Session, state_ids: Iterable[UUID], roles: Collection[Role], now: datetime
) -> list[UUID]:
    """The seats of these States in these roles, their mechanisms' seats among them."""
    if not roles:
        return []
    return [
        seat.id
        for state_id in dict.fromkeys(state_ids)
        for seat, _holder in seats_of_state(session, state_id, *roles, now=now)
    ]


def desk(session: Session, role: Role, now: datetime) -> list[UUID]:
    """The secretariat's seats of one role; all of the secretariat's where nobody holds such a one."""
    for asked in (role, Role.SECRETARIAT):
        found = open_seats(
            session, body_kind=BodyKind.SECRETARIAT, body_id=None, role=asked, now=now
        )
        held = [seat.id for seat, _holder in found if holder_of(session, seat.id, now)]
        if held:
            return held
    return []


def requesters(session: Session, exchange: Exchange) -> list[UUID]:
    """The States that ask."""
    return [p.body_id for p in consenting.state_parties(session, exchange.id, PartyRole.REQUESTER)]


def providers(session: Session, exchange: Exchange) -> list[UUID]:
    """The States that give."""
    return [p.body_id for p in consenting.state_parties(session, exchange.id, PartyRole.PROVIDER)]


def dropped(session: Session, exchange: Exchange, at: datetime) -> list[UUID]:
    """The States that gave until this very moment."""
    return _providers(session, exchange, Party.left_at == at)


def providers_then(session: Session, exchange: Exchange, at: datetime) -> list[UUID]:
    """The States that gave at `at`, whether or not they still do."""
    return _providers(
        session, exchange, Party.joined_at <= at, or_(Party.left_at.is_(None), Party.left_at > at)
    )


def _providers(
    session: Session, exchange: Exchange, *conditions: ColumnElement[bool]
) -> list[UUID]:
    wanted = select(Party.body_id).where(
        Party.exchange_id == exchange.id, Party.role == PartyRole.PROVIDER, *conditions
    )
    return list(session.scalars(wanted))


def members(session: Session, exchange: Exchange, now: datetime) -> list[UUID]:
    """Seats of members that the case goes to and that want to hear of requests like it."""
    is_party = select(Party.body_id).where(
        Party.exchange_id == exchange.id, Party.state != PartyState.LEFT
    )
    is_kept_out = select(PartnerWish.state_id).where(
        PartnerWish.exchange_id == exchange.id, PartnerWish.kind == WishKind.EXCLUDED
    )
    barred = {*session.scalars(is_party), *session.scalars(is_kept_out)}
    types = [exchange.type.value] if exchange.type else []
    want = subscribed(session, Topic.REQUESTS, now, themes=exchange.themes, types=types)
    states = set(member_states(session, now)) - barred
    of_mechanisms = select(Mechanism.id).where(Mechanism.state_id.in_(states))
    bodies = states | set(session.scalars(of_mechanisms))
    of_states = Seat.body_kind.in_([BodyKind.STATE, BodyKind.MECHANISM])
    found = select(Seat.id).where(Seat.id.in_(want), of_states, Seat.body_id.in_(bodies))
    return list(session.scalars(found.order_by(Seat.id)))


def of_party(session: Session, party: Party, now: datetime) -> list[UUID]:
    """The seats of one party: a State's focal points, or an organisation's seats."""
    if party.kind is PartyKind.STATE:
        return seats(session, [party.body_id], FOCAL, now)
    return list(
        session.scalars(
            select(Seat.id).where(
                Seat.body_kind == BodyKind.ORGANISATION, Seat.body_id == party.body_id, is_open(now)
            )
        )
    )


def owners(session: Session, exchange: Exchange, now: datetime) -> list[UUID]:
    """Who a case waits for at this moment, according to its table: a reminder goes to them.

    A side that has done its part is not reminded; a report that waits for its State's consent is
    the capital's to move. While members read a request, it is the State that asks which waits.
    """
    owner = EXCHANGE.steps[exchange.state].owner
    if owner == "helpdesk":
        return desk(session, Role.HELPDESK, now)
    if owner in {"requester", "members"}:
        return seats(session, requesters(session, exchange), FOCAL, now)
    if owner in {"capital", "capitals"}:
        return seats(session, still_to_consent(session, exchange, now), CAPITAL, now)
    if exchange.state is S.HELD:
        return _reporters(session, exchange, now)
    states = progress.reporting_states(session, exchange)
    if exchange.state is S.FOLLOW_UP:
        there = set(
            session.scalars(select(FollowUp.state_id).where(FollowUp.exchange_id == exchange.id))
        )
        states = [state for state in states if state not in there]
    return seats(session, states, FOCAL, now)


def still_to_consent(session: Session, exchange: Exchange, now: datetime) -> list[UUID]:
    """The States whose consent the case waits for."""
    to = progress.AWAITING.get(exchange.state)
    if to is None:
        return []
    wants = consenting.needed(session, exchange, to)
    return [want.state_id for want in wants if not consenting.are_in_force(session, [want], now)]


def _reporters(session: Session, exchange: Exchange, now: datetime) -> list[UUID]:
    rows = session.scalars(select(Report).where(Report.exchange_id == exchange.id))
    known = {row.state_id: row.state for row in rows}
    found: list[UUID] = []
    for state_id in progress.reporting_states(session, exchange):
        stands = known.get(state_id, ReportState.DRAFT)
        if stands is ReportState.DRAFT:
            found += seats(session, [state_id], FOCAL, now)
        if stands is ReportState.WAITING:
            found += seats(session, [state_id], CAPITAL, now)
    return found


def asked(
    session: Session, exchange: Exchange, kind: ConsentKind, subject_id: UUID, now: datetime
) -> list[UUID]:
    """The States whose consent of this kind to this subject the case still waits for."""
    parties = select(Party.body_id).where(
        Party.exchange_id == exchange.id,
        Party.kind == PartyKind.STATE,
        Party.state != PartyState.LEFT,
    )
    bidders = select(Bid.state_id).where(
        Bid.exchange_id == exchange.id, Bid.state != BidState.WITHDRAWN
    )
    found = []
    for state_id in dict.fromkeys([*session.scalars(parties), *session.scalars(bidders)]):
        try:
            want = want_for(session, exchange, state_id, kind, subject_id)
        except NotVisible:
            continue
        if not consenting.are_in_force(session, [want], now):
            found.append(state_id)
    return found


def stood_before(session: Session, entry: CaseEntry) -> ExchangeState | None:
    """Where a case stood before this line of its timeline; for one on hold, where it was held."""
    if entry.old is not S.ON_HOLD:
        return entry.old
    return session.scalar(
        select(CaseEntry.old)
        .where(
            CaseEntry.exchange_id == entry.exchange_id,
            CaseEntry.new == S.ON_HOLD,
            CaseEntry.position < entry.position,
        )
        .order_by(CaseEntry.position.desc())
        .limit(1)
    )


def is_newest(session: Session, entry: CaseEntry) -> bool:
    """Whether the case has not moved since this line of its timeline."""
    newest = session.scalar(
        select(CaseEntry.id)
        .where(CaseEntry.exchange_id == entry.exchange_id, CaseEntry.new.is_not(None))
        .order_by(CaseEntry.position.desc())
        .limit(1)
    )
    return newest == entry.id


def last_dates(session: Session, exchange_id: UUID) -> DateProposal | None:
    """The dates that were accepted last, whether they still hold or not."""
    return next(iter(_accepted(session, exchange_id)), None)


def dates_before(session: Session, exchange: Exchange) -> DateProposal | None:
    """The dates that held last and hold no more."""
    accepted = _accepted(session, exchange.id)
    gone = accepted if exchange.starts_at is None else accepted[1:]
    return next(iter(gone), None)


def _accepted(session: Session, exchange_id: UUID) -> list[DateProposal]:
    """Accepted dates, the latest first."""
    wanted = select(DateProposal).where(
        DateProposal.exchange_id == exchange_id, DateProposal.state == ProposalState.ACCEPTED
    )
    return list(session.scalars(wanted.order_by(DateProposal.answered_at.desc(), DateProposal.id)))
