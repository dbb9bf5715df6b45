"""What may be said and done about an event at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from events.programme.models import Event, Policy, Seats, Status
from network.taxonomy.rules import next_day

OVER = frozenset({Status.HELD, Status.REPORTED})
OFF = frozenset({Status.CANCELLED})


def registration_state(event: Event, now: datetime) -> str:
    """`none`, `interest`, `not-open`, `open` or `closed`: whether one can register at `now`."""
    if event.policy is Policy.NONE:
        return "none"
    if event.status in OVER | OFF or is_past(event, now):
        return "closed"
    if event.opens_at and now < event.opens_at:
        return "not-open"
    if event.closes_at and now >= event.closes_at:
        return "closed"
    return "interest" if event.policy is Policy.INTEREST else "open"


def can_register(event: Event, now: datetime) -> bool:
    """Whether the registration page takes anything now."""
    return registration_state(event, now) in {"open", "interest"}


def is_past(event: Event, now: datetime) -> bool:
    """Whether the meeting is over: by its hours if they are known, else by its last day (UTC)."""
    if event.ends_at is not None:
        return now >= event.ends_at
    return event.ends_on < now.date()


def is_meeting(event: Event) -> bool:
    """Whether people come together, or a document is due."""
    return event.kind != "document"


def has_calendar(event: Event) -> bool:
    """Whether the date is published, so that a calendar may hold it."""
    return is_meeting(event) and event.date_precision == "day" and event.status not in OFF


def availability(seats: list[Seats]) -> dict[str, str]:
    """`open`, `few` or `full` by mode: all that the public may know of numbers."""
    return {row.mode.value: row.shown for row in sorted(seats, key=lambda row: row.mode.value)}


def next_turn(events: Iterable[Event], now: datetime) -> datetime:
    """When the clock alone makes a page about these events say something else."""
    moments = [
        moment
        for event in events
        for moment in (event.opens_at, event.closes_at, event.starts_at, event.ends_at)
        if moment is not None and moment > now
    ]
    return min([*moments, next_day(now)])


def next_of(events: list[Event], today: date) -> Event | None:
    """The meeting that the home page puts first: the next with a published date, else the next."""
    coming = [event for event in events if is_meeting(event) and event.ends_on >= today]
    coming = [event for event in coming if event.status not in OFF]
    dated = [event for event in coming if event.date_precision == "day"]
    return min(dated or coming, key=lambda event: (event.starts_on, event.key), default=None)
