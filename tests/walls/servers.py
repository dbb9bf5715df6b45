"""One PostgreSQL and one broker for a whole test run, forgetful on purpose."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from core import embedded

# Ends with the process that holds the other end of its pipe, even if that one was killed.
LEASH = 'cat >/dev/null; kill -INT "$1"; kill "$2"; sleep 1; kill -9 "$1" "$2"; rm -rf "$3"'


@dataclass(frozen=True)
class Servers:
    """Where the servers of this run are. `folder` may be shared by all xdist workers."""

    folder: Path
    sockets: Path

    def as_words(self) -> list[str]:
        """What an xdist worker needs to find the servers."""
        return [str(self.folder), str(self.sockets)]

    def url(self, name: str) -> str:
        """The address of the database called `name`."""
        return embedded.database_url(self.sockets, name)

    def broker_url(self, number: int) -> str:
        """The address of the broker's numbered queue space."""
        return f"{embedded.broker_url(self.sockets)}?virtual_host={number}"

    def clone(self, name: str, template: str) -> None:
        """Make the database `name` as a copy of `template`, to which nobody may be connected."""
        with self.connection() as at:
            at.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')

    def drop(self, name: str) -> None:
        """Throw the database `name` away, whoever is connected."""
        with self.connection() as at:
            at.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def connection(self) -> psycopg.Connection:
        """A connection outside every test's database, committing at once."""
        return psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True)


_shared: Servers | None = None
_leash: subprocess.Popen[bytes] | None = None
_processes: list[subprocess.Popen[bytes]] = []


def shared() -> Servers:
    """The servers of this run, started at the first call."""
    global _shared, _leash  # noqa: PLW0603 -- one set of servers a run is the point
    if _shared is None:
        sockets = embedded.socket_folder()
        folder = Path(tempfile.mkdtemp(prefix="relais-tests-"))
        database = embedded.database_server(folder / "pg", sockets, durable=False)
        broker = embedded.broker_server(folder / "broker", sockets, durable=False)
        for server in (database, broker):
            _start(server.command, folder / "log")
        pids = [str(process.pid) for process in _processes]
        leash = ["sh", "-c", LEASH, "leash", *pids, str(folder)]
        _leash = subprocess.Popen(
            leash, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        ready = embedded.wait_for_database(embedded.database_url(sockets))
        if not (ready and embedded.wait_for_broker(sockets)):
            raise embedded.CannotStart((folder / "log").read_text()[-2000:])
        _shared = Servers(folder, sockets)
    return _shared


def told(words: list[str]) -> Servers:
    """The servers that another process started."""
    return Servers(Path(words[0]), Path(words[1]))


def stop() -> None:
    """Let go of the leash, if this process holds it."""
    if _leash is not None and _leash.stdin is not None and _shared is not None:
        _leash.stdin.close()
        for process in (*_processes, _leash):
            process.wait(timeout=20)
        shutil.rmtree(_shared.sockets, ignore_errors=True)


def _start(command: list[str], log: Path) -> None:
    with log.open("ab") as out:
        _processes.append(
            subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        )
