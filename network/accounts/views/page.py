"""What the pages of this slice share: the blueprint, who is there, where to go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, request, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.db import db
from core.errors import NotAllowed, Refused
from core.languages import _
from core.web.filters import serves
from network.accounts.access import current_seat, current_visit, install
from network.accounts.desk import PLACES
from network.accounts.forms import Press
from network.accounts.models import Visit
from network.seats.queries import seat_name, seats_of

pages = Blueprint("accounts", __name__)
seat_pages = Blueprint("seats", __name__)
"""Who holds the seats of States: pages of the public site alone, not of the protection desk."""


@pages.record_once
def _know_visitors(state: BlueprintSetupState) -> None:
    install(cast("Flask", state.app))
    state.app.jinja_env.globals["reader"] = reader


def onward(fallback: str) -> str:
    """Where to go on: a path of this site that was asked for before, else `fallback`."""
    then = request.args.get("then", "")
    is_local = then.startswith("/") and not then.startswith(("//", "/\\")) and "\n" not in then
    return then if is_local and "\r" not in then else fallback


def home() -> str:
    """Where a visitor of this process starts: the workspace, or the protection desk."""
    for endpoint in ("protection.desk", "accounts.workspace"):
        if serves(endpoint):
            return url_for(endpoint)
    return "/"


def visitor() -> Visit:
    """The visit behind a page whose rule has let it in."""
    visit = current_visit()
    if visit is None:
        raise NotAllowed(_("Sign in to continue."))
    return visit


def check_pressed() -> None:
    """Raise unless a button was pressed on a page of this visit."""
    form = Press()
    if not form.validate_on_submit():
        raise Refused(
            _("This page was open for too long. Go back, reload it and try again."), code="stale"
        )


def identifier(typed: object) -> UUID | None:
    """What was sent as an id, if it is one."""
    try:
        return UUID(str(typed))
    except ValueError:
        return None


@dataclass(frozen=True)
class Me:
    """Who is signed in, as the frame of the pages shows it."""

    name: str
    seats: list[dict[str, Any]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)


def reader() -> Me | None:
    """Who is signed in, for templates; None for everybody else, and while the database is away."""
    try:
        return _reader()
    except SQLAlchemyError:
        return None


def _reader() -> Me | None:
    visit = current_visit()
    if visit is None:
        return None
    if visit.person is None:
        return Me(_("Say who you are"))
    seat = current_seat()
    holdings = seats_of(db.session(), visit.person.id, clock.now())
    return Me(
        visit.person.name,
        [
            {
                "id": holding.id,
                "title": seat_name(db.session(), holding.seat),
                "is_current": seat is not None and holding.seat_id == seat.id,
            }
            for holding in holdings
        ],
        [
            {"href": url_for(place.endpoint), "label": place.label(), "count": None}
            for place in sorted(PLACES, key=lambda place: place.order)
            if serves(place.endpoint) and place.suits(seat)
        ],
    )
