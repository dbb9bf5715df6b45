"""What programs ask about events, and what they are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.web.api import PREFIX, Given, Paged
from events.programme import rules
from events.programme.models import Event, Mode, Status
from events.programme.schemas import as_open

KEY_MOST = 80
KEY = r"^[a-z0-9-]+$"
EventKey = Annotated[str, Field(max_length=KEY_MOST, pattern=KEY)]
RegistrationWord = Literal["none", "interest", "not-open", "open", "closed"]
SeatsWord = Literal["open", "few", "full"]


class EventsAsked(Paged):
    """Which events to answer."""

    when: Literal["upcoming", "past"] | None = Field(
        default=None, description="Only what is to come, or only what is over."
    )
    after: EventKey | None = Field(
        default=None, description="The key after which the list goes on."
    )


class EventAnswer(Given):
    """One event, as everybody may know it."""

    key: str
    kind: str = Field(
        description="seminar, panel, consultation, or document (a report that is due)."
    )
    title: dict[str, str] = Field(description="By language.")
    starts: str = Field(description="A day, or a month while the day is not published.")
    ends: str
    date_precision: Literal["day", "month"]
    starts_at: datetime | None = Field(description="The hour, once it is published.")
    ends_at: datetime | None
    timezone: str
    place: dict[str, str] = Field(description="By language.")
    format: str = Field(description="online, in person, hybrid or document.")
    organiser: str
    mandate: str
    status: Status
    source: str
    languages: list[str] = Field(description="Languages of interpretation.")
    registration: RegistrationWord = Field(
        description="Whether one can register now. `interest`: one is told when a date is published."
    )
    opens_at: datetime | None
    closes_at: datetime | None
    seats: dict[Mode, SeatsWord] = Field(
        description="The modes there are, and how full each is. When `full`, one waits in line."
    )
    invented: bool = Field(description="Made up for the demonstration.")
    url: str = Field(description="Where this event is answered alone.")


class DocumentAnswer(Given):
    """A document that everybody may have."""

    title: dict[str, str] = Field(description="By language.")
    url: str


class EventInFull(EventAnswer):
    """One event with what its page shows."""

    about: dict[str, str] = Field(description="By language.")
    documents: list[DocumentAnswer]
    summaries: dict[str, str] = Field(description="Where the published summary is, by language.")


class EventsPage(Given):
    """Some events, the latest first."""

    items: list[EventAnswer]
    next: str | None = Field(description="Where the list goes on; null at its end.")


def facts_of(event: Event, now: datetime) -> dict[str, Any]:
    """What is known of an event, for `EventAnswer` and what adds to it. Needs its seats."""
    return as_open(event) | {
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "languages": event.languages,
        "registration": rules.registration_state(event, now),
        "opens_at": event.opens_at,
        "closes_at": event.closes_at,
        "seats": rules.availability(event.seats),
        "invented": event.is_demo,
        "url": f"{PREFIX}/events/{event.key}",
    }
