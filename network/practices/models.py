"""Practices of the hub: what was done somewhere, with what result, and where it came from."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.languages import UN_LANGUAGES
from core.model import Identified, Model, by_value
from network.practices.states import PracticeState

TITLE_MOST = 200
TEXT_MOST = 6_000
LANGUAGES = (*UN_LANGUAGES, "pt")
TEXTS = ("title", "problem", "what_was_done", "result", "conditions", "what_did_not_work")
"""What is written by language."""


class Practice(Identified, Model):
    """One practice. Its texts are by language; `exchange_id` is the exchange that it came out of.

    `text_id` names the words: it changes with them, and a State's consent is to one `text_id`.
    `themes`, `capacities` and `bodies` are keys; `verified_on` is when it was last found to hold.
    """

    __tablename__ = "practice"
    __table_args__ = (Index("ix_practice_state", "state", "key"),)

    key: Mapped[str] = mapped_column(String(40), unique=True)
    made_at: Mapped[datetime]
    state_since: Mapped[datetime]
    changed_at: Mapped[datetime]
    exchange_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("exchange.id"), default=None, unique=True
    )
    state: Mapped[PracticeState] = mapped_column(
        by_value(PracticeState), default=PracticeState.DRAFT
    )
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    text_id: Mapped[UUID] = mapped_column(default_factory=uuid4, unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    title: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    problem: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    what_was_done: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    result: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    conditions: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    what_did_not_work: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    themes: Mapped[list[str]] = mapped_column(default_factory=list)
    capacities: Mapped[list[str]] = mapped_column(default_factory=list)
    bodies: Mapped[list[str]] = mapped_column(default_factory=list)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    verified_on: Mapped[date | None] = mapped_column(default=None)

    states: Mapped[list[PracticeOf]] = relationship(
        lazy="raise", default_factory=list, repr=False, order_by="PracticeOf.position"
    )


class PracticeOf(Identified, Model):
    """A State whose practice it is; each of them consents before it is published."""

    __tablename__ = "practice_state"
    __table_args__ = (
        UniqueConstraint("practice_id", "state_id"),
        Index("ix_practice_state_of", "state_id"),
    )

    practice_id: Mapped[UUID] = mapped_column(ForeignKey("practice.id"))
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    position: Mapped[int] = mapped_column(default=0)
