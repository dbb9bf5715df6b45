"""Consents that came on paper: entered by the secretariat, confirmed by a second officer."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock, file_kinds, files, uploads
from core.db import db
from core.errors import Invalid
from core.house import house
from core.languages import _, current, localized
from core.web.access import access
from core.web.forms import option
from network.accounts.access import by, proved
from network.accounts.forms import StateForm
from network.accounts.views.page import check_pressed
from network.consents import service
from network.consents.forms import PaperForm
from network.consents.subjects import Waiting, kind_name, waiting_for
from network.consents.views.consents import asked, found, pages
from network.taxonomy.models import State
from network.taxonomy.queries import state as state_called
from network.taxonomy.queries import states

OWNER = "consent"


@pages.get("/consents/paper")
@access(proved("secretariat"))
def paper_page() -> ResponseReturnValue:
    """Choose the State, then what of that State waits for a consent."""
    state = _state()
    form = _form(_waiting(state), formdata=None) if state else None
    return _page(state, form)


def _state() -> State | None:
    return state_called(db.session(), request.args.get("state", "")) or None


def _waiting(state: State) -> dict[str, Waiting]:
    waiting = waiting_for(db.session(), state.id, clock.now())
    return {f"{one.kind.value}:{one.subject_id}": one for one in waiting}


def _form(waiting: dict[str, Waiting], **how: object) -> PaperForm:
    form = PaperForm(**how)
    form.subject.choices = [
        option(key, one.title, kind_name(one.kind)) for key, one in waiting.items()
    ]
    return form


def _page(state: State | None, form: PaperForm | None) -> str:
    chooser = StateForm(formdata=None)
    chooser.state.choices = [
        option(one.iso3, localized(one.names)) for one in states(db.session(), current())
    ]
    chooser.state.data = state.iso3 if state else None
    return render_template("consents/paper.html", state=state, chooser=chooser, form=form)


@pages.post("/consents/paper")
@access(proved("secretariat"))
def enter_paper() -> ResponseReturnValue:
    """Enter a paper as the first of two officers."""
    state = _state()
    if state is None:
        return _page(None, None), 422
    waiting = _waiting(state)
    form = _form(waiting)
    fine = form.validate_on_submit()
    try:
        note = _note(form)
        if not fine:
            return _page(state, form), 422
    except Invalid as refusal:
        form.take(refusal)
        return _page(state, form), 422
    one, now = waiting[form.subject.data], clock.now()
    stored = files.keep(
        db.session(),
        files.Disk(house().files),
        body=note.body,
        name=note.name,
        mime=note.mime,
        owner_kind=OWNER,
        owner_id=one.subject_id,
        now=now,
    )
    scope = service.Scope(
        state_id=state.id,
        kind=one.kind,
        subject_kind=one.subject_kind,
        subject_id=one.subject_id,
        partner_id=one.partner_id,
        from_on=one.from_on,
        until_on=one.until_on,
        publish=one.publish,
    )
    entered = service.enter_on_paper(
        db.session(), scope=scope, document_id=stored.id, by=by(), now=now
    )
    flash(_("Entered. It counts once a second officer has confirmed it."), "good")
    return redirect(url_for(".consent", consent_id=entered.id), 303)


def _note(form: PaperForm) -> files.CheckedFile:
    """The paper. Raises Invalid with a sentence at its field."""
    note = uploads.chosen(form.note, file_kinds.LETTERS)
    if note is None:
        raise Invalid({"note": _("Choose the file of the paper.")})
    return note


@pages.get("/consents/<uuid:consent_id>/confirm")
@access(proved("secretariat"))
def confirm_page(consent_id: UUID) -> ResponseReturnValue:
    """Ask the second officer before a paper counts."""
    return asked(consent_id, "consents/confirm.html")


@pages.post("/consents/<uuid:consent_id>/confirm")
@access(proved("secretariat"))
def confirm_paper(consent_id: UUID) -> ResponseReturnValue:
    """Be the second officer. From now on it counts, and the State has ten days to contest."""
    check_pressed()
    row = found(consent_id)
    service.confirm_paper(db.session(), consent_id=row.consent.id, by=by(), now=clock.now())
    flash(_("Confirmed. The State is told, and may contest for ten days."), "good")
    return redirect(url_for(".consent", consent_id=consent_id), 303)
