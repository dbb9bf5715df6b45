"""Events for programs."""

from __future__ import annotations

from flask import url_for

from core import clock
from core.db import db
from core.web.access import access, anyone
from core.web.api import Api, following
from events.programme import queries
from events.programme.answers import (
    DocumentAnswer,
    EventAnswer,
    EventInFull,
    EventsAsked,
    EventsPage,
    facts_of,
)
from events.programme.models import Event

api = Api("programme_api", "Events", "What is announced, and whether one can register.")


@api.get("/events")
@access(anyone)
@api.asked(EventsAsked)
@api.output(EventsPage)
@api.doc(operation_id="listEvents")
def events(asked: EventsAsked) -> EventsPage:
    """List events.

    The latest first. Go on with `next` until it is null.
    """
    now = clock.now()
    found = queries.listed(
        db.session(), when=asked.when, after=asked.after or "", most=asked.limit + 1, now=now
    )
    shown = found[: asked.limit]
    return EventsPage(
        items=[EventAnswer(**facts_of(one, now)) for one in shown],
        next=following(asked, shown[-1].key) if len(found) > asked.limit else None,
    )


@api.get("/events/<key>")
@access(anyone)
@api.output(EventInFull)
@api.doc(operation_id="readEvent")
def event(key: str) -> EventInFull:
    """Read one event."""
    found = queries.event(db.session(), key)
    languages = queries.summary_languages(db.session(), found)
    return EventInFull(
        **facts_of(found, clock.now()),
        about=found.about,
        documents=[
            DocumentAnswer(title=one.title, url=_document(found, one.id))
            for one in found.documents
            if one.file_id is not None
        ],
        summaries={
            language: f"{url_for('programme.summary', key=found.key)}?in={language}"
            for language in languages
        },
    )


def _document(event: Event, document_id: object) -> str:
    return url_for("programme.document", key=event.key, document_id=document_id)
