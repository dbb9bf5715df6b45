"""The description of the API, and everything that can be made of it, sent to the real application."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from core import clock as core_clock
from core import files, tokens
from core.context import SYSTEM
from core.db import db
from core.house import house
from core.web.forms import address_problem, cleaned
from events.programme import service as programme
from events.programme.models import Event, Mode, Policy, Status
from events.registrations import queries, service
from events.registrations.entries import Entry
from events.registrations.models import Category, Listing
from network.accounts import service as accounts
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Field
from tests.walls.application import TEMPLATE, Keys
from tests.walls.cast import Cast

SPEC = "/api/v1/openapi.json"
CONFIG = {
    "phases": {"coverage": {"unexpected-methods": ["DELETE"]}},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409]}},
}
bounded = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@dataclass
class House:
    """An application with something in it, and who may ask."""

    app: Flask
    registration: str
    callers: dict[str, dict[str, str]]

    def headers(self, caller: str) -> dict[str, str]:
        """How that caller says who they are; the holder's token is the one that is good now."""
        if caller != "link":
            return self.callers[caller]
        with self.app.app_context():
            own = UUID(self.registration)
            token = tokens.write(
                house().secret_key,
                purpose=service.LINK_PURPOSE,
                subject_id=own,
                generation=queries.link_generation(db.session(), own) or 0,
            )
        return {"Authorization": f"Bearer {token}"}


def _event(key: str) -> Event:
    now = core_clock.now()
    starts = now + timedelta(days=40)
    plan = programme.Plan(
        key=key,
        kind="panel",
        format="hybrid",
        title={"en": "Panel", "fr": "Réunion-débat"},
        about={"en": "About it."},
        starts_on=starts.date(),
        ends_on=starts.date(),
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        timezone="Europe/Zurich",
        place={"en": "Room D"},
        organiser="Relais",
        status=Status.PUBLISHED,
        policy=Policy.AUTOMATIC,
        languages=["en", "fr"],
        seats={Mode.ROOM: 2, Mode.ONLINE: None},
        is_demo=True,
    )
    store = files.Disk(house().files)
    return programme.set_up(db.session(), plan, store=store, by=SYSTEM, now=now)


def _registration(event: Event) -> str:
    entry = Entry(
        name="Ana Tavake",
        organisation="Reef Watch",
        address="ana@people.example",
        category=Category.NGO,
        mode=Mode.ONLINE,
        language="en",
        listing=Listing.UNLISTED,
        discreet=False,
    )
    made = service.register(
        db.session(), event=event, entry=entry, house=house(), now=core_clock.now()
    ).registration
    service.confirm(db.session(), registration_id=made.id, now=core_clock.now())
    return str(made.id)


@pytest.fixture(scope="module")
def home_of_all(
    servers, make_app: Callable[..., Flask], worker_id: str, keys: Keys
) -> Iterator[House]:
    """A database of this module's own: one panel, one mechanism, one confirmed registration."""
    name = f"{worker_id}_{os.urandom(4).hex()}"
    servers.clone(name, TEMPLATE)
    app = make_app(database_url=servers.url(name))
    with app.app_context():
        cast = Cast(db.session(), keys)
        mechanisms.invent_mechanism(
            db.session(),
            cast.state(),
            name="Standing Committee",
            acronym="SC",
            facts={Field.TYPE: "standing"},
            source_url="https://xandria.example/mechanism",
            now=cast.at,
        )
        registration = _registration(_event("panel"))
        callers: dict[str, dict[str, str]] = {"nobody": {}}
        seat = cast.holder("secretariat").seat
        _row, plain = accounts.make_token(db.session(), seat=seat, label="", by=SYSTEM, now=cast.at)
        callers["secretariat"] = {"Authorization": f"Bearer {plain}"}
        db.session.commit()
    yield House(app, registration, callers)
    with app.app_context():
        db.engine.dispose()
    servers.drop(name)


@pytest.fixture(autouse=True)
def _named(request: pytest.FixtureRequest) -> None:
    """Schemathesis writes each operation into a private name that this pytest no longer has."""
    request.node._nodeid = request.node.nodeid


@pytest.fixture(scope="module")
def described(home_of_all: House) -> Any:
    """The description as a program gets it."""
    config = schemathesis.Config.from_dict(CONFIG)
    return schemathesis.openapi.from_wsgi(SPEC, home_of_all.app, config=config)


api = schemathesis.pytest.from_fixture("described")


def is_beyond_patterns(body: Any) -> bool:
    """Whether texts look empty, or an address is none, in ways that no pattern can say."""
    if not isinstance(body, dict):
        return False
    texts = {
        name: cleaned(body[name]) for name in ("name", "organisation", "email") if body.get(name)
    }
    return not all(texts.values()) or bool(address_problem(str(texts.get("email", ""))))


def asked(case: Any, home: House, caller: str) -> None:
    """Send a case with words that lead somewhere in the place of made-up ones, and check the answer."""

    def is_made_up_well(place: ParameterLocation) -> bool:
        return not case.meta.is_negative_at(place)

    if "registration_id" in case.path_parameters and is_made_up_well(ParameterLocation.PATH):
        case.path_parameters["registration_id"] = home.registration
    if (
        isinstance(case.body, dict)
        and "event" in case.body
        and is_made_up_well(ParameterLocation.BODY)
    ):
        case.body["event"] = "panel"
    if "Idempotency-Key" in case.headers and is_made_up_well(ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = str(uuid4())
    # No made-up code is right, so the description cannot tell a good one from a bad one.
    guesses = case.operation.path.endswith("/confirmation") or is_beyond_patterns(case.body)
    case.call_and_validate(
        headers={"Accept-Encoding": "identity"} | home.headers(caller),
        excluded_checks=[positive_data_acceptance] if guesses else [],
    )


@api.parametrize()
@bounded
def test_nobody_gets_answers_as_described(case, home_of_all):
    asked(case, home_of_all, "nobody")


@api.include(tag="Registrations").parametrize()
@bounded
def test_the_holder_of_a_link_gets_answers_as_described(case, home_of_all):
    asked(case, home_of_all, "link")


@api.include(operation_id=["listDeliveries", "moveRegistration"]).parametrize()
@bounded
def test_the_secretariat_gets_answers_as_described(case, home_of_all):
    asked(case, home_of_all, "secretariat")
