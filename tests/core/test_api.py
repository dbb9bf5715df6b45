"""What every part of the API has in common: refusals, languages, bodies, and its description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import BaseModel, ValidationError
from schemathesis import openapi

from core.web.access import access, anyone
from core.web.api import LARGEST_BODY, PREFIX, SENTENCES, sentences
from events.programme.models import Event
from events.registrations.models import Details, Registration
from events.registrations.schemas import NewMove, NewRegistration, RegistrationChange
from network.exchanges.schemas import BidSent, DatesSent, MoveSent, RequestSent

SPEC = f"{PREFIX}/openapi.json"
REGISTRATIONS = f"{PREFIX}/registrations"
JSON = {"Content-Type": "application/json"}
OWN_CHECKS = {
    "cleaned": set(),
    "whole": set(),
    "_each_once": set(),
    "_checked_address": {"address"},
    "_spoken": {"not_offered"},
    "_written_day": {"day"},
    "_written_moment": {"moment"},
}
ODD = [
    None, True, 0, -1, 1.5, 10**30, float("nan"), "", " ", "\n", "a\nb", "x" * 70_000, "\ud800",
    "\x00", "a@b", "not an id", [], ["x"], [[]], [None] * 99, {}, {"a": 1},
]  # fmt: skip


def known(answer: Any) -> dict[str, Any]:
    """A problem without the number of its request."""
    assert answer.content_type == "application/problem+json"
    body = dict(answer.json)
    assert len(body.pop("request")) == 32
    return body


def problem(status: int, code: str, title: str, **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "status": status, "code": code, "title": title, **more}


def test_no_such_address(client):
    answer = client.get(f"{PREFIX}/nothing")

    assert answer.status_code == 404
    assert known(answer) == problem(404, "not-found", "There is nothing at this address.")


def test_a_method_that_is_not_taken_says_which_are(client):
    answer = client.delete(f"{PREFIX}/events")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert known(answer) == problem(
        405,
        "method-not-allowed",
        "This address does not take this method. The header Allow names those it takes.",
    )


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 60_000, b'{"a": }', b"1" * 60_000])
def test_what_is_not_json_is_not_read(client, body):
    answer = client.post(REGISTRATIONS, data=body, headers=JSON)

    assert answer.status_code == 400
    assert known(answer) == problem(400, "not-read", "The body is not JSON that can be read.")


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_only_json_is_taken(client, kind):
    answer = client.post(REGISTRATIONS, data=b"{}", headers={"Content-Type": kind} if kind else {})

    assert answer.status_code == 415
    assert known(answer) == problem(
        415, "wrong-type", "Send JSON, with the header Content-Type: application/json."
    )


def test_a_large_body_is_refused(client):
    body = json.dumps({"name": "x" * LARGEST_BODY})

    answer = client.post(REGISTRATIONS, data=body, headers=JSON)

    assert answer.status_code == 413
    assert known(answer) == problem(413, "too-large", "What you sent is too large.")


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "1"])
def test_json_that_is_no_object_is_refused(client, body):
    answer = client.post(REGISTRATIONS, data=body, headers=JSON)

    assert answer.status_code == 422
    assert set(known(answer)["errors"].values()) <= {"Send a JSON object.", "This is missing."}


def test_a_word_of_the_query_that_is_not_known_is_refused(client):
    answer = client.get(f"{PREFIX}/events?limit=0&colour=red")

    assert answer.status_code == 422
    assert known(answer) == problem(
        422,
        "invalid",
        "Some of what you sent cannot be taken. There is a sentence for each field.",
        errors={
            "limit": "The least is 1.",
            "colour": "This name is not known here. Check how it is spelled.",
        },
    )


def test_a_crash_tells_nothing(make_app):
    app = make_app()

    def broken() -> str:
        raise RuntimeError("Ana Tavake, ana@people.example")

    app.view_functions["programme_api.events"] = access(anyone)(broken)
    answer = app.test_client().get(f"{PREFIX}/events")

    assert answer.status_code == 500
    assert known(answer) == problem(
        500,
        "failure",
        "Something broke on our side. Nothing was saved. Try again in a minute.",
    )


def test_too_often_says_for_how_long_to_wait(make_app):
    client = make_app(rate_limits="on").test_client()
    sent = {"event": "nothing", "email": "often@people.example"}

    statuses = [client.post(REGISTRATIONS, json=sent).status_code for _each in range(6)]
    answer = client.post(REGISTRATIONS, json=sent)
    other = client.post(REGISTRATIONS, json=sent | {"email": "other@people.example"})
    capitals = client.post(REGISTRATIONS, json=sent | {"email": " Often@People.Example "})

    assert statuses == [422] * 6
    assert (answer.status_code, answer.json["code"]) == (429, "too-many")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert (other.status_code, capitals.status_code) == (422, 429)


def test_the_page_and_the_api_count_together(live):
    client = live.make(database_url=live.url, rate_limits="on").test_client()
    with live.app.app_context(), live.session() as session:
        session.add(
            Event(
                key="panel",
                kind="panel",
                title={"en": "Panel"},
                starts_on=date(2036, 1, 1),
                ends_on=date(2036, 1, 1),
            )
        )
    sent = {"event": "nothing", "email": "twice@people.example"}

    statuses = [client.post(REGISTRATIONS, json=sent).status_code for _each in range(3)]
    statuses += [client.post("/events/panel/register", data=sent).status_code for _each in range(3)]

    assert statuses == [422] * 6
    assert client.post(REGISTRATIONS, json=sent).status_code == 429
    assert client.post("/events/panel/register", data=sent).status_code == 429


def test_those_without_an_address_are_not_counted_as_one(make_app):
    client = make_app(rate_limits="on").test_client()

    statuses = {
        client.post(
            REGISTRATIONS,
            json={"event": "nothing", "email": None},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(10)
    }

    assert statuses == {422}


def test_no_other_site_may_read_an_answer(client):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for method, path in (("OPTIONS", REGISTRATIONS), ("GET", f"{PREFIX}/events")):
        answer = FlaskClient(client.application).open(path, method=method, headers=asked)
        names = {name for name, _value in answer.headers}
        assert not [name for name in names if name.startswith("Access-Control")]
        assert "Set-Cookie" not in names


def models(app: Any) -> Iterator[type[BaseModel]]:
    """Every model of what a program sends."""
    for view in app.view_functions.values():
        spec = getattr(view, "_spec", {})
        yield from (one for one in [spec.get("body"), *(a[0] for a in spec.get("args", ()))] if one)


def kinds(schema: dict[str, Any]) -> set[str]:
    """The kinds of error that a schema of pydantic's core can come to."""
    kind = schema["type"]
    inner = schema.get("schema")
    if kind in {"function-before", "function-after"}:
        return OWN_CHECKS[schema["function"]["function"].__name__] | kinds(inner)
    if kind in {"nullable", "default"}:
        return kinds(inner)
    if kind == "model":
        return {"model_type"} | kinds(inner)
    if kind == "model-fields":
        found = {"model_attributes_type", "extra_forbidden"}
        for field in schema["fields"].values():
            found |= kinds(field["schema"])
            if field["schema"]["type"] != "default":
                found.add("missing")
        return found
    if kind == "definitions":
        return kinds(inner)
    return leaf(kind, schema)


def leaf(kind: str, schema: dict[str, Any]) -> set[str]:
    always = {
        "str": {"string_type", "string_unicode"},
        "int": {
            "int_type",
            "int_parsing",
            "int_parsing_size",
            "int_from_float",
            "finite_number",
        },
        "bool": {"bool_type"} if schema.get("strict") else {"bool_type", "bool_parsing"},
        "enum": {"enum"},
        "literal": {"literal_error"},
        "uuid": {"uuid_type", "uuid_parsing"},
        "list": {"list_type"},
        "date": set(),
        "datetime": set(),
    }
    bounds = {
        "str": {"min_length": "string_too_short", "max_length": "string_too_long"},
        "list": {"min_length": "too_short", "max_length": "too_long"},
    }.get(kind, {}) | {
        "pattern": "string_pattern_mismatch",
        "ge": "greater_than_equal",
        "le": "less_than_equal",
        "gt": "greater_than",
        "lt": "less_than",
    }
    found = always[kind] | {error for bound, error in bounds.items() if bound in schema}
    return found | (kinds(schema["items_schema"]) if "items_schema" in schema else set())


def test_there_is_a_sentence_for_every_constraint_of_every_field(app):
    needed: set[str] = set()
    for model in models(app):
        needed |= kinds(model.__pydantic_core_schema__)

    assert needed - set(SENTENCES) == set()


def test_no_value_gets_a_sentence_of_another_language_or_none(app):
    seen = set()
    with app.test_request_context():
        for model in models(app):
            for name in (*model.model_fields, "unknown"):
                for value in ODD:
                    try:
                        model.model_validate({name: value})
                    except ValidationError as error:
                        seen |= set(sentences(error).values())

    assert "This cannot be taken." not in seen
    assert not [one for one in seen if "Input" in one or "should" in one.split()[0]]
    assert all(one.endswith(".") for one in seen)


def test_a_text_is_refused_only_where_its_column_ends():
    columns = Details.__table__.c

    def most(model: type[BaseModel], name: str) -> int:
        schema = model.model_json_schema()["properties"][name]
        text = next(one for one in schema.get("anyOf", [schema]) if one.get("type") == "string")
        return int(text["maxLength"])

    for model in (NewRegistration, RegistrationChange):
        for name in ("name", "organisation", "needs_note"):
            assert most(model, name) == columns[name].type.length
    assert most(NewRegistration, "email") == columns["address"].type.length
    assert most(NewMove, "reason") == Registration.__table__.c.reason.type.length


@pytest.fixture
def spec(client) -> dict[str, Any]:
    return dict(client.get(SPEC).json)


def test_the_description_is_valid_openapi_3_1(spec, app):
    assert spec["openapi"] == "3.1.0"
    openapi.from_dict(spec).validate()


def test_the_description_names_every_operation_and_its_refusals(spec):
    told = {
        f"{method.upper()} {path.removeprefix(PREFIX)}": " ".join(operation["responses"])
        for path, operations in spec["paths"].items()
        for method, operation in operations.items()
    }

    assert told == {
        "GET /consents": "200 401 403 404 422 500",
        "POST /consents": "401 403 429 500",
        "GET /consents/{consent_id}": "200 401 403 404 500",
        "GET /deliveries": "200 401 403 422 500",
        "GET /events": "200 422 500",
        "GET /events/{key}": "200 404 500",
        "GET /exchanges": "200 401 403 422 500",
        "POST /exchanges": "201 400 401 403 409 413 415 422 429 500",
        "GET /exchanges/open": "200 401 403 422 500",
        "GET /exchanges/{exchange_id}": "200 401 403 404 500",
        "PUT /exchanges/{exchange_id}": "200 400 401 403 404 409 413 415 422 500",
        "DELETE /exchanges/{exchange_id}/bid": "200 401 403 404 409 500",
        "PUT /exchanges/{exchange_id}/bid": "200 400 401 403 404 409 413 415 422 500",
        "POST /exchanges/{exchange_id}/bids/{bid_id}/choice": "200 401 403 404 409 422 429 500",
        "POST /exchanges/{exchange_id}/dates": "201 400 401 403 404 409 413 415 422 429 500",
        "POST /exchanges/{exchange_id}/dates/{proposal_id}/acceptance": (
            "200 401 403 404 409 422 429 500"
        ),
        "POST /exchanges/{exchange_id}/decline": "200 400 401 403 404 409 413 415 422 429 500",
        "POST /exchanges/{exchange_id}/follow-up": "201 400 401 403 404 409 413 415 422 429 500",
        "POST /exchanges/{exchange_id}/messages": "201 400 401 403 404 409 413 415 422 429 500",
        "POST /exchanges/{exchange_id}/moves": "200 400 401 403 404 409 413 415 422 429 500",
        "GET /exchanges/{exchange_id}/suggestions": "200 401 403 404 500",
        "PUT /exchanges/{exchange_id}/report": "200 400 401 403 404 409 413 415 422 500",
        "GET /mechanisms": "200 422 500",
        "GET /mechanisms/{id_or_iso3}": "200 404 500",
        "GET /offers": "200 422 500",
        "POST /registrations": "202 400 409 413 415 422 429 500",
        "POST /registrations/{registration_id}/confirmation": (
            "200 400 404 409 413 415 422 429 500"
        ),
        "POST /registrations/links": "202 400 413 415 422 429 500",
        "POST /registrations/{registration_id}/substitute": (
            "200 400 401 403 404 409 413 415 422 429 500"
        ),
        "POST /registrations/{registration_id}/seal": (
            "200 400 401 403 404 409 413 415 422 429 500"
        ),
        "GET /registrations/{registration_id}": "200 401 403 404 500",
        "PATCH /registrations/{registration_id}": "200 400 401 403 404 409 413 415 422 500",
        "POST /registrations/{registration_id}/moves": (
            "200 400 401 403 404 409 413 415 422 429 500"
        ),
    }


def test_the_description_speaks_plainly(spec):
    operations = [one for paths in spec["paths"].values() for one in paths.values()]
    taken = [NewRegistration, RegistrationChange, NewMove, RequestSent, MoveSent, BidSent]
    taken += [DatesSent]

    assert all(operation["summary"].endswith(".") for operation in operations)
    assert all(
        one["description"] for operation in operations for one in operation["responses"].values()
    )
    assert all(
        one.get("description") for operation in operations for one in operation["parameters"]
    )
    for model in taken:
        properties = spec["components"]["schemas"][model.__name__]["properties"]
        assert [name for name, one in properties.items() if "description" not in one] == []
    assert set(spec["components"]["securitySchemes"]) == {"link", "seat"}


def test_every_name_in_the_description_leads_somewhere_and_means_one_thing(spec):
    written = json.dumps(spec)
    named = {part.split('"')[0] for part in written.split("#/components/schemas/")[1:]}

    assert named - set(spec["components"]["schemas"]) == set()
    assert [name for name in spec["components"]["schemas"] if "." in name] == []


def test_reading_writes_nothing_and_needs_no_session(client):
    for path in (SPEC, f"{PREFIX}/events", f"{PREFIX}/mechanisms"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
