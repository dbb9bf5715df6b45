"""Is all well? Heartbeats of the processes, and the two questions a supervisor asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from kombu import Connection
from sqlalchemy import String, extract, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import db
from core.metrics import Gauge, measured
from core.model import Model
from core.web.access import access, anyone

FRESH_SECONDS = 60
WATCHED = ("worker", "vault", "beat", "dispatcher")
BROKER_SECONDS = 1.0


class Heartbeat(Model):
    """When a process last said that it lives. By the database's clock, which nothing moves."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Readiness:
    """The answer to `/health/ready`: a word for each part, `ok` or what is missing."""

    checks: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether every part is well."""
        return all(word == "ok" for word in self.checks.values())


def alive(session: Session, name: str) -> None:
    """Say that the process called `name` lives."""
    beat = insert(Heartbeat).values(name=name, at=func.now())
    session.execute(
        beat.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at": func.now()})
    )


def ages(session: Session) -> dict[str, float]:
    """Seconds since each process last said that it lives."""
    age = extract("epoch", func.clock_timestamp() - Heartbeat.at)
    return {name: float(seconds) for name, seconds in session.execute(select(Heartbeat.name, age))}


def readiness(session: Session, *, broker_url: str, migrations: str) -> Readiness:
    """Ask the database, the broker and the heartbeats; never raises, takes two seconds at worst."""
    checks = {"broker": broker_word(broker_url)}
    try:
        checks["database"] = database_word(session, migrations)
        beats = ages(session) if checks["database"] == "ok" else {}
    except SQLAlchemyError:
        session.rollback()
        checks["database"], beats = "unreachable", {}
    for name in WATCHED:
        checks[name] = beat_word(beats.get(name))
    return Readiness(checks)


def database_word(session: Session, migrations: str) -> str:
    """Whether the database stands where this code expects it."""
    if session.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return "empty"
    found = set(session.scalars(text("SELECT version_num FROM alembic_version")))
    return "ok" if found == heads(migrations) else "not at head"


@cache
def heads(migrations: str) -> frozenset[str]:
    """The newest migrations in the folder, read once a process."""
    return frozenset(ScriptDirectory(migrations).get_heads())


def broker_word(url: str) -> str:
    """Whether the broker answers."""
    try:
        with Connection(
            url,
            connect_timeout=BROKER_SECONDS,
            transport_options={"socket_connect_timeout": BROKER_SECONDS},
        ) as connection:
            connection.ensure_connection(max_retries=1)
    except Exception:  # noqa: BLE001 -- each transport fails in its own way, all mean the same
        return "unreachable"
    return "ok"


def beat_word(age: float | None) -> str:
    """Whether a heartbeat is fresh."""
    if age is None:
        return "not seen"
    return "ok" if age <= FRESH_SECONDS else "silent"


@measured
def heartbeat_gauges(session: Session, _now: datetime) -> Iterable[Gauge]:
    """How long each process has been silent; `backup` is written by whoever makes one."""
    yield Gauge(
        name="relais_heartbeat_age_seconds",
        help="Seconds since each process, or the last backup, was heard of.",
        labels=("name",),
        values={(name,): age for name, age in ages(session).items()},
    )


pages = Blueprint("health", __name__, url_prefix="/health")


@pages.get("/live")
@access(anyone)
def live() -> Response:
    """This process answers."""
    return _answer(200, {"status": "ok"})


@pages.get("/ready")
@access(anyone)
def ready() -> Response:
    """The platform can do its work: 200, or 503 with the part that is missing."""
    found = readiness(
        db.session(),
        broker_url=current_app.config["BROKER_URL"],
        migrations=f"{current_app.root_path}/migrations",
    )
    word = "ok" if found.ok else "not ready"
    return _answer(200 if found.ok else 503, {"status": word, "checks": found.checks})


def _answer(status: int, body: dict[str, object]) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer
