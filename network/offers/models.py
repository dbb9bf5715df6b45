"""Standing offers: what a mechanism can give to others, in versions that its State consents to."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.languages import UN_LANGUAGES
from core.model import Identified, Model, by_value
from network.mechanisms.models import Mechanism
from network.offers.states import OfferState

NOTE_MOST = 1_000
PER_YEAR_MOST = 50
REASON_MOST = 500
LANGUAGES = (*UN_LANGUAGES, "pt")
"""The languages in which mechanisms work together: the six of the United Nations, and Portuguese."""


class ExchangeType(StrEnum):
    """The forms that an exchange between peers takes."""

    EXPERT_MISSION = "expert_mission"
    STUDY_VISIT = "study_visit"
    WORKSHOP = "workshop"
    ONLINE_CLINIC = "online_clinic"
    DOCUMENT_REVIEW = "document_review"
    MENTORING = "mentoring"


class Capacity(StrEnum):
    """The four capacities of a national mechanism."""

    ENGAGEMENT = "engagement"
    COORDINATION = "coordination"
    CONSULTATION = "consultation"
    INFORMATION_MANAGEMENT = "information_management"


class PauseReason(StrEnum):
    """Why a mechanism takes no exchanges for a while."""

    OWN_REVIEW = "own_review"
    STAFF_CHANGE = "staff_change"
    GOVERNMENT_CHANGE = "government_change"
    OTHER_EXCHANGES = "other_exchanges"
    OTHER = "other"


class Offer(Identified, Model):
    """One version of a mechanism's standing offer; its id is what the State's consent is about.

    Once it was sent for consent its words never change: a change makes the next version.
    `themes` are keys of themes and `languages` codes. `per_year` is how many exchanges a year the
    mechanism takes on; None only while it is a draft. It takes none before the day after
    `paused_until`. `note` is in the mechanism's own words, by language.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("mechanism_id", "version"),
        Index(
            "uq_offer_published",
            "mechanism_id",
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
        Index(
            "uq_offer_in_work",
            "mechanism_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'waiting')"),
        ),
        CheckConstraint("per_year IS NULL OR per_year BETWEEN 1 AND 50", name="per_year"),
        CheckConstraint("state = 'draft' OR per_year IS NOT NULL", name="complete"),
        CheckConstraint("(paused_until IS NULL) = (pause_reason IS NULL)", name="pause_has_reason"),
    )

    mechanism_id: Mapped[UUID] = mapped_column(ForeignKey("mechanism.id"), init=False)
    mechanism: Mapped[Mechanism] = relationship(lazy="raise", repr=False)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[OfferState] = mapped_column(by_value(OfferState), default=OfferState.DRAFT)
    themes: Mapped[list[str]] = mapped_column(default_factory=list)
    capacities: Mapped[list[str]] = mapped_column(default_factory=list)
    types: Mapped[list[str]] = mapped_column(default_factory=list)
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    per_year: Mapped[int | None] = mapped_column(default=None)
    note: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    paused_until: Mapped[date | None] = mapped_column(default=None)
    pause_reason: Mapped[PauseReason | None] = mapped_column(by_value(PauseReason), default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_back: Mapped[str] = mapped_column(String(REASON_MOST), default="")
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)

    def is_paused(self, today: date) -> bool:
        """Whether the mechanism takes no exchanges on this day."""
        return self.paused_until is not None and today <= self.paused_until
