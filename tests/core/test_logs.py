"""The log: ids, routes and timings; nobody's name, nobody's address."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from flask import Flask

from core import context, logs
from core.web.access import access, anyone


@pytest.fixture
def lines(app, capsys):
    """What was logged since the last time, as objects."""
    capsys.readouterr()

    def read() -> list[dict[str, object]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return read


@pytest.fixture
def own_app() -> Flask:
    """A small application with a route that a real one would never have."""
    app = Flask("trial")
    logs.install(app, level="info")

    @app.get("/people/<token>")
    @access(anyone)
    def person(token: str) -> str:
        return token

    return app


def without(line: dict[str, object], *keys: str) -> dict[str, object]:
    return {key: value for key, value in line.items() if key not in {"at", "logger", *keys}}


def test_a_request_is_one_line_without_address_query_or_sender(own_app, lines) -> None:
    answer = own_app.test_client().get(
        "/people/tok-secret?email=ana@ministry.example", headers={"X-Request-ID": "from-outside"}
    )
    (line,) = lines()
    assert without(line, "ms", "request_id") == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "route": "/people/<token>",
        "status": 200,
    }
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert len(line["request_id"]) == 32


def test_every_request_has_a_number_of_its_own(own_app, lines) -> None:
    client = own_app.test_client()
    assert len({client.get("/people/x").headers["X-Request-ID"] for _ in range(5)}) == 5
    client.get("/nowhere")
    assert lines()[-1]["route"] == "(none)"


def test_known_personal_keys_are_emptied_and_addresses_masked_wherever_they_stand(lines) -> None:
    structlog.get_logger().info(
        "trial",
        name="Ana",
        email="ana@ministry.example",
        what="mail to ana@ministry.example, ok",
        deep={"token": "abc", "list": ["<zoë@büro.example>", 3], "fine": True},
        count=3,
        none=None,
    )
    (line,) = lines()
    assert without(line) == {
        "event": "trial",
        "level": "info",
        "name": "[left out]",
        "email": "[left out]",
        "what": "mail to [address], ok",
        "deep": {"token": "[left out]", "list": ["<[address]>", 3], "fine": True},
        "count": 3,
        "none": None,
    }


def test_libraries_are_led_through_the_same_net(lines) -> None:
    logging.getLogger("some.library").warning("could not reach %s", "ana@ministry.example")
    (line,) = lines()
    assert without(line) == {"event": "could not reach [address]", "level": "warning"}


def test_an_error_is_its_kind_and_place_never_its_text(lines) -> None:
    def fail() -> None:
        try:
            {}["Ana Trial"]
        except KeyError as error:
            message = "ana@ministry.example and Ana Trial"
            raise ValueError(message) from error

    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("trial")
        logging.getLogger("some.library").exception("library")
    ours, theirs = lines()
    assert ours["error"] == theirs["error"] == "ValueError < KeyError"
    assert [frame.split(":")[0] for frame in ours["frames"]] == ["tests/core/test_logs.py"] * 2
    assert "Ana" not in json.dumps([ours, theirs])


def test_ids_of_request_and_fact_stand_on_every_line(lines) -> None:
    belongs = context.request_id.set("r1"), context.fact_id.set("f1")
    structlog.get_logger().info("trial")
    context.request_id.reset(belongs[0])
    context.fact_id.reset(belongs[1])
    (line,) = lines()
    assert (line["request_id"], line["fact_id"]) == ("r1", "f1")


def test_a_crash_in_a_view_is_logged_without_what_was_typed(app, client, lines) -> None:
    @access(anyone)
    def broken() -> str:
        message = "Ana Trial"
        raise RuntimeError(message)

    app.view_functions["health.live"], kept = broken, app.view_functions["health.live"]
    try:
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
        assert client.get("/health/live").status_code == 500
    finally:
        app.view_functions["health.live"] = kept
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = True, None
    crash, request = lines()
    assert (crash["event"], crash["kind"], request["status"]) == ("crash", "RuntimeError", 500)
    assert "Ana" not in json.dumps(crash)


def test_configuring_twice_does_not_write_twice(lines) -> None:
    logs.configure("info")
    logs.configure("info")
    logging.getLogger("some.library").warning("once")
    assert len(lines()) == 1
