"""Invented exchanges between invented States, one at each stage, so that the next step can be tried.

They are played by the ordinary verbs at invented moments of the past months. What follows from
facts is left out: nobody gets mails about a past that never was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from core import context
from core.context import Actor
from core.errors import Refused
from core.house import house
from core.outbox import OutboxEntry
from network.applications.models import Membership
from network.consents.models import ConsentKind
from network.exchanges import bidding, consenting, drafting, meeting, outcomes, service
from network.exchanges.bidding import BidWording
from network.exchanges.consenting import Needed
from network.exchanges.meeting import Dates
from network.exchanges.models import Exchange
from network.exchanges.models_case import Bid, BidState
from network.exchanges.states import ExchangeState
from network.mechanisms.models import Mechanism
from network.seats.models import Holder, Role, Seat
from network.seats.queries import holds, seats_of_state
from network.taxonomy.models import State
from workers import demo_texts as texts

S = ExchangeState
BEFORE = timedelta(days=365)
"""How long the invented people have held their seats when the cases are played."""


def _bids(session: Session, case: Exchange) -> list[Needed]:
    waiting = select(Bid).where(Bid.exchange_id == case.id, Bid.state == BidState.WAITING)
    return [consenting.for_bid(bid) for bid in session.scalars(waiting)]


def _selection(session: Session, case: Exchange) -> list[Needed]:
    bid = consenting.picked_bid(session, case.id)
    return consenting.for_selection(session, case, bid) if bid else []


WANTED: Mapping[ConsentKind, Callable[[Session, Exchange], list[Needed]]] = {
    ConsentKind.EXCHANGE_REQUEST: consenting.for_request,
    ConsentKind.BID: _bids,
    ConsentKind.SELECTION: _selection,
    ConsentKind.AGREEMENT: consenting.for_agreement,
    ConsentKind.OUTCOME: consenting.for_outcome,
}
"""What of each kind a case wants."""


@dataclass(kw_only=True)
class Stage:
    """Where a case is played: `at` is the invented moment of the next step."""

    session: Session
    now: datetime
    states: Mapping[str, UUID]
    at: datetime

    def days_ago(self, days: float) -> None:
        """Let the next steps happen so many days before now."""
        self.at = self.now - timedelta(days=days)

    def actor(self, iso3: str, role: Role) -> Actor:
        """Who holds a seat of this State at the moment, with their own factor just shown."""
        rows = seats_of_state(self.session, self.states[iso3], role, now=self.at)
        return self._proved(next((holder for _seat, holder in rows if holder), None))

    def focal(self, iso3: str) -> Actor:
        """The State's focal point."""
        return self.actor(iso3, Role.FOCAL_POINT)

    def helpdesk(self) -> Actor:
        """Somebody at the helpdesk."""
        held = select(Holder).join(Holder.seat).where(Seat.role == Role.HELPDESK, holds(self.at))
        return self._proved(self.session.scalars(held.limit(1)).first())

    def _proved(self, holder: Holder | None) -> Actor:
        if holder is None:
            raise Refused(code="nobody-there")
        return Actor(
            kind="person",
            person_id=holder.person_id,
            seat_id=holder.seat_id,
            proved="totp",
            proved_at=self.at,
        )

    def draft(self, iso3: str, words: texts.Words, **more: object) -> Exchange:
        """A draft in the words of a State; `more` completes or changes them."""
        return drafting.begin(
            self.session,
            wording=texts.request(words, self.at.date(), **more),
            by=self.focal(iso3),
            now=self.at,
        )

    def move(self, case: Exchange, to: S, by: Actor) -> None:
        """One move."""
        service.move(self.session, exchange_id=case.id, to=to, by=by, now=self.at)

    def consent(self, case: Exchange, iso3: str, kind: ConsentKind) -> None:
        """The State's yes to what waits for it in this case."""
        for want in WANTED[kind](self.session, case):
            if want.state_id == self.states[iso3] and want.kind is kind:
                service.consent(
                    self.session,
                    exchange_id=case.id,
                    want=want,
                    by=self.actor(iso3, Role.AUTHORISING),
                    now=self.at,
                )
                return
        raise Refused(code="nothing-waits")

    def circulated(self, iso3: str, words: texts.Words, since: float, **more: object) -> Exchange:
        """A request that goes to members since so many days."""
        self.days_ago(since + 6)
        case = self.draft(iso3, words, **more)
        self.move(case, S.SUBMITTED, self.focal(iso3))
        self.days_ago(since + 4)
        self.move(case, S.CONFIRMATION, self.helpdesk())
        self.days_ago(since)
        self.consent(case, iso3, ConsentKind.EXCHANGE_REQUEST)
        return case

    def bid(self, case: Exchange, iso3: str, offer: str) -> Bid:
        """A bid with its State's consent."""
        if case.type is None:
            raise Refused(code="no-type")
        first = self.at.date() + timedelta(days=texts.FIRST_DAY)
        wording = BidWording(
            type=case.type,
            offer=offer,
            languages=case.languages,
            from_on=first,
            until_on=first + timedelta(days=60),
            experts="The head of the follow-up unit and its data officer.",
            costs="Each side pays its own travel; the host pays the meeting room.",
        )
        by = self.focal(iso3)
        bidding.save_bid(self.session, exchange_id=case.id, wording=wording, by=by, now=self.at)
        bid = bidding.hand_in_bid(self.session, exchange_id=case.id, by=by, now=self.at)
        self.consent(case, iso3, ConsentKind.BID)
        return bid

    def agreed(self, asks: str, gives: str, words: texts.Words, since: float) -> Exchange:
        """Both capitals have consented to the terms, so many days ago."""
        case = self.circulated(asks, words, since + 25)
        self.days_ago(since + 15)
        bid = self.bid(case, gives, texts.OFFERS[gives])
        self.days_ago(since + 10)
        bidding.choose(
            self.session, exchange_id=case.id, bid_id=bid.id, by=self.focal(asks), now=self.at
        )
        self.days_ago(since + 6)
        self.consent(case, asks, ConsentKind.SELECTION)
        self.days_ago(since)
        for iso3 in (asks, gives):
            self.consent(case, iso3, ConsentKind.AGREEMENT)
        return case

    def propose(self, case: Exchange, iso3: str, zone: str, place: str, ahead: int) -> UUID:
        """Dates so many days ahead of the moment; answers the proposal's id."""
        starts = (self.at + timedelta(days=ahead)).replace(minute=0, second=0, microsecond=0)
        proposal = meeting.propose_dates(
            self.session,
            exchange_id=case.id,
            dates=Dates(starts_at=starts, ends_at=starts + DAYS_TOGETHER, zone=zone, place=place),
            by=self.focal(iso3),
            now=self.at,
        )
        return proposal.id

    def accept(self, case: Exchange, iso3: str, proposal_id: UUID) -> None:
        """The other side accepts."""
        meeting.accept_dates(
            self.session,
            exchange_id=case.id,
            proposal_id=proposal_id,
            by=self.focal(iso3),
            now=self.at,
        )

    def report(self, case: Exchange, iso3: str) -> None:
        """One side's report, given."""
        by = self.focal(iso3)
        learned = texts.LEARNED[iso3]
        outcomes.save_report(self.session, exchange_id=case.id, learned=learned, by=by, now=self.at)
        outcomes.hand_in_report(self.session, exchange_id=case.id, by=by, now=self.at)
        self.consent(case, iso3, ConsentKind.OUTCOME)


DAYS_TOGETHER = timedelta(days=2)


def _half_a_draft(stage: Stage) -> Exchange:
    stage.days_ago(1)
    return stage.draft("XAA", texts.TOOL, what_exists="", windows=(), attendees=(), funding=None)


def _submitted(stage: Stage) -> Exchange:
    stage.days_ago(3)
    case = stage.draft("XAA", texts.CHILDREN)
    stage.days_ago(2)
    stage.move(case, S.SUBMITTED, stage.focal("XAA"))
    return case


def _awaiting_capital(stage: Stage) -> Exchange:
    stage.days_ago(5)
    case = stage.draft("XAA", texts.PLAN)
    stage.move(case, S.SUBMITTED, stage.focal("XAA"))
    stage.days_ago(3)
    stage.move(case, S.CONFIRMATION, stage.helpdesk())
    return case


def _with_one_bid(stage: Stage) -> Exchange:
    case = stage.circulated("XAA", texts.CLUSTERING, since=10)
    stage.days_ago(4)
    stage.bid(case, "XAC", texts.OFFERS["XAC"])
    return case


def _confidential(stage: Stage) -> Exchange:
    return stage.circulated(
        "XAD", texts.QUIET, since=7, is_confidential=True, neutral=texts.NEUTRAL
    )


def _dates_proposed(stage: Stage) -> Exchange:
    case = stage.agreed("XAA", "XAB", texts.DISABILITY, since=5)
    stage.days_ago(1)
    stage.propose(case, "XAB", "Africa/Nairobi", "The Office's training room", ahead=35)
    return case


def _scheduled(stage: Stage) -> Exchange:
    case = stage.agreed("XAC", "XAA", texts.MISSION, since=20)
    stage.days_ago(12)
    proposal = stage.propose(case, "XAA", "Pacific/Fiji", "Ministry of Justice", ahead=40)
    stage.days_ago(9)
    stage.accept(case, "XAC", proposal)
    return case


def _finished(stage: Stage) -> Exchange:
    case = stage.agreed("XAA", "XAB", texts.FIRST_YEAR, since=110)
    stage.days_ago(100)
    proposal = stage.propose(case, "XAB", "Africa/Nairobi", "online", ahead=40)
    stage.days_ago(98)
    stage.accept(case, "XAA", proposal)
    stage.days_ago(55)
    stage.move(case, S.HELD, stage.focal("XAA"))
    stage.days_ago(45)
    stage.report(case, "XAA")
    stage.days_ago(40)
    stage.report(case, "XAB")
    return case


CASES: Mapping[str, Callable[[Stage], Exchange]] = {
    "DEMO-TOOL": _half_a_draft,
    "DEMO-CHILDREN": _submitted,
    "DEMO-PLAN": _awaiting_capital,
    "DEMO-CLUSTERS": _with_one_bid,
    "DEMO-QUIET": _confidential,
    "DEMO-DISABILITY": _dates_proposed,
    "DEMO-MISSION": _scheduled,
    "DEMO-FIRST-YEAR": _finished,
}
"""How each case comes to where it stands, by the reference it is known by."""


def seed_exchanges(session: Session, *, now: datetime) -> None:
    """Add the cases that are not there yet. Refused in production.

    A case that can no longer be played, because somebody has left a seat or a State the network
    since, is left out.
    """
    if house().is_production:
        message = "invented exchanges never enter production"
        raise RuntimeError(message)
    have = set(session.scalars(select(Exchange.reference).where(Exchange.reference.in_(CASES))))
    missing = [reference for reference in CASES if reference not in have]
    if not missing:
        return
    invented = select(State.iso3, State.id).where(State.is_invented)
    states = {row.iso3: row.id for row in session.execute(invented)}
    mark = context.request_id.set(f"demonstration-{uuid4().hex[:12]}")
    try:
        _let_them_have_been_there(session, list(states.values()), now - BEFORE)
        for reference in missing:
            stage = Stage(session=session, now=now, states=states, at=now)
            with suppress(Refused, KeyError), session.begin_nested():
                CASES[reference](stage).reference = reference
        session.flush()
        _leave_facts(session, now)
    finally:
        context.request_id.reset(mark)


def _let_them_have_been_there(session: Session, states: list[UUID], since: datetime) -> None:
    """Date the first holdings of invented seats, and the first memberships, back to `since`."""
    mechanisms = select(Mechanism.id).where(Mechanism.state_id.in_(states))
    seats = select(Seat.id).where(
        or_(Seat.body_id.in_(states), Seat.body_id.in_(mechanisms), Seat.role == Role.HELPDESK),
        Seat.opened_at > since,
    )
    firsts = select(Holder.seat_id, func.min(Holder.since)).group_by(Holder.seat_id)
    joined = select(Membership.state_id, func.min(Membership.since)).group_by(Membership.state_id)
    earlier = (
        update(Holder).where(
            Holder.seat_id.in_(seats), tuple_(Holder.seat_id, Holder.since).in_(firsts)
        ),
        update(Membership).where(
            Membership.state_id.in_(states),
            Membership.since > since,
            tuple_(Membership.state_id, Membership.since).in_(joined),
        ),
    )
    for one in earlier:
        session.execute(one.values(since=since).execution_options(synchronize_session=False))
    session.execute(
        update(Seat)
        .where(Seat.id.in_(seats))
        .values(opened_at=since)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _leave_facts(session: Session, now: datetime) -> None:
    """What was recorded while the cases were played is done with."""
    session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.request_id == context.request_id.get(), OutboxEntry.done_at.is_(None))
        .values(done_at=now)
    )
