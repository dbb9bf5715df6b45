"""A stage for whole journeys, and people to put on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.events.participant import Participant, Stage
from tests.walls.application import Clock, Keys, Live
from tests.walls.mailbox import Mailbox


@pytest.fixture
def stage(live: Live, keys: Keys, mailbox: Mailbox, clock: Clock) -> Stage:
    """A database of the test's own with one meeting, `panel`."""
    made = Stage(live, keys, mailbox, clock)
    made.meeting()
    return made


@pytest.fixture
def person(stage: Stage) -> Callable[[str], Participant]:
    """`person("ana")`: somebody with a browser and the address ana@people.example."""

    def one(name: str = "ana") -> Participant:
        return Participant(stage, f"{name}@people.example", stage.live.client())

    return one
