"""Registrations: one after the other, eight at once, and 200 for 50 seats in the same moment."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import func, make_url, select

from app import create_app
from bench.client import Connection, base, run, say
from core import clock, codes
from core.db import db
from events.programme.models import Event, Mode, Policy, Seats
from events.registrations.models import Registration

ONE_BY_ONE = 100
CLIENTS = 8
EACH = 60
SEATS = 50
RACERS = 200
RACES = 3
KNOWN = "246813"
VERSION = re.compile(rb'name="form_version"[^>]*value="(\d+)"')
ID = re.compile(r"/registrations/([0-9a-f-]{36})/confirm")


def main(_arguments: Sequence[str]) -> None:
    """Measure on events made for the run, with rate limits off."""
    app = create_app(log_level="error")
    with app.app_context():
        key = _event("open", None)
    journeys(key)
    for turn in range(RACES):
        with app.app_context():
            key = _event(f"race-{turn}", SEATS)
        race(app, key, turn)


def _event(name: str, capacity: int | None) -> str:
    """An event of invented name, open for registration, with a room of that size."""
    now = clock.now()
    key = f"bench-{name}-{secrets.token_hex(4)}"
    event = Event(
        key=key,
        kind="panel",
        title={"en": "Measurement", "fr": "Mesure"},
        starts_on=(now + timedelta(days=60)).date(),
        ends_on=(now + timedelta(days=60)).date(),
        starts_at=now + timedelta(days=60),
        ends_at=now + timedelta(days=60, hours=2),
        timezone="UTC",
        place={"en": "Nowhere"},
        policy=Policy.AUTOMATIC,
        is_demo=True,
    )
    db.session.add(event)
    db.session.add(Seats(event=event, mode=Mode.ROOM, capacity=capacity))
    db.session.commit()
    return key


def form(version: str, email: str) -> bytes:
    """What a participant types."""
    return urlencode(
        {
            "form_version": version,
            "category": "ngo",
            "name": "Bench Marker",
            "organisation": "Measuring Office of Xandria",
            "mode": "room",
            "language": "en",
            "listing": "unlisted",
            "email": email,
            "wants_summary": "y",
        }
    ).encode()


class Participant:
    """Registers through the pages: GET, POST, confirm.

    A mail holds the plain code; here its row is given a code that is known, in a transaction
    of its own that is not timed.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.secret = os.environ["SECRET_KEY"]

    @cached_property
    def database(self) -> psycopg.Connection[Any]:
        """A connection of its own, opened when it is first needed."""
        return psycopg.connect(plain_url(), autocommit=True)

    def start(self, connection: Connection, email: str) -> str:
        """GET and POST; answers the registration's id."""
        page = connection.ask("GET", f"/events/{self.key}/register")
        version = VERSION.search(page.body)
        if version is None:
            message = "no form on the page"
            raise RuntimeError(message)
        sent = connection.ask(
            "POST",
            f"/events/{self.key}/register",
            body=form(version[1].decode(), email),
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        found = ID.search(sent.headers.get("location", ""))
        if found is None:
            message = f"the form was answered with {sent.status}"
            raise RuntimeError(message)
        return found[1]

    def know(self, registration_id: str) -> None:
        """Put a known code in the place of the one that was sent."""
        row = self.database.execute(
            "SELECT id FROM code WHERE subject_id = %s", (registration_id,)
        ).fetchone()
        code_id = UUID(str(row[0])) if row else UUID(int=0)
        self.database.execute(
            "UPDATE code SET digest = %s WHERE id = %s",
            (codes.digest(self.secret, code_id, KNOWN), code_id),
        )

    def confirm(self, connection: Connection, registration_id: str) -> int:
        """Type the code."""
        return connection.ask(
            "POST",
            f"/registrations/{registration_id}/confirm",
            body=b"code=" + KNOWN.encode(),
            headers={"Sec-Fetch-Site": "same-origin"},
        ).status


def plain_url() -> str:
    """The database's address as the driver alone takes it."""
    return (
        make_url(os.environ["DATABASE_URL"])
        .set(drivername="postgresql")
        .render_as_string(hide_password=False)
    )


_participants: dict[str, Participant] = {}


def _participant(key: str) -> Participant:
    """One a process, made after the fork."""
    name = f"{os.getpid()}:{key}"
    if name not in _participants:
        _participants[name] = Participant(key)
    return _participants[name]


def journeys(key: str) -> None:
    """Whole registrations, alone and eight at once, with mails and workers running beside."""

    def whole(connection: Connection, turn: int) -> int:
        one = _participant(key)
        registration_id = one.start(
            connection, f"bench-{turn}-{secrets.token_hex(4)}@bench.example"
        )
        one.know(registration_id)
        return one.confirm(connection, registration_id)

    run(base(), whole, clients=2, each=5)
    alone = run(base(), whole, clients=1, each=ONE_BY_ONE)
    say(
        "events",
        "registration/1",
        ONE_BY_ONE,
        alone.times_ms,
        per_second=round(alone.per_second, 1),
        statuses=alone.statuses,
    )
    many = run(base(), whole, clients=CLIENTS, each=EACH)
    say(
        "events",
        "registration/8",
        CLIENTS * EACH,
        many.times_ms,
        per_second=round(many.per_second, 1),
        statuses=many.statuses,
    )


def race(app: Flask, key: str, turn: int) -> None:
    """Everybody presses at once: so many seats are taken, the others wait, nobody gets an error."""
    one = Participant(key)
    connection = Connection(base())
    ids = [one.start(connection, f"race-{turn}-{number}@bench.example") for number in range(RACERS)]
    for registration_id in ids:
        one.know(registration_id)

    def press(own: Connection, number: int) -> int:
        return _participant(key).confirm(own, ids[number])

    result = run(base(), press, clients=RACERS, each=1)
    with app.app_context():
        rows = db.session.execute(
            select(Registration.state, func.count())
            .join(Event, Event.id == Registration.event_id)
            .where(Event.key == key)
            .group_by(Registration.state)
        )
        states = {row[0].value: row[1] for row in rows}
    say(
        "events",
        f"race/{turn + 1}",
        RACERS,
        result.times_ms,
        seats=SEATS,
        states=states,
        statuses=result.statuses,
    )
