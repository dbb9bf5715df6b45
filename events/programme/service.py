"""The only writer of events: takes the file up, publishes summaries, turns kept pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, files
from core.context import Actor
from core.documents.csvfile import Line
from core.outbox import record
from core.web import pages
from events.programme import queries
from events.programme.facts import DatePublished, SummaryPublished
from events.programme.models import (
    Event,
    EventDocument,
    Mode,
    Policy,
    PublishedSummary,
    Seats,
    Status,
)
from events.programme.schemas import EventRow, FrenchEventRow
from network.taxonomy.service import Loading, Origin, follow

FILE = "events.csv"
VAGUE = "month"
MODES = {
    "online": (Mode.ONLINE,),
    "in person": (Mode.ROOM,),
    "hybrid": (Mode.ROOM, Mode.ONLINE),
    "document": (),
}


def load_events(
    run: Loading, lines: Iterable[Line[EventRow]], french: Mapping[str, FrenchEventRow]
) -> None:
    """Real events. What people set beside the file (hours, seats, policy) is theirs alone."""
    have = {event.key: event for event in run.session.scalars(select(Event))}
    for line in lines:
        row = line.row
        wanted = _values(row, french.get(row.key))
        event = have.get(row.key)
        if event is None:
            event = Event(key=row.key, policy=row.policy, **wanted)
            run.session.add(event)
            _open_modes(event, row)
            run.added += 1
            continue
        place = f"{FILE}, line {line.number}"
        was_vague = event.date_precision == VAGUE
        follow(run, event, wanted, origin=Origin(record="event", key=row.key, source=place))
        if was_vague and event.date_precision != VAGUE:
            record(run.session, DatePublished(event_id=event.id), now=run.now)


def _open_modes(event: Event, row: EventRow) -> None:
    """Whoever says that they are interested says how they would take part; nothing is counted yet."""
    if row.policy is Policy.INTEREST:
        for mode in MODES[row.mode]:
            event.seats.append(Seats(event=event, mode=mode))


def _values(row: EventRow, ours: FrenchEventRow | None) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "format": row.mode,
        "title": _both(row.title_en, ours.title_fr if ours else ""),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "date_precision": row.precision,
        "timezone": row.timezone,
        "place": _both(row.place, ours.place_fr if ours else ""),
        "organiser": row.organiser,
        "mandate": row.mandate,
        "status": row.status,
        "source": row.source,
    }


def _both(english: str, french: str) -> dict[str, str]:
    return {language: text for language, text in (("en", english), ("fr", french)) if text}


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A file of an event: its title by language, file name, type and bytes, and who may read it."""

    title: dict[str, str]
    name: str
    mime: str
    body: bytes
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An event as it is set up by hand: what it is, when, for how many and how one gets in."""

    key: str
    kind: str
    format: str
    title: dict[str, str]
    about: dict[str, str]
    starts_on: date
    ends_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    timezone: str
    place: dict[str, str]
    organiser: str
    status: Status
    policy: Policy
    languages: list[str]
    seats: Mapping[Mode, int | None]
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    joining: dict[str, str] = field(default_factory=dict)
    documents: list[Paper] = field(default_factory=list)
    is_demo: bool = False


def set_up(session: Session, plan: Plan, *, store: files.Store, by: Actor, now: datetime) -> Event:
    """Set an event up as planned. One that is there already is left as it is."""
    known = session.scalar(select(Event).where(Event.key == plan.key))
    if known is not None:
        return known
    plain = {
        name: getattr(plan, name)
        for name in Plan.__dataclass_fields__
        if name not in {"seats", "documents"}
    }
    event = Event(**plain)
    session.add(event)
    for mode, capacity in plan.seats.items():
        session.add(Seats(event=event, mode=mode, capacity=capacity))
    session.flush()
    _note(session, "event.set_up", event, by=by, now=now)
    for paper in plan.documents:
        add_document(session, event, paper, store=store, by=by, now=now)
    return event


def add_document(
    session: Session,
    event: Event,
    paper: Paper,
    *,
    store: files.Store,
    by: Actor,
    now: datetime,
) -> EventDocument:
    """Put a checked file beside an event, for everybody or for its participants."""
    document = EventDocument(event=event, title=paper.title, is_public=paper.is_public)
    session.add(document)
    stored = files.keep(
        session,
        store,
        body=paper.body,
        name=paper.name,
        mime=paper.mime,
        owner_kind="event_document",
        owner_id=document.id,
        now=now,
    )
    document.file_id = stored.id
    session.flush()
    _note(session, "event.document_added", event, by=by, now=now)
    return document


def publish_summary(
    session: Session, event: Event, *, texts: Mapping[str, str], by: Actor, now: datetime
) -> list[PublishedSummary]:
    """Publish the summary in each language of `texts`. The same text is published once only."""
    fresh = []
    for language, body in texts.items():
        latest = queries.summary(session, event, language)
        checksum = hashlib.sha256(body.encode()).digest()
        if latest is not None and latest.checksum == checksum:
            continue
        summary = PublishedSummary(
            event=event,
            language=language,
            body=body,
            published_at=now,
            checksum=checksum,
            version=latest.version + 1 if latest else 1,
        )
        session.add(summary)
        fresh.append(summary)
    if fresh:
        session.flush()
        for summary in fresh:
            record(
                session,
                SummaryPublished(
                    event_id=event.id, language=summary.language, version=summary.version
                ),
                now=now,
            )
        _note(session, "event.summary_published", event, by=by, now=now)
    return fresh


def _note(session: Session, word: str, event: Event, *, by: Actor, now: datetime) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="event",
        subject_id=event.id,
        details={"key": event.key},
    )
    pages.drop(session)
