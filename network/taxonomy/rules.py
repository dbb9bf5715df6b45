"""What follows from dates and sources."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from network.taxonomy.models import Classification


def holds_on(row: Classification, day: date) -> bool:
    """Whether the State is in this group or on this list on `day`, as far as is known here."""
    return (row.since is None or row.since <= day) and (row.until is None or day < row.until)


def leaving_is_unconfirmed(row: Classification, day: date) -> bool:
    """Whether a leaving was announced whose day has come, and nobody has confirmed it."""
    return row.until is None and row.expected_until is not None and row.expected_until <= day


def next_day(now: datetime) -> datetime:
    """When the next day begins (UTC): what follows from dates may be something else then."""
    return datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=UTC)
