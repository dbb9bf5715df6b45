"""Two people in the same second: one act stands, the other gets a sentence, and nothing moves unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.context import SYSTEM
from core.errors import Conflict, Refused
from core.outbox import OutboxEntry
from network.consents import service as consents
from network.consents.models import ConsentKind
from network.exchanges import bidding, clocks, consenting, meeting, progress, service
from network.exchanges.models import Exchange, Notice
from network.exchanges.models_case import Bid, BidState
from network.exchanges.moving import Act, locked
from network.exchanges.states import ExchangeState
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

S = ExchangeState


@pytest.fixture
def staged(live, keys):
    """A table on a database of the test's own; what is done at it is committed at the end."""

    @contextmanager
    def stage() -> Iterator[Table]:
        with live.app.app_context(), live.session() as session:
            cast = Cast(session, keys)
            yield Table(session, cast, cast.at)

    return stage


def together(live, *acts: Callable[[Session], object]) -> list[str]:
    """What each act comes to when all begin in the same moment: "done", or the refusal's code."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[Session], object]) -> str:
        with live.app.app_context():
            barrier.wait()
            try:
                with live.session() as session:
                    act(session)
            except Refused as refusal:
                return refusal.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_of_two_choices_in_the_same_second_one_stands(live, staged):
    with staged() as table:
        exchange = table.circulated()
        ids = [table.bid(exchange, iso3).id for iso3 in ("XAB", "XAC")]
        exchange_id, focal, now = exchange.id, table.focal(), table.now

    def choose(bid_id):
        return lambda session: bidding.choose(
            session, exchange_id=exchange_id, bid_id=bid_id, by=focal, now=now
        )

    assert sorted(together(live, *map(choose, ids))) == ["conflict", "done"]
    with live.session() as session:
        states = sorted(session.scalars(select(Bid.state)))
    assert states == [BidState.CHOSEN, BidState.SENT]


def test_a_withdrawal_beside_the_last_consent_never_leaves_it_agreed_unseen(live, staged):
    with staged() as table:
        exchange = table.selected()
        table.consent(exchange, "XAA", ConsentKind.AGREEMENT)
        yendor = table.state_id("XAB")
        wants = consenting.for_agreement(table.session, exchange)
        mine = next(want for want in wants if want.state_id == yendor)
        other = next(want for want in wants if want.state_id != yendor)
        exchange_id, now = exchange.id, table.now
        give_by, take_by = table.capital("XAB"), table.capital("XAA")

    def withdraw(session):
        consents.withdraw(
            session,
            state_id=other.state_id,
            kind=other.kind,
            subject_id=other.subject_id,
            by=take_by,
            now=now,
        )

    def give(session):
        service.consent(session, exchange_id=exchange_id, want=mine, by=give_by, now=now)

    assert together(live, give, withdraw) == ["done", "done"]
    with live.app.app_context(), live.session() as session:
        # What the fact of the withdrawal does, whichever came first.
        progress.review(session, locked(session, exchange_id), Act(by=SYSTEM, now=now))
    with live.session() as session:
        assert session.get_one(Exchange, exchange_id).state is S.ON_HOLD


def test_two_workers_remind_once(live, staged):
    with staged() as table:
        exchange = table.submitted()
        exchange_id, later = exchange.id, exchange.due_at

    def run(session):
        return clocks.run_clocks(session, later)

    assert together(live, run, run, run) == ["done", "done", "done"]
    with live.session() as session:
        words = sorted(
            session.scalars(select(Notice.word).where(Notice.exchange_id == exchange_id))
        )
        noted = session.scalar(select(func.count()).where(OutboxEntry.kind == "ClockNoted"))
    assert (words, noted) == (["level-1", "reminder"], 2)


def test_of_two_answers_to_one_proposal_the_first_counts(live, staged):
    with staged() as table:
        exchange = table.agreed()
        starts = table.now + timedelta(days=62)
        proposal = meeting.propose_dates(
            table.session,
            exchange_id=exchange.id,
            dates=meeting.Dates(starts_at=starts, ends_at=starts + timedelta(days=1), zone="UTC"),
            by=table.focal("XAB"),
            now=table.now,
        )
        proposal_id, exchange_id, now, by = proposal.id, exchange.id, table.now, table.focal()

    def accept(session):
        meeting.accept_dates(
            session, exchange_id=exchange_id, proposal_id=proposal_id, by=by, now=now
        )

    def decline(session):
        meeting.decline_dates(
            session, exchange_id=exchange_id, proposal_id=proposal_id, by=by, now=now
        )

    assert sorted(together(live, accept, decline)) == [Conflict.code, "done"]
