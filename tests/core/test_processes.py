"""Child processes: kept alive, told apart from strangers, ended whole."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from core import processes
from core.processes import Child


@pytest.fixture
def place(tmp_path):
    for name in ("run", "log"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture(params=["started", "forked"])
def child(request, place, monkeypatch):
    """A child that prints what it was told and then waits."""
    words = "import os, time; print('told', os.environ.get('TOLD'), flush=True); time.sleep(60)"
    script = place / "waits.py"
    script.write_text(words)
    forked = request.param == "forked"
    monkeypatch.syspath_prepend(place)
    command = ["waits"] if forked else ["python3", str(script)]
    environment = {"TOLD": "this", "PATH": os.environ["PATH"]}
    child = Child("one", command, lambda: environment, place, forked=forked)
    yield child
    processes.stop([child], seconds=5)


def eventually(question) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.02)
    return False


def test_a_child_is_told_its_own_settings_and_leaves_its_number(child, place):
    child.start()

    assert eventually(lambda: child.log_file.read_text() == "told this\n")
    assert int((place / "run" / "one.pid").read_text()) == child.process.pid
    assert os.getsid(child.process.pid) == child.process.pid
    assert processes.recorded(child.pid_file) == child.process.pid


def test_a_killed_child_is_started_again_and_a_living_one_is_not(child):
    child.start()
    first = child.process.pid
    assert child.tend() is False

    os.kill(first, signal.SIGKILL)

    assert eventually(child.tend)
    assert child.process.pid != first
    assert child.is_running()


def test_one_that_ends_at_once_is_started_less_and_less_often(place):
    child = Child("short", ["true"], lambda: {"PATH": os.environ["PATH"]}, place)
    child.start()
    pauses = []
    for _ in range(6):
        assert eventually(lambda: not child.is_running())
        child.started_at -= child.pause  # as if the pause were over
        assert child.tend()
        pauses.append(child.pause)
    processes.stop([child], seconds=1)
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0]


def test_stopping_ends_also_what_does_not_listen(place):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    child = Child("deaf", ["python3", "-c", deaf], lambda: {"PATH": os.environ["PATH"]}, place)
    child.start()
    assert eventually(lambda: child.log_file.read_text() == "1\n")

    processes.stop([child], seconds=0.2)

    assert child.process is None
    assert not list((place / "run").iterdir())


def test_leftovers_of_a_killed_supervisor_are_ended(child, place):
    child.start()
    pid = child.process.pid

    assert processes.end_leftovers(place) == ["one"]

    assert child.process.wait(timeout=5) != 0
    assert not processes.started(pid)
    assert not list((place / "run").iterdir())


def test_children_of_a_killed_child_are_ended_too(place):
    command = ["sh", "-c", "sleep 60 & echo $!; wait"]
    child = Child("parent", command, lambda: {"PATH": os.environ["PATH"]}, place)
    child.start()
    assert eventually(lambda: child.log_file.read_text().endswith("\n"))
    grandchild = int(child.log_file.read_text())
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()
    assert processes.started(grandchild)

    assert processes.end_leftovers(place) == ["parent"]

    assert eventually(lambda: not processes.started(grandchild))


def test_a_stranger_with_a_recorded_number_is_left_alone(place):
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (place / "run" / "web.pid").write_text(f"{stranger.pid}\n")
        (place / "run" / "web.started").write_text("12345")

        assert processes.end_leftovers(place) == []

        assert stranger.poll() is None
        assert not (place / "run" / "web.pid").exists()
        stranger.kill()


@pytest.mark.parametrize("words", ["", "no number", "99999999"])
def test_a_pid_file_that_says_nothing_is_dropped(place, words):
    (place / "run" / "web.pid").write_text(words)
    assert processes.end_leftovers(place) == []
    assert not list((place / "run").iterdir())


def test_a_file_is_written_whole_and_for_us_alone(place):
    processes.write_whole(place / "note", "one")
    processes.write_whole(place / "note", "two")
    assert (place / "note").read_text() == "two"
    assert (place / "note").stat().st_mode & 0o777 == 0o600
    assert not list(place.glob(".note*"))


def test_a_forked_child_that_fails_says_why_and_how(place):
    child = Child("wrong", ["no_such_module"], dict, place, forked=True)
    child.start()
    assert child.process.wait(timeout=10) == 1
    assert "No module named no_such_module" in child.log_file.read_text()
