"""Lists of cases: a State's own, the helpdesk's, those that go to a member, what waits for consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from core.errors import NotVisible
from core.languages import _
from network.applications.queries import is_member
from network.consents.models import ConsentKind
from network.consents.rules import Verdict
from network.exchanges import consenting, queries
from network.exchanges.consenting import Needed
from network.exchanges.models import (
    Exchange,
    PartnerWish,
    Party,
    PartyState,
    WishKind,
)
from network.exchanges.models_case import (
    Agreement,
    Bid,
    BidState,
    Report,
    ReportState,
)
from network.exchanges.rules import DESK_ROLES
from network.exchanges.states import OPEN, ExchangeState
from network.mechanisms.queries import state_of
from network.seats.models import Seat
from network.taxonomy.models import State

S = ExchangeState
PAGE = 25


def waiting_for_consent(
    session: Session, state_id: UUID, now: datetime
) -> list[tuple[Exchange, Needed]]:
    """All that waits in cases for the consent of one State, with the case."""
    mine = exists().where(
        Party.exchange_id == Exchange.id,
        Party.body_id == state_id,
        Party.state == PartyState.JOINED,
    )
    waiting = exists().where(
        Bid.exchange_id == Exchange.id, Bid.state_id == state_id, Bid.state == BidState.WAITING
    )
    invited = exists().where(Party.exchange_id == Exchange.id, Party.state == PartyState.INVITED)
    reporting = exists().where(
        Report.exchange_id == Exchange.id,
        Report.state_id == state_id,
        Report.state == ReportState.WAITING,
    )
    part = exists().where(Party.exchange_id == Exchange.id, Party.body_id == state_id)
    rows = session.scalars(
        select(Exchange)
        .where(
            or_(
                and_(
                    mine,
                    Exchange.state.in_([S.CONFIRMATION, S.CHOOSING, S.SELECTED, S.ON_HOLD]),
                ),
                and_(waiting, Exchange.state == S.CIRCULATED),
                and_(part, invited),
                reporting,
            )
        )
        .order_by(Exchange.state_since)
    ).all()
    return [
        (exchange, want)
        for exchange in rows
        for want in _wants_of(session, exchange, state_id)
        if consenting.verdict(session, want, now) is not Verdict.IN_FORCE
    ]


def _wants_of(session: Session, exchange: Exchange, state_id: UUID) -> list[Needed]:
    wants: list[Needed] = []
    state = exchange.held_from or exchange.state
    if exchange.held_from is not None:  # what fell away is given again here
        wants += consenting.needed(session, exchange, exchange.held_from)
    if state is S.CONFIRMATION:
        wants += consenting.for_request(session, exchange)
    bid = consenting.picked_bid(session, exchange.id)
    if state is S.CHOOSING and bid is not None:
        wants += consenting.for_selection(session, exchange, bid)[1:]
    if state is S.SELECTED:
        wants += consenting.for_agreement(session, exchange)
    own = queries.own_bid(session, exchange, state_id)
    if exchange.state is S.CIRCULATED and own is not None and own.state is BidState.WAITING:
        wants.append(consenting.for_bid(own))
    for report in session.scalars(
        select(Report).where(Report.exchange_id == exchange.id, Report.state == ReportState.WAITING)
    ):
        wants.append(consenting.for_report(report))
    for party in session.scalars(
        select(Party).where(Party.exchange_id == exchange.id, Party.state == PartyState.INVITED)
    ):
        wants += consenting.for_joining(session, party)
    return [want for want in dict.fromkeys(wants) if want.state_id == state_id]


def want_for(
    session: Session, exchange: Exchange, state_id: UUID, kind: ConsentKind, subject_id: UUID
) -> Needed:
    """The consent of this kind and subject that a case wants of this State, or NotVisible."""
    for want in _wants_of(session, exchange, state_id):
        if want.kind is kind and want.subject_id == subject_id:
            return want
    raise NotVisible(_("Nothing waits for this consent."))


def case_of_subject(session: Session, kind: ConsentKind, subject_id: UUID) -> UUID | None:
    """The case that a consent to this subject belongs to; None if it is about something else."""
    looked: dict[ConsentKind, list[object]] = {
        ConsentKind.EXCHANGE_REQUEST: [select(Exchange.id).where(Exchange.text_id == subject_id)],
        ConsentKind.BID: [select(Bid.exchange_id).where(Bid.text_id == subject_id)],
        ConsentKind.SELECTION: [select(Bid.exchange_id).where(Bid.text_id == subject_id)],
        ConsentKind.AGREEMENT: [
            select(Agreement.exchange_id).where(Agreement.id == subject_id),
            select(Party.exchange_id).where(Party.id == subject_id),
        ],
        ConsentKind.OUTCOME: [select(Report.exchange_id).where(Report.text_id == subject_id)],
    }
    for wanted in looked.get(kind, []):
        known: UUID | None = session.scalar(wanted)  # type: ignore[call-overload]  # a list of unlike selects
        if known is not None:
            return known
    return None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Some cases of a list, and the key after which it goes on."""

    rows: Sequence[Exchange]
    after: tuple[datetime, UUID] | None


def cases_of(
    session: Session,
    *,
    seat: Seat,
    state: ExchangeState | None = None,
    only_open: bool = False,
    after: tuple[datetime, UUID] | None = None,
    most: int = PAGE,
) -> Listed:
    """The cases that a seat belongs to, latest change first; for the helpdesk all that were sent."""
    wanted = select(Exchange).options(selectinload(Exchange.parties))
    if seat.role in DESK_ROLES:
        wanted = wanted.where(Exchange.state != S.DRAFT)
    else:
        body_id = queries.seat_body(seat, state_of(session, seat))
        wanted = wanted.where(
            exists().where(
                Party.exchange_id == Exchange.id,
                Party.body_id == body_id,
                Party.state == PartyState.JOINED,
            )
        )
    if state is not None:
        wanted = wanted.where(Exchange.state == state)
    if only_open:
        wanted = wanted.where(Exchange.state.in_([*OPEN, S.DRAFT, S.NO_TAKER]))
    if after is not None:
        wanted = wanted.where(tuple_(Exchange.state_since, Exchange.id) < tuple_(*after))
    rows = session.scalars(
        wanted.order_by(Exchange.state_since.desc(), Exchange.id.desc()).limit(most + 1)
    ).all()
    shown = rows[:most]
    more = len(rows) > most
    return Listed(rows=shown, after=(shown[-1].state_since, shown[-1].id) if more else None)


def circulated_to(
    session: Session,
    *,
    state_id: UUID,
    now: datetime,
    after: tuple[datetime, UUID] | None = None,
    most: int = PAGE,
) -> tuple[Sequence[Exchange], tuple[datetime, UUID] | None]:
    """The cases that take bids and go to this State, newest first; none that it is kept out of."""
    if not is_member(session, state_id, now):
        return [], None
    barred = or_(
        exists().where(
            Party.exchange_id == Exchange.id,
            Party.body_id == state_id,
            Party.state != PartyState.LEFT,
        ),
        exists().where(
            PartnerWish.exchange_id == Exchange.id,
            PartnerWish.state_id == state_id,
            PartnerWish.kind == WishKind.EXCLUDED,
        ),
    )
    wanted = (
        select(Exchange)
        .where(Exchange.state == S.CIRCULATED, ~barred)
        .options(selectinload(Exchange.windows))
    )
    if after is not None:
        wanted = wanted.where(tuple_(Exchange.state_since, Exchange.id) < tuple_(*after))
    rows = session.scalars(
        wanted.order_by(Exchange.state_since.desc(), Exchange.id.desc()).limit(most + 1)
    ).all()
    shown = rows[:most]
    more = len(rows) > most
    return shown, (shown[-1].state_since, shown[-1].id) if more else None


def state_names(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Names of States by id, in all languages."""
    rows = session.execute(select(State.id, State.names).where(State.id.in_(ids)))
    return {row.id: row.names for row in rows}
