"""Who belongs to the network: memberships of States, from when until when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Identified, Model, by_value


class MembershipStatus(StrEnum):
    """How a State stands to the network."""

    MEMBER = "member"
    OBSERVER = "observer"
    DORMANT = "dormant"
    WITHDRAWN = "withdrawn"


class Membership(Identified, Model):
    """How one State stands to the network from `since` until `until` (None: still).

    Membership is the State's, whether or not it has a mechanism. A change of status ends one row
    and begins the next. `admitted_by` proposed the admission, `second_by` is another person.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint('"until" IS NULL OR "until" >= since', name="ends_after_start"),
        CheckConstraint(
            "second_by IS NULL OR second_by <> admitted_by", name="second_person_admits"
        ),
        ExcludeConstraint(
            ("state_id", "="),
            (func.tstzrange(text("since"), text('"until"')), "&&"),
            name="ex_membership_one_at_a_time",
            using="gist",
        ),
        Index("ix_membership_status", "status"),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    status: Mapped[MembershipStatus] = mapped_column(by_value(MembershipStatus))
    since: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)
    document_id: Mapped[UUID | None] = mapped_column(default=None)
    admitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
