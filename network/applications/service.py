"""What applicants and the secretariat do with an application, up to its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import audit, codes, files, outbox
from core.context import Actor, link
from core.errors import Conflict, Invalid, NotVisible, Refused
from core.house import House
from core.languages import _
from core.lookup import look_up, normal_address
from network.applications import rules
from network.applications.facts import (
    AdmissionProposed,
    ApplicantAnswered,
    ApplicantAsked,
    ApplicantRefused,
    ApplicationLinkAsked,
    ApplicationReceived,
    ApplicationStarted,
    ApplicationWithdrawn,
)
from network.applications.models import (
    ApplicantKind,
    Application,
    ApplicationQuestion,
    MembershipStatus,
)
from network.applications.queries import open_question
from network.applications.states import APPLICATION, ApplicationState
from network.seats.models import OrganisationKind

S = ApplicationState
OWNER = "application"
CODE_PURPOSE = "application"
LINK_PURPOSE = "application"
CONFIRM_PURPOSE = "application-confirm"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an applicant wrote in the form, checked."""

    kind: ApplicantKind
    contact_name: str = field(repr=False)
    address: str = field(repr=False)
    language: str
    text: str = field(default="", repr=False)
    state_id: UUID | None = None
    wants: MembershipStatus | None = None
    organisation_name: Mapping[str, str] = field(default_factory=dict)
    organisation_kind: OrganisationKind | None = None


def address_key(house: House, address: str) -> bytes:
    """Under what applications are found by their mailbox."""
    return look_up(house.index_key, "application", normal_address(address))


def apply(
    session: Session, *, entry: Entry, letter: files.CheckedFile, house: House, now: datetime
) -> Application:
    """Start an application. It counts once its mailbox is confirmed, and lapses after 24 hours.

    Raises Invalid at the field for a State that has joined already.
    """
    if entry.state_id is not None and entry.wants is not None:
        rules.check_may_join(session, state_id=entry.state_id, wants=entry.wants, now=now)
    application = Application(
        kind=entry.kind,
        state_id=entry.state_id,
        wants=entry.wants,
        organisation_name=dict(entry.organisation_name),
        organisation_kind=entry.organisation_kind,
        contact_name=entry.contact_name,
        address=entry.address,
        look_up=address_key(house, entry.address),
        language=entry.language,
        text=entry.text,
        made_at=now,
        state_since=now,
        due_at=APPLICATION.due_at(S.UNCONFIRMED, now),
    )
    session.add(application)
    session.flush()
    application.letter_id = files.keep(
        session,
        files.Disk(house.files),
        body=letter.body,
        name=letter.name,
        mime=letter.mime,
        owner_kind=OWNER,
        owner_id=application.id,
        now=now,
    ).id
    note(session, application, by=link(application.id), now=now)
    code = codes.issue(
        session,
        purpose=CODE_PURPOSE,
        subject_id=application.id,
        secret=house.secret_key,
        public_key=house.mail_public_key,
        now=now,
    )
    outbox.record(
        session, ApplicationStarted(application_id=application.id, code_id=code.id), now=now
    )
    return application


def held(session: Session, application_id: UUID) -> Application:
    """The application with its State, locked and fresh. Raises NotVisible."""
    row = session.scalar(
        select(Application)
        .where(Application.id == application_id)
        .options(joinedload(Application.of_state))
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotVisible(_("There is no application here."))
    return row


def move(
    session: Session,
    application: Application,
    to: ApplicationState,
    *,
    by: Actor,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """One step of the workflow, with its audit entry. Reminders begin anew."""
    APPLICATION.check(application.state, to)
    application.state = to
    application.state_since = now
    application.due_at = APPLICATION.due_at(to, now)
    application.nudges = 0
    application.version += 1
    session.flush()
    note(session, application, by=by, now=now, details=details)


def note(
    session: Session,
    application: Application,
    *,
    by: Actor,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """The audit entry of the state an application has come to."""
    audit.write(
        session,
        APPLICATION.steps[application.state].audit,
        by=by,
        now=now,
        subject_kind=OWNER,
        subject_id=application.id,
        details=details,
    )


def confirm(session: Session, *, application_id: UUID, now: datetime) -> Application:
    """The mailbox is the applicant's: the secretariat has an application. Again changes nothing."""
    application = held(session, application_id)
    if application.state is not S.UNCONFIRMED:
        return application
    if application.due_at is not None and application.due_at <= now:
        raise Refused(
            _("This application was not confirmed within 24 hours. Please send it again."),
            code="lapsed",
        )
    move(session, application, S.RECEIVED, by=link(application.id), now=now)
    outbox.record(session, ApplicationReceived(application_id=application.id), now=now)
    return application


def ask(
    session: Session, *, application_id: UUID, question: str, by: Actor, now: datetime
) -> ApplicationQuestion:
    """Ask the applicant one thing; an admission that was proposed waits for the answer and begins anew."""
    application = held(session, application_id)
    move(session, application, S.QUESTION, by=by, now=now)
    application.proposed_by = application.proposed_at = None
    asked = ApplicationQuestion(
        application_id=application.id, question=question, asked_by=by.person_id, asked_at=now
    )
    session.add(asked)
    session.flush()
    outbox.record(
        session, ApplicantAsked(application_id=application.id, question_id=asked.id), now=now
    )
    return asked


def answer(
    session: Session,
    *,
    application_id: UUID,
    question_id: UUID,
    text: str,
    by: Actor,
    now: datetime,
) -> ApplicationQuestion:
    """The applicant answers the open question. Raises Conflict if it was answered or another is open."""
    application = held(session, application_id)
    asked = open_question(session, application.id)
    if asked is None or asked.id != question_id:
        raise Conflict(_("This question has its answer already. The page now shows how it stands."))
    move(session, application, S.ANSWERED, by=by, now=now)
    asked.answer, asked.answered_at = text, now
    outbox.record(
        session, ApplicantAnswered(application_id=application.id, question_id=asked.id), now=now
    )
    return asked


def withdraw(session: Session, *, application_id: UUID, by: Actor, now: datetime) -> Application:
    """The applicant takes it back."""
    application = held(session, application_id)
    move(session, application, S.WITHDRAWN, by=by, now=now)
    outbox.record(session, ApplicationWithdrawn(application_id=application.id), now=now)
    return application


def propose(session: Session, *, application_id: UUID, by: Actor, now: datetime) -> Application:
    """One person of the secretariat would admit the applicant. Nothing is opened yet."""
    application = held(session, application_id)
    rules.check_is_person(by)
    rules.check_is_new(session, application, now)
    move(session, application, S.PROPOSED, by=by, now=now)
    application.proposed_by, application.proposed_at = by.person_id, now
    session.flush()
    outbox.record(
        session,
        AdmissionProposed(application_id=application.id, version=application.version),
        now=now,
    )
    return application


def refuse(
    session: Session, *, application_id: UUID, reason: str, by: Actor, now: datetime
) -> Application:
    """Say no; the reason goes to the applicant as it was written."""
    if not reason.strip():
        raise Invalid({"reason": _("Write a reason: it is sent to the applicant as it stands.")})
    application = held(session, application_id)
    APPLICATION.check(application.state, S.REFUSED)
    application.reason = reason
    move(session, application, S.REFUSED, by=by, now=now)
    outbox.record(session, ApplicantRefused(application_id=application.id), now=now)
    return application


def ask_link(session: Session, *, address: str, house: House, now: datetime) -> None:
    """Send the links of every application from this mailbox; the same work if there is none."""
    asked_id = uuid4()
    found: Sequence[UUID | None] = session.scalars(
        select(Application.id).where(
            Application.look_up == address_key(house, address),
            Application.state.not_in((S.UNCONFIRMED, S.LAPSED)),
        )
    ).all()
    for application_id in found or [None]:
        outbox.record(
            session,
            ApplicationLinkAsked(application_id=application_id, asked_id=asked_id),
            now=now,
        )
