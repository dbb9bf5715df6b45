"""The secretariat's pages: who applies, one application, and the acts that answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core import clock, files
from core.db import db
from core.errors import NotVisible, Refused
from core.house import house
from core.languages import _
from core.web.access import access
from core.web.filters import due
from core.web.forms import Confirmation
from network.accounts import queries as accounts
from network.accounts.access import by, proved, seat
from network.accounts.desk import (
    LATELY,
    PLACES,
    WAITING_FOR_OTHERS,
    WAITING_FOR_YOU,
    News,
    Place,
    Task,
)
from network.accounts.factors import ENROLMENT_LASTS
from network.accounts.views.page import identifier
from network.applications import admissions, queries, rules, service
from network.applications.forms import (
    HISTORY,
    ORGANISATIONS,
    STANDINGS,
    TAGS,
    QuestionForm,
    RefusalForm,
)
from network.applications.models import Application
from network.applications.states import APPLICATION, ENDED, OPEN, ApplicationState
from network.applications.views.page import pages, stale
from network.seats.models import Role, Seat
from network.seats.queries import holder_of, seat_name

S = ApplicationState
NEWS_FOR = timedelta(days=30)


def _task(application: Application, verb: str, *, detail: str = "", action: str = "") -> Task:
    ran_out = APPLICATION.due_at(application.state, application.state_since)
    return Task(
        verb=verb,
        object=queries.applicant_name(application),
        detail=detail,
        href=url_for("applications.one", application_id=application.id),
        action=action,
        due=ran_out,
        tag=due(ran_out) if ran_out else None,
    )


def _for_you(session: Session, seat: Seat, now: datetime) -> Iterator[Task]:
    """What the secretariat has to do; the second step waits for everybody but the first person."""
    for application, is_own in _waiting(session, seat, now):
        if application.state in (S.RECEIVED, S.ANSWERED):
            yield _task(application, _("Look at an application:"), action=_("Look"))
        elif application.state is S.PROPOSED and not is_own:
            yield _task(
                application,
                _("Admit, as the second person:"),
                detail=_("Somebody else has proposed it. Admitting takes two people."),
                action=_("Look"),
            )


def _for_others(session: Session, seat: Seat, now: datetime) -> Iterator[Task]:
    """Whom the secretariat waits for."""
    for application, is_own in _waiting(session, seat, now):
        if application.state is S.QUESTION:
            yield _task(application, _("An applicant has a question to answer:"))
        elif application.state is S.PROPOSED and is_own:
            yield _task(application, _("A second person of the secretariat must admit:"))


def _waiting(session: Session, seat: Seat, now: datetime) -> Iterator[tuple[Application, bool]]:
    """Open applications, each with whether the holder of this seat has proposed its admission."""
    if seat.role is not Role.SECRETARIAT:
        return
    holder = holder_of(session, seat.id, now)
    person_id = holder.person_id if holder else None
    for application in queries.waiting(session):
        yield application, rules.is_same_person(application, person_id)


def _admitted(session: Session, seat: Seat, now: datetime) -> Iterator[News]:
    """Who has joined lately."""
    if seat.role is not Role.SECRETARIAT:
        return
    for application in queries.lately_admitted(session, since=now - NEWS_FOR):
        yield News(
            at=application.state_since,
            text=_("%(who)s has joined", who=queries.applicant_name(application)),
            href=url_for("applications.one", application_id=application.id),
        )


WAITING_FOR_YOU.append(_for_you)
WAITING_FOR_OTHERS.append(_for_others)
LATELY.append(_admitted)
PLACES.append(
    Place(
        endpoint="applications.queue",
        order=40,
        label=lambda: _("Applications"),
        roles=frozenset({Role.SECRETARIAT}),
    )
)


@pages.get("/applications")
@access(seat("secretariat"))
def queue() -> str:
    """Applications that are open, or those that are over; the longest there first."""
    ended = request.args.get("show") == "ended"
    rows = queries.listed(
        db.session(), ENDED if ended else OPEN, after=identifier(request.args.get("after"))
    )
    shown = rows[: queries.PAGE]
    return render_template(
        "applications/queue.html",
        rows=shown,
        more=shown[-1].id if len(rows) > queries.PAGE else None,
        ended=ended,
        name_of=queries.applicant_name,
        tags=TAGS,
        standings=STANDINGS,
        organisations=ORGANISATIONS,
    )


@pages.get("/applications/<uuid:application_id>")
@access(seat("secretariat"))
def one(application_id: UUID) -> str:
    """One application with its letter, questions and history, and what can be done now."""
    return _page(application_id)


def _page(
    application_id: UUID,
    *,
    question_form: QuestionForm | None = None,
    refusal_form: RefusalForm | None = None,
    problem: str = "",
) -> str:
    session, now = db.session(), clock.now()
    application = queries.for_secretariat(session, application_id)
    entries = queries.history(session, application.id)
    people = {entry.person_id for entry in entries} | {application.proposed_by}
    names = accounts.names_of(session, [one for one in people if one])
    held = (
        queries.membership_of(session, application.state_id, now) if application.state_id else None
    )
    return render_template(
        "applications/application.html",
        application=application,
        applicant=queries.applicant_name(application),
        letter=queries.letter_of(session, application),
        questions=queries.questions(session, application.id),
        others=queries.others_of_state(session, application),
        held=held,
        moves=APPLICATION.steps[application.state].to,
        states=S,
        is_first=rules.is_same_person(application, by().person_id),
        first_name=names.get(application.proposed_by) if application.proposed_by else "",
        history=[_line(session, entry, names) for entry in entries if entry.word in HISTORY],
        question_form=question_form or QuestionForm(formdata=None),
        refusal_form=refusal_form or RefusalForm(formdata=None),
        problem=problem,
        tags=TAGS,
        standings=STANDINGS,
        organisations=ORGANISATIONS,
    )


def _line(session: Session, entry: Any, names: dict[UUID, str]) -> dict[str, Any]:
    """One line of the history: what, when, and who in which seat."""
    acted_in = session.get(Seat, entry.seat_id) if entry.seat_id else None
    who = names.get(entry.person_id, "") if entry.person_id else ""
    if entry.actor_kind == "link":
        who = _("the applicant")
    return {
        "at": entry.at,
        "text": HISTORY[entry.word],
        "detail": ", ".join(filter(None, [who, seat_name(session, acted_in) if acted_in else ""])),
    }


@pages.get("/applications/<uuid:application_id>/letter")
@access(seat("secretariat"))
def letter(application_id: UUID) -> Response:
    """The letter of nomination."""
    application = queries.for_secretariat(db.session(), application_id)
    row = queries.letter_of(db.session(), application)
    if row is None:
        raise NotVisible(_("There is no letter here."))
    body = files.read(files.Disk(house().files), row)
    return files.download(row.name or "letter", row.mime, body)


@pages.post("/applications/<uuid:application_id>/question")
@access(seat("secretariat"))
def ask(application_id: UUID) -> ResponseReturnValue:
    """Ask the applicant one thing."""
    queries.for_secretariat(db.session(), application_id)
    form = QuestionForm()
    if not form.validate():
        return _page(application_id, question_form=form), 422
    try:
        service.ask(
            db.session(),
            application_id=application_id,
            question=form.question.data or "",
            by=by(),
            now=clock.now(),
        )
    except Refused as refusal:
        problem = refusal.sentence
        return _page(application_id, question_form=form, problem=problem), refusal.status
    flash(_("The question has been sent."), "good")
    return redirect(url_for(".one", application_id=application_id), 303)


@pages.post("/applications/<uuid:application_id>/propose")
@access(proved("secretariat"))
def propose(application_id: UUID) -> ResponseReturnValue:
    """Be the first person: propose to admit."""
    refused = _pressed(
        application_id,
        lambda: service.propose(
            db.session(), application_id=application_id, by=by(), now=clock.now()
        ),
    )
    if refused is not None:
        return refused
    flash(_("Proposed. A second person of the secretariat now has to admit."), "good")
    return redirect(url_for(".one", application_id=application_id), 303)


def _pressed(application_id: UUID, act: Callable[[], object]) -> tuple[str, int] | None:
    """Do what a button says; the page with a sentence if that is refused."""
    queries.for_secretariat(db.session(), application_id)
    if not Confirmation().validate():
        return _page(application_id, problem=stale()), 422
    try:
        act()
    except Refused as refusal:
        db.session().rollback()  # the page shows how it stands, not what was begun
        return _page(application_id, problem=refusal.sentence), refusal.status
    return None


@pages.post("/applications/<uuid:application_id>/admit")
@access(proved("secretariat"))
def admit(application_id: UUID) -> ResponseReturnValue:
    """Be the second person: the membership and the seat begin. The enrolment code is shown once."""
    done: list[admissions.Admitted] = []
    refused = _pressed(
        application_id,
        lambda: done.append(
            admissions.admit(
                db.session(),
                application_id=application_id,
                house=house(),
                by=by(),
                now=clock.now(),
            )
        ),
    )
    if refused is not None:
        return refused
    application = queries.own(db.session(), application_id)
    return render_template(
        "applications/admitted.html",
        application=application,
        applicant=queries.applicant_name(application),
        admitted=done[0],
        seat=seat_name(db.session(), done[0].seat),
        days=ENROLMENT_LASTS.days,
    )


@pages.post("/applications/<uuid:application_id>/refuse")
@access(proved("secretariat"))
def refuse(application_id: UUID) -> ResponseReturnValue:
    """Say no, with a reason that goes to the applicant."""
    queries.for_secretariat(db.session(), application_id)
    form = RefusalForm()
    if not form.validate():
        return _page(application_id, refusal_form=form), 422
    try:
        service.refuse(
            db.session(),
            application_id=application_id,
            reason=form.reason.data or "",
            by=by(),
            now=clock.now(),
        )
    except Refused as refusal:
        problem = refusal.sentence
        return _page(application_id, refusal_form=form, problem=problem), refusal.status
    flash(_("Refused. The reason goes to the applicant by mail."), "good")
    return redirect(url_for(".one", application_id=application_id), 303)
