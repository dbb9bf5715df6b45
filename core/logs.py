"""One JSON object a line, with request, task and fact ids and nothing that says who a person is.

Libraries that log in their own way are led through the same steps. Exceptions are written as
their kind and where they happened: their text may hold what a person typed.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
import uuid
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, request

from core import context, metrics

Event = MutableMapping[str, Any]

ROOT = Path(__file__).parents[1]
MOST_FRAMES = 12
LEFT_OUT = "[left out]"
ADDRESS = re.compile(r"[^\s@\"'<>(),;:=/]+@[^\s@\"'<>(),;:=/]+")
PERSONAL_KEYS = frozenset(
    {
        "address", "body", "cookie", "cookies", "email", "first_name", "form", "headers", "html",
        "ip", "last_name", "mailbox", "name", "nationality", "needs", "organisation", "password",
        "personal", "phone", "query", "query_string", "remote_addr", "secret", "subject", "text",
        "to", "token", "url", "user_agent", "values",
    }
)  # fmt: skip
QUIET = {
    "werkzeug": logging.WARNING,
    "celery.app.trace": logging.CRITICAL,
    "celery.worker.strategy": logging.WARNING,
    "celery.beat": logging.WARNING,
    "mail.log": logging.WARNING,
}
"""Libraries that would repeat what we log better, or show arguments."""

log = structlog.get_logger()


def install(app: Flask, *, level: str) -> None:
    """Configure this process's log, number its requests and write one line for each."""
    configure(level)
    app.before_request(begin)
    app.after_request(finish)
    app.teardown_request(forget)


def configure(level: str) -> None:
    """Lead our own lines and those of libraries to the standard error, as JSON."""
    number = logging.getLevelNamesMapping()[level.upper()]
    steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        with_ids,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        with_frames,
        without_people,
    ]
    structlog.configure(
        processors=[*steps, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *steps],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            use_get_message=True,
        )
    )
    root = logging.getLogger()
    for old in [
        one
        for one in root.handlers
        if isinstance(one.formatter, structlog.stdlib.ProcessorFormatter)
    ]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(number, logging.INFO))
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


class _Stderr:
    """Whatever the standard error is at the moment of writing."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def with_ids(_logger: object, _method: str, event: Event) -> Event:
    """The request and the fact that this work belongs to."""
    if (request_id := context.request_id.get()) is not None:
        event.setdefault("request_id", request_id)
    if (fact_id := context.fact_id.get()) is not None:
        event.setdefault("fact_id", str(fact_id))
    return event


def with_frames(_logger: object, _method: str, event: Event) -> Event:
    """An exception as its kind and its places, without text and without local values."""
    found = event.pop("exc_info", None)
    event.pop("exception", None)
    event.pop("stack_info", None)
    if not found:
        return event
    error = found if isinstance(found, BaseException) else None
    if error is None:
        error = (found if isinstance(found, tuple) else sys.exc_info())[1]
    if error is not None:
        event["error"] = kind_of(error)
        event["frames"] = frames_of(error)
    return event


def kind_of(error: BaseException) -> str:
    """The class of an error and of what caused it."""
    kinds = [type(error).__name__]
    while (cause := error.__cause__ or error.__context__) is not None and len(kinds) < MOST_FRAMES:
        kinds.append(type(cause).__name__)
        error = cause
    return " < ".join(kinds)


def frames_of(error: BaseException) -> list[str]:
    """Where it happened, the innermost last."""
    out = []
    for frame in traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]:
        path = Path(frame.filename)
        place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-2:])
        out.append(f"{place}:{frame.lineno} {frame.name}")
    return out


def without_people(_logger: object, _method: str, event: Event) -> Event:
    """The last net: keys that hold people are emptied, addresses in texts are masked."""
    return {
        key: LEFT_OUT if key in PERSONAL_KEYS else masked(value) for key, value in event.items()
    }


def masked(value: Any) -> Any:
    """`value` with every e-mail address in it replaced; numbers and dates as they are."""
    if isinstance(value, str):
        return ADDRESS.sub("[address]", value)
    if isinstance(value, Mapping):
        return without_people(None, "", dict(value))
    if isinstance(value, (list, tuple, set, frozenset)):
        return [masked(one) for one in value]
    if value is None or isinstance(value, (int, float)):
        return value
    return ADDRESS.sub("[address]", str(value))


def begin() -> None:
    """Give this request a number of its own; one from outside might carry anything."""
    context.request_id.set(uuid.uuid4().hex)
    g.began = time.perf_counter()


def finish(answer: Response) -> Response:
    """One line a request: the route's pattern, never the address that was asked for."""
    rule = request.url_rule.rule if request.url_rule is not None else "(none)"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    metrics.REQUESTS.labels(request.endpoint or "none", f"{answer.status_code // 100}xx").observe(
        seconds
    )
    log.info(
        "request",
        method=request.method,
        route=rule,
        status=answer.status_code,
        ms=round(seconds * 1000, 1),
    )
    answer.headers["X-Request-ID"] = context.request_id.get() or ""
    return answer


def forget(_error: BaseException | None) -> None:
    """The next work of this thread belongs to no request of before."""
    context.request_id.set(None)
