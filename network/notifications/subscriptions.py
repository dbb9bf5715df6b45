"""Which mails a seat wants. They hang on the seat, so a successor finds them as they were left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit
from core.context import Actor
from core.errors import NotAllowed
from core.languages import _
from core.model import Identified, Model, by_value
from network.seats.models import Holder, Role, Seat
from network.seats.queries import holding_of, holds


class Topic(StrEnum):
    """What mails may be about."""

    REQUESTS = "requests"
    OWN_CASES = "own_cases"
    DIRECTORY = "directory"


class How(StrEnum):
    """When a seat hears of it."""

    NOW = "now"
    NEVER = "never"


ALWAYS = frozenset({Topic.OWN_CASES})
"""What concerns the seat's own cases: nobody can switch that off."""

MEMBERS = (Role.FOCAL_POINT, Role.DEPUTY, Role.AUTHORISING)
"""Whose seats have subscriptions at all."""


class Subscription(Identified, Model):
    """What a seat has chosen for one topic; without a row the role's own default holds.

    `themes` (keys) and `types` narrow circulated requests; an empty list lets all through.
    """

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("seat_id", "topic"),)

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    topic: Mapped[Topic] = mapped_column(by_value(Topic))
    how: Mapped[How] = mapped_column(by_value(How))
    themes: Mapped[list[str]] = mapped_column(default_factory=list)
    types: Mapped[list[str]] = mapped_column(default_factory=list)
    set_at: Mapped[datetime]


def by_default(role: Role, topic: Topic) -> How:
    """What holds without a choice: now, but an authorising seat hears of consents and no news."""
    if topic in ALWAYS or role is not Role.AUTHORISING:
        return How.NOW
    return How.NEVER


def chosen(session: Session, seat: Seat) -> dict[Topic, Subscription | None]:
    """What a seat has chosen for each topic."""
    rows = session.scalars(select(Subscription).where(Subscription.seat_id == seat.id))
    known = {row.topic: row for row in rows}
    return {topic: known.get(topic) for topic in Topic}


def how_of(seat: Seat, topic: Topic, row: Subscription | None) -> How:
    """When a seat hears of a topic."""
    if topic in ALWAYS or row is None:
        return by_default(seat.role, topic)
    return row.how


def subscribed(
    session: Session,
    topic: Topic,
    now: datetime,
    *,
    themes: Collection[str] = (),
    types: Collection[str] = (),
) -> list[UUID]:
    """The seats, held at `now`, that want to hear of `topic` at once.

    `themes` and `types` are what the matter at hand is about; a seat that narrowed its choice
    hears of it if one of each is among those it named.
    """
    rows: Iterable[tuple[Seat, Subscription | None]] = session.execute(
        select(Seat, Subscription)
        .join(Holder, Holder.seat_id == Seat.id)
        .outerjoin(Subscription, (Subscription.seat_id == Seat.id) & (Subscription.topic == topic))
        .where(Seat.role.in_(MEMBERS), holds(now))
        .order_by(Seat.id)
    )
    return [
        seat.id
        for seat, row in rows
        if how_of(seat, topic, row) is How.NOW
        and (row is None or (_meets(row.themes, themes) and _meets(row.types, types)))
    ]


def _meets(wanted: Sequence[str], given: Collection[str]) -> bool:
    return not wanted or not given or not set(wanted).isdisjoint(given)


def choose(
    session: Session,
    *,
    seat_id: UUID,
    topic: Topic,
    how: How,
    by: Actor,
    now: datetime,
    themes: Sequence[str] = (),
    types: Sequence[str] = (),
) -> Subscription:
    """Say for one's own seat when it hears of a topic. Raises NotAllowed for what cannot be silenced."""
    if by.seat_id != seat_id or holding_of(session, by, now) is None:
        raise NotAllowed(_("Only who holds the seat chooses its mails."))
    if topic in ALWAYS and how is How.NEVER:
        raise NotAllowed(_("Mails about your own cases cannot be switched off."))
    row = session.scalar(
        select(Subscription)
        .where(Subscription.seat_id == seat_id, Subscription.topic == topic)
        .with_for_update()
    )
    if row is None:
        row = Subscription(seat_id=seat_id, topic=topic, how=how, set_at=now)
        session.add(row)
    row.how, row.set_at = how, now
    row.themes, row.types = list(themes), list(types)
    session.flush()
    audit.write(
        session,
        "subscription.chosen",
        by=by,
        now=now,
        subject_kind="seat",
        subject_id=seat_id,
        details={"topic": topic.value, "how": how.value},
    )
    return row


def of_seats(session: Session, seat_ids: Collection[UUID]) -> Sequence[Subscription]:
    """Every choice that these seats have made."""
    return session.scalars(
        select(Subscription)
        .where(Subscription.seat_id.in_(seat_ids))
        .order_by(Subscription.seat_id, Subscription.topic)
    ).all()
