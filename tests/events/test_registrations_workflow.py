"""The table of states, against one written by hand, in the database and in the papers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.context import SYSTEM
from core.errors import MoveRefused
from core.workflow import Workflow
from events.programme.models import Event, Mode, Policy
from events.registrations import seating
from events.registrations.models import Category, Listing, Registration
from events.registrations.states import HOLDING, LIVE, REGISTRATION, TO_DECIDE, RegistrationState
from network.notifications import states as notifications
from workers.diagrams import WORKFLOWS, drawn

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BY_HAND = {
    "unconfirmed": {"interested", "pending", "waiting", "confirmed", "cancelled", "lapsed"},
    "interested": {"cancelled"},
    "pending": {"confirmed", "waiting", "refused", "cancelled"},
    "waiting": {"offered", "refused", "cancelled"},
    "offered": {"confirmed", "passed", "cancelled"},
    "confirmed": {"rechecked", "cancelled"},
    "rechecked": {"confirmed", "refused", "cancelled"},
    "passed": {"waiting", "cancelled"},
    "refused": set(),
    "cancelled": set(),
    "lapsed": set(),
}


@pytest.fixture
def registration(session) -> Registration:
    event = Event(
        key="panel",
        kind="panel",
        title={"en": "Panel"},
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 1, 1),
        policy=Policy.AUTOMATIC,
    )
    session.add(event)
    session.flush()
    row = Registration(
        event_id=event.id,
        category=Category.NGO,
        mode=Mode.ROOM,
        language="en",
        listing=Listing.UNLISTED,
        discreet=False,
        number=417,
        made_at=NOW,
        state_since=NOW,
    )
    session.add(row)
    session.flush()
    return row


def test_the_whole_square_of_states_is_refused_or_allowed_as_written_by_hand(session, registration):
    for old in RegistrationState:
        for new in RegistrationState:
            registration.state = old
            registration.fingerprint, registration.version = b"x" * 32, 7
            if new.value in BY_HAND[old.value]:
                seating.move(session, registration, new, by=SYSTEM, now=NOW)
                assert (registration.state, registration.version) == (new, 8)
                assert registration.fingerprint is None
            else:
                with pytest.raises(MoveRefused) as refusal:
                    seating.move(session, registration, new, by=SYSTEM, now=NOW)
                assert set(refusal.value.allowed) == BY_HAND[old.value]
                assert (registration.state, registration.version) == (old, 7)
    session.flush()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == registration.id))
    told = [(entry.details["from"], entry.details["to"], entry.word) for entry in entries]
    assert len(told) == sum(map(len, BY_HAND.values()))
    assert {(old, new) for old, new, _word in told} == {
        (old, new) for old, many in BY_HAND.items() for new in many
    }
    assert {(new, word) for _old, new, word in told} == {
        (state.value, REGISTRATION.steps[state].audit)
        for state in RegistrationState
        if state is not REGISTRATION.start
    }


def test_who_waits_is_timed_from_the_moment_and_nobody_else_is(session, registration):
    for old, new in REGISTRATION.moves():
        registration.state = old
        seating.move(session, registration, new, by=SYSTEM, now=NOW)
        assert registration.waiting_since == (NOW if new is RegistrationState.WAITING else None)


def reached(table: Workflow) -> set:
    found, fresh = set(), {table.start}
    while fresh:
        found |= fresh
        fresh = {new for old in fresh for new in table.allowed(old)} - found
    return found


@pytest.mark.parametrize("table", WORKFLOWS, ids=lambda table: table.name)
def test_every_state_can_be_reached_and_every_state_can_end(table):
    states = set(type(table.start))
    assert reached(table) == states
    ends = {state for state in states if table.is_final(state)}
    for state in states:
        assert reached(Workflow(table.name, state, table.steps)) & ends


@pytest.mark.parametrize("table", WORKFLOWS, ids=lambda table: table.name)
def test_every_state_has_an_owner_and_a_word_of_its_own(table):
    words = [step.audit for step in table.steps.values()]
    assert len(set(words)) == len(words)
    assert all(step.owner for step in table.steps.values())


def test_what_holds_a_seat_and_what_is_decided_on():
    assert set(HOLDING) == {"confirmed", "offered", "rechecked"}
    assert set(TO_DECIDE) == {"pending", "rechecked"}
    assert set(RegistrationState) - set(LIVE) == {"refused", "cancelled", "lapsed"}


def test_an_unconfirmed_registration_has_a_day():
    due = REGISTRATION.due_at(RegistrationState.UNCONFIRMED, NOW)
    assert due == NOW + timedelta(hours=24)


def test_no_workflow_is_left_out_of_the_papers():
    written = [
        path.relative_to(ROOT).as_posix()
        for floor in ("core", "network", "events", "workers")
        for path in (ROOT / floor).rglob("*.py")
        if " = Workflow(" in path.read_text()
    ]
    assert len(written) == len(WORKFLOWS), written
    assert notifications.DELIVERY in WORKFLOWS


def test_the_diagrams_in_the_papers_are_those_of_the_tables():
    folder = ROOT / "docs" / "workflows"
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert kept == drawn(), "run: flask workflows draw"


def test_the_command_draws_every_diagram(app, tmp_path):
    answer = app.test_cli_runner().invoke(args=["workflows", "draw", "--into", str(tmp_path)])
    assert answer.output.split() == list(drawn())
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == drawn()
