"""A peer exchange from its first line to what changed half a year later, step by step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.context import SYSTEM
from core.errors import Invalid, MoveRefused, NotAllowed, NotVisible, Refused
from core.outbox import OutboxEntry
from network.consents import service as consents
from network.consents.models import ConsentKind
from network.exchanges import (
    bidding,
    clocks,
    consenting,
    drafting,
    listing,
    progress,
    queries,
    service,
)
from network.exchanges.models import HoldReason
from network.exchanges.models_case import BidState, CaseEntry, DeclineReason
from network.exchanges.moving import Act
from network.exchanges.states import ExchangeState
from network.seats import service as seats
from network.seats.models import Seat
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

S = ExchangeState


@pytest.fixture
def table(session, keys):
    cast = Cast(session, keys)
    return Table(session, cast, cast.at)


def words(session, exchange):
    rows = session.scalars(
        select(CaseEntry).where(CaseEntry.exchange_id == exchange.id).order_by(CaseEntry.position)
    )
    return [row.word for row in rows]


def facts(session, kind):
    rows = session.scalars(select(OutboxEntry).where(OutboxEntry.kind == kind))
    return [row.body for row in rows]


def test_the_whole_way_is_told_on_the_timeline(session, table):
    exchange = table.closed()

    assert exchange.state is S.CLOSED
    assert words(session, exchange) == [
        "exchange.drafted",
        "exchange.submitted",
        "exchange.confirmation",
        "consent.given.exchange_request",
        "exchange.circulated",
        "bid.handed_in",
        "consent.given.bid",
        "bid.sent",
        "bid.handed_in",
        "consent.given.bid",
        "bid.sent",
        "exchange.choosing",
        "bid.chosen",
        "consent.given.selection",
        "exchange.selected",
        "consent.given.agreement",
        "consent.given.agreement",
        "exchange.agreed",
        "dates.proposed",
        "exchange.scheduled",
        "exchange.held",
        "report.handed_in",
        "consent.given.outcome",
        "report.given",
        "report.handed_in",
        "consent.given.outcome",
        "report.given",
        "exchange.finished",
        "exchange.follow_up",
        "follow_up.answered",
        "follow_up.answered",
        "exchange.closed",
    ]
    assert len(facts(session, "ExchangeFinished")) == 1
    assert len(facts(session, "BidsNotSelected")) == 1


def test_an_empty_draft_is_kept_and_sending_it_lists_all_that_is_missing(session, table):
    exchange = drafting.begin(session, wording=drafting.Wording(), by=table.focal(), now=table.now)
    with pytest.raises(Invalid) as refused:
        table.move(exchange, S.SUBMITTED, table.focal())
    assert list(refused.value.problems) == [
        "type",
        "title",
        "need",
        "what_exists",
        "wanted_outcome",
        "themes",
        "capacities",
        "languages",
        "funding",
        "windows-0-from_on",
        "windows-1-from_on",
        "windows-2-from_on",
        "attendees-0-post",
    ]


def test_nothing_circulates_without_the_capital(session, table):
    exchange = table.awaiting_capital()
    for by in (table.focal(), table.capital(), table.helpdesk(), SYSTEM):
        with pytest.raises(Refused) as refused:
            table.move(exchange, S.CIRCULATED, by)
        assert refused.value.code == "consent-none-given"
    assert exchange.state is S.CONFIRMATION


def test_changed_words_need_the_consent_anew(session, table):
    exchange = table.awaiting_capital()
    table.move(exchange, S.CLARIFICATION, table.capital(), reason="Leave the dates open.")
    drafting.revise(
        session,
        exchange_id=exchange.id,
        wording=table.wording(title="Other words"),
        by=table.focal(),
        now=table.now,
    )
    table.move(exchange, S.SUBMITTED, table.focal(), reason="Done.")
    table.move(exchange, S.CONFIRMATION, table.helpdesk())
    assert exchange.state is S.CONFIRMATION
    table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST)
    assert exchange.state is S.CIRCULATED


def test_a_withdrawn_consent_holds_the_case_and_giving_it_again_lets_it_go_on(session, table):
    exchange = table.scheduled()
    due = exchange.due_at
    yendor = table.state_id("XAB")
    want = next(
        want for want in consenting.for_agreement(session, exchange) if want.state_id == yendor
    )
    consents.withdraw(
        session,
        state_id=want.state_id,
        kind=want.kind,
        subject_id=want.subject_id,
        by=table.capital("XAB"),
        now=table.now,
        reason="Elections",
    )
    progress.review(session, exchange, Act(by=SYSTEM, now=table.now))
    assert (exchange.state, exchange.held_from) == (S.ON_HOLD, S.SCHEDULED)
    assert exchange.hold_reason is HoldReason.WITHDRAWN
    with pytest.raises(Refused):
        table.move(exchange, S.SCHEDULED, table.focal())
    table.now += timedelta(days=3)
    service.consent(
        session, exchange_id=exchange.id, want=want, by=table.capital("XAB"), now=table.now
    )
    assert (exchange.state, exchange.due_at) == (S.SCHEDULED, due)


def test_a_declined_selection_returns_to_the_bids(session, table):
    exchange = table.selected()
    table.move(exchange, S.CHOOSING, table.focal("XAB"), reason="We lost the expert.")
    states = {bid.state_id: bid.state for bid in queries.bids(session, exchange)}
    assert states == {
        table.state_id("XAB"): BidState.WITHDRAWN,
        table.state_id("XAC"): BidState.SENT,
    }


def test_an_excluded_partner_and_a_stranger_find_nothing(session, table):
    exchange = table.circulated(excluded=frozenset({table.state_id("XAC")}))
    seat = session.get(Seat, table.states["XAC"].focal.seat_id)
    with pytest.raises(NotVisible):
        queries.case(session, exchange.id, seat, table.now)
    with pytest.raises(NotVisible):
        bidding.decline(
            session,
            exchange_id=exchange.id,
            reason=DeclineReason.OTHER,
            note_to_self="",
            by=table.focal("XAC"),
            now=table.now,
        )


def test_a_bid_after_the_choice_is_refused(session, table):
    exchange = table.selected()
    with pytest.raises(NotVisible):
        table.bid(exchange, "XAD")
    with pytest.raises(MoveRefused):
        table.bid(exchange, "XAC")


def test_who_lost_the_seat_yesterday_does_nothing_today(session, table):
    exchange = table.awaiting_capital()
    seats.end(session, holder=table.states["XAA"].capital, at=table.now, by=SYSTEM, now=table.now)
    table.now += timedelta(days=1)
    with pytest.raises(NotAllowed):
        table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST)
    assert exchange.state is S.CONFIRMATION


def test_a_consent_that_ends_soon_can_be_given_again_before_it_ends(session, table):
    exchange = table.awaiting_capital()
    last_day = table.now.date() + timedelta(days=20)
    table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST, until_on=last_day)
    state_id = table.state_id("XAA")
    [(case, want, ends_on)] = listing.ending(session, state_id, table.now)
    assert (case.id, ends_on, want.kind) == (exchange.id, last_day, ConsentKind.EXCHANGE_REQUEST)
    assert clocks.watch_consents(session, table.now) == 1
    service.consent(session, exchange_id=exchange.id, want=want, by=table.capital(), now=table.now)
    assert listing.ending(session, state_id, table.now) == []
    table.now += timedelta(days=21)
    assert clocks.watch_consents(session, table.now) == 0
    assert exchange.state is S.CIRCULATED


def test_a_consent_that_ends_holds_the_case_on_the_day_after(session, table):
    exchange = table.awaiting_capital()
    last_day = table.now.date() + timedelta(days=20)
    table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST, until_on=last_day)
    table.now += timedelta(days=21)
    assert clocks.watch_consents(session, table.now) == 1
    assert (exchange.state, exchange.held_from) == (S.ON_HOLD, S.CIRCULATED)
    assert exchange.hold_reason is HoldReason.ENDED
