"""The workspace: what waits for one, what one waits for, what happened. Slices fill it.

A source is asked with the seat one acts in; it answers with what that seat may see, and with
nothing for seats that are none of its business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from core.languages import day
from network.seats.models import BodyKind, Role, Seat

LATELY_MOST = 12
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of "Waiting for …": a verb and its object, words of detail, and when it is due."""

    verb: str
    object: str
    href: str
    detail: str = ""
    tag: tuple[str, str] | None = None
    action: str = ""
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class News:
    """One line of "Lately"."""

    at: datetime
    text: str
    href: str = ""
    detail: str = ""

    @property
    def when(self) -> str:
        """The day in the reader's language."""
        return day(self.at)

    @property
    def iso(self) -> str:
        """The same for machines."""
        return self.at.date().isoformat()


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry of the side navigation, for seats of these roles and bodies (all if empty).

    The smaller its `order`, the higher it stands: cases first, then members, one's own mechanism,
    consents and seats.
    """

    endpoint: str
    order: int
    label: Callable[[], str]
    roles: frozenset[Role] = frozenset()
    bodies: frozenset[BodyKind] = frozenset()

    def suits(self, seat: Seat | None) -> bool:
        """Whether it is for whoever acts in this seat."""
        role, body = (seat.role, seat.body_kind) if seat else (None, None)
        return (not self.roles or role in self.roles) and (not self.bodies or body in self.bodies)


Tasks = Callable[[Session, Seat, datetime], Iterable[Task]]
Lines = Callable[[Session, Seat, datetime], Iterable[News]]


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """One heading of the hand-over page, and what of its kind hangs on the seat."""

    title: str
    lines: Sequence[Task] = field(default_factory=tuple)
    empty: str = ""


Parts = Callable[[Session, Seat, datetime], Iterable[HandedOver]]

WAITING_FOR_YOU: list[Tasks] = []
WAITING_FOR_OTHERS: list[Tasks] = []
LATELY: list[Lines] = []
PLACES: list[Place] = []
HANDED_OVER: list[Parts] = []
"""What a successor finds on the hand-over page: cases, consents, subscriptions, documents."""


@dataclass(frozen=True)
class Desk:
    """What one seat sees on its workspace page."""

    for_you: Sequence[Task] = field(default_factory=tuple)
    for_others: Sequence[Task] = field(default_factory=tuple)
    lately: Sequence[News] = field(default_factory=tuple)


def desk_of(session: Session, seat: Seat, now: datetime) -> Desk:
    """Ask every source; what is due first stands first."""
    return Desk(
        for_you=_by_due(session, seat, now, WAITING_FOR_YOU),
        for_others=_by_due(session, seat, now, WAITING_FOR_OTHERS),
        lately=sorted(
            (line for source in LATELY for line in source(session, seat, now)),
            key=lambda line: line.at,
            reverse=True,
        )[:LATELY_MOST],
    )


def _by_due(
    session: Session, seat: Seat, now: datetime, sources: Iterable[Tasks]
) -> Sequence[Task]:
    tasks = (task for source in sources for task in source(session, seat, now))
    return sorted(tasks, key=lambda task: task.due or NEVER)


def handed_over(session: Session, seat: Seat, now: datetime) -> Sequence[HandedOver]:
    """Everything that hangs on a seat, in the order in which slices joined."""
    return [part for source in HANDED_OVER for part in source(session, seat, now)]
