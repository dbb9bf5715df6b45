"""What every table shares. No Flask here, so that rules and records can be used without the web."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, dataclass_transform

from sqlalchemy import DateTime, Enum, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    column_property,
    composite,
    deferred,
    mapped_column,
    query_expression,
    relationship,
    synonym,
)

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass_transform(
    kw_only_default=True,
    eq_default=False,
    field_specifiers=(
        mapped_column,
        relationship,
        composite,
        column_property,
        deferred,
        query_expression,
        synonym,
    ),
)
class Dataclass(MappedAsDataclass, kw_only=True, eq=False):
    """SQLAlchemy hands kw_only and eq down at run time, type checkers do not: said here once."""


class Model(Dataclass, DeclarativeBase, kw_only=True, eq=False):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        dict[str, str]: JSONB,
        dict[str, Any]: JSONB,
        list[str]: JSONB,
    }


class Identified(Dataclass, kw_only=True, eq=False):
    """A random id that exists before the flush: ids tell neither order nor number."""

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True,
        init=False,
        default_factory=uuid.uuid4,
        insert_default=uuid.uuid4,
    )


def by_value(kind: type[StrEnum]) -> Enum:
    """Store an enum as its value, in plain text, with a CHECK constraint.

    The constraint is named after the column by the naming convention; adding a member
    is an ordinary migration and never an ALTER TYPE.
    """
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=False,
        length=40,
        validate_strings=True,
    )


ShortText = String(300)
