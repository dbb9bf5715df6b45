"""A small HTTP/1.1 client that costs little, so that the server is measured and not the client."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LONGEST_SECONDS = 300


@dataclass
class Answer:
    """What came back: status, headers in lower case, the body as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


class Connection:
    """One kept-open connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = f"{parts.hostname}:{parts.port or 80}"
        self.address = (parts.hostname or "localhost", parts.port or 80)
        self.open()

    def open(self) -> None:
        """Connect, or connect again."""
        self.socket = socket.create_connection(self.address, timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and read its answer."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append("Content-Type: application/x-www-form-urlencoded")
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return self._read(is_head=method == "HEAD")

    def _read(self, *, is_head: bool) -> Answer:
        data = self.left
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _mark, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _colon, value in (line.partition(":") for line in lines)
        }
        length = 0 if is_head else int(headers.get("content-length", "0"))
        while len(rest) < length:
            rest += self._more()
        self.left = rest[length:]
        return Answer(int(first.split()[1]), headers, rest[:length])

    def _more(self) -> bytes:
        more = self.socket.recv(65536)
        if not more:
            message = "the server closed the connection"
            raise ConnectionError(message)
        return more


@dataclass
class Run:
    """Many requests by some clients: how long each took, and all of them together."""

    times_ms: list[float]
    seconds: float
    statuses: dict[int, int]

    @property
    def per_second(self) -> float:
        """Requests (or journeys) a second."""
        return len(self.times_ms) / self.seconds


Work = Callable[[Connection, int], int]
"""Does one thing and answers the status that says how it went."""


def run(url: str, work: Work, *, clients: int, each: int) -> Run:
    """Let `clients` processes do `work` `each` times and put their times together."""
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    start = context.Barrier(clients + 1)
    workers = [
        context.Process(target=_client, args=(url, work, each, number, start, queue))
        for number in range(clients)
    ]
    for worker in workers:
        worker.start()
    start.wait()
    began = time.perf_counter()
    parts = [queue.get(timeout=LONGEST_SECONDS) for _worker in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join()
    statuses: dict[int, int] = {}
    for _times, seen in parts:
        for status in seen:
            statuses[status] = statuses.get(status, 0) + 1
    return Run([one for times, _seen in parts for one in times], seconds, statuses)


def _client(url: str, work: Work, each: int, number: int, start: object, queue: object) -> None:
    connection = Connection(url)
    times: list[float] = []
    statuses: list[int] = []
    start.wait()  # type: ignore[attr-defined]  # a barrier; its class is private
    for turn in range(each):
        began = time.perf_counter()
        statuses.append(work(connection, number * each + turn))
        times.append((time.perf_counter() - began) * 1000)
    queue.put((times, statuses))  # type: ignore[attr-defined]  # a queue; its class is private


def say(bench: str, case: str, n: int, times_ms: Sequence[float], **more: object) -> None:
    """Print one result: one JSON object on one line."""
    line: dict[str, object] = {"bench": bench, "case": case, "n": n}
    if times_ms:
        ordered = sorted(times_ms)
        line["median_ms"] = round(statistics.median(ordered), 2)
        line["p95_ms"] = round(ordered[int(len(ordered) * 0.95) - 1], 2)
    print(json.dumps(line | more), flush=True)


def base() -> str:
    """The address of the running platform."""
    return os.environ["RELAIS_URL"]
