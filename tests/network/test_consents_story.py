"""Every order of acts on a consent, compared with a second, plain telling of the rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core import clock as core_clock
from core.context import SYSTEM
from core.errors import NotAllowed
from network.consents import service
from network.consents.models import Need
from network.consents.queries import may
from network.seats import service as seats
from tests.walls.cast import Cast
from tests.walls.consents import KIND, fresh, scope_of, withdraw

DAYS = [date(2027, 6, 1), date(2027, 6, 10), date(2027, 6, 20)]
acts_of_seats = some.tuples(
    some.sampled_from(["give", "withdraw", "leave", "return", "paper", "rule"]),
    some.integers(0, 2),
    some.sampled_from([(None, None), (DAYS[0], DAYS[1]), (DAYS[1], None), (None, DAYS[0])]),
)


@dataclass
class Told:
    """The rule once more, told by its story instead of its tables."""

    need: str = "any_one"
    filled: set[int] = field(default_factory=lambda: {0, 1, 2})
    voices: dict[object, tuple[date | None, date | None]] = field(default_factory=dict)
    against: set[int] = field(default_factory=set)

    def verdict(self, on):
        """Whether the State consents on that day."""
        covering = {
            who
            for who, (start, end) in self.voices.items()
            if (start is None or start <= on) and (end is None or on <= end)
        }
        if self.against or not self.filled:
            return False
        if any(not isinstance(who, int) for who in covering):
            return True
        return bool(covering) if self.need == "any_one" else covering >= {0, 1, 2}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=some.lists(acts_of_seats, max_size=8), on=some.sampled_from(DAYS))
def test_consent_is_what_its_story_says(session, keys, steps, on):
    with session.begin_nested() as undo:
        moment = core_clock.now()
        cast = Cast(session, keys, at=moment)
        state = cast.state()
        holders = [cast.holder("authorising", body_id=state.id, at=moment) for _ in range(3)]
        clerks = [cast.holder("secretariat", at=moment) for _ in range(2)]
        told, subject = Told(), uuid4()
        for number, (act, who, days) in enumerate(steps):
            moment += timedelta(hours=1)
            scope = scope_of(state, subject_id=subject, from_on=days[0], until_on=days[1])
            step(session, told, scope, holders, clerks, act, who, moment, number)
        answer = may(session, state_id=state.id, kind=KIND, subject_id=subject, on=on, now=moment)
        assert answer is told.verdict(on)
        undo.rollback()


def step(session, told, scope, holders, clerks, act, who, moment, number):
    """Do one act and tell it."""
    holder, is_there = holders[who], who in told.filled
    if act == "leave" and is_there:
        seats.end(session, holder=holder, at=moment, by=SYSTEM, now=moment)
        told.filled.discard(who)
    elif act == "return" and not is_there:
        holders[who] = seats.appoint(
            session, seat=holder.seat, person_id=holder.person_id, by=SYSTEM, now=moment
        )
        told.filled.add(who)
    elif act == "paper":
        paper = service.enter_on_paper(
            session, scope=scope, document_id=uuid4(), by=fresh(clerks[0], moment), now=moment
        )
        service.confirm_paper(session, consent_id=paper.id, by=fresh(clerks[1], moment), now=moment)
        told.voices[f"paper {number}"] = (scope.from_on, scope.until_on)
    elif act in {"give", "withdraw", "rule"}:
        speak(session, told, scope, fresh(holder, moment), act, who, moment)


def speak(session, told, scope, by, act, who, moment):
    """Speak for the State and tell it; whoever left their seat is refused."""
    acting = {
        "give": lambda: service.give(session, scope=scope, by=by, now=moment),
        "withdraw": lambda: withdraw(session, scope, by, moment),
        "rule": lambda: service.set_rule(
            session, state_id=scope.state_id, need=Need.ALL, by=by, now=moment
        ),
    }[act]
    if who not in told.filled:
        with pytest.raises(NotAllowed):
            acting()
        return
    acting()
    if act == "give":
        told.voices[who] = (scope.from_on, scope.until_on)
        told.against.discard(who)
    elif act == "withdraw" and who not in told.against:
        told.voices.clear()
        told.against.add(who)
    elif act == "rule":
        told.need = "all"
