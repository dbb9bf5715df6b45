"""Real processes on a test's own database: one Celery worker, or the whole platform."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from flask import Flask

from core import embedded, ports, processes
from core.db import db
from tests.walls.application import Keys, Live
from tests.walls.mailbox import Mailbox
from tests.walls.servers import Servers

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


@dataclass
class Site:
    """The platform as `./run` starts it, on a database of the test's own."""

    home: Path
    port: int
    environment: dict[str, str]
    live: Live = field(init=False)
    supervisor: subprocess.Popen[bytes] = field(init=False)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://localhost:{self.port}"

    @property
    def desk_url(self) -> str:
        """Where the protection desk is."""
        return f"http://localhost:{self.port + 1}"

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        with (self.home / "said").open("wb") as said:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE_SECONDS
        while b"Ready: " not in (self.home / "said").read_bytes():
            assert self.supervisor.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        """What the supervisor printed, and the end of each log."""
        logs = {path.name: path.read_text()[-1500:] for path in self.home.glob("log/*.log")}
        return (self.home / "said").read_text() + "".join(
            f"\n{name}:\n{text}" for name, text in logs.items()
        )

    def pid(self, name: str) -> int:
        """The number of one process: web, desk, worker, vault, beat, dispatcher."""
        return int((self.home / "run" / f"{name}.pid").read_text())

    def kill(self, name: str) -> int:
        """End one process without a word (-9); returns its number."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def is_ready(self) -> bool:
        """Whether `/health/ready` says so now."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asking.request("GET", "/health/ready")
            return asking.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            asking.close()

    def stop(self) -> int:
        """Stop everything as Ctrl-C does; how the supervisor ended."""
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(timeout=30)

    def end(self) -> None:
        """Leave nothing running, whatever the test did."""
        if self.supervisor.poll() is None:
            self.stop()
        processes.end_leftovers(self.home)


@pytest.fixture(scope="session")
def empty_broker(servers: Servers, broker_number: int) -> Callable[[], None]:
    """Forget everything that waits in this xdist worker's part of the broker."""

    def empty() -> None:
        client = redis.Redis(unix_socket_path=str(servers.sockets / "broker"), db=broker_number)
        client.flushdb()
        client.close()

    return empty


def surroundings(keys: Keys, mail_url: str) -> dict[str, str]:
    """What every process of a test is told, wherever its database and its broker are."""
    outer = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    return outer | {
        "RELAIS_ENV": "test",
        "RATE_LIMITS": "off",
        "SMTP_URL": mail_url,
        "SECRET_KEY": keys.secret,
        "INDEX_KEY": keys.index,
        "VAULT_PUBLIC_KEY": keys.vault_public,
        "MAIL_PUBLIC_KEY": keys.mail_public,
        "PUBLIC_URL": "http://localhost",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def environment(
    live: Live, keys: Keys, home: Path, broker_url: str, mail_server: Mailbox, servers: Servers
) -> dict[str, str]:
    """What a process of the platform on `live` is told; add RELAIS_ROLE and a key."""
    return surroundings(keys, mail_server.url) | {
        "RELAIS_HOME": str(home),
        "DATABASE_URL": live.url,
        "BROKER_URL": broker_url,
        "RATE_LIMIT_STORAGE": embedded.limiter_url(servers.sockets),
    }


@pytest.fixture
def worker(
    environment: dict[str, str], keys: Keys, tmp_path: Path, empty_broker: Callable[[], None]
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a real Celery worker: `worker("codes", "mail")`, or `worker("vault")` with its key."""
    started: list[subprocess.Popen[bytes]] = []
    empty_broker()

    def start(*queues: str) -> subprocess.Popen[bytes]:
        role = "vault" if "vault" in queues else "worker"
        own = {"RELAIS_ROLE": role, "MAIL_KEY": keys.mail}
        own |= {"VAULT_KEY": keys.vault} if role == "vault" else {}
        command = [sys.executable, "-m", "celery", "-A", "worker", "worker", "-Q", ",".join(queues)]
        command += [
            "-c",
            "1",
            "-n",
            f"{role}{len(started)}@test",
            "--without-gossip",
            "--without-mingle",
        ]
        log = tmp_path / f"worker{len(started)}.log"
        with log.open("wb") as out:
            running = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment | own,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        started.append(running)
        end = time.monotonic() + PATIENCE_SECONDS
        while not re.search(r"\bready\.", log.read_text()):
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        return running

    yield start
    for running in started:
        running.terminate()
    for running in started:
        try:
            running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    empty_broker()


@pytest.fixture
def site(
    environment: dict[str, str],
    keys: Keys,
    tmp_path: Path,
    live: Live,
    empty_broker: Callable[[], None],
) -> Iterator[Site]:
    """The whole platform, ready. Its mails arrive in `mailbox`; `site.live.session()` looks inside."""
    empty_broker()
    site = _site_at(tmp_path / "site", environment, keys)
    site.live = live
    site.start()
    yield site
    site.end()
    empty_broker()


@pytest.fixture
def own_site(
    keys: Keys, mail_server: Mailbox, tmp_path: Path, make_app: Callable[..., Flask]
) -> Iterator[Site]:
    """The whole platform with a database and a broker of its own, so that these can be killed."""
    with running_alone(tmp_path / "site", keys, mail_server.url, make_app) as site:
        yield site


@contextmanager
def running_alone(
    home: Path, keys: Keys, mail_url: str, make_app: Callable[..., Flask]
) -> Iterator[Site]:
    """The whole platform in `home`, with servers of its own."""
    site = _site_at(home, surroundings(keys, mail_url), keys)
    site.start()
    note = json.loads((site.home / "run" / "servers.json").read_text())
    site.live = Live(note["environment"]["DATABASE_URL"], make_app)
    yield site
    if "app" in site.live.__dict__:
        with site.live.app.app_context():
            db.engine.dispose()
    site.end()


def _site_at(home: Path, environment: dict[str, str], keys: Keys) -> Site:
    port = ports.any_free()
    while not ports.is_free(port + 1):
        port = ports.any_free()
    home.mkdir()
    own = {"RELAIS_HOME": str(home), "PORT": str(port), "PUBLIC_URL": f"http://localhost:{port}"}
    own |= {"PROTECTION_URL": f"http://localhost:{port + 1}"}
    own |= {"VAULT_KEY": keys.vault, "MAIL_KEY": keys.mail}
    return Site(home, port, environment | own)
