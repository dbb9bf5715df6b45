"""Every process of one home, started side by side and kept alive."""

from __future__ import annotations

import hashlib
import http.client
import importlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from threading import Event

from core import embedded, ports, processes
from core.home import Home
from core.processes import Child

ROOT = Path(__file__).parents[1]
STAMP = "relais-loaded"
LOOK_SECONDS = 0.2
STOP_SECONDS = 10.0
MOST_FAILURES = 6
FORKS = sys.platform == "linux"  # elsewhere the system's own libraries may not survive a fork
SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"
PRIVATE = ("VAULT_KEY", "MAIL_KEY")
KEYS_OF_ROLE = {"protection": ("VAULT_KEY",), "vault": ("VAULT_KEY",), "worker": ("MAIL_KEY",)}


class NotReady(Exception):
    """The platform did not come up. The text is a sentence for the person at the keyboard."""


class Platform:
    """Database, broker, pages, desk, workers and mailbox of one home.

    `meanwhile` is called with the settings while the servers start: a place to import what the
    children need.
    """

    def __init__(
        self,
        home: Home,
        given: Mapping[str, str],
        *,
        web_port: int,
        desk_port: int,
        meanwhile: Callable[[Mapping[str, str]], None],
    ) -> None:
        self.home = home
        self.meanwhile = meanwhile
        self.given = dict(given)
        self.ports = web_port, desk_port
        self.url = f"http://localhost:{web_port}"
        self.production = given.get("RELAIS_ENV") == "production"
        self.sockets: Path | None = None
        self.servers: list[Child] = []
        self.children: list[Child] = []
        self.known: dict[str, str] = {}

    def start(self, stopping: Event) -> None:
        """Start everything; returns before it is ready."""
        self.start_servers(stopping)
        if stopping.is_set():
            return
        self._forget_heartbeats()
        self.children = list(self._platform_children())
        for child in self.children:
            child.start()
        self._note(url=self.url)

    def start_servers(self, stopping: Event) -> None:
        """Start database and broker and bring the database up to the code.

        What a killed supervisor left behind must have been ended before.
        """
        self._tidy()
        self.known = self._settings()
        for child in self._server_children():
            self.servers.append(child)
            child.start()
        self.meanwhile(self.known)
        self._prepare(stopping)
        if self.servers and self.sockets and not embedded.wait_for_broker(self.sockets):
            raise NotReady(f"The broker does not answer; see {self.home.path}/log/broker.log.")
        self._note()

    def settings(self, role: str) -> dict[str, str]:
        """The environment of a process: private keys reach only the roles that need them."""
        allowed = KEYS_OF_ROLE.get(role, ())
        withheld = {name for name in PRIVATE if name not in allowed}
        known = {name: value for name, value in self.known.items() if name not in withheld}
        own = {} if self.production else self.home.private_keys(allowed)
        return {**own, **known, "RELAIS_ROLE": role}

    def wait_until_ready(self, stopping: Event, *, seconds: float) -> None:
        """Wait for `/health/ready`. Raises `NotReady` with the process that keeps it waiting."""
        until = time.monotonic() + seconds
        failures: dict[str, int] = {}
        missing = ""
        while not stopping.is_set():
            for name in self.tend():
                failures[name] = failures.get(name, 0) + 1
                if failures[name] >= MOST_FAILURES:
                    raise NotReady(
                        f"The process “{name}” keeps ending; see {self.home.path}/log/{name}.log."
                    )
            missing = self._missing()
            if not missing:
                return
            if time.monotonic() > until:
                raise NotReady(
                    f"Not ready after {seconds:.0f} s ({missing}); see {self.home.path}/log."
                )
            stopping.wait(LOOK_SECONDS)

    def tend(self) -> list[str]:
        """Bring back what ended; returns the names."""
        return [child.name for child in (*self.servers, *self.children) if child.tend()]

    def tend_until(self, done: Event) -> None:
        """Keep everything alive until `done`."""
        while not done.wait(LOOK_SECONDS):
            self.tend()

    def stop(self) -> None:
        """End everything: first what uses the servers, then the servers."""
        self.home.forget_note()
        processes.stop(self.children, seconds=STOP_SECONDS)
        processes.stop(self.servers, seconds=STOP_SECONDS)
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _tidy(self) -> None:
        old = self.home.path / "run" / "sockets"
        if old.exists():
            shutil.rmtree(old.read_text(), ignore_errors=True)
        metrics = self.home.path / "run" / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir()

    def _settings(self) -> dict[str, str]:
        known = {**self.given, "RELAIS_HOME": str(self.home.path), "PYTHONUNBUFFERED": "1"}
        known.setdefault(SHARED_METRICS, str(self.home.path / "run" / "metrics"))
        if self.production:
            return known
        web, desk = self.ports
        defaults = {
            "RELAIS_ENV": "demo",
            "PUBLIC_URL": f"http://localhost:{web}",
            "PROTECTION_URL": f"http://localhost:{desk}",
            **self.home.secrets(),
        }
        if not {"DATABASE_URL", "BROKER_URL"} <= known.keys():
            self.sockets = embedded.socket_folder()
            processes.write_whole(self.home.path / "run" / "sockets", str(self.sockets))
            defaults["DATABASE_URL"] = embedded.database_url(self.sockets)
            if "BROKER_URL" not in known:
                defaults["BROKER_URL"] = embedded.broker_url(self.sockets)
                defaults["RATE_LIMIT_STORAGE"] = embedded.limiter_url(self.sockets)
        if "SMTP_URL" not in known:
            defaults["SMTP_URL"] = f"smtp://127.0.0.1:{ports.any_free()}"
        return defaults | known

    def _server_children(self) -> Iterable[Child]:
        if self.sockets is None:
            return
        own = {
            "DATABASE_URL": ("pg", embedded.database_server),
            "BROKER_URL": ("broker", embedded.broker_server),
        }
        for setting, (name, server) in own.items():
            if setting not in self.given:
                made = server(self.home.path / name, self.sockets)
                yield Child(
                    name,
                    made.command,
                    partial(_plain, self.given),
                    self.home.path,
                    made.stop_signal,
                )

    def _platform_children(self) -> Iterable[Child]:
        web, desk = self.ports
        workers = self.known.get("WEB_WORKERS", "2")
        yield self._child("web", "web", *web_server(self.known, web, workers))
        yield self._child("desk", "protection", *web_server(self.known, desk, "1"))
        yield self._child("worker", "worker", *_celery("worker", "default,codes,mail,reports", "2"))
        yield self._child("vault", "vault", *_celery("vault", "vault", "1"))
        yield self._child("beat", "beat", "celery", "-A", "worker", "beat", "-l", "warning")
        yield self._child(
            "dispatcher", "worker", "flask", "--app", "app:create_app", "outbox", "dispatch"
        )
        if "SMTP_URL" not in self.given and not self.production:
            port = self.known["SMTP_URL"].rpartition(":")[2]
            yield self._child(
                "mailbox", "command", "core.mail.catcher", str(self.home.path / "mail"), port
            )

    def _child(self, name: str, role: str, module: str, *arguments: str) -> Child:
        command = [module, *arguments] if FORKS else [sys.executable, "-m", module, *arguments]
        return Child(name, command, partial(self.settings, role), self.home.path, forked=FORKS)

    def _prepare(self, stopping: Event) -> None:
        """Migrate and load, unless exactly this code did so before."""
        if self.production:
            self._run_preparation("check", stopping=stopping)
            return
        stamp, sum_now = self._stamp(), _sum_of_code()
        if not embedded.wait_for_database(self.known["DATABASE_URL"]):
            raise NotReady(f"The database does not answer; see {self.home.path}/log/pg.log.")
        if stamp.exists() and stamp.read_text() == sum_now:
            return
        self._run_preparation("demo", stopping=stopping)
        if not stopping.is_set():
            stamp.write_text(sum_now)

    def _run_preparation(self, how: str, *, stopping: Event) -> None:
        child = self._child("prepare", "command", "serve", "prepare", how)
        child.start()
        while child.is_running() and not stopping.wait(LOOK_SECONDS):
            pass
        ended = None if child.process is None else child.process.poll()
        processes.stop([child], seconds=2)
        if ended:
            said = (child.log_file.read_text().strip().splitlines() or ["no reason given"])[-1]
            raise NotReady(f"Relais cannot start: {said} (more in {child.log_file})")

    def _stamp(self) -> Path:
        if self.servers and self.servers[0].name == "pg":
            return self.home.path / "pg" / STAMP
        name = hashlib.sha256(self.known["DATABASE_URL"].encode()).hexdigest()[:16]
        return self.home.path / "run" / f"loaded-{name}"

    def _forget_heartbeats(self) -> None:
        """Heartbeats of the last run must not make this one look ready."""
        if self.servers:
            embedded.run(self.known["DATABASE_URL"], "DELETE FROM heartbeat")

    def _missing(self) -> str:
        """What `/health/ready` still waits for, in a few words; empty when it is ready."""
        asking = http.client.HTTPConnection(ports.HOST, self.ports[0], timeout=3)
        try:
            asking.request("GET", "/health/ready", headers={"Host": f"localhost:{self.ports[0]}"})
            answer = asking.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return "the pages do not answer yet"
        finally:
            asking.close()
        if answer.status == http.client.OK:
            return ""
        try:
            checks: dict[str, str] = json.loads(body)["checks"]
        except (ValueError, KeyError):
            return f"/health/ready answers {answer.status}"
        return ", ".join(f"{name}: {word}" for name, word in checks.items() if word != "ok")

    def _note(self, *, url: str = "") -> None:
        self.home.note(url=url, environment=_ours(self.settings("command"), self.given))


def _ours(settings: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if given.get(name) != value}


def _plain(given: Mapping[str, str]) -> dict[str, str]:
    """What a server needs of our environment: no secret."""
    return {name: given[name] for name in ("PATH", "LANG", "TZ", "HOME", "TMPDIR") if name in given}


def web_server(known: Mapping[str, str], port: int, workers: str) -> list[str]:
    """The module and arguments that serve the application on `port`.

    Where granian's compiled part does not run, waitress serves: slower, in one process.
    """
    threads = known.get("WEB_THREADS", "4")
    if not _imports("granian"):
        listen = f"--listen={ports.HOST}:{port}"
        return ["waitress", listen, f"--threads={threads}", "--call", "app:create_app"]
    options = {"interface": "wsgi", "host": ports.HOST, "port": str(port), "workers": workers}
    options |= {"blocking-threads": threads, "log-level": "warning", "http": "1"}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return ["granian", *words, "--no-ws", "--factory", "--respawn-failed-workers", "app:create_app"]


def _imports(name: str) -> bool:
    try:
        importlib.import_module(name)
    except (ImportError, OSError):
        return False
    return True


def _celery(name: str, queues: str, processes_: str) -> list[str]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "warning"]
    return [
        "celery",
        "-A",
        "worker",
        "worker",
        "-Q",
        queues,
        "-c",
        processes_,
        "-n",
        f"{name}@relais",
        *quiet,
    ]


def _sum_of_code() -> str:
    """A checksum of all that decides what a prepared database holds."""
    total = hashlib.sha256()
    patterns = (
        "migrations/versions/*.py", "data/*", "*/*/cli.py", "workers/demo*.py", "*/*/seed.py",
        "serve.py",
    )  # fmt: skip
    for path in sorted(
        path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()
    ):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
