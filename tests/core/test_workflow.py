"""A workflow is its table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest

from core.errors import MoveRefused
from core.workflow import Step, Workflow


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


LAMP = Workflow(
    "Lamp",
    Lamp.OFF,
    {
        Lamp.OFF: Step(owner="anyone", audit="lamp.off", to=frozenset({Lamp.ON})),
        Lamp.ON: Step(
            owner="anyone",
            audit="lamp.on",
            to=frozenset({Lamp.OFF, Lamp.BROKEN}),
            due=timedelta(hours=8),
        ),
        Lamp.BROKEN: Step(owner="nobody", audit="lamp.broken"),
    },
)
ALLOWED = {(Lamp.OFF, Lamp.ON), (Lamp.ON, Lamp.OFF), (Lamp.ON, Lamp.BROKEN)}


@pytest.mark.parametrize("old", Lamp)
@pytest.mark.parametrize("new", Lamp)
def test_what_stands_outside_the_table_is_refused(old: Lamp, new: Lamp) -> None:
    if (old, new) in ALLOWED:
        LAMP.check(old, new)
        return
    with pytest.raises(MoveRefused) as refusal:
        LAMP.check(old, new)
    assert refusal.value.allowed == LAMP.allowed(old)


def test_moves_and_ends_come_from_the_table() -> None:
    assert set(LAMP.moves()) == ALLOWED
    assert [lamp for lamp in Lamp if LAMP.is_final(lamp)] == [Lamp.BROKEN]


def test_a_clock_runs_from_when_the_state_was_entered() -> None:
    since = datetime(2027, 1, 1, tzinfo=UTC)
    assert LAMP.due_at(Lamp.ON, since) == since + timedelta(hours=8)
    assert LAMP.due_at(Lamp.OFF, since) is None


def test_a_table_with_a_hole_is_refused_when_it_is_written() -> None:
    with pytest.raises(ValueError, match="no step for"):
        Workflow("Lamp", Lamp.OFF, {Lamp.OFF: LAMP.steps[Lamp.OFF]})


def test_the_diagram_says_what_the_table_says() -> None:
    text = LAMP.diagram()
    assert "off --> on" in text
    assert "| on | anyone | 8 hours | lamp.on |" in text
