"""The audit trail: who did what to which thing, and why. Append-only.

An act inserts its entry unchained in its own transaction. One sealer (beat, under an advisory
lock) links committed entries in batches and writes each batch's last hash to a file outside the
database. Personal before and after values lie in erasable side rows; the chain holds only their
salted hashes, so that erasing a person leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.context import Actor, request_id
from core.metrics import Gauge, measured
from core.model import Identified, Model


class AuditEntry(Identified, Model):
    """One act. `position`, `previous` and `hash` are empty until the sealer has linked it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_unsealed", "sequence", postgresql_where=text("hash IS NULL")),
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), init=False)
    at: Mapped[datetime]
    word: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    actor_kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    seat_id: Mapped[UUID | None] = mapped_column(default=None)
    visit_id: Mapped[UUID | None] = mapped_column(default=None)
    proved: Mapped[str | None] = mapped_column(String(20), default=None)
    request_id: Mapped[str | None] = mapped_column(String(40), default=None)
    details: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    personal_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    position: Mapped[int | None] = mapped_column(BigInteger, default=None, unique=True)
    previous: Mapped[str | None] = mapped_column(String(64), default=None)
    hash: Mapped[str | None] = mapped_column(String(64), default=None)


class AuditPersonal(Identified, Model):
    """Personal before and after values of one entry, erasable, with the salt of their hash."""

    __tablename__ = "audit_personal"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    values: Mapped[dict[str, Any]]
    salt: Mapped[str] = mapped_column(String(32))


def write(
    session: Session,
    word: str,
    *,
    by: Actor,
    now: datetime,
    subject_kind: str,
    subject_id: UUID | None,
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry to the act's own transaction.

    `details` holds plain words and ids, never a person's data; what is personal goes into
    `personal`, and never anything of a discreet registration.
    """
    entry = AuditEntry(
        at=now,
        word=word,
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_kind=by.kind,
        person_id=by.person_id,
        seat_id=by.seat_id,
        visit_id=by.visit_id,
        proved=by.proved,
        request_id=request_id.get(),
        details=dict(details or {}),
    )
    session.add(entry)
    if personal:
        salt = secrets.token_hex(16)
        entry.personal_hash = personal_hash(personal, salt)
        session.add(AuditPersonal(entry_id=entry.id, values=dict(personal), salt=salt))
    return entry


def personal_hash(values: Mapping[str, Any], salt: str) -> str:
    """The salted hash that stands for personal values in the chain."""
    plain = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(salt.encode(), plain.encode(), hashlib.sha256).hexdigest()


def unsealed(session: Session) -> int:
    """How many committed entries the sealer has not linked yet."""
    count = select(func.count()).select_from(AuditEntry).where(AuditEntry.hash.is_(None))
    return session.scalar(count) or 0


@measured
def audit_gauges(session: Session, _now: datetime) -> Iterable[Gauge]:
    """How long the unsealed tail is."""
    yield Gauge(
        name="relais_audit_unsealed",
        help="Audit entries that the sealer has not linked yet.",
        values={(): unsealed(session)},
    )
