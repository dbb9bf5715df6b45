"""The gate: no move, by nobody and through no door, without the consents of the States concerned."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from core import clock
from core.context import SYSTEM
from core.errors import Refused
from network.accounts import service as accounts
from network.consents import service as consents
from network.consents.models import Consent, Withdrawal
from network.consents.service import Scope
from network.exchanges import consenting, service
from network.exchanges.models import Exchange
from network.exchanges.states import EXCHANGE, MOVERS, ExchangeState
from network.seats.models import Holder, Seat
from tests.walls.cast import Cast, enter
from tests.walls.exchanges import Table
from tests.walls.worlds import ACTORS, World, is_named, snapshot

S = ExchangeState
LONG_AGO = timedelta(days=300)
"""The cases of this test began then, so that what is held lies in the past of every door."""

RESTING = frozenset({S.CIRCULATED, S.SELECTED, S.AGREED, S.SCHEDULED, S.HELD, S.FINISHED})
"""States that rest on a State's word; being held rests on the word as it stood at the event."""

CONSENT_STATES = ("as they are", "given", "withdrawn", "ended", "another partner", "vacant")
MOVES = sorted(EXCHANGE.moves())
INTO_RESTING = [(state, to) for state, to in MOVES if to in RESTING - {S.HELD}]


def wants_of(session, exchange, to):
    """What the target rests on, read without the function that is under test where it can be."""
    return consenting.needed(session, exchange, to)


def stands(session, table, want, day):
    """Whether the State has said yes for that day and nobody has said no, read from the rows."""
    session.flush()
    rows = session.scalars(
        select(Consent).where(
            Consent.state_id == want.state_id,
            Consent.kind == want.kind,
            Consent.subject_id == want.subject_id,
            Consent.revoked_at.is_(None),
        )
    ).all()
    covering = [
        row
        for row in rows
        if (row.until_on is None or row.until_on >= day)
        and row.partner_id in {None, want.partner_id}
    ]
    against = session.scalar(
        select(Withdrawal.id).where(
            Withdrawal.state_id == want.state_id,
            Withdrawal.subject_id == want.subject_id,
            Withdrawal.lifted_at.is_(None),
        )
    )
    filled = session.scalar(
        select(Holder.id)
        .join(Seat, Seat.id == Holder.seat_id)
        .where(Seat.body_id == want.state_id, Seat.role == "authorising", Holder.until.is_(None))
    )
    return bool(covering) and against is None and filled is not None


def put(world, exchange, to, what):
    """Bring the consents that the target rests on into some state; answers how to undo a vacancy."""
    session, table = world.table.session, world.table
    by_state = {one.state.id: (iso3, one) for iso3, one in table.states.items()}
    for want in wants_of(session, exchange, to):
        iso3, one = by_state[want.state_id]
        if what in {"given", "another partner"}:
            partner = table.state_id("XAD") if what == "another partner" else want.partner_id
            scope = Scope(
                state_id=want.state_id,
                kind=want.kind,
                subject_kind=want.subject_kind,
                subject_id=want.subject_id,
                partner_id=partner,
            )
            consents.give(session, scope=scope, by=table.capital(iso3), now=table.now)
        if what == "withdrawn":
            consents.withdraw(
                session,
                state_id=want.state_id,
                kind=want.kind,
                subject_id=want.subject_id,
                by=table.capital(iso3),
                now=table.now,
            )
        if what == "ended":
            for row in session.scalars(
                select(Consent).where(Consent.subject_id == want.subject_id)
            ):
                row.until_on = table.now.date() - timedelta(days=1)
    if what == "vacant":
        for one in table.states.values():
            one.capital.until = one.capital.since
    session.flush()


def refill(world):
    """The same people hold the seats again where these were emptied."""
    for one in world.table.states.values():
        one.capital.until = None
    world.table.session.flush()


def by_service(world, exchange, to, actor):
    service.move(
        world.table.session,
        exchange_id=exchange.id,
        to=to,
        by=world.acts(actor),
        now=world.table.now,
        reason="Because.",
    )


class Doors:
    """The other ways in: a page, the API, a command."""

    def __init__(self, app, client, session):
        self.app, self.client, self.session = app, client, session

    def by_page(self, world, exchange, to, actor):
        today = Cast(self.session, world.table.cast.keys)
        visit = today.visit(world.holder(actor), proved=timedelta(minutes=1))
        enter(self.client, visit)
        self.client.post(
            f"/exchanges/{exchange.id}/moves", data={"to": to.value, "reason": "Because."}
        )

    def by_api(self, world, exchange, to, actor):
        seat = self.session.get(Seat, world.holder(actor).seat_id)
        try:
            _row, plain = accounts.make_token(
                self.session, seat=seat, label="", by=SYSTEM, now=world.table.cast.at
            )
        except Refused:
            return
        self.client.post(
            f"/api/v1/exchanges/{exchange.id}/moves",
            json={"to": to.value, "reason": "Because."},
            headers={"Authorization": f"Bearer {plain}"},
        )

    def by_command(self, world, exchange, to, actor):
        seat = str(world.holder(actor).seat_id)
        words = ["exchanges", "move", str(exchange.id), to.value, "--seat", seat, "--reason", "B."]
        self.app.test_cli_runner().invoke(args=words)


@pytest.mark.parametrize("door", ["service", "page", "api", "command"])
def test_nothing_rests_on_a_word_that_was_not_given(app, client, session, keys, door):
    cast = Cast(session, keys, at=clock.now() - LONG_AGO)
    world = World(Table(session, cast, cast.at), cast.organisation_holder())
    doors = Doors(app, client, session)
    ways = {
        "service": by_service,
        "page": doors.by_page,
        "api": doors.by_api,
        "command": doors.by_command,
    }

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        move=some.one_of(some.sampled_from(INTO_RESTING), some.sampled_from(MOVES)),
        actor=some.sampled_from(sorted(ACTORS)),
        what=some.sampled_from(CONSENT_STATES),
    )
    def every(move, actor, what):
        state, to = move
        exchange = world.case(state)
        exchange_id = exchange.id
        world.table.now = clock.now()
        put(world, exchange, to, what)
        before = snapshot(session, exchange_id)
        with suppress(Refused):
            ways[door](world, exchange, to, actor)
        after = snapshot(session, exchange_id)
        try:
            if after == before:
                return
            now_there = session.get_one(Exchange, exchange_id)
            assert is_named(state, to, actor, MOVERS[move])
            if now_there.state in RESTING and now_there.state is not S.HELD:
                dated = now_there.state is S.SCHEDULED and now_there.ends_at
                day = (now_there.ends_at if dated else world.table.now).date()
                for want in wants_of(session, now_there, now_there.state):
                    assert stands(session, world.table, want, day), (want, what)
        finally:
            refill(world)

    every()
