"""The blueprint, and who holds a personal link.

A link exchanges its token for a short cookie and an address without it; the cookie holds the
registration's id, the link's generation and when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, session
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Refused
from core.languages import _
from core.web.access import Rule
from events.registrations import queries
from events.registrations.forms import CATEGORIES, LISTINGS, MODES, NEEDS

pages = Blueprint("registrations", __name__)

COOKIE_VALID = timedelta(hours=2)


class LinkNeeded(Refused):
    """The personal link was not opened in this browser, has ended, or is an older one."""

    status = 401
    code = "link-needed"


def remember(registration_id: UUID, generation: int) -> None:
    """Put a short cookie in the place of a link."""
    session["link"] = [
        str(registration_id),
        generation,
        (clock.now() + COOKIE_VALID).timestamp(),
    ]


def remembered() -> tuple[UUID, int] | None:
    """What the cookie says, if it has not ended."""
    value = session.get("link")
    if not value or value[2] < clock.now().timestamp():
        return None
    return UUID(value[0]), int(value[1])


def own_id() -> UUID:
    """The registration of the link in this browser. Raises LinkNeeded."""
    known = remembered()
    if known is None or queries.link_generation(db.session(), known[0]) != known[1]:
        raise LinkNeeded(_("Open the link in your confirmation mail, or ask for a new one."))
    return known[0]


def _check_link() -> None:
    own_id()


link_holder = Rule("link holder", _check_link)


@pages.app_errorhandler(LinkNeeded)
def no_link(error: LinkNeeded) -> ResponseReturnValue:
    """What to do without a link; it is not said whether there ever was one."""
    return render_template("registrations/no_link.html", sentence=error.sentence), 401


def _named(names: Mapping[Any, Any]) -> Callable[[str], str]:
    def name(value: str) -> str:
        return str(names[value])

    return name


FILTERS = {
    "need_name": _named(NEEDS),
    "category_name": _named(CATEGORIES),
    "mode_name": _named(MODES),
    "listing_name": _named(LISTINGS),
}
for _filter, _name in FILTERS.items():
    pages.add_app_template_filter(_name, _filter)
