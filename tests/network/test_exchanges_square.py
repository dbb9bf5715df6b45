"""The whole square of moves: whatever the table does not have, or has for others, changes nothing."""

from __future__ import annotations

import pytest

from core.errors import Refused
from network.exchanges import service
from network.exchanges.states import EXCHANGE, MOVERS, SAYS_WHY, ExchangeState
from tests.walls.cast import Cast
from tests.walls.exchanges import Table
from tests.walls.worlds import ACTORS, World, is_named, snapshot

S = ExchangeState


@pytest.fixture
def world(session, keys):
    cast = Cast(session, keys)
    return World(Table(session, cast, cast.at), cast.organisation_holder())


def tried(world, exchange, to, actor, reason="Because."):
    """The code of the refusal; None if it went."""
    try:
        service.move(
            world.table.session,
            exchange_id=exchange.id,
            to=to,
            by=world.acts(actor),
            now=world.table.now,
            reason=reason,
        )
    except Refused as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("state", list(S))
def test_what_the_table_does_not_have_is_refused_to_everybody(session, world, state):
    exchange = world.case(state)
    before = snapshot(session, exchange.id)
    assert before[0] is state
    for to in set(S) - EXCHANGE.steps[state].to:
        for actor in ACTORS:
            assert tried(world, exchange, to, actor) in {"move-refused", "not-allowed"}
    assert snapshot(session, exchange.id) == before


@pytest.mark.parametrize("state", [state for state in S if not EXCHANGE.is_final(state)])
def test_a_move_is_refused_to_all_whom_the_table_does_not_name(session, world, state):
    exchange = world.case(state)
    before = snapshot(session, exchange.id)
    for to in EXCHANGE.allowed(state):
        for actor in ACTORS:
            if not is_named(state, to, actor, MOVERS[state, to]):
                assert tried(world, exchange, to, actor) == "not-allowed", (to, actor)
    assert snapshot(session, exchange.id) == before


def test_moves_that_say_why_are_refused_without_a_word(session, world):
    for state, to in sorted(SAYS_WHY & set(EXCHANGE.moves())):
        exchange = world.case(state)
        before = snapshot(session, exchange.id)
        for actor in ACTORS:
            assert tried(world, exchange, to, actor, reason="  ") is not None
        assert snapshot(session, exchange.id) == before


def test_every_owner_of_a_clock_is_somebody_who_can_do_something():
    for state in S:
        step = EXCHANGE.steps[state]
        if step.due is None:
            continue
        assert step.to
        assert step.levels or step.lapses_to is not None
