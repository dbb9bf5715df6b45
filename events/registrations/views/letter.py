"""The letter of nomination: sent with the form or later, and read by those who decide."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock, file_kinds, files, uploads
from core.context import link
from core.db import db
from core.errors import Invalid, NotVisible, Refused
from core.house import house
from core.languages import _
from core.web.access import access
from core.web.forms import Form, PublicForm
from events.programme import queries as programme
from events.registrations import changes, letters, queries
from events.registrations.forms import LetterForm
from events.registrations.models import Registration
from events.registrations.views.page import link_holder, own_id, pages
from events.registrations.views.triage import DESK
from network.accounts.access import seat


def checked(form: Form | PublicForm) -> files.CheckedFile | None:
    """The letter of a form, if it takes one and one was chosen. Raises Invalid at its field."""
    return uploads.chosen(form["letter"], file_kinds.LETTERS) if "letter" in form else None


@pages.get("/my-registration/letter")
@access(link_holder)
def letter_page() -> str:
    """Where a letter is sent that was not there yet."""
    return _page(queries.own(db.session(), own_id()), LetterForm(formdata=None))


def _page(registration: Registration, form: LetterForm) -> str:
    return render_template(
        "registrations/letter.html",
        event=registration.event,
        registration=registration,
        has_letter=bool(letters.stored(db.session(), registration.id)),
        form=form,
    )


@pages.post("/my-registration/letter")
@access(link_holder)
def send_letter() -> ResponseReturnValue:
    """Put the letter beside the registration; a discreet one's is sealed at once."""
    registration = queries.own(db.session(), own_id())
    form = LetterForm()
    if not form.validate():
        return _page(registration, form), 422
    try:
        letter = checked(form)
        if letter is None:
            raise Invalid({"letter": _("Choose the file of your letter.")})
        changes.send_letter(
            db.session(),
            registration_id=registration.id,
            letter=letter,
            house=house(),
            by=link(registration.id),
            now=clock.now(),
        )
    except Refused as refusal:
        if isinstance(refusal, Invalid):
            form.take(refusal)
        else:
            form.form_errors.append(refusal.sentence)
        return _page(registration, form), refusal.status
    return redirect(url_for(".mine"), 303)


@pages.get("/triage/<key>/<uuid:registration_id>/letter")
@access(seat(*DESK))
def read_letter(key: str, registration_id: UUID) -> Response:
    """The letter of an open registration. A sealed one is read at the protection desk alone."""
    event = programme.event(db.session(), key)
    registration = queries.for_decision(db.session(), event.id, registration_id)
    stored = letters.stored(db.session(), registration.id)
    if not stored or registration.discreet or stored[-1].is_sealed:
        raise NotVisible(_("There is no letter here."))
    store = files.Disk(house().files)
    row = stored[-1]
    return files.download(row.name or "letter", row.mime, files.read(store, row))
