"""The secretariat's plain page: who waits for a decision, and the decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core import clock, languages
from core.db import db
from core.errors import Refused
from core.languages import _, _n
from core.web.access import access
from core.web.forms import Confirmation
from events.programme import queries as programme
from events.registrations import decisions, queries
from events.registrations.forms import CATEGORIES, MODES, RefusalForm
from events.registrations.states import RegistrationState
from events.registrations.views.page import pages
from network.accounts.access import by, current_seat, proved, seat
from network.accounts.desk import PLACES, WAITING_FOR_YOU, Place, Task
from network.seats.models import Role, Seat

DESK = (Role.SECRETARIAT, Role.TRIAGE)


def _to_decide(session: Session, seat: Seat, _now: datetime) -> Iterator[Task]:
    """One task an event, for those who decide."""
    for event, number in queries.waiting_to_decide(session) if seat.role in DESK else ():
        yield Task(
            verb=_n("Decide on %(num)s registration", "Decide on %(num)s registrations", number),
            object=_("for “%(event)s”", event=languages.localized(event.title)),
            href=url_for("registrations.queue", key=event.key),
            action=_("Decide"),
        )


WAITING_FOR_YOU.append(_to_decide)
PLACES.append(
    Place(
        endpoint="registrations.triage",
        order=12,
        label=lambda: _("Registrations"),
        roles=frozenset(DESK),
    )
)


@pages.get("/triage")
@access(seat(*DESK))
def triage() -> str:
    """Events with registrations to decide on."""
    acts_for_all = current_seat()
    may_publish = acts_for_all is not None and acts_for_all.role is Role.SECRETARIAT
    return render_template(
        "registrations/triage.html",
        events=queries.waiting_to_decide(db.session()),
        over=queries.over_with_participants(db.session(), clock.now()) if may_publish else [],
    )


@pages.get("/triage/<key>")
@access(seat(*DESK))
def queue(key: str) -> str:
    """One event's queue, in no order of arrival."""
    event = programme.event(db.session(), key)
    after = _uuid(request.args.get("after", ""))
    rows = queries.to_decide(db.session(), event.id, after=after)
    shown = rows[: queries.PAGE]
    return render_template(
        "registrations/queue.html",
        event=event,
        rows=shown,
        more=shown[-1].id if len(rows) > queries.PAGE else None,
        counts=queries.counts(db.session(), event.id),
        states=RegistrationState,
        categories=CATEGORIES,
        modes=MODES,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@pages.get("/triage/<key>/<uuid:registration_id>")
@access(seat(*DESK))
def decide(key: str, registration_id: UUID) -> str:
    """One registration, with what is open of it, and the two decisions."""
    return _page(key, registration_id, RefusalForm(formdata=None))


def _page(key: str, registration_id: UUID, form: RefusalForm, problem: str = "") -> str:
    event = programme.event(db.session(), key)
    registration = queries.for_decision(db.session(), event.id, registration_id)
    return render_template(
        "registrations/decide.html",
        event=event,
        registration=registration,
        details=registration.details,
        form=form,
        problem=problem,
        categories=CATEGORIES,
        modes=MODES,
    )


@pages.post("/triage/<key>/<uuid:registration_id>/approve")
@access(proved(*DESK))
def approve(key: str, registration_id: UUID) -> ResponseReturnValue:
    """Give the seat, or a place on the waiting list if there is none."""
    if not Confirmation().validate():
        return _page(key, registration_id, RefusalForm(formdata=None), _stale()), 422
    event = programme.event(db.session(), key)
    queries.for_decision(db.session(), event.id, registration_id)
    try:
        decisions.approve(db.session(), registration_id=registration_id, by=by(), now=clock.now())
    except Refused as refusal:
        return _page(key, registration_id, RefusalForm(formdata=None), refusal.sentence), 409
    return redirect(url_for(".queue", key=key), 303)


@pages.post("/triage/<key>/<uuid:registration_id>/refuse")
@access(proved(*DESK))
def refuse(key: str, registration_id: UUID) -> ResponseReturnValue:
    """Say no, with a reason that goes to the person."""
    form = RefusalForm()
    if not form.validate():
        return _page(key, registration_id, form), 422
    event = programme.event(db.session(), key)
    queries.for_decision(db.session(), event.id, registration_id)
    try:
        decisions.refuse(
            db.session(),
            registration_id=registration_id,
            reason=form.reason.data or "",
            by=by(),
            now=clock.now(),
        )
    except Refused as refusal:
        return _page(key, registration_id, form, refusal.sentence), 409
    return redirect(url_for(".queue", key=key), 303)


def _stale() -> str:
    return _("This page was open for too long. Try again.")
