"""Who and what is behind the work at hand, for logs and the audit trail: ids only."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
fact_id: ContextVar[UUID | None] = ContextVar("fact_id", default=None)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a person in a seat, a personal link, or the platform itself.

    `kind` is one of person, link, system. `proved` says how the person showed who they are
    (mailbox, totp, passkey, printed), None for links and the system; `proved_at` is when.
    """

    kind: str
    person_id: UUID | None = None
    seat_id: UUID | None = None
    visit_id: UUID | None = None
    subject_id: UUID | None = None
    proved: str | None = None
    proved_at: datetime | None = None


SYSTEM = Actor(kind="system")


def link(subject_id: UUID) -> Actor:
    """The holder of a personal link; `subject_id` is what the link belongs to."""
    return Actor(kind="link", subject_id=subject_id)
