"""What follows from facts about applications: mails to the applicant, reminders to who lets it wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.house import house
from core.outbox import Fact
from network.applications import overdue
from network.applications.facts import (
    AdmissionProposed,
    ApplicantAdmitted,
    ApplicantAnswered,
    ApplicantAsked,
    ApplicantRefused,
    ApplicationLinkAsked,
    ApplicationOverdue,
    ApplicationReceived,
    ApplicationStarted,
    ApplicationWithdrawn,
)
from network.applications.models import Application
from network.applications.states import APPLICANT
from network.seats.models import BodyKind, Role
from network.seats.queries import open_seats
from workers.telling import Holder, Teller, tell

Handler = Callable[[Session, Any, datetime], None]

DESKS = {
    Role.SECRETARIAT: BodyKind.SECRETARIAT,
    Role.ADMINISTRATOR: BodyKind.PLATFORM,
}


def _applicant(session: Session, application_id: UUID) -> Holder | None:
    application = session.get(Application, application_id)
    if application is None or application.erased_at is not None:
        return None
    return Holder(
        kind="application", id=application.id, language=application.language, is_sealed=False
    )


_tell_applicant = Teller(_applicant)


def mail_code(session: Session, fact: ApplicationStarted, now: datetime) -> None:
    """The code goes to the mailbox that was typed."""
    _tell_applicant(
        session,
        fact.application_id,
        "application_code",
        now=now,
        once=fact.code_id,
        subject_id=fact.code_id,
        queue="codes",
    )


def mail_received(session: Session, fact: ApplicationReceived, now: datetime) -> None:
    """The applicant gets the link to their page."""
    _tell_applicant(session, fact.application_id, "application_received", now=now)


def mail_question(session: Session, fact: ApplicantAsked, now: datetime) -> None:
    """The question itself goes to the applicant."""
    _tell_applicant(
        session, fact.application_id, "application_question", now=now, once=fact.question_id
    )


def mail_admitted(session: Session, fact: ApplicantAdmitted, now: datetime) -> None:
    """How to sign in from now on."""
    _tell_applicant(session, fact.application_id, "application_admitted", now=now)


def mail_refused(session: Session, fact: ApplicantRefused, now: datetime) -> None:
    """The reason, as it was written."""
    _tell_applicant(session, fact.application_id, "application_refused", now=now)


def mail_link(session: Session, fact: ApplicationLinkAsked, now: datetime) -> None:
    """The link again, if the mailbox has sent an application."""
    if fact.application_id is not None:
        _tell_applicant(
            session,
            fact.application_id,
            "application_link",
            now=now,
            once=fact.asked_id,
            queue="codes",
        )


def mail_overdue(session: Session, fact: ApplicationOverdue, now: datetime) -> None:
    """The level whose turn it is: the applicant, or everybody in seats of that role."""
    application = session.get(Application, fact.application_id)
    if application is None or application.version != fact.version:
        return
    level = overdue.level_of(application, fact.nudge)
    if level is None:
        return
    once = f"{fact.version}:{fact.nudge}"
    if level.to == APPLICANT:
        _tell_applicant(session, application.id, "application_reminder", now=now, once=once)
        return
    role = Role(level.to)
    seats = open_seats(session, body_kind=DESKS[role], body_id=None, role=role, now=now)
    tell(
        session,
        [seat.id for seat, _holder in seats],
        "application_overdue",
        subject_id=application.id,
        once=once,
        now=now,
    )


def end_due_applications(session: Session, now: datetime) -> int:
    """Unconfirmed applications lapse; whoever lets one wait is told, each level once."""
    return overdue.end_due(session, house=house(), now=now)


def forget_applicants(session: Session, now: datetime) -> int:
    """Retention: who applied without success is forgotten after a year."""
    return overdue.forget(session, house=house(), now=now)


APPLICATION_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    ApplicationStarted: (mail_code,),
    ApplicationReceived: (mail_received,),
    ApplicantAsked: (mail_question,),
    ApplicantAdmitted: (mail_admitted,),
    ApplicantRefused: (mail_refused,),
    ApplicationLinkAsked: (mail_link,),
    ApplicationOverdue: (mail_overdue,),
}

APPLICATION_RECORD: frozenset[type[Fact]] = frozenset(
    {AdmissionProposed, ApplicantAnswered, ApplicationWithdrawn}
)
"""Facts that show on workspaces and send no mail."""
