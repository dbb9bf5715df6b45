"""The one class that every task has, and the one way to write a task."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from celery import Celery, Task, shared_task
from flask import Flask
from sqlalchemy import func, select
from structlog import get_logger
from structlog.contextvars import bound_contextvars

from core import context, metrics
from core.db import db
from network.notifications.service import take_fresh
from workers import broker

log = get_logger()

P = ParamSpec("P")
R = TypeVar("R")


class OneTransaction(Task[Any, Any]):
    """Context, one transaction, log and timing around a task's three lines.

    `alone` makes a periodic task step back while another one of its name is at work.
    """

    abstract = True
    alone = False
    Request = "workers.reconnect:Acknowledging"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task and commit once, or leave nothing behind."""
        context.request_id.set(None)
        started, ended, answer = time.perf_counter(), "failed", None
        with (
            application_of(self.app).app_context(),
            bound_contextvars(task=self.name, task_id=self.request.id),
        ):
            try:
                if self.alone and not only_one(self.name, *args):
                    ended = "stepped back"
                    return None
                answer = self.run(*args, **kwargs)
                fresh = take_fresh(db.session())
                db.session.commit()
                ended = "done"
            except BaseException:
                db.session.rollback()
                log.exception("task_failed")
                raise
            finally:
                seconds = time.perf_counter() - started
                metrics.TASKS.labels(self.name, ended).observe(seconds)
                say = log.debug if self.alone and not answer else log.info
                say("task", ended=ended, ms=round(seconds * 1000, 1), answer=answer)
            broker.publish(fresh)
            return answer


def task(name: str, *, alone: bool = False) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function a task. Its arguments are ids and names, never what a person typed."""

    def register(function: Callable[P, R]) -> Task[P, R]:
        made = shared_task(name=name, alone=alone)(function)  # type: ignore[call-overload]  # `alone` is our class's own
        return cast("Task[P, R]", made)

    return register


def application_of(celery: Celery) -> Flask:
    """The Flask application that this Celery was made from."""
    found: Flask = celery.flask_app  # type: ignore[attr-defined]  # set by celery_app.make
    return found


def only_one(*name: str) -> bool:
    """Whether this transaction is the only one that holds the lock of that name."""
    lock = func.pg_try_advisory_xact_lock(func.hashtext(f"relais-task:{':'.join(name)}"))
    return bool(db.session.scalar(select(lock)))
