"""Linking the audit trail into a chain, and walking it.

Each sealed entry carries the SHA-256 over all its columns and the hash before it. The last hash
of each batch is also written to a file outside the database, so that cutting the chain short or
writing it anew is seen. What was committed in the last seconds is the unsealed tail: `verify`
says how long it is, and nothing vouches for it yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from core.after_commit import after_commit
from core.audit import AuditEntry, AuditPersonal, personal_hash, unsealed

START = "0" * 64
LARGEST_BATCH = 1000
LOCK = 0x6175_6469
NOT_HASHED = frozenset({"hash"})


class Break(StrEnum):
    """In which way the chain does not hold."""

    CHANGED = "the entry was changed after it was sealed"
    GAP = "an entry before this one is missing"
    PERSONAL = "its personal values were changed"
    CUT = "entries that were sealed are missing at the end"
    REWRITTEN = "the chain was written anew: it differs from the file of heads"


@dataclass(frozen=True)
class Broken:
    """The first place where the chain does not hold."""

    position: int
    entry_id: UUID | None
    how: Break


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a walk along the whole chain has found."""

    sealed: int
    unsealed: int
    heads: int
    broken: Broken | None = field(default=None)

    @property
    def whole(self) -> bool:
        """Whether nothing sealed was changed, removed or written anew."""
        return self.broken is None

    def lines(self) -> Iterator[str]:
        """The findings for an operator."""
        if self.broken is not None:
            yield f"BROKEN at entry {self.broken.position} ({self.broken.entry_id or 'missing'}):"
            yield f"  {self.broken.how}."
        else:
            yield "The chain is whole."
        yield f"{self.sealed} sealed entries walked, {self.heads} heads compared."
        yield f"{self.unsealed} entries not sealed yet."


def heads_file(home: Path) -> Path:
    """Where the last hash of each batch is kept, outside the database."""
    return home / "audit" / "heads.log"


def seal(session: Session, *, heads: Path) -> int:
    """Link committed entries in the order of their sequence; answers how many.

    The head is written to the file only after the commit, and again by the next call if that
    did not happen: the file never names a batch that the database does not have.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = session.execute(
        select(AuditEntry.position, AuditEntry.hash)
        .where(AuditEntry.position.is_not(None))
        .order_by(AuditEntry.position.desc())
        .limit(1)
    ).first()
    position, previous = (last.position or 0, last.hash or START) if last else (0, START)
    if last and last_head(heads) != (position, previous):
        write_head(heads, position, previous)
    batch = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.hash.is_(None))
        .order_by(AuditEntry.sequence)
        .limit(LARGEST_BATCH)
    ).all()
    for entry in batch:
        position += 1
        entry.position, entry.previous = position, previous
        entry.hash = previous = hash_of(entry)
    session.flush()
    if batch:
        head = (position, previous)
        after_commit(session, lambda: write_head(heads, *head))
    return len(batch)


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over every column of an entry except the hash itself."""
    columns = {
        column.key: _plain(getattr(entry, column.key))
        for column in inspect(AuditEntry).column_attrs
        if column.key not in NOT_HASHED
    }
    plain = json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def verify(session: Session, *, heads: Path) -> Verification:
    """Walk the chain from its start and stop at the first place where it does not hold."""
    known = dict(read_heads(heads))
    position, previous = 0, START
    broken: Broken | None = None
    rows = session.execute(
        select(AuditEntry, AuditPersonal)
        .outerjoin(AuditPersonal, AuditPersonal.entry_id == AuditEntry.id)
        .where(AuditEntry.position.is_not(None))
        .order_by(AuditEntry.position)
        .execution_options(yield_per=LARGEST_BATCH, populate_existing=True)
    )
    with rows:
        for entry, personal in rows:
            how = _broken(entry, personal, position + 1, previous, known)
            if how is not None:
                broken = Broken(entry.position or 0, entry.id, how)
                break
            position, previous = position + 1, entry.hash or ""
    longest = max(known, default=0)
    if broken is None and longest > position:
        broken = Broken(position + 1, None, Break.CUT)
    return Verification(
        sealed=position, unsealed=unsealed(session), heads=len(known), broken=broken
    )


def _broken(
    entry: AuditEntry,
    personal: AuditPersonal | None,
    position: int,
    previous: str,
    known: dict[int, str],
) -> Break | None:
    if entry.position != position:
        return Break.GAP
    if entry.previous != previous or entry.hash != hash_of(entry):
        return Break.CHANGED
    if personal and personal_hash(personal.values, personal.salt) != entry.personal_hash:
        return Break.PERSONAL
    if known.get(position, entry.hash) != entry.hash:
        return Break.REWRITTEN
    return None


def write_head(heads: Path, position: int, last: str) -> None:
    """Add one line, position and hash, to the file of heads."""
    heads.parent.mkdir(parents=True, exist_ok=True)
    with heads.open("a", encoding="ascii") as out:
        out.write(f"{position} {last}\n")


def read_heads(heads: Path) -> Iterator[tuple[int, str]]:
    """Every head in the file; none if there is no file yet."""
    if not heads.exists():
        return
    for line in heads.read_text(encoding="ascii").splitlines():
        position, _, last = line.partition(" ")
        if position.isdigit():
            yield int(position), last


def last_head(heads: Path) -> tuple[int, str] | None:
    """The newest line of the file, read from its end."""
    if not heads.exists():
        return None
    with heads.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 400))
        lines = file.read().decode("ascii").split("\n")
    complete = [line for line in lines[:-1] if line.count(" ") == 1 and line.split()[0].isdigit()]
    if not complete:
        return None
    position, last = complete[-1].split(" ")
    return int(position), last
