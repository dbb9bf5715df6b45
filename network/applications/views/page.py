"""The blueprint, and who holds the personal link of an application.

A link exchanges its token for a short cookie and an address without it; the cookie holds the
application's id, the link's generation and when it ends. It opens this one page and no other.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, render_template, session
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Refused
from core.languages import _
from core.web.access import Rule
from network.applications import queries

pages = Blueprint("applications", __name__)

COOKIE = "application"
COOKIE_VALID = timedelta(hours=2)


class ApplicantNeeded(Refused):
    """The personal link was not opened in this browser, has ended, or is an older one."""

    status = 401
    code = "link-needed"


def remember(application_id: UUID, generation: int) -> None:
    """Put a short cookie in the place of a link."""
    ends = (clock.now() + COOKIE_VALID).timestamp()
    session[COOKIE] = [str(application_id), generation, ends]


def remembered() -> tuple[UUID, int] | None:
    """What the cookie says, if it has not ended."""
    value = session.get(COOKIE)
    if not value or value[2] < clock.now().timestamp():
        return None
    return UUID(value[0]), int(value[1])


def own_id() -> UUID:
    """The application of the link in this browser. Raises ApplicantNeeded."""
    known = remembered()
    if known is None or queries.link_generation(db.session(), known[0]) != known[1]:
        raise ApplicantNeeded(_("Open the link in our mail, or ask for a new one."))
    return known[0]


def _check_applicant() -> None:
    own_id()


applicant = Rule("applicant", _check_applicant)


@pages.app_errorhandler(ApplicantNeeded)
def no_link(error: ApplicantNeeded) -> ResponseReturnValue:
    """What to do without a link; it is not said whether there ever was one."""
    return render_template("applications/no_link.html", sentence=error.sentence), 401


def stale() -> str:
    """What a page says whose token has ended."""
    return _("This page was open for too long. Try again.")
