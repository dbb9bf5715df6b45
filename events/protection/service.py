"""Sealing into the vault (any process) and opening it (only where the private key is)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import audit, outbox, seal
from core.context import Actor
from core.errors import Invalid, NotVisible
from core.languages import _
from core.seal import Sealed
from events.protection.facts import RecordCleared, RecordOpened
from events.protection.models import Opening, SealedContact, SealedIdentity

REASON_LEAST = 20
REASON_MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What is sealed of a person, beside their address."""

    name: str
    organisation: str
    needs: tuple[str, ...] = ()
    needs_note: str = ""


def seal_contact(
    session: Session, *, registration_id: UUID, address: str | None, public_key: str
) -> None:
    """Keep the address, sealed, in place of an earlier one."""
    session.execute(delete(SealedContact).where(SealedContact.registration_id == registration_id))
    closed = seal.seal(public_key, {"address": address})
    session.add(
        SealedContact(registration_id=registration_id, key_id=closed.key_id, body=closed.body)
    )


def seal_identity(
    session: Session,
    *,
    registration_id: UUID,
    event_id: UUID,
    number: int,
    identity: Identity,
    public_key: str,
) -> None:
    """Keep who it is, sealed, in place of an earlier record."""
    session.execute(delete(SealedIdentity).where(SealedIdentity.registration_id == registration_id))
    closed = seal.seal(public_key, asdict(identity))
    session.add(
        SealedIdentity(
            registration_id=registration_id,
            event_id=event_id,
            number=number,
            key_id=closed.key_id,
            body=closed.body,
        )
    )


def sealed_contact(session: Session, *, registration_id: UUID) -> tuple[str, bytes]:
    """Key id and sealed bytes of the address, to be carried elsewhere unread."""
    row = session.scalars(
        select(SealedContact).where(SealedContact.registration_id == registration_id)
    ).one()
    return row.key_id, row.body


def erase(session: Session, *, registration_id: UUID) -> None:
    """Take a person out of the vault. The log of openings stays; it names no participant."""
    for table in (SealedContact, SealedIdentity):
        session.execute(delete(table).where(table.registration_id == registration_id))


def address_of(session: Session, registration_id: UUID, *, private_key: str) -> str | None:
    """The address of a discreet registration, for the worker that writes to it."""
    row = session.scalar(
        select(SealedContact).where(SealedContact.registration_id == registration_id)
    )
    if row is None:
        return None
    address: str | None = seal.unseal(private_key, Sealed(row.key_id, row.body))["address"]
    return address


def open_record(
    session: Session,
    *,
    registration_id: UUID,
    reason: str,
    private_key: str,
    public_key: str,
    by: Actor,
    now: datetime,
) -> Mapping[str, Any]:
    """Open one record, with a written reason, and leave the trace before anything is shown.

    Raises Invalid without a reason that others can judge, NotVisible if nothing is sealed there.
    """
    reason = reason.strip()
    if len(reason) < REASON_LEAST:
        raise Invalid({"reason": _("Write at least a sentence: the other officers will read it.")})
    if len(reason) > REASON_MOST:
        raise Invalid({"reason": _("Keep the reason under 1,000 characters.")})
    row = session.scalar(
        select(SealedIdentity).where(SealedIdentity.registration_id == registration_id)
    )
    if row is None or by.person_id is None or by.seat_id is None:
        raise NotVisible(_("There is no sealed record here."))
    content = seal.unseal(private_key, Sealed(row.key_id, row.body))
    closed = seal.seal(public_key, {"reason": reason})
    opening = Opening(
        registration_id=registration_id,
        person_id=by.person_id,
        seat_id=by.seat_id,
        at=now,
        key_id=closed.key_id,
        reason=closed.body,
    )
    session.add(opening)
    audit.write(
        session,
        "protection.opened",
        by=by,
        now=now,
        subject_kind="opening",
        subject_id=opening.id,
    )
    outbox.record(session, RecordOpened(opening_id=opening.id, person_id=by.person_id), now=now)
    address = address_of(session, registration_id, private_key=private_key)
    return {**content, "address": address}


def clear(session: Session, *, registration_id: UUID, by: Actor, now: datetime) -> None:
    """Say that the secretariat may approve this registration. Why is not said anywhere."""
    row = session.scalar(
        select(SealedIdentity).where(SealedIdentity.registration_id == registration_id)
    )
    if row is None or by.person_id is None or by.seat_id is None:
        raise NotVisible(_("There is no sealed record here."))
    row.cleared_at = now
    audit.write(
        session,
        "protection.cleared",
        by=by,
        now=now,
        subject_kind="registration",
        subject_id=registration_id,
    )
    outbox.record(
        session,
        RecordCleared(registration_id=registration_id, person_id=by.person_id, seat_id=by.seat_id),
        now=now,
    )
