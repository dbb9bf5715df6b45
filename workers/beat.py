"""A beat that only ticks while it holds the one lock for it.

A second beat waits and takes over when the first is gone. Nothing is kept in a file: what is
due is due again after a restart, and every periodic task may run twice without harm.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from celery.beat import Scheduler
from celery.schedules import schedule
from flask import Flask
from structlog import get_logger

from core import health
from core.db import db
from workers.task import application_of

log = get_logger()

LOCK = 0x5265_6C61
STANDBY_SECONDS = 2.0
LIVES_EVERY = 10.0


class Guard:
    """A database connection that holds the beat's lock for as long as it lives."""

    def __init__(self, application: Flask) -> None:
        self.application = application
        self._connection: psycopg.Connection[Any] | None = None
        self._lived = 0.0

    def holds(self) -> bool:
        """Whether this process may tick now; also leaves its heartbeat."""
        try:
            if self._connection is None and not self._take():
                return False
            if time.monotonic() - self._lived >= LIVES_EVERY:
                self._live()
        except Exception as error:  # noqa: BLE001 -- whatever it is, without the lock there is no tick
            log.warning("beat_without_database", kind=type(error).__name__)
            self.release()
            return False
        return True

    def release(self) -> None:
        """Let another beat take over."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _take(self) -> bool:
        with self.application.app_context():
            engine = db.engine
        arguments, options = engine.dialect.create_connect_args(engine.url)
        connection = psycopg.connect(*arguments, **options, autocommit=True, connect_timeout=5)
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        if row is None or not row[0]:
            connection.close()
            return False
        self._connection = connection
        return True

    def _live(self) -> None:
        """The heartbeat goes over the lock's own connection too, so a lost lock is noticed."""
        if self._connection is not None:
            self._connection.execute("SELECT 1")
        with self.application.app_context():
            health.alive(db.session(), "beat")
            db.session.commit()
        self._lived = time.monotonic()


class GuardedScheduler(Scheduler):
    """Celery's own scheduler behind the guard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guard = Guard(application_of(self.app))
        self._first_round_now()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Seconds until the next look; nothing is sent without the lock."""
        if not self.guard.holds():
            return STANDBY_SECONDS
        pause: float = super().tick(*args, **kwargs)
        return pause

    def _first_round_now(self) -> None:
        """After a start everything that comes every few seconds is due at once."""
        for entry in self.schedule.values():
            if isinstance(entry.schedule, schedule):
                entry.last_run_at = entry.default_now() - entry.schedule.run_every  # type: ignore[attr-defined]  # the stubs forget it

    def close(self) -> None:
        """Give the lock back."""
        super().close()
        self.guard.release()
