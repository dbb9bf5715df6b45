"""Tasks that keep the house: heartbeats, the audit seal, and erasing what has had its time."""

from __future__ import annotations

from structlog import get_logger

from core import audit_chain, clock, health
from core.db import db
from core.house import house
from workers.sweep_table import SWEEPS
from workers.task import task

log = get_logger()


@task("housekeeping.heartbeat", alone=True)
def heartbeat(name: str) -> None:
    """The worker that hears this lives."""
    health.alive(db.session(), name)


@task("housekeeping.seal_audit", alone=True)
def seal_audit() -> int:
    """Link what was committed since the last time."""
    return audit_chain.seal(db.session(), heads=audit_chain.heads_file(house().home))


@task("housekeeping.sweep", alone=True)
def sweep() -> dict[str, int]:
    """Erase what has had its time, each kind in a savepoint of its own."""
    session, now, done = db.session(), clock.now(), {}
    for name, erase in SWEEPS.items():
        try:
            with session.begin_nested():
                done[name] = erase(session, now)
        except Exception:
            log.exception("sweep_failed", sweep=name)
    return done
