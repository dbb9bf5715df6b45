"""Who is a member at a given moment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from network.applications.models import Membership, MembershipStatus


def stands(now: datetime) -> ColumnElement[bool]:
    """The condition on Membership: it is in force at `now`."""
    return and_(Membership.since <= now, or_(Membership.until.is_(None), Membership.until > now))


def membership_of(session: Session, state_id: UUID, now: datetime) -> Membership | None:
    """How a State stands to the network at `now`; None if it never joined."""
    return session.scalar(select(Membership).where(Membership.state_id == state_id, stands(now)))


def is_member(session: Session, state_id: UUID | None, now: datetime) -> bool:
    """Whether a State is a member at `now`. Observers and dormant members are not."""
    return _has(session, state_id, MembershipStatus.MEMBER, now)


def is_observer(session: Session, state_id: UUID | None, now: datetime) -> bool:
    """Whether a State is an observer at `now`."""
    return _has(session, state_id, MembershipStatus.OBSERVER, now)


def _has(session: Session, state_id: UUID | None, status: MembershipStatus, now: datetime) -> bool:
    if state_id is None:
        return False
    held = membership_of(session, state_id, now)
    return held is not None and held.status is status


def member_states(session: Session, now: datetime) -> list[UUID]:
    """The ids of all States that are members at `now`."""
    return list(
        session.scalars(
            select(Membership.state_id)
            .where(Membership.status == MembershipStatus.MEMBER, stands(now))
            .order_by(Membership.state_id)
        )
    )
