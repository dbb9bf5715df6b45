"""Lists for programs: what stands in them, how they go on, and what they leave out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from core import files
from core.context import SYSTEM
from events.programme import service as programme
from events.programme.models import Event, Mode, Policy, Status
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Field, Mechanism, NameStatus
from network.taxonomy.models import Classification, State
from network.taxonomy.service import invent_state
from tests.walls.statements import counted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GENEVA = ZoneInfo("Europe/Zurich")
SOURCE = "https://source.example/mechanism"


def everything(client: Any, path: str) -> list[dict[str, Any]]:
    """All items, page by page, as a program follows `next`."""
    found: list[dict[str, Any]] = []
    place: str | None = path
    while place is not None:
        answer = client.get(place)
        assert answer.status_code == 200, answer.json
        found += answer.json["items"]
        place = answer.json["next"]
    return found


@pytest.fixture
def add(session: Session, home):
    def one(key: str, days: int = 40, **changes: Any) -> Event:
        starts = (datetime.now(GENEVA) + timedelta(days=days)).replace(
            hour=10, minute=0, second=0, microsecond=0
        )
        basis = {
            "kind": "panel",
            "format": "hybrid",
            "title": {"en": "Panel", "fr": "Réunion-débat"},
            "about": {"en": "About it."},
            "starts_on": starts.date(),
            "ends_on": starts.date(),
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "timezone": "Europe/Zurich",
            "place": {"en": "Room D"},
            "organiser": "Relais",
            "status": Status.PUBLISHED,
            "policy": Policy.AUTOMATIC,
            "languages": ["en", "fr"],
            "seats": {Mode.ROOM: 50, Mode.ONLINE: None},
        }
        plan = programme.Plan(key=key, **(basis | changes))
        store = files.Disk(home / "files")
        return programme.set_up(session, plan, store=store, by=SYSTEM, now=NOW)

    return one


def test_events_come_the_latest_first_and_each_once(client, session, add):
    for number in range(7):
        add(f"event-{number}", days=10 + number // 2)
    add("gone", days=-30)
    session.flush()

    found = everything(client, "/api/v1/events?limit=2")

    assert [one["key"] for one in found] == [
        "event-6",
        "event-5",
        "event-4",
        "event-3",
        "event-2",
        "event-1",
        "event-0",
        "gone",
    ]
    coming = everything(client, "/api/v1/events?when=upcoming&limit=3")
    assert [one["key"] for one in coming] == [one["key"] for one in found[:-1]]
    assert [one["key"] for one in everything(client, "/api/v1/events?when=past")] == ["gone"]


def test_the_next_page_keeps_what_was_asked(client, session, add):
    for number in range(3):
        add(f"event-{number}")
    session.flush()

    answer = client.get("/api/v1/events?when=upcoming&limit=1")

    assert answer.json["next"] == "/api/v1/events?limit=1&when=upcoming&after=event-2"


def test_a_place_that_is_nowhere_ends_the_list(client, session, add):
    add("event")
    session.flush()

    assert client.get("/api/v1/events?after=nothing").json == {"items": [], "next": None}


def test_an_event_is_told_in_full(client, session, add):
    event = add("panel", opens_at=NOW, is_demo=True)
    programme.publish_summary(session, event, texts={"en": "It was said."}, by=SYSTEM, now=NOW)
    session.flush()

    answer = client.get("/api/v1/events/panel")

    assert answer.status_code == 200
    assert answer.json == {
        "key": "panel",
        "kind": "panel",
        "title": {"en": "Panel", "fr": "Réunion-débat"},
        "about": {"en": "About it."},
        "starts": event.starts_on.isoformat(),
        "ends": event.ends_on.isoformat(),
        "date_precision": "day",
        "starts_at": told(event.starts_at),
        "ends_at": told(event.ends_at),
        "timezone": "Europe/Zurich",
        "place": {"en": "Room D"},
        "format": "hybrid",
        "organiser": "Relais",
        "mandate": "",
        "status": event.status.value,
        "source": "",
        "languages": ["en", "fr"],
        "registration": answer.json["registration"],
        "opens_at": "2026-11-24T12:00:00Z",
        "closes_at": None,
        "seats": {"online": "open", "room": "open"},
        "invented": True,
        "url": "/api/v1/events/panel",
        "documents": [],
        "summaries": {"en": "/events/panel/summary?in=en"},
    }


def told(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def test_a_month_stays_a_month(client, session, add):
    add(
        "panel",
        starts_on=date(2027, 6, 1),
        ends_on=date(2027, 6, 30),
        starts_at=None,
        ends_at=None,
        policy=Policy.INTEREST,
    ).date_precision = "month"
    session.flush()

    told = client.get("/api/v1/events/panel").json

    assert (told["starts"], told["ends"], told["date_precision"]) == ("2027-06", "2027-06", "month")
    assert (told["starts_at"], told["registration"]) == (None, "interest")


def test_no_number_of_seats_is_told(client, session, add):
    event = add("panel")
    next(row for row in event.seats if row.mode is Mode.ROOM).shown = "few"
    session.flush()

    answer = client.get("/api/v1/events/panel")

    assert answer.json["seats"] == {"online": "open", "room": "few"}
    assert "50" not in answer.text


@pytest.mark.parametrize(
    "path", ["events/nothing", "events/%00", "mechanisms/XYZ", "mechanisms/%00"]
)
def test_what_is_not_there_is_said_to_be_nowhere(client, path):
    answer = client.get(f"/api/v1/{path}")

    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def state(session: Session, number: int, group: str = "", region: str = "") -> State:
    letter = chr(ord("A") + number)
    made = invent_state(
        session, iso3=f"XA{letter}", iso2=f"X{letter}", names={"en": f"Land {letter}"}
    )
    made.region = region
    if group:
        session.add(Classification(state=made, kind="group", word=group, source="trial"))
    return made


def mechanism(session: Session, at: State, **changes: Any) -> Mechanism:
    made = mechanisms.invent_mechanism(
        session,
        at,
        name=f"Council of {at.names['en']}",
        acronym="C",
        facts={Field.TYPE: "standing", Field.HOST: "Ministry of Tides"},
        source_url=SOURCE,
        now=NOW,
    )
    for name, value in changes.items():
        setattr(made, name, value)
    session.flush()
    return made


@pytest.fixture
def five(session: Session) -> list[Mechanism]:
    groups = ["AG", "AG", "EEG", "", "GRULAC"]
    regions = ["Africa", "Africa", "Europe", "Europe", ""]
    made = [
        mechanism(session, state(session, number, group, region))
        for number, (group, region) in enumerate(zip(groups, regions, strict=True))
    ]
    made[1].name_status = NameStatus.DESCRIPTION
    made[4].is_hidden = True
    session.flush()
    session.expire_all()
    return made


def test_mechanisms_come_by_their_keys_and_are_counted(client, five):
    page = client.get("/api/v1/mechanisms?limit=3").json

    assert [one["key"] for one in everything(client, "/api/v1/mechanisms?limit=3")] == [
        "xaa",
        "xab",
        "xac",
        "xad",
    ]
    assert {name: page[name] for name in ("total", "facets", "next")} == {
        "total": 4,
        "facets": {
            "group": {"AG": 2, "EEG": 1},
            "region": {"Africa": 2, "Europe": 2},
            "flag": {},
            "name_status": {"formal": 3, "description": 1},
        },
        "next": "/api/v1/mechanisms?limit=3&after=xac",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("group=AG", ["xaa", "xab"]),
        ("region=Europe", ["xac", "xad"]),
        ("group=AG&name_status=formal", ["xaa"]),
        ("q=land+b", ["xab"]),
        ("q=TIDES", ["xaa", "xab", "xac", "xad"]),
        ("q=no+such+land", []),
        ("flag=ldc", []),
        ("q=%25", ["xaa", "xab", "xac", "xad"]),
    ],
)
def test_mechanisms_are_narrowed(client, five, query, expected):
    page = client.get(f"/api/v1/mechanisms?{query}").json

    assert [one["key"] for one in page["items"]] == expected
    assert page["total"] == len(expected)
    assert sum(page["facets"]["name_status"].values()) == len(expected)


def test_a_mechanism_is_found_by_its_id_and_by_its_state(client, five):
    first = five[0]

    by_id = client.get(f"/api/v1/mechanisms/{first.id}")

    assert by_id.json == {
        "id": str(first.id),
        "key": "xaa",
        "state": {
            "iso3": "XAA",
            "names": {"en": "Land A"},
            "region": "Africa",
            "group": "AG",
            "flags": [],
            "invented": True,
        },
        "name": "Council of Land A",
        "name_language": "en",
        "name_status": "formal",
        "acronym": "C",
        "leading": True,
        "source_url": SOURCE,
        "recorded_on": "2026-11-24",
        "facts": by_id.json["facts"],
        "url": f"/api/v1/mechanisms/{first.id}",
    }
    assert {fact["field"]: fact["value"] for fact in by_id.json["facts"]} == {
        "type": "standing",
        "host": "Ministry of Tides",
    }
    assert {fact["basis"] for fact in by_id.json["facts"]} == {"public_source"}
    for code in ("XAA", "xaa"):
        assert client.get(f"/api/v1/mechanisms/{code}").json == by_id.json


def test_what_is_hidden_is_neither_told_found_nor_counted(client, session, five):
    shown, hidden = five[0], five[4]
    session.refresh(shown, ["facts"])
    mechanisms.hide_field(session, shown, Field.HOST, reason="asked", by=SYSTEM, now=NOW)
    session.flush()
    session.expire_all()

    told = client.get(f"/api/v1/mechanisms/{shown.id}").json
    assert [fact["field"] for fact in told["facts"]] == ["type"]
    assert [one["key"] for one in client.get("/api/v1/mechanisms?q=tides").json["items"]] == [
        "xab",
        "xac",
        "xad",
    ]
    for ref in (hidden.id, "XAE", uuid4()):
        assert client.get(f"/api/v1/mechanisms/{ref}").status_code == 404


def test_a_page_of_mechanisms_asks_the_same_few_times_however_long_it_is(client, five):
    def asked(limit: int) -> int:
        with counted() as sent:
            client.get(f"/api/v1/mechanisms?limit={limit}")
        return len(sent)

    client.get("/api/v1/mechanisms")
    assert asked(1) == asked(4) <= 8
