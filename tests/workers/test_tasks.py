"""The one task class, the beat's guard, and the tables that say what happens when."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from uuid import uuid4

import pytest
from celery import current_app
from flask import current_app as flask_app
from sqlalchemy import func, select

from core import clock as core_clock
from core import health
from core.db import db
from core.mail.message import BUILDERS
from core.outbox import Fact
from network.notifications import service
from network.notifications.models import Delivery
from tests.workers.trial import TrialHappened
from workers import beat, broker, celery_app, clock_table, handlers, queues, schedule
from workers.task import task

ROOT = Path(__file__).parents[2]


@pytest.fixture
def celery(live):
    made = celery_app.make(live.app)
    made.loader.import_default_modules()
    return made


@task("trial.queue")
def queue_and_perhaps_fail(key: str, fail: bool) -> str:  # noqa: FBT001 -- a task's arguments are positional
    service.queue_message(
        db.session(),
        key=key,
        message="trial",
        recipient_kind="trial",
        recipient_id=uuid4(),
        now=core_clock.now(),
    )
    if fail:
        raise RuntimeError("ana@ministry.example")
    return str(flask_app.name)


@task("trial.alone", alone=True)
def count_alone() -> int:
    return 1


def count(live) -> int:
    with live.session() as session:
        return session.scalar(select(func.count()).select_from(Delivery))


def test_a_task_runs_in_the_application_and_commits_once(live, celery, monkeypatch) -> None:
    published: list[object] = []
    monkeypatch.setattr(broker, "publish", published.extend)
    assert queue_and_perhaps_fail.apply(("one", False)).get() == "relais"
    assert (count(live), len(published)) == (1, 1)


def test_a_task_that_fails_leaves_nothing_behind(live, celery, monkeypatch) -> None:
    published: list[object] = []
    monkeypatch.setattr(broker, "publish", published.extend)
    with pytest.raises(RuntimeError):
        queue_and_perhaps_fail.apply(("one", True)).get()
    assert (count(live), published) == (0, [])


def test_a_periodic_task_steps_back_while_its_twin_is_at_work(live, celery) -> None:
    with live.session() as session:
        session.execute(
            select(func.pg_advisory_xact_lock(func.hashtext("relais-task:trial.alone")))
        )
        assert count_alone.apply().get() is None
    assert count_alone.apply().get() == 1


def test_only_one_beat_ticks_and_the_next_takes_over(live) -> None:
    first, second = beat.Guard(live.app), beat.Guard(live.app)
    try:
        assert [first.holds(), second.holds(), first.holds()] == [True, False, True]
        with live.session() as session:
            assert set(health.ages(session)) == {"beat"}
        first.release()
        assert [second.holds(), first.holds()] == [True, False]
    finally:
        first.release()
        second.release()


def test_a_beat_that_lost_its_connection_asks_for_the_lock_again(live) -> None:
    guard = beat.Guard(live.app)
    assert guard.holds()
    guard._connection.close()
    guard._lived -= beat.LIVES_EVERY
    assert [guard.holds(), guard.holds()] == [False, True]
    guard.release()


def test_every_line_of_the_schedule_names_a_task_and_a_queue(celery) -> None:
    known = {name for name in celery.tasks if not name.startswith("celery.")}
    for title, line in schedule.lines().items():
        assert line["task"] in known, title
        assert line["options"]["queue"] in set(queues.Queue), title
        assert line["options"]["expires"] > 0, title


def test_every_queue_is_listened_to_by_exactly_one_role() -> None:
    heard = [queue for ears in queues.LISTENS.values() for queue in ears]
    assert sorted(heard) == sorted(queues.Queue)


def test_no_task_takes_more_than_ids_and_words(celery) -> None:
    assert celery.conf.accept_content == ["json"]
    assert celery.conf.task_ignore_result
    assert celery.conf.task_time_limit < celery.conf.broker_transport_options["visibility_timeout"]
    assert current_app.conf.task_acks_late


def test_clocks_have_names_of_their_own(live) -> None:
    names = [clock.name for clock in clock_table.CLOCKS]
    assert len(names) == len(set(names))
    for clock in clock_table.CLOCKS:
        assert clock_table.clock_named(clock.name) is clock
        assert clock.every_seconds >= 1
        with live.app.app_context():
            assert clock.run(db.session(), core_clock.now()) == 0


def facts() -> set[type[Fact]]:
    """Every fact of every slice."""
    for path in ROOT.glob("*/*/facts.py"):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {
        fact
        for fact in Fact.registry.values()
        if fact.__module__.split(".")[0] in {"core", "network", "events"}
    }


def test_every_fact_has_a_handler_or_is_named_as_being_for_the_record() -> None:
    handled = set(handlers.SUBSCRIPTIONS) - {TrialHappened}
    assert facts() == handled | handlers.FOR_THE_RECORD
    assert not handled & handlers.FOR_THE_RECORD


def test_every_message_has_its_folder_and_every_folder_somebody_who_writes_from_it(app) -> None:
    folders = {path.name for path in (ROOT / "templates/mail").iterdir()} - {"_base"}
    for name in folders:
        files = {path.name for path in (ROOT / "templates/mail" / name).iterdir()}
        assert files == {"subject.txt", "body.txt", "body.html"}, name
    written = {word for path in ROOT.glob("*/*/messages.py") for word in constants(path)}
    builders = set(BUILDERS) - {"trial"}
    assert builders <= folders <= written | builders


def test_every_mail_that_is_queued_has_somebody_who_writes_it(app) -> None:
    queued = {
        keyword.value.value
        for floor in ("network", "events", "workers")
        for path in (ROOT / floor).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "queue_message"
        for keyword in call.keywords
        if keyword.arg == "message" and isinstance(keyword.value, ast.Constant)
    }
    assert queued <= set(BUILDERS)


def constants(path: Path) -> set[object]:
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_time_stands_in_the_database_not_in_the_broker() -> None:
    for path in (ROOT / "workers").glob("*.py"):
        words = path.read_text()
        assert "countdown=" not in words, path
        assert "eta=" not in words, path
