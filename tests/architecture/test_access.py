"""Every route, in both applications, against the table of who may come in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core import clock as core_clock
from core.context import SYSTEM
from core.web.access import rule_of
from network.accounts import service
from network.accounts.models import Proof
from network.seats import service as seats
from tests.architecture.access_table import DESK, TRIALS, WEB
from tests.architecture.visitors import (
    ANSWERS,
    IN,
    OPEN_LINK,
    PROVE,
    REFUSED,
    SAY_WHO,
    SIGN_IN,
    TOKENS,
    VISITORS,
    expected,
)
from tests.walls.cast import Cast, enter

NOW = timedelta(minutes=1)
THIS_MORNING = timedelta(hours=3)
API = "/api/"
REACHED = "X-Reached"


@pytest.fixture
def web(live) -> Flask:
    """The public site."""
    return _armed(live.make(database_url=live.url))


@pytest.fixture
def desk(live, keys) -> Flask:
    """The protection desk."""
    return _armed(live.make(database_url=live.url, relais_role="protection", vault_key=keys.vault))


def _armed(app: Flask) -> Flask:
    """Let every view say that it was reached, and do nothing."""
    app.test_client_class = FlaskClient
    for name, view in app.view_functions.items():
        app.view_functions[name] = _noted(view)
    return app


def _noted(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def reached(**_arguments: Any) -> Any:
        return "", 204, {REACHED: "yes"}

    return reached


def said(app: Flask) -> dict[str, str]:
    """What each route of an application says about who may come in."""
    rules = {name: rule_of(view) for name, view in app.view_functions.items()}
    return {name: rule.name if rule else "nothing" for name, rule in rules.items()}


def test_every_route_of_the_site_stands_in_the_table(web):
    assert said(web) == WEB | TRIALS


def test_every_route_of_the_desk_stands_in_the_table(desk):
    assert said(desk) == DESK


def test_every_rule_has_answers():
    assert set(WEB.values()) | set(DESK.values()) <= set(ANSWERS)


@dataclass
class Visitor:
    """A browser or a program, with what it carries."""

    client: FlaskClient
    headers: dict[str, str]

    def ask(self, method: str, path: str) -> str:
        """What comes of one request with an empty body."""
        return outcome(self.client.open(path, method=method, headers=self.headers))


def people(cast: Cast, *, is_desk: bool) -> dict[str, object]:
    """A visit for every visitor of the table, None for the anonymous one."""

    def visit(role: str, ago: timedelta | None = None, **more):
        return cast.visit(cast.holder(role), proved=ago, is_desk=is_desk, **more)

    shared = cast.mailbox("both@xandria.example")
    cast.person("First", "both@xandria.example")
    cast.person("Second", "both@xandria.example")
    lone = cast.visit(cast.holder("focal_point"), is_desk=is_desk)
    lone.holder = None
    former = cast.holder("secretariat", at=cast.at - timedelta(days=9))
    seats.end(cast.session, holder=former, at=cast.at, by=SYSTEM, now=cast.at)
    alone = cast.holder("protection", confirmed=False)
    return {
        "anonymous": None,
        "behind a mailbox": cast.visit(mailbox=shared, is_desk=is_desk),
        "without a seat": lone,
        "focal point": visit("focal_point"),
        "focal point, just proved": visit("focal_point", NOW),
        "deputy": visit("deputy"),
        "organisation": cast.visit(cast.organisation_holder(), is_desk=is_desk),
        "former secretariat, just proved": cast.visit(former, proved=NOW, is_desk=is_desk),
        "authorising": visit("authorising"),
        "authorising, just proved": visit("authorising", NOW),
        "secretariat": visit("secretariat"),
        "secretariat, proved this morning": visit("secretariat", THIS_MORNING),
        "secretariat, just proved": visit("secretariat", NOW),
        "secretariat, with an enrolment code": visit("secretariat", NOW, proof=Proof.ENROLMENT),
        "triage": visit("triage"),
        "triage, just proved": visit("triage", NOW),
        "administrator": visit("administrator"),
        "administrator, just proved": visit("administrator", NOW),
        "protection": visit("protection"),
        "protection, just proved": visit("protection", NOW),
        "protection named by one person, just proved": cast.visit(
            alone, proved=NOW, is_desk=is_desk
        ),
    }


def programs(cast: Cast) -> dict[str, str]:
    """A token for every program of the table."""
    made = {}
    for name, role in zip(TOKENS, ("focal_point", "secretariat", "secretariat"), strict=True):
        seat = cast.holder(role).seat
        token, made[name] = service.make_token(
            cast.session, seat=seat, label=name, by=SYSTEM, now=cast.at
        )
    service.end_token(cast.session, token=token, by=SYSTEM, now=cast.at)
    return made


def walk(app: Flask, live, keys) -> Iterator[str]:
    """Every visitor × every route: what differs from the table, as sentences."""
    is_desk = app.extensions["relais"].role == "protection"
    with live.session() as session, app.app_context():
        cast = Cast(session, keys, at=core_clock.now() - timedelta(minutes=5))
        visits, tokens = people(cast, is_desk=is_desk), programs(cast)
    assert tuple(visits) == VISITORS
    rules = said(app)
    routes = [
        (route, method)
        for route in app.url_map.iter_rules()
        if route.endpoint not in TRIALS
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    for name, visit in visits.items():
        for route, method in routes:
            visitor = Visitor(app.test_client(), {})
            if visit is not None:
                enter(visitor.client, visit)
            wanted = expected(rules[route.endpoint], name)
            if route.rule.startswith(API) and wanted != IN:
                wanted = SIGN_IN  # the API takes no cookie
            yield from difference(visitor, method, route, name, wanted)
    for name, token in tokens.items():
        for route, method in routes:
            if route.rule.startswith(API):
                visitor = Visitor(app.test_client(), {"Authorization": f"Bearer {token}"})
                wanted = expected(rules[route.endpoint], name)
                yield from difference(visitor, method, route, name, wanted)


def difference(visitor: Visitor, method: str, route: Rule, name: str, wanted: str) -> Iterator[str]:
    """One request, and what was wrong with its answer, if anything."""
    path = filled(route)
    got = visitor.ask(method, path)
    if got != wanted:
        yield f"{method} {path} as {name}: {got}, not {wanted}"


def filled(route: Rule) -> str:
    """A path of this route, with names of nothing in its places."""

    def place(match: re.Match[str]) -> str:
        kind = match.group(1) or "string:"
        if kind.startswith("any("):
            return kind[4:].split(",")[0].strip(" ):")
        return {"uuid:": str(uuid4()), "int:": "1"}.get(kind, "nothing")

    return re.sub(r"<([^<>:]+:)?\w+>", place, route.rule)


def outcome(answer: TestResponse) -> str:
    """What a visitor was told: asked to do something first, refused, or let in."""
    if REACHED in answer.headers:
        return IN
    first = (answer.location or "").partition("?")[0]
    told = {(303, "/sign-in"): SIGN_IN, (303, "/who-are-you"): SAY_WHO, (303, "/prove"): PROVE}
    by_status = {403: REFUSED, 401: OPEN_LINK if answer.mimetype == "text/html" else SIGN_IN}
    known = told.get((answer.status_code, first)) or by_status.get(answer.status_code)
    return known or f"something else ({answer.status_code})"


def test_every_visitor_of_the_site_gets_what_the_table_says(web, live, keys):
    assert list(walk(web, live, keys)) == []


def test_every_visitor_of_the_desk_gets_what_the_table_says(desk, live, keys):
    assert list(walk(desk, live, keys)) == []
