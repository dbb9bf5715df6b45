"""The second person admits: a membership or an organisation begins, with a focal point's seat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, outbox
from core.context import Actor
from core.errors import NotVisible
from core.house import House
from core.languages import _
from core.web import pages
from network.accounts import factors
from network.accounts import service as accounts
from network.accounts.models import Person
from network.accounts.queries import has_own_factor, people_behind
from network.applications import rules
from network.applications.facts import ApplicantAdmitted
from network.applications.models import Application, Membership
from network.applications.queries import last_membership
from network.applications.service import held, move
from network.applications.states import APPLICATION, ApplicationState
from network.seats import service as seats
from network.seats.models import BodyKind, Holder, Organisation, Role, Seat
from network.seats.queries import open_seats
from network.taxonomy.models import State


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Who holds which seat now, and the code that lets them set up their own factor. Shown once.

    There is no code for somebody who has a factor of their own already.
    """

    application: Application
    seat: Seat
    holder: Holder
    enrolment_code: str = field(repr=False)


def admit(
    session: Session, *, application_id: UUID, house: House, by: Actor, now: datetime
) -> Admitted:
    """Be the second person: open the membership or the organisation, and the focal point's seat."""
    application = held(session, application_id)
    APPLICATION.check(application.state, ApplicationState.ADMITTED)
    rules.check_is_second(application, by)
    _lock_state(session, application)
    rules.check_is_new(session, application, now)
    application.second_by = by.person_id
    move(
        session,
        application,
        ApplicationState.ADMITTED,
        by=by,
        now=now,
        details={
            "proposed_by": str(application.proposed_by),
            "admitted_by": str(application.second_by),
        },
    )
    kind, body_id = _body(session, application, by=by, now=now)
    person = _nominated(session, application, house=house, by=by, now=now)
    seat, holder = _focal_point(session, application, person, kind, body_id, by=by, now=now)
    code = ""
    if not has_own_factor(session, person.id):
        code = factors.enrolment_code(
            session, person_id=person.id, secret=house.secret_key, by=by, now=now
        )
    application.seat_id = seat.id
    session.flush()
    outbox.record(
        session,
        ApplicantAdmitted(
            application_id=application.id, state_id=application.state_id, seat_id=seat.id
        ),
        now=now,
    )
    pages.drop(session)
    return Admitted(application=application, seat=seat, holder=holder, enrolment_code=code)


def _lock_state(session: Session, application: Application) -> None:
    """Two applications of one State are admitted one after the other, so that the second is refused."""
    if application.state_id is not None:
        session.execute(select(State.id).where(State.id == application.state_id).with_for_update())


def _body(
    session: Session, application: Application, *, by: Actor, now: datetime
) -> tuple[BodyKind, UUID]:
    """The State with its new membership, or the new organisation."""
    if application.state_id is None:
        return BodyKind.ORGANISATION, _organisation(session, application).id
    _join(session, application, by=by, now=now)
    return BodyKind.STATE, application.state_id


def _organisation(session: Session, application: Application) -> Organisation:
    if application.organisation_kind is None:
        raise NotVisible(_("There is no application here."))
    body = Organisation(
        kind=application.organisation_kind, name=dict(application.organisation_name)
    )
    session.add(body)
    session.flush()
    return body


def _join(session: Session, application: Application, *, by: Actor, now: datetime) -> None:
    """Begin the membership; how the State stood before ends at this moment."""
    if application.state_id is None or application.wants is None:
        raise NotVisible(_("There is no application here."))
    before, since = last_membership(session, application.state_id, now), now
    if before is not None:
        since = max(now, before.since)
        before.until = since
        session.flush()
    membership = Membership(
        state_id=application.state_id,
        status=application.wants,
        since=since,
        document_id=application.letter_id,
        admitted_by=application.proposed_by,
        second_by=application.second_by,
    )
    session.add(membership)
    session.flush()
    audit.write(
        session,
        "membership.begun",
        by=by,
        now=now,
        subject_kind="membership",
        subject_id=membership.id,
        details={
            "state": str(membership.state_id),
            "status": membership.status.value,
            "before": before.status.value if before is not None else None,
            "proposed_by": str(membership.admitted_by),
            "admitted_by": str(membership.second_by),
        },
    )


def _focal_point(
    session: Session,
    application: Application,
    person: Person,
    kind: BodyKind,
    body_id: UUID,
    *,
    by: Actor,
    now: datetime,
) -> tuple[Seat, Holder]:
    """The nominated person in a focal point's seat: their own, an empty one, else a new one."""
    known = open_seats(session, body_kind=kind, body_id=body_id, role=Role.FOCAL_POINT, now=now)
    for seat, holder in known:
        if holder is not None and holder.person_id == person.id:
            return seat, holder
    seat = next((empty for empty, holder in known if holder is None), None) or seats.open_seat(
        session, body_kind=kind, body_id=body_id, role=Role.FOCAL_POINT, by=by, now=now
    )
    return seat, seats.appoint(
        session,
        seat=seat,
        person_id=person.id,
        by=by,
        now=now,
        document_id=application.letter_id,
    )


def _nominated(
    session: Session, application: Application, *, house: House, by: Actor, now: datetime
) -> Person:
    """The person of this name behind the mailbox, added if there is none."""
    mailbox = accounts.mailbox_for(session, address=application.address, index_key=house.index_key)
    for person in people_behind(session, mailbox.id, now):
        if person.name.casefold() == application.contact_name.casefold():
            return person
    return accounts.add_person(
        session,
        mailbox=mailbox,
        name=application.contact_name,
        language=application.language,
        by=by,
        now=now,
    )
