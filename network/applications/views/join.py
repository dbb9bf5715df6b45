"""From the public page to the confirmed application, and a lost link again."""

from __future__ import annotations

from uuid import UUID

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock, codes, file_kinds, languages, uploads
from core.db import db
from core.errors import Invalid
from core.files import CheckedFile
from core.house import house
from core.languages import _
from core.web.access import access, anyone
from core.web.forms import Confirmation
from core.web.limits import per_sender, per_target
from core.web.personal import CodeForm
from network.applications import queries, service
from network.applications.forms import JoinForm, LinkForm, OrganisationForm, StateForm
from network.applications.models import ApplicantKind, Application
from network.applications.states import ApplicationState
from network.applications.views.page import ApplicantNeeded, pages, personal
from network.taxonomy import queries as taxonomy


@pages.get("/network/join")
@access(anyone)
def join() -> str:
    """Who may join, how it goes, and where to begin."""
    g.keep = True
    return render_template("applications/join.html")


def _form(kind: str) -> JoinForm:
    if ApplicantKind(kind) is ApplicantKind.ORGANISATION:
        form: JoinForm = OrganisationForm()
    else:
        form = StateForm()
        form.offer(taxonomy.states(db.session(), languages.current()))
    form.prepare()
    return form


def _form_page(form: JoinForm) -> str:
    return render_template("applications/apply.html", form=form, kind=form.kind.value)


@pages.get("/network/join/<any(state, organisation):kind>")
@access(anyone)
def form(kind: str) -> str:
    """The form, the same for everybody, so it is kept whole."""
    g.keep = True
    return _form_page(_form(kind))


@pages.post("/network/join/<any(state, organisation):kind>")
@access(anyone)
@per_sender("60 per hour")
@per_target("email", "6 per hour", act="apply")
def send(kind: str) -> ResponseReturnValue:
    """Take the form; everything that is wrong with it is said at once."""
    form = _form(kind)
    is_good = form.validate()
    letter = _letter(form)
    if is_good and letter is not None:
        try:
            application = service.apply(
                db.session(), entry=form.entry(), letter=letter, house=house(), now=clock.now()
            )
        except Invalid as refusal:
            form.take(refusal)
        else:
            return redirect(url_for(".code", application_id=application.id), 303)
    if letter is not None:
        form["letter"].errors = [_("Choose your letter again: browsers send a file only once.")]
    return _form_page(form), 422


def _letter(form: JoinForm) -> CheckedFile | None:
    """The letter; None with a sentence at its field if it will not do."""
    try:
        letter = uploads.chosen(form["letter"], file_kinds.LETTERS)
    except Invalid as refusal:
        form.take(refusal)
        return None
    if letter is None:
        form["letter"].errors = [_("Choose the file of your letter.")]
    return letter


@pages.get("/network/join/<uuid:application_id>/confirm")
@access(anyone)
def code(application_id: UUID) -> str:
    """Where the code is typed. The page is the same whether there is such an application."""
    return _code_page(application_id, CodeForm(formdata=None))


def _code_page(application_id: UUID, form: CodeForm) -> str:
    return render_template("applications/code.html", form=form, application_id=application_id)


@pages.post("/network/join/<uuid:application_id>/confirm")
@access(anyone)
@per_sender("120 per hour")
def confirm_by_code(application_id: UUID) -> ResponseReturnValue:
    """Use up one try; a right code hands the application in and opens the personal page."""
    form = CodeForm()
    if not form.validate():
        return _code_page(application_id, form), 422
    is_right = codes.redeem_latest(
        db.session(),
        db.engine,
        purpose=service.CODE_PURPOSE,
        subject_id=application_id,
        typed=form.code.data or "",
        secret=house().secret_key,
        now=clock.now(),
    )
    if not is_right:
        if personal.remembers(application_id):
            return redirect(url_for(".mine"), 303)
        form.code.errors = [
            _(
                "This code is not right, is older than 24 hours or has been used already. "
                "After five wrong tries it ends; then send the form again."
            )
        ]
        return _code_page(application_id, form), 422
    return _confirmed(application_id)


def _confirmed(application_id: UUID) -> ResponseReturnValue:
    application = service.confirm(db.session(), application_id=application_id, now=clock.now())
    personal.remember(application.id, application.generation)
    return redirect(url_for(".mine"), 303)


@pages.get("/jc/<token>")
@access(anyone)
def follow_to_confirm(token: str) -> ResponseReturnValue:
    """The link beside the code: it leads to a button, and confirms nothing by itself."""
    if not personal.exchange_to_confirm(token):
        raise ApplicantNeeded(_("This link has ended or is not complete. Type the code instead."))
    return redirect(url_for(".confirm_page"), 303)


@pages.get("/network/join/confirm")
@access(anyone)
def confirm_page() -> ResponseReturnValue:
    """Where the link of the mail leads: one button, since a visit alone must change nothing."""
    application = _to_confirm()
    if application.state is not ApplicationState.UNCONFIRMED:
        personal.remember(application.id, application.generation)
        return redirect(url_for(".mine"), 303)
    return render_template(
        "applications/confirm.html", applicant=queries.applicant_name(application)
    )


@pages.post("/network/join/confirm")
@access(anyone)
def confirm_by_link() -> ResponseReturnValue:
    """The button was pressed."""
    application = _to_confirm()
    if not Confirmation().validate():
        return redirect(url_for(".confirm_page"), 303)
    return _confirmed(application.id)


def _to_confirm() -> Application:
    """The application of the confirming link in this browser. Raises ApplicantNeeded."""
    known = personal.to_confirm()
    if known is None:
        raise ApplicantNeeded(
            _("This link has ended. Send the form again if you still wish to join.")
        )
    return queries.own(db.session(), known)


@pages.get("/j/<token>")
@access(anyone)
def follow(token: str) -> ResponseReturnValue:
    """Exchange a personal link for a short cookie and an address without the token."""
    if not personal.exchange(token):
        raise ApplicantNeeded(_("This link has ended or is not complete. Ask for a new one."))
    return redirect(url_for(".mine"), 303)


@pages.get("/network/join/link")
@access(anyone)
def lost() -> str:
    """Ask for one's link again."""
    return render_template("applications/link.html", form=LinkForm(formdata=None))


@pages.post("/network/join/link")
@access(anyone)
@per_sender("60 per hour")
@per_target("email", "4 per hour")
def ask_link() -> ResponseReturnValue:
    """Send the link if there is one; the answer and the work do not tell."""
    form = LinkForm()
    if not form.validate():
        return render_template("applications/link.html", form=form), 422
    service.ask_link(db.session(), address=form.email.data or "", house=house(), now=clock.now())
    return render_template("applications/link_sent.html")
