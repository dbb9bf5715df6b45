"""Whatever is killed without a word, the platform is whole again in seconds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from core import ports, processes
from tests.walls.processes import Site

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
CHILDREN = ("worker", "web", "desk", "vault", "beat", "dispatcher", "broker", "pg", "mailbox")
BACK_WITHIN_SECONDS = 5


def within(seconds: float, question: Callable[[], object]) -> bool:
    """Whether `question` was answered with yes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.05)
    return False


def is_another(site: Site, name: str, pid: int) -> bool:
    return site.pid(name) != pid


@pytest.fixture
def own_home(tmp_path):
    """The platform with its own database and broker, as a newcomer starts it."""
    home = tmp_path / "home"
    home.mkdir()
    port = ports.any_free()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    site = Site(home, port, kept | {"RELAIS_HOME": str(home), "PORT": str(port)})
    site.start()
    yield site
    site.end()


def test_each_killed_process_is_back_within_seconds(own_home):
    for name in CHILDREN:
        killed = own_home.kill(name)
        since = time.monotonic()

        assert within(BACK_WITHIN_SECONDS, partial(is_another, own_home, name, killed)), name
        assert within(BACK_WITHIN_SECONDS, own_home.is_ready), f"{name}: {own_home.said()}"
        assert time.monotonic() - since < BACK_WITHIN_SECONDS, name


def test_ctrl_c_stops_everything_and_a_second_start_keeps_the_data(own_home):
    pids = [own_home.pid(name) for name in CHILDREN]

    assert own_home.stop() == 0

    assert not [pid for pid in pids if processes.started(pid)]
    assert not list((own_home.home / "run").glob("*.pid"))
    own_home.start()
    assert own_home.is_ready()


def test_a_start_after_everything_was_killed_clears_what_is_left(own_home):
    pids = [own_home.pid(name) for name in CHILDREN]
    own_home.supervisor.kill()
    own_home.supervisor.wait()
    os.kill(own_home.pid("web"), signal.SIGKILL)

    own_home.start()

    assert own_home.is_ready()
    assert not [pid for pid in pids if processes.started(pid)]


def test_a_second_supervisor_of_the_same_home_steps_back(own_home):
    second = subprocess.run(
        [sys.executable, "-m", "serve"],
        cwd=ROOT,
        env=own_home.environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr.startswith(f"This home is in use already ({own_home.url})")
    assert own_home.is_ready()


def test_a_taken_port_is_said_in_one_sentence(own_home, tmp_path):
    other = own_home.environment | {"RELAIS_HOME": str(tmp_path / "other")}
    second = subprocess.run(
        [sys.executable, "-m", "serve"],
        cwd=ROOT,
        env=other,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr == (
        f"Port {own_home.port} is taken; choose another, for example: "
        f"PORT={own_home.port + 100} ./run\n"
    )


def test_a_command_uses_the_running_database(own_home):
    command = [sys.executable, "-m", "serve", "flask", "audit", "verify"]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=own_home.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert own_home.is_ready()


def test_the_site_of_a_test_sends_to_its_mailbox(site):
    assert site.is_ready()
    assert site.stop() == 0
