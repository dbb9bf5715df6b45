"""What the pages of profiles share: the blueprint, the seat one acts in, and what it looks after."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from core import clock
from core.db import db
from core.errors import NotAllowed, NotVisible
from core.languages import _
from network.accounts.access import current_seat
from network.mechanisms.forms import FIELDS
from network.mechanisms.models import Field, Mechanism
from network.profiles import desk, queries
from network.profiles.forms import STATE_KINDS, STATES, VISIBILITIES
from network.profiles.queries import Own
from network.seats.models import Seat
from network.seats.queries import state_of

pages = Blueprint("profiles", __name__)

WRITES = ("focal_point", "deputy")
WORDS = {"names": FIELDS, "states": STATES, "kinds": STATE_KINDS, "visibilities": VISIBILITIES}
"""The names that every page of this slice shows."""


@pages.record_once
def _take_place(_state: BlueprintSetupState) -> None:
    desk.take_place()


def seat_here() -> Seat:
    """The seat one acts in, which belongs to a State."""
    seat = current_seat()
    if seat is None or state_of(db.session(), seat) is None:
        raise NotAllowed(_("This page is for the seats of a State."))
    return seat


def mechanism_here(key: str) -> Mechanism:
    """A mechanism that this seat looks after, with its facts."""
    return queries.mechanism_of(db.session(), seat_here(), key)


def own_here(key: str) -> Own:
    """The same, part by part."""
    return queries.own(db.session(), mechanism_here(key), clock.now().date())


def field_here(word: str) -> Field:
    """The part an address names."""
    try:
        return Field(word)
    except ValueError:
        raise NotVisible from None
