"""The page on which an authorising officer reads the words, and consents, refuses or withdraws."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Invalid
from core.languages import _
from core.web.access import access
from network.accounts.access import by, proved
from network.accounts.views.page import check_pressed
from network.profiles import publishing, queries
from network.profiles.comparing import compared
from network.profiles.forms import ReasonForm
from network.profiles.models import PartVersion
from network.profiles.states import PartState
from network.profiles.views.page import WORDS, pages, seat_here


@pages.get("/profile-consents/<uuid:version_id>")
@access(proved("authorising"))
def consent_page(version_id: UUID) -> ResponseReturnValue:
    """Exactly the words that the consent is about, and what they would replace."""
    return _page(_version(version_id), ReasonForm(formdata=None))


def _version(version_id: UUID) -> PartVersion:
    return queries.version_of_state(db.session(), seat_here(), version_id)


def _page(version: PartVersion, form: ReasonForm) -> str:
    earlier = queries.published_before(db.session(), version)
    return render_template(
        "profiles/consent.html",
        version=version,
        form=form,
        earlier=earlier,
        pieces=compared(earlier.value, version.value) if earlier else [],
        is_voiced=version.id in queries.voiced(db.session(), seat_here().id, [version.id]),
        people=queries.writers(db.session(), [version]),
        **WORDS,
    )


@pages.post("/profile-consents/<uuid:version_id>/agree")
@access(proved("authorising"))
def agree(version_id: UUID) -> ResponseReturnValue:
    """Consent for the State, in one's seat, with one's own factor."""
    check_pressed()
    version = _version(version_id)
    publishing.agree(db.session(), version_id=version.id, by=by(), now=clock.now())
    flash(
        _("Consent given. The words are published.")
        if version.state is PartState.PUBLISHED
        else _("Consent given. It is published once all authorising officers have consented."),
        "good",
    )
    return redirect(url_for("accounts.workspace"), 303)


@pages.post("/profile-consents/<uuid:version_id>/say-no")
@access(proved("authorising"))
def say_no(version_id: UUID) -> ResponseReturnValue:
    """Refuse the consent, or withdraw it: with a reason, which the focal point reads."""
    version, form = _version(version_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(version, form), 422
    try:
        publishing.say_no(
            db.session(),
            version_id=version.id,
            reason=form.reason.data or "",
            by=by(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _page(version, form), 422
    flash(
        _("Withdrawn. The words are hidden everywhere.")
        if version.state is PartState.WITHDRAWN
        else _("Said no. The focal point reads your reason, and nothing is published."),
        "good",
    )
    return redirect(url_for("accounts.workspace"), 303)
