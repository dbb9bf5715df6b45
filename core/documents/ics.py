"""Calendar entries: what a calendar needs and nothing of what it is for.

One entry keeps its UID for ever; a change raises SEQUENCE, and a withdrawal is a CANCEL with the
same UID. UIDs are bare random-looking numbers: no host name, no order.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

NAMESPACE = uuid.UUID("6d1d2c0e-6f0a-4a55-9b1c-0b6f7f0d4c11")
PRODUCT = "-//calendar//EN"
ZONE_MARGIN = timedelta(days=366)
MEDIA_TYPE = "text/calendar"


class Method(StrEnum):
    """What the receiving calendar is asked to do."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One calendar entry. Days for a meeting without hours (`ends` is then the last day), moments otherwise.

    `zone` is an IANA name. `organiser` and `attendee` are (name, address); without an attendee
    there is nobody to answer, so REQUEST needs both.
    """

    uid: uuid.UUID
    sequence: int
    stamp: datetime
    starts: datetime | date
    ends: datetime | date
    zone: str
    summary: str
    description: str = ""
    place: str = ""
    url: str = ""
    organiser: tuple[str, str] | None = None
    attendee: tuple[str, str] | None = None
    transparent: bool = False


def stable_uid(subject: uuid.UUID, recipient: uuid.UUID | None = None) -> uuid.UUID:
    """The UID of `subject` in the calendar of `recipient` (None: in everybody's)."""
    return uuid.uuid5(NAMESPACE, f"{subject}/{recipient or ''}")


def busy(entry: Entry, word: str) -> Entry:
    """The same time, with `word` ("Busy") and nothing else: no place, text, link, organiser or zone."""
    return replace(
        entry,
        summary=word,
        description="",
        place="",
        url="",
        organiser=None,
        attendee=None,
        zone="UTC",
    )


def calendar(entry: Entry, *, method: Method) -> bytes:
    """The VCALENDAR with this one entry, CRLF line ends, UTF-8."""
    if method is Method.REQUEST and not (entry.organiser and entry.attendee):
        message = "a calendar request names an organiser and an attendee"
        raise ValueError(message)
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", method.value)
    whole.add_component(_event(entry, method))
    first = _day(entry.starts) - ZONE_MARGIN
    whole.add_missing_timezones(first_date=first, last_date=_day(entry.ends) + ZONE_MARGIN)
    return bytes(whole.to_ical())


def _event(entry: Entry, method: Method) -> Event:
    event = Event()
    event.add("uid", str(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("dtstart", _placed(entry.starts, entry.zone))
    event.add("dtend", _placed(_end(entry), entry.zone))
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.transparent else "OPAQUE")
    for name, value in (
        ("description", entry.description),
        ("location", entry.place),
        ("url", entry.url),
    ):
        if value:
            event.add(name, value)
    if entry.organiser:
        event.add("organizer", _address(entry.organiser))
    if entry.attendee and method is not Method.PUBLISH:
        attendee = _address(entry.attendee)
        attendee.params["PARTSTAT"] = vText("ACCEPTED")
        attendee.params["RSVP"] = vText("FALSE")
        event.add("attendee", attendee)
    return event


def _address(who: tuple[str, str]) -> vCalAddress:
    name, address = who
    entry = vCalAddress(f"MAILTO:{address}")
    if name:
        entry.params["CN"] = vText(name)
    return entry


def _end(entry: Entry) -> datetime | date:
    """A calendar's end is exclusive: a meeting of whole days ends when the next day begins."""
    return entry.ends if isinstance(entry.ends, datetime) else entry.ends + timedelta(days=1)


def _placed(value: datetime | date, zone: str) -> datetime | date:
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))


def _day(value: datetime | date) -> date:
    return value.date() if isinstance(value, datetime) else value
