"""Who could be asked about a request: offers of members and what is known of each, in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from core.languages import current
from network.accounts.models import Person
from network.applications.models import Membership, MembershipStatus
from network.applications.queries import member_states, stands
from network.exchanges.matching import Candidate, Need, Suggestion, suggest
from network.exchanges.models import (
    Exchange,
    PartnerWish,
    Party,
    PartyKind,
    PartyRole,
    PartyState,
    WishKind,
)
from network.exchanges.models_case import Bid, BidState
from network.exchanges.states import ExchangeState
from network.mechanisms.members import member, visible_to
from network.mechanisms.models import Field, Mechanism
from network.offers.queries import OpenOffer, open_offers
from network.seats.models import BodyKind, Holder, Role, Seat
from network.seats.queries import holds
from network.taxonomy.models import State
from network.taxonomy.queries import name_order
from network.taxonomy.rules import holds_on

S = ExchangeState
TOOK_PLACE = (S.HELD, S.FINISHED, S.FOLLOW_UP, S.CLOSED)
ANSWERABLE = (BidState.WAITING, BidState.SENT, BidState.CHOSEN)
TOOLS = frozenset({Field.TRACKING_TOOL, Field.TOOL_ADDRESS})
TOLD = (Field.TYPE, *TOOLS)
"""What is weighed of a mechanism's facts."""

NOT_TOLD = "UTC"
"""A zone that nobody has set."""


def members(session: Session, now: datetime) -> Sequence[State]:
    """The States that are members, in the order of their names in the reader's language."""
    return session.scalars(
        select(State)
        .join(Membership, Membership.state_id == State.id)
        .where(Membership.status == MembershipStatus.MEMBER, stands(now))
        .order_by(*name_order(current()))
    ).all()


def suggestions(session: Session, exchange: Exchange, now: datetime) -> list[Suggestion]:
    """Everybody who may be asked about a case, the best fit first, with the reasons.

    Needs the case's wishes loaded. Only members the case would go to stand here; who is left out
    is not told, since that would tell of others' cases.
    """
    today = now.date()
    known = set(member_states(session, now))
    offers = [one for one in open_offers(session, today, *TOLD) if one.state_id in known]
    record = _Record.read(session, now)
    need = _need(session, exchange, record, today)
    return suggest(need, [_candidate(one, record, today) for one in offers], today)


class _Record:
    """What States have done and have to do, and on which clocks they live."""

    def __init__(self) -> None:
        self.busy: Mapping[UUID, int] = {}
        self.held: Mapping[UUID, int] = {}
        self.received: Mapping[UUID, int] = {}
        self.open_bids: Mapping[UUID, int] = {}
        self.zones: Mapping[UUID, str] = {}

    @classmethod
    def read(cls, session: Session, now: datetime) -> _Record:
        """All of it in five statements, for all States: naming most of them would cost more."""
        found = cls()
        year = datetime(now.year, 1, 1, tzinfo=UTC)
        joined = (
            select(Party.body_id, func.count())
            .join(Exchange, Exchange.id == Party.exchange_id)
            .where(Party.kind == PartyKind.STATE, Party.state == PartyState.JOINED)
            .group_by(Party.body_id)
        )
        gave = joined.where(Party.role == PartyRole.PROVIDER)
        took = joined.where(Party.role == PartyRole.REQUESTER)
        held = Exchange.state.in_(TOOK_PLACE)
        found.busy = _counts(session, gave.where(Party.joined_at >= year))
        found.held = _counts(session, gave.where(held))
        found.received = _counts(session, took.where(held))
        found.open_bids = _counts(
            session,
            select(Bid.state_id, func.count())
            .where(Bid.state.in_(ANSWERABLE))
            .group_by(Bid.state_id),
        )
        found.zones = _zones(session, now)
        return found


def _counts(session: Session, counted: Any) -> dict[UUID, int]:
    return {row[0]: row[1] for row in session.execute(counted)}


def _zones(session: Session, now: datetime) -> dict[UUID, str]:
    """The zones that focal points have set, by State."""
    rows = session.execute(
        select(func.coalesce(Mechanism.state_id, Seat.body_id), Person.zone)
        .select_from(Holder)
        .join(Seat, Seat.id == Holder.seat_id)
        .join(Person, Person.id == Holder.person_id)
        .outerjoin(Mechanism, Mechanism.id == Seat.body_id)
        .where(
            Seat.role == Role.FOCAL_POINT,
            Seat.body_kind.in_([BodyKind.STATE, BodyKind.MECHANISM]),
            Person.zone != NOT_TOLD,
            holds(now),
        )
        .order_by(Holder.since.desc(), Holder.id)
    )
    return {row[0]: row[1] for row in rows}


def _need(session: Session, exchange: Exchange, record: _Record, today: date) -> Need:
    state = session.scalars(
        select(State)
        .where(State.id == exchange.state_id)
        .options(selectinload(State.classifications))
        .execution_options(populate_existing=True)
    ).one()
    own = session.scalars(
        select(Mechanism)
        .where(Mechanism.state_id == exchange.state_id)
        .options(selectinload(Mechanism.facts.and_(visible_to(member(exchange.state_id)).facts)))
        .order_by(Mechanism.is_lead.desc(), Mechanism.key)
    ).first()
    wished = {kind: _wished(exchange.wishes, kind) for kind in WishKind}
    return Need(
        state_id=exchange.state_id,
        themes=frozenset(exchange.themes),
        capacities=frozenset(exchange.capacities),
        type=exchange.type,
        languages=frozenset(exchange.languages),
        group=_word(state, "group", today),
        flags=_flags(state, today),
        mechanism_type=_fact(own, Field.TYPE) if own else None,
        has_tool=_has_tool(own) if own else False,
        utc_offset=_offset(record.zones.get(exchange.state_id), today),
        excluded=wished[WishKind.EXCLUDED],
        preferred=wished[WishKind.PREFERRED],
        received=record.received.get(exchange.state_id, 0),
    )


def _wished(wishes: Iterable[PartnerWish], kind: WishKind) -> frozenset[UUID]:
    return frozenset(wish.state_id for wish in wishes if wish.kind is kind)


def _candidate(offer: OpenOffer, record: _Record, today: date) -> Candidate:
    state_id = offer.state_id
    return Candidate(
        state_id=state_id,
        mechanism_id=offer.mechanism_id,
        per_year=offer.per_year,
        themes=offer.themes,
        capacities=offer.capacities,
        types=offer.types,
        languages=offer.languages,
        busy_this_year=record.busy.get(state_id, 0),
        open_bids=record.open_bids.get(state_id, 0),
        group=min(offer.classified.get("group", ()), default=None),
        flags=offer.classified.get("flag", frozenset()),
        mechanism_type=offer.facts.get(Field.TYPE),
        has_tool=not TOOLS.isdisjoint(offer.facts),
        utc_offset=_offset(record.zones.get(state_id), today),
        held=record.held.get(state_id, 0),
    )


def _word(state: State, kind: str, today: date) -> str | None:
    return next(
        (row.word for row in state.classifications if row.kind == kind and holds_on(row, today)),
        None,
    )


def _flags(state: State, today: date) -> frozenset[str]:
    return frozenset(
        row.word for row in state.classifications if row.kind == "flag" and holds_on(row, today)
    )


def _fact(mechanism: Mechanism, field: Field) -> str | None:
    return next((fact.value for fact in mechanism.facts if fact.field is field), None)


def _has_tool(mechanism: Mechanism) -> bool:
    return any(fact.field in TOOLS for fact in mechanism.facts)


@lru_cache(maxsize=1_000)
def _offset(zone: str | None, today: date) -> float | None:
    """Hours east of Greenwich on this day; None where no zone is known."""
    if zone is None:
        return None
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo(zone))
    apart = noon.utcoffset()
    return apart.total_seconds() / 3600 if apart is not None else None
