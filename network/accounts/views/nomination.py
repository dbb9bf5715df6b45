"""Naming somebody to a seat: the form, the page that asks before it is done, and the hand-over page."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock, file_kinds, files, uploads
from core.db import db
from core.errors import Conflict, Invalid, NotVisible, ProofNeeded
from core.house import house
from core.languages import COMPLETE, _, own_name
from core.web.access import access
from core.web.filters import zone_name
from core.web.forms import option
from network.accounts import nominations, queries
from network.accounts.access import FRESH_FOR_ACTS, by, is_proved, proved, seat
from network.accounts.forms import AT_ONCE, LATER, NEW, NominationForm
from network.accounts.nominations import Wish
from network.accounts.views.page import check_pressed, identifier, seat_pages, visitor
from network.accounts.views.seats import (
    NAMING,
    READING,
    Acting,
    acting_for,
    handed,
    state_called,
)
from network.seats import rules
from network.seats.models import Nomination, Role, Seat
from network.seats.queries import (
    holder_of,
    role_name,
    seat_name,
    seats_of_state,
)
from network.taxonomy.models import State

ZONES = (
    "UTC",
    "Europe/Zurich",
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Caracas",
    "America/Sao_Paulo",
    "Atlantic/Cape_Verde",
    "Europe/London",
    "Africa/Lagos",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Riyadh",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Manila",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Noumea",
    "Pacific/Auckland",
    "Pacific/Apia",
)
"""One city for each hour that members live by, from west to east, after the two of the UN."""


def _form(state: State, target: Seat | None, **how: object) -> NominationForm:
    now = clock.now()
    form = NominationForm(**how)
    form.role.choices = [option(role.value, role_name(role)) for role in rules.OF_STATES]
    known = queries.people_of_state(db.session(), state.id, now)
    held = holder_of(db.session(), target.id, now) if target else None
    form.person.choices = [
        *(
            option(str(person_id), name)
            for person_id, name in known.items()
            if held is None or person_id != held.person_id
        ),
        option(NEW, _("Somebody new"), _("Give their name and address below.")),
    ]
    form.language.choices = [option(code, own_name(code).capitalize()) for code in COMPLETE]
    form.moment.choices = [
        option(AT_ONCE, _("At once")),
        option(LATER, _("At this moment"), _("The day, the time and its zone below.")),
    ]
    person = visitor().person
    mine = person.zone if person else "UTC"
    form.zone.choices = [option(zone, zone_name(zone)) for zone in dict.fromkeys((mine, *ZONES))]
    if target is not None:
        del form.role
        del form.title
    return form


def _target(state: State) -> Seat | None:
    """The seat that the page's address asks for, None for a new one."""
    asked = identifier(request.args.get("seat"))
    if asked is None:
        return None
    for one, _holder in seats_of_state(db.session(), state.id, *rules.OF_STATES, now=clock.now()):
        if one.id == asked:
            return one
    raise NotVisible(_("There is no such seat."))


@seat_pages.get("/seats/of/<iso3>/name")
@access(seat(*READING))
def name_page(iso3: str) -> ResponseReturnValue:
    """Ask who is to hold a seat."""
    state = state_called(iso3)
    acting = acting_for(state.id)
    target = _target(state)
    return _name_page(state, acting, target, _form(state, target, formdata=None))


def _name_page(state: State, acting: Acting, target: Seat | None, form: NominationForm) -> str:
    held = holder_of(db.session(), target.id, clock.now()) if target else None
    names = queries.names_of(db.session(), [held.person_id]) if held else {}
    return render_template(
        "seats/name.html",
        state=state,
        acting=acting,
        target=target,
        target_name=seat_name(db.session(), target) if target else "",
        held_by=names.get(held.person_id, "") if held else "",
        form=form,
    )


@seat_pages.post("/seats/of/<iso3>/name")
@access(seat(*READING))
def name_to_seat(iso3: str) -> ResponseReturnValue:
    """Keep who is to hold it, with the letter, and show the page that asks before it is done."""
    state = state_called(iso3)
    acting = acting_for(state.id)
    target = _target(state)
    form = _form(state, target)
    fine = form.validate_on_submit()
    try:
        letter = _letter(form)
        if not fine:
            return _name_page(state, acting, target, form), 422
        nomination = nominations.propose(
            db.session(),
            wish=_wish(form, state, target),
            letter=letter,
            house=house(),
            by=by(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.take(refusal)
        return _name_page(state, acting, target, form), 422
    except Conflict as refusal:
        form.form_errors.append(refusal.sentence)
        return _name_page(state, acting, target, form), refusal.status
    return redirect(url_for(".nomination", nomination_id=nomination.id), 303)


def _wish(form: NominationForm, state: State, target: Seat | None) -> Wish:
    """What was asked for. Raises Invalid for a moment that will not do."""
    since = form.since()
    try:
        rules.check_moment(since, clock.now())
    except Invalid as refusal:
        raise Invalid({"day": refusal.problems["moment"]}) from refusal
    return Wish(
        state_id=state.id,
        role=target.role if target else Role(form.role.data),
        seat_id=target.id if target else None,
        title=(form.title.data or "") if target is None else "",
        person_id=identifier(form.person.data),
        name=form.name.data or "",
        address=form.address.data or "",
        language=form.language.data,
        since=since,
        zone=form.zone.data,
    )


def _letter(form: NominationForm) -> files.CheckedFile:
    letter = uploads.chosen(form.letter, file_kinds.LETTERS)
    if letter is None:
        raise Invalid({"letter": _("Choose the file of the letter.")})
    return letter


def _nomination(nomination_id: UUID) -> tuple[Nomination, State, Acting]:
    found = db.session.get(Nomination, nomination_id)
    if found is None:
        raise NotVisible(_("There is no such nomination."))
    acting = acting_for(found.state_id)
    return found, db.session.get_one(State, found.state_id), acting


@seat_pages.get("/seats/nominations/<uuid:nomination_id>")
@access(seat(*READING))
def nomination(nomination_id: UUID) -> ResponseReturnValue:
    """What would change, before it does. Who may settle it shows their own code first."""
    found, state, acting = _nomination(nomination_id)
    now = clock.now()
    waits = found.settled_at is None and found.dropped_at is None
    if waits and acting.may_name and not is_proved(visitor(), FRESH_FOR_ACTS, now):
        raise ProofNeeded(_("Show your own code to continue."))
    target = db.session.get(Seat, found.seat_id) if found.seat_id else None
    held = holder_of(db.session(), target.id, now) if target else None
    people = [found.proposed_by, *(one for one in (found.person_id,) if one)]
    names = queries.names_of(db.session(), people + ([held.person_id] if held else []))
    return render_template(
        "seats/nomination.html",
        row=found,
        state=state,
        acting=acting,
        waits=waits,
        seat_name=seat_name(db.session(), target) if target else role_name(found.role),
        name=found.name or names.get(found.person_id or found.id, ""),
        held_by=names.get(held.person_id, "") if held and waits else "",
        proposed_by=names.get(found.proposed_by, ""),
        is_own=found.proposed_by == by().person_id,
        is_late=found.since is not None and found.since < now,
    )


@seat_pages.get("/seats/nominations/<uuid:nomination_id>/letter")
@access(seat(*READING))
def nomination_letter(nomination_id: UUID) -> Response:
    """The letter that came with it."""
    found, _state, _acting = _nomination(nomination_id)
    return handed(db.session(), found.document_id)


@seat_pages.post("/seats/nominations/<uuid:nomination_id>")
@access(proved(*NAMING))
def settle(nomination_id: UUID) -> ResponseReturnValue:
    """Name for the State. An enrolment code is shown on the answer and never again."""
    check_pressed()
    found, state, _acting = _nomination(nomination_id)
    settled = nominations.settle(
        db.session(), nomination=found, house=house(), by=by(), now=clock.now()
    )
    if not settled.enrolment_code:
        flash(_("Done. Everybody concerned is told by mail."), "good")
        return redirect(url_for(".of_state", iso3=state.iso3), 303)
    return render_template(
        "seats/settled.html", settled=settled, state=state, name=settled.person.name
    )


@seat_pages.post("/seats/nominations/<uuid:nomination_id>/drop")
@access(seat(*READING))
def drop_nomination(nomination_id: UUID) -> ResponseReturnValue:
    """Take a proposal back, or turn it down."""
    check_pressed()
    found, state, _acting = _nomination(nomination_id)
    nominations.drop(db.session(), nomination=found, by=by(), now=clock.now())
    flash(_("The proposal is dropped."), "good")
    return redirect(url_for(".of_state", iso3=state.iso3), 303)
