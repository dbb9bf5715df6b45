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
class Step(Generic[S]):
    """One state: its owner, its clock and the ways out of it.

    `due` is how long the state may last; None says that it may last for ever, which is
    right for end states and for states whose clock is a date on the record.
    """

    owner: str
    audit: str
    to: frozenset[S] = frozenset()
    due: timedelta | None = None
    escalate_to: str | None = None
    tell: str | None = None
    clock: str | None = None


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
        lines += ["```", "", "| state | owner | clock | audit word |", "|---|---|---|---|"]
        for state in type(self.start):
            step = self.steps[state]
            clock = step.clock or (_words(step.due) if step.due else "–")
            lines.append(f"| {state.value} | {step.owner} | {clock} | {step.audit} |")
        return "\n".join(lines) + "\n"


def _words(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    days, rest = divmod(hours, DAY_HOURS)
    return f"{days} days" if days > 1 and not rest else f"{hours} hours"
