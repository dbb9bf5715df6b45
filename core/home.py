"""RELAIS_HOME: the folder of one installation, its secrets and the one supervisor it may have."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey

from core.processes import write_whole

FOLDERS = ("broker", "files", "log", "mail", "run", "secrets")
PAIRS = ("VAULT", "MAIL")
OURS_ALONE = 0o700


@dataclass(frozen=True)
class Home:
    """Where everything of one installation lies."""

    path: Path

    def make(self) -> None:
        """Make the folders that are missing; nobody else may look into them."""
        self.path.mkdir(parents=True, exist_ok=True, mode=OURS_ALONE)
        for name in FOLDERS:
            (self.path / name).mkdir(exist_ok=True, mode=OURS_ALONE)

    def secrets(self) -> dict[str, str]:
        """What every process may know, made at the first call and kept. Private keys are not in it."""
        known = {
            name: self._kept(name, secrets.token_urlsafe(48))
            for name in ("SECRET_KEY", "INDEX_KEY")
        }
        for name in PAIRS:
            private = self._kept(f"{name}_KEY", _text(bytes(PrivateKey.generate())))
            public = PrivateKey(base64.b64decode(private)).public_key
            known[f"{name}_PUBLIC_KEY"] = _text(bytes(public))
        return known

    def private_keys(self, names: Iterable[str]) -> dict[str, str]:
        """The private keys called `names`, for a process that may hold them."""
        return {name: (self.path / "secrets" / name.lower()).read_text() for name in names}

    def _kept(self, name: str, fresh: str) -> str:
        path = self.path / "secrets" / name.lower()
        if not path.exists():
            write_whole(path, fresh)
        return path.read_text()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the home's lock while the block runs; False if another process holds it.

        The lock goes with its process, however that ends; forks do not inherit it.
        """
        with (self.path / "run" / "lock").open("a+") as lock:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                yield False
            else:
                yield True

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep whoever started the servers from stopping them while the block runs."""
        with (self.path / "run" / "users").open("a+") as users:
            fcntl.lockf(users, fcntl.LOCK_SH)
            yield

    def wait_for_users(self) -> None:
        """Wait until no other command uses the servers."""
        with (self.path / "run" / "users").open("a+") as users:
            fcntl.lockf(users, fcntl.LOCK_EX)

    def note(self, **facts: Any) -> None:
        """Write down for other commands where the servers of this home are now."""
        write_whole(self.path / "run" / "servers.json", json.dumps(facts))

    def noted(self) -> dict[str, Any]:
        """What `note` wrote last; empty when nothing runs."""
        try:
            facts: dict[str, Any] = json.loads((self.path / "run" / "servers.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return facts

    def forget_note(self) -> None:
        """The servers are gone."""
        (self.path / "run" / "servers.json").unlink(missing_ok=True)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def is_writable(path: Path) -> bool:
    """Whether we may make files in `path` or make `path` itself."""
    nearest = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    return os.access(nearest, os.W_OK | os.X_OK)
