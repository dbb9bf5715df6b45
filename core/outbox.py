"""Facts: what happened, written in the same transaction as the change itself.

A verb calls `record`; the dispatcher (workers floor) hands committed facts to their handlers.
Nothing calls a broker or a mail server inside a request.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Identity, Index, String, delete, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import context
from core.metrics import Gauge, measured
from core.model import Identified, Model

CHANNEL = "relais_outbox"
BACK_OFF_SECONDS = (2, 10, 60, 300, 900, 3600)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened: a past-tense name and ids, nothing that says who a person is."""

    registry: ClassVar[dict[str, type[Fact]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Fact.registry[cls.__name__] = cls


class OutboxEntry(Identified, Model):
    """A fact waiting for its handlers, or done."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_pending", "sequence", postgresql_where=text("done_at IS NULL")),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), init=False)
    kind: Mapped[str] = mapped_column(String(80))
    body: Mapped[dict[str, Any]]
    request_id: Mapped[str | None] = mapped_column(String(40), default=None)
    recorded_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(String(200), default=None)

    def fact(self) -> Fact:
        """The fact as it was recorded."""
        kind = Fact.registry[self.kind]
        values = {f.name: _back(f.type, self.body.get(f.name)) for f in dataclasses.fields(kind)}
        return kind(**values)


def record(
    session: Session, fact: Fact, *, now: datetime, request_id: str | None = None
) -> OutboxEntry:
    """Write `fact` beside the change it speaks of.

    A trigger on the table (first migration) notifies `CHANNEL`, so the dispatcher wakes at
    commit without another round trip here.
    """
    body = {field.name: _plain(getattr(fact, field.name)) for field in dataclasses.fields(fact)}
    entry = OutboxEntry(
        kind=type(fact).__name__,
        body=body,
        recorded_at=now,
        request_id=request_id or context.request_id.get(),
    )
    session.add(entry)
    return entry


def next_pending(session: Session, *, now: datetime) -> OutboxEntry | None:
    """The oldest fact whose turn it is and that no other dispatcher holds, locked."""
    return session.scalar(
        select(OutboxEntry)
        .where(
            OutboxEntry.done_at.is_(None),
            or_(OutboxEntry.try_at.is_(None), OutboxEntry.try_at <= now),
        )
        .order_by(OutboxEntry.sequence)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def finish(entry: OutboxEntry, *, now: datetime) -> None:
    """Every handler of this fact has run."""
    entry.attempts += 1
    entry.done_at = now
    entry.failure = None


def postpone(entry: OutboxEntry, *, word: str, now: datetime) -> None:
    """A handler failed: try all of them again later. A fact is never given up."""
    entry.attempts += 1
    entry.failure = word[:200]
    pause = BACK_OFF_SECONDS[min(entry.attempts, len(BACK_OFF_SECONDS)) - 1]
    entry.try_at = now + timedelta(seconds=pause)


def forget_done(session: Session, *, before: datetime) -> int:
    """Delete facts that were done before that moment; answers how many."""
    gone = session.execute(
        delete(OutboxEntry).where(OutboxEntry.done_at < before).returning(OutboxEntry.id)
    )
    return len(gone.all())


def depth(session: Session, *, now: datetime) -> tuple[int, int, float]:
    """How many facts wait, how many of them have failed, and the age of the oldest in seconds."""
    row = session.execute(
        select(
            func.count(),
            func.count(OutboxEntry.failure),
            func.min(OutboxEntry.recorded_at),
        ).where(OutboxEntry.done_at.is_(None))
    ).one()
    oldest: datetime | None = row[2]
    return row[0], row[1], (now - oldest).total_seconds() if oldest is not None else 0.0


@measured
def outbox_gauges(session: Session, now: datetime) -> Iterable[Gauge]:
    """How far the effects are behind the facts."""
    waiting, failing, oldest = depth(session, now=now)
    yield Gauge(name="relais_outbox_pending", help="Facts that wait.", values={(): waiting})
    yield Gauge(name="relais_outbox_failing", help="Facts that failed.", values={(): failing})
    yield Gauge(
        name="relais_outbox_oldest_seconds", help="Age of the oldest fact.", values={(): oldest}
    )


def _plain(value: object) -> object:
    if isinstance(value, uuid.UUID):
        return str(value)
    if value is None or isinstance(value, (str, int, bool)):
        return value
    message = f"a fact holds ids and plain words, not {type(value).__name__}"
    raise TypeError(message)


def _back(annotation: object, value: object) -> object:
    if value is not None and "UUID" in str(annotation):
        return uuid.UUID(str(value))
    return value
