"""Invented States are members of the network from the first day of a demonstration."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.house import house
from network.applications.models import Membership, MembershipStatus
from network.taxonomy.models import State


def seed_members(session: Session, iso3s: Collection[str], *, now: datetime) -> None:
    """Make the invented States with these codes members, each once. Refused in production."""
    if house().is_production:
        message = "invented members never enter production"
        raise RuntimeError(message)
    fresh = session.scalars(
        select(State.id).where(
            State.iso3.in_(iso3s),
            State.is_invented,
            ~exists().where(Membership.state_id == State.id),
        )
    ).all()
    for state_id in fresh:
        session.add(Membership(state_id=state_id, status=MembershipStatus.MEMBER, since=now))
    session.flush()
