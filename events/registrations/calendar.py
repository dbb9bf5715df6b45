"""The calendar entry of one registration."""

from __future__ import annotations

from datetime import datetime

from core.documents import ics
from core.languages import _, localized
from events.programme.models import Event, Mode
from events.registrations.models import Registration


def entry_for(
    registration: Registration,
    event: Event,
    *,
    now: datetime,
    public_url: str,
    attendee: tuple[str, str] | None = None,
    organiser: tuple[str, str] | None = None,
) -> ics.Entry:
    """The same UID for as long as the registration lives, with a SEQUENCE that grows with changes.

    A discreet registration gets the time, the word for "busy", and nothing else.
    """
    entry = ics.Entry(
        uid=ics.stable_uid(event.id, registration.id),
        sequence=event.calendar_sequence + registration.calendar_sequence,
        stamp=now,
        starts=event.starts_at or event.starts_on,
        ends=event.ends_at or event.ends_on,
        zone=event.timezone,
        summary=localized(event.title, registration.language),
        description="",
        place=localized(event.place, registration.language)
        if registration.mode is Mode.ROOM
        else _("Online"),
        url=f"{public_url}/events/{event.key}",
        attendee=attendee,
        organiser=organiser,
    )
    return ics.busy(entry, _("Busy")) if registration.discreet else entry
