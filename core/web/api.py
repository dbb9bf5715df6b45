"""The JSON API: a blueprint a slice, bodies checked by pydantic, every refusal as problem+json.

What a program sends is cleaned as in the forms of the pages, and what is wrong with it is said in
the same way: one sentence at its field, in the language the program asks for. Nothing that was
sent is ever repeated in an answer that refuses it. No cookie is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from typing import Annotated, Any, Never, TypeVar, cast
from urllib.parse import urlencode

from apiflask import APIBlueprint, APIFlask, HTTPError
from flask import Response, request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from core.errors import Invalid
from core.languages import _
from core.web import openapi
from core.web.errors import problem, told
from core.web.forms import ADDRESS_MOST, address_problem, cleaned

View = TypeVar("View", bound=Callable[..., Any])

PREFIX = "/api/v1"
LARGEST_BODY = 64 * 1024
MOST_ITEMS = 100
ITEMS = 50
DAY_SIGNS = 10

SHOWN = r"[^\s\x00-\x1f\x7f-\x9f\ufeff]"
"""One character that a reader sees, as a pattern that Rust, Python and JavaScript read alike."""

_INNER = r"[^\n\r\x0b\x0c\x85\u2028\u2029]"
LINE = rf"^{_INNER}*{SHOWN}{_INNER}*$"
_ATOM = r"[^\s\x00-\x1f\x7f-\x9f\ufeff@<>()\[\],;:\\\".]+"
ADDRESS = rf"^{_ATOM}(\.{_ATOM})*@{_ATOM}(\.{_ATOM})+$"


class Taken(BaseModel):
    """What a program sends. A name that is not known is refused, since it may be a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Given(BaseModel):
    """What is answered. Every field is always there."""

    model_config = ConfigDict(frozen=True)


class Paged(Taken):
    """How much of a list to answer."""

    limit: int = Field(default=ITEMS, ge=1, le=MOST_ITEMS, description="How many at most.")


def _checked_address(typed: str) -> str:
    sentence = address_problem(typed)
    if sentence:
        raise PydanticCustomError("address", "{sentence}", {"sentence": sentence})
    return typed


Address = Annotated[
    str,
    Field(
        min_length=1,
        max_length=ADDRESS_MOST,
        json_schema_extra={"format": "email", "pattern": ADDRESS},
    ),
    BeforeValidator(cleaned),
    AfterValidator(_checked_address),
]


def _written_day(sent: object) -> date:
    try:
        return (
            date.fromisoformat(sent) if isinstance(sent, str) and len(sent) == DAY_SIGNS else _no()
        )
    except ValueError:
        raise PydanticCustomError("day", "not a day") from None


def _written_moment(sent: object) -> datetime:
    try:
        moment = datetime.fromisoformat(sent) if isinstance(sent, str) else _no()
    except ValueError:
        raise PydanticCustomError("moment", "not a moment") from None
    if moment.tzinfo is None:
        raise PydanticCustomError("moment", "no offset")
    return moment


def _no() -> Never:
    raise ValueError


Day = Annotated[date, BeforeValidator(_written_day)]
"""A day as programs write it: 2027-06-14."""

Moment = Annotated[datetime, BeforeValidator(_written_moment)]
"""A moment with its offset from UTC: 2027-06-14T09:00:00+12:00."""


def whole(sent: object) -> object:
    """A JSON number without a fraction is a whole one, however it is written; else as it is."""
    return int(sent) if isinstance(sent, float) and sent.is_integer() else sent


Context = Mapping[str, Any]

SENTENCES: dict[str, Callable[[Context], str]] = {
    "missing": lambda _c: _("This is missing."),
    "extra_forbidden": lambda _c: _("This name is not known here. Check how it is spelled."),
    "model_type": lambda _c: _("Send a JSON object."),
    "model_attributes_type": lambda _c: _("Send a JSON object."),
    "string_type": lambda _c: _("This has to be text."),
    "string_unicode": lambda _c: _("This text holds signs that are not Unicode."),
    "string_too_short": lambda _c: _("Write something here."),
    "string_too_long": lambda c: _(
        "This is too long; %(most)s characters fit.", most=c["max_length"]
    ),
    "string_pattern_mismatch": lambda c: (
        _("Write this on one line.")
        if c["pattern"] == LINE
        else _("This does not have the form that is asked for.")
    ),
    "bool_type": lambda _c: _("Say true or false."),
    "finite_number": lambda _c: _("This has to be a whole number."),
    "int_type": lambda _c: _("This has to be a whole number."),
    "int_parsing": lambda _c: _("This has to be a whole number."),
    "int_parsing_size": lambda _c: _("This number is too large."),
    "int_from_float": lambda _c: _("This has to be a whole number."),
    "greater_than_equal": lambda c: _("The least is %(least)s.", least=c["ge"]),
    "less_than_equal": lambda c: _("The most is %(most)s.", most=c["le"]),
    "enum": lambda _c: _("Choose one of the answers offered."),
    "literal_error": lambda _c: _("Choose one of the answers offered."),
    "list_type": lambda _c: _("Send a list."),
    "too_long": lambda c: _("This list is too long; %(most)s fit.", most=c["max_length"]),
    "uuid_type": lambda _c: _("This is not an id of ours."),
    "uuid_parsing": lambda _c: _("This is not an id of ours."),
    "address": lambda c: str(c["sentence"]),
    "day": lambda _c: _("Write the day as 2027-06-14."),
    "moment": lambda _c: _("Write the moment with its offset, as 2027-06-14T09:00:00+12:00."),
    "not_offered": lambda _c: _("Choose one of the answers offered."),
}
"""What is said for each kind of error that our models can have. Pydantic's own text is never shown."""


def sentences(error: ValidationError) -> dict[str, str]:
    """One sentence for each field with a problem; "body" stands for the whole."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        say = SENTENCES.get(one["type"])
        field = ".".join(map(str, one["loc"])) or "body"
        found.setdefault(field, say(one.get("ctx", {})) if say else _("This cannot be taken."))
    return found


class Api(APIBlueprint):
    """The API of one slice, under `PREFIX`. `schemes`: kinds of token that it brings, for OpenAPI."""

    def __init__(
        self, name: str, tag: str, about: str, schemes: Mapping[str, Any] | None = None
    ) -> None:
        self.schemes = dict(schemes or {})
        super().__init__(name, __name__, url_prefix=PREFIX, tag={"name": tag, "description": about})

    def takes(self, model: type[Taken]) -> Callable[[View], View]:
        """Give a view the JSON it was sent, checked, as `sent`: 400, 413, 415 or 422 if it will not do."""

        def mark(view: View) -> View:
            checked = self.input(model, arg_name="sent")(view)

            @wraps(checked)
            def read(*args: Any, **kwargs: Any) -> Any:
                read_body()
                return checked(*args, **kwargs)

            return cast("View", read)

        return mark

    def asked(self, model: type[Taken]) -> Callable[[View], View]:
        """Give a view the words of its query, checked, as `asked`: 422 if they will not do."""

        def mark(view: View) -> View:
            return self.input(model, location="query", arg_name="asked")(view)

        return mark


def read_body() -> None:
    """Read the JSON of a request once and in bounds."""
    if not request.is_json:
        raise UnsupportedMediaType
    request.max_content_length = LARGEST_BODY
    if len(request.get_data()) > LARGEST_BODY:
        raise RequestEntityTooLarge
    try:
        sent = request.get_json()
    except RecursionError:
        raise BadRequest from None
    if not isinstance(sent, dict):
        raise Invalid({"body": _("Send a JSON object.")})


def unfit(error: HTTPError) -> Response:
    """What APIFlask refuses: a body or a query that its model does not take."""
    if isinstance(error.__cause__, ValidationError):
        refusal = Invalid(sentences(error.__cause__))
        return problem(refusal.status, refusal.code, told(422), errors=refusal.problems)
    return problem(error.status_code, "refused", told(error.status_code))


def install(app: APIFlask) -> None:
    """Let `app` answer for what its models refuse, and describe itself."""
    app.error_callback = unfit
    app.spec_callback = lambda drawn: openapi.described(drawn, _schemes(app))
    app.title, app.version = "Relais", "1"
    app.config.update(
        AUTO_SERVERS=False,
        HTTP_ERROR_SCHEMA=openapi.REFUSAL,
        VALIDATION_ERROR_SCHEMA=openapi.REFUSAL,
        INFO={"description": openapi.ABOUT, "license": {"name": "AGPL-3.0-or-later"}},
    )


def _schemes(app: APIFlask) -> dict[str, Any]:
    """Every kind of token there is."""
    found: dict[str, Any] = {}
    for part in app.blueprints.values():
        found |= part.schemes if isinstance(part, Api) else {}
    return found


def following(asked: Paged, place: str) -> str:
    """The address at which a list goes on after `place`, with everything else that was asked."""
    kept = asked.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    return f"{request.path}?{urlencode(kept | {'after': place})}"
