"""Tasks that end what has run out."""

from __future__ import annotations

from core import clock
from core.db import db
from workers.clock_table import clock_named
from workers.task import task


@task("clocks.run", alone=True)
def run_clock(name: str) -> int:
    """End whatever has run out by the clock called `name`."""
    return clock_named(name).run(db.session(), clock.now())
