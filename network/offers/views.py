"""The pages on which a mechanism writes its standing offer and its State consents to it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Invalid, NotAllowed, NotVisible, Refused
from core.languages import _, localized
from core.web.access import access
from core.web.forms import number
from network.accounts.access import by, current_seat, proved, seat
from network.accounts.forms import Press
from network.consents import service as consents
from network.mechanisms.models import Mechanism
from network.offers import desk, queries, service
from network.offers.forms import (
    CAPACITIES,
    PAUSES,
    TYPES,
    LowerForm,
    OfferForm,
    PauseForm,
    SendBackForm,
    language_name,
    values_of,
)
from network.offers.models import Offer
from network.offers.rules import missing
from network.offers.states import IN_WORK, OfferState
from network.seats.models import Role, Seat
from network.seats.queries import state_of
from network.taxonomy.queries import themes

pages = Blueprint("offers", __name__, url_prefix="/offers")

WRITES = ("focal_point", "deputy")
SEES = (*WRITES, "authorising")
WRITING = frozenset({Role.FOCAL_POINT, Role.DEPUTY})


@pages.record_once
def _tell_templates(state: BlueprintSetupState) -> None:
    env = cast("Flask", state.app).jinja_env
    env.globals["standing_offer"] = standing_offer
    env.globals["offer_words"] = words_of
    env.filters["language_name"] = language_name
    desk.take_place()


def standing_offer(mechanism: Mechanism) -> dict[str, Any] | None:
    """What everybody may read of a mechanism's offer, for templates; None if there is none."""
    offer = queries.public_offer(db.session(), mechanism.id)
    return words_of(offer) if offer else None


def words_of(offer: Offer) -> dict[str, Any]:
    """A version in the reader's words."""
    names = {theme.key: localized(theme.names) for theme in themes(db.session())}
    return {
        "offer": offer,
        "themes": [names.get(key, key) for key in offer.themes],
        "capacities": [CAPACITIES[key] for key in offer.capacities],
        "types": [TYPES[key] for key in offer.types],
        "languages": [language_name(code) for code in offer.languages],
        "is_paused": offer.is_paused(clock.now().date()),
        "pause_reason": PAUSES[offer.pause_reason] if offer.pause_reason else "",
    }


@pages.get("")
@access(seat(*SEES))
def overview() -> ResponseReturnValue:
    """Every mechanism of one's State with its offer, and what one may do with it."""
    return _overview()


def _overview(form: Any = None, at: UUID | None = None) -> str:
    mine = _seat()
    found = queries.mechanisms_of(db.session(), mine)
    live = queries.live_of(db.session(), [one.id for one in found])
    rows = [
        {
            "mechanism": one,
            "published": _in(live[one.id], OfferState.PUBLISHED),
            "working": _in(live[one.id], *IN_WORK),
            "pause": form if at == one.id and isinstance(form, PauseForm) else _pause_form(one),
            "lower": form if at == one.id and isinstance(form, LowerForm) else _lower_form(one),
        }
        for one in found
    ]
    return render_template(
        "offers/overview.html",
        rows=rows,
        may_write=mine.role in WRITING,
        may_consent=mine.role is Role.AUTHORISING,
        problem_form=form,
        missing=missing,
    )


@pages.get("/<uuid:mechanism_id>")
@access(seat(*WRITES))
def edit(mechanism_id: UUID) -> ResponseReturnValue:
    """The form with what is in work, else with what is published; `?missing=` marks what is empty."""
    mechanism = _mechanism(mechanism_id)
    live = queries.live_of(db.session(), [mechanism.id])[mechanism.id]
    newest = live[-1] if live else None
    form = OfferForm(formdata=None, themes=themes(db.session()), data=values_of(newest))
    if newest is not None and "missing" in request.args:
        form.take(Invalid(missing(newest)))
    return _edit_page(form, mechanism, newest)


@pages.post("/<uuid:mechanism_id>")
@access(seat(*WRITES))
def save(mechanism_id: UUID) -> ResponseReturnValue:
    """Keep the draft; with `send` also ask the State for its consent."""
    mechanism = _mechanism(mechanism_id)
    form = OfferForm(themes=themes(db.session()))
    if not form.validate_on_submit():
        return _edit_page(form, mechanism, None), 422
    now = clock.now()
    offer = service.write(
        db.session(), mechanism=mechanism, content=form.content(), by=by(), now=now
    )
    if "send" not in request.form:
        flash(_("Kept."), "good")
        return redirect(url_for(".overview"), 303)
    if missing(offer):
        return redirect(url_for(".edit", mechanism_id=mechanism.id, missing=1), 303)
    if offer.state is OfferState.DRAFT:
        service.send(db.session(), offer=offer, by=by(), now=now)
    flash(_("Sent. Your State’s authorising officers are told."), "good")
    return redirect(url_for(".overview"), 303)


def _edit_page(form: OfferForm, mechanism: Mechanism, offer: Offer | None) -> str:
    return render_template("offers/edit.html", form=form, mechanism=mechanism, offer=offer)


@pages.post("/<uuid:mechanism_id>/pause")
@access(seat(*SEES))
def pause(mechanism_id: UUID) -> ResponseReturnValue:
    """Take no exchanges for a while."""
    mechanism = _mechanism(mechanism_id)
    form = _pause_form(mechanism)
    if form.validate_on_submit():
        until, reason = form.chosen()
        try:
            service.pause(
                db.session(),
                mechanism=mechanism,
                until=until,
                reason=reason,
                by=by(),
                now=clock.now(),
            )
        except Invalid as refusal:
            form.take(refusal)
        else:
            flash(_("Paused. Nobody is pointed to you until then."), "good")
            return redirect(url_for(".overview"), 303)
    return _overview(form, mechanism.id), 422


@pages.post("/<uuid:mechanism_id>/resume")
@access(seat(*SEES))
def resume(mechanism_id: UUID) -> ResponseReturnValue:
    """Take exchanges again."""
    _pressed()
    service.resume(db.session(), mechanism=_mechanism(mechanism_id), by=by(), now=clock.now())
    flash(_("The pause has ended."), "good")
    return redirect(url_for(".overview"), 303)


@pages.post("/<uuid:mechanism_id>/fewer")
@access(seat(*SEES))
def lower(mechanism_id: UUID) -> ResponseReturnValue:
    """Take on fewer exchanges a year."""
    mechanism = _mechanism(mechanism_id)
    form = _lower_form(mechanism)
    if form.validate_on_submit():
        offer = _published(mechanism, lock=True)
        many = number(form.fewer.data) or 0
        try:
            service.lower(db.session(), offer=offer, per_year=many, by=by(), now=clock.now())
        except Invalid as refusal:
            form.take(refusal)
        else:
            flash(_("Changed."), "good")
            return redirect(url_for(".overview"), 303)
    return _overview(form, mechanism.id), 422


@pages.get("/<uuid:mechanism_id>/take-down")
@access(seat(*WRITES))
def take_down_page(mechanism_id: UUID) -> ResponseReturnValue:
    """Ask before the offer is taken back."""
    offer = _published(_mechanism(mechanism_id))
    return render_template("offers/take_down.html", offer=offer)


@pages.post("/<uuid:mechanism_id>/take-down")
@access(seat(*WRITES))
def take_down(mechanism_id: UUID) -> ResponseReturnValue:
    """Show the offer no longer."""
    _pressed()
    offer = _published(_mechanism(mechanism_id), lock=True)
    service.take_down(db.session(), offer=offer, by=by(), now=clock.now())
    flash(_("The offer is no longer shown."), "good")
    return redirect(url_for(".overview"), 303)


@pages.get("/versions/<uuid:offer_id>")
@access(proved("authorising"))
def consent_page(offer_id: UUID) -> ResponseReturnValue:
    """The words that a State's consent would be about, exactly as they would be shown."""
    return _consent_page(_version(offer_id), SendBackForm(formdata=None))


def _consent_page(offer: Offer, form: SendBackForm) -> str:
    is_voiced = queries.voiced(db.session(), offer.id, _seat().id, clock.now())
    return render_template("offers/consent.html", offer=offer, form=form, is_voiced=is_voiced)


@pages.post("/versions/<uuid:offer_id>/consent")
@access(proved("authorising"))
def give_consent(offer_id: UUID) -> ResponseReturnValue:
    """Consent for the State, in one's seat, with one's own factor."""
    _pressed()
    offer = _version(offer_id, lock=True)
    if offer.state is not OfferState.WAITING:
        raise Refused(_("These words no longer wait for consent: they were changed or decided."))
    scope = consents.Scope(
        state_id=offer.mechanism.state_id,
        kind=queries.KIND,
        subject_kind="offer",
        subject_id=offer.id,
        publish=(queries.PUBLISH,),
    )
    consents.give(db.session(), scope=scope, by=by(), now=clock.now())
    state = service.settle(db.session(), offer=offer, by=by(), now=clock.now())
    flash(
        _("Consent given. The offer is public now.")
        if state is OfferState.PUBLISHED
        else _("Consent given. It is published once all authorising officers have consented."),
        "good",
    )
    return redirect(url_for(".overview"), 303)


@pages.post("/versions/<uuid:offer_id>/send-back")
@access(proved("authorising"))
def send_back(offer_id: UUID) -> ResponseReturnValue:
    """Ask the mechanism to change it."""
    offer, form = _version(offer_id, lock=True), SendBackForm()
    if not form.validate_on_submit():
        return _consent_page(offer, form), 422
    service.send_back(
        db.session(), offer=offer, reason=form.reason.data or "", by=by(), now=clock.now()
    )
    flash(_("Sent back. The mechanism is told."), "good")
    return redirect(url_for(".overview"), 303)


@pages.get("/versions/<uuid:offer_id>/withdraw")
@access(proved("authorising"))
def withdraw_page(offer_id: UUID) -> ResponseReturnValue:
    """Ask before the State's consent is withdrawn."""
    return render_template("offers/withdraw.html", offer=_version(offer_id))


@pages.post("/versions/<uuid:offer_id>/withdraw")
@access(proved("authorising"))
def withdraw_consent(offer_id: UUID) -> ResponseReturnValue:
    """Withdraw the State's consent; the offer is hidden at once."""
    _pressed()
    offer = _version(offer_id, lock=True)
    now = clock.now()
    consents.withdraw(
        db.session(),
        state_id=offer.mechanism.state_id,
        kind=queries.KIND,
        subject_id=offer.id,
        by=by(),
        now=now,
    )
    service.settle(db.session(), offer=offer, by=by(), now=now)
    flash(_("Consent withdrawn. The offer is no longer shown."), "good")
    return redirect(url_for(".overview"), 303)


def _seat() -> Seat:
    mine = current_seat()
    if mine is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    return mine


def _mechanism(mechanism_id: UUID) -> Mechanism:
    """A mechanism for which the reader's seat may write; anything else is not there."""
    found = queries.mechanisms_of(db.session(), _seat())
    mechanism = next((one for one in found if one.id == mechanism_id), None)
    if mechanism is None:
        raise NotVisible
    return mechanism


def _version(offer_id: UUID, *, lock: bool = False) -> Offer:
    """A version of the reader's own State."""
    find = service.locked if lock else queries.whole
    offer = find(db.session(), offer_id)
    if offer is None or offer.mechanism.state_id != state_of(db.session(), _seat()):
        raise NotVisible
    return offer


def _published(mechanism: Mechanism, *, lock: bool = False) -> Offer:
    live = queries.live_of(db.session(), [mechanism.id])[mechanism.id]
    offer = _in(live, OfferState.PUBLISHED)
    if offer is not None and lock:
        offer = service.locked(db.session(), offer.id)
    if offer is None or offer.state is not OfferState.PUBLISHED:
        raise NotVisible(_("There is no published offer."))
    return offer


def _in(offers: list[Offer], *states: OfferState) -> Offer | None:
    return next((offer for offer in offers if offer.state in states), None)


def _pause_form(mechanism: Mechanism) -> PauseForm:
    return PauseForm(prefix=f"{mechanism.key}-pause-")


def _lower_form(mechanism: Mechanism) -> LowerForm:
    return LowerForm(prefix=f"{mechanism.key}-fewer-")


def _pressed() -> None:
    if not Press().validate_on_submit():
        raise Refused(
            _("This page was open for too long. Go back, reload it and try again."), code="stale"
        )
