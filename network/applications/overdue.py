"""What the clock does to applications: they lapse, their owners are reminded, details are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import files, outbox
from core.context import SYSTEM
from core.house import House
from core.workflow import Level
from network.applications import queries
from network.applications.facts import ApplicationOverdue
from network.applications.models import Application
from network.applications.service import OWNER, move
from network.applications.states import APPLICATION, ApplicationState

BATCH = 100
DETAILS_KEPT = timedelta(days=365)


def end_due(session: Session, *, house: House, now: datetime) -> int:
    """Let unconfirmed applications lapse; tell the next level of each that nobody acted on.

    Each level of a state is told once, since what it was told is counted on the row.
    """
    due = queries.overdue(session, now, most=BATCH)
    for application in due:
        if application.state is ApplicationState.UNCONFIRMED:
            move(session, application, ApplicationState.LAPSED, by=SYSTEM, now=now)
            erase(session, application, house=house, now=now)
        else:
            _nudge(session, application, now)
    session.flush()
    return len(due)


def _nudge(session: Session, application: Application, now: datetime) -> None:
    levels = APPLICATION.steps[application.state].levels
    application.nudges += 1
    outbox.record(
        session,
        ApplicationOverdue(
            application_id=application.id, version=application.version, nudge=application.nudges
        ),
        now=now,
    )
    ran_out = APPLICATION.due_at(application.state, application.state_since)
    if ran_out is None or application.nudges >= len(levels):
        application.due_at = None
        return
    application.due_at = ran_out + levels[application.nudges].after


def level_of(application: Application, nudge: int) -> Level | None:
    """Who is told by the reminder of this number in the present state."""
    levels = APPLICATION.steps[application.state].levels
    return levels[nudge - 1] if nudge <= len(levels) else None


def erase(session: Session, application: Application, *, house: House, now: datetime) -> None:
    """Forget who wrote, from where and what: name, mailbox, text, letter, answers."""
    store = files.Disk(house.files)
    for row in session.scalars(
        select(files.StoredFile).where(
            files.StoredFile.owner_kind == OWNER, files.StoredFile.owner_id == application.id
        )
    ):
        files.erase(session, store, row)
    for asked in queries.questions(session, application.id):
        session.delete(asked)
    application.contact_name = application.address = application.text = ""
    application.look_up = application.letter_id = None
    application.generation += 1
    application.erased_at = now


def forget(session: Session, *, house: House, now: datetime) -> int:
    """Erase the details of applications that were refused or withdrawn a year ago."""
    gone = queries.to_forget(session, before=now - DETAILS_KEPT, most=BATCH)
    for application in gone:
        erase(session, application, house=house, now=now)
    session.flush()
    return len(gone)
