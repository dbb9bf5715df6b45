"""Publishing the summary of a meeting that is over, as plain text in each complete language."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from core import clock
from core.db import db
from core.errors import Refused
from core.languages import COMPLETE, _, own_name
from core.web.access import access
from core.web.forms import AtMost, Form
from events.programme import queries as programme
from events.programme import service as programme_service
from events.programme.models import SUMMARY_MOST, Event
from events.programme.rules import is_past
from events.registrations.views.page import pages
from network.accounts.access import by, proved
from network.seats.models import Role


class SummaryForm(Form):
    """One text a language; a language left empty is not published."""

    en = TextAreaField(own_name("en"), [AtMost(SUMMARY_MOST)], render_kw={"lang": "en"})
    fr = TextAreaField(own_name("fr"), [AtMost(SUMMARY_MOST)], render_kw={"lang": "fr"})

    def texts(self) -> dict[str, str]:
        """What was written, by language."""
        return {code: self[code].data for code in COMPLETE if self[code].data}


@pages.get("/triage/<key>/summary")
@access(proved(Role.SECRETARIAT))
def summary(key: str) -> str:
    """The texts as they are published now, to be written or corrected."""
    event = _over(key)
    known = {code: programme.summary(db.session(), event, code) for code in COMPLETE}
    texts = {code: row.body for code, row in known.items() if row is not None}
    return _page(event, SummaryForm(formdata=None, data=texts))


def _over(key: str) -> Event:
    event = programme.event(db.session(), key)
    if not is_past(event, clock.now()):
        raise Refused(
            _("The meeting is not over yet, so there is no summary to publish."), code="not-over"
        )
    return event


def _page(event: Event, form: SummaryForm) -> str:
    return render_template("registrations/summary.html", event=event, form=form)


@pages.post("/triage/<key>/summary")
@access(proved(Role.SECRETARIAT))
def publish_summary(key: str) -> ResponseReturnValue:
    """Publish what is new; every participant who asked gets it once, in their language."""
    event = _over(key)
    form = SummaryForm()
    if form.validate() and not form.texts():
        form.form_errors.append(_("Write the summary in at least one language."))
    elif not form.errors:
        programme_service.publish_summary(
            db.session(), event, texts=form.texts(), by=by(), now=clock.now()
        )
        return redirect(url_for("programme.summary", key=key), 303)
    return _page(event, form), 422
