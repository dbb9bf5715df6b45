"""The page behind a personal link: where it stands, joining, documents, and what one can do."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock, files
from core.context import link
from core.db import db
from core.documents import ics
from core.errors import Conflict, Invalid, Refused
from core.house import house
from core.languages import _
from core.web.access import access
from core.web.forms import Confirmation
from core.web.limits import per_target
from events.programme.models import Mode
from events.programme.rules import availability, has_calendar
from events.registrations import changes, erasing, queries, rules, sealing, service
from events.registrations.calendar import entry_for
from events.registrations.forms import EditForm, PassOnForm
from events.registrations.models import Category, Listing, Need, Registration
from events.registrations.states import RegistrationState
from events.registrations.views.page import link_holder, own_id, pages, personal


@pages.get("/my-registration")
@access(link_holder)
def mine() -> str:
    """Status, joining details, documents, needs, and every act that is open now."""
    registration = queries.own(db.session(), own_id())
    return _page(registration)


def _page(registration: Registration, problem: str = "") -> str:
    now = clock.now()
    event = registration.event
    is_in = registration.state is RegistrationState.CONFIRMED
    return render_template(
        "registrations/mine.html",
        event=event,
        registration=registration,
        details=registration.details,
        problem=problem,
        can_change=rules.can_change(registration, event, now),
        takes_letter=rules.takes_letter(registration, event, now),
        can_pass_on=rules.can_pass_on(registration, event, now),
        can_cancel=rules.can_cancel(registration),
        has_calendar=is_in and has_calendar(event),
        documents=[row for row in event.documents if is_in or row.is_public],
        summary=queries.summary(db.session(), event.id, registration.language),
        openings=sealing.openings_of(db.session(), registration.id)
        if registration.discreet
        else (),
        form=Confirmation(formdata=None),
    )


@pages.get("/my-registration/edit")
@access(link_holder)
def edit() -> str:
    """The form, filled with what is known; what is sealed cannot be shown."""
    registration = queries.own(db.session(), own_id())
    form = EditForm(formdata=None, data=_known(registration))
    return _edit_page(registration, form)


def _known(registration: Registration) -> dict[str, object]:
    known: dict[str, object] = {
        "version": str(registration.version),
        "category": registration.category.value,
        "mode": registration.mode.value,
        "language": registration.language,
        "wants_summary": registration.wants_summary,
        "listing": registration.listing.value,
    }
    if registration.details is not None:
        known |= {
            "name": registration.details.name,
            "organisation": registration.details.organisation,
            "needs": registration.details.needs,
            "needs_note": registration.details.needs_note,
        }
    return known


def _edit_page(registration: Registration, form: EditForm) -> str:
    form.prepare(registration, availability(registration.event.seats))
    return render_template(
        "registrations/edit.html", event=registration.event, registration=registration, form=form
    )


@pages.post("/my-registration/edit")
@access(link_holder)
def save() -> ResponseReturnValue:
    """Keep the changes; two tabs find each other by the version."""
    registration = queries.own(db.session(), own_id())
    form = EditForm()
    form.prepare(registration, availability(registration.event.seats))
    if not form.validate():
        return _edit_page(registration, form), 422
    try:
        changes.edit(
            db.session(),
            registration_id=registration.id,
            change=_change(form),
            by=link(registration.id),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _edit_page(_as_it_is(registration), form), 422
    except Conflict as refusal:
        registration = _as_it_is(registration)
        form.form_errors.append(refusal.sentence)
        form.version.data = str(registration.version)
        form.version.raw_data = [form.version.data]
        return _edit_page(registration, form), 409
    except Refused as refusal:
        form.form_errors.append(refusal.sentence)
        return _edit_page(_as_it_is(registration), form), refusal.status
    return redirect(url_for(".mine"), 303)


def _as_it_is(registration: Registration) -> Registration:
    """The registration as the database has it, whatever a refused verb had begun to change."""
    known = registration.id
    db.session.rollback()
    return queries.own(db.session(), known)


def _change(form: EditForm) -> changes.Edit:
    is_open = "name" in form
    version = form.version.data or ""
    return changes.Edit(
        version=int(version) if version.isdecimal() else 0,
        mode=Mode(form.mode.data),
        language=form.language.data,
        wants_summary=bool(form.wants_summary.data),
        category=Category(form.category.data),
        listing=Listing(form.listing.data) if is_open else Listing.UNLISTED,
        name=form.name.data if is_open else None,
        organisation=form.organisation.data if is_open else None,
        needs=tuple(Need(value) for value in form.needs.data or ()) if is_open else None,
        needs_note=(form.needs_note.data or "") if is_open else None,
    )


@pages.get("/my-registration/pass-on")
@access(link_holder)
def pass_on_page() -> str:
    """Who takes the place."""
    registration = queries.own(db.session(), own_id())
    return _pass_on(registration, PassOnForm(formdata=None))


def _pass_on(registration: Registration, form: PassOnForm) -> str:
    return render_template(
        "registrations/pass_on.html", event=registration.event, registration=registration, form=form
    )


@pages.post("/my-registration/pass-on")
@access(link_holder)
@per_target("email", "4 per hour")
def pass_on() -> ResponseReturnValue:
    """Give the seat to another person; this link ends with it."""
    registration = queries.own(db.session(), own_id())
    event = registration.event
    form = PassOnForm()
    if not form.validate():
        return _pass_on(registration, form), 422
    try:
        changes.pass_on(
            db.session(),
            registration_id=registration.id,
            name=form.name.data or "",
            organisation=None,
            address=form.email.data or "",
            house=house(),
            by=link(registration.id),
            now=clock.now(),
        )
    except Refused as refusal:
        form.form_errors.append(refusal.sentence)
        return _pass_on(_as_it_is(registration), form), refusal.status
    session.pop("link", None)
    return render_template("registrations/passed_on.html", event=event)


@pages.get("/my-registration/cancel")
@access(link_holder)
def cancel_page() -> str:
    """Ask before a seat is given up."""
    registration = queries.own(db.session(), own_id())
    return render_template(
        "registrations/cancel.html", event=registration.event, registration=registration
    )


@pages.get("/my-registration/discreet")
@access(link_holder)
def discreet_page() -> str:
    """Say what sealing does and what it cannot call back."""
    registration = queries.own(db.session(), own_id())
    return render_template(
        "registrations/discreet.html", event=registration.event, registration=registration
    )


@pages.get("/my-registration/erase")
@access(link_holder)
def erase_page() -> str:
    """Ask before everything about a person goes."""
    registration = queries.own(db.session(), own_id())
    return render_template(
        "registrations/erase.html",
        event=registration.event,
        registration=registration,
        can_cancel=rules.can_cancel(registration),
    )


@pages.post("/my-registration/<any(cancel, accept, rejoin, discreet, erase):act>")
@access(link_holder)
def act(act: str) -> ResponseReturnValue:
    """Withdraw, take an offered seat, wait again, be sealed, or be forgotten."""
    registration_id = own_id()
    if not Confirmation().validate():
        sentence = _("This page was open for too long. Try again.")
        return _page(queries.own(db.session(), registration_id), sentence), 422
    by, now = link(registration_id), clock.now()
    try:
        if act == "cancel":
            service.cancel(db.session(), registration_id=registration_id, by=by, now=now)
        elif act == "accept":
            service.accept(db.session(), registration_id=registration_id, by=by, now=now)
        elif act == "rejoin":
            service.rejoin(db.session(), registration_id=registration_id, by=by, now=now)
        elif act == "erase":
            erasing.withdraw(
                db.session(), registration_id=registration_id, house=house(), by=by, now=now
            )
            session.pop("link", None)
            return render_template("registrations/erased.html")
        else:
            changed = changes.become_discreet(
                db.session(), registration_id=registration_id, house=house(), by=by, now=now
            )
            personal.remember(changed.id, changed.generation)
    except Refused as refusal:
        db.session.rollback()
        own = queries.own(db.session(), registration_id)
        return _page(own, refusal.sentence), refusal.status
    return redirect(url_for(".mine"), 303)


@pages.get("/my-registration/calendar.ics")
@access(link_holder)
def calendar() -> Response:
    """The entry for one's calendar; a discreet one says "Busy" and nothing else."""
    registration = queries.own(db.session(), own_id())
    if registration.state is not RegistrationState.CONFIRMED or not has_calendar(
        registration.event
    ):
        raise Refused(_("There is no calendar entry for this registration."), code="no-calendar")
    entry = entry_for(
        registration, registration.event, now=clock.now(), public_url=house().public_url
    )
    return files.download(
        "busy.ics" if registration.discreet else f"{registration.event.key}.ics",
        ics.MEDIA_TYPE,
        ics.calendar(entry, method=ics.Method.PUBLISH),
    )


@pages.get("/my-registration/documents/<uuid:document_id>")
@access(link_holder)
def document(document_id: UUID) -> Response:
    """A document of the meeting, for those who are in."""
    registration = queries.own(db.session(), own_id())
    row = queries.document(db.session(), registration.event_id, document_id)
    if not row.is_public and registration.state is not RegistrationState.CONFIRMED:
        raise Refused(_("Documents are for confirmed participants."), code="not-confirmed")
    stored = db.session.scalars(
        select(files.StoredFile).where(files.StoredFile.id == row.file_id)
    ).one()
    store = files.Disk(house().files)
    return files.download(stored.name or "document", stored.mime, files.read(store, stored))
