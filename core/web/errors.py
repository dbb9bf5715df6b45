"""Refusals and failures become answers here, once: a page for people, problem+json for programs."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from core.context import request_id
from core.errors import (
    Invalid,
    MoveRefused,
    PersonNeeded,
    ProofNeeded,
    Refused,
    SignInNeeded,
    TooMany,
)
from core.house import house
from core.languages import _

log = get_logger()

FIRST = {
    SignInNeeded: "accounts.sign_in",
    PersonNeeded: "accounts.who_are_you",
    ProofNeeded: "accounts.prove",
}
LONG_ENOUGH_TO_KEEP = 20
PROBLEM = "application/problem+json"
_constraints: dict[str, str] = {}


def sentence_for(constraint: str, sentence: str) -> None:
    """Say what a person reads when the database refuses because of `constraint`."""
    _constraints[constraint] = sentence


def install(app: Flask) -> None:
    """Map every refusal, HTTP error and crash of `app`."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(IntegrityError, integrity)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, crash)


def wants_problem() -> bool:
    """Whether a program asked: everything under /api/."""
    return request.path.startswith("/api/")


def refused(error: Refused) -> ResponseReturnValue:
    """An expected refusal."""
    if wants_problem():
        sentence = error.sentence or told(error.status)
        answer = problem(error.status, error.code, sentence, **_more(error))
        answer.headers.update(_headers(error))
        return answer
    for kind, endpoint in FIRST.items():
        if isinstance(error, kind):
            return _first(url_for(endpoint, then=_back()), error)
    answer = page(error.status, error.sentence)
    answer.headers.update(_headers(error))
    return answer


def _first(href: str, error: Refused) -> ResponseReturnValue:
    """Another page comes first. What somebody wrote at length is handed back, not lost on the way.

    The protection desk hands nothing back: its forms ask for the proof before anything is typed.
    """
    typed = [
        value
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and len(value.strip()) >= LONG_ENOUGH_TO_KEEP
    ]
    if not typed or house().role == "protection":
        return redirect(href, code=303)
    answer = make_response(
        render_template(
            "errors/first.html", sentence=error.sentence, href=href, typed="\n\n".join(typed)
        )
    )
    answer.status_code = error.status
    return answer


def _headers(error: Refused) -> dict[str, str]:
    """What HTTP wants beside the sentence."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.wait_seconds)}
    if wants_problem() and error.status == 401:  # noqa: PLR2004 -- the one status that asks for it
        return {"WWW-Authenticate": 'Bearer realm="relais"'}
    return {}


def _back() -> str | None:
    """Where to go on afterwards: a page that was read; something sent is not sent again."""
    return request.path if request.method == "GET" and request.path != "/" else None


def _more(error: Refused) -> dict[str, Any]:
    if isinstance(error, MoveRefused):
        return {"allowed": error.allowed}
    if isinstance(error, Invalid):
        return {"errors": error.problems}
    return {}


def integrity(error: IntegrityError) -> ResponseReturnValue:
    """The database said no. Its own text holds values and is neither shown nor logged."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
    log.warning("database_refused", constraint=name)
    sentence = _constraints.get(name)
    if sentence is None:
        return crash(error)
    return refused(Refused(_(sentence), code="conflict"))


def http(error: HTTPException) -> ResponseReturnValue:
    """A plain HTTP error: no such page, wrong method, too large."""
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 -- a redirect raised as an exception is not an error
        return error.get_response()
    answer = (
        problem(status, _codes(status), told(status))
        if wants_problem()
        else page(status, sentence_of(status))
    )
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            answer.headers[name] = value
    return answer


def crash(error: Exception) -> ResponseReturnValue:
    """Something broke. The log has the kind and the place, the reader a number to quote."""
    log.error("crash", kind=type(error).__name__, exc_info=_frames(error))
    if wants_problem():
        return problem(500, "failure", told(500))
    return page(500, sentence_of(500))


def _frames(error: Exception) -> bool:
    """Database errors carry statements and values in their text; only others may show frames."""
    return not isinstance(error, IntegrityError)


def problem(status: int, code: str, title: str, **more: Any) -> Response:
    """RFC 9457 problem details."""
    from flask import jsonify  # noqa: PLC0415 -- beside its only use

    body = {"type": "about:blank", "status": status, "code": code, "title": title, **more}
    answer = jsonify(body | {"request": request_id.get()})
    answer.status_code = status
    answer.content_type = PROBLEM
    return answer


def page(status: int, sentence: str) -> Response:
    """An error page in the reader's language, with what to do next."""
    answer = make_response(
        render_template(
            "errors/error.html", status=status, sentence=sentence, request_id=request_id.get()
        )
    )
    answer.status_code = status
    return answer


def _codes(status: int) -> str:
    return {
        400: "not-read",
        404: "not-found",
        405: "method-not-allowed",
        413: "too-large",
        415: "wrong-type",
    }.get(status, "refused")


def told(status: int) -> str:
    """What a program's people are told for a status that carries no sentence of its own."""
    sentences = {
        400: _("The body is not JSON that can be read."),
        401: _("Send a token: Authorization: Bearer …"),
        403: _("This token may not do this."),
        404: _("There is nothing at this address."),
        405: _("This address does not take this method. The header Allow names those it takes."),
        413: _("What you sent is too large."),
        415: _("Send JSON, with the header Content-Type: application/json."),
        422: _("Some of what you sent cannot be taken. There is a sentence for each field."),
    }
    return sentences.get(status) or sentence_of(status)


def sentence_of(status: int) -> str:
    """What a reader is told for a status that carries no sentence of its own."""
    sentences = {
        400: _("The request could not be read. Go back, reload the page and try again."),
        401: _("Sign in to continue."),
        403: _("You may not do this."),
        404: _("There is no page here. It may have moved, or the address has a slip in it."),
        405: _("This address does not do that."),
        413: _("What you sent is too large."),
        415: _("This kind of content is not taken here."),
        429: _("Too many tries in a short time. Wait a minute and try again."),
        503: _("Relais is not ready. Try again in a minute; nothing you sent was lost."),
    }
    return sentences.get(
        status, _("Something broke on our side. Nothing was saved. Try again in a minute.")
    )
