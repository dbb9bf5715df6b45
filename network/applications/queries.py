"""Who is a member at a given moment, and what applicants and the secretariat read of applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from core.audit import AuditEntry
from core.errors import NotVisible
from core.files import StoredFile
from core.languages import _, localized
from network.applications.models import (
    Application,
    ApplicationQuestion,
    Membership,
    MembershipStatus,
)
from network.applications.states import OPEN, TO_DECIDE, ApplicationState

PAGE = 50
TASKS = 50
HIDDEN = (ApplicationState.UNCONFIRMED, ApplicationState.LAPSED)
"""What never came in: nobody but its sender hears of it."""


def stands(now: datetime) -> ColumnElement[bool]:
    """The condition on Membership: it is in force at `now`."""
    return and_(Membership.since <= now, or_(Membership.until.is_(None), Membership.until > now))


def membership_of(session: Session, state_id: UUID, now: datetime) -> Membership | None:
    """How a State stands to the network at `now`; None if it never joined."""
    return session.scalar(select(Membership).where(Membership.state_id == state_id, stands(now)))


def last_membership(session: Session, state_id: UUID, now: datetime) -> Membership | None:
    """How a State stands or will stand; what an act of the same moment began counts too."""
    return session.scalar(
        select(Membership)
        .where(
            Membership.state_id == state_id,
            or_(Membership.until.is_(None), Membership.until > now),
        )
        .order_by(Membership.since.desc())
        .limit(1)
    )


def is_member(session: Session, state_id: UUID | None, now: datetime) -> bool:
    """Whether a State is a member at `now`. Observers and dormant members are not."""
    return _has(session, state_id, MembershipStatus.MEMBER, now)


def is_observer(session: Session, state_id: UUID | None, now: datetime) -> bool:
    """Whether a State is an observer at `now`."""
    return _has(session, state_id, MembershipStatus.OBSERVER, now)


def _has(session: Session, state_id: UUID | None, status: MembershipStatus, now: datetime) -> bool:
    if state_id is None:
        return False
    held = membership_of(session, state_id, now)
    return held is not None and held.status is status


def member_states(session: Session, now: datetime) -> list[UUID]:
    """The ids of all States that are members at `now`."""
    return list(
        session.scalars(
            select(Membership.state_id)
            .where(Membership.status == MembershipStatus.MEMBER, stands(now))
            .order_by(Membership.state_id)
        )
    )


def applicant_name(application: Application, language: str | None = None) -> str:
    """How the State or the organisation is called; `of_state` must be loaded."""
    state = application.of_state
    return localized(state.names if state else application.organisation_name, language)


def own(session: Session, application_id: UUID) -> Application:
    """An application with its State, for the holder of its link or for its mails."""
    found = session.scalar(
        select(Application)
        .where(Application.id == application_id)
        .options(joinedload(Application.of_state))
    )
    if found is None:
        raise NotVisible(_("There is no application here."))
    return found


def for_secretariat(session: Session, application_id: UUID) -> Application:
    """An application that has come in."""
    found = own(session, application_id)
    if found.state in HIDDEN:
        raise NotVisible(_("There is no application here."))
    return found


def link_generation(session: Session, application_id: UUID) -> int | None:
    """Which generation of links is good, or None if there is no such application."""
    return session.scalar(
        select(Application.generation).where(
            Application.id == application_id, Application.state != ApplicationState.LAPSED
        )
    )


def questions(session: Session, application_id: UUID) -> Sequence[ApplicationQuestion]:
    """What was asked and answered, oldest first."""
    return session.scalars(
        select(ApplicationQuestion)
        .where(ApplicationQuestion.application_id == application_id)
        .order_by(ApplicationQuestion.asked_at, ApplicationQuestion.id)
    ).all()


def open_question(session: Session, application_id: UUID) -> ApplicationQuestion | None:
    """The question that waits for its answer."""
    return session.scalar(
        select(ApplicationQuestion).where(
            ApplicationQuestion.application_id == application_id,
            ApplicationQuestion.answered_at.is_(None),
        )
    )


def letter_of(session: Session, application: Application) -> StoredFile | None:
    """The letter of nomination, unless it was erased."""
    return session.get(StoredFile, application.letter_id) if application.letter_id else None


def history(session: Session, application_id: UUID) -> Sequence[AuditEntry]:
    """What happened to an application, newest first, with who did it."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "application", AuditEntry.subject_id == application_id)
        .order_by(AuditEntry.sequence.desc())
    ).all()


def listed(
    session: Session, states: Sequence[ApplicationState], *, after: UUID | None
) -> Sequence[Application]:
    """Applications in these states with their States, longest there first, from `after` on."""
    place = (Application.state_since, Application.id)
    wanted = select(Application).where(Application.state.in_(states))
    if after is not None:
        mark = select(*place).where(Application.id == after)
        wanted = wanted.where(tuple_(*place) > mark.scalar_subquery())
    return session.scalars(
        wanted.options(joinedload(Application.of_state)).order_by(*place).limit(PAGE + 1)
    ).all()


def others_of_state(session: Session, application: Application) -> Sequence[Application]:
    """Other applications of the same State that have come in, the latest first."""
    if application.state_id is None:
        return ()
    return session.scalars(
        select(Application)
        .where(
            Application.state_id == application.state_id,
            Application.id != application.id,
            Application.state.not_in(HIDDEN),
        )
        .order_by(Application.made_at.desc(), Application.id)
        .limit(PAGE)
    ).all()


def lately_admitted(session: Session, *, since: datetime) -> Sequence[Application]:
    """Who was admitted since a moment, the latest first."""
    return session.scalars(
        select(Application)
        .where(Application.state == ApplicationState.ADMITTED, Application.state_since >= since)
        .options(joinedload(Application.of_state))
        .order_by(Application.state_since.desc(), Application.id)
        .limit(PAGE)
    ).all()


def waiting(session: Session) -> Sequence[Application]:
    """The open applications that are due first, for the workspace."""
    return session.scalars(
        select(Application)
        .where(Application.state.in_(OPEN))
        .options(joinedload(Application.of_state))
        .order_by(Application.state.in_(TO_DECIDE).desc(), Application.due_at, Application.id)
        .limit(TASKS)
    ).all()


def overdue(session: Session, now: datetime, *, most: int) -> Sequence[Application]:
    """Applications whose clock has run out, locked; those that another worker holds are passed over."""
    return session.scalars(
        select(Application)
        .where(
            Application.state.in_((ApplicationState.UNCONFIRMED, *OPEN)), Application.due_at <= now
        )
        .order_by(Application.due_at, Application.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def to_forget(session: Session, *, before: datetime, most: int) -> Sequence[Application]:
    """Applications refused or withdrawn before a moment whose details are still there, locked."""
    return session.scalars(
        select(Application)
        .where(
            Application.state.in_((ApplicationState.REFUSED, ApplicationState.WITHDRAWN)),
            Application.state_since < before,
            Application.erased_at.is_(None),
        )
        .order_by(Application.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
