"""Static files, read and compressed once at start, under names that change with their content.

A file's address holds a part of its checksum, so it may be kept by browsers for ever and a new
version is a new address. There are few of them and they are small: memory is the right place.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import brotli
from flask import Flask

from core.web import pages, security

PREFIX = "/static/"
FOR_EVER = "public, max-age=31536000, immutable"
ALREADY_COMPRESSED = frozenset({".png", ".jpg", ".webp", ".woff2", ".pdf"})

Environ = dict[str, Any]
Start = Callable[..., Any]


class Assets:
    """The static files of one folder: their addresses, headers and bodies by encoding."""

    def __init__(self, folder: Path) -> None:
        self.addresses: dict[str, str] = {}
        self.files: dict[str, tuple[list[tuple[str, str]], dict[str, bytes]]] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                self._take(path, path.relative_to(folder).as_posix())

    def _take(self, path: Path, name: str) -> None:
        body = path.read_bytes()
        mark = hashlib.sha256(body).hexdigest()[:12]
        address = f"{PREFIX}{name.removesuffix(path.suffix)}.{mark}{path.suffix}"
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        self.addresses[name] = address
        self.files[address] = (
            [
                ("Content-Type", kind),
                ("Cache-Control", FOR_EVER),
                ("Vary", "Accept-Encoding"),
                *security.HEADERS.items(),
            ],
            bodies(body, compress=path.suffix not in ALREADY_COMPRESSED),
        )

    def url(self, name: str) -> str:
        """The address of a file by its plain name; a name without a file is a mistake of ours."""
        return self.addresses[name]


def bodies(body: bytes, *, compress: bool) -> dict[str, bytes]:
    """A body by content encoding, as small as each can make it."""
    if not compress:
        return {"identity": body}
    return {
        "identity": body,
        "gzip": gzip.compress(body, 9, mtime=0),
        "br": brotli.compress(body, quality=11),
    }


class StaticFiles:
    """WSGI middleware that answers for static files and passes everything else on."""

    def __init__(self, inner: Callable[[Environ, Start], Iterable[bytes]], assets: Assets) -> None:
        self.inner = inner
        self.assets = assets

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer, or pass on."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self.inner(environ, start)
        known = self.assets.files.get(environ.get("PATH_INFO", ""))
        return pages.answer(environ, start, *known) if known else self.inner(environ, start)


def install(app: Flask, folder: Path) -> None:
    """Serve `folder` and let templates ask for addresses with `asset("name")`."""
    assets = Assets(folder)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.wsgi_app = StaticFiles(app.wsgi_app, assets)  # type: ignore[assignment, method-assign]  # Flask's way
