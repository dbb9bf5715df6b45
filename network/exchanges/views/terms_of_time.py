"""How long each state of a case lasts: read and changed by the secretariat."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.languages import _
from core.web.access import access
from core.web.forms import option
from network.accounts.access import by, proved, seat
from network.exchanges import timing, words
from network.exchanges.forms import TermForm
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import pages
from network.exchanges.views.trying import attempt


@pages.get("/terms-of-time")
@access(seat("secretariat"))
def terms_of_time() -> ResponseReturnValue:
    """The days of each state, and a form to change one."""
    return _page(_form(formdata=None))


@pages.post("/terms-of-time")
@access(proved("secretariat"))
def set_term() -> ResponseReturnValue:
    """Let a state last so many days, from the next case on that enters it."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    status = attempt(
        form,
        lambda: timing.set_term(
            db.session(),
            state=ExchangeState(form.state.data),
            days=form.number(),
            by=by(),
            now=clock.now(),
        ),
    )
    if status:
        return _page(form), status
    flash(_("Changed, from the next case on that enters this state."), "good")
    return redirect(url_for(".terms_of_time"), 303)


def _form(**more: Any) -> TermForm:
    form = TermForm(**more)
    form.state.choices = [option(state.value, words.STATES[state]) for state in timing.TIMED]
    return form


def _page(form: TermForm) -> str:
    said = timing.terms(db.session())
    rows = [
        {
            "name": words.STATES[state],
            "usual": timing.usual_days(state),
            "days": said[state].days if state in said else timing.usual_days(state),
            "set_at": said[state].set_at if state in said else None,
        }
        for state in timing.TIMED
    ]
    return render_template("exchanges/terms_of_time.html", form=form, rows=rows)
