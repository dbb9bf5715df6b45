"""Reading registrations. Details of a discreet one cannot be fetched here: there are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.errors import NotVisible
from core.languages import _
from events.programme.models import Event, EventDocument, PublishedSummary
from events.registrations.models import Details, Registration
from events.registrations.states import TO_DECIDE, RegistrationState

PAGE = 50


def own(session: Session, registration_id: UUID) -> Registration:
    """A registration for the holder of its link, with its event and what is open of its details."""
    found = session.scalar(
        select(Registration)
        .where(Registration.id == registration_id)
        .options(
            joinedload(Registration.details),
            joinedload(Registration.event).options(
                selectinload(Event.seats),
                selectinload(Event.documents),
                selectinload(Event.summaries),
            ),
        )
    )
    if found is None:
        raise NotVisible(_("There is no registration here."))
    return found


def event_of_form(session: Session, key: str) -> Event:
    """An event with its seats, in one statement. Raises NotVisible."""
    found = (
        session.scalars(select(Event).where(Event.key == key).options(joinedload(Event.seats)))
        .unique()
        .one_or_none()
    )
    if found is None:
        raise NotVisible
    return found


def link_generation(session: Session, registration_id: UUID) -> int | None:
    """Which generation of links is good, or None if there is no such registration."""
    return session.scalar(select(Registration.generation).where(Registration.id == registration_id))


def to_decide(session: Session, event_id: UUID, *, after: UUID | None) -> Sequence[Registration]:
    """Registrations that wait for the secretariat, by their random ids, never by arrival."""
    wanted = select(Registration).where(
        Registration.event_id == event_id, Registration.state.in_(TO_DECIDE)
    )
    if after is not None:
        wanted = wanted.where(Registration.id > after)
    return session.scalars(
        wanted.options(joinedload(Registration.details)).order_by(Registration.id).limit(PAGE + 1)
    ).all()


def for_decision(session: Session, event_id: UUID, registration_id: UUID) -> Registration:
    """One registration of this event, for the secretariat."""
    found = session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.event_id == event_id)
        .options(joinedload(Registration.details), joinedload(Registration.event))
    )
    if found is None:
        raise NotVisible(_("There is no registration here."))
    return found


def counts(session: Session, event_id: UUID) -> dict[RegistrationState, int]:
    """How many registrations stand where, for the secretariat's own desk only."""
    rows = session.execute(
        select(Registration.state, func.count())
        .where(Registration.event_id == event_id)
        .group_by(Registration.state)
    )
    return {row[0]: row[1] for row in rows}


def waiting_to_decide(session: Session) -> list[tuple[Event, int]]:
    """Events with registrations to decide on, and how many."""
    rows = session.execute(
        select(Event, func.count())
        .join(Registration, Registration.event_id == Event.id)
        .where(Registration.state.in_(TO_DECIDE))
        .group_by(Event.id)
        .order_by(Event.starts_on, Event.key)
    )
    return [(row[0], row[1]) for row in rows]


def over_with_participants(session: Session, now: datetime) -> Sequence[Event]:
    """The latest meetings that are over and had participants."""
    return session.scalars(
        select(Event)
        .where(
            Event.ends_on <= now.date(),
            or_(Event.ends_at.is_(None), Event.ends_at <= now),
            exists().where(
                Registration.event_id == Event.id,
                Registration.state == RegistrationState.CONFIRMED,
            ),
        )
        .order_by(Event.ends_on.desc(), Event.key)
        .limit(PAGE)
    ).all()


def document(session: Session, event_id: UUID, document_id: UUID) -> EventDocument:
    """A document of this event."""
    found = session.scalar(
        select(EventDocument).where(
            EventDocument.id == document_id, EventDocument.event_id == event_id
        )
    )
    if found is None or found.file_id is None:
        raise NotVisible(_("There is no such document."))
    return found


def recipients_of_summary(
    session: Session, event_id: UUID, language: str
) -> Sequence[Registration]:
    """Who took part, wants the summary and reads this language."""
    return session.scalars(
        select(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.wants_summary,
            Registration.language == language,
            Registration.erased_at.is_(None),
        )
        .order_by(Registration.id)
    ).all()


def interested(session: Session, event_id: UUID) -> Sequence[UUID]:
    """Who wants to hear when a date is published."""
    return session.scalars(
        select(Registration.id)
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.INTERESTED,
        )
        .order_by(Registration.id)
    ).all()


def others_with_address(session: Session, registration: Registration) -> int:
    """How many other live registrations of the event the same address has, for its owner's mail."""
    if registration.look_up is None:
        return 0
    return (
        session.scalar(
            select(func.count())
            .select_from(Registration)
            .where(
                Registration.event_id == registration.event_id,
                Registration.look_up == registration.look_up,
                Registration.id != registration.id,
                Registration.state.not_in((RegistrationState.LAPSED, RegistrationState.CANCELLED)),
            )
        )
        or 0
    )


def details_of(session: Session, registration_id: UUID) -> Details | None:
    """The open details, None for a discreet registration."""
    return session.scalar(select(Details).where(Details.registration_id == registration_id))


def summary(session: Session, event_id: UUID, language: str) -> PublishedSummary | None:
    """The newest published summary in one language."""
    return session.scalar(
        select(PublishedSummary)
        .where(PublishedSummary.event_id == event_id, PublishedSummary.language == language)
        .order_by(PublishedSummary.version.desc())
        .limit(1)
    )
