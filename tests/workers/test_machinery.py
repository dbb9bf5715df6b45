"""Real workers, a real broker, a real mail server, and what happens when they are killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import audit, health, outbox
from core import clock as core_clock
from core.audit import AuditEntry
from core.context import SYSTEM
from network.notifications import service
from network.notifications.models import Delivery
from network.notifications.states import DeliveryState
from tests.workers.trial import TrialHappened, address
from workers import broker, celery_app

pytestmark = pytest.mark.timeout(120)


def queued(live, key: str = "one", queue: str = "mail") -> tuple[UUID, UUID]:
    """A wish committed as if its hand-over had been lost: delivery and recipient."""
    recipient = uuid4()
    with live.session() as session:
        found = service.queue_message(
            session,
            key=key,
            message="trial",
            recipient_kind="trial",
            recipient_id=recipient,
            queue=queue,
            now=core_clock.now(),
        )
    return found, recipient


def state(live, delivery_id: UUID) -> DeliveryState:
    with live.session() as session:
        return session.get_one(Delivery, delivery_id).state


def until(condition, seconds: float = 30) -> float:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds
        time.sleep(0.05)
    return time.monotonic() - started


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in found.split()]


def test_a_worker_killed_while_a_mail_is_on_its_way_lets_it_arrive_once(
    live, processes, slow_mailbox
) -> None:
    celery_app.make(live.app)
    one, recipient = queued(live)
    processes.beat()
    first = processes.worker("default", "mail")
    slow_mailbox.hold("recipient")
    assert slow_mailbox.holding.wait(30)
    processes.kill(first)
    assert state(live, one) is DeliveryState.QUEUED
    slow_mailbox.go_on.set()
    processes.worker("default", "mail")
    (mail,) = slow_mailbox.wait(to=address(recipient), seconds=40)
    until(lambda: state(live, one) is DeliveryState.SENT)
    time.sleep(3)
    assert slow_mailbox.messages == [mail]
    assert mail["Message-ID"] == f"<{one}@localhost>"


def test_a_child_killed_in_the_one_window_sends_the_same_message_id_again(
    live, processes, slow_mailbox
) -> None:
    celery_app.make(live.app)
    one, recipient = queued(live)
    worker = processes.worker("default", "mail")
    slow_mailbox.hold("end")
    broker.publish([(one, "mail")])
    assert slow_mailbox.holding.wait(30)
    for child in children(worker.pid):
        os.kill(child, signal.SIGKILL)
    slow_mailbox.go_on.set()
    mails = slow_mailbox.wait(to=address(recipient), count=2, seconds=30)
    until(lambda: state(live, one) is DeliveryState.SENT)
    assert {mail["Message-ID"] for mail in mails} == {f"<{one}@localhost>"}


def test_the_whole_machinery_from_a_fact_to_a_mail_and_its_health(
    live, processes, slow_mailbox
) -> None:
    processes.beat()
    processes.beat()
    processes.dispatcher()
    processes.worker("default", "mail", "reports")
    processes.worker("vault", role="vault")
    client = live.client()
    until(lambda: client.get("/health/ready").status_code == 200, 60)

    trials = [uuid4() for _ in range(10)]
    with live.session() as session:
        for trial in trials:
            outbox.record(session, TrialHappened(trial_id=trial), now=core_clock.now())
        audit.write(
            session, "trial", by=SYSTEM, now=core_clock.now(), subject_kind="t", subject_id=None
        )
    started = time.monotonic()
    slow_mailbox.wait(count=10)
    assert time.monotonic() - started < 5
    assert sorted(mail["To"] for mail in slow_mailbox.messages) == sorted(map(address, trials))

    def sealed() -> bool:
        with live.session() as session:
            return session.scalars(select(AuditEntry.hash)).one() is not None

    assert until(sealed) < 12

    sealed_mail, recipient = queued(live, "vault", queue="vault")
    slow_mailbox.wait(to=address(recipient), seconds=30)
    until(lambda: state(live, sealed_mail) is DeliveryState.SENT)


def test_five_messages_for_one_mail_send_it_once(live, processes, slow_mailbox) -> None:
    celery_app.make(live.app)
    one, recipient = queued(live)
    processes.worker("mail")
    broker.publish([(one, "mail")] * 5)
    two, other = queued(live, "two")
    broker.publish([(two, "mail")])
    slow_mailbox.wait(to=address(other), seconds=30)
    assert len(slow_mailbox.to(address(recipient))) == 1
    assert (state(live, one), state(live, two)) == (DeliveryState.SENT, DeliveryState.SENT)


def test_a_worker_refuses_queues_that_are_not_its_own(processes) -> None:
    deaf = processes.worker("mail", "vault")
    assert deaf.wait(30) == 1
    processes.running.remove(deaf)
    nosy = processes.worker("vault", "mail", role="vault")
    assert nosy.wait(30) == 1
    processes.running.remove(nosy)


def test_processes_end_when_they_are_told_to(live, processes) -> None:
    beat, dispatcher, worker = (
        processes.beat(),
        processes.dispatcher(),
        processes.worker("default", "mail"),
    )
    with live.session() as session:
        until(lambda: {"beat", "dispatcher", "worker"} <= set(health.ages(session)))
    for process in (beat, dispatcher, worker):
        process.send_signal(signal.SIGTERM)
    assert [process.wait(15) for process in (beat, dispatcher, worker)] == [0, 0, 0]


def test_a_broker_that_is_away_costs_nothing_but_the_wait_for_the_replay(make_app, live) -> None:
    app = make_app(database_url=live.url, broker_url="redis://127.0.0.1:1/0")
    celery_app.make(app)
    started = time.monotonic()
    broker.publish([(uuid4(), "mail"), (uuid4(), "mail")])
    assert time.monotonic() - started < 2


def test_busy_queues_are_known_by_what_waits_in_them(live, processes) -> None:
    celery_app.make(live.app)
    assert broker.busy_queues() == frozenset()
    broker.publish([(uuid4(), "mail")] * (broker.BUSY_MESSAGES + 1))
    assert broker.busy_queues() == {"mail"}
