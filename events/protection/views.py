"""The protection desk: a process of its own, the only pages that can open the vault.

One record at a time, by POST, with a written reason. There is no list of who is in the vault
beyond the neutral numbers that triage sees too, no search by person, no export.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock, files
from core.db import db
from core.errors import Invalid, NotAllowed
from core.house import house
from core.languages import _, localized
from core.seal import CannotOpen
from core.web.access import access
from core.web.forms import option
from events.protection import queries, service
from events.protection.forms import FindForm, Press, ReasonForm
from network.accounts.access import by, proved, seat
from network.accounts.queries import names_of

pages = Blueprint("protection", __name__)

LETTER_WITHIN = timedelta(minutes=15)


@pages.get("/")
@access(seat("protection"))
def desk() -> str:
    """Find one record by its number; what waits to be cleared; who opened what, and why."""
    return _desk(_find_form(FindForm(formdata=None)))


def _find_form(form: FindForm) -> FindForm:
    form.event.choices = [
        option("", _("Choose")),
        *(
            option(str(row.id), localized(row.title))
            for row in queries.events_with_sealed(db.session())
        ),
    ]
    return form


def _desk(form: FindForm) -> str:
    log = queries.latest_openings(db.session(), private_key=house().vault_key)
    return render_template(
        "protection/desk.html",
        form=form,
        waiting=queries.to_clear(db.session()),
        log=log,
        names=names_of(db.session(), {opening.person_id for opening, _reason in log}),
    )


@pages.post("/find")
@access(seat("protection"))
def find() -> ResponseReturnValue:
    """Go to one record."""
    form = _find_form(FindForm())
    if form.validate():
        found = queries.by_number(
            db.session(), event_id=UUID(form.event.data), number=int(form.number.data or 0)
        )
        if found is not None:
            return redirect(url_for(".record", registration_id=found), 303)
        form.take(Invalid({"number": _("No sealed registration of this meeting has this number.")}))
    return _desk(form), 422


@pages.get("/records/<uuid:registration_id>")
@access(proved("protection"))
def record(registration_id: UUID) -> str:
    """What is outside the seal, and the form that opens it."""
    return _record(registration_id, ReasonForm(formdata=None))


def _record(registration_id: UUID, form: ReasonForm, content: object = None) -> str:
    return render_template(
        "protection/record.html",
        registration=queries.sealed(db.session(), registration_id),
        form=form,
        content=content,
        has_letter=queries.has_letter(db.session(), registration_id),
        openings=queries.openings_of(db.session(), registration_id),
    )


@pages.post("/records/<uuid:registration_id>/open")
@access(proved("protection"))
def open_record(registration_id: UUID) -> ResponseReturnValue:
    """Open it, show it once, and leave the trace. The answer is never stored anywhere."""
    queries.sealed(db.session(), registration_id)
    form = ReasonForm()
    if not form.validate():
        return _record(registration_id, form), 422
    try:
        content = service.open_record(
            db.session(),
            registration_id=registration_id,
            reason=form.reason.data or "",
            private_key=house().vault_key,
            public_key=house().vault_public_key,
            by=by(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _record(registration_id, form), 422
    except CannotOpen:
        form.form_errors.append(_("This record was sealed to a key that this desk does not hold."))
        return _record(registration_id, form), 409
    return _record(registration_id, ReasonForm(formdata=None), content)


@pages.post("/records/<uuid:registration_id>/letter")
@access(proved("protection"))
def letter(registration_id: UUID) -> Response:
    """The sealed letter, for the officer who opened this record a moment ago."""
    actor, now = by(), clock.now()
    if not Press().validate() or not queries.opened_lately(
        db.session(), registration_id, person_id=actor.person_id, since=now - LETTER_WITHIN
    ):
        raise NotAllowed(_("Open the record first; its letter can be read for 15 minutes then."))
    row = queries.letter_of(db.session(), registration_id)
    opened = files.open_sealed(files.Disk(house().files), row, vault_key=house().vault_key)
    return files.download(opened.name, opened.mime, opened.body)


@pages.post("/records/<uuid:registration_id>/clear")
@access(proved("protection"))
def clear(registration_id: UUID) -> ResponseReturnValue:
    """Say that the secretariat may approve; triage reads "cleared by the secretariat"."""
    queries.sealed(db.session(), registration_id)
    if not Press().validate():
        return _record(registration_id, ReasonForm(formdata=None)), 422
    service.clear(db.session(), registration_id=registration_id, by=by(), now=clock.now())
    return redirect(url_for(".record", registration_id=registration_id), 303)
