"""Nine months in which nobody answers: each reminder and each escalation once, whoever dies meanwhile."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import clock as core_clock
from core.outbox import OutboxEntry
from network.consents.models import ConsentKind
from network.exchanges.clocks import run_clocks, watch_consents
from network.exchanges.models import Exchange, Notice
from network.exchanges.states import EXCHANGE, ExchangeState
from network.notifications.models import Delivery
from network.notifications.states import DeliveryState
from network.seats.service import end

S = ExchangeState
MONTHS = timedelta(days=274)
ONE_MAIL = {"requester", "members", "capital", "helpdesk"}


def expected(state: S) -> list[tuple[S, str]]:
    """What the table says of a state in which nothing happens, and of those it lapses to."""
    step = EXCHANGE.steps[state]
    found = [(state, "reminder")] if step.remind is not None else []
    found += [(state, f"level-{number}") for number, _level in enumerate(step.levels, 1)]
    return found + (expected(step.lapses_to) if step.lapses_to is not None else [])


class Dies(Exception):
    """A worker that is killed."""


@pytest.fixture
def silent(table):
    """One case in each state that has a clock, all of them left alone from now on."""
    table.cast.holder("secretariat", name="Secretary")
    cases = {S.FINISHED: table.finished(), S.HELD: table.held()}
    cases[S.SUBMITTED] = table.submitted()
    cases[S.CLARIFICATION] = table.move(
        table.submitted(), S.CLARIFICATION, table.helpdesk(), "Which ministries?"
    )
    cases[S.CONFIRMATION] = table.awaiting_capital()
    cases[S.CIRCULATED] = table.circulated()
    choosing = table.circulated()
    table.bid(choosing, "XAB")
    cases[S.CHOOSING] = table.move(choosing, S.CHOOSING, table.focal())
    cases[S.SELECTED] = table.selected()
    cases[S.AGREED] = table.agreed()
    cases[S.SCHEDULED] = table.scheduled()
    return {state: case.id for state, case in cases.items()}


def test_nine_months_of_silence(session, table, post, clock, silent) -> None:
    post.handle()
    session.execute(update(Delivery).values(state=DeliveryState.CANCELLED))
    chance = random.Random(20_261_124)  # noqa: S311 -- a dice, not a secret
    until = core_clock.now() + MONTHS
    while core_clock.now() < until:
        clock.forward(hours=chance.randint(12, 84))
        for _time in range(chance.randint(1, 2)):
            work(session, post, chance)
    post.handle()
    post.deliver()

    turns = {
        (entry.body["exchange_id"], entry.body["turn"]): S(entry.body["new"])
        for entry in session.scalars(select(OutboxEntry).where(OutboxEntry.kind == "ExchangeMoved"))
    }
    for began, exchange_id in silent.items():
        notices = session.scalars(
            select(Notice).where(Notice.exchange_id == exchange_id).order_by(Notice.at, Notice.word)
        ).all()
        said = [(turns[str(exchange_id), notice.turn], notice.word) for notice in notices]
        assert Counter(said) == Counter(expected(began)), began
        for notice in notices:
            owner = EXCHANGE.steps[turns[str(exchange_id), notice.turn]].owner
            one = notice.word != "reminder" or owner in ONE_MAIL
            sent = session.scalars(
                select(Delivery.recipient_id).where(
                    Delivery.subject_id == notice.id, Delivery.state == DeliveryState.SENT
                )
            ).all()
            assert len(sent) == len(set(sent)) == (1 if one else 2), (began, notice.word)
    ends = {began: session.get_one(Exchange, one).state for began, one in silent.items()}
    assert ends == {
        S.FINISHED: S.CLOSED,
        S.HELD: S.HELD,
        S.SUBMITTED: S.SUBMITTED,
        S.CLARIFICATION: S.EXPIRED,
        S.CONFIRMATION: S.EXPIRED,
        S.CIRCULATED: S.NO_TAKER,
        S.CHOOSING: S.EXPIRED,
        S.SELECTED: S.EXPIRED,
        S.AGREED: S.EXPIRED,
        S.SCHEDULED: S.SCHEDULED,
    }


def work(session, post, chance: random.Random) -> None:
    """Run the clocks, sometimes in a worker that dies before it can commit."""
    for run in (run_clocks, watch_consents):
        try:
            with session.begin_nested():
                run(session, core_clock.now())
                survive(chance)
        except Dies:
            session.expire_all()
    if chance.random() < 3 / 4:
        post.handle()
        post.deliver()


def survive(chance: random.Random) -> None:
    """Or do not."""
    if chance.random() < 1 / 4:
        raise Dies


def test_a_reminder_that_comes_after_the_answer_is_not_sent(session, table, post, clock) -> None:
    exchange = table.awaiting_capital()
    post.brings()
    clock.forward(days=24)
    table.now = core_clock.now()
    assert run_clocks(session, table.now) == 1
    post.handle()
    table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST)
    told = post.brings()
    assert "case_reminder" not in {message for _name, message in told}


def test_without_a_helpdesk_the_secretariat_is_told(session, table, post) -> None:
    table.cast.holder("secretariat", name="Secretary")
    end(session, holder=table.desk, at=table.now, by=table.helpdesk(), now=table.now)
    table.now += timedelta(minutes=1)
    table.submitted()
    assert post.brings() == [("Secretary", "case_moved_desk")]
