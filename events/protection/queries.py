"""What the desk and the person themselves may see of the vault's log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import seal
from core.seal import Sealed
from events.protection.models import Opening


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
    return [
        (row, str(seal.unseal(private_key, Sealed(row.key_id, row.reason))["reason"]))
        for row in rows
    ]
