"""A stage for peer exchanges between invented States: who asks, who gives, and each step on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.context import SYSTEM, Actor
from network.applications.models import Membership, MembershipStatus
from network.consents.models import ConsentKind
from network.consents.rules import Verdict
from network.exchanges import bidding, consenting, drafting, listing, meeting, outcomes, service
from network.exchanges.bidding import BidWording
from network.exchanges.consenting import Needed
from network.exchanges.drafting import Wording
from network.exchanges.meeting import Dates
from network.exchanges.models import Exchange, Funding
from network.exchanges.models_case import Bid, Change
from network.exchanges.outcomes import Learned
from network.exchanges.states import ExchangeState
from network.offers.models import ExchangeType
from network.seats.models import Holder
from network.taxonomy.models import State, Theme
from tests.walls.cast import Cast, acts

S = ExchangeState
THEME = "cooperation-with-mechanisms"
STATES = {
    "XAA": ("XA", "Xandria"),
    "XAB": ("XB", "Yendor"),
    "XAC": ("XC", "Zembla"),
    "XAD": ("XD", "Ostrelle"),
}


def one_by_one(session: Session, state_id: UUID, now: datetime) -> list[tuple[Exchange, Needed]]:
    """All that waits for the consent of one State, asked of one case after the other."""
    return [
        (case, want)
        for case in session.scalars(select(Exchange).order_by(Exchange.state_since))
        for want in listing.wants_of(session, case, state_id)
        if consenting.verdict(session, want, now) is not Verdict.IN_FORCE
    ]


@dataclass
class Delegation:
    """One State with its focal point and its authorising officer."""

    state: State
    focal: Holder
    capital: Holder


@dataclass
class Table:
    """Delegations of members around one table, and the helpdesk."""

    session: Session
    cast: Cast
    now: datetime
    states: dict[str, Delegation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Seat everybody."""
        for iso3, (iso2, name) in STATES.items():
            state = self.cast.state(iso3, iso2, name)
            self.session.flush()
            self.states[iso3] = Delegation(
                state=state,
                focal=self.cast.holder("focal_point", name=f"Focal {iso3}", body_id=state.id),
                capital=self.cast.holder("authorising", name=f"Capital {iso3}", body_id=state.id),
            )
            self.session.add(
                Membership(state_id=state.id, status=MembershipStatus.MEMBER, since=self.cast.at)
            )
        if self.session.scalar(select(Theme.id).where(Theme.key == THEME)) is None:
            self.session.add(
                Theme(key=THEME, family="framework", names={"en": "Cooperation with mechanisms"})
            )
        self.desk = self.cast.holder("helpdesk", name="Desk")
        self.session.flush()

    def focal(self, iso3: str = "XAA") -> Actor:
        """The focal point, by the mailbox."""
        holder = self.states[iso3].focal
        return acts(holder.person_id, holder.seat_id)

    def capital(self, iso3: str = "XAA") -> Actor:
        """The authorising officer, with a fresh own factor."""
        holder = self.states[iso3].capital
        return acts(holder.person_id, holder.seat_id, proved_at=self.now)

    def helpdesk(self) -> Actor:
        """Somebody at the helpdesk."""
        return acts(self.desk.person_id, self.desk.seat_id, proved_at=self.now)

    def state_id(self, iso3: str) -> UUID:
        """A State's id."""
        return self.states[iso3].state.id

    def wording(self, **changes: object) -> Wording:
        """A complete request."""
        first = self.now.date() + timedelta(days=60)
        windows = [
            (first + timedelta(days=20 * n), first + timedelta(days=20 * n + 4)) for n in range(3)
        ]
        values: dict[str, object] = {
            "type": ExchangeType.STUDY_VISIT,
            "title": "Clustering recommendations",
            "need": "We want to see how others cluster what they receive.",
            "what_exists": "A register in a spreadsheet.",
            "wanted_outcome": "A plan that ministries follow.",
            "themes": [THEME],
            "capacities": ["coordination"],
            "languages": ["en"],
            "funding": Funding.SOUGHT,
            "windows": windows,
            "attendees": [("Head of unit", "", "Deputy head of unit")],
        }
        return Wording(**(values | changes))  # type: ignore[arg-type]  # values by name

    def draft(self, iso3: str = "XAA", **changes: object) -> Exchange:
        """A complete draft."""
        return drafting.begin(
            self.session, wording=self.wording(**changes), by=self.focal(iso3), now=self.now
        )

    def move(self, exchange: Exchange, to: S, by: Actor, reason: str = "") -> Exchange:
        """One move."""
        return service.move(
            self.session, exchange_id=exchange.id, to=to, by=by, now=self.now, reason=reason
        )

    def consent(self, exchange: Exchange, iso3: str, kind: ConsentKind, **scope: object) -> None:
        """The State's yes to whatever of this kind waits for it in the case."""
        self.session.expire_all()
        for case, want in one_by_one(self.session, self.state_id(iso3), self.now):
            if case.id == exchange.id and want.kind is kind:
                service.consent(
                    self.session,
                    exchange_id=exchange.id,
                    want=want,
                    by=self.capital(iso3),
                    now=self.now,
                    **scope,  # type: ignore[arg-type]  # values by name
                )
                return
        message = f"nothing of kind {kind} waits for {iso3}"
        raise LookupError(message)

    def submitted(self, **changes: object) -> Exchange:
        """Sent to the helpdesk."""
        return self.move(self.draft(**changes), S.SUBMITTED, self.focal())

    def awaiting_capital(self, **changes: object) -> Exchange:
        """Screened; the capital is asked."""
        return self.move(self.submitted(**changes), S.CONFIRMATION, self.helpdesk())

    def circulated(self, **changes: object) -> Exchange:
        """Before the members."""
        exchange = self.awaiting_capital(**changes)
        self.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST)
        return exchange

    def bid(self, exchange: Exchange, iso3: str, **changes: object) -> Bid:
        """A bid under its State's consent."""
        first = self.now.date() + timedelta(days=60)
        values: dict[str, object] = {
            "type": ExchangeType.STUDY_VISIT,
            "offer": f"Three days in the capital of {iso3}.",
            "languages": ["en"],
            "from_on": first,
            "until_on": first + timedelta(days=30),
            "costs": "Each side pays its own travel.",
        }
        bidding.save_bid(
            self.session,
            exchange_id=exchange.id,
            wording=BidWording(**(values | changes)),  # type: ignore[arg-type]  # values by name
            by=self.focal(iso3),
            now=self.now,
        )
        bid = bidding.hand_in_bid(
            self.session, exchange_id=exchange.id, by=self.focal(iso3), now=self.now
        )
        self.consent(exchange, iso3, ConsentKind.BID)
        return bid

    def choose(self, exchange: Exchange, bid: Bid) -> None:
        """The requester's choice."""
        bidding.choose(
            self.session, exchange_id=exchange.id, bid_id=bid.id, by=self.focal(), now=self.now
        )

    def selected(self, **changes: object) -> Exchange:
        """Yendor is selected, Zembla is not; both capitals look at the terms."""
        exchange = self.circulated(**changes)
        bid = self.bid(exchange, "XAB")
        self.bid(exchange, "XAC")
        self.choose(exchange, bid)
        self.consent(exchange, "XAA", ConsentKind.SELECTION)
        return exchange

    def agreed(self, **changes: object) -> Exchange:
        """Both capitals have consented to the terms."""
        exchange = self.selected(**changes)
        self.consent(exchange, "XAA", ConsentKind.AGREEMENT)
        self.consent(exchange, "XAB", ConsentKind.AGREEMENT)
        return exchange

    def set_dates(self, exchange: Exchange, days: int = 62) -> None:
        """Yendor proposes, Xandria accepts."""
        starts = self.now + timedelta(days=days)
        proposal = meeting.propose_dates(
            self.session,
            exchange_id=exchange.id,
            dates=Dates(starts_at=starts, ends_at=starts + timedelta(days=2), zone="Pacific/Fiji"),
            by=self.focal("XAB"),
            now=self.now,
        )
        meeting.accept_dates(
            self.session,
            exchange_id=exchange.id,
            proposal_id=proposal.id,
            by=self.focal(),
            now=self.now,
        )

    def scheduled(self, **changes: object) -> Exchange:
        """With dates."""
        exchange = self.agreed(**changes)
        self.set_dates(exchange)
        return exchange

    def held(self, **changes: object) -> Exchange:
        """It took place; the stage's clock stands after it."""
        exchange = self.scheduled(**changes)
        self.now += timedelta(days=65)
        return self.move(exchange, S.HELD, self.focal())

    def hand_in_report(self, exchange: Exchange, iso3: str) -> None:
        """One side's report, which waits for its State's consent."""
        outcomes.save_report(
            self.session,
            exchange_id=exchange.id,
            learned=Learned(
                learned="One list for all bodies.",
                decision="A decree is drafted.",
                would_repeat=True,
            ),
            by=self.focal(iso3),
            now=self.now,
        )
        outcomes.hand_in_report(
            self.session, exchange_id=exchange.id, by=self.focal(iso3), now=self.now
        )

    def report(self, exchange: Exchange, iso3: str) -> None:
        """One side's report under its State's consent."""
        self.hand_in_report(exchange, iso3)
        self.consent(exchange, iso3, ConsentKind.OUTCOME)

    def finished(self, **changes: object) -> Exchange:
        """Both reports are there."""
        exchange = self.held(**changes)
        self.report(exchange, "XAA")
        self.report(exchange, "XAB")
        return exchange

    def followed_up(self, **changes: object) -> Exchange:
        """Half a year later the question is asked."""
        exchange = self.finished(**changes)
        self.now += timedelta(days=183)
        return self.move(exchange, S.FOLLOW_UP, SYSTEM)

    def answer(self, exchange: Exchange, iso3: str) -> None:
        """One side says what changed."""
        outcomes.answer_follow_up(
            self.session,
            exchange_id=exchange.id,
            change=Change.PARTLY,
            text="The decree is signed.",
            by=self.focal(iso3),
            now=self.now,
        )

    def closed(self, **changes: object) -> Exchange:
        """The end of it."""
        exchange = self.followed_up(**changes)
        self.answer(exchange, "XAA")
        self.answer(exchange, "XAB")
        return exchange
