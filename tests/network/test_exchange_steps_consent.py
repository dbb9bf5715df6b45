"""The page of a State's consent: whose it is, what follows, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.context import SYSTEM
from network.consents import service as consents
from network.consents.models import Consent, ConsentKind, Need
from network.exchanges import consenting, progress
from network.exchanges.models import HoldReason
from network.exchanges.models_case import Agreement
from network.exchanges.moving import Act
from network.exchanges.states import ExchangeState
from network.seats import service as seats
from tests.walls.case_pages import People, stage, state
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

S = ExchangeState
K = ConsentKind


@pytest.fixture
def table(app, session, keys):
    with app.test_request_context(method="POST"):
        cast = Cast(session, keys)
        return Table(session, cast, cast.at)


@pytest.fixture
def people(app, table):
    return People(app, table)


@pytest.fixture
def act(app):
    """What is done without a page: in the language of no request."""
    return lambda: app.test_request_context(method="POST")


def day(table, ahead):
    return (table.now.date() + timedelta(days=ahead)).isoformat()


def consent_path(exchange, kind, subject_id):
    return f"/exchanges/{exchange.id}/consent/{kind}/{subject_id}"


def test_an_officer_consents_to_the_partner_and_the_terms_at_once(act, table, people):
    exchange = stage(act, table, "circulated")
    with act():
        bid = table.bid(exchange, "XAB")
        table.choose(exchange, bid)
    address = consent_path(exchange, "selection", bid.text_id)
    page = people["XAA capital"].get(address).text
    said = (
        "Partner: Yendor",
        "The terms as they will be drafted",
        "A plan that ministries follow.",
    )
    assert [words for words in said if words not in page] == []
    assert people["XAA capital"].post(address, data={"terms_too": "y"}).status_code == 303
    assert state(exchange) is S.SELECTED
    kinds = {
        row.kind
        for row in table.session.scalars(
            select(Consent).where(Consent.state_id == table.state_id("XAA"))
        )
    }
    assert kinds == {K.EXCHANGE_REQUEST, K.SELECTION, K.AGREEMENT}
    terms = table.session.scalars(select(Agreement)).one()
    theirs = consent_path(exchange, "agreement", terms.id)
    assert "Three days in the capital of XAB." in people["XAB capital"].get(theirs).text
    assert people["XAB capital"].post(theirs, data={}).status_code == 303
    assert state(exchange) is S.AGREED
    over = people["XAB capital"].get(theirs)
    assert (over.status_code, "Nothing waits here any more" in over.text) == (200, True)


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (-1, "This is in the past. Choose a later day."),
        (61, "The exchange may take place until then: choose its last day or later."),
    ],
)
def test_a_consent_that_ends_too_soon_is_refused_at_the_field(act, table, people, until, sentence):
    exchange = stage(act, table, "selected")
    terms = table.session.scalars(select(Agreement)).one()
    if until < 0:
        terms.until_on = terms.from_on = None
    answer = people["XAA capital"].post(
        consent_path(exchange, "agreement", terms.id), data={"until_on": day(table, until)}
    )
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert day(table, until) in answer.text


def test_saying_no_needs_a_reason_and_sends_it_back(act, table, people):
    exchange = stage(act, table, "awaiting_capital")
    address = consent_path(exchange, "exchange_request", exchange.text_id)
    answer = people["XAA capital"].post(f"{address}/refuse", data={"reason": " "})
    assert (answer.status_code, "Say it in a sentence" in answer.text) == (422, True)
    assert state(exchange) is S.CONFIRMATION
    said = people["XAA capital"].post(f"{address}/refuse", data={"reason": "Leave out the dates."})
    assert said.status_code == 303
    assert state(exchange) is S.CLARIFICATION


def test_only_a_fresh_own_factor_of_the_right_state_consents(act, table, people):
    exchange = stage(act, table, "awaiting_capital")
    address = consent_path(exchange, "exchange_request", exchange.text_id)
    stale = people.another("XAA", "capital", timedelta(hours=1))
    away = stale.get(address)
    assert (away.status_code, away.location) == (303, f"/prove?then={address}")
    assert people["XAA"].post(address).status_code == 403
    assert people["XAB capital"].get(address).status_code == 404
    assert people["XAB capital"].post(address).status_code == 404
    assert state(exchange) is S.CONFIRMATION


def test_whose_seat_ended_yesterday_is_told_so(act, table, people):
    exchange = stage(act, table, "awaiting_capital")
    officer = people["XAA capital"]
    with act():
        seats.end(
            table.session,
            holder=table.states["XAA"].capital,
            at=table.now,
            by=SYSTEM,
            now=table.now,
        )
    answer = officer.post(consent_path(exchange, "exchange_request", exchange.text_id))
    assert answer.status_code == 403
    assert "You do not hold this seat any more." in answer.text
    assert state(exchange) is S.CONFIRMATION


def test_with_the_rule_all_the_page_says_who_is_missing(act, table, people):
    exchange = stage(act, table, "awaiting_capital")
    with act():
        table.cast.holder("authorising", name="Second Officer", body_id=table.state_id("XAA"))
        consents.set_rule(
            table.session,
            state_id=table.state_id("XAA"),
            need=Need.ALL,
            by=table.capital(),
            now=table.now,
        )
    address = consent_path(exchange, "exchange_request", exchange.text_id)
    assert people["XAA capital"].post(address, data={}).status_code == 303
    assert state(exchange) is S.CONFIRMATION
    page = people["XAA capital"].get(address).text
    assert "Your State wants the consent of all its authorising officers." in page
    assert "Second Officer · still missing" in page
    assert "Capital XAA · has given it" in page


def test_a_consent_that_fell_away_is_given_again_on_the_same_page(act, table, people):
    exchange = stage(act, table, "scheduled")
    yendor = table.state_id("XAB")
    with act():
        want = next(
            want
            for want in consenting.for_agreement(table.session, exchange)
            if want.state_id == yendor
        )
        consents.withdraw(
            table.session,
            state_id=yendor,
            kind=want.kind,
            subject_id=want.subject_id,
            by=table.capital("XAB"),
            now=table.now,
        )
        progress.review(table.session, exchange, Act(by=SYSTEM, now=table.now))
    assert exchange.hold_reason is HoldReason.WITHDRAWN
    address = consent_path(exchange, "agreement", want.subject_id)
    assert "Consent for Yendor" in people["XAB capital"].get(address).text
    assert people["XAB capital"].post(address, data={}).status_code == 303
    assert state(exchange) is S.SCHEDULED
