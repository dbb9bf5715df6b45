"""Whole pages kept ready: anonymous public pages are served before the application is asked.

A page that says `g.keep = True` is kept per path and language, compressed once. A change that
shows on public pages calls `drop` in its own transaction: PostgreSQL notifies every web process
at commit, and each forgets its pages at once. While a process cannot listen it keeps nothing.
A page that the clock alone will change says when: `g.keep_until`.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any, NamedTuple

import brotli
import psycopg
from flask import Flask, Response, current_app, g, request
from sqlalchemy import text
from sqlalchemy.orm import Session
from structlog import get_logger
from werkzeug.http import parse_accept_header

from core import clock, languages

CHANNEL = "relais_pages"
PAGE = "relais.page"
MOST_PAGES = 2_000
SMALLEST_COMPRESSED = 400
RETRY_SECONDS = 1
LISTEN_SECONDS = 5
HTTP_OK = 200
ONCE_ONLY = frozenset({"Content-Length", "Date", "ETag", "X-Request-Id"})
COMPRESSIBLE = frozenset(
    {
        "text/html",
        "text/plain",
        "text/csv",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    }
)

log = get_logger()

Environ = dict[str, Any]
Start = Callable[..., Any]


def drop(session: Session) -> None:
    """Forget every kept page in every web process when this transaction commits."""
    session.execute(text(f"NOTIFY {CHANNEL}"))


class Kept(NamedTuple):
    """A whole answer, and the moment from which the clock alone makes it say something else."""

    headers: list[tuple[str, str]]
    bodies: dict[str, bytes]
    until: datetime | None


class Shelf:
    """The kept pages of one process. Thread-safe; `open` only while changes are heard of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: dict[tuple[str, str], Kept] = {}
        self.generation = 0
        self.open = False

    def clear(self) -> None:
        """Forget everything; what is being rendered at this moment is not kept either."""
        with self._lock:
            self._pages.clear()
            self.generation += 1

    def get(self, key: tuple[str, str]) -> tuple[list[tuple[str, str]], dict[str, bytes]] | None:
        """Headers and bodies by encoding."""
        kept = self._pages.get(key) if self.open else None
        if kept is None or (kept.until is not None and clock.now() >= kept.until):
            return None
        return kept.headers, kept.bodies

    def put(
        self,
        key: tuple[str, str],
        generation: int,
        headers: list[tuple[str, str]],
        body: bytes,
        until: datetime | None = None,
    ) -> None:
        """Keep a page, at most `until`, unless something changed since `generation`."""
        bodies = {
            "br": brotli.compress(body, quality=5),
            "gzip": gzip.compress(body, 6, mtime=0),
            "identity": body,
        }
        with self._lock:
            if self.open and generation == self.generation and len(self._pages) < MOST_PAGES:
                self._pages[key] = Kept(headers, bodies, until)


class KeptPages:
    """WSGI middleware in front of the application: answers kept pages before Flask is asked."""

    def __init__(
        self,
        inner: Callable[[Environ, Start], Iterable[bytes]],
        shelf: Shelf,
        known: tuple[str, ...],
        connect: Callable[[], psycopg.Connection[Any]],
        *,
        visit_cookie: str,
    ) -> None:
        self.inner = inner
        self.shelf = shelf
        self.known = known
        self.visit = f"{visit_cookie}="
        self.ear = Ear(shelf, connect)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Serve from the shelf, or pass on with the key under which the answer may be kept."""
        self.ear.open()
        if (
            environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
            or environ.get("QUERY_STRING")
            or self.visit in environ.get("HTTP_COOKIE", "")
        ):
            return self.inner(environ, start)
        key = self.key(environ)
        kept = self.shelf.get(key)
        if kept is None:
            environ[PAGE] = (key, self.shelf.generation)
            return self.inner(environ, start)
        headers, bodies = kept
        return answer(environ, start, headers, bodies)

    def key(self, environ: Environ) -> tuple[str, str]:
        """Path and language: all that an anonymous page depends on."""
        cookie = None
        given = environ.get("HTTP_COOKIE", "")
        if languages.COOKIE in given:
            try:
                jar = SimpleCookie(given)
                cookie = jar[languages.COOKIE].value if languages.COOKIE in jar else None
            except CookieError:
                pass
        wishes = _wishes(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        return environ.get("PATH_INFO", "/"), languages.choose(cookie, wishes, self.known)


class Ear:
    """Listens for changes on a connection of its own, from the first request of a process on."""

    def __init__(self, shelf: Shelf, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self.shelf = shelf
        self.connect = connect
        self._lock = threading.Lock()
        self._opened = False
        self._ended = threading.Event()

    def close(self) -> None:
        """Stop listening within moments, and keep no page from then on."""
        self._opened = True
        self._ended.set()

    def open(self) -> None:
        """Start listening once; a forked or fresh process starts its own."""
        if self._opened:
            return
        with self._lock:
            if not self._opened:
                self._opened = True
                threading.Thread(target=self._listen, name="page-changes", daemon=True).start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                with self.connect() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.shelf.clear()
                    self.shelf.open = True
                    while not self._ended.is_set():
                        for _change in connection.notifies(timeout=LISTEN_SECONDS):
                            self.shelf.clear()
            except psycopg.Error:
                log.info("page_changes_unheard")
            self.shelf.open = False
            self.shelf.clear()
            self._ended.wait(RETRY_SECONDS)


def install(app: Flask) -> Shelf:
    """Keep what views mark with `g.keep`, and compress what may be compressed."""
    shelf = Shelf()

    def finish(response: Response) -> Response:
        if (
            g.get("keep")
            and not has_visit()
            and response.status_code == HTTP_OK
            and "Set-Cookie" not in response.headers
        ):
            response.headers["Cache-Control"] = "no-cache"
            response.vary.update(("Accept-Language", "Accept-Encoding", "Cookie"))
            place = request.environ.get(PAGE)
            if place is not None and not response.is_streamed:
                key, generation = place
                headers = [
                    (name, value) for name, value in response.headers if name not in ONCE_ONLY
                ]
                until = g.get("keep_until")
                shelf.put(key, generation, headers, response.get_data(), until)
        return compressed(response)

    app.after_request(finish)
    app.jinja_env.globals["has_visit"] = has_visit
    return shelf


def has_visit() -> bool:
    """Whether the reader brings a cookie of ours: such a page is made for them alone and not kept."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def compressed(response: Response) -> Response:
    """Compress text for readers without a session.

    Pages of signed-in people hold a token beside what they typed, and the length of such a page
    would tell of the token.
    """
    if (
        response.is_streamed
        or response.headers.get("Content-Encoding")
        or response.mimetype not in COMPRESSIBLE
        or has_visit()
        or (response.content_length or 0) < SMALLEST_COMPRESSED
    ):
        return response
    accepted = request.headers.get("Accept-Encoding", "")
    if "br" in accepted:
        response.set_data(brotli.compress(response.get_data(), quality=4))
        response.headers["Content-Encoding"] = "br"
    elif "gzip" in accepted:
        response.set_data(gzip.compress(response.get_data(), 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


_wish_cache: dict[str, list[str]] = {}


def _wishes(header: str) -> list[str]:
    known = _wish_cache.get(header)
    if known is None:
        known = [value for value, _quality in parse_accept_header(header)]
        if len(_wish_cache) < MOST_PAGES:
            _wish_cache[header] = known
    return known


def answer(
    environ: Environ, start: Start, headers: list[tuple[str, str]], bodies: dict[str, bytes]
) -> Iterable[bytes]:
    """Send a kept page in the encoding the reader takes, or say that it has not changed."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    encoding = next((name for name in ("br", "gzip") if name in accepted), "identity")
    body = bodies[encoding]
    etag = f'"{hashlib.sha256(bodies["identity"]).hexdigest()[:20]}-{encoding}"'
    extra = [("ETag", etag)]
    if encoding != "identity":
        extra.append(("Content-Encoding", encoding))
    if environ.get("HTTP_IF_NONE_MATCH") == etag:
        start("304 NOT MODIFIED", headers + extra)
        return []
    start("200 OK", [*headers, *extra, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
