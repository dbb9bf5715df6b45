"""Many rows at once, as PostgreSQL takes them fastest: what a row leaves out is the model's default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Identity
from sqlalchemy.dialects.postgresql import JSONB

from core.model import Model

Row = Mapping[str, Any]


def copy(connection: psycopg.Connection[Any], kind: type[Model], rows: Iterable[Row]) -> None:
    """Add rows of one table."""
    table = kind.__table__
    columns = [
        column for column in table.columns if not isinstance(column.server_default, Identity)
    ]
    head = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name),  # type: ignore[attr-defined]  # a mapped class has a table
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
    )
    with connection.cursor() as cursor, cursor.copy(head) as into:
        for row in rows:
            into.write_row([_value(column, row) for column in columns])


def _value(column: Any, row: Row) -> Any:
    value = row[column.name] if column.name in row else _default(column)
    if isinstance(value, Enum):
        return value.value
    if isinstance(column.type, JSONB) and value is not None:
        return Jsonb(value)
    return value


def _default(column: Any) -> Any:
    if column.primary_key or column.name in {"text_id", "line_id"}:
        return uuid4()
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    if isinstance(column.type, JSONB) and not column.nullable:
        return []
    return None
