"""Not this time: a member says so, keeps a note to itself, and may pause its standing offer."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Invalid, NotAllowed, NotVisible
from core.languages import _
from core.web.access import access
from network.accounts.access import by, seat
from network.exchanges import bidding
from network.exchanges.forms_case import DeclineForm
from network.exchanges.models_case import DeclineReason
from network.exchanges.queries import Case, Side
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import WRITES, acting, case_here, pages, shared
from network.exchanges.views.trying import attempt, handed_back
from network.mechanisms.models import Mechanism
from network.offers import queries as offers
from network.offers import service as offer_service
from network.offers.models import PauseReason

S = ExchangeState


@pages.get("/<uuid:exchange_id>/decline")
@access(seat(*WRITES))
def decline(exchange_id: UUID) -> ResponseReturnValue:
    """Why not, and whether to pause."""
    return _page(_as_member(exchange_id), DeclineForm(formdata=None))


@pages.post("/<uuid:exchange_id>/decline")
@access(seat(*WRITES))
def say_decline(exchange_id: UUID) -> ResponseReturnValue:
    """Say so, and pause in the same step."""
    form = DeclineForm()
    try:
        case = _as_member(exchange_id)
    except NotVisible as refusal:
        return handed_back(refusal, form.note.data)
    if not form.validate_on_submit():
        return _page(case, form), 422
    now = clock.now()
    status = attempt(form, lambda: _decline(exchange_id, form, now))
    if status:
        return _page(_as_member(exchange_id), form), status
    flash(
        _("Said. Your standing offer is paused.") if form.pause_until.data else _("Said."), "good"
    )
    return redirect(url_for(".case", exchange_id=exchange_id), 303)


def _decline(exchange_id: UUID, form: DeclineForm, now: datetime) -> None:
    until = form.pause_until.data
    if until is not None:
        _pause(until, PauseReason(form.pause_reason.data), now)
    bidding.decline(
        db.session(),
        exchange_id=exchange_id,
        reason=DeclineReason(form.reason.data),
        note_to_self=form.note.data or "",
        by=by(),
        now=now,
    )


def _pause(until: date, reason: PauseReason, now: datetime) -> None:
    """Pause every offer that one may, or say at the form's own field why not."""
    paused = _with_offers()
    if not paused:
        raise Invalid({"pause_until": _("There is no offer to pause yet.")})
    try:
        for mechanism in paused:
            offer_service.pause(
                db.session(), mechanism=mechanism, until=until, reason=reason, by=by(), now=now
            )
    except Invalid as refusal:
        raise Invalid({"pause_until": next(iter(refusal.problems.values()))}) from None


def _as_member(exchange_id: UUID) -> Case:
    case = case_here(exchange_id)
    if case.side is Side.REQUESTER:
        raise NotAllowed(_("This is your own State’s request."))
    if case.side is not Side.MEMBER:
        raise NotAllowed(_("Your State takes part here already. It makes no bid."))
    return case


def _with_offers() -> list[Mechanism]:
    """The mechanisms one writes for that have an offer which could be paused."""
    mine = offers.mechanisms_of(db.session(), acting())
    live = offers.live_of(db.session(), [one.id for one in mine])
    return [one for one in mine if live[one.id]]


def _page(case: Case, form: DeclineForm) -> str:
    return render_template(
        "exchanges/decline.html", **shared(case), form=form, offers=_with_offers()
    )
