"""Lists of cases: a State's own, the helpdesk's, those that go to a member, what waits for consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from core.errors import NotVisible
from core.languages import _
from network.applications.queries import is_member
from network.consents.models import Consent, ConsentKind
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
from network.seats.models import Seat
from network.seats.queries import state_of
from network.taxonomy.models import State

S = ExchangeState
PAGE = 25
ENDS_SOON = timedelta(days=30)
RESTING = frozenset({S.CIRCULATED, S.CHOOSING, S.SELECTED, S.AGREED, S.SCHEDULED})
"""States that rest on consents, where one that ends soon can be given again."""


def wants_of(session: Session, exchange: Exchange, state_id: UUID) -> list[Needed]:
    """What a case wants one State to consent to, given already or not."""
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
    for want in wants_of(session, exchange, state_id):
        if want.kind is kind and want.subject_id == subject_id:
            return want
    raise NotVisible(_("Nothing waits for this consent."))


def ending_for(
    session: Session,
    exchange: Exchange,
    state_id: UUID,
    kind: ConsentKind,
    subject_id: UUID,
    now: datetime,
) -> Needed:
    """A consent that the case rests on and that ends soon, to be given again; or NotVisible."""
    if exchange.state in RESTING:
        for want in consenting.needed(session, exchange, exchange.state):
            asked = (want.state_id, want.kind, want.subject_id)
            if asked == (state_id, kind, subject_id) and _ends_soon(session, want, now):
                return want
    raise NotVisible(_("Nothing waits for this consent."))


def ending(session: Session, state_id: UUID, now: datetime) -> list[tuple[Exchange, Needed, date]]:
    """The consents of a State that open cases rest on and that end soon, with their last days."""
    today = now.date()
    rows = session.execute(
        select(Consent.kind, Consent.subject_id, func.max(Consent.until_on))
        .where(
            Consent.state_id == state_id,
            Consent.revoked_at.is_(None),
            Consent.until_on >= today,
            Consent.until_on <= today + ENDS_SOON,
        )
        .group_by(Consent.kind, Consent.subject_id)
    ).all()
    found = []
    for kind, subject_id, last_day in rows:
        exchange_id = case_of_subject(session, kind, subject_id)
        exchange = session.get(Exchange, exchange_id) if exchange_id else None
        if exchange is None or last_day is None:
            continue
        try:
            want = ending_for(session, exchange, state_id, kind, subject_id, now)
        except NotVisible:
            continue
        found.append((exchange, want, last_day))
    return found


def _ends_soon(session: Session, want: Needed, now: datetime) -> bool:
    ends = session.scalar(
        select(func.max(Consent.until_on)).where(
            Consent.state_id == want.state_id,
            Consent.kind == want.kind,
            Consent.subject_id == want.subject_id,
            Consent.revoked_at.is_(None),
        )
    )
    return ends is not None and ends <= now.date() + ENDS_SOON


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
