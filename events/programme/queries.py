"""Reading events. What is public is read here; seats appear as words, never as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Tuple, and_, literal, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from core.errors import NotVisible
from core.files import StoredFile
from events.programme.models import Event, EventDocument, PublishedSummary, Seats

PAST_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Past:
    """Meetings that are over, the latest first, and where the list goes on (a key, or nothing)."""

    events: Sequence[Event]
    after: str


def event(session: Session, key: str) -> Event:
    """One event with what its page shows. Raises NotVisible."""
    found = session.scalar(
        select(Event)
        .where(Event.key == key)
        .options(
            selectinload(Event.seats),
            selectinload(Event.documents.and_(EventDocument.is_public)),
        )
    )
    if found is None:
        raise NotVisible
    return found


def document(
    session: Session, key: str, document_id: UUID, *, for_participants: bool = False
) -> StoredFile:
    """The file of a document that this reader may have. Raises NotVisible."""
    wanted = (
        select(StoredFile)
        .join(EventDocument, EventDocument.file_id == StoredFile.id)
        .join(Event, EventDocument.event_id == Event.id)
        .where(Event.key == key, EventDocument.id == document_id)
    )
    if not for_participants:
        wanted = wanted.where(EventDocument.is_public)
    found = session.scalar(wanted)
    if found is None:
        raise NotVisible
    return found


def upcoming(session: Session, *, now: datetime) -> list[Event]:
    """Meetings and documents to come, the next first. Few at any time, so not paged."""
    return list(
        session.scalars(
            select(Event)
            .where(~_over(now))
            .options(selectinload(Event.seats))
            .order_by(Event.starts_on, Event.key)
        )
    )


def past(session: Session, *, now: datetime, after: str = "") -> Past:
    """Meetings that are over, from `after` (a key) on."""
    wanted = select(Event).where(_over(now))
    if after:
        wanted = wanted.where(tuple_(Event.starts_on, Event.key) < _place(after))
    found = list(
        session.scalars(
            wanted.order_by(Event.starts_on.desc(), Event.key.desc()).limit(PAST_PAGE + 1)
        )
    )
    shown = found[:PAST_PAGE]
    return Past(events=shown, after=shown[-1].key if len(found) > PAST_PAGE else "")


def listed(
    session: Session, *, when: str | None, after: str, most: int, now: datetime
) -> list[Event]:
    """Events with their seats, the latest first, from `after` (a key) on; `when`: upcoming or past."""
    wanted = select(Event).options(selectinload(Event.seats))
    if when is not None:
        wanted = wanted.where(_over(now) if when == "past" else ~_over(now))
    if after:
        wanted = wanted.where(tuple_(Event.starts_on, Event.key) < _place(after))
    return list(
        session.scalars(wanted.order_by(Event.starts_on.desc(), Event.key.desc()).limit(most))
    )


def _place(key: str) -> Tuple:
    """Where an event stands in time; nowhere if there is none with this key."""
    return tuple_(select(Event.starts_on).where(Event.key == key).scalar_subquery(), literal(key))


def _over(now: datetime) -> ColumnElement[bool]:
    """The same as `rules.is_past`, as a condition."""
    return or_(
        and_(Event.ends_at.is_not(None), Event.ends_at <= now),
        and_(Event.ends_at.is_(None), Event.ends_on < now.date()),
    )


def ladder(session: Session) -> list[Event]:
    """What the Council asked for, in time: seminars and panels it mandated, and the report due."""
    return list(
        session.scalars(
            select(Event)
            .where(Event.mandate.startswith("A/HRC/RES/"), Event.is_demo.is_(False))
            .order_by(Event.starts_on, Event.key)
        )
    )


def summary_languages(session: Session, event: Event) -> list[str]:
    """The languages in which a summary of the event is published."""
    return sorted(
        session.scalars(
            select(PublishedSummary.language)
            .distinct()
            .where(PublishedSummary.event_id == event.id)
        )
    )


def summary(session: Session, event: Event, language: str) -> PublishedSummary | None:
    """The latest published summary in exactly this language."""
    return session.scalar(
        select(PublishedSummary)
        .where(PublishedSummary.event_id == event.id, PublishedSummary.language == language)
        .order_by(PublishedSummary.version.desc())
        .limit(1)
    )


def seats_of(session: Session, event: Event) -> list[Seats]:
    """The rows that seats are counted under."""
    return list(session.scalars(select(Seats).where(Seats.event_id == event.id)))


def published(session: Session) -> list[Event]:
    """All real events in time, for the open data."""
    return list(
        session.scalars(
            select(Event).where(Event.is_demo.is_(False)).order_by(Event.starts_on, Event.key)
        )
    )
