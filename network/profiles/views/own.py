"""Our mechanism: every part, writing one, and asking the State for its consent."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Invalid, NotVisible
from core.languages import _
from core.web.access import access
from network.accounts.access import by, seat
from network.accounts.views.page import check_pressed, identifier
from network.mechanisms.models import Field, Mechanism
from network.profiles import queries, service
from network.profiles.forms import SHORT_FIELDS, NoteForm, PartForm, data_of
from network.profiles.models import PartVersion
from network.profiles.queries import Part
from network.profiles.rules import Words, check_complete, words_of
from network.profiles.service import Edited
from network.profiles.states import PartState
from network.profiles.views.page import (
    WORDS,
    WRITES,
    field_here,
    mechanism_here,
    own_here,
    pages,
    seat_here,
)
from network.seats.queries import state_of
from network.taxonomy.models import State


@pages.get("/mechanism")
@access(seat(*WRITES))
def own() -> ResponseReturnValue:
    """The State's only or leading mechanism; without any, how to begin."""
    found = queries.mechanisms_of(db.session(), seat_here())
    if not found:
        state = db.session().get_one(State, state_of(db.session(), seat_here()))
        return render_template("profiles/first.html", state=state)
    return own_one(found[0].key)


@pages.post("/mechanism")
@access(seat(*WRITES))
def describe_first() -> ResponseReturnValue:
    """Begin to describe the State's first mechanism."""
    check_pressed()
    state = db.session().get_one(State, state_of(db.session(), seat_here()))
    made = service.describe_first(db.session(), state=state, by=by(), now=clock.now())
    return redirect(url_for(".edit", key=made.key, field=Field.NAME.value), 303)


@pages.get("/mechanism/<key>")
@access(seat(*WRITES))
def own_one(key: str) -> ResponseReturnValue:
    """One mechanism, part by part."""
    return render_template(
        "profiles/own.html",
        own=own_here(key),
        others=queries.mechanisms_of(db.session(), seat_here()),
        **WORDS,
    )


@pages.get("/mechanism/<key>/parts/<field>")
@access(seat(*WRITES))
def part(key: str, field: str) -> ResponseReturnValue:
    """One part: what readers find, what is in work, and every version."""
    return part_page(key, field_here(field))


def part_page(key: str, field: Field, note: NoteForm | None = None) -> str:
    """The page of a part; `note` with what was refused."""
    whole = own_here(key)
    versions = queries.versions(db.session(), whole.mechanism.id, field)
    return render_template(
        "profiles/part.html",
        mechanism=whole.mechanism,
        part=whole.part(field),
        versions=versions,
        people=queries.writers(db.session(), versions),
        form=note or NoteForm(formdata=None),
        **WORDS,
    )


@pages.get("/mechanism/<key>/parts/<field>/edit")
@access(seat(*WRITES))
def edit(key: str, field: str) -> ResponseReturnValue:
    """The form with the newest words; `?missing=` marks what is still empty."""
    known = own_here(key).part(field_here(field))
    words = words_of(known.newest) if known.newest else _sourced(known)
    seen = str(known.newest.id) if known.newest else ""
    form = PartForm(known.field, formdata=None, data=data_of(words) | {"seen": seen})
    if "missing" in request.args and known.newest is not None:
        try:
            check_complete(known.field, words, clock.now().date())
        except Invalid as refusal:
            form.take(refusal)
    return _form_page(mechanism_here(key), known.field, form)


def _sourced(known: Part) -> Words:
    """What public sources say, to start from when the State takes a part over."""
    fact = next((one for one in [*known.shown, *known.aside] if not one.is_translation), None)
    if fact is None:
        return Words()
    return Words(
        value=fact.value,
        language=fact.language,
        source_url=fact.source_url,
        source_name=fact.source_name,
        as_of=fact.as_of,
    )


@pages.post("/mechanism/<key>/parts/<field>/edit")
@access(seat(*WRITES))
def save(key: str, field: str) -> ResponseReturnValue:
    """Keep a new version; with `send` also ask the State for its consent."""
    mechanism, wanted = mechanism_here(key), field_here(field)
    form = PartForm(wanted)
    if not form.validate_on_submit():
        return _form_page(mechanism, wanted, form), 422
    try:
        made = service.save_draft(
            db.session(),
            mechanism_id=mechanism.id,
            field=wanted,
            words=form.words(),
            seen=identifier(form.seen.data),
            by=by(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _form_page(mechanism, wanted, form), 422
    except Edited as refusal:
        form.seen.data = str(refusal.newest.id)
        return _form_page(mechanism, wanted, form, refusal.newest), 409
    if "send" not in request.form:
        flash(_("Kept. Nobody outside your State sees it."), "good")
        return redirect(url_for(".part", key=key, field=field), 303)
    return _sent(key, made)


def _sent(key: str, made: PartVersion) -> ResponseReturnValue:
    """Ask for consent, or go to the form with all that is missing; the draft is kept either way."""
    try:
        service.send(db.session(), version_id=made.id, by=by(), now=clock.now())
    except Invalid:
        return redirect(url_for(".edit", key=key, field=made.field.value, missing=1), 303)
    flash(_("Sent. Your State’s authorising officers are told."), "good")
    return redirect(url_for(".part", key=key, field=made.field.value), 303)


@pages.post("/mechanism/<key>/parts/<field>/send")
@access(seat(*WRITES))
def send(key: str, field: str) -> ResponseReturnValue:
    """Ask the State for its consent to the draft."""
    check_pressed()
    draft = own_here(key).part(field_here(field)).open
    if draft is None:
        raise NotVisible
    return _sent(key, draft)


def _form_page(
    mechanism: Mechanism, field: Field, form: PartForm, theirs: PartVersion | None = None
) -> str:
    newest = theirs or queries.newest(db.session(), mechanism.id, field)
    return render_template(
        "profiles/edit.html",
        mechanism=mechanism,
        field=field,
        form=form,
        theirs=theirs,
        is_waiting=newest is not None and newest.state is PartState.WAITING,
        is_short=field in SHORT_FIELDS,
        people=queries.writers(db.session(), [theirs] if theirs else []),
        **WORDS,
    )


def version_here(mechanism: Mechanism, field: Field, typed: object) -> PartVersion:
    """A version of this part by the id that was sent."""
    known = identifier(typed)
    found = db.session().get(PartVersion, known) if isinstance(known, UUID) else None
    if found is None or (found.mechanism_id, found.field) != (mechanism.id, field):
        raise NotVisible
    return found
