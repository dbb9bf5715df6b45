"""Committed facts find their handlers here, within a moment.

The database wakes us when a fact is committed; we also look every two seconds. Each fact is
handled in a transaction of its own, so one that fails waits for its next try and holds up no
other. Any number of dispatchers may run: a fact that one of them holds is skipped by the rest.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from structlog import get_logger

from core import clock, context, health, metrics, outbox
from core.db import db
from core.outbox import Fact
from network.notifications.service import take_fresh
from workers.handlers import SUBSCRIPTIONS, Handler

log = get_logger()

POLL_SECONDS = 2
PAUSE_SECONDS = 1
LIVES_EVERY = 10

Publish = Callable[[Iterable[tuple[UUID, str]]], None]
Table = Mapping[type[Fact], tuple[Handler, ...]]


class Stopped(Exception):
    """Somebody asked us to end while we were only waiting."""


class Dispatcher:
    """Takes facts from the outbox to their handlers until it is told to stop."""

    def __init__(
        self, application: Flask, publish: Publish, subscriptions: Table = SUBSCRIPTIONS
    ) -> None:
        self.application = application
        self.publish = publish
        self.subscriptions = subscriptions
        self.stopping = threading.Event()
        self._waiting = False
        self._lived = float("-inf")

    def run(self) -> None:
        """Listen and poll for ever; a lost database is looked for again each second."""
        while not self.stopping.is_set():
            try:
                self._listen()
            except Stopped:
                return
            except (psycopg.Error, DBAPIError) as error:
                log.warning("database_lost", kind=type(error).__name__)
                self.stopping.wait(PAUSE_SECONDS)

    def stop(self, *_signal: object) -> None:
        """End after the fact at hand; at once when there is none."""
        self.stopping.set()
        if self._waiting:
            self._waiting = False
            raise Stopped

    def stop_on_signals(self) -> None:
        """End cleanly when the supervisor says so."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def _listen(self) -> None:
        with self.application.app_context():
            engine = db.engine
        with listening(engine) as connection:
            while not self.stopping.is_set():
                if time.monotonic() - self._lived >= LIVES_EVERY:
                    self.live()
                if self.handle_next():
                    continue
                self._waiting = True
                for _notice in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass
                self._waiting = False

    def live(self) -> None:
        """Leave a heartbeat."""
        with self.application.app_context():
            health.alive(db.session(), "dispatcher")
            db.session.commit()
        self._lived = time.monotonic()

    def handle_next(self) -> bool:
        """Take one fact to all its handlers and commit; False when none is waiting."""
        with self.application.app_context():
            session = db.session()
            now = clock.now()
            entry = outbox.next_pending(session, now=now)
            if entry is None:
                return False
            belongs = context.request_id.set(entry.request_id), context.fact_id.set(entry.id)
            try:
                self._handle(session, entry, now)
                session.commit()
                self.publish(take_fresh(session))
            finally:
                context.request_id.reset(belongs[0])
                context.fact_id.reset(belongs[1])
            return True

    def _handle(self, session: Session, entry: outbox.OutboxEntry, now: datetime) -> None:
        """Run the handlers in a savepoint: a failure undoes all of them and nothing else."""
        try:
            with session.begin_nested():
                fact = entry.fact()
                for handler in self.subscriptions.get(type(fact), ()):
                    handler(session, fact, now)
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            take_fresh(session)
            outbox.postpone(entry, word=type(error).__name__, now=now)
            metrics.FACTS_FAILED.labels(entry.kind).inc()
            log.exception("fact_failed", kind=entry.kind, attempts=entry.attempts)
        else:
            outbox.finish(entry, now=now)
            metrics.FACTS_HANDLED.labels(entry.kind).inc()
            log.info("fact", kind=entry.kind)


def listening(engine: Engine) -> psycopg.Connection[Any]:
    """A connection of its own that hears of new facts."""
    arguments, options = engine.dialect.create_connect_args(engine.url)
    connection = psycopg.connect(*arguments, **options, autocommit=True, connect_timeout=5)
    connection.execute(f"LISTEN {outbox.CHANNEL}")
    return connection
