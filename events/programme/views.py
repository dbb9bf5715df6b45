"""The public pages of events, and the home page that leads to them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, g, jsonify, render_template, request

from core import clock, files, languages
from core.db import db
from core.documents import csvfile, ics
from core.house import house
from core.web.access import access, anyone
from events.programme import queries, rules
from events.programme.models import Event
from events.programme.rules import availability, can_register, registration_state
from events.programme.schemas import EVENT_COLUMNS, as_open, as_row
from network.mechanisms import queries as mechanisms
from network.taxonomy.forms import GROUPS

pages = Blueprint("programme", __name__)


@pages.get("/")
@access(anyone)
def home() -> str:
    """The next event, the way to a mechanism, how an exchange works, what the Council asked for."""
    g.keep = True
    now = clock.now()
    coming = queries.upcoming(db.session(), now=now)
    g.keep_until = rules.next_turn(coming, now)
    event = rules.next_of(coming, now.date())
    counted = mechanisms.groups(db.session(), today=now.date())
    return render_template(
        "programme/home.html",
        next_event=event,
        next_state=registration_state(event, now) if event else "none",
        availability=availability(event.seats) if event else {},
        ladder=queries.ladder(db.session()),
        groups=[(str(key), name, counted.get(key, 0)) for key, name in GROUPS.items()],
    )


@pages.get("/events")
@access(anyone)
def events() -> str:
    """What is to come and what has been."""
    g.keep = True
    now = clock.now()
    coming = queries.upcoming(db.session(), now=now)
    g.keep_until = rules.next_turn(coming, now)
    past = queries.past(db.session(), now=now, after=request.args.get("after", "")[:80])
    return render_template(
        "programme/events.html",
        upcoming=coming,
        past=past.events,
        past_after=past.after,
        states_of=lambda event: registration_state(event, now),
    )


@pages.get("/events/<key>")
@access(anyone)
def event(key: str) -> str:
    """One event: when, where, for whom, and how to take part."""
    g.keep = True
    now = clock.now()
    found = queries.event(db.session(), key)
    g.keep_until = rules.next_turn([found], now)
    return render_template(
        "programme/event.html",
        event=found,
        availability=availability(found.seats),
        can_register=can_register(found, now),
        registration_state=registration_state(found, now),
        has_calendar=rules.has_calendar(found),
        is_past=rules.is_past(found, now),
        summary_languages=queries.summary_languages(db.session(), found),
    )


@pages.get("/events/<key>/calendar.ics")
@access(anyone)
def calendar(key: str) -> Response:
    """The event for one's calendar; there is none while the date is not published."""
    found = queries.event(db.session(), key)
    if not rules.has_calendar(found):
        abort(404)
    body = ics.calendar(public_entry(found), method=ics.Method.PUBLISH)
    answer = Response(body, mimetype=ics.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.key}.ics"'
    return answer


def public_entry(event: Event) -> ics.Entry:
    """The calendar entry that everybody may have, in the reader's language."""
    return ics.Entry(
        uid=ics.stable_uid(event.id),
        sequence=event.calendar_sequence,
        stamp=clock.now(),
        starts=event.starts_at or event.starts_on,
        ends=event.ends_at or event.ends_on,
        zone=event.timezone,
        summary=languages.localized(event.title),
        place=languages.localized(event.place),
        url=f"{house().public_url}/events/{event.key}",
        transparent=event.starts_at is None,
    )


@pages.get("/events/<key>/summary")
@access(anyone)
def summary(key: str) -> str:
    """The published summary in the reader's language, or in one there is."""
    g.keep = True
    found = queries.event(db.session(), key)
    offered = queries.summary_languages(db.session(), found)
    if not offered:
        abort(404)
    wanted = request.args.get("in") or languages.current()
    language = wanted if wanted in offered else _fallback(offered)
    return render_template(
        "programme/summary.html",
        event=found,
        summary=queries.summary(db.session(), found, language),
        summary_languages=offered,
        language=language,
        is_other=language != wanted,
    )


def _fallback(offered: list[str]) -> str:
    return "en" if "en" in offered else offered[0]


@pages.get("/events/<key>/documents/<uuid:document_id>")
@access(anyone)
def document(key: str, document_id: UUID) -> Response:
    """A public document, to save."""
    found = queries.document(db.session(), key, document_id)
    body = files.read(files.Disk(house().files), found)
    return files.download(found.name, found.mime, body)


@pages.get("/open-data/events.json")
@access(anyone)
def open_json() -> Response:
    """All real events."""
    return jsonify([as_open(found) for found in queries.published(db.session())])


@pages.get("/open-data/events.csv")
@access(anyone)
def open_csv() -> Response:
    """The same for spreadsheets."""
    return csvfile.download(
        "events.csv", EVENT_COLUMNS, map(as_row, queries.published(db.session()))
    )
