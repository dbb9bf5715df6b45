"""The description of the API, and everything that can be made of it, sent to the real application."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from sqlalchemy import select

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
from network.consents.models import Consent, ConsentKind
from network.exchanges import meeting
from network.exchanges.meeting import Dates
from network.exchanges.models import Exchange
from network.exchanges.models_case import DateProposal
from network.exchanges.states import ExchangeState as S
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Field
from network.seats.models import Seat
from tests.walls.application import TEMPLATE, Keys
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

SPEC = "/api/v1/openapi.json"
CONFIG = {
    "phases": {"coverage": {"unexpected-methods": ["DELETE"]}},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409]}},
}
UNTOLD = {"confirm", "draftExchange", "reviseExchange", "moveExchange", "bid", "reportExchange"} | {
    "proposeDates"
}
"""What a description cannot say: which code is right, which theme exists, what goes with what."""

bounded = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@dataclass
class House:
    """An application with something in it, and who may ask."""

    app: Flask
    registration: str
    callers: dict[str, dict[str, str]]
    cases: Mapping[str, Iterator[dict[str, str]]]
    """By operation: ids that lead somewhere, round and round, each set of them of one case."""

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


def _token(seat: Seat, cast: Cast) -> dict[str, str]:
    """What a program of that seat says who it is with."""
    _row, plain = accounts.make_token(db.session(), seat=seat, label="", by=SYSTEM, now=cast.at)
    return {"Authorization": f"Bearer {plain}"}


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


def _cases(table: Table) -> dict[str, list[dict[str, str]]]:
    """Cases of Xandria and one of Yendor's, at the stages where something can be done."""
    today = table.now
    table.now = today - timedelta(days=249)
    asked = table.followed_up()
    table.now = today - timedelta(days=66)
    held = table.held()
    table.now = today
    theirs = [_of_others(table, is_confidential=hidden) for hidden in (False, True)]
    chosen_from = table.circulated()
    bids = [table.bid(chosen_from, iso3) for iso3 in ("XAB", "XAC")]
    agreed, dated = table.agreed(), table.agreed()
    proposal = _proposed(table, dated)
    own = [table.draft(), table.submitted(), table.awaiting_capital(), chosen_from, agreed, held]
    own += [dated, asked]
    bid_on = [{"exchange_id": str(chosen_from.id), "bid_id": str(bid.id)} for bid in bids]
    dates = [{"exchange_id": str(dated.id), "proposal_id": str(proposal.id)}]
    given = table.session.scalars(select(Consent).order_by(Consent.given_at))
    return {
        "any": _ids([*own, *theirs]),
        "reviseExchange": _ids(own[:2]),
        "bid": _ids(theirs),
        "withdrawBid": _ids(theirs),
        "declineExchange": _ids(theirs),
        "chooseBid": bid_on,
        "proposeDates": _ids([agreed, dated]),
        "acceptDates": dates,
        "reportExchange": _ids([held]),
        "followUpExchange": _ids([asked]),
        "readConsent": [{"consent_id": str(one.id)} for one in given],
    }


def _ids(cases: list[Exchange]) -> list[dict[str, str]]:
    return [{"exchange_id": str(case.id)} for case in cases]


def _of_others(table: Table, *, is_confidential: bool) -> Exchange:
    """A request of Yendor's that goes to Xandria."""
    exchange = table.draft("XAB", is_confidential=is_confidential, neutral="A register.")
    table.move(exchange, S.SUBMITTED, table.focal("XAB"))
    table.move(exchange, S.CONFIRMATION, table.helpdesk())
    table.consent(exchange, "XAB", ConsentKind.EXCHANGE_REQUEST)
    return exchange


def _proposed(table: Table, exchange: Exchange) -> DateProposal:
    """Dates of Yendor's that wait for Xandria."""
    starts = table.now + timedelta(days=62)
    dates = Dates(starts_at=starts, ends_at=starts + timedelta(days=2), zone="Pacific/Fiji")
    return meeting.propose_dates(
        table.session, exchange_id=exchange.id, dates=dates, by=table.focal("XAB"), now=table.now
    )


@pytest.fixture(scope="module")
def home_of_all(
    servers, make_app: Callable[..., Flask], worker_id: str, keys: Keys
) -> Iterator[House]:
    """A database of this module's own: one panel, one mechanism, one confirmed registration."""
    name = f"{worker_id}_{os.urandom(4).hex()}"
    servers.clone(name, TEMPLATE)
    app = make_app(database_url=servers.url(name))
    with app.app_context():
        now = core_clock.now()
        cast = Cast(db.session(), keys, at=now - timedelta(days=300))
        table = Table(db.session(), cast, now)
        mechanisms.invent_mechanism(
            db.session(),
            table.states["XAA"].state,
            name="Standing Committee",
            acronym="SC",
            facts={Field.TYPE: "standing"},
            source_url="https://xandria.example/mechanism",
            now=cast.at,
        )
        registration = _registration(_event("panel"))
        cases = _cases(table)
        seats = {
            "secretariat": cast.holder("secretariat").seat,
            "helpdesk": table.desk.seat,
            "member": table.states["XAA"].focal.seat,
        }
        callers: dict[str, dict[str, str]] = {"nobody": {}}
        callers |= {who: _token(seat, cast) for who, seat in seats.items()}
        db.session.commit()
    yield House(app, registration, callers, {name: cycle(ids) for name, ids in cases.items()})
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
        name: cleaned(body[name])
        for name in ("name", "organisation", "email", "text")
        if body.get(name)
    }
    return not all(texts.values()) or bool(address_problem(str(texts.get("email", ""))))


def is_cleaned(sent: Any) -> bool:
    """Whether signs are taken out of a text before it is looked at, so that less may be wrong."""
    if isinstance(sent, dict | list):
        return any(map(is_cleaned, sent.values() if isinstance(sent, dict) else sent))
    return bool(cleaned(sent) != sent)


def asked(case: Any, home: House, caller: str) -> None:
    """Send a case with words that lead somewhere in the place of made-up ones, and check the answer."""

    def is_made_up_well(place: ParameterLocation) -> bool:
        return not case.meta.is_negative_at(place)

    if "registration_id" in case.path_parameters and is_made_up_well(ParameterLocation.PATH):
        case.path_parameters["registration_id"] = home.registration
    operation = case.operation.definition.raw["operationId"]
    named = home.cases.get(operation, home.cases["any"])
    if {"exchange_id", "consent_id"} & set(case.path_parameters) and is_made_up_well(
        ParameterLocation.PATH
    ):
        case.path_parameters |= next(named)
    if (
        isinstance(case.body, dict)
        and "event" in case.body
        and is_made_up_well(ParameterLocation.BODY)
    ):
        case.body["event"] = "panel"
    if "Idempotency-Key" in case.headers and is_made_up_well(ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = str(uuid4())
    guesses = operation in UNTOLD or is_beyond_patterns(case.body)
    case.call_and_validate(
        headers={"Accept-Encoding": "identity"} | home.headers(caller),
        excluded_checks=[
            *([positive_data_acceptance] if guesses else []),
            *([negative_data_rejection] if is_cleaned(case.body) else []),
        ],
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


@pytest.mark.timeout(600)  # one test with some three hundred requests
@api.include(tag=["Exchanges", "Consents", "Mechanisms"]).parametrize()
@bounded
def test_a_member_gets_answers_as_described(case, home_of_all):
    asked(case, home_of_all, "member")


@api.include(
    operation_id=["listExchanges", "readExchange", "moveExchange", "writeInExchange"]
).parametrize()
@bounded
def test_the_helpdesk_gets_answers_as_described(case, home_of_all):
    asked(case, home_of_all, "helpdesk")
