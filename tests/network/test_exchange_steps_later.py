"""Terms and dates of a case through its pages."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from icalendar import Calendar
from sqlalchemy import select

from core.documents.ics import stable_uid
from network.accounts.models import Person
from network.consents.models import ConsentKind
from network.exchanges.models_case import (
    Agreement,
    DateProposal,
    ProposalState,
)
from network.exchanges.states import ExchangeState
from tests.walls.case_pages import People, stage, state
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

S = ExchangeState
K = ConsentKind
NOTE = "We cannot in that week."


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


def terms_of(table, exchange):
    return table.session.scalars(
        select(Agreement)
        .where(Agreement.exchange_id == exchange.id)
        .order_by(Agreement.version.desc())
    ).first()


def typed_terms(**changes):
    return {
        "purpose": "To cluster.",
        "activities": "Three days together.",
        "languages": ["en"],
        "seen": "1",
    } | changes


def test_either_side_changes_the_terms_and_the_versions_are_compared(act, table, people):
    exchange = stage(act, table, "selected")
    base = f"/exchanges/{exchange.id}/terms"
    page = people["XAB"].get(f"{base}/change").text
    assert "Three days in the capital of XAB.</textarea>" in page
    assert people["XAB"].post(base, data=typed_terms()).status_code == 303
    shown = people["XAA"].get(base).text
    said = ("version 2 of", "Three days together.", "Three days in the capital of XAB.", "changed")
    assert [words for words in said if words not in shown] == []
    earlier = people["XAA"].get(f"{base}?version=1").text
    assert "This is an earlier version." in earlier
    assert "Three days together." not in earlier


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"purpose": ""}, "Say what it is for."),
        ({"activities": " "}, "Say what will be done."),
        ({"languages": []}, "Choose at least one working language."),
        (
            {"from_on": "2100-02-01", "until_on": "2100-01-01"},
            "The last day comes before the first.",
        ),
        ({"until_on": "2020-01-01"}, "These days are in the past. Choose later ones."),
    ],
)
def test_terms_with_a_slip_keep_what_was_typed(act, table, people, typed, sentence):
    exchange = stage(act, table, "selected")
    sent = typed_terms(costs="Half and half.") | typed
    answer = people["XAA"].post(f"/exchanges/{exchange.id}/terms", data=sent)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert "Half and half." in answer.text
    assert terms_of(table, exchange).version == 1


def test_two_who_change_the_terms_at_once_lose_nothing(act, table, people):
    exchange = stage(act, table, "selected")
    base = f"/exchanges/{exchange.id}/terms"
    assert people["XAB"].post(base, data=typed_terms()).status_code == 303
    late = people["XAA"].post(base, data=typed_terms(activities="One week apart."))
    assert late.status_code == 409
    assert "Somebody wrote version 2 meanwhile" in late.text
    assert "One week apart.</textarea>" in late.text
    assert "Three days together." in late.text
    again = people["XAA"].post(base, data=typed_terms(activities="One week apart.", seen="2"))
    assert again.status_code == 303
    assert terms_of(table, exchange).version == 3


def test_agreed_terms_stand(act, table, people):
    exchange = stage(act, table, "agreed")
    answer = people["XAA"].post(f"/exchanges/{exchange.id}/terms", data=typed_terms())
    assert answer.status_code == 409
    assert "The terms stand. A change is a new exchange." in answer.text
    assert "Change the terms" not in people["XAA"].get(f"/exchanges/{exchange.id}/terms").text


def words_of(answer):
    document = Document(io.BytesIO(answer.data))
    cells = [cell.text for grid in document.tables for row in grid.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_the_agreement_is_a_draft_until_both_have_agreed(act, table, people):
    exchange = stage(act, table, "selected")
    path = f"/exchanges/{exchange.id}/agreement.docx"
    draft = words_of(people["XAB"].get(path))
    said = ("Draft agreement on peer exchange", "Xandria", "Yendor", "No State has given its")
    assert [words for words in said if words not in draft] == []
    with act():
        table.consent(exchange, "XAA", K.AGREEMENT)
        table.consent(exchange, "XAB", K.AGREEMENT)
    paper = words_of(people["XAA"].get(path))
    assert "Draft agreement" not in paper
    assert "In Relais, with an authenticator of one's own" in paper
    assert "Three days in the capital of XAB." in paper
    assert people["XAC"].get(path).status_code == 404


def when(table, ahead, hour, zone="Pacific/Fiji"):
    there = table.now.astimezone(ZoneInfo(zone)) + timedelta(days=ahead)
    return {
        "starts_on": there.date().isoformat(),
        "starts_hour": hour,
        "ends_on": (there + timedelta(days=1)).date().isoformat(),
        "ends_hour": "17:00",
        "zone": zone,
        "place": "Suva",
    }


def live_in(table, iso3, zone):
    table.session.get(Person, table.states[iso3].focal.person_id).zone = zone
    table.session.flush()


def test_dates_are_proposed_on_ones_own_clock_and_read_on_the_others(act, table, people):
    exchange = stage(act, table, "agreed")
    live_in(table, "XAB", "Pacific/Fiji")
    live_in(table, "XAA", "Europe/Zurich")
    path = f"/exchanges/{exchange.id}/dates"
    assert '<option selected value="Pacific/Fiji">' in people["XAB"].get(path).text
    typed = when(table, 62, "09:00")
    assert people["XAB"].post(path, data=typed).status_code == 303
    proposal = table.session.scalars(select(DateProposal)).one()
    there = datetime.fromisoformat(f"{typed['starts_on']}T09:00").replace(
        tzinfo=ZoneInfo("Pacific/Fiji")
    )
    assert proposal.starts_at == there.astimezone(UTC)
    page = people["XAA"].get(path).text
    assert "Proposed by Yendor" in page
    assert "09:00" in page
    assert f"{there.astimezone(ZoneInfo('Europe/Zurich')):%H:%M}" in page
    assert "At night there, between 22:00 and 07:00." in page

    assert people["XAB"].post(f"{path}/{proposal.id}/accept").status_code == 403
    assert people["XAA"].post(f"{path}/{proposal.id}/accept").status_code == 303
    assert state(exchange) is S.SCHEDULED


def test_the_calendar_entry_keeps_its_uid_and_counts_up(act, table, people):
    exchange = stage(act, table, "scheduled")
    path = f"/exchanges/{exchange.id}/calendar.ics"
    entries = []
    for ahead in (None, 63):
        if ahead:
            with act():
                table.set_dates(exchange, ahead)
        found = Calendar.from_ical(people["XAB"].get(path).data).walk("VEVENT")[0]
        entries.append((str(found["uid"]), int(found["sequence"])))
    assert entries == [(str(stable_uid(exchange.id)), 1), (str(stable_uid(exchange.id)), 2)]
    assert people["XAC"].get(path).status_code == 404


def test_a_confidential_exchange_has_a_neutral_calendar_entry(act, table, people):
    exchange = stage(act, table, "scheduled", is_confidential=True, neutral="A register.")
    body = people["XAB"].get(f"/exchanges/{exchange.id}/calendar.ics").text
    assert "Clustering" not in body


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"starts_on": "2020-01-01", "ends_on": "2020-01-02"},
            "This is in the past. Choose a later day.",
        ),
        ({"ends_on": "2021-01-01"}, "The end comes before the beginning."),
        ({"ends_on": "2099-01-01"}, "This is longer than two months. Check the year."),
        ({"zone": "Mars/Olympus"}, "Choose one of the answers offered."),
        ({"starts_hour": "25:00"}, "Write the time as 14:30."),
        ({"starts_on": ""}, "Give the first day."),
        (
            {
                "zone": "Europe/Zurich",
                "starts_on": "2027-03-28",
                "starts_hour": "02:30",
                "ends_on": "2027-03-28",
                "ends_hour": "12:00",
            },
            "There is no such time on that day",
        ),
    ],
)
def test_impossible_dates_are_refused_at_the_field(act, table, people, typed, sentence):
    exchange = stage(act, table, "agreed")
    answer = people["XAA"].post(
        f"/exchanges/{exchange.id}/dates", data=when(table, 62, "09:00") | typed
    )
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert 'value="Suva"' in answer.text
    assert table.session.scalars(select(DateProposal)).all() == []


def test_declining_dates_needs_a_reason_and_taking_back_ones_own_needs_none(act, table, people):
    exchange = stage(act, table, "agreed")
    path = f"/exchanges/{exchange.id}/dates"
    people["XAB"].post(path, data=when(table, 62, "09:00"))
    proposal = table.session.scalars(select(DateProposal)).one()
    answer = people["XAA"].post(f"{path}/{proposal.id}/decline", data={})
    assert (answer.status_code, "Say it in a sentence" in answer.text) == (422, True)
    said = people["XAA"].post(f"{path}/{proposal.id}/decline", data={"answer-reason": NOTE})
    assert said.status_code == 303
    assert state(proposal) is ProposalState.DECLINED
    people["XAB"].post(path, data=when(table, 64, "09:00"))
    second = table.session.scalars(
        select(DateProposal).where(DateProposal.state == ProposalState.OPEN)
    ).one()
    assert people["XAB"].post(f"{path}/{second.id}/decline", data={}).status_code == 303
    late = people["XAA"].post(f"{path}/{second.id}/accept")
    assert late.status_code == 409
    assert "This proposal was answered or replaced meanwhile." in late.text
