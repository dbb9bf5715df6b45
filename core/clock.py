"""The only source of time.

Services take `now` as an argument; edges (a request, a task, a command) ask here.
Demo and tests may move time for every process of a home at once through a small file
that holds the number of seconds to add.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

_shift_file: Path | None = None


def shift_from(path: Path | None) -> None:
    """Let `path` (seconds as text, may be missing) move this process's clock; None for real time."""
    global _shift_file  # noqa: PLW0603 -- one clock a process is the point
    _shift_file = path


def shift() -> timedelta:
    """How far the clock is moved. Zero in production, where no file is named."""
    if _shift_file is None:
        return timedelta()
    try:
        return timedelta(seconds=float(_shift_file.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()


def now() -> datetime:
    """The present moment, with its zone (UTC)."""
    return datetime.now(UTC) + shift()


def forward(by: timedelta) -> datetime:
    """Move the clock of every process that reads the same file. Demo and tests only."""
    if _shift_file is None:
        message = "This clock cannot be moved."
        raise RuntimeError(message)
    total = (shift() + by).total_seconds()
    fresh = _shift_file.with_suffix(".new")
    fresh.write_text(str(total))
    fresh.replace(_shift_file)
    return now()
