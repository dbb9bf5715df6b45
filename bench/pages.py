"""What a page costs: server time, SQL statements, bytes on a first visit, requests a second."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from app import create_app
from bench.client import Connection, base, run, say
from core.db import db

PAGES = {
    "home": "/",
    "event": "/events/demo-panel",
    "registration": "/events/demo-panel/register",
    "directory": "/network",
}
RENDERS = 60
CLIENTS = 8
EACH = 500
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def main(_arguments: Sequence[str]) -> None:
    """Measure each page rendered afresh inside a process, then as it is served."""
    app = create_app(log_level="error")
    for case, path in PAGES.items():
        rendered(app, case, path)
    for case, path in PAGES.items():
        served(case, path)


def rendered(app: Flask, case: str, path: str) -> None:
    """Server time and statements of one page made from scratch, without the shelf in front."""
    client = app.test_client()
    client.get(path, query_string={"afresh": "first"})
    times: list[float] = []
    counts: list[int] = []
    for turn in range(RENDERS):
        with counted(app) as statements:
            began = time.perf_counter()
            answer = client.get(path, query_string={"afresh": turn})
            times.append((time.perf_counter() - began) * 1000)
        counts.append(len(statements))
        if answer.status_code != 200:  # noqa: PLR2004 -- the plain word for "it worked"
            message = f"{path} answered {answer.status_code}"
            raise RuntimeError(message)
    say("pages", f"{case}/rendered", RENDERS, times, sql=max(counts))


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database inside the block, without those that only frame them."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SET TRANSACTION"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def served(case: str, path: str) -> None:
    """Bytes of a first visit, everything included, and requests a second at eight clients."""
    size, parts = first_visit(path)
    say("pages", f"{case}/first-visit", parts, [], bytes=size)

    def ask(connection: Connection, _turn: int) -> int:
        return connection.ask("GET", path, headers={"Accept-Encoding": "br"}).status

    run(base(), ask, clients=CLIENTS, each=20)
    alone = run(base(), ask, clients=1, each=EACH)
    say("pages", f"{case}/served-1", EACH, alone.times_ms, per_second=round(alone.per_second))
    many = run(base(), ask, clients=CLIENTS, each=EACH)
    say(
        "pages",
        f"{case}/served-8",
        CLIENTS * EACH,
        many.times_ms,
        per_second=round(many.per_second),
        statuses=many.statuses,
    )


def first_visit(path: str) -> tuple[int, int]:
    """Bytes over the wire of a page and all that it links to be shown, bodies and headers."""
    connection = Connection(base())
    page = connection.ask("GET", path)
    links = sorted(set(LINKED.findall(page.body.decode())))
    total = 0
    for one in (path, *links):
        answer = connection.ask("GET", one, headers={"Accept-Encoding": "br, gzip"})
        total += len(answer.body) + sum(len(k) + len(v) + 4 for k, v in answer.headers.items())
    return total, 1 + len(links)
