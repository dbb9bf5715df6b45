"""What came of it: each side's short report, and one question half a year later."""

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
from network.exchanges import outcomes, progress
from network.exchanges.forms_case import (
    FollowUpForm,
    ReportForm,
    WaiveForm,
    values_of_report,
)
from network.exchanges.models import Exchange
from network.exchanges.models_case import Change, Report, ReportState
from network.exchanges.queries import Case, Side
from network.exchanges.rules import WRITING_ROLES
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import (
    READS,
    WRITES,
    case_here,
    check_pressed,
    pages,
    shared,
)
from network.exchanges.views.trying import attempt

S = ExchangeState
AFTER = frozenset({S.HELD, S.FINISHED, S.FOLLOW_UP, S.CLOSED})
ASKED = frozenset({S.FOLLOW_UP, S.CLOSED})
READERS = frozenset({Side.REQUESTER, Side.PROVIDER, Side.HELPDESK})
DESK = ("helpdesk", "secretariat")


@pages.get("/<uuid:exchange_id>/report")
@access(seat(*READS))
def report(exchange_id: UUID) -> ResponseReturnValue:
    """One's own report to write, the other side's once it is given; `?missing=` marks what is empty."""
    case = _after(exchange_id)
    own = _own(case)
    form = ReportForm(formdata=None, data=values_of_report(own))
    if own is not None and own.state is ReportState.DRAFT and "missing" in request.args:
        form.take(Invalid(outcomes.missing(own)))
    return _report_page(case, form)


@pages.post("/<uuid:exchange_id>/report")
@access(seat(*WRITES))
def save_report(exchange_id: UUID) -> ResponseReturnValue:
    """Keep the draft; with `send` also ask the State for its consent."""
    case = _after(exchange_id)
    form = ReportForm()
    if not form.validate_on_submit():
        return _report_page(case, form), 422
    status = attempt(
        form,
        lambda: outcomes.save_report(
            db.session(),
            exchange_id=exchange_id,
            learned=form.learnt(),
            by=by(),
            now=clock.now(),
        ),
    )
    if status:
        return _report_page(_after(exchange_id), form), status
    if "send" in request.form:
        return _hand_in(exchange_id)
    flash(_("Kept. Only your State reads it."), "good")
    return redirect(url_for(".report", exchange_id=exchange_id), 303)


@pages.post("/<uuid:exchange_id>/report/send")
@access(seat(*WRITES))
def send_report(exchange_id: UUID) -> ResponseReturnValue:
    """Ask the State for its consent to the kept draft."""
    check_pressed()
    _after(exchange_id)
    return _hand_in(exchange_id)


def _hand_in(exchange_id: UUID) -> ResponseReturnValue:
    try:
        outcomes.hand_in_report(db.session(), exchange_id=exchange_id, by=by(), now=clock.now())
    except Invalid:
        return redirect(url_for(".report", exchange_id=exchange_id, missing=1), 303)
    flash(_("Handed in. Your State’s authorising officers are asked for its consent."), "good")
    return redirect(url_for(".report", exchange_id=exchange_id), 303)


@pages.get("/<uuid:exchange_id>/report/waive/<uuid:state_id>")
@access(seat(*DESK))
def waive_page(exchange_id: UUID, state_id: UUID) -> ResponseReturnValue:
    """Ask for the reason before a report is waived."""
    return _waive_page(_after(exchange_id), state_id, WaiveForm(formdata=None))


@pages.post("/<uuid:exchange_id>/report/waive/<uuid:state_id>")
@access(seat(*DESK))
def waive(exchange_id: UUID, state_id: UUID) -> ResponseReturnValue:
    """Record that a side writes no report, and why."""
    case = _after(exchange_id)
    form = WaiveForm()
    if not form.validate_on_submit():
        return _waive_page(case, state_id, form), 422
    status = attempt(
        form,
        lambda: outcomes.waive_report(
            db.session(),
            exchange_id=exchange_id,
            state_id=state_id,
            reason=form.reason.data or "",
            by=by(),
            now=clock.now(),
        ),
    )
    if status:
        return _waive_page(_after(exchange_id), state_id, form), status
    flash(_("Waived. Both sides read the reason."), "good")
    return redirect(url_for(".report", exchange_id=exchange_id), 303)


def _waive_page(case: Case, state_id: UUID, form: WaiveForm) -> str:
    if state_id not in _sides(case):
        raise NotVisible(_("This State writes no report here."))
    return render_template("exchanges/waive.html", **shared(case), form=form, state_id=state_id)


@pages.get("/<uuid:exchange_id>/follow-up")
@access(seat(*READS))
def follow_up(exchange_id: UUID) -> ResponseReturnValue:
    """The one question, and both answers once one's own is given."""
    return _follow_up_page(_asked(exchange_id), FollowUpForm(formdata=None))


@pages.post("/<uuid:exchange_id>/follow-up")
@access(seat(*WRITES))
def answer_follow_up(exchange_id: UUID) -> ResponseReturnValue:
    """Answer it, once."""
    case = _asked(exchange_id)
    form = FollowUpForm()
    if not form.validate_on_submit():
        return _follow_up_page(case, form), 422
    status = attempt(
        form,
        lambda: outcomes.answer_follow_up(
            db.session(),
            exchange_id=exchange_id,
            change=Change(form.change.data),
            text=form.text.data or "",
            by=by(),
            now=clock.now(),
        ),
    )
    if status:
        return _follow_up_page(_asked(exchange_id), form), status
    flash(_("Thank you. That is all we ask."), "good")
    return redirect(url_for(".follow_up", exchange_id=exchange_id), 303)


def _after(exchange_id: UUID) -> Case:
    """The case once it was held, for the two sides and the helpdesk."""
    case = case_here(exchange_id)
    if case.side not in READERS or case.circulated.state not in AFTER:
        raise NotVisible(_("Reports are written once it was held."))
    return case


def _asked(exchange_id: UUID) -> Case:
    case = case_here(exchange_id)
    if case.side not in READERS or case.circulated.state not in ASKED:
        raise NotVisible(_("Nothing is asked now."))
    return case


def _own(case: Case) -> Report | None:
    return next((one for one in case.reports if one.state_id == case.stands.state_id), None)


def _sides(case: Case) -> list[UUID]:
    """Who reports, the reader's own side first."""
    exchange = db.session().get(Exchange, case.id)
    found = progress.reporting_states(db.session(), exchange) if exchange else []
    return sorted(found, key=lambda one: one != case.stands.state_id)


def _may_write(case: Case) -> bool:
    return case.side is not Side.HELPDESK and case.stands.role in WRITING_ROLES


def _report_page(case: Case, form: ReportForm) -> str:
    own, sides = _own(case), _sides(case)
    is_open = own is None or own.state in {ReportState.DRAFT, ReportState.WAITING}
    return render_template(
        "exchanges/report.html",
        **shared(case),
        form=form,
        own=own,
        sides=sides,
        by_state={one.state_id: one for one in case.reports},
        may_write=_may_write(case) and is_open and case.circulated.state is S.HELD,
        may_waive=case.side is Side.HELPDESK and case.circulated.state is S.HELD,
    )


def _follow_up_page(case: Case, form: FollowUpForm) -> str:
    answered = {one.state_id: one for one in case.follow_ups}
    is_open = case.circulated.state is S.FOLLOW_UP and case.stands.state_id not in answered
    return render_template(
        "exchanges/follow_up.html",
        **shared(case),
        form=form,
        sides=_sides(case),
        answered=answered,
        may_answer=_may_write(case) and is_open,
    )
