"""Celery, made from the assembled application.

What must wait, waits in the database (`due_at`), never in the broker: no task has a countdown,
and one that is lost there is found again by its row.
"""

from __future__ import annotations

from typing import Any

from celery import Celery, signals
from flask import Flask

from core import health
from core.db import db
from core.house import House
from workers import queues, schedule
from workers.reconnect import Watch
from workers.task import OneTransaction

VISIBLE_AGAIN_SECONDS = 900
HARD_LIMIT_SECONDS = 300
SOFT_LIMIT_SECONDS = 270
CONNECT_SECONDS = 1
SOFT_SHUTDOWN_SECONDS = 20
FAIL_QUICKLY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
"""A dispatcher that cannot publish goes on at once: the replay hands the mail over later."""

MODULES = ("workers.clocks", "workers.housekeeping", "workers.messages")


def make(application: Flask) -> Celery:
    """The Celery application of this process, for its worker, its beat or its publishing."""
    house: House = application.extensions["relais"]
    broker: str = application.config["BROKER_URL"]
    celery: Celery = Celery("relais", task_cls=OneTransaction, set_as_current=True)
    celery.flask_app = application  # type: ignore[attr-defined]  # read by task.application_of
    celery.conf.update(
        broker_url=broker,
        broker_transport_options=transport_options(broker),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        imports=MODULES,
        accept_content=["json"],
        task_serializer="json",
        task_queues=queues.declared(),
        task_default_queue=queues.Queue.DEFAULT.value,
        task_default_exchange=queues.EXCHANGE.name,
        task_default_routing_key=queues.Queue.DEFAULT.value,
        task_create_missing_queues=False,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=HARD_LIMIT_SECONDS,
        task_soft_time_limit=SOFT_LIMIT_SECONDS,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        worker_soft_shutdown_timeout=SOFT_SHUTDOWN_SECONDS,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        beat_scheduler="workers.beat:GuardedScheduler",
        beat_schedule=schedule.lines(),
        beat_max_loop_interval=schedule.TICK_SECONDS,
        timezone="UTC",
        enable_utc=True,
    )
    celery.steps["consumer"].add(Watch)
    celery.set_default()
    listen_to_celery(application, house)
    return celery


def transport_options(broker: str) -> dict[str, Any]:
    """What the Redis protocol needs to be told; other brokers know it themselves."""
    if not broker.startswith(("redis", "valkey", "sentinel")):
        return {}
    return {
        "visibility_timeout": VISIBLE_AGAIN_SECONDS,
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_keepalive": True,
    } | FAIL_QUICKLY


def listen_to_celery(application: Flask, house: House) -> None:
    """Keep our logs, share no database connection with forks, hear no wrong queue."""

    def keep_our_logs(**_more: Any) -> None:
        """Being connected is enough: Celery then leaves logging alone."""

    def forget_connections(**_more: Any) -> None:
        with application.app_context():
            db.engine.dispose(close=False)

    def check_ears(instance: Any, **_more: Any) -> None:
        queues.refuse_wrong_ears(house.role, frozenset(instance.app.amqp.queues.consume_from))

    def live_at_once(**_more: Any) -> None:
        """The beat asks for a heartbeat only after a while; readiness should not wait for that."""
        with application.app_context():
            health.alive(db.session(), house.role)
            db.session.commit()
            db.engine.dispose()

    signals.setup_logging.connect(keep_our_logs, weak=False, dispatch_uid="relais-logs")
    signals.worker_process_init.connect(
        forget_connections, weak=False, dispatch_uid="relais-connections"
    )
    signals.celeryd_after_setup.connect(check_ears, weak=False, dispatch_uid="relais-ears")
    signals.worker_ready.connect(live_at_once, weak=False, dispatch_uid="relais-ready")
