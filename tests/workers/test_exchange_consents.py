"""Consents given, withdrawn or contested away from a case's own page move it all the same."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select

from network.consents import service as consents
from network.consents.models import ConsentKind, Need
from network.consents.service import Scope
from network.exchanges import consenting, queries, service
from network.exchanges.models import HoldReason
from network.exchanges.models_case import BidState, CaseEntry
from network.exchanges.states import ExchangeState
from tests.walls.cast import acts

S = ExchangeState
K = ConsentKind


def scope(table, iso3: str, kind: K, subject_kind: str, subject_id, **more) -> Scope:
    return Scope(
        state_id=table.state_id(iso3),
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        **more,
    )


def lines(session, exchange, start: str) -> list[CaseEntry]:
    return list(
        session.scalars(
            select(CaseEntry)
            .where(CaseEntry.exchange_id == exchange.id, CaseEntry.word.startswith(start))
            .order_by(CaseEntry.position)
        )
    )


@pytest.fixture
def paper(table):
    """A way to have a consent on paper entered and confirmed."""
    one, two = (table.cast.holder("secretariat", name=name) for name in ("One", "Two"))

    def enter(given: Scope):
        def by(holder):
            return acts(holder.person_id, holder.seat_id, proved_at=table.now)

        entered = consents.enter_on_paper(
            table.session, scope=given, document_id=uuid4(), by=by(one), now=table.now
        )
        return consents.confirm_paper(
            table.session, consent_id=entered.id, by=by(two), now=table.now
        )

    return SimpleNamespace(enter=enter, two=two)


def test_a_consent_given_elsewhere_circulates_the_case_and_stands_on_its_timeline(
    session, table, post
) -> None:
    exchange = table.awaiting_capital()
    consents.give(
        session,
        scope=scope(table, "XAA", K.EXCHANGE_REQUEST, "exchange", exchange.text_id),
        by=table.capital(),
        now=table.now,
    )
    post.handle()
    assert exchange.state is S.CIRCULATED
    (line,) = lines(session, exchange, "consent.given")
    capital = table.states["XAA"].capital
    assert (line.person_id, line.seat_id) == (capital.person_id, capital.seat_id)


def test_a_consent_given_in_the_case_stands_there_once(session, table, post) -> None:
    exchange = table.circulated()
    post.handle()
    assert len(lines(session, exchange, "consent.given")) == 1


def test_a_paper_moves_a_case_and_contesting_it_holds_it(session, table, post, paper) -> None:
    exchange = table.awaiting_capital()
    entered = paper.enter(scope(table, "XAA", K.EXCHANGE_REQUEST, "exchange", exchange.text_id))
    post.handle()
    assert exchange.state is S.CIRCULATED
    (line,) = lines(session, exchange, "consent.on_paper")
    assert line.person_id == paper.two.person_id

    consents.contest(session, consent_id=entered.id, by=table.capital(), now=table.now)
    post.handle()
    assert (exchange.state, exchange.hold_reason) == (S.ON_HOLD, HoldReason.WITHDRAWN)
    assert len(lines(session, exchange, "consent.contested")) == 1

    consents.give(
        session,
        scope=scope(table, "XAA", K.EXCHANGE_REQUEST, "exchange", exchange.text_id),
        by=table.capital(),
        now=table.now,
    )
    post.handle()
    assert exchange.state is S.CIRCULATED


def withdraw(session, table, iso3: str, kind: K, subject_id, by=None) -> None:
    consents.withdraw(
        session,
        state_id=table.state_id(iso3),
        kind=kind,
        subject_id=subject_id,
        by=by or table.capital(iso3),
        now=table.now,
        reason="A change of mind.",
    )


def test_a_withdrawal_before_the_event_holds_the_case(session, table, post) -> None:
    exchange = table.scheduled()
    post.handle()
    agreement = consenting.newest_agreement(session, exchange.id)
    withdraw(session, table, "XAB", K.AGREEMENT, agreement.id)
    post.handle()
    assert (exchange.state, exchange.held_from) == (S.ON_HOLD, S.SCHEDULED)
    (line,) = lines(session, exchange, "consent.withdrawn")
    assert (line.text, line.state_id) == ("A change of mind.", table.state_id("XAB"))


def test_a_withdrawal_after_the_event_holds_nothing(session, table, post) -> None:
    exchange = table.scheduled()
    agreement = consenting.newest_agreement(session, exchange.id)
    table.now += timedelta(days=65)
    withdraw(session, table, "XAB", K.AGREEMENT, agreement.id)
    post.handle()
    assert exchange.state is S.SCHEDULED
    table.move(exchange, S.HELD, table.focal())
    withdraw(session, table, "XAA", K.AGREEMENT, agreement.id)
    post.handle()
    assert exchange.state is S.HELD


def test_a_bid_without_its_consent_goes_and_holds_nobody(session, table, post) -> None:
    exchange = table.circulated()
    bid = table.bid(exchange, "XAB")
    post.brings()
    withdraw(session, table, "XAB", K.BID, bid.text_id)
    assert post.brings() == [("Focal XAA", "bid_withdrawn")]
    assert exchange.state is S.CIRCULATED
    assert queries.own_bid(session, exchange, table.state_id("XAB")).state is BidState.WITHDRAWN


def test_seats_that_contradict_each_other_hold_the_case_until_they_agree(
    session, table, post
) -> None:
    second = table.cast.holder("authorising", name="Second XAA", body_id=table.state_id("XAA"))
    exchange = table.circulated()
    post.handle()
    by = acts(second.person_id, second.seat_id, proved_at=table.now)
    withdraw(session, table, "XAA", K.EXCHANGE_REQUEST, exchange.text_id, by=by)
    post.handle()
    assert (exchange.state, exchange.hold_reason) == (S.ON_HOLD, HoldReason.CONFLICT)

    consents.give(
        session,
        scope=scope(table, "XAA", K.EXCHANGE_REQUEST, "exchange", exchange.text_id),
        by=by,
        now=table.now,
    )
    post.handle()
    assert exchange.state is S.CIRCULATED


@pytest.mark.parametrize("kind", [K.EXCHANGE_REQUEST, K.SELECTION, K.AGREEMENT])
@pytest.mark.parametrize("where", ["on its page", "in the list of consents"])
def test_a_no_against_another_seats_yes_holds_what_waits_for_both(
    session, table, post, kind, where
) -> None:
    second = table.cast.holder("authorising", name="Second XAA", body_id=table.state_id("XAA"))
    by = acts(second.person_id, second.seat_id, proved_at=table.now)
    exchange = table.awaiting_capital()
    if kind is not K.EXCHANGE_REQUEST:
        table.consent(exchange, "XAA", K.EXCHANGE_REQUEST)
        table.choose(exchange, table.bid(exchange, "XAB"))
    if kind is K.AGREEMENT:
        table.consent(exchange, "XAA", K.SELECTION)
    consents.set_rule(
        session, state_id=table.state_id("XAA"), need=Need.ALL, by=table.capital(), now=table.now
    )
    if kind is not K.EXCHANGE_REQUEST:
        give_both(session, table, exchange, by)
    stood = exchange.state
    table.consent(exchange, "XAA", kind)
    post.handle()
    assert exchange.state is stood
    [want] = [
        one
        for one in consenting.awaited(session, exchange, stood)
        if one.state_id == table.state_id("XAA")
    ]
    if where == "on its page":
        service.refuse(
            session, exchange_id=exchange.id, want=want, reason="No.", by=by, now=table.now
        )
    else:
        withdraw(session, table, "XAA", kind, want.subject_id, by=by)
    post.handle()
    assert (exchange.state, exchange.held_from) == (S.ON_HOLD, stood)
    assert exchange.hold_reason is HoldReason.CONFLICT

    for officer in (by, table.capital()):
        service.consent(session, exchange_id=exchange.id, want=want, by=officer, now=table.now)
    post.handle()
    goes_on = {S.CONFIRMATION: S.CIRCULATED, S.CHOOSING: S.SELECTED, S.SELECTED: S.SELECTED}
    assert exchange.state is goes_on[stood]


def give_both(session, table, exchange, by) -> None:
    """Let the second officer say yes to all that the case rests on by now."""
    rested = consenting.needed(session, exchange, exchange.state)
    for want in rested:
        if want.state_id == table.state_id("XAA"):
            service.consent(session, exchange_id=exchange.id, want=want, by=by, now=table.now)


def test_a_bidder_that_contradicts_itself_holds_nobody_elses_case(session, table, post) -> None:
    second = table.cast.holder("authorising", name="Second XAB", body_id=table.state_id("XAB"))
    exchange = table.circulated()
    bid = table.bid(exchange, "XAB")
    by = acts(second.person_id, second.seat_id, proved_at=table.now)
    withdraw(session, table, "XAB", K.BID, bid.text_id, by=by)
    post.handle()
    assert exchange.state is S.CIRCULATED


def test_what_is_no_case_is_left_alone(session, table, post) -> None:
    consents.give(
        session,
        scope=scope(table, "XAA", K.STANDING_OFFER, "offer", uuid4()),
        by=table.capital(),
        now=table.now,
    )
    post.handle()
    assert session.scalars(select(CaseEntry)).all() == []
