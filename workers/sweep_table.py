"""Everything that is erased by itself once it has had its time, and after how long.

A slice adds a function `(session, now) -> int` that erases and answers how many.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import codes, files, outbox
from core.house import house
from core.web import idempotency
from network.accounts import nominations
from network.accounts import service as accounts

CODES_KEPT = timedelta(days=2)
FACTS_KEPT = timedelta(days=30)
STRAY_FILES_KEPT = timedelta(days=1)
VISITS_KEPT = timedelta(days=30)
FACTORS_KEPT = timedelta(days=30)
PROPOSALS_KEPT = timedelta(days=90)

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


def old_answers(session: Session, now: datetime) -> int:
    """What programs were answered, once they may no longer ask for it again."""
    return idempotency.forget(session, now=now)


def old_visits(session: Session, now: datetime) -> int:
    """Visits that ended long ago by themselves."""
    return accounts.forget_visits(session, before=now - VISITS_KEPT)


def old_factors(session: Session, now: datetime) -> int:
    """Used codes and former authenticators."""
    return accounts.forget_factors(session, before=now - FACTORS_KEPT)


def old_proposals(session: Session, now: datetime) -> int:
    """Proposals for seats that nobody settled, or that were dropped, with their letters."""
    return nominations.forget(session, files.Disk(house().files), before=now - PROPOSALS_KEPT)


SWEEPS: dict[str, Sweep] = {
    "answers": old_answers,
    "codes": old_codes,
    "facts": old_facts,
    "factors": old_factors,
    "files": stray_files,
    "proposals": old_proposals,
    "visits": old_visits,
}
