"""What may be read of a case, and by whom. Whoever may not read it finds nothing there.

The requester and the helpdesk read all of it; the partner all but wishes and other bids; a member
reads what goes to members while bids are taken, and its own bid afterwards; whoever is kept out,
or is no member, reads nothing. Drafts are read by their State alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from core.errors import NotVisible
from core.languages import _
from network.applications.queries import is_member
from network.consents.models import ConsentKind
from network.consents.rules import Verdict
from network.exchanges import consenting
from network.exchanges.consenting import Needed
from network.exchanges.models import (
    Attachment,
    Exchange,
    PartnerWish,
    PartyRole,
    PartyState,
    WishKind,
)
from network.exchanges.models_case import (
    Agreement,
    Audience,
    Bid,
    CaseEntry,
    CaseMessage,
    DateProposal,
    Decline,
    FollowUp,
    Report,
    ReportState,
)
from network.exchanges.rules import DESK_ROLES, Standpoint, movers
from network.exchanges.states import ExchangeState
from network.offers.models import ExchangeType
from network.seats.models import BodyKind, Seat
from network.seats.queries import state_of

S = ExchangeState
PAGE = 25


class Side(StrEnum):
    """How a reader stands to a case."""

    REQUESTER = "requester"
    PROVIDER = "provider"
    SUPPORTER = "supporter"
    OBSERVER = "observer"
    INVITED = "invited"
    MEMBER = "member"
    HELPDESK = "helpdesk"


SIDES = {
    PartyRole.REQUESTER: Side.REQUESTER,
    PartyRole.PROVIDER: Side.PROVIDER,
    PartyRole.SUPPORTER: Side.SUPPORTER,
    PartyRole.OBSERVER: Side.OBSERVER,
}
INSIDE = frozenset({Side.REQUESTER, Side.PROVIDER, Side.HELPDESK, Side.SUPPORTER, Side.OBSERVER})
READS_ALL = frozenset({Side.REQUESTER, Side.HELPDESK})
HEARS = {
    Side.HELPDESK: frozenset(Audience),
    Side.REQUESTER: frozenset({Audience.PARTIES, Audience.REQUESTER}),
    Side.PROVIDER: frozenset({Audience.PARTIES}),
    Side.SUPPORTER: frozenset({Audience.PARTIES}),
    Side.OBSERVER: frozenset({Audience.PARTIES}),
}


@dataclass(frozen=True, kw_only=True)
class Circulated:
    """What goes to members: nothing of people, wishes and funding.

    Nothing names a confidential requester; its need is told in its own neutral words.
    """

    id: UUID
    reference: str
    state: ExchangeState
    type: ExchangeType | None
    requester_id: UUID | None
    is_confidential: bool
    title: str
    need: str
    wanted_outcome: str
    themes: Sequence[str]
    capacities: Sequence[str]
    languages: Sequence[str]
    windows: Sequence[tuple[date | None, date | None]]
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ConsentLine:
    """One consent that the case needs now or next, and how it stands."""

    want: Needed
    verdict: Verdict


@dataclass(kw_only=True)
class Case:
    """A case as one reader may see it. `exchange` is there for those inside only."""

    side: Side
    stands: Standpoint
    id: UUID
    circulated: Circulated
    exchange: Exchange | None = None
    own_bid: Bid | None = None
    bids: Sequence[Bid] = ()
    declines: Sequence[Decline] = ()
    agreement: Agreement | None = None
    proposal: DateProposal | None = None
    reports: Sequence[Report] = ()
    follow_ups: Sequence[FollowUp] = ()
    timeline: Sequence[CaseEntry] = ()
    thread: Sequence[CaseMessage] = ()
    attachments: Sequence[Attachment] = ()
    consents: Sequence[ConsentLine] = ()
    wishes: Sequence[PartnerWish] = field(default_factory=tuple)

    @property
    def is_inside(self) -> bool:
        """Whether the reader belongs to the case, or is the helpdesk."""
        return self.exchange is not None


def case(session: Session, exchange_id: UUID, seat: Seat, now: datetime) -> Case:
    """The case as the holder of this seat may read it; NotVisible if there is nothing to read."""
    exchange = session.scalar(
        select(Exchange)
        .where(Exchange.id == exchange_id)
        .options(
            selectinload(Exchange.windows),
            selectinload(Exchange.attendees),
            selectinload(Exchange.wishes),
            selectinload(Exchange.parties),
        )
    )
    if exchange is None:
        raise NotVisible(_("There is no such case."))
    state_id = state_of(session, seat)
    side = side_of(session, exchange, seat, state_id, now)
    if side is None:
        raise NotVisible(_("There is no such case."))
    party = next(
        (known for known in exchange.parties if known.body_id == seat_body(seat, state_id)), None
    )
    joined = party.role if party is not None and party.state is PartyState.JOINED else None
    stands = Standpoint(
        movers=movers(seat.role, joined if state_id else None),
        role=seat.role,
        seat_id=seat.id,
        state_id=state_id,
        party=joined,
    )
    found = Case(side=side, stands=stands, id=exchange.id, circulated=circulated(exchange))
    if state_id is not None:
        found.own_bid = own_bid(session, exchange, state_id)
    found.timeline = timeline(session, exchange, found)
    found.attachments = attachments(session, exchange, side)
    if side in INSIDE:
        _fill(session, exchange, found, now)
    return found


def seat_body(seat: Seat, state_id: UUID | None) -> UUID | None:
    """What a seat acts for: its State, or the organisation it belongs to."""
    return state_id or (seat.body_id if seat.body_kind is BodyKind.ORGANISATION else None)


def side_of(
    session: Session, exchange: Exchange, seat: Seat, state_id: UUID | None, now: datetime
) -> Side | None:
    """How a seat stands to a case; None if there is nothing here that it may read.

    Needs the case's parties and wishes loaded.
    """
    if seat.role in DESK_ROLES:
        return None if exchange.state is S.DRAFT else Side.HELPDESK
    body_id = seat_body(seat, state_id)
    party = next(
        (p for p in exchange.parties if p.body_id == body_id and p.state is not PartyState.LEFT),
        None,
    )
    if party is not None and body_id is not None:
        return SIDES[party.role] if party.state is PartyState.JOINED else Side.INVITED
    return _as_member(session, exchange, state_id, now)


def _as_member(
    session: Session, exchange: Exchange, state_id: UUID | None, now: datetime
) -> Side | None:
    """A member that is no party reads what takes bids and is not closed to it, or what it bid for."""
    is_kept_out = any(
        wish.state_id == state_id and wish.kind is WishKind.EXCLUDED for wish in exchange.wishes
    )
    if state_id is None or is_kept_out or not is_member(session, state_id, now):
        return None
    if exchange.state is S.CIRCULATED:
        return Side.MEMBER
    has_bid = exists().where(Bid.exchange_id == exchange.id, Bid.state_id == state_id)
    return Side.MEMBER if session.scalar(select(has_bid)) else None


def circulated(exchange: Exchange) -> Circulated:
    """What a member that is no party reads of a case."""
    hides = exchange.is_confidential
    return Circulated(
        id=exchange.id,
        reference=exchange.reference,
        state=exchange.state,
        type=exchange.type,
        requester_id=None if hides else exchange.state_id,
        is_confidential=hides,
        title="" if hides else exchange.title,
        need=exchange.neutral if hides else exchange.need,
        wanted_outcome="" if hides else exchange.wanted_outcome,
        themes=exchange.themes,
        capacities=exchange.capacities,
        languages=exchange.languages,
        windows=[(window.from_on, window.until_on) for window in exchange.windows],
        due_at=exchange.due_at,
    )


def _fill(session: Session, exchange: Exchange, found: Case, now: datetime) -> None:
    """All that only those inside read."""
    found.exchange = exchange
    found.thread = thread(session, exchange, found.side)
    if found.side in {Side.SUPPORTER, Side.OBSERVER}:
        found.agreement = consenting.newest_agreement(session, exchange.id)
        return
    if found.side in READS_ALL:
        found.wishes = exchange.wishes
        found.bids = bids(session, exchange)
        found.declines = session.scalars(
            select(Decline).where(Decline.exchange_id == exchange.id).order_by(Decline.id)
        ).all()
    found.agreement = consenting.newest_agreement(session, exchange.id)
    found.proposal = session.scalar(
        select(DateProposal).where(
            DateProposal.exchange_id == exchange.id, DateProposal.state == "open"
        )
    )
    found.reports = _reports(session, exchange, found.stands)
    found.follow_ups = session.scalars(
        select(FollowUp).where(FollowUp.exchange_id == exchange.id).order_by(FollowUp.at)
    ).all()
    found.consents = consent_lines(session, exchange, found, now)


def _reports(session: Session, exchange: Exchange, stands: Standpoint) -> Sequence[Report]:
    """Reports that count, and the reader's own while it is being written."""
    return session.scalars(
        select(Report)
        .where(
            Report.exchange_id == exchange.id,
            or_(
                Report.state.in_([ReportState.GIVEN, ReportState.WAIVED]),
                Report.state_id == stands.state_id,
            ),
        )
        .order_by(Report.changed_at)
    ).all()


def bids(session: Session, exchange: Exchange) -> Sequence[Bid]:
    """The bids that were sent, in no order of arrival. Drafts are their author's."""
    return session.scalars(
        select(Bid)
        .where(Bid.exchange_id == exchange.id, Bid.sent_at.is_not(None))
        .order_by(Bid.round.desc(), Bid.id)
    ).all()


def own_bid(session: Session, exchange: Exchange, state_id: UUID) -> Bid | None:
    """The newest bid of a State."""
    return session.scalar(
        select(Bid)
        .where(Bid.exchange_id == exchange.id, Bid.state_id == state_id)
        .order_by(Bid.round.desc(), Bid.made_at.desc())
        .limit(1)
    )


def timeline(session: Session, exchange: Exchange, reader: Case) -> Sequence[CaseEntry]:
    """The lines that a reader may read, newest first."""
    own = CaseEntry.state_id == reader.stands.state_id
    heard: ColumnElement[bool] = and_(own, CaseEntry.audience == Audience.BIDDER)
    if reader.side in HEARS:
        heard = or_(heard, CaseEntry.audience.in_(HEARS[reader.side]))
    if reader.side is Side.REQUESTER:
        sent = exists().where(Bid.id == CaseEntry.bid_id, Bid.sent_at.is_not(None))
        shown = CaseEntry.word.in_(["bid.sent", "bid.withdrawn"])
        heard = or_(heard, and_(sent, shown))
    return session.scalars(
        select(CaseEntry)
        .where(CaseEntry.exchange_id == exchange.id, heard)
        .order_by(CaseEntry.position.desc())
    ).all()


def thread(session: Session, exchange: Exchange, side: Side) -> Sequence[CaseMessage]:
    """The messages a reader may read, oldest first."""
    return session.scalars(
        select(CaseMessage)
        .where(
            CaseMessage.exchange_id == exchange.id,
            CaseMessage.audience.in_(HEARS.get(side, frozenset())),
        )
        .order_by(CaseMessage.position)
    ).all()


def attachments(session: Session, exchange: Exchange, side: Side) -> Sequence[Attachment]:
    """Files with the case: all for the two sides and the helpdesk, those for members to others."""
    wanted = select(Attachment).where(Attachment.exchange_id == exchange.id)
    if side not in {Side.REQUESTER, Side.PROVIDER, Side.HELPDESK}:
        wanted = wanted.where(Attachment.for_members)
    return session.scalars(wanted.order_by(Attachment.added_at, Attachment.id)).all()


def consent_lines(
    session: Session, exchange: Exchange, reader: Case, now: datetime
) -> list[ConsentLine]:
    """What the present state rests on or waits for, as far as the reader may know."""
    state = exchange.held_from or exchange.state
    nearest = {S.CONFIRMATION: S.CIRCULATED, S.SELECTED: S.AGREED}
    wants = consenting.needed(session, exchange, nearest.get(state, state))
    if state is S.CHOOSING and (bid := consenting.picked_bid(session, exchange.id)):
        wants += consenting.for_selection(session, exchange, bid)[1:]
    if reader.side is Side.PROVIDER:
        wants = [want for want in wants if want.kind is not ConsentKind.EXCHANGE_REQUEST]
    return [
        ConsentLine(want=want, verdict=consenting.verdict(session, want, now)) for want in wants
    ]
