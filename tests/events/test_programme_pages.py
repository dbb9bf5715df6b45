"""Event pages: what is certain is said as certain, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import html5lib
import icalendar
import pytest
from sqlalchemy import select

from core import audit, files
from core.context import SYSTEM
from core.outbox import OutboxEntry
from events.programme import queries, rules, service
from events.programme.models import Event, EventDocument, Mode, Policy, Seats, Status
from tests.walls.statements import counted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GENEVA = ZoneInfo("Europe/Zurich")


def planned(key: str = "panel", **changes) -> service.Plan:
    starts = datetime(2027, 6, 14, 10, tzinfo=GENEVA)
    basis = {
        "kind": "panel",
        "format": "hybrid",
        "title": {"en": "Panel", "fr": "Réunion-débat"},
        "about": {},
        "starts_on": date(2027, 6, 14),
        "ends_on": date(2027, 6, 14),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "timezone": "Europe/Zurich",
        "place": {"en": "Room D, Geneva"},
        "organiser": "Relais",
        "status": Status.PUBLISHED,
        "policy": Policy.AUTOMATIC,
        "languages": ["en", "fr"],
        "seats": {Mode.ROOM: 50, Mode.ONLINE: None},
    }
    return service.Plan(key=key, **(basis | changes))


@pytest.fixture
def store(home):
    return files.Disk(home / "files")


@pytest.fixture
def add(session, store):
    def one(key: str = "panel", **changes) -> Event:
        return service.set_up(session, planned(key, **changes), store=store, by=SYSTEM, now=NOW)

    return one


MONTH = {
    "starts_on": date(2027, 6, 1),
    "ends_on": date(2027, 7, 31),
    "starts_at": None,
    "ends_at": None,
    "status": Status.ANNOUNCED,
    "policy": Policy.INTEREST,
}


def month_only(event: Event) -> Event:
    event.date_precision = "month"
    return event


def shown(answer) -> str:
    main = html5lib.parse(answer.text, namespaceHTMLElements=False).find(".//main")
    return " ".join("".join(main.itertext()).split())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "open"),
        ({"policy": Policy.NONE}, "none"),
        ({"policy": Policy.INTEREST}, "interest"),
        ({"policy": Policy.MODERATED}, "open"),
        ({"opens_at": NOW + timedelta(seconds=1)}, "not-open"),
        ({"opens_at": NOW}, "open"),
        ({"closes_at": NOW + timedelta(seconds=1)}, "open"),
        ({"closes_at": NOW}, "closed"),
        ({"status": Status.CANCELLED}, "closed"),
        ({"status": Status.HELD}, "closed"),
        ({"status": Status.POSTPONED}, "open"),
        ({"starts_at": NOW - timedelta(hours=2), "ends_at": NOW}, "closed"),
        ({"starts_at": None, "ends_at": None, "ends_on": NOW.date()}, "open"),
        ({"starts_at": None, "ends_at": None, "ends_on": date(2026, 11, 23)}, "closed"),
    ],
)
def test_whether_one_can_register(add, changes, said):
    event = add(**changes)
    assert rules.registration_state(event, NOW) == said
    assert rules.can_register(event, NOW) is (said in {"open", "interest"})


def test_a_month_is_never_shown_as_a_day(client, session, add):
    month_only(add("panel-x", **MONTH))
    session.flush()
    for address in ("/", "/events", "/events/panel-x"):
        page = shown(client.get(address))
        assert "date not yet published" in page
        assert "1 June" not in page
        assert "31 July" not in page
    assert client.get("/events/panel-x/calendar.ics").status_code == 404
    (given,) = client.get("/open-data/events.json").json
    assert (given["starts"], given["ends"]) == ("2027-06", "2027-07")


def test_a_published_date_comes_as_a_calendar_entry(client, add):
    event = add()
    answer = client.get("/events/panel/calendar.ics", headers={"Accept-Language": "fr"})
    (entry,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert (answer.mimetype, entry["summary"]) == ("text/calendar", "Réunion-débat")
    assert entry["dtstart"].dt == event.starts_at
    assert "ATTENDEE" not in entry


def test_a_cancelled_meeting_and_a_document_have_no_calendar_entry(client, add):
    add("gone", status=Status.CANCELLED)
    add("report", kind="document", policy=Policy.NONE)
    assert [
        client.get(f"/events/{key}/calendar.ics").status_code for key in ("gone", "report")
    ] == [
        404,
        404,
    ]


def test_the_public_sees_words_and_no_numbers_of_seats(client, session, add):
    event = add(seats={Mode.ROOM: 47, Mode.ONLINE: 313})
    room = session.scalar(select(Seats).where(Seats.event_id == event.id, Seats.mode == Mode.ROOM))
    room.shown = "few"
    session.flush()
    page = shown(client.get("/events/panel"))
    assert "Few seats left" in page
    assert ("47" in page, "313" in page) == (False, False)


def test_an_unknown_event_is_no_page(client):
    assert [
        client.get(address).status_code
        for address in ("/events/none", "/events/none/calendar.ics", "/events/none/summary")
    ] == [404, 404, 404]


def test_a_summary_is_read_in_the_language_asked_for_or_the_one_there_is(client, session, add):
    event = add("past", status=Status.REPORTED, policy=Policy.NONE)
    assert client.get("/events/past/summary").status_code == 404
    texts = {"en": "One.\n\nTwo.", "fr": "Un.\n\nDeux."}
    service.publish_summary(session, event, texts=texts, by=SYSTEM, now=NOW)
    french = client.get("/events/past/summary", headers={"Accept-Language": "fr"})
    asked = client.get("/events/past/summary?in=fr", headers={"Accept-Language": "en"})
    other = client.get("/events/past/summary?in=xx")
    assert ["Deux." in shown(answer) for answer in (french, asked, other)] == [True, True, False]
    assert "Two." in shown(other)


def test_a_summary_is_published_once_and_a_new_text_is_a_new_version(session, add):
    event = add("past", status=Status.REPORTED, policy=Policy.NONE)

    def publish(text: str) -> int:
        return len(service.publish_summary(session, event, texts={"en": text}, by=SYSTEM, now=NOW))

    assert [publish("One."), publish("One."), publish("Two.")] == [1, 0, 1]
    latest = queries.summary(session, event, "en")
    assert (latest.version, latest.body) == (2, "Two.")
    told = session.scalars(select(OutboxEntry.body).where(OutboxEntry.kind == "SummaryPublished"))
    assert sorted(body["version"] for body in told) == [1, 2]


def test_setting_up_twice_makes_one_event_and_one_entry(session, add):
    assert add() is add()
    words = session.scalars(select(audit.AuditEntry.word)).all()
    assert words == ["event.set_up"]


def test_documents_are_for_whom_they_are_for(client, session, store, add):
    event = add()
    for name, is_public in (("open.txt", True), ("inner.txt", False)):
        paper = service.Paper(
            title={"en": name}, name=name, mime="text/plain", body=b"text", is_public=is_public
        )
        service.add_document(session, event, paper, store=store, by=SYSTEM, now=NOW)
    ids = {
        document.title["en"]: document.id
        for document in session.scalars(
            select(EventDocument).where(EventDocument.event_id == event.id)
        )
    }
    session.expire_all()
    page = shown(client.get("/events/panel"))
    assert ("open.txt" in page, "inner.txt" in page) == (True, False)
    answer = client.get(f"/events/panel/documents/{ids['open.txt']}")
    assert (answer.data, answer.headers["Content-Disposition"]) == (
        b"text",
        "attachment; filename=open.txt",
    )
    assert client.get(f"/events/panel/documents/{ids['inner.txt']}").status_code == 404
    inner = queries.document(session, "panel", ids["inner.txt"], for_participants=True)
    assert inner.name == "inner.txt"


@pytest.mark.parametrize(
    ("changes", "turn"),
    [
        ({}, datetime(2026, 11, 25, tzinfo=UTC)),
        ({"opens_at": NOW + timedelta(hours=1)}, NOW + timedelta(hours=1)),
        ({"opens_at": NOW, "closes_at": NOW + timedelta(hours=2)}, NOW + timedelta(hours=2)),
        (
            {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(1 / 24)},
            NOW + timedelta(hours=1),
        ),
        ({"opens_at": NOW + timedelta(days=2)}, datetime(2026, 11, 25, tzinfo=UTC)),
    ],
)
def test_a_page_is_good_until_the_clock_alone_changes_it(add, changes, turn):
    assert rules.next_turn([add(**changes)], NOW) == turn


def test_past_meetings_are_read_page_by_page(session, add):
    for number in range(queries.PAST_PAGE + 3):
        day = date(2020, 1, 1) + timedelta(days=number)
        add(
            f"past-{number:02}",
            starts_on=day,
            ends_on=day,
            starts_at=None,
            ends_at=None,
            status=Status.HELD,
            policy=Policy.NONE,
        )
    first = queries.past(session, now=NOW)
    second = queries.past(session, now=NOW, after=first.after)
    assert [event.key for event in (*first.events, *second.events)] == [
        f"past-{number:02}" for number in reversed(range(queries.PAST_PAGE + 3))
    ]
    assert second.after == ""


@pytest.mark.parametrize("address", ["/", "/events", "/events/panel-0"])
def test_more_events_take_no_more_statements(client, session, add, address):
    took = []
    for number in range(3):
        add(f"panel-{number}")
        session.expire_all()
        if number in {0, 2}:
            with counted() as sent:
                assert client.get(address).status_code == 200
            took.append(len(sent))
    assert took[0] == took[1]
    assert took[0] <= 5


def test_home_puts_the_next_dated_meeting_first(client, session, add):
    month_only(add("month", **MONTH, title={"en": "Only a month"}))
    session.flush()
    assert "Only a month" in shown(client.get("/"))
    add(
        "dated",
        title={"en": "With a date"},
        starts_on=date(2027, 8, 1),
        ends_on=date(2027, 8, 1),
        starts_at=None,
        ends_at=None,
    )
    found = rules.next_of(queries.upcoming(session, now=NOW), NOW.date())
    assert found.key == "dated"
