"""People, the mailboxes they share, what proves that it is them, and their visits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value
from network.seats.models import Holder, Seat

ADDRESS_MOST = 254
NAME_MOST = 200
LABEL_MOST = 80


class FactorKind(StrEnum):
    """What a person has that a colleague at the same mailbox has not."""

    TOTP = "totp"
    PASSKEY = "passkey"
    PRINTED = "printed"
    ENROLMENT = "enrolment"


class Proof(StrEnum):
    """How a visit has shown who is there. `enrolment` opens the set-up of a factor and no more."""

    MAILBOX = "mailbox"
    TOTP = "totp"
    PASSKEY = "passkey"
    PRINTED = "printed"
    ENROLMENT = "enrolment"


class Mailbox(Identified, Model):
    """An address that one or several people read. It is found by its HMAC only."""

    __tablename__ = "mailbox"

    look_up: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    address: Mapped[str] = mapped_column(String(ADDRESS_MOST), repr=False)


class Person(Identified, Model):
    """A named person. `tries` counts wrong factor codes in a row, the last one at `tries_since`."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(NAME_MOST), repr=False)
    language: Mapped[str] = mapped_column(String(8), default="en")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    tries_since: Mapped[datetime | None] = mapped_column(default=None)


class Factor(Identified, Model):
    """One thing that proves a person.

    A TOTP secret lies in `locked`, under a key made from SECRET_KEY and named by `lock_id`;
    `last_counter` makes a shown code work once. Printed and enrolment codes are kept as a
    `digest` and are used up by `ended_at`. A factor without `confirmed_at` proves nothing yet.
    """

    __tablename__ = "factor"
    __table_args__ = (
        CheckConstraint("(kind = 'totp') = (locked IS NOT NULL)", name="totp_is_locked"),
        CheckConstraint(
            "(kind IN ('printed', 'enrolment')) = (digest IS NOT NULL)", name="code_is_digest"
        ),
        Index("ix_factor_person", "person_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[FactorKind] = mapped_column(by_value(FactorKind))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    expires: Mapped[datetime | None] = mapped_column(default=None)
    locked: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, repr=False)
    lock_id: Mapped[str | None] = mapped_column(String(12), default=None)
    last_counter: Mapped[int | None] = mapped_column(BigInteger, default=None)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), default=None, repr=False)


class Reader(Identified, Model):
    """Who may work behind a mailbox, from `since` until `until` (None: still)."""

    __tablename__ = "reader"
    __table_args__ = (
        CheckConstraint('"until" IS NULL OR "until" >= since', name="ends_after_start"),
        Index("ix_reader_mailbox", "mailbox_id"),
        Index("ix_reader_person", "person_id"),
    )

    mailbox_id: Mapped[UUID] = mapped_column(ForeignKey("mailbox.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)


class Visit(Identified, Model):
    """One sign-in. The cookie holds its id and nothing else.

    Behind a shared mailbox `person` is None until one has said who one is. `is_desk` keeps
    visits of the protection desk apart from those of the public site.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR holder_id IS NULL", name="holder_is_somebody"),
        CheckConstraint("(proved = 'mailbox') = (proved_at IS NULL)", name="proof_has_its_moment"),
        Index("ix_visit_mailbox", "mailbox_id"),
    )

    mailbox_id: Mapped[UUID] = mapped_column(ForeignKey("mailbox.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), init=False)
    person: Mapped[Person | None] = relationship(lazy="raise", default=None, repr=False)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("holder.id"), init=False)
    holder: Mapped[Holder | None] = relationship(lazy="raise", default=None, repr=False)
    at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(8), default="en")
    is_desk: Mapped[bool] = mapped_column(default=False)
    proved: Mapped[Proof] = mapped_column(by_value(Proof), default=Proof.MAILBOX)
    proved_at: Mapped[datetime | None] = mapped_column(default=None)
    ended: Mapped[datetime | None] = mapped_column(default=None)

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether nobody has ended it."""
        return self.ended is None

    def get_id(self) -> str:
        """What the cookie holds."""
        return str(self.id)


class ApiToken(Identified, Model):
    """A program's key to a seat; only its digest is kept. It never proves a person."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_seat", "seat_id"),)

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), init=False)
    seat: Mapped[Seat] = relationship(lazy="raise", repr=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    label: Mapped[str] = mapped_column(String(LABEL_MOST))
    made_at: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used: Mapped[datetime | None] = mapped_column(default=None)
