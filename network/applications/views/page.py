"""The blueprint, and who holds the personal link of an application.

The link opens this one page and no other (`core.web.personal`).
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from core.languages import _
from core.web.access import Rule
from core.web.personal import PersonalLinkNeeded, PersonalLinks
from network.applications import queries
from network.applications.service import CONFIRM_PURPOSE, LINK_PURPOSE

pages = Blueprint("applications", __name__)

personal = PersonalLinks(
    cookie="application",
    confirming="application-confirm",
    purpose=LINK_PURPOSE,
    confirm_purpose=CONFIRM_PURPOSE,
    generation_of=queries.link_generation,
)


class ApplicantNeeded(PersonalLinkNeeded):
    """The link of an application is needed."""


def own_id() -> UUID:
    """The application of the link in this browser. Raises ApplicantNeeded."""
    known = personal.holder()
    if known is None:
        raise ApplicantNeeded(_("Open the link in our mail, or ask for a new one."))
    return known


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
