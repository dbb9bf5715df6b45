"""Browsers around the table of an exchange: a focal point and an officer of each State, the helpdesk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import object_session

from tests.walls.cast import enter
from tests.walls.exchanges import Table

JUST_NOW = timedelta(minutes=1)


class People(dict[str, FlaskClient]):
    """A browser by who sits before it: "XAA", "XAA capital" (just proved), "desk" (at work)."""

    def __init__(self, app: Any, table: Table) -> None:
        self.app, self.table = app, table

    def __missing__(self, key: str) -> FlaskClient:
        """Sit down and sign in, once."""
        iso3, _sep, seat = key.partition(" ")
        self[key] = self.desk() if key == "desk" else self.another(iso3, seat or "focal")
        return self[key]

    def another(self, iso3: str, seat: str, proved: timedelta | None = None) -> FlaskClient:
        """A further browser of the same person."""
        fresh = JUST_NOW if seat == "capital" and proved is None else proved
        client: FlaskClient = self.app.test_client()
        holder = getattr(self.table.states[iso3], seat)
        enter(client, self.table.cast.visit(holder, proved=fresh))
        return client

    def desk(self) -> FlaskClient:
        """The helpdesk, with its own factor shown this morning."""
        client: FlaskClient = self.app.test_client()
        enter(client, self.table.cast.visit(self.table.desk, proved=JUST_NOW))
        return client


def stage(act: Any, table: Table, name: str, **changes: object) -> Any:
    """A step of the way, made by `act()`: a context outside any page."""
    with act():
        return getattr(table, name)(**changes)


def state(row: Any) -> Any:
    """Where it stands once a page has answered."""
    session = object_session(row)
    assert session is not None
    session.refresh(row)
    return row.state
