"""How often one may ask. Keys are HMACs: no address of a mailbox or of a machine is kept or logged.

Put `per_target` on every form that takes an address and `per_sender` beside it; both count POSTs
only. In front of the limits stand the five tries of each code, which the database counts.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded

from core.errors import TooMany
from core.house import house
from core.languages import _n
from core.lookup import look_up, normal_address
from core.web.errors import refused

View = TypeVar("View", bound=Callable[..., Any])

MINUTE = 60


def _sender() -> str:
    """The machine that asks, as an HMAC that means nothing outside this installation."""
    return "from:" + look_up(house().index_key, "limit", "sender", request.remote_addr or "").hex()


def _is_off() -> bool:
    return not house().limits_on


_limiter = Limiter(
    _sender, strategy="moving-window", in_memory_fallback_enabled=True, key_prefix="relais"
)


def install(app: Flask, storage: str) -> None:
    """Count in `storage` (memory of this process if empty), and in memory while it is not there."""
    app.config["RATELIMIT_STORAGE_URI"] = storage or "memory://"
    _limiter._storage_dead = False  # noqa: SLF001 -- the storage of an application made before may be
    _limiter.init_app(app)
    # The library writes down whose limit was reached; even an HMAC of a sender is no log's business.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    app.register_error_handler(RateLimitExceeded, _say)


def per_sender(limit: str) -> Callable[[View], View]:
    """At most `limit` ("60 per hour") POSTs from one machine."""
    return _marked(_limiter.limit(limit, methods=["POST"], exempt_when=_is_off))


def per_target(field: str, limit: str, *, act: str = "") -> Callable[[View], View]:
    """At most `limit` POSTs for what is typed into `field`, whoever asks.

    Views of one `act` (a page and its like in the API) are counted together. Those who type
    nothing there have nothing in common: they are counted by their machine.
    """

    def key() -> str:
        typed = normal_address(_sent(field))
        if not typed:
            return _sender()
        return "to:" + look_up(house().index_key, "limit", "target", typed).hex()

    how: Any = {"key_func": key, "methods": ["POST"], "exempt_when": _is_off}
    if act:
        return _marked(_limiter.shared_limit(limit, scope=act, **how))
    return _marked(_limiter.limit(limit, **how))


def _sent(field: str) -> str:
    """What was sent as `field`, in a form or in JSON."""
    if not request.is_json:
        return request.form.get(field, "")
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        return ""
    value = body.get(field) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def _marked(decorator: Any) -> Callable[[View], View]:
    def limited(view: View) -> View:
        wrapped: View = decorator(view)
        return wrapped

    return limited


def _say(_error: RateLimitExceeded) -> ResponseReturnValue:
    current = _limiter.current_limit
    wait = max(1, math.ceil(current.reset_at - 1 - time.time())) if current else MINUTE
    minutes = -(-wait // MINUTE)
    return refused(
        TooMany(
            _n(
                "That was too often in a short time. Wait %(num)s minute and try again.",
                "That was too often in a short time. Wait %(num)s minutes and try again.",
                minutes,
            ),
            wait_seconds=wait,
        )
    )
