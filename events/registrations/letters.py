"""Letters of nomination: stored in the open, or sealed before they touch the disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import files
from core.house import House
from events.registrations.models import Registration


def keep(
    session: Session,
    registration: Registration,
    letter: files.CheckedFile,
    *,
    house: House,
    now: datetime,
) -> UUID:
    """Store the letter; a discreet person's is sealed, bytes and name, before it touches the disk."""
    row = files.keep(
        session,
        files.Disk(house.files),
        body=letter.body,
        name=letter.name,
        mime=letter.mime,
        owner_kind="registration",
        owner_id=registration.id,
        now=now,
        vault_public_key=house.vault_public_key if registration.discreet else None,
    )
    return row.id


def stored(session: Session, registration_id: UUID) -> Sequence[files.StoredFile]:
    """The files that came with a registration."""
    return session.scalars(
        select(files.StoredFile).where(
            files.StoredFile.owner_kind == "registration",
            files.StoredFile.owner_id == registration_id,
        )
    ).all()


def erase(session: Session, registration_id: UUID, *, house: House) -> None:
    """Delete the files that came with a registration."""
    store = files.Disk(house.files)
    for row in stored(session, registration_id):
        files.erase(session, store, row)


def seal_all(session: Session, registration_id: UUID, *, house: House, now: datetime) -> None:
    """Put sealed files in the place of open ones."""
    store = files.Disk(house.files)
    for row in stored(session, registration_id):
        files.keep(
            session,
            store,
            body=files.read(store, row),
            name=row.name,
            mime=row.mime,
            owner_kind="registration",
            owner_id=registration_id,
            now=now,
            vault_public_key=house.vault_public_key,
        )
        files.erase(session, store, row)
