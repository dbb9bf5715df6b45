"""Meetings as they are announced: when, where, for whom, and how one registers."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value
from network.taxonomy.models import Curated

TITLE_MOST = 300
SUMMARY_MOST = 60_000


class Mode(StrEnum):
    """How one takes part."""

    ROOM = "room"
    ONLINE = "online"


class Status(StrEnum):
    """Where an event stands, for the public."""

    ANNOUNCED = "announced"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HELD = "held"
    REPORTED = "reported"
    DUE = "due"


class Policy(StrEnum):
    """How one gets in: not at all, by expressing interest, at once, or after triage."""

    NONE = "none"
    INTEREST = "interest"
    AUTOMATIC = "automatic"
    MODERATED = "moderated"


class Event(Identified, Curated, Model):
    """A meeting. `starts_on`/`ends_on` are always there; the hours may not be published yet.

    `date_precision` is `day` or `month`: a month means that the date is not yet published, and
    no page or calendar may make it look more certain. `kind` is seminar, panel, consultation
    or document (a report that is due, not a meeting); `format` is "online", "in person",
    "hybrid" or "document", as the source has it.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("date_precision IN ('day', 'month')", name="date_precision"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
    )

    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    format: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[dict[str, str]]
    about: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    date_precision: Mapped[str] = mapped_column(String(10), default="day")
    starts_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    timezone: Mapped[str] = mapped_column(String(60), default="UTC")
    place: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    organiser: Mapped[str] = mapped_column(String(200), default="")
    mandate: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[Status] = mapped_column(by_value(Status), default=Status.ANNOUNCED)
    source: Mapped[str] = mapped_column(String(500), default="")
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    policy: Mapped[Policy] = mapped_column(by_value(Policy), default=Policy.NONE)
    opens_at: Mapped[datetime | None] = mapped_column(default=None)
    closes_at: Mapped[datetime | None] = mapped_column(default=None)
    offer_hours: Mapped[int] = mapped_column(default=48)
    form_version: Mapped[int] = mapped_column(default=1)
    joining: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    is_demo: Mapped[bool] = mapped_column(default=False)

    seats: Mapped[list[Seats]] = relationship(
        back_populates="event", lazy="raise", default_factory=list, repr=False
    )
    documents: Mapped[list[EventDocument]] = relationship(
        back_populates="event", lazy="raise", default_factory=list, repr=False
    )
    summaries: Mapped[list[PublishedSummary]] = relationship(
        back_populates="event", lazy="raise", default_factory=list, repr=False
    )


class Seats(Identified, Model):
    """How many may take part in one mode. `capacity` None means as many as come.

    The row is what a seat is counted under: it is locked late, and always before the count.
    """

    __tablename__ = "event_seats"
    __table_args__ = (
        UniqueConstraint("event_id", "mode"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), init=False)
    event: Mapped[Event] = relationship(back_populates="seats", lazy="raise", repr=False)
    mode: Mapped[Mode] = mapped_column(by_value(Mode))
    capacity: Mapped[int | None] = mapped_column(default=None)
    shown: Mapped[str] = mapped_column(String(20), default="open")


class EventDocument(Identified, Model):
    """A file that participants (or everybody) may read."""

    __tablename__ = "event_document"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), init=False, index=True)
    event: Mapped[Event] = relationship(back_populates="documents", lazy="raise", repr=False)
    title: Mapped[dict[str, str]]
    file_id: Mapped[UUID | None] = mapped_column(default=None)
    is_public: Mapped[bool] = mapped_column(default=False)


class PublishedSummary(Identified, Model):
    """The published summary of a meeting in one language, as plain text with its checksum."""

    __tablename__ = "published_summary"
    __table_args__ = (UniqueConstraint("event_id", "language", "version"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), init=False)
    event: Mapped[Event] = relationship(back_populates="summaries", lazy="raise", repr=False)
    language: Mapped[str] = mapped_column(String(8))
    body: Mapped[str]
    published_at: Mapped[datetime]
    checksum: Mapped[bytes] = mapped_column(LargeBinary(32), repr=False)
    version: Mapped[int] = mapped_column(default=1)
