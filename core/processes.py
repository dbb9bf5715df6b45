"""Child processes that outlive nobody: own group, own log, a pid file that can be trusted."""

from __future__ import annotations

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

# Of /proc/PID/stat, after the name in parentheses.
GROUP_FIELD, START_FIELD = 2, 19
SHORTEST_PAUSE = 0.25
LONGEST_PAUSE = 4.0
STEADY_SECONDS = 20.0


Environment = Callable[[], Mapping[str, str]]


class Process(Protocol):
    """What we need of a child, however it was started."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def returncode(self) -> int | None:
        """How it ended, once somebody asked."""

    def poll(self) -> int | None:
        """How it ended, or None."""

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, in the end; `subprocess.TimeoutExpired` when that takes longer."""

    def send_signal(self, sig: int) -> None:
        """Signal it, if it runs."""


@dataclass
class Forked:
    """A child that shares every module this process has imported: it starts in a moment."""

    pid: int
    returncode: int | None = None

    @classmethod
    def running(
        cls, name: str, command: Sequence[str], environment: Environment, log: int
    ) -> Forked:
        """Fork, and let the child be `python -m` the command's first word."""
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os._exit(_become(name, command, environment, log))
        return cls(pid)

    def poll(self) -> int | None:
        """How it ended, or None."""
        if self.returncode is None:
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, in the end."""
        until = None if timeout is None else time.monotonic() + timeout
        while (ended := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.02)
        return ended

    def send_signal(self, sig: int) -> None:
        """Signal it, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, sig)


def _become(name: str, command: Sequence[str], environment: Environment, log: int) -> int:
    """In a fresh fork: forget the parent's session, signals and settings, and run the module."""
    try:
        os.setsid()
        _show_name(name)
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 -- a descriptor is wanted, not a file
            os.dup2(nothing.fileno(), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
        for sign in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        known = environment()
        os.environ.clear()
        os.environ.update(known)
        sys.argv = list(command)
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    except SystemExit as asked:
        return asked.code if isinstance(asked.code, int) else int(asked.code is not None)
    except BaseException:  # noqa: BLE001 -- whatever it was, this process ends here and says so
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _show_name(name: str) -> None:
    """Let `ps` tell forks apart, where the system has a place for a name."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(f"relais-{name}")


@dataclass
class Child:
    """One process of a home. `run/NAME.pid` holds its number, `log/NAME.log` what it says.

    `command` is a command line; with `forked=True` it is a module's name and its arguments, and
    `environment` is asked in the child alone, so that a secret stays where it belongs.
    """

    name: str
    command: list[str]
    environment: Environment
    home: Path
    stop_signal: signal.Signals = signal.SIGTERM
    forked: bool = False
    process: Process | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    pause: float = field(default=0.0, init=False)

    @property
    def pid_file(self) -> Path:
        """Where the process's number stands."""
        return self.home / "run" / f"{self.name}.pid"

    @property
    def log_file(self) -> Path:
        """Where what it says is kept."""
        return self.home / "log" / f"{self.name}.log"

    def start(self) -> None:
        """Start it in a session and group of its own."""
        with self.log_file.open("ab") as log:
            if self.forked:
                self.process = Forked.running(
                    self.name, self.command, self.environment, log.fileno()
                )
            else:
                self.process = subprocess.Popen(
                    self.command,
                    env=self.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        self.started_at = time.monotonic()
        write_whole(self.pid_file, f"{self.process.pid}\n")
        write_whole(self.pid_file.with_suffix(".started"), started(self.process.pid))

    def is_running(self) -> bool:
        """Whether it runs at this moment."""
        return self.process is not None and self.process.poll() is None

    def tend(self) -> bool:
        """Bring it back if it ended; True when it was started anew.

        One that keeps ending is started less and less often, every few seconds at worst.
        """
        if self.process is None or self.is_running():
            return False
        lived = time.monotonic() - self.started_at
        if lived < self.pause:
            return False
        again = min(LONGEST_PAUSE, self.pause * 2) or SHORTEST_PAUSE
        self.pause = SHORTEST_PAUSE if lived > STEADY_SECONDS else again
        kill_group(self.process.pid, signal.SIGKILL)
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Tell it to end."""
        if self.process is not None and self.is_running():
            self.process.send_signal(self.stop_signal)

    def wait_or_kill(self, until: float) -> None:
        """Wait for its end until the monotonic moment `until`, then end its whole group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        kill_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        forget(self.pid_file)


def stop(children: Iterable[Child], *, seconds: float) -> None:
    """End all of `children` together, by force when `seconds` are over."""
    stopping = list(children)
    for child in stopping:
        child.ask_to_stop()
    until = time.monotonic() + seconds
    for child in stopping:
        child.wait_or_kill(until)


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Write a small file so that a reader finds the old one or the new one, never a half."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as out:
        out.write(text)
    fresh.replace(path)


def started(pid: int) -> str:
    """When the process began, in words that no later process of that number repeats; else empty."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if words[0] == "Z" else words[START_FIELD]
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    asked = ["ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def forget(pid_file: Path) -> None:
    """Drop a pid file and the moment beside it."""
    pid_file.unlink(missing_ok=True)
    pid_file.with_suffix(".started").unlink(missing_ok=True)


def end_leftovers(home: Path) -> list[str]:
    """End what a killed supervisor left behind, if it is surely ours; returns the names."""
    ended = []
    for pid_file in sorted((home / "run").glob("*.pid")):
        pid = recorded(pid_file)
        orphans = [] if pid else _orphans(pid_file)
        if pid:
            _end(pid, pid_file.stem)
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
        if pid or orphans:
            ended.append(pid_file.stem)
        forget(pid_file)
    return ended


def recorded(pid_file: Path) -> int | None:
    """The number in a pid file, if that process still runs and is the one that was recorded."""
    try:
        pid = int(pid_file.read_text())
        known = pid_file.with_suffix(".started").read_text()
    except (FileNotFoundError, ValueError):
        return None
    return pid if known and started(pid) == known else None


def _end(pid: int, name: str) -> None:
    """Ask, wait a little, insist. The database's own word for a quick, clean end is SIGINT."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT if name == "pg" else signal.SIGTERM)
    until = time.monotonic() + 5
    while time.monotonic() < until and started(pid):
        time.sleep(0.05)
    kill_group(pid, signal.SIGKILL)


def kill_group(pid: int, how: signal.Signals) -> None:
    """Signal everything in the group that `pid` leads or led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


def _orphans(pid_file: Path) -> list[int]:
    """Children of a recorded process that is gone: its group, working where we work."""
    number = pid_file.read_text().strip()
    if not number.isdecimal() or started(int(number)):
        return []
    here = str(Path.cwd())
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            group = (folder / "stat").read_text().rpartition(")")[2].split()[GROUP_FIELD]
            if group == number and str((folder / "cwd").readlink()) == here:
                found.append(int(folder.name))
    return found
