"""The blueprint, and who holds a personal link (`core.web.personal`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from core.languages import _
from core.web.access import Rule
from core.web.personal import PersonalLinkNeeded, PersonalLinks
from events.registrations import queries
from events.registrations.forms import CATEGORIES, LISTINGS, MODES, NEEDS
from events.registrations.service import CONFIRM_PURPOSE, LINK_PURPOSE

pages = Blueprint("registrations", __name__)

personal = PersonalLinks(
    cookie="link",
    confirming="confirm",
    purpose=LINK_PURPOSE,
    confirm_purpose=CONFIRM_PURPOSE,
    generation_of=queries.link_generation,
)


class LinkNeeded(PersonalLinkNeeded):
    """The link of a registration is needed."""


def own_id() -> UUID:
    """The registration of the link in this browser. Raises LinkNeeded."""
    known = personal.holder()
    if known is None:
        raise LinkNeeded(_("Open the link in your confirmation mail, or ask for a new one."))
    return known


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
