"""What came of a case, through its pages: reports, the one question; and its parties."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from network.consents.models import Consent, ConsentKind
from network.exchanges.models import Party, PartyState
from network.exchanges.models_case import (
    FollowUp,
    Report,
    ReportState,
)
from network.exchanges.states import ExchangeState
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


def report_of(table, iso3):
    return table.session.scalars(
        select(Report).where(Report.state_id == table.state_id(iso3))
    ).one()


def typed_report(**changes):
    return {
        "learned": "One list for all bodies.",
        "decision": "A decree.",
        "days": "3",
        "would_repeat": "yes",
        "summary": "They clustered.",
    } | changes


def later(table, clock, days):
    """Let the days pass for the pages too; whoever signs in does so then."""
    clock.forward(days=days)
    table.cast.at = table.now


def test_a_report_is_drafted_handed_in_consented_to_and_read_by_the_other_side(
    act, table, people, clock
):
    exchange = stage(act, table, "held")
    later(table, clock, 65)
    path = f"/exchanges/{exchange.id}/report"
    answer = people["XAA"].post(path, data={"summary": "Half", "send": "y"})
    page = people["XAA"].get(answer.location).text
    sentences = ("Say what was learned.", "Say what was decided", "Say yes or no.")
    assert [one for one in sentences if one not in page] == []
    assert "Half</textarea>" in page
    assert people["XAA"].post(path, data=typed_report(send="y")).status_code == 303
    report = report_of(table, "XAA")
    assert "One list for all bodies." not in people["XAB"].get(path).text

    address = f"/exchanges/{exchange.id}/consent/outcome/{report.text_id}"
    assert "They clustered." in people["XAA capital"].get(address).text
    assert people["XAA capital"].post(address, data={"summary": "y"}).status_code == 303
    assert state(report) is ReportState.GIVEN
    given = table.session.scalars(select(Consent).where(Consent.kind == K.OUTCOME)).one()
    assert given.publish == ["summary"]
    assert "One list for all bodies." in people["XAB"].get(path).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"days": "some"}, "Give a whole number from 0 to 999."),
        ({"evidence_url": "ftp://files.example"}, "A link begins with https://."),
        ({"would_repeat": "perhaps"}, "Choose one of the answers offered."),
    ],
)
def test_a_report_with_a_slip_keeps_what_was_typed(act, table, people, clock, typed, sentence):
    exchange = stage(act, table, "held")
    later(table, clock, 65)
    answer = people["XAA"].post(f"/exchanges/{exchange.id}/report", data=typed_report(**typed))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert "One list for all bodies." in answer.text


def test_the_helpdesk_waives_a_report_with_a_reason(act, table, people, clock):
    exchange = stage(act, table, "held")
    later(table, clock, 65)
    with act():
        table.report(exchange, "XAA")
    yendor = table.state_id("XAB")
    path = f"/exchanges/{exchange.id}/report/waive/{yendor}"
    assert "Waive the report of Yendor?" in people["desk"].get(path).text
    answer = people["desk"].post(path, data={"reason": ""})
    assert (answer.status_code, "Say it in a sentence" in answer.text) == (422, True)
    assert people["desk"].post(path, data={"reason": "Elections."}).status_code == 303
    assert state(exchange) is S.FINISHED
    assert "Elections." in people["XAB"].get(f"/exchanges/{exchange.id}/report").text
    assert people["XAA"].post(path, data={"reason": "No."}).status_code == 403


def test_the_one_question_is_answered_once(act, table, people, clock):
    exchange = stage(act, table, "followed_up")
    later(table, clock, 249)
    path = f"/exchanges/{exchange.id}/follow-up"
    assert "What changed?" in people["XAA"].get(path).text
    answer = people["XAA"].post(path, data={"change": "partly"})
    assert (answer.status_code, "Say in a sentence what has changed." in answer.text) == (422, True)
    assert people["XAA"].post(path, data={"change": "not_yet"}).status_code == 303
    again = people["XAA"].post(path, data={"change": "no"})
    assert (again.status_code, "Your side has answered already." in again.text) == (409, True)
    assert len(table.session.scalars(select(FollowUp)).all()) == 1
    typed = {"change": "yes", "text": "The decree is signed."}
    assert people["XAB"].post(path, data=typed).status_code == 303
    assert state(exchange) is S.CLOSED
    assert "The decree is signed." in people["XAA"].get(path).text


def test_a_state_is_asked_to_join_and_the_consents_are_shown(act, table, people):
    exchange = stage(act, table, "agreed")
    path = f"/exchanges/{exchange.id}/parties"
    zembla = table.state_id("XAC")
    typed = {"body": f"state:{zembla}", "role": "supporter"}
    assert people["XAA"].post(path, data=typed).status_code == 303
    page = people["XAA"].get(path).text
    assert "Waits for the consent of:" in page
    party = table.session.scalars(select(Party).where(Party.body_id == zembla)).one()
    address = f"/exchanges/{exchange.id}/consent/agreement/{party.id}"
    for who in ("XAA capital", "XAB capital", "XAC capital"):
        assert "A further party" in people[who].get(address).text
        assert people[who].post(address, data={}).status_code == 303
    assert state(party) is PartyState.JOINED
    assert "Xandria" in people["XAC"].get(path).text

    leave = f"{path}/{party.id}/leave"
    assert "Leave this exchange?" in people["XAC"].get(leave).text
    assert people["XAC"].post(leave).status_code == 303
    assert state(party) is PartyState.LEFT
    assert people["XAC"].get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose one."),
        ({"body": "state:nonsense", "role": "observer"}, "Choose one of the answers offered."),
        ({"body": "own", "role": "observer"}, "Choose one of the answers offered."),
        ({"body": "other", "role": "provider"}, "Choose one of the answers offered."),
    ],
)
def test_who_cannot_be_asked_is_refused_at_the_field(act, table, people, typed, sentence):
    exchange = stage(act, table, "agreed")
    bodies = {"own": f"state:{table.state_id('XAA')}", "other": f"state:{table.state_id('XAC')}"}
    sent = typed | ({"body": bodies.get(typed["body"], typed["body"])} if "body" in typed else {})
    answer = people["XAA"].post(f"/exchanges/{exchange.id}/parties", data=sent)
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_an_organisation_does_not_ask(act, table, people):
    exchange = stage(act, table, "agreed")
    with act():
        body = table.cast.organisation_holder()
        table.session.flush()
    seat = body.seat
    typed = {"body": f"organisation:{seat.body_id}", "role": "requester"}
    answer = people["XAA"].post(f"/exchanges/{exchange.id}/parties", data=typed)
    assert (answer.status_code, "An organisation supports or observes." in answer.text) == (
        422,
        True,
    )
