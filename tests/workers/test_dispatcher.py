"""Facts find their handlers: each once, none lost, and one that fails holds up no other."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from core import clock as core_clock
from core import context, outbox
from core.outbox import OutboxEntry
from network.notifications.models import Delivery
from tests.workers.trial import TrialHappened, tell
from workers.dispatcher import Dispatcher


def record(live, count: int = 1, words: str = "") -> list[UUID]:
    with live.session() as session:
        facts = [TrialHappened(trial_id=uuid4(), words=words) for _ in range(count)]
        for fact in facts:
            outbox.record(session, fact, now=core_clock.now(), request_id="asked")
    return [fact.trial_id for fact in facts]


def drain(dispatcher: Dispatcher) -> int:
    handled = 0
    while dispatcher.handle_next():
        handled += 1
    return handled


def waits(session) -> int:
    return outbox.depth(session, now=core_clock.now())[0]


@pytest.fixture
def published():
    return []


@pytest.fixture
def dispatcher(live, published):
    return Dispatcher(live.app, published.extend, {TrialHappened: (tell,)})


def test_a_fact_becomes_a_mail_that_knows_its_fact(live, dispatcher, published) -> None:
    record(live)
    assert drain(dispatcher) == 1
    with live.session() as session:
        entry = session.scalars(select(OutboxEntry)).one()
        mail = session.scalars(select(Delivery)).one()
        assert (entry.attempts, entry.failure, entry.done_at is not None) == (1, None, True)
        assert mail.fact_id == entry.id
        assert published == [(mail.id, "mail")]


def test_facts_are_handled_in_the_order_they_were_written(live) -> None:
    seen: list[UUID] = []
    wanted = record(live, 10)
    handlers = {TrialHappened: (lambda _session, fact, _now: seen.append(fact.trial_id),)}
    drain(Dispatcher(live.app, lambda _fresh: None, handlers))
    assert seen == wanted


def test_a_handler_knows_the_request_and_the_fact_for_its_log(live) -> None:
    seen: list[object] = []

    def look(*_more: object) -> None:
        seen.extend((context.request_id.get(), context.fact_id.get()))

    record(live)
    drain(Dispatcher(live.app, lambda _fresh: None, {TrialHappened: (look,)}))
    with live.session() as session:
        assert seen == ["asked", session.scalars(select(OutboxEntry.id)).one()]
    assert (context.request_id.get(), context.fact_id.get()) == (None, None)


def test_a_failing_handler_undoes_its_fact_alone_and_is_tried_again(live, clock) -> None:
    trouble = {"on": True}

    def fragile(_session, fact, _now) -> None:
        if fact.words == "bad" and trouble["on"]:
            raise RuntimeError("ana@ministry.example")

    published: list[object] = []
    dispatcher = Dispatcher(live.app, published.extend, {TrialHappened: (tell, fragile)})
    record(live, words="bad")
    (good,) = record(live, words="good")
    assert drain(dispatcher) == 2
    with live.session() as session:
        assert session.scalars(select(Delivery.recipient_id)).all() == [good]
        failed = session.scalars(select(OutboxEntry).where(OutboxEntry.done_at.is_(None))).one()
        assert (failed.attempts, failed.failure) == (1, "RuntimeError")
        assert failed.try_at > core_clock.now()
        assert outbox.depth(session, now=core_clock.now())[:2] == (1, 1)
    assert len(published) == 1
    assert drain(dispatcher) == 0
    trouble["on"] = False
    clock.forward(seconds=outbox.BACK_OFF_SECONDS[0] + 1)
    assert drain(dispatcher) == 1
    with live.session() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 2
        assert waits(session) == 0


def test_a_fact_is_never_given_up_but_asked_for_ever_less_often() -> None:
    now = core_clock.now()
    entry = OutboxEntry(kind="TrialHappened", body={}, recorded_at=now)
    pauses = []
    for _ in range(len(outbox.BACK_OFF_SECONDS) + 2):
        outbox.postpone(entry, word="Trouble", now=now)
        pauses.append((entry.try_at - now) / timedelta(seconds=1))
    assert tuple(pauses) == (*outbox.BACK_OFF_SECONDS, 3600, 3600)


def test_a_fact_whose_kind_is_gone_waits_and_is_counted(live, dispatcher) -> None:
    with live.session() as session:
        session.add(OutboxEntry(kind="Forgotten", body={}, recorded_at=core_clock.now()))
    drain(dispatcher)
    with live.session() as session:
        assert session.scalars(select(OutboxEntry.failure)).one() == "KeyError"


def test_two_dispatchers_over_forty_rows_handle_each_once(live) -> None:
    record(live, 40)
    seen: list[UUID] = []
    met = threading.Barrier(2, timeout=10)

    def slowly(session, fact, now) -> None:
        time.sleep(0.005)
        seen.append(fact.trial_id)
        tell(session, fact, now)

    def work(counts: list[int]) -> None:
        own = Dispatcher(live.app, lambda _fresh: None, {TrialHappened: (slowly,)})
        met.wait()
        counts.append(drain(own))

    counts: list[int] = []
    both = [threading.Thread(target=work, args=(counts,)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert (sum(counts), len(seen), len(set(seen)), min(counts) > 0) == (40, 40, 40, True)
    with live.session() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 40
        assert waits(session) == 0


def test_a_crash_in_the_middle_leaves_the_fact_to_the_next(live, dispatcher) -> None:
    def crash(*_more: object) -> None:
        raise KeyboardInterrupt

    record(live)
    with pytest.raises(KeyboardInterrupt):
        drain(Dispatcher(live.app, lambda _fresh: None, {TrialHappened: (tell, crash)}))
    with live.session() as session:
        assert (waits(session), session.scalars(select(Delivery)).all()) == (1, [])
    assert drain(dispatcher) == 1


def running(dispatcher: Dispatcher) -> threading.Thread:
    thread = threading.Thread(target=dispatcher.run, daemon=True)
    thread.start()
    return thread


def until(condition, seconds: float = 10) -> float:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds
        time.sleep(0.02)
    return time.monotonic() - started


def test_a_commit_wakes_the_dispatcher_and_a_lost_database_is_found_again(live, published) -> None:
    own = Dispatcher(live.app, published.extend, {TrialHappened: (tell,)})
    thread = running(own)
    try:
        with live.session() as session:
            until(lambda: session.scalar(text("SELECT count(*) FROM heartbeat")) == 1)
        record(live)
        assert until(lambda: len(published) == 1) < 1.5
        with live.session() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
        record(live)
        until(lambda: len(published) == 2)
    finally:
        own.stopping.set()
        thread.join(10)
    assert not thread.is_alive()


def test_a_fact_holds_ids_and_plain_words_only(session) -> None:
    with pytest.raises(TypeError, match="not datetime"):
        outbox.record(
            session, TrialHappened(trial_id=uuid4(), words=core_clock.now()), now=core_clock.now()
        )


def test_a_fact_comes_back_as_it_was(session) -> None:
    fact = TrialHappened(trial_id=uuid4(), words="two words")
    entry = outbox.record(session, fact, now=core_clock.now())
    session.commit()
    session.expire_all()
    assert session.get_one(OutboxEntry, entry.id).fact() == fact


def test_done_facts_are_forgotten_after_their_time(session) -> None:
    now = core_clock.now()
    for done in (None, now - timedelta(days=31), now - timedelta(days=29)):
        entry = outbox.record(session, TrialHappened(trial_id=uuid4()), now=now)
        entry.done_at = done
    session.flush()
    assert outbox.forget_done(session, before=now - timedelta(days=30)) == 1


def test_the_same_mail_from_two_handlings_is_one(session) -> None:
    now = core_clock.now()
    fact = TrialHappened(trial_id=uuid4())
    tell(session, fact, now)
    tell(session, fact, now)
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1
