"""One mail, one row: sent once, tried again by plan, and ended in a state."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.mail.message import BUILDERS, Message
from core.mail.senders import SmtpSender
from network.notifications import queries, service
from network.notifications.models import Delivery
from network.notifications.states import DELIVERY, RETRY_MINUTES, DeliveryState, wait_after
from tests.workers import trial

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def sender(mailbox):
    made = SmtpSender(mailbox.url, "Relais <no-reply@relais.example>", timeout=5)
    yield made
    made.close()


@pytest.fixture
def house(app):
    return app.extensions["relais"]


def queued(session, key: str = "one", **more) -> UUID:
    known = {"message": "trial", "recipient_kind": "trial", "recipient_id": uuid4(), "now": NOW}
    found = service.queue_message(session, key=key, **(known | more))
    session.commit()
    return found


def row(session, delivery_id: UUID) -> Delivery:
    session.expire_all()
    return session.get_one(Delivery, delivery_id)


def deliver(session, delivery_id, sender, house, now=NOW):
    state = service.deliver(session, delivery_id=delivery_id, sender=sender, house=house, now=now)
    session.commit()
    return state


def test_the_same_wish_twice_is_one_row(session) -> None:
    first = queued(session)
    assert queued(session) is None
    assert session.scalars(select(Delivery.id)).all() == [first]
    assert service.take_fresh(session) == [(first, "mail")]


def test_the_same_task_run_five_times_sends_once(session, sender, house, mailbox) -> None:
    one = queued(session)
    states = [deliver(session, one, sender, house) for _ in range(5)]
    assert states == [DeliveryState.SENT, None, None, None, None]
    (mail,) = mailbox.messages
    sent = row(session, one)
    assert mail["Message-ID"] == f"<{one}@localhost>"
    assert mail["To"] == trial.address(sent.recipient_id)
    assert (sent.state, sent.attempts, sent.ended_at, sent.failure) == (
        DeliveryState.SENT,
        1,
        NOW,
        None,
    )


def test_five_workers_at_once_send_once(live, house, mailbox) -> None:
    with live.session() as session:
        one = queued(session)

    def work(_number: int) -> DeliveryState | None:
        own = SmtpSender(mailbox.url, "no-reply@relais.example", timeout=5)
        with live.session() as session:
            state = service.deliver(session, delivery_id=one, sender=own, house=house, now=NOW)
        own.close()
        return state

    with ThreadPoolExecutor(5) as pool:
        states = list(pool.map(work, range(5)))
    assert [state for state in states if state] == [DeliveryState.SENT]
    assert len(mailbox.messages) == 1


def test_a_passing_failure_is_tried_again_by_plan_and_ends_as_failed(
    session, sender, house, mailbox
) -> None:
    mailbox.refuse_with = "451 come back later"
    one = queued(session)
    pauses, now = [], NOW
    while row(session, one).state in {DeliveryState.QUEUED, DeliveryState.RETRYING}:
        now = row(session, one).due_at
        assert deliver(session, one, sender, house, now - timedelta(seconds=1)) is None
        deliver(session, one, sender, house, now)
        if row(session, one).state is DeliveryState.RETRYING:
            pauses.append((row(session, one).due_at - now) / timedelta(minutes=1))
    assert tuple(pauses) == RETRY_MINUTES
    ended = row(session, one)
    assert (ended.state, ended.attempts, ended.failure) == (
        DeliveryState.FAILED,
        len(RETRY_MINUTES) + 1,
        "content-4xx",
    )
    assert timedelta(hours=46) < ended.ended_at - NOW <= timedelta(hours=48)
    assert mailbox.messages == []


def test_a_mail_that_failed_at_first_arrives_at_its_next_try(
    session, sender, house, mailbox
) -> None:
    mailbox.refuse_with = "451 come back later"
    one = queued(session)
    deliver(session, one, sender, house)
    mailbox.refuse_with = None
    assert deliver(session, one, sender, house, NOW + timedelta(minutes=1)) is DeliveryState.SENT
    assert len(mailbox.messages) == 1


def test_a_lasting_failure_ends_at_once_and_keeps_no_word_of_the_server(
    session, sender, house, mailbox
) -> None:
    mailbox.refuse_with = "550 no such person ana@trial.example"
    one = queued(session)
    assert deliver(session, one, sender, house) is DeliveryState.REFUSED
    ended = row(session, one)
    assert (ended.attempts, ended.failure, ended.ended_at) == (1, "content-5xx", NOW)


def test_nothing_to_say_any_more_is_suppressed(session, sender, house, mailbox) -> None:
    one = queued(session, subject_id=uuid4())
    assert deliver(session, one, sender, house) is DeliveryState.SUPPRESSED
    assert mailbox.messages == []


def test_a_builder_that_breaks_is_a_passing_failure_and_spoils_nothing(
    session, sender, house, monkeypatch
) -> None:
    def broken(session, *_more):
        session.execute(select(Delivery.nothing))

    monkeypatch.setitem(BUILDERS, "trial", broken)
    one = queued(session)
    assert deliver(session, one, sender, house) is DeliveryState.RETRYING
    assert row(session, one).failure == "builder-AttributeError"


def test_what_breaks_after_sending_does_not_send_again(
    session, sender, house, mailbox, monkeypatch
) -> None:
    done: list[str] = []

    def careless(*order: object) -> Message:
        def break_after(words: str = "tidied") -> None:
            done.append(words)
            raise RuntimeError

        return dataclasses.replace(trial.write_trial(*order), after_sending=break_after)

    monkeypatch.setitem(BUILDERS, "trial", careless)
    one = queued(session)
    assert deliver(session, one, sender, house) is DeliveryState.SENT
    assert deliver(session, one, sender, house) is None
    assert (len(mailbox.messages), done) == (1, ["tidied"])


def test_a_cancelled_mail_does_not_go_and_a_sent_one_stays_sent(session, sender, house, mailbox):
    one, two = queued(session, "one"), queued(session, "two")
    deliver(session, two, sender, house)
    assert service.cancel(session, keys=["one", "two"], now=NOW) == 1
    assert deliver(session, one, sender, house) is None
    assert row(session, one).state is DeliveryState.CANCELLED
    assert row(session, two).state is DeliveryState.SENT


def test_what_was_not_picked_up_is_handed_over_again(session) -> None:
    lost = queued(session, "lost")
    later = queued(session, "later", due_at=NOW + timedelta(hours=1))
    vault = queued(session, "vault", queue="vault")
    service.take_fresh(session)
    soon = NOW + timedelta(seconds=4)
    assert service.hand_over_due(session, busy=(), now=soon) == 0
    late = NOW + timedelta(seconds=5)
    assert service.hand_over_due(session, busy={"mail"}, now=late) == 1
    assert service.take_fresh(session) == [(vault, "vault")]
    assert service.hand_over_due(session, busy=(), now=late) == 1
    assert service.take_fresh(session) == [(lost, "mail")]
    assert service.hand_over_due(session, busy=(), now=NOW + timedelta(hours=1)) == 3
    assert {found for found, _queue in service.take_fresh(session)} == {lost, later, vault}


def test_what_a_worker_is_sending_is_not_handed_over(live) -> None:
    with live.session() as session:
        one = queued(session)
    late = NOW + timedelta(minutes=1)
    with live.session() as sending, live.session() as replaying:
        sending.get_one(Delivery, one, with_for_update=True)
        assert service.hand_over_due(replaying, busy=(), now=late) == 0
    with live.session() as replaying:
        assert service.hand_over_due(replaying, busy=(), now=late) == 1


def test_the_ledger_says_how_late_it_is(session) -> None:
    queued(session)
    assert queries.unsent(session, now=NOW + timedelta(seconds=30)) == (1, 30.0)
    gauges = {g.name: g.values for g in queries.delivery_gauges(session, NOW)}
    assert gauges == {
        "relais_deliveries": {("mail", "queued"): 1},
        "relais_deliveries_oldest_seconds": {(): 0.0},
    }


def test_every_end_is_an_end_and_the_plan_stays_within_the_clock() -> None:
    ends = {state for state in DeliveryState if DELIVERY.is_final(state)}
    assert ends == set(DeliveryState) - {DeliveryState.QUEUED, DeliveryState.RETRYING}
    assert sum(RETRY_MINUTES) <= DELIVERY.steps[DeliveryState.QUEUED].due / timedelta(minutes=1)
    assert wait_after(len(RETRY_MINUTES) + 1) is None


def test_only_known_queues_take_mail(session) -> None:
    with pytest.raises(ValueError, match="reports is not a queue for mail"):
        queued(session, queue="reports")
