"""Any order of acts, against a model on paper: seats, the line and the offers agree after each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.context import link
from core.errors import Refused
from core.house import House
from events.programme.models import Event, Mode, Policy, Seats
from events.registrations import changes, decisions, seating, service
from events.registrations.entries import Entry
from events.registrations.models import Category, Listing, Registration
from events.registrations.states import HOLDING, RegistrationState

S = RegistrationState
START = datetime(2026, 11, 24, 12, tzinfo=UTC)
OFFER = timedelta(hours=48)
MODES = (Mode.ROOM, Mode.ONLINE)


@dataclass
class Paper:
    """What ought to be: who stands where, and each mode's line in order."""

    capacity: dict[Mode, int | None]
    state: dict[UUID, RegistrationState] = field(default_factory=dict)
    mode: dict[UUID, Mode] = field(default_factory=dict)
    ends: dict[UUID, datetime] = field(default_factory=dict)
    line: dict[Mode, list[UUID]] = field(default_factory=lambda: {mode: [] for mode in MODES})

    def held(self, mode: Mode) -> int:
        return sum(self.state[one] in HOLDING and self.mode[one] is mode for one in self.state)

    def is_free(self, mode: Mode) -> bool:
        most = self.capacity[mode]
        return most is None or (self.held(mode) < most and not self.line[mode])

    def offer(self, mode: Mode, now: datetime) -> None:
        most = self.capacity[mode]
        while self.line[mode] and (most is None or self.held(mode) < most):
            first = self.line[mode].pop(0)
            self.state[first], self.ends[first] = S.OFFERED, now + OFFER

    def join(self, one: UUID, mode: Mode) -> None:
        self.mode[one] = mode
        self.state[one] = S.CONFIRMED if self.is_free(mode) else S.WAITING
        if self.state[one] is S.WAITING:
            self.line[mode].append(one)

    def leave(self, one: UUID, state: RegistrationState, now: datetime) -> None:
        held, mode = self.state[one] in HOLDING, self.mode[one]
        if self.state[one] is S.WAITING:
            self.line[mode].remove(one)
        self.state[one] = state
        if held:
            self.offer(mode, now)

    def cancel(self, one: UUID, now: datetime) -> bool:
        can = self.state[one] not in {S.CANCELLED, S.REFUSED}
        if can:
            self.leave(one, S.CANCELLED, now)
        return can

    def refuse(self, one: UUID, now: datetime) -> bool:
        can = self.state[one] in {S.WAITING, S.RECHECKED, S.PENDING}
        if can:
            self.leave(one, S.REFUSED, now)
        return can

    def accept(self, one: UUID, now: datetime) -> bool:
        can = self.state[one] is S.CONFIRMED or (
            self.state[one] is S.OFFERED and self.ends[one] > now
        )
        if can:
            self.state[one] = S.CONFIRMED
        return can

    def rejoin(self, one: UUID, now: datetime) -> bool:
        can = self.state[one] is S.PASSED
        if can:
            self.state[one] = S.WAITING
            self.line[self.mode[one]].append(one)
            self.offer(self.mode[one], now)
        return can

    def switch(self, one: UUID, now: datetime) -> bool:
        old, state = self.mode[one], self.state[one]
        new = MODES[1 - MODES.index(old)]
        if state in {S.CANCELLED, S.REFUSED} or (state in HOLDING and not self.is_free(new)):
            return False
        if state is S.WAITING:
            self.line[old].remove(one)
            self.join(one, new)
        self.mode[one] = new
        if state in HOLDING:
            self.offer(old, now)
        return True

    def tick(self, now: datetime) -> None:
        for mode in MODES:
            for one in [one for one in self.state if self.mode[one] is mode]:
                if self.state[one] is S.OFFERED and self.ends[one] <= now:
                    self.state[one] = S.PASSED
            self.offer(mode, now)


ACTS = ("cancel", "refuse", "accept", "rejoin", "switch")
STEP = st.one_of(
    st.tuples(st.just("join"), st.sampled_from((Mode.ROOM, Mode.ROOM, Mode.ONLINE))),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.sampled_from(ACTS), st.integers(0, 7)),
    st.tuples(st.sampled_from(ACTS), st.integers(0, 7)),
    st.tuples(st.just("tick"), st.sampled_from((24, 48))),
)


@dataclass
class Trial:
    """The real verbs on real rows, one meeting an example."""

    session: object
    house: House
    event: Event
    now: datetime = START
    people: list[UUID] = field(default_factory=list)

    def join(self, mode: Mode) -> UUID:
        entry = Entry(
            name="Somebody",
            organisation="Reef Watch",
            address=f"p{len(self.people)}@people.example",
            category=Category.NGO,
            mode=mode,
            language="en",
            listing=Listing.UNLISTED,
            discreet=False,
        )
        self.session.refresh(self.event, ["seats"])
        sent = service.register(
            self.session, event=self.event, entry=entry, house=self.house, now=self.now
        )
        self.session.flush()
        service.confirm(self.session, registration_id=sent.registration.id, now=self.now)
        self.people.append(sent.registration.id)
        return sent.registration.id

    def act(self, name: str, one: UUID) -> bool:
        """Whether the verb was taken."""
        about = {"registration_id": one, "by": link(one), "now": self.now}
        try:
            with self.session.begin_nested():
                if name == "refuse":
                    decisions.refuse(self.session, reason="Because", **about)
                elif name == "switch":
                    changes.edit(self.session, change=self.other_mode(one), **about)
                else:
                    getattr(service, name)(self.session, **about)
        except Refused:
            return False
        return True

    def other_mode(self, one: UUID) -> changes.Edit:
        row = self.session.get_one(Registration, one)
        self.session.refresh(row)
        return changes.Edit(
            version=row.version,
            mode=MODES[1 - MODES.index(row.mode)],
            language="en",
            listing=Listing.UNLISTED,
            wants_summary=True,
        )

    def tick(self) -> None:
        changes.end_due(self.session, house=self.house, now=self.now)

    def rows(self) -> dict[UUID, Registration]:
        self.session.flush()
        found = self.session.scalars(
            select(Registration)
            .where(Registration.event_id == self.event.id)
            .execution_options(populate_existing=True)
        )
        return {row.id: row for row in found}


def held_to(trial: Trial, paper: Paper) -> None:
    """The rows are as the paper says, and as nobody may ever find them otherwise."""
    rows = trial.rows()
    assert {one: row.state for one, row in rows.items()} == paper.state
    assert {one: row.mode for one, row in rows.items()} == paper.mode
    for mode in MODES:
        most = paper.capacity[mode]
        line = [row for row in rows.values() if row.mode is mode and row.state is S.WAITING]
        assert [row.id for row in sorted(line, key=lambda row: row.waiting_since)] == paper.line[
            mode
        ]
        held = seating.taken(trial.session, event_id=trial.event.id, mode=mode)
        assert most is None or held <= most
        assert not line or (most is not None and held == most)
        shown = trial.session.scalar(
            select(Seats.shown).where(Seats.event_id == trial.event.id, Seats.mode == mode)
        )
        assert (shown == "full") is (most is not None and held >= most)


def meeting(session, capacity: dict[Mode, int | None], number: int) -> Event:
    made = Event(
        key=f"panel-{number}",
        kind="panel",
        title={"en": "Panel"},
        starts_on=date(2028, 1, 1),
        ends_on=date(2028, 1, 1),
        policy=Policy.AUTOMATIC,
    )
    session.add(made)
    for mode, most in capacity.items():
        session.add(Seats(event=made, mode=mode, capacity=most))
    session.flush()
    session.refresh(made, ["seats"])
    for mode in MODES:
        seats = seating.lock(session, event_id=made.id, mode=mode)
        seating.show(session, seats, 0)
    session.flush()
    return made


@settings(
    max_examples=50,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    room=st.integers(0, 3),
    online=st.one_of(st.none(), st.integers(0, 2)),
    crowd=st.lists(st.sampled_from((Mode.ROOM, Mode.ROOM, Mode.ONLINE)), min_size=3, max_size=6),
    steps=st.lists(STEP, min_size=6, max_size=20),
)
@example(  # who waits and changes the line stands at its end
    room=1,
    online=1,
    crowd=[Mode.ROOM, Mode.ONLINE, Mode.ROOM, Mode.ONLINE],
    steps=[("switch", 2), ("cancel", 1), ("accept", 3), ("accept", 2)],
)
@example(  # who let an offer pass and waits again stands at the end
    room=1,
    online=None,
    crowd=[Mode.ROOM, Mode.ROOM, Mode.ROOM, Mode.ROOM],
    steps=[("cancel", 0), ("tick", 48), ("rejoin", 1), ("cancel", 2), ("accept", 3), ("cancel", 3)],
)
def test_seats_line_and_offers_agree_with_the_paper(app, session, room, online, crowd, steps):
    capacity = {Mode.ROOM: room, Mode.ONLINE: online}
    number = session.info["number"] = session.info.get("number", 0) + 1
    with app.app_context(), session.begin_nested() as undone:
        trial = Trial(session, app.extensions["relais"], meeting(session, capacity, number))
        paper = Paper(capacity)
        for name, choice in [*(("join", mode) for mode in crowd), *steps]:
            trial.now += timedelta(hours=choice) if name == "tick" else timedelta(minutes=1)
            if name == "join":
                paper.join(trial.join(choice), choice)
            elif name == "tick":
                trial.tick()
                paper.tick(trial.now)
            elif trial.people:
                one = trial.people[choice % len(trial.people)]
                was_taken = trial.act(name, one)
                assert was_taken == getattr(paper, name)(one, trial.now), (name, paper.state[one])
                event(f"{name} {'taken' if was_taken else 'refused'}")
            held_to(trial, paper)
        undone.rollback()
    session.expunge_all()


def test_the_word_on_seats_is_never_a_number(app, session):
    with app.app_context():
        trial = Trial(
            session,
            app.extensions["relais"],
            meeting(session, {Mode.ROOM: 40, Mode.ONLINE: None}, 0),
        )
        words = []
        for _person in range(41):
            trial.join(Mode.ROOM)
            session.flush()
            words.append(
                session.scalar(
                    select(Seats.shown).where(
                        Seats.event_id == trial.event.id, Seats.mode == Mode.ROOM
                    )
                )
            )
    assert words == ["open"] * 35 + ["few"] * 4 + ["full"] * 2
