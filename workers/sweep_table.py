"""Everything that is erased by itself once it has had its time, and after how long.

A slice adds a function `(session, now) -> int` that erases and answers how many.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import codes, files, outbox
from core.house import house

CODES_KEPT = timedelta(days=2)
FACTS_KEPT = timedelta(days=30)
STRAY_FILES_KEPT = timedelta(days=1)

Sweep = Callable[[Session, datetime], int]


def old_codes(session: Session, now: datetime) -> int:
    """Codes that nobody can use any more."""
    return codes.forget(session, before=now - CODES_KEPT, now=now)


def old_facts(session: Session, now: datetime) -> int:
    """Facts whose effects have long happened."""
    return outbox.forget_done(session, before=now - FACTS_KEPT)


def stray_files(session: Session, now: datetime) -> int:
    """Stored bytes that no record speaks of: their transaction never committed."""
    return files.forget_strays(session, files.Disk(house().files), before=now - STRAY_FILES_KEPT)


SWEEPS: dict[str, Sweep] = {
    "codes": old_codes,
    "facts": old_facts,
    "files": stray_files,
}
