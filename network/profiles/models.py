"""Versions of what a State itself says of its mechanism. A version's words never change."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value
from network.mechanisms.models import (
    NAME_MOST,
    SOURCE_MOST,
    VALUE_MOST,
    Field,
    Mechanism,
    Visibility,
)
from network.profiles.states import PartState

REASON_MOST = 2_000


class PartVersion(Identified, Model):
    """One version of one part, numbered within the part; its id is what a consent is about.

    `as_of` is the day for which the words are said to hold. Whoever wrote it stands with person
    and seat; `restored_from` is the number of the version it took up again. `reason` is why an
    authorising officer said no or withdrew.
    """

    __tablename__ = "part_version"
    __table_args__ = (
        UniqueConstraint("mechanism_id", "field", "number"),
        Index(
            "uq_part_version_open",
            "mechanism_id",
            "field",
            unique=True,
            postgresql_where=text("state IN ('draft', 'waiting')"),
        ),
        Index(
            "uq_part_version_published",
            "mechanism_id",
            "field",
            "language",
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
        CheckConstraint(
            "state IN ('draft', 'replaced') OR (value <> '' AND language <> '' AND as_of IS NOT NULL"
            " AND (source_url <> '' OR source_name <> ''))",
            name="complete",
        ),
    )

    mechanism_id: Mapped[UUID] = mapped_column(ForeignKey("mechanism.id"), init=False)
    mechanism: Mapped[Mechanism] = relationship(lazy="raise", repr=False)
    field: Mapped[Field] = mapped_column(by_value(Field))
    number: Mapped[int]
    state: Mapped[PartState] = mapped_column(by_value(PartState), default=PartState.DRAFT)
    value: Mapped[str] = mapped_column(String(VALUE_MOST), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    source_url: Mapped[str] = mapped_column(String(SOURCE_MOST), default="")
    source_name: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    as_of: Mapped[date | None] = mapped_column(default=None)
    visibility: Mapped[Visibility] = mapped_column(by_value(Visibility), default=Visibility.PUBLIC)
    restored_from: Mapped[int | None] = mapped_column(default=None)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(String(REASON_MOST), default="")
