"""The vault: sealed details of discreet registrations, and the log of every opening.

Contact and identity are separate records, so that sending a mail never opens an identity.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Identified, Model


class SealedContact(Identified, Model):
    """Where to write to. Opened by the worker of the vault queue alone."""

    __tablename__ = "vault_contact"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    key_id: Mapped[str] = mapped_column(String(12))
    body: Mapped[bytes] = mapped_column(LargeBinary, repr=False)


class SealedIdentity(Identified, Model):
    """Who it is and what they need. Opened by a protection officer, one at a time.

    Meeting and neutral number are the only ways to a record.
    """

    __tablename__ = "vault_identity"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
    key_id: Mapped[str] = mapped_column(String(12))
    body: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    cleared_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def alias(self) -> str:
        """The neutral number as four digits."""
        return f"{self.number:04d}"


class Opening(Identified, Model):
    """An officer looked into one record. Append-only; the reason is sealed like the record."""

    __tablename__ = "vault_opening"

    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    person_id: Mapped[UUID]
    seat_id: Mapped[UUID]
    at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(12))
    reason: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
