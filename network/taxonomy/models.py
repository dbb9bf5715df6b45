"""Words that everything else is filed under: States and their groups, themes, persons, review bodies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Dataclass, Identified, Model, by_value


class UnStatus(StrEnum):
    """How a State stands to the United Nations."""

    MEMBER = "member"
    OBSERVER = "observer"
    NON_MEMBER = "non-member"


class Group(StrEnum):
    """The five regional groups of the United Nations."""

    AG = "AG"
    APG = "APG"
    EEG = "EEG"
    GRULAC = "GRULAC"
    WEOG = "WEOG"


class Flag(StrEnum):
    """Lists that the preamble of the Council's resolution singles out."""

    LDC = "ldc"
    LLDC = "lldc"
    SIDS = "sids"


class Curated(Dataclass, kw_only=True, eq=False):
    """A row that comes from a file until a person edits it; from then on the file only proposes."""

    edited_by: Mapped[UUID | None] = mapped_column(default=None)
    edited_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def is_edited(self) -> bool:
        """Whether a person has changed this row."""
        return self.edited_at is not None


class State(Identified, Curated, Model):
    """A State with its short names by language. Invented ones exist in demo and tests only."""

    __tablename__ = "state"
    __table_args__ = (
        CheckConstraint("NOT is_invented OR iso3 LIKE 'X%'", name="invented_code"),
        Index(
            "ix_state_sought",
            "sought",
            postgresql_using="gin",
            postgresql_ops={"sought": "gin_trgm_ops"},
        ),
    )

    iso3: Mapped[str] = mapped_column(String(3), unique=True)
    iso2: Mapped[str] = mapped_column(String(2), unique=True)
    m49: Mapped[str] = mapped_column(String(3), default="")
    un_status: Mapped[UnStatus] = mapped_column(by_value(UnStatus), default=UnStatus.MEMBER)
    names: Mapped[dict[str, str]]
    orders: Mapped[dict[str, str]]
    sought: Mapped[str]
    region: Mapped[str] = mapped_column(String(60), default="")
    subregion: Mapped[str] = mapped_column(String(60), default="")
    is_invented: Mapped[bool] = mapped_column(default=False)

    classifications: Mapped[list[Classification]] = relationship(
        back_populates="state",
        lazy="raise",
        default_factory=list,
        repr=False,
        cascade="all, delete-orphan",
    )


class Classification(Identified, Curated, Model):
    """A State belongs to a regional group or stands on a list, from one day until another.

    `until` is the day on which it has left. `expected_until` is a day that was announced
    and not confirmed: it is shown, and changes nothing by itself.
    """

    __tablename__ = "state_classification"
    __table_args__ = (
        UniqueConstraint("state_id", "kind", "word", "since", postgresql_nulls_not_distinct=True),
        CheckConstraint("kind IN ('group', 'flag')", name="kind"),
        CheckConstraint(
            "until IS NULL OR since IS NULL OR until > since", name="until_after_since"
        ),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"), init=False, index=True)
    state: Mapped[State] = relationship(back_populates="classifications", lazy="raise", repr=False)
    kind: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(String(20))
    since: Mapped[date | None] = mapped_column(default=None)
    until: Mapped[date | None] = mapped_column(default=None)
    expected_until: Mapped[date | None] = mapped_column(default=None)
    source: Mapped[str] = mapped_column(String(500))


class Theme(Identified, Curated, Model):
    """What a recommendation, an exchange or a practice is about."""

    __tablename__ = "theme"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    family: Mapped[str] = mapped_column(String(80))
    names: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(default=0)


class AffectedPersons(Identified, Curated, Model):
    """Whose rights a recommendation speaks of."""

    __tablename__ = "affected_persons"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    names: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(default=0)


class ReviewBody(Identified, Curated, Model):
    """A treaty body, the UPR, the special procedures or a regional body."""

    __tablename__ = "review_body"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    acronym: Mapped[str] = mapped_column(String(20))
    names: Mapped[dict[str, str]]
    instrument: Mapped[str] = mapped_column(String(40), default="")
    adopted: Mapped[int | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)


class Proposal(Identified, Model):
    """A file says something else than a row that a person edited. A person decides."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("record", "record_key", "field", "new"),
        CheckConstraint("decision IS NULL OR decision IN ('taken', 'declined')", name="decision"),
    )

    record: Mapped[str] = mapped_column(String(60))
    record_key: Mapped[str] = mapped_column(String(120))
    field: Mapped[str] = mapped_column(String(60))
    old: Mapped[str]
    new: Mapped[str]
    source: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(20), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[UUID | None] = mapped_column(default=None)
