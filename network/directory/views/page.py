"""What the pages of this slice share: the blueprint, the seat one acts in."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from core.errors import NotAllowed, NotVisible
from core.languages import _
from network.accounts.access import current_seat
from network.directory import desk
from network.seats.models import BodyKind, Seat

pages = Blueprint("members", __name__)

WRITES = ("focal_point", "deputy")
OF_STATE = (*WRITES, "authorising")


@pages.record_once
def _stand_in_workspace(_state: BlueprintSetupState) -> None:
    desk.take_place()


def acting() -> Seat:
    """The seat behind a page whose rule has let it in."""
    mine = current_seat()
    if mine is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    return mine


def acting_for_state() -> Seat:
    """The same, of a State or its mechanism; to all others there is nothing here."""
    mine = acting()
    if mine.body_kind not in {BodyKind.STATE, BodyKind.MECHANISM}:
        raise NotVisible
    return mine
