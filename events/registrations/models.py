"""Registrations, and beside them the details of those who register openly.

A discreet registration has no row of details: they lie sealed in `events.protection`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value
from events.programme.models import Event, Mode
from events.registrations.states import RegistrationState

NAME_MOST = 200
ORGANISATION_MOST = 200
ADDRESS_MOST = 254
NOTE_MOST = 1000
REASON_MOST = 500
NUMBERS = 10_000


class Category(StrEnum):
    """In which capacity a person takes part. For a discreet registration it is the cover category."""

    STATE = "state"
    OBSERVER = "observer"
    MECHANISM = "mechanism"
    NHRI = "nhri"
    UN = "un"
    REGIONAL = "regional"
    NGO = "ngo"
    ACADEMIA = "academia"
    PARLIAMENT = "parliament"
    LOCAL = "local"
    STATISTICS = "statistics"
    MANDATE = "mandate"
    OTHER = "other"


class Listing(StrEnum):
    """How a person appears in lists. Nobody appears anywhere unless they chose to."""

    FULL = "full"
    ORGANISATION = "organisation"
    UNLISTED = "unlisted"


class Need(StrEnum):
    """What a person needs to take part."""

    CAPTIONS = "captions"
    SIGN = "sign"
    STEP_FREE = "step_free"
    COMPANION = "companion"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    REMOTE = "remote"


class Registration(Identified, Model):
    """One person's registration. What identifies the person lies elsewhere.

    `look_up` finds the row by its address without holding it; `receipt` does the same for
    people without an address. `number` is the neutral number of the event ("Participant 0417"),
    drawn at random for everyone. `generation` ends older links; `version` finds two tabs.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint("NOT discreet OR listing = 'unlisted'", name="discreet_is_unlisted"),
        Index("ix_registration_seats", "event_id", "mode", "state"),
        Index(
            "ix_registration_waiting",
            "event_id",
            "mode",
            "waiting_since",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_registration_due",
            "due_at",
            postgresql_where=text("state IN ('unconfirmed', 'offered')"),
        ),
        Index(
            "ix_registration_double",
            "fingerprint",
            postgresql_where=text("state = 'unconfirmed'"),
        ),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    event: Mapped[Event] = relationship(lazy="raise", repr=False, init=False)
    state: Mapped[RegistrationState] = mapped_column(
        by_value(RegistrationState), default=RegistrationState.UNCONFIRMED
    )
    category: Mapped[Category] = mapped_column(by_value(Category))
    mode: Mapped[Mode] = mapped_column(by_value(Mode))
    language: Mapped[str] = mapped_column(String(8))
    listing: Mapped[Listing] = mapped_column(by_value(Listing))
    discreet: Mapped[bool]
    wants_summary: Mapped[bool] = mapped_column(default=True)
    number: Mapped[int]
    look_up: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), default=None, index=True, repr=False
    )
    receipt: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), default=None, unique=True, repr=False
    )
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32), default=None, repr=False)
    generation: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    form_version: Mapped[int] = mapped_column(default=1)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    state_since: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    waiting_since: Mapped[datetime | None] = mapped_column(default=None)
    cleared_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(String(REASON_MOST), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)

    details: Mapped[Details | None] = relationship(
        back_populates="registration", lazy="raise", repr=False, init=False, uselist=False
    )

    @property
    def alias(self) -> str:
        """The neutral number as four digits; the word before it is the reader's language's."""
        return f"{self.number:04d}"


class Details(Identified, Model):
    """Who registered openly. No row exists for a discreet registration."""

    __tablename__ = "registration_details"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    registration: Mapped[Registration] = relationship(
        back_populates="details", lazy="raise", repr=False, init=False
    )
    name: Mapped[str] = mapped_column(String(NAME_MOST), repr=False)
    organisation: Mapped[str] = mapped_column(String(ORGANISATION_MOST), repr=False)
    address: Mapped[str | None] = mapped_column(String(ADDRESS_MOST), default=None, repr=False)
    needs: Mapped[list[str]] = mapped_column(default_factory=list, repr=False)
    needs_note: Mapped[str] = mapped_column(String(NOTE_MOST), default="", repr=False)
    letter_id: Mapped[UUID | None] = mapped_column(default=None, repr=False)


class EventNeed(Identified, Model):
    """One need of the event as a whole, for the service order: tied to nobody, dated nowhere."""

    __tablename__ = "event_need"
    __table_args__ = (Index("ix_event_need_event", "event_id", "mode"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    mode: Mapped[Mode] = mapped_column(by_value(Mode))
    need: Mapped[Need] = mapped_column(by_value(Need))


class Farewell(Identified, Model):
    """The address of a person whose seat was passed on, sealed until they have been told."""

    __tablename__ = "registration_farewell"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    sealed_key: Mapped[str] = mapped_column(String(12))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    made_at: Mapped[datetime]
