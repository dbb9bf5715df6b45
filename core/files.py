"""Files that people upload or the platform compiles: bytes on disk under random names, rows here.

The file of a discreet owner is sealed before it touches the disk, its name too: size, type and
hash on the row are then those of the sealed bytes, and tell nothing of what is inside.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Protocol
from uuid import UUID

from flask import Response, send_file
from sqlalchemy import BigInteger, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import seal
from core.after_commit import after_commit
from core.model import Identified, Model

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 150
SEALED_TYPE = "application/octet-stream"


class StoredFile(Identified, Model):
    """One stored file. `name` is empty where `sealed_name` holds it for the vault alone."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_owner", "owner_kind", "owner_id"),)

    owner_kind: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="", repr=False)
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime]
    sealed_key: Mapped[str | None] = mapped_column(String(12), default=None)
    sealed_name: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, repr=False)

    @property
    def is_sealed(self) -> bool:
        """Whether only the vault can read it."""
        return self.sealed_key is not None


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A file as it came in, checked for its size and kind and not stored yet."""

    name: str = field(repr=False)
    mime: str
    body: bytes = field(repr=False)


class Store(Protocol):
    """Where bytes lie, by id."""

    def put(self, file_id: UUID, body: bytes) -> None:
        """Keep bytes under an id."""

    def get(self, file_id: UUID) -> bytes:
        """The bytes, or `FileNotFoundError`."""

    def remove(self, file_id: UUID) -> None:
        """Forget them; nothing happens if they are gone."""

    def older(self, before: datetime) -> Iterator[UUID]:
        """Ids of what was kept before that moment, by this machine's clock."""


@dataclass(frozen=True)
class Disk:
    """A folder; each file lies under its random id, in one of 256 folders."""

    root: Path

    def put(self, file_id: UUID, body: bytes) -> None:
        """Write aside and rename, so that half a file is never read."""
        path = self._path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(body)
        fresh.replace(path)

    def get(self, file_id: UUID) -> bytes:
        """The bytes, or `FileNotFoundError`."""
        return self._path(file_id).read_bytes()

    def remove(self, file_id: UUID) -> None:
        """Forget them; nothing happens if they are gone."""
        self._path(file_id).unlink(missing_ok=True)

    def older(self, before: datetime) -> Iterator[UUID]:
        """Ids of what was kept before that moment; what is no id is passed over."""
        for path in self.root.glob("??/*"):
            try:
                file_id = UUID(path.name)
            except ValueError:
                continue
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                yield file_id

    def _path(self, file_id: UUID) -> Path:
        return self.root / file_id.hex[:2] / str(file_id)


def keep(  # noqa: PLR0913 -- a file has that many sides, all by name
    session: Session,
    store: Store,
    *,
    body: bytes,
    name: str,
    mime: str,
    owner_kind: str,
    owner_id: UUID,
    now: datetime,
    vault_public_key: str | None = None,
) -> StoredFile:
    """Store a checked file (see `core.file_kinds.check`), sealed if a vault key is given."""
    row = StoredFile(
        owner_kind=owner_kind, owner_id=owner_id, mime=mime, size=0, sha256="", stored_at=now
    )
    if vault_public_key is None:
        row.name = tidy_name(name)
    else:
        label = seal.seal(vault_public_key, {"name": tidy_name(name), "mime": mime})
        closed = seal.seal_bytes(vault_public_key, body)
        row.sealed_key, row.sealed_name, body = label.key_id, label.body, closed.body
        row.mime = SEALED_TYPE
    row.size, row.sha256 = len(body), hashlib.sha256(body).hexdigest()
    store.put(row.id, body)
    session.add(row)
    return row


def read(store: Store, row: StoredFile) -> bytes:
    """The bytes of an open file, checked against their hash."""
    body = store.get(row.id)
    if hashlib.sha256(body).hexdigest() != row.sha256:
        message = f"stored file {row.id} is not what was stored"
        raise OSError(message)
    return body


@dataclass(frozen=True)
class Opened:
    """A sealed file as the vault sees it."""

    name: str
    mime: str
    body: bytes


def open_sealed(store: Store, row: StoredFile, *, vault_key: str) -> Opened:
    """Open a sealed file, or raise `seal.CannotOpen`."""
    key_id = row.sealed_key or ""
    label = seal.unseal(vault_key, seal.Sealed(key_id, row.sealed_name or b""))
    body = seal.unseal_bytes(vault_key, seal.Sealed(key_id, read(store, row)))
    return Opened(label["name"], label["mime"], body)


def erase(session: Session, store: Store, row: StoredFile) -> None:
    """Delete the row now and the bytes once that is committed."""
    file_id = row.id
    session.delete(row)
    after_commit(session, lambda: store.remove(file_id))


def forget_strays(session: Session, store: Store, *, before: datetime) -> int:
    """Remove bytes that no row speaks of: their transaction never committed. Answers how many."""
    found = list(store.older(before))
    known = set(session.scalars(select(StoredFile.id).where(StoredFile.id.in_(found))))
    strays = [file_id for file_id in found if file_id not in known]
    for file_id in strays:
        store.remove(file_id)
    return len(strays)


def download(name: str, mime: str, body: bytes) -> Response:
    """Hand a file to a reader: always to save, never to show or to keep in a cache."""
    answer = send_file(
        io.BytesIO(body), mimetype=mime, as_attachment=True, download_name=tidy_name(name) or "file"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def tidy_name(name: str) -> str:
    """A file's own name: no folders, no control signs, not too long, its ending kept."""
    last = PurePath(name.replace("\\", "/")).name
    clean = "".join(sign for sign in last if sign.isprintable()).strip(" .")
    if len(clean) <= LONGEST_NAME:
        return clean
    ending = PurePath(clean).suffix[:12]
    return clean[: LONGEST_NAME - len(ending)] + ending
