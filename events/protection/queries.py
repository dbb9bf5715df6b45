"""What the desk and the person themselves may see of the vault's log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import seal
from core.errors import NotVisible
from core.files import StoredFile
from core.languages import _
from core.seal import Sealed
from events.programme.models import Event, Policy
from events.protection.models import Opening, SealedIdentity

MOST = 100


def openings_of(session: Session, registration_id: UUID) -> Sequence[datetime]:
    """When protection officers opened this record, oldest first: what the person is shown."""
    return session.scalars(
        select(Opening.at).where(Opening.registration_id == registration_id).order_by(Opening.at)
    ).all()


def latest_openings(
    session: Session, *, private_key: str, most: int = 50
) -> list[tuple[Opening, str]]:
    """The desk's log with the reasons, newest first, for officers to judge each other's acts."""
    rows = session.scalars(select(Opening).order_by(Opening.at.desc()).limit(most)).all()
    return [(row, _reason(row, private_key)) for row in rows]


def _reason(row: Opening, private_key: str) -> str:
    try:
        return str(seal.unseal(private_key, Sealed(row.key_id, row.reason))["reason"])
    except seal.CannotOpen:
        return _("(sealed to another key, which this desk does not hold)")


def events_with_sealed(session: Session) -> Sequence[Event]:
    """Meetings that have sealed registrations."""
    return session.scalars(
        select(Event)
        .where(Event.id.in_(select(SealedIdentity.event_id)))
        .order_by(Event.starts_on.desc(), Event.key)
    ).all()


def by_number(session: Session, *, event_id: UUID, number: int) -> UUID | None:
    """The registration behind a neutral number."""
    return session.scalar(
        select(SealedIdentity.registration_id).where(
            SealedIdentity.event_id == event_id, SealedIdentity.number == number
        )
    )


def sealed(session: Session, registration_id: UUID) -> SealedIdentity:
    """One sealed record, unopened. Raises NotVisible."""
    row = session.scalar(
        select(SealedIdentity).where(SealedIdentity.registration_id == registration_id)
    )
    if row is None:
        raise NotVisible(_("There is no sealed record here."))
    return row


def to_clear(session: Session) -> Sequence[tuple[SealedIdentity, Event]]:
    """Numbers of moderated meetings that no officer has cleared yet, in no order of arrival."""
    rows = session.execute(
        select(SealedIdentity, Event)
        .join(Event, Event.id == SealedIdentity.event_id)
        .where(SealedIdentity.cleared_at.is_(None), Event.policy == Policy.MODERATED)
        .order_by(Event.key, SealedIdentity.number)
        .limit(MOST)
    )
    return [(row[0], row[1]) for row in rows]


def opened_lately(
    session: Session, registration_id: UUID, *, person_id: UUID | None, since: datetime
) -> bool:
    """Whether this officer opened this record since then."""
    return (
        session.scalar(
            select(Opening.id)
            .where(
                Opening.registration_id == registration_id,
                Opening.person_id == person_id,
                Opening.at >= since,
            )
            .limit(1)
        )
        is not None
    )


def has_letter(session: Session, registration_id: UUID) -> bool:
    """Whether a sealed letter lies beside the record: it may have come after the form."""
    return (
        session.scalar(
            select(StoredFile.id)
            .where(StoredFile.owner_kind == "registration", StoredFile.owner_id == registration_id)
            .limit(1)
        )
        is not None
    )


def letter_of(session: Session, registration_id: UUID) -> StoredFile:
    """The sealed letter of a registration. Raises NotVisible."""
    row = session.scalar(
        select(StoredFile).where(
            StoredFile.owner_kind == "registration", StoredFile.owner_id == registration_id
        )
    )
    if row is None or not row.is_sealed:
        raise NotVisible(_("There is no letter here."))
    return row
