"""The only writer of the delivery ledger."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from structlog import get_logger

from core import context
from core.house import House
from core.mail.message import BUILDERS, Message
from core.mail.senders import PermanentFailure, Sender, TemporaryFailure
from network.notifications.models import QUEUES, Delivery
from network.notifications.states import DELIVERY, WAITING, DeliveryState, wait_after

log = get_logger()

FRESH = "fresh_deliveries"
HANDED_AGAIN = timedelta(seconds=5)
MOST_AT_ONCE = 200


def queue_message(  # noqa: PLR0913 -- a mail has that many sides, all by name
    session: Session,
    *,
    key: str,
    message: str,
    recipient_kind: str,
    recipient_id: UUID | None,
    now: datetime,
    subject_id: UUID | None = None,
    queue: str = "mail",
    locale: str = "en",
    fact_id: UUID | None = None,
    due_at: datetime | None = None,
) -> UUID | None:
    """Wish for one mail; the same `key` again changes nothing and answers None.

    Whoever commits publishes the ids that `take_fresh` gives; what is lost there is found by the
    replay.
    """
    if queue not in QUEUES:
        problem = f"{queue} is not a queue for mail"
        raise ValueError(problem)
    fresh = session.scalar(
        insert(Delivery)
        .values(
            id=uuid.uuid4(),
            key=key,
            message=message,
            queue=queue,
            recipient_kind=recipient_kind,
            recipient_id=recipient_id,
            subject_id=subject_id,
            locale=locale,
            fact_id=fact_id or context.fact_id.get(),
            state=DeliveryState.QUEUED,
            attempts=0,
            queued_at=now,
            due_at=due_at or now,
            handed_at=now if due_at is None or due_at <= now else None,
        )
        .on_conflict_do_nothing(index_elements=[Delivery.key])
        .returning(Delivery.id)
    )
    if fresh is not None and (due_at is None or due_at <= now):
        session.info.setdefault(FRESH, []).append((fresh, queue))
    return fresh


def take_fresh(session: Session) -> list[tuple[UUID, str]]:
    """Ids and queues of what this session has queued since it was last asked."""
    fresh: list[tuple[UUID, str]] = session.info.pop(FRESH, [])
    return fresh


def hand_over_due(session: Session, *, busy: Collection[str], now: datetime) -> int:
    """Mark what is due and was not picked up as handed over; `take_fresh` then gives the ids.

    A row that a worker is sending at this moment is locked and skipped. Queues named in `busy`
    are left alone: there the ids wait in the broker.
    """
    due = session.scalars(
        select(Delivery)
        .where(
            Delivery.state.in_(WAITING),
            Delivery.due_at <= now,
            or_(Delivery.handed_at.is_(None), Delivery.handed_at <= now - HANDED_AGAIN),
            Delivery.queue.not_in(busy),
        )
        .order_by(Delivery.due_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in due:
        row.handed_at = now
        session.info.setdefault(FRESH, []).append((row.id, row.queue))
    session.flush()
    return len(due)


def cancel(session: Session, *, keys: Sequence[str], now: datetime) -> int:
    """Take back mails that have not gone yet; answers how many."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.key.in_(keys), Delivery.state.in_(WAITING))
        .values(state=DeliveryState.CANCELLED, ended_at=now)
        .returning(Delivery.id)
    )
    return len(done.all())


def deliver(
    session: Session, *, delivery_id: UUID, sender: Sender, house: House, now: datetime
) -> DeliveryState | None:
    """Send one mail that is due and that nobody else is sending; None if there is no such one.

    The row stays locked while the mail server answers, so a killed worker frees it at once and
    two workers never send it together. It is marked in the caller's transaction: only a crash
    between the server's answer and the commit can send it twice, with the same Message-ID.
    """
    row = session.scalar(
        select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_(WAITING), Delivery.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.attempts += 1
    try:
        message = written(session, row, house, now)
        if message is None:
            _end(row, DeliveryState.SUPPRESSED, now)
        else:
            sender.send(message, now=now)
            _end(row, DeliveryState.SENT, now)
            tidy_up(session, row, message)
    except TemporaryFailure as failure:
        _try_again(row, failure.word, now)
    except PermanentFailure as failure:
        _end(row, DeliveryState.REFUSED, now, failure.word)
    log.info(
        "delivery",
        delivery=str(row.id),
        mail=row.message,
        state=row.state.value,
        attempts=row.attempts,
        failure=row.failure,
        fact_id=str(row.fact_id) if row.fact_id else None,
    )
    session.flush()
    return row.state


def written(session: Session, row: Delivery, house: House, now: datetime) -> Message | None:
    """The words of a delivery. A builder that breaks is tried again by plan, like a lost server."""
    try:
        with session.begin_nested():
            message = BUILDERS[row.message](session, row, house, now)
    except Exception as error:
        log.exception("message_not_written", delivery=str(row.id), mail=row.message)
        raise TemporaryFailure(f"builder-{type(error).__name__}"[:40]) from error
    return message and dataclasses.replace(message, message_id=message_id(row, house))


def tidy_up(session: Session, row: Delivery, message: Message) -> None:
    """What a message does once it is sent. If that breaks, the mail is sent all the same."""
    if message.after_sending is None:
        return
    try:
        with session.begin_nested():
            message.after_sending()
    except Exception:
        log.exception("message_not_tidied", delivery=str(row.id), mail=row.message)


def message_id(row: Delivery, house: House) -> str:
    """The same for every try, so that a mail that came twice is known as one."""
    return f"<{row.id}@{urlsplit(house.public_url).hostname or 'relais'}>"


def _try_again(row: Delivery, word: str, now: datetime) -> None:
    pause = wait_after(row.attempts)
    if pause is None:
        _end(row, DeliveryState.FAILED, now, word)
        return
    if row.state is not DeliveryState.RETRYING:
        DELIVERY.check(row.state, DeliveryState.RETRYING)
        row.state = DeliveryState.RETRYING
    row.due_at = now + pause
    row.handed_at = None
    row.failure = word


def _end(row: Delivery, state: DeliveryState, now: datetime, word: str | None = None) -> None:
    DELIVERY.check(row.state, state)
    row.state = state
    row.ended_at = now
    row.failure = word
