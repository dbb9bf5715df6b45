"""Mechanisms of States and what is publicly known of them, each fact with its basis and source."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value
from network.taxonomy.models import Curated, State

NAME_MOST = 400
VALUE_MOST = 2_000
SOURCE_MOST = 1_000
CONTACT_MOST = 500


class NameStatus(StrEnum):
    """How certain the name of a mechanism is."""

    FORMAL = "formal"
    DESCRIPTION = "description"
    UNNAMED = "unnamed"
    NO_MECHANISM_YET = "no_mechanism_yet"
    NHRI_LIKE = "nhri_like"
    WITHHELD = "withheld"


class Field(StrEnum):
    """What a profile says of a mechanism, in the order in which it is shown."""

    NAME = "name"
    ACRONYM = "acronym"
    TYPE = "type"
    HOST = "host"
    YEAR = "year"
    LEGAL_BASIS = "legal_basis"
    COMPOSITION = "composition"
    SECRETARIAT = "secretariat"
    MEETINGS = "meetings"
    ENGAGEMENT = "engagement"
    COORDINATION = "coordination"
    CONSULTATION = "consultation"
    INFORMATION = "information"
    TRACKING_TOOL = "tracking_tool"
    TOOL_ADDRESS = "tool_address"
    TOOL_STATE = "tool_state"
    LANGUAGES = "languages"


class Basis(StrEnum):
    """On whose word a fact stands."""

    PUBLIC_SOURCE = "public_source"
    STATE = "state"


class Visibility(StrEnum):
    """Who may read a part of a profile: everybody, members and observers, the secretariat alone.

    The State itself reads all of its own.
    """

    PUBLIC = "public"
    MEMBERS = "members"
    SECRETARIAT = "secretariat"


class ContactKind(StrEnum):
    """A way to reach a mechanism. Only one of them names a person."""

    MAILBOX = "mailbox"
    TELEPHONE = "telephone"
    ADDRESS = "address"
    WEBSITE = "website"
    PERSON = "person"


class Mechanism(Identified, Curated, Model):
    """A national mechanism. A State has none, one or several; one of several leads.

    `key` is the State's code in small letters, with a number from the second one on. `name` is
    the original one; `translations` are ours, by language, and never the State's. `sourced_status`
    keeps what public sources made of the name while the State's own stands. One that its State
    described (`is_described`) is hidden while nothing of that is published. `asked_on` is when its
    State was last asked to confirm what is old.
    """

    __tablename__ = "mechanism"
    __table_args__ = (
        Index(
            "uq_mechanism_lead",
            "state_id",
            unique=True,
            postgresql_where=text("is_lead"),
        ),
        Index(
            "ix_mechanism_sought",
            "sought",
            postgresql_using="gin",
            postgresql_ops={"sought": "gin_trgm_ops"},
        ),
    )

    key: Mapped[str] = mapped_column(String(20), unique=True)
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"), init=False, index=True)
    state: Mapped[State] = relationship(lazy="raise", repr=False)
    name: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    name_language: Mapped[str] = mapped_column(String(8), default="")
    translations: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    name_status: Mapped[NameStatus] = mapped_column(by_value(NameStatus))
    sourced_status: Mapped[NameStatus | None] = mapped_column(by_value(NameStatus), default=None)
    acronym: Mapped[str] = mapped_column(String(40), default="")
    is_lead: Mapped[bool] = mapped_column(default=True)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    is_described: Mapped[bool] = mapped_column(default=False, server_default=false())
    sought: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(String(SOURCE_MOST), default="")
    recorded_on: Mapped[date]
    asked_on: Mapped[date | None] = mapped_column(default=None)

    facts: Mapped[list[ProfileFact]] = relationship(
        back_populates="mechanism",
        lazy="raise",
        default_factory=list,
        repr=False,
        cascade="all, delete-orphan",
    )


class ProfileFact(Identified, Curated, Model):
    """One thing known of a mechanism, in one language, from a public source or from its State.

    `as_of` is the day the source speaks of (None when it does not say), `recorded_on` the day
    it was taken up here, `confirmed_on` the last day its State said that it is still right. The
    source is a web address, a document's name or both. A hidden fact is shown, counted and found
    nowhere outside. `version_id` is the version whose words the State consented to.
    """

    __tablename__ = "profile_fact"
    __table_args__ = (
        UniqueConstraint("mechanism_id", "field", "language", "basis"),
        CheckConstraint("basis <> 'public_source' OR source_url <> ''", name="public_has_source"),
        Index(
            "ix_profile_fact_sought",
            "sought",
            postgresql_using="gin",
            postgresql_ops={"sought": "gin_trgm_ops"},
        ),
    )

    mechanism_id: Mapped[UUID] = mapped_column(ForeignKey("mechanism.id"), init=False, index=True)
    mechanism: Mapped[Mechanism] = relationship(back_populates="facts", lazy="raise", repr=False)
    field: Mapped[Field] = mapped_column(by_value(Field))
    value: Mapped[str] = mapped_column(String(VALUE_MOST))
    language: Mapped[str] = mapped_column(String(8), default="en")
    is_translation: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[Basis] = mapped_column(by_value(Basis), default=Basis.PUBLIC_SOURCE)
    visibility: Mapped[Visibility] = mapped_column(
        by_value(Visibility), default=Visibility.PUBLIC, server_default=Visibility.PUBLIC.value
    )
    source_url: Mapped[str] = mapped_column(String(SOURCE_MOST), default="")
    source_name: Mapped[str] = mapped_column(String(NAME_MOST), default="", server_default="")
    as_of: Mapped[date | None] = mapped_column(default=None)
    recorded_on: Mapped[date]
    confirmed_on: Mapped[date | None] = mapped_column(default=None)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    version_id: Mapped[UUID | None] = mapped_column(default=None)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    sought: Mapped[str] = mapped_column(default="")

    @property
    def is_edited(self) -> bool:
        """Whether a person stands behind this fact, so that a file may only propose."""
        return self.edited_at is not None or self.basis is Basis.STATE


class Contact(Identified, Model):
    """One version of one way to reach a State's mechanism, or the State where it has none yet.

    A row keeps its wording: a change makes the next version of the same `line_id`, and the row
    before it is shown until the new one is. `shown_at` is None while a version waits for the
    State's consent, which is given for the row's own id. `is_hidden`: ended, replaced or dropped.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("line_id", "version"),
        CheckConstraint("kind <> 'person' OR visibility <> 'public'", name="no_person_in_public"),
        CheckConstraint("basis <> 'public_source' OR source_url <> ''", name="public_has_source"),
        Index(
            "uq_contact_shown",
            "line_id",
            unique=True,
            postgresql_where=text("shown_at IS NOT NULL AND NOT is_hidden"),
        ),
        Index(
            "uq_contact_waiting",
            "line_id",
            unique=True,
            postgresql_where=text("shown_at IS NULL AND NOT is_hidden"),
        ),
        Index(
            "ix_contact_sought",
            "sought",
            postgresql_using="gin",
            postgresql_ops={"sought": "gin_trgm_ops"},
        ),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"), index=True)
    mechanism_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("mechanism.id"), default=None, index=True
    )
    line_id: Mapped[UUID] = mapped_column(default_factory=uuid4)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[ContactKind] = mapped_column(by_value(ContactKind))
    value: Mapped[str] = mapped_column(String(CONTACT_MOST))
    language: Mapped[str] = mapped_column(String(8), default="")
    visibility: Mapped[Visibility] = mapped_column(by_value(Visibility), default=Visibility.MEMBERS)
    basis: Mapped[Basis] = mapped_column(by_value(Basis), default=Basis.STATE)
    source_url: Mapped[str] = mapped_column(String(SOURCE_MOST), default="")
    as_of: Mapped[date | None] = mapped_column(default=None)
    written_at: Mapped[datetime]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    shown_at: Mapped[datetime | None] = mapped_column(default=None)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    sought: Mapped[str] = mapped_column(default="")
