"""The applicant's page: where it stands, the secretariat's question, and taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.context import link
from core.db import db
from core.errors import Refused
from core.languages import _
from core.web.access import access
from core.web.forms import Confirmation
from network.accounts.views.page import identifier
from network.applications import queries, rules, service
from network.applications.forms import ORGANISATIONS, STANDINGS, AnswerForm
from network.applications.models import Application
from network.applications.views.page import applicant, own_id, pages, stale


@pages.get("/my-application")
@access(applicant)
def mine() -> str:
    """Status, what was asked and answered, what is stored."""
    return _page(queries.own(db.session(), own_id()), AnswerForm(formdata=None))


def _page(application: Application, form: AnswerForm, problem: str = "") -> str:
    asked = queries.open_question(db.session(), application.id)
    if asked is not None and not form.question.data:
        form.question.data = str(asked.id)
    return render_template(
        "applications/mine.html",
        application=application,
        applicant=queries.applicant_name(application),
        letter=queries.letter_of(db.session(), application),
        questions=queries.questions(db.session(), application.id),
        asked=asked,
        form=form,
        problem=problem,
        can_withdraw=rules.can_withdraw(application),
        standings=STANDINGS,
        organisations=ORGANISATIONS,
    )


@pages.post("/my-application/answer")
@access(applicant)
def answer() -> ResponseReturnValue:
    """Answer the open question; an answer to an older one is refused and kept in the form."""
    application = queries.own(db.session(), own_id())
    form = AnswerForm()
    if not form.validate():
        return _page(application, form), 422
    question_id = identifier(form.question.data)
    try:
        service.answer(
            db.session(),
            application_id=application.id,
            question_id=question_id or application.id,
            text=form.answer.data or "",
            by=link(application.id),
            now=clock.now(),
        )
    except Refused as refusal:
        form.question.data = ""
        return _page(application, form, refusal.sentence), refusal.status
    flash(_("Your answer has been sent."), "good")
    return redirect(url_for(".mine"), 303)


@pages.get("/my-application/withdraw")
@access(applicant)
def withdraw_page() -> ResponseReturnValue:
    """Ask before it is taken back."""
    application = queries.own(db.session(), own_id())
    if not rules.can_withdraw(application):
        return redirect(url_for(".mine"), 303)
    return render_template(
        "applications/withdraw.html", applicant=queries.applicant_name(application)
    )


@pages.post("/my-application/withdraw")
@access(applicant)
def withdraw() -> ResponseReturnValue:
    """Take it back."""
    application = queries.own(db.session(), own_id())
    empty = AnswerForm(formdata=None)
    if not Confirmation().validate():
        return _page(application, empty, stale()), 422
    try:
        service.withdraw(
            db.session(), application_id=application.id, by=link(application.id), now=clock.now()
        )
    except Refused as refusal:
        return _page(application, empty, refusal.sentence), refusal.status
    return redirect(url_for(".mine"), 303)
