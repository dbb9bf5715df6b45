"""The lines of the files on events, checked cell by cell, and what is given out as open data."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from events.programme.models import TITLE_MOST, Event, Policy, Status
from network.taxonomy.schemas import FileRow, Filled, Key, Name, tidy

_ZONES = available_timezones()
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def _dated(text: str) -> str:
    sentence = "A date is written 2027-06-14, or 2027-06 when only its month is known."
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(sentence)
    try:
        date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        raise ValueError(sentence) from None
    return text


def _zone(text: str) -> str:
    if text not in _ZONES:
        raise ValueError("This is not a time zone of the IANA list, such as Europe/Zurich.")
    return text


Dated = Annotated[str, AfterValidator(_dated)]
Title = Annotated[str, BeforeValidator(tidy), Field(max_length=TITLE_MOST)]


class EventRow(FileRow):
    """A line of events.csv. A date without its day is a month: the day is not published."""

    key: Key
    kind: Literal["consultation", "panel", "seminar", "document"]
    title_en: Annotated[Name, Field(max_length=TITLE_MOST)]
    starts: Dated
    ends: Dated
    timezone: Annotated[str, AfterValidator(_zone)]
    place: Annotated[str, BeforeValidator(tidy)]
    mode: Literal["online", "in person", "hybrid", "document"]
    organiser: Filled
    mandate: str
    status: Status
    source: Name

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Starts and ends are known equally well, and in this order."""
        if len(self.starts) != len(self.ends):
            raise ValueError("Starts and ends are both days or both months.")
        if self.ends < self.starts:
            raise ValueError("The end lies before the start.")
        return self

    @property
    def precision(self) -> str:
        """`day` or `month`."""
        return "day" if len(self.starts) == len("2027-06-14") else "month"

    @property
    def starts_on(self) -> date:
        """The first day, or the first of the month."""
        return date.fromisoformat(self.starts if self.precision == "day" else f"{self.starts}-01")

    @property
    def ends_on(self) -> date:
        """The last day, or the last of the month."""
        if self.precision == "day":
            return date.fromisoformat(self.ends)
        year, month = map(int, self.ends.split("-"))
        return date(year, month, calendar.monthrange(year, month)[1])

    @property
    def policy(self) -> Policy:
        """Only a meeting that is announced takes expressions of interest."""
        announced = self.status is Status.ANNOUNCED and self.kind != "document"
        return Policy.INTEREST if announced else Policy.NONE


class FrenchEventRow(FileRow):
    """A line of events_fr.csv: our French."""

    key: Key
    title_fr: Title
    place_fr: Annotated[str, BeforeValidator(tidy)]

    @property
    def texts(self) -> dict[str, Any]:
        """Title and place."""
        return {"title": self.title_fr, "place": self.place_fr}


EVENT_COLUMNS = (
    "key",
    "kind",
    "title",
    "starts",
    "ends",
    "date_precision",
    "timezone",
    "place",
    "format",
    "organiser",
    "mandate",
    "status",
    "source",
)


def as_open(event: Event) -> dict[str, Any]:
    """An event as it is given out. A month stays a month: the day is not published."""
    return {
        "key": event.key,
        "kind": event.kind,
        "title": event.title,
        "starts": _as_known(event.starts_on, event.date_precision),
        "ends": _as_known(event.ends_on, event.date_precision),
        "date_precision": event.date_precision,
        "timezone": event.timezone,
        "place": event.place,
        "format": event.format,
        "organiser": event.organiser,
        "mandate": event.mandate,
        "status": event.status.value,
        "source": event.source,
    }


def as_row(event: Event) -> dict[str, Any]:
    """The same as one line of a spreadsheet, in English."""
    whole = as_open(event)
    return whole | {name: whole[name].get("en", "") for name in ("title", "place")}


def _as_known(day: date, precision: str) -> str:
    return day.isoformat() if precision == "day" else day.strftime("%Y-%m")
