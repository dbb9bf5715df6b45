"""The pages on which a State looks after its contacts."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Invalid
from core.languages import _
from core.web.access import access
from network.accounts.access import by, seat
from network.accounts.views.page import check_pressed
from network.directory import lines, service
from network.directory.forms import LEVELS, ContactForm
from network.directory.views.page import OF_STATE, WRITES, acting_for_state, pages
from network.mechanisms.forms import CONTACT_KINDS
from network.mechanisms.models import Contact, Visibility
from network.seats.models import BodyKind, Role
from network.seats.queries import state_of


@pages.get("/contacts")
@access(seat(*OF_STATE))
def contacts() -> ResponseReturnValue:
    """How others reach the mechanism, and who may read it."""
    mine = acting_for_state()
    return render_template(
        "directory/contacts.html",
        lines=lines.lines(db.session(), mine),
        kinds=CONTACT_KINDS,
        levels=LEVELS,
        may_write=mine.role is not Role.AUTHORISING,
    )


@pages.get("/contacts/new")
@access(seat(*WRITES))
def new_contact() -> ResponseReturnValue:
    """The empty form."""
    return _page(_form(ContactForm(formdata=None)), None)


@pages.post("/contacts/new")
@access(seat(*WRITES))
def add_contact() -> ResponseReturnValue:
    """Take a new contact."""
    form = _form(ContactForm())
    state_id = state_of(db.session(), acting_for_state())
    if not form.validate_on_submit() or state_id is None:
        return _page(form, None), 422
    try:
        contact = service.add_contact(
            db.session(), state_id=state_id, wording=form.wording(), by=by(), now=clock.now()
        )
    except Invalid as refusal:
        form.take(refusal)
        return _page(form, None), 422
    return _kept(contact)


@pages.get("/contacts/<uuid:contact_id>")
@access(seat(*WRITES))
def edit_contact(contact_id: UUID) -> ResponseReturnValue:
    """The form with what the contact says."""
    contact = lines.own(db.session(), contact_id, acting_for_state())
    said = {
        "kind": contact.kind.value,
        "value": contact.value,
        "language": contact.language,
        "visibility": contact.visibility.value,
        "mechanism": str(contact.mechanism_id or ""),
    }
    return _page(_form(ContactForm(formdata=None, data=said), contact), contact)


@pages.post("/contacts/<uuid:contact_id>")
@access(seat(*WRITES))
def change_contact(contact_id: UUID) -> ResponseReturnValue:
    """Take the next version."""
    contact = lines.own(db.session(), contact_id, acting_for_state())
    form = _form(ContactForm(), contact)
    if not form.validate_on_submit():
        return _page(form, contact), 422
    try:
        changed = service.change_contact(
            db.session(),
            contact_id=contact.id,
            wording=form.wording(),
            by=by(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _page(form, contact), 422
    return _kept(changed)


@pages.get("/contacts/<uuid:contact_id>/hide")
@access(seat(*WRITES))
def ask_hide_contact(contact_id: UUID) -> ResponseReturnValue:
    """Ask before a contact is taken away."""
    contact = lines.own(db.session(), contact_id, acting_for_state())
    return render_template("directory/hide.html", contact=contact, kinds=CONTACT_KINDS)


@pages.post("/contacts/<uuid:contact_id>/hide")
@access(seat(*WRITES))
def hide_contact(contact_id: UUID) -> ResponseReturnValue:
    """Take a contact away, in every version."""
    check_pressed()
    contact = lines.own(db.session(), contact_id, acting_for_state())
    service.hide_contact(db.session(), contact_id=contact.id, by=by(), now=clock.now())
    flash(_("Taken away. Nobody reads it any more."), "good")
    return redirect(url_for(".contacts"), 303)


def _form(form: ContactForm, contact: Contact | None = None) -> ContactForm:
    """Fill in what there is to choose from: one mechanism and its State are not told apart."""
    mine = acting_for_state()
    is_of_state = mine.body_kind is BodyKind.STATE
    found = lines.mechanisms_of(db.session(), mine)
    if is_of_state and len(found) == 1 and not (contact and contact.mechanism_id):
        found = []
    form.offer(found, with_state=is_of_state)
    return form


def _page(form: ContactForm, contact: Contact | None) -> str:
    return render_template("directory/contact.html", form=form, contact=contact)


def _kept(contact: Contact) -> ResponseReturnValue:
    if contact.shown_at is None:
        flash(_("Kept. Your State’s authorising officers are asked for their consent."), "good")
    elif contact.visibility is Visibility.SECRETARIAT:
        flash(_("Kept. The secretariat can read it."), "good")
    else:
        flash(_("Kept."), "good")
    return redirect(url_for(".contacts"), 303)
