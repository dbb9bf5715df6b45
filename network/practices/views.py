"""The page of a practice, and the form on which its States' focal points change the draft."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from core import clock, languages
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed
from core.languages import _
from core.web.access import access
from network.accounts.access import by, current_seat, seat
from network.exchanges.listing import state_names
from network.exchanges.words import CAPACITIES, language_name, state_name
from network.practices import queries, service
from network.practices.forms import PracticeForm, values_of
from network.practices.models import LANGUAGES, TEXTS, Practice
from network.practices.words import STATES
from network.seats.models import Seat
from network.taxonomy.queries import themes

pages = Blueprint("practices", __name__, url_prefix="/practices")

WRITES = ("focal_point", "deputy")
READS = (*WRITES, "authorising", "helpdesk", "secretariat")


@pages.record_once
def _tell_templates(state: BlueprintSetupState) -> None:
    cast("Flask", state.app).jinja_env.globals["practice_of"] = practice_of


def practice_of(exchange_id: UUID) -> Practice | None:
    """The practice that came out of an exchange, for its page; None if the reader may not read it."""
    mine = current_seat()
    if mine is None:
        return None
    return queries.readable_of_exchange(db.session(), exchange_id, mine)


@pages.get("/<uuid:practice_id>")
@access(seat(*READS))
def practice(practice_id: UUID) -> ResponseReturnValue:
    """A practice with where it came from; `?language=` chooses among its languages."""
    found = queries.one(db.session(), practice_id, _acting())
    language = _language(found)
    names = state_names(db.session(), [one.state_id for one in found.states])
    themed = {theme.key: languages.localized(theme.names) for theme in themes(db.session())}
    return render_template(
        "practices/practice.html",
        practice=found,
        language=language,
        written_in=_written_in(found),
        texts={name: getattr(found, name).get(language, "") for name in TEXTS},
        of=[state_name(one.state_id, names) for one in found.states],
        themes=[themed.get(key, key) for key in found.themes],
        capacities=[CAPACITIES[key] for key in found.capacities],
        status=STATES[found.state],
        may_write=queries.is_written_by(db.session(), found, _acting()),
        language_name=language_name,
        languages=LANGUAGES,
    )


@pages.get("/<uuid:practice_id>/edit")
@access(seat(*WRITES))
def edit(practice_id: UUID) -> ResponseReturnValue:
    """The form, in the language that `?language=` names."""
    found = _mine(practice_id)
    language = _language(found)
    form = PracticeForm(formdata=None, themes=themes(db.session()), data=values_of(found, language))
    return _edit_page(found, form, language)


@pages.post("/<uuid:practice_id>/edit")
@access(seat(*WRITES))
def save(practice_id: UUID) -> ResponseReturnValue:
    """Keep the draft."""
    found = _mine(practice_id)
    language = _language(found)
    form = PracticeForm(themes=themes(db.session()))
    if not form.validate_on_submit():
        return _edit_page(found, form, language), 422
    try:
        service.revise(
            db.session(),
            practice_id=found.id,
            language=language,
            words=form.words(),
            revision=int(form.revision.data or 0),
            by=by(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _edit_page(found, form, language), 422
    except Conflict as refusal:
        form.form_errors.append(refusal.sentence)
        form.revision.data = str(found.revision)
        return _edit_page(found, form, language), refusal.status
    flash(_("Kept. Both sides and the secretariat read it."), "good")
    return redirect(url_for(".practice", practice_id=found.id, language=language), code=303)


def _edit_page(found: Practice, form: PracticeForm, language: str) -> str:
    return render_template(
        "practices/edit.html",
        practice=found,
        form=form,
        language=language,
        written_in=_written_in(found),
        language_name=language_name,
        languages=LANGUAGES,
    )


def _acting() -> Seat:
    mine = current_seat()
    if mine is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    return mine


def _mine(practice_id: UUID) -> Practice:
    """A practice that the seat may change."""
    found = queries.one(db.session(), practice_id, _acting())
    if not queries.is_written_by(db.session(), found, _acting()):
        raise NotAllowed(_("Focal points of its States change a practice while it is a draft."))
    return found


def _written_in(found: Practice) -> list[str]:
    """The languages in which anything is written, in the hub's order."""
    return [code for code in LANGUAGES if any(code in getattr(found, name) for name in TEXTS)]


def _language(found: Practice) -> str:
    """The language asked for, else the reader's own if it is there, else the first there is."""
    asked = request.args.get("language", "")
    if asked in LANGUAGES:
        return asked
    there = _written_in(found)
    own = languages.current()
    return own if own in there or not there else there[0]
