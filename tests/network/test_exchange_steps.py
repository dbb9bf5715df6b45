"""The later steps of a case through its pages: bids, declines, the choice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from network.consents.models import ConsentKind
from network.exchanges import bidding
from network.exchanges.models_case import Bid, BidState, Decline
from network.exchanges.states import ExchangeState
from network.mechanisms.models import Mechanism, NameStatus
from network.offers.models import Offer
from network.offers.states import OfferState
from tests.walls.case_pages import People, stage, state
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

S = ExchangeState
K = ConsentKind
NOTE = "Our minister is against it."


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


def whole_bid(table, **changes):
    return {
        "type": "study_visit",
        "offer": "Come and see how we cluster.",
        "languages": ["en"],
        "from_on": day(table, 60),
        "until_on": day(table, 70),
        "costs": "Each side its own.",
    } | changes


def consent_path(exchange, kind, subject_id):
    return f"/exchanges/{exchange.id}/consent/{kind}/{subject_id}"


def own_bid(table, exchange, iso3):
    return table.session.scalars(
        select(Bid).where(Bid.exchange_id == exchange.id, Bid.state_id == table.state_id(iso3))
    ).one()


def test_a_bid_is_drafted_handed_in_consented_to_and_read_by_the_requester(act, table, people):
    exchange = stage(act, table, "circulated")
    path = f"/exchanges/{exchange.id}/bid"
    page = people["XAB"].get(path).text
    assert "We want to see how others cluster what they receive." in page
    assert people["XAB"].post(path, data={"offer": "Half a"}).status_code == 303
    assert "Half a</textarea>" in people["XAB"].get(path).text
    answer = people["XAB"].post(path, data=whole_bid(table) | {"send": "y"})
    assert answer.status_code == 303
    bid = own_bid(table, exchange, "XAB")
    assert state(bid) is BidState.WAITING
    assert "Yendor" not in people["XAA"].get(f"/exchanges/{exchange.id}/bids").text

    address = consent_path(exchange, "bid", bid.text_id)
    asked = people["XAB capital"].get(address).text
    said = ("Come and see how we cluster.", "Each side its own.", "English", "Consent for Yendor")
    assert [words for words in said if words not in asked] == []
    assert people["XAB capital"].post(address, data={}).status_code == 303
    assert state(bid) is BidState.SENT

    compared = people["XAA"].get(f"/exchanges/{exchange.id}/bids").text
    reasons = (
        "Offers the form you asked for: Study visit.",
        "You share a working language: English.",
        "The dates meet:",
    )
    assert [words for words in reasons if words not in compared] == []
    one = people["XAA"].get(f"/exchanges/{exchange.id}/bids/{bid.id}").text
    assert "Come and see how we cluster." in one
    assert "Choose this bid" in one


def test_handing_in_a_half_done_bid_lists_all_that_is_missing_and_keeps_it(act, table, people):
    exchange = stage(act, table, "circulated")
    path = f"/exchanges/{exchange.id}/bid"
    answer = people["XAB"].post(path, data={"costs": "We pay.", "send": "y"})
    assert answer.status_code == 303
    page = people["XAB"].get(answer.location).text
    sentences = (
        "Choose what form the exchange should take.",
        "Say what you can give.",
        "Choose at least one working language.",
        "Give a first and a last day.",
    )
    assert [one for one in sentences if one not in page] == []
    assert "We pay.</textarea>" in page
    assert own_bid(table, exchange, "XAB").state is BidState.DRAFT


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (-3, 5, "These days are in the past. Choose later ones."),
        (60, 50, "The last day comes before the first."),
    ],
)
def test_a_bid_for_impossible_days_is_refused_at_the_field(
    act, table, people, first, last, sentence
):
    exchange = stage(act, table, "circulated")
    typed = whole_bid(table, from_on=day(table, first), until_on=day(table, last))
    answer = people["XAB"].post(f"/exchanges/{exchange.id}/bid", data=typed | {"send": "y"})
    page = people["XAB"].get(answer.location).text
    assert sentence in page
    assert "Come and see how we cluster." in page
    assert own_bid(table, exchange, "XAB").state is BidState.DRAFT


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"from_on": "soon"}, "Write the date as year-month-day, for example 2027-06-14."),
        ({"type": "banquet"}, "Choose one of the answers offered."),
        ({"languages": ["tlh"]}, "Choose one of the answers offered."),
        ({"offer": "x" * 4001}, "This is 4001 characters long; 4000 fit."),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_nothing_is_lost(
    act, table, people, typed, sentence
):
    exchange = stage(act, table, "circulated")
    answer = people["XAB"].post(f"/exchanges/{exchange.id}/bid", data=whole_bid(table) | typed)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert "Each side its own." in answer.text


def test_a_bid_after_the_choice_is_refused_and_handed_back(act, table, people):
    exchange = stage(act, table, "selected")
    answer = people["XAD"].post(f"/exchanges/{exchange.id}/bid", data=whole_bid(table))
    assert answer.status_code == 404
    assert "Come and see how we cluster." in answer.text
    late = people["XAC"].post(f"/exchanges/{exchange.id}/bid", data=whole_bid(table))
    assert late.status_code == 409
    assert "This request takes no more bids." in late.text
    assert "Come and see how we cluster." in late.text


def test_one_neutral_sentence_for_those_not_chosen(act, table, people):
    exchange = stage(act, table, "selected")
    page = people["XAC"].get(f"/exchanges/{exchange.id}/bid").text
    assert "This request needs no other bid any more. Thank you for your offer." in page
    assert "Yendor" not in page


def test_bidders_never_see_each_other(act, table, people):
    exchange = stage(act, table, "circulated")
    with act():
        theirs = table.bid(exchange, "XAC")
        mine = table.bid(exchange, "XAB")
    paths = (
        f"/exchanges/{exchange.id}/bids",
        f"/exchanges/{exchange.id}/bids/{theirs.id}",
        f"/exchanges/{exchange.id}/bids/{theirs.id}/choose",
        f"/exchanges/{exchange.id}/terms",
        f"/exchanges/{exchange.id}/parties",
    )
    assert [people["XAB"].get(path).status_code for path in paths] == [404] * len(paths)
    pages = [
        people["XAB"].get(f"/exchanges/{exchange.id}/bid").text,
        people["XAB"].get(f"/exchanges/{exchange.id}/bids/{mine.id}").text,
    ]
    assert [words for words in ("Zembla", "XAC") for page in pages if words in page] == []


def test_a_choice_is_no_news_to_the_bidder_until_the_state_consents(act, table, people):
    exchange = stage(act, table, "circulated")
    with act():
        bid = table.bid(exchange, "XAB")
        table.choose(exchange, bid)
    pages = [
        people["XAB"].get(f"/exchanges/{exchange.id}/bid").text,
        people["XAB"].get(f"/exchanges/{exchange.id}/bids/{bid.id}").text,
    ]
    assert [page for page in pages if "hosen" in page] == []


def test_an_excluded_partner_who_guesses_the_address_finds_nothing(act, table, people):
    exchange = stage(act, table, "circulated", excluded=frozenset({table.state_id("XAC")}))
    for path in ("bid", "decline", "bids", "terms", "dates", "report", "parties", "calendar.ics"):
        assert people["XAC"].get(f"/exchanges/{exchange.id}/{path}").status_code == 404
    answer = people["XAC"].post(f"/exchanges/{exchange.id}/bid", data=whole_bid(table))
    assert (answer.status_code, "cluster what they receive" in answer.text) == (404, False)


def test_ones_own_request_takes_no_bid_of_ones_own(act, table, people):
    exchange = stage(act, table, "circulated")
    answer = people["XAA"].get(f"/exchanges/{exchange.id}/bid")
    assert (answer.status_code, "This is your own State’s request." in answer.text) == (403, True)


def test_withdrawing_a_bid_asks_first(act, table, people):
    exchange = stage(act, table, "circulated")
    with act():
        bid = table.bid(exchange, "XAB")
    path = f"/exchanges/{exchange.id}/bid/withdraw"
    assert "Withdraw your bid?" in people["XAB"].get(path).text
    assert state(bid) is BidState.SENT
    assert people["XAB"].post(path).status_code == 303
    assert state(bid) is BidState.WITHDRAWN
    answer = people["XAB"].post(f"/exchanges/{exchange.id}/bid", data=whole_bid(table))
    assert answer.status_code == 303


def offer_of(table, iso3):
    mechanism = Mechanism(
        key=iso3.lower(),
        state=table.states[iso3].state,
        name="Committee",
        name_status=NameStatus.FORMAL,
        recorded_on=table.now.date(),
    )
    offer = Offer(mechanism=mechanism, version=1, state=OfferState.PUBLISHED, updated_at=table.now)
    offer.themes, offer.capacities, offer.types = ["a2"], ["coordination"], ["workshop"]
    offer.languages, offer.per_year, offer.published_at = ["en"], 3, table.now
    table.session.add_all([mechanism, offer])
    table.session.flush()
    return offer


def test_not_this_time_keeps_its_note_and_pauses_the_offer_in_one_step(act, table, people):
    exchange = stage(act, table, "circulated")
    offer = offer_of(table, "XAC")
    path = f"/exchanges/{exchange.id}/decline"
    assert "Also pause our standing offer" in people["XAC"].get(path).text
    typed = {"reason": "no_capacity", "note": NOTE, "pause_until": day(table, 40)}
    assert (
        people["XAC"].post(path, data=typed | {"pause_reason": "staff_change"}).status_code == 303
    )
    said = table.session.scalars(select(Decline)).one()
    assert (said.reason.value, said.note) == ("no_capacity", NOTE)
    table.session.refresh(offer)
    assert offer.paused_until.isoformat() == day(table, 40)
    for reader, where in (("XAA", ""), ("XAA", "/bids"), ("desk", ""), ("XAB", "")):
        assert NOTE not in people[reader].get(f"/exchanges/{exchange.id}{where}").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose a reason."),
        (
            {"reason": "dates", "pause_until": "2020-01-01"},
            "This day has passed. Choose today or a later day.",
        ),
    ],
)
def test_a_decline_with_a_slip_keeps_what_was_typed(act, table, people, typed, sentence):
    exchange = stage(act, table, "circulated")
    offer_of(table, "XAC")
    answer = people["XAC"].post(
        f"/exchanges/{exchange.id}/decline",
        data={"note": NOTE, "pause_reason": "other"} | typed,
    )
    assert (answer.status_code, sentence in answer.text, NOTE in answer.text) == (422, True, True)
    assert table.session.scalars(select(Decline)).all() == []


def test_choosing_asks_first_and_the_second_choice_reads_why_not(act, table, people):
    exchange = stage(act, table, "circulated")
    with act():
        one, two = table.bid(exchange, "XAB"), table.bid(exchange, "XAC")
    paths = [f"/exchanges/{exchange.id}/bids/{bid.id}/choose" for bid in (one, two)]
    page = people["XAA"].get(paths[0]).text
    assert "Choose the bid of Yendor?" in page
    assert "The other State that offered help then gets one neutral sentence" in page
    other_window = people.another("XAA", "focal")
    assert people["XAA"].post(paths[0]).status_code == 303
    late = other_window.post(paths[1])
    assert late.status_code == 409
    assert "Another bid was chosen a moment ago. Take that choice back first." in late.text
    assert (state(one), state(two)) == (BidState.CHOSEN, BidState.SENT)

    undo = f"/exchanges/{exchange.id}/choice/undo"
    assert "Take the choice back?" in people["XAA"].get(undo).text
    assert people["XAA"].post(undo).status_code == 303
    assert (state(one), state(two)) == (BidState.SENT, BidState.SENT)


def test_a_confidential_request_is_bid_for_without_its_name(act, table, people):
    exchange = stage(
        act, table, "circulated", is_confidential=True, neutral="Help with a register."
    )
    for path in ("bid", "decline"):
        page = people["XAB"].get(f"/exchanges/{exchange.id}/{path}").text
        assert [words for words in ("Xandria", "Clustering") if words in page] == []
    assert "Help with a register." in people["XAB"].get(f"/exchanges/{exchange.id}/bid").text
    with act():
        bidding.save_bid(
            table.session,
            exchange_id=exchange.id,
            wording=bidding.BidWording(offer="Yes"),
            by=table.focal("XAB"),
            now=table.now,
        )
    assert "Xandria" not in people["XAB"].get(f"/exchanges/{exchange.id}/bid").text
