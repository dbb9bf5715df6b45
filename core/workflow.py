"""A workflow is one table; whatever stands outside it is refused.

Each state says who owns it, how long it may last, which word the audit trail uses and
who is told. The diagram in docs/ is drawn from the same table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from core.errors import MoveRefused
from core.languages import _

DAY_HOURS = 24

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Level:
    """Who hears that a clock has run out, and how long after that moment."""

    to: str
    after: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Step(Generic[S]):
    """One state: its owner, its clock and the ways out of it.

    `due` is how long the state may last; None says that it may last for ever, which is
    right for end states and for states whose clock is a date on the record. The owner is
    reminded once `remind` before it runs out; each of `levels` hears once when it has; and
    `lapse` after that the case goes to `lapses_to` by itself, if the table says so.
    """

    owner: str
    audit: str
    to: frozenset[S] = frozenset()
    due: timedelta | None = None
    escalate_to: str | None = None
    tell: str | None = None
    clock: str | None = None
    remind: timedelta | None = None
    levels: tuple[Level, ...] = ()
    lapse: timedelta = timedelta()
    lapses_to: S | None = None


@dataclass(frozen=True)
class Workflow(Generic[S]):
    """The table of all states of one noun, named for its diagram and its refusals."""

    name: str
    start: S
    steps: Mapping[S, Step[S]]
    titles: Mapping[S, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = set(type(self.start)) - set(self.steps)
        if missing:
            message = f"{self.name}: no step for {sorted(missing)}"
            raise ValueError(message)
        for state, step in self.steps.items():
            if step.lapses_to is not None and step.lapses_to not in step.to:
                message = f"{self.name}: {state} cannot lapse to {step.lapses_to}"
                raise ValueError(message)

    def allowed(self, state: S) -> list[S]:
        """Where one may go from `state`, in the order of the enum."""
        return [member for member in type(self.start) if member in self.steps[state].to]

    def check(self, old: S, new: S) -> None:
        """Raise `MoveRefused` with the allowed moves unless the table has old → new."""
        if new not in self.steps[old].to:
            raise MoveRefused(
                _("This cannot be done from where it stands now."), allowed=self.allowed(old)
            )

    def is_final(self, state: S) -> bool:
        """Whether nothing leads out of `state`."""
        return not self.steps[state].to

    def due_at(self, state: S, since: datetime) -> datetime | None:
        """When the clock of `state` runs out if it was entered at `since`."""
        due = self.steps[state].due
        return None if due is None else since + due

    def moves(self) -> Iterator[tuple[S, S]]:
        """Every allowed pair, in order."""
        for state in type(self.start):
            for target in self.allowed(state):
                yield state, target

    def diagram(self) -> str:
        """The table as Mermaid text for docs/workflows/."""
        lines = [
            f"# {self.name}",
            "",
            "Drawn from the table in the code; do not edit by hand.",
            "",
            "```mermaid",
            "stateDiagram-v2",
        ]
        lines.append(f"    [*] --> {self.start.value}")
        lines += [f"    {old.value} --> {new.value}" for old, new in self.moves()]
        for state in type(self.start):
            if self.is_final(state):
                lines.append(f"    {state.value} --> [*]")
        shows_more = any(step.levels or step.lapses_to for step in self.steps.values())
        heads = ["state", "owner", "clock", "audit word"]
        heads += ["reminder", "then told", "then"] if shows_more else []
        lines += ["```", "", _row(heads), "|" + "---|" * len(heads)]
        for state in type(self.start):
            step = self.steps[state]
            clock = step.clock or (_words(step.due) if step.due else "–")
            cells = [state.value, step.owner, clock, step.audit]
            lines.append(_row(cells + (_afterwards(step) if shows_more else [])))
        return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _afterwards(step: Step[S]) -> list[str]:
    """Reminder, escalations and lapse of one state, in words for the diagram's table."""
    remind = f"{_words(step.remind)} before" if step.remind else "–"
    levels = ", ".join(
        f"{level.to} {f'after {_words(level.after)}' if level.after else 'at once'}"
        for level in step.levels
    )
    lapse = "–"
    if step.lapses_to is not None:
        when = f" after {_words(step.lapse)}" if step.lapse else " at once"
        lapse = f"{step.lapses_to.value}{when}"
    return [remind, levels or "–", lapse]


def _words(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    days, rest = divmod(hours, DAY_HOURS)
    return f"{days} days" if days > 1 and not rest else f"{hours} hours"
