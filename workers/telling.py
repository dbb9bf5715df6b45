"""Mails to seats and to holders of a personal link.

Whoever holds a seat when the fact is handled is told, each mailbox once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who has the personal link of one row. Whoever `is_sealed` is written to by the vault alone."""

    kind: str
    id: UUID
    language: str
    is_sealed: bool


@dataclass(frozen=True)
class Teller:
    """Tells holders of links of one kind. `find` gives the holder of a row, None if nobody is left."""

    find: Callable[[Session, UUID], Holder | None]

    def __call__(
        self,
        session: Session,
        row_id: UUID,
        message: str,
        *,
        now: datetime,
        once: object = "",
        subject_id: UUID | None = None,
        queue: str = "mail",
    ) -> None:
        """Queue `message` to the holder of a row; the same `once` again changes nothing.

        The builder gets the holder's kind and id as those of the recipient, and `subject_id`.
        """
        holder = self.find(session, row_id)
        if holder is None:
            return
        queue_message(
            session,
            key=f"{message}:{holder.id}:{once}",
            message=message,
            recipient_kind=holder.kind,
            recipient_id=holder.id,
            subject_id=subject_id,
            queue="vault" if holder.is_sealed else queue,
            locale=holder.language,
            now=now,
        )
