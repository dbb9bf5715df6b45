"""Consents of States: given by an authorising seat, or on paper; scoped, dated, revocable."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Identified, Model, by_value

REASON_MOST = 2_000


class ConsentKind(StrEnum):
    """The closed list of what needs the consent of the State concerned."""

    EXCHANGE_REQUEST = "exchange_request"
    BID = "bid"
    SELECTION = "selection"
    AGREEMENT = "agreement"
    OUTCOME = "outcome"
    PROFILE_PART = "profile_part"
    PRACTICE = "practice"
    STANDING_OFFER = "standing_offer"


class Basis(StrEnum):
    """How a consent came in."""

    OWN_FACTOR = "own factor"
    PAPER = "paper"


class Need(StrEnum):
    """Whose consent a State wants: that of any one authorising seat, or of all."""

    ANY_ONE = "any_one"
    ALL = "all"


class ConsentRule(Identified, Model):
    """What a State wants. Without a row any one authorising seat gives."""

    __tablename__ = "consent_rule"

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"), unique=True)
    need: Mapped[Need] = mapped_column(by_value(Need), default=Need.ANY_ONE)
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


class Consent(Identified, Model):
    """One seat's voice for its State, or the State's word on paper.

    It covers one subject, on the days from `from_on` to `until_on` (None: without limit), with
    one partner if one is named, and the publishing of what `publish` lists and of nothing else.
    A paper is in force once a second person of the secretariat has entered it too.
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("basis <> 'own factor' OR seat_id IS NOT NULL", name="seat_speaks"),
        CheckConstraint(
            "basis <> 'own factor' OR proved IN ('totp', 'passkey', 'printed')", name="own_factor"
        ),
        CheckConstraint("basis <> 'paper' OR seat_id IS NULL", name="paper_has_no_seat"),
        CheckConstraint(
            "basis <> 'paper' OR (document_id IS NOT NULL AND entered_by IS NOT NULL)",
            name="paper_is_kept",
        ),
        CheckConstraint(
            "second_by IS NULL OR second_by <> entered_by", name="paper_takes_two_people"
        ),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second_has_moment"),
        CheckConstraint(
            "from_on IS NULL OR until_on IS NULL OR from_on <= until_on", name="days_in_order"
        ),
        Index("ix_consent_subject", "state_id", "kind", "subject_id"),
        Index(
            "ix_consent_until",
            "until_on",
            postgresql_where=text("until_on IS NOT NULL AND revoked_at IS NULL"),
        ),
        Index(
            "uq_consent_voice",
            "kind",
            "subject_id",
            "seat_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL AND seat_id IS NOT NULL"),
        ),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    kind: Mapped[ConsentKind] = mapped_column(by_value(ConsentKind))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    partner_id: Mapped[UUID | None] = mapped_column(default=None)
    from_on: Mapped[date | None] = mapped_column(default=None)
    until_on: Mapped[date | None] = mapped_column(default=None)
    publish: Mapped[list[str]] = mapped_column(default_factory=list)
    basis: Mapped[Basis] = mapped_column(by_value(Basis))
    given_at: Mapped[datetime]
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    proved: Mapped[str | None] = mapped_column(String(20), default=None)
    has_both_seats: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[UUID | None] = mapped_column(default=None)
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    second_at: Mapped[datetime | None] = mapped_column(default=None)
    contestable_until: Mapped[datetime | None] = mapped_column(default=None)
    contested_at: Mapped[datetime | None] = mapped_column(default=None)
    contested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


class Withdrawal(Identified, Model):
    """A seat said no. It stands against every consent of its State until that seat lifts it."""

    __tablename__ = "consent_withdrawal"
    __table_args__ = (
        Index("ix_consent_withdrawal_subject", "state_id", "kind", "subject_id"),
        Index(
            "uq_consent_withdrawal_standing",
            "kind",
            "subject_id",
            "seat_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    kind: Mapped[ConsentKind] = mapped_column(by_value(ConsentKind))
    subject_id: Mapped[UUID]
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proved: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(REASON_MOST), default="")
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)


class ConsentKept(Identified, Model):
    """A successor looked at a consent that their predecessor gave, and kept it. Asked once."""

    __tablename__ = "consent_kept"
    __table_args__ = (UniqueConstraint("consent_id", "holder_id"),)

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("holder.id"))
    at: Mapped[datetime]


class ConsentConflict(Identified, Model):
    """Two authorising seats of one State said opposite things of one subject."""

    __tablename__ = "consent_conflict"

    withdrawal_id: Mapped[UUID] = mapped_column(ForeignKey("consent_withdrawal.id"), unique=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), index=True)
    at: Mapped[datetime]
