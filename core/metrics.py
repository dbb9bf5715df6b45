"""What a monitoring system may know: depths, ages and timings; no event, State or category.

Timings are counted in each process (over all of them where `PROMETHEUS_MULTIPROC_DIR` names a
folder that was emptied at start); what lies in the database is measured when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from core import clock
from core.db import db
from core.errors import NotVisible
from core.house import house
from core.web.access import Rule, access

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")

REQUESTS = Histogram(
    "relais_request_seconds",
    "Time to answer, by endpoint.",
    ["endpoint", "status"],
    buckets=BUCKETS,
)
TASKS = Histogram("relais_task_seconds", "Time of a task.", ["task", "ended"], buckets=BUCKETS)
FACTS_HANDLED = Counter("relais_facts_handled_total", "Facts whose handlers ran.", ["kind"])
FACTS_FAILED = Counter("relais_facts_failed_total", "Facts whose handlers failed.", ["kind"])


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """One measurement: a name, what it means, and values by label."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: dict[tuple[str, ...], float] = field(default_factory=dict)


Measure = Callable[[Session, datetime], Iterable[Gauge]]
MEASURES: list[Measure] = []


def measured(measure: Measure) -> Measure:
    """Register a function that measures something in the database when somebody asks."""
    if measure not in MEASURES:
        MEASURES.append(measure)
    return measure


class Measurements(Collector):
    """Everything registered with `measured`, at this moment."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One family a gauge."""
        for measure in MEASURES:
            for gauge in measure(self.session, self.now):
                family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
                for labels, value in gauge.values.items():
                    family.add_metric(labels, value)
                yield family


def text(session: Session, now: datetime) -> bytes:
    """All metrics in Prometheus' own format."""
    registry = CollectorRegistry()
    registry.register(Measurements(session, now))
    return generate_latest(_counted()) + generate_latest(registry)


def _counted() -> CollectorRegistry:
    """Counts of all processes of this machine if they share a folder, else of this one."""
    shared = CollectorRegistry()
    try:
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library has no types here
    except ValueError:
        return REGISTRY
    return shared


def _from_this_machine() -> None:
    """In production a request from this machine itself, not one that a proxy passed on."""
    if house().is_production and (
        request.remote_addr not in LOOPBACK or any(request.environ.get(key) for key in FORWARDED)
    ):
        raise NotVisible


pages = Blueprint("metrics", __name__)


@pages.get("/metrics")
@access(Rule("this machine", _from_this_machine))
def show() -> Response:
    """Metrics for whoever watches this machine."""
    answer = Response(text(db.session(), clock.now()), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer
