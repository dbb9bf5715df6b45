"""What the API says of itself: OpenAPI 3.1, drawn by APIFlask from the views and made to be true."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, Field

from core.web.errors import PROBLEM

FIRST_REFUSAL = 400


class Problem(BaseModel):
    """Why something was refused (RFC 9457). `code` never changes with the language."""

    type: str = Field(description="Always about:blank.")
    status: int = Field(description="The HTTP status once more.")
    code: str = Field(description="A word for programs: it stays the same in every language.")
    title: str = Field(description="A sentence for people, in the language that was asked for.")
    request: str | None = Field(description="The number of this request, to quote.")
    errors: dict[str, str] | None = Field(
        default=None, description="With 422: a sentence for each field that cannot be taken."
    )
    allowed: list[str] | None = Field(
        default=None, description="With 409 on a move: the moves that are allowed now."
    )


_PART = re.compile(r"#/components/schemas/\w+\.(\w+)")
"""APIFlask names a part of a model after both; one name for each part is enough."""

REFUSAL = {"$ref": "#/components/schemas/Problem"}

ABOUT = """\
What is public needs no token. A token goes with `Authorization: Bearer …`; no cookie is taken.
Refusals are `application/problem+json`: their `title` is a sentence in the language of
`Accept-Language`, their `code` never changes. Lists go on at `next`. Every POST takes an
`Idempotency-Key`."""

REFUSALS = {
    "400": "The body is not JSON.",
    "401": "There is no token, or it has ended.",
    "403": "This token may not do this.",
    "404": "There is nothing here that this token may see.",
    "409": "This does not go at present.",
    "413": "The body is too large.",
    "415": "The body is not sent as application/json.",
    "422": "Something in it cannot be taken; a sentence for each field.",
    "429": "Too often in a short time.",
    "500": "Something broke on our side; nothing was saved.",
}

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name of yours for this one act, such as a random UUID. Sent again with the "
    "same body within 24 hours it gives the same answer, and nothing happens twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[!-~]+$"},
}


def described(drawn: Any, schemes: dict[str, Any]) -> Any:
    """The description that APIFlask draws from the views, made to say what is answered."""
    spec = json.loads(_PART.sub(r"#/components/schemas/\1", json.dumps(drawn)))
    for operations in spec["paths"].values():
        for method, operation in operations.items():
            _expect(method, operation)
            _say_refusals(operation)
            _say_parameters(operation)
    if spec["paths"]:
        schemas = spec["components"]["schemas"]
        found = {name.rpartition(".")[2]: schema for name, schema in schemas.items()}
        found.pop("HTTPError", None)
        found.pop("ValidationError", None)
        spec["components"]["schemas"] = found | {"Problem": Problem.model_json_schema()}
        spec["components"]["securitySchemes"] = schemes
        _without_titles(spec["components"]["schemas"])
    return spec


def _expect(method: str, operation: dict[str, Any]) -> None:
    """Note the refusals that every operation of this kind may answer with."""
    expected = {"500"}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        expected |= {"400", "413", "415", "422"}
    if method == "post":
        operation["parameters"].append(deepcopy(IDEMPOTENCY_KEY))
        expected.add("429")
    if "security" in operation:
        expected |= {"401", "403"}
    for status in expected:
        operation["responses"].setdefault(status, {})


def _say_refusals(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    for status in [one for one in answers if int(one) >= FIRST_REFUSAL]:
        answers[status] = {
            "description": REFUSALS[status],
            "content": {PROBLEM: {"schema": REFUSAL}},
        }
    operation["responses"] = dict(sorted(answers.items()))


def _say_parameters(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        schema = parameter["schema"] = _without_null(parameter["schema"])
        if parameter["in"] == "path" and parameter["name"].endswith("_id"):
            schema["format"] = "uuid"
        schema.pop("title", None)
        words = parameter["name"].replace("_", " ")
        said = schema.pop("description", f"The {words}, as other answers give it.")
        parameter.setdefault("description", said)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a word in an address: it is there or it is not, and never null."""
    others = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if not others:
        return schema
    kept = {name: schema[name] for name in schema if name not in {"anyOf", "default"}}
    return {**kept, **others[0]}


def _without_titles(schema: Any) -> None:
    """Leave out the titles that pydantic makes of names: they say nothing more."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]
        for value in schema.values():
            _without_titles(value)
    elif isinstance(schema, list):
        for value in schema:
            _without_titles(value)
