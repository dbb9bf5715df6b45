"""What `./run` starts: the whole platform on one machine, kept alive until told to stop.

    ./run                  everything, on http://localhost:8000 (PORT chooses another)
    ./run flask COMMAND …  a command of the platform, e.g. `./run flask audit verify`
    ./run bench NAME …     a measurement, see bench/README.md

DATABASE_URL, BROKER_URL and SMTP_URL, where set, are used instead of servers of our own.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import embedded, ports, processes
from core.home import Home, is_writable
from core.supervisor import FORKS, SHARED_METRICS, NotReady, Platform

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ROOT = Path(__file__).parent
DEFAULT_PORT = 8000
PATIENCE_SECONDS = 120
IMPORTED_ONCE = (
    "app", "celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.concurrency.prefork",
    "celery.worker.consumer", "flask.cli", "granian.cli", "granian.server.mp", "kombu.transport.redis",
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; the exit status is for the shell."""
    os.umask(0o077)
    os.chdir(ROOT)
    known = {"flask": flask_command, "bench": bench_command, "prepare": prepare_command}
    try:
        if not arguments:
            return serve()
        if arguments[0] in known:
            return known[arguments[0]](arguments[1:])
        print(__doc__)
    except (embedded.CannotStart, ports.Taken, NotReady) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0 if arguments[0] in {"help", "--help", "-h"} else 2


def serve() -> int:
    """Run the platform until Ctrl-C or a signal."""
    home = our_home()
    stopping = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: stopping.set())
    with home.alone() as mine:
        if not mine:
            raise NotReady(already_runs(home))
        processes.end_leftovers(home.path)
        web, desk = choose_ports()
        platform = Platform(home, os.environ, web_port=web, desk_port=desk, meanwhile=import_once)
        try:
            platform.start(stopping)
            platform.wait_until_ready(stopping, seconds=PATIENCE_SECONDS)
            if not stopping.is_set():
                welcome(home, platform.url)
            while not stopping.wait(0.3):
                platform.tend()
        finally:
            if stopping.is_set():
                say("\nStopping …")
            platform.stop()
    return 0


def import_once(settings: Mapping[str, str]) -> None:
    """Import what every process of the platform needs, so that each is a fork and starts quickly."""
    if FORKS:
        # The metrics library looks for this when it is imported, not when it counts.
        os.environ[SHARED_METRICS] = settings[SHARED_METRICS]
        for name in IMPORTED_ONCE:
            with contextlib.suppress(ImportError):  # its own process will say so, in its log
                importlib.import_module(name)
        gc.freeze()


def our_home() -> Home:
    """The home that the environment names, with its folders."""
    path = Path(os.environ.get("RELAIS_HOME", "var")).resolve()
    if not is_writable(path):
        raise NotReady(f"{path} belongs to someone else; choose another folder with RELAIS_HOME.")
    home = Home(path)
    home.make()
    return home


def already_runs(home: Home) -> str:
    """What to say when this home has a supervisor."""
    where = home.noted().get("url") or "another command"
    return f"This home is in use already ({where}); stop that first, or set RELAIS_HOME and PORT for a second one."


def choose_ports() -> tuple[int, int]:
    """Ports for the pages and the protection desk; one that was asked for is never swapped."""
    asked = os.environ.get("PORT")
    if asked is not None:
        web = ports.number(asked)
        if not ports.is_free(web):
            raise ports.Taken(
                f"Port {web} is taken; choose another, for example: PORT={web + 100} ./run"
            )
    else:
        web = ports.next_free(DEFAULT_PORT, step=10)
        if web != DEFAULT_PORT:
            print(f"Port {DEFAULT_PORT} is taken, so this one uses {web}; PORT chooses another.")
    return web, ports.next_free(web + 1)


def say(sentence: str) -> None:
    """Print, if anybody still listens: a closed terminal must not keep us from stopping well."""
    with contextlib.suppress(OSError):
        print(sentence, flush=True)


def welcome(home: Home, url: str) -> None:
    """Say where it is and who may sign in."""
    say(f"Ready: {url}")
    try:
        people = json.loads((home.path / "people.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return
    say(f"\nSign in as one of the demo's invented people; their codes arrive at {url}/dev/mail:")
    for person in people:
        secret = (
            f"  (authenticator key {person['totp_secret']})" if person.get("totp_secret") else ""
        )
        say(f"  {person['role']:<14} {person['email']}{secret}")
    say(f"\nData, logs and secrets are in {home.path}. Ctrl-C stops everything.")


@contextmanager
def environment_of_home(*, whole: bool) -> Iterator[dict[str, str]]:
    """The settings of this home's running servers; what does not run yet is started for a while.

    `whole=True` wants the web and the workers too, not only database and broker.
    """
    home = our_home()
    with home.alone() as mine:
        if mine:
            with _for_a_while(home, whole=whole) as environment:
                yield environment
            return
        with home.in_use():
            note = _wait_for_note(home)
            if whole and not note.get("url"):
                raise NotReady(already_runs(home))
            yield {**os.environ, **note["environment"], "RELAIS_URL": note.get("url", "")}


@contextmanager
def _for_a_while(home: Home, *, whole: bool) -> Iterator[dict[str, str]]:
    web, desk = choose_ports()
    platform = Platform(home, os.environ, web_port=web, desk_port=desk, meanwhile=import_once)
    done = threading.Event()
    tending = threading.Thread(target=platform.tend_until, args=(done,), daemon=True)
    try:
        if whole:
            platform.start(done)
            platform.wait_until_ready(done, seconds=PATIENCE_SECONDS)
        else:
            platform.start_servers(done)
        tending.start()
        yield {**platform.settings("command"), "RELAIS_URL": platform.url if whole else ""}
        home.wait_for_users()
    finally:
        done.set()
        if tending.is_alive():
            tending.join()
        platform.stop()


def _wait_for_note(home: Home) -> dict[str, Any]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        note = home.noted()
        if note:
            return note
        time.sleep(0.2)
    raise NotReady(already_runs(home))


def flask_command(arguments: Sequence[str]) -> int:
    """Run a command of the platform against this home's database."""
    with environment_of_home(whole=False) as environment:
        return _run("flask", "--app", "app:create_app", *arguments, environment=environment)


def bench_command(arguments: Sequence[str]) -> int:
    """Run a measurement against this home; RELAIS_URL says where its pages are."""
    os.environ.setdefault("RATE_LIMITS", "off")
    with environment_of_home(whole=True) as environment:
        return _run("bench", *arguments, environment=environment)


def _run(module: str, *arguments: str, environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, env=environment) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue


def sentence_of(problem: ErrorDetails) -> str:
    """What is wrong with one setting, without its value."""
    name = ".".join(map(str, problem["loc"])).upper()
    if problem["type"] == "missing":
        return f"{name} is missing"
    return " ".join(filter(None, (name, problem["msg"].removeprefix("Value error, "))))


def prepare_command(arguments: Sequence[str]) -> int:
    """What a child of the supervisor does before the others start.

    `check` only tries the settings; else the database is brought up to the code and reference
    data is loaded; `demo` adds what is missing of the demonstration too.
    """
    # Slow to import, and the supervisor itself stays small: only this child pays.
    import flask_migrate  # noqa: PLC0415 -- see above
    from flask.cli import ScriptInfo  # noqa: PLC0415 -- see above
    from pydantic import ValidationError  # noqa: PLC0415 -- see above

    from app import create_app  # noqa: PLC0415 -- see above

    try:
        app = create_app()
    except ValidationError as error:
        problems = "; ".join(sentence_of(one) for one in error.errors())
        print(f"These settings are missing or unsafe: {problems}")
        return 1
    if "check" in arguments:
        return 0
    with app.app_context():
        flask_migrate.upgrade()
    for command in ("load", *(["demo"] if "demo" in arguments else [])):
        script = ScriptInfo(create_app=lambda: app)
        app.cli.main(args=["data", command], standalone_mode=False, obj=script)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
