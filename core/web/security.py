"""The headers every answer carries, and the refusal of requests that come from another site."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from core.errors import NotAllowed
from core.languages import _

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TRANSPORT = "max-age=31536000; includeSubDomains"


def install(app: Flask, *, https: bool) -> None:
    """Set the headers on every answer; `https` adds strict transport security."""

    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", TRANSPORT)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_null)


def refuse_other_sites() -> None:
    """A request that changes something must come from our own pages, if the browser says whence.

    The API takes no cookie, so it is left out.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"} or _is_api():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site in {"cross-site", "same-site"} or (
        site is None and origin not in {None, "null", request.host_url.rstrip("/")}
    ):
        raise NotAllowed(
            _("This form was sent from another site. Open the page here and try again.")
        )


def refuse_null() -> None:
    """No address of ours holds the null character, and PostgreSQL takes none in a text."""
    if "\0" in request.path:
        raise NotFound


def _is_api() -> bool:
    return request.path.startswith("/api/")
