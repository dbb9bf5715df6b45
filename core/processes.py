"""Child processes that outlive nobody: own group, own log, a pid file that can be trusted."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MARK = "RELAIS_SUPERVISED"
START_TICKS_FIELD = 19
SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 4.0
STEADY_SECONDS = 20.0


@dataclass
class Child:
    """One process of a home. `run/NAME.pid` holds its number, `log/NAME.log` what it says."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    home: Path
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
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
        """Start it in a session and group of its own, marked as ours."""
        marked = {**self.environment, MARK: str(self.home)}
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=marked,
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
        self.pause = (
            SHORTEST_PAUSE if lived > STEADY_SECONDS else min(LONGEST_PAUSE, self.pause * 2 or 1.0)
        )
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
        return "" if words[0] == "Z" else words[START_TICKS_FIELD]
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
        if pid is not None:
            _end(pid, pid_file.stem)
            ended.append(pid_file.stem)
        forget(pid_file)
    strays = _marked(home)
    for pid in strays:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return ended + ["stray"] * len(strays)


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


def _marked(home: Path) -> list[int]:
    """Processes that carry this home's mark: children of children whose parent was killed."""
    mark = f"{MARK}={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes().split(
                b"\0"
            ):
                found.append(int(folder.name))
    return found
