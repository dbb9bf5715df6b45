"""A calendar entry says what a calendar needs, and a discreet one says nothing else."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import icalendar
import pytest

from core.documents import ics

EVENT, PERSON = uuid.UUID(int=1), uuid.UUID(int=2)
ENTRY = ics.Entry(
    uid=ics.stable_uid(EVENT, PERSON),
    sequence=3,
    stamp=datetime(2027, 1, 1, tzinfo=UTC),
    starts=datetime(2027, 6, 14, 8, tzinfo=UTC),
    ends=datetime(2027, 6, 14, 10, tzinfo=UTC),
    zone="Europe/Zurich",
    summary="Panel, with a comma; and émoi",
    description="Two lines\nof text",
    place="Room XVII",
    url="https://relais.example/events/x",
    organiser=("Relais", "no-reply@relais.example"),
    attendee=("Samira", "samira@xandria.example"),
)


def parsed(body: bytes) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(body)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_request_comes_back_as_it_was_meant():
    calendar, event = parsed(ics.calendar(ENTRY, method=ics.Method.REQUEST))
    assert (calendar["method"], event["sequence"], str(event["uid"])) == (
        "REQUEST",
        3,
        str(ENTRY.uid),
    )
    assert (event["summary"], event["location"], event["description"]) == (
        ENTRY.summary,
        ENTRY.place,
        ENTRY.description,
    )
    assert event["dtstart"].dt.isoformat() == "2027-06-14T10:00:00+02:00"
    assert event["dtend"].dt.isoformat() == "2027-06-14T12:00:00+02:00"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Zurich"]
    assert (event["organizer"], event["attendee"]) == (
        "MAILTO:no-reply@relais.example",
        "MAILTO:samira@xandria.example",
    )


def test_a_cancellation_keeps_the_uid():
    _, event = parsed(ics.calendar(replace(ENTRY, sequence=4), method=ics.Method.CANCEL))
    assert (str(event["uid"]), event["sequence"], event["status"]) == (
        str(ENTRY.uid),
        4,
        "CANCELLED",
    )


def test_busy_tells_the_time_and_nothing_else():
    body = ics.calendar(ics.busy(ENTRY, "Busy"), method=ics.Method.PUBLISH)
    calendar, event = parsed(body)
    assert set(event) == {
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "STATUS",
        "TRANSP",
    }
    assert event["summary"] == "Busy"
    assert calendar.walk("VTIMEZONE") == []
    for word in (b"Relais", b"relais", b"Zurich", b"Panel", b"XVII", b"Samira", b"@"):
        assert word not in body


def test_a_published_entry_names_no_attendee():
    _, event = parsed(ics.calendar(ENTRY, method=ics.Method.PUBLISH))
    assert "ATTENDEE" not in event


def test_whole_days_end_when_the_next_day_begins():
    days = replace(ENTRY, starts=date(2026, 1, 26), ends=date(2026, 1, 27))
    calendar, event = parsed(ics.calendar(days, method=ics.Method.PUBLISH))
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 1, 26), date(2026, 1, 28))
    assert calendar.walk("VTIMEZONE") == []


def test_uids_are_stable_and_differ_by_recipient():
    assert ics.stable_uid(EVENT, PERSON) == ics.stable_uid(EVENT, PERSON)
    assert len({ics.stable_uid(EVENT, PERSON), ics.stable_uid(EVENT), ics.stable_uid(PERSON)}) == 3


def test_a_request_without_somebody_to_ask_is_refused():
    with pytest.raises(ValueError, match="attendee"):
        ics.calendar(replace(ENTRY, attendee=None), method=ics.Method.REQUEST)


def test_lines_end_as_calendars_want_them_and_are_not_too_long():
    body = ics.calendar(replace(ENTRY, description="é" * 200), method=ics.Method.PUBLISH)
    lines = body.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
