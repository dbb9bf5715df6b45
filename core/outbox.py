"""Facts: what happened, written in the same transaction as the change itself.

A verb calls `record`; the dispatcher (workers floor) hands committed facts to their handlers.
Nothing calls a broker or a mail server inside a request.
"""

from __future__ import annotations

import dataclasses
import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Identity, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.model import Identified, Model

CHANNEL = "relais_outbox"


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
        Index("ix_outbox_pending", "recorded_at", postgresql_where=text("done_at IS NULL")),
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
        values = {
            f.name: _back(f.type, self.body.get(f.name)) for f in dataclasses.fields(kind)
        }
        return kind(**values)


def record(session: Session, fact: Fact, *, now: datetime, request_id: str | None = None) -> None:
    """Write `fact` beside the change it speaks of.

    A trigger on the table (first migration) notifies `CHANNEL`, so the dispatcher wakes at
    commit without another round trip here.
    """
    body = {
        field.name: _plain(getattr(fact, field.name)) for field in dataclasses.fields(fact)
    }
    session.add(
        OutboxEntry(kind=type(fact).__name__, body=body, recorded_at=now, request_id=request_id)
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
