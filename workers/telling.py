"""Mails to seats: whoever holds them when the fact is handled is told, each mailbox once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from network.accounts.queries import reached
from network.notifications.service import queue_message


def tell(
    session: Session,
    seat_ids: Collection[UUID],
    message: str,
    *,
    subject_id: UUID,
    once: object,
    now: datetime,
) -> None:
    """Queue `message` to every mailbox behind the seats; the same `once` again changes nothing.

    The builder gets `recipient_kind` "mailbox", `recipient_id` the mailbox and `subject_id`.
    """
    for one in reached(session, seat_ids, now):
        queue_message(
            session,
            key=f"{message}:{subject_id}:{once}:{one.mailbox_id}",
            message=message,
            recipient_kind="mailbox",
            recipient_id=one.mailbox_id,
            subject_id=subject_id,
            locale=one.language,
            now=now,
        )
