"""Counting what a page asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET TRANSACTION")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent while this lasts, without what only frames a transaction."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(AROUND):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
