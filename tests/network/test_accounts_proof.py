"""Proving that it is oneself: authenticators, printed codes, enrolment."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.audit import AuditEntry
from core.codes import Code
from core.context import SYSTEM
from core.db import db
from core.errors import TooMany
from core.outbox import OutboxEntry
from core.seal import Sealed, unseal
from network.accounts import factors
from network.accounts.facts import FactorSetUp
from network.accounts.models import Factor, FactorKind, Proof, Visit
from tests.walls.cast import Cast, enter


@pytest.fixture
def stage(live, keys):
    """A secretariat officer with an authenticator, signed in by mailbox code."""
    with live.session() as session:
        cast = Cast(session, keys)
        holder = cast.holder("secretariat", name="Noor Invented")
        secret = cast.authenticator(holder.person_id)
        visit = cast.visit(holder)
    client = live.client()
    enter(client, visit)
    return client, secret, visit, holder


@pytest.fixture
def newcomer(live, keys):
    """The same, without an authenticator; with an enrolment code."""
    with live.session() as session:
        cast = Cast(session, keys)
        holder = cast.holder("secretariat", name="Paulo Invented")
        code = factors.enrolment_code(
            session,
            person_id=holder.person_id,
            secret=keys.secret,
            by=SYSTEM,
            now=core_clock.now(),
        )
        visit = cast.visit(holder)
    client = live.client()
    enter(client, visit)
    return client, code, holder


def shown(secret, steps=0):
    """What an authenticator shows, so many steps of half a minute from now."""
    moment = core_clock.now() - core_clock.shift() + timedelta(seconds=30 * steps)
    return pyotp.TOTP(secret).at(moment)


def never(secret):
    """Six digits that the authenticator does not show around now."""
    near = {shown(secret, step) for step in range(-3, 4)}
    return next(code for code in map("{:06d}".format, range(10)) if code not in near)


def test_a_shown_code_opens_the_seat_and_works_once(stage, live, keys):
    client, secret, visit, holder = stage
    assert "This seat asks for your own code" in client.get("/workspace").text
    code = shown(secret)
    answer = client.post("/prove?then=/workspace", data={"code": code})
    assert (answer.status_code, answer.location) == (303, "/workspace")
    assert "Waiting for you" in client.get("/workspace").text
    again = client.post("/prove", data={"code": code})
    assert again.status_code == 422
    with live.session() as session:
        row = session.get(Visit, visit.id)
        assert row.proved is Proof.TOTP
        entry = session.scalars(select(AuditEntry).where(AuditEntry.word == "visit.proved")).one()
        assert (entry.person_id, entry.seat_id, entry.proved) == (
            holder.person_id,
            holder.seat_id,
            "totp",
        )


def test_a_code_of_the_step_before_still_works_and_an_older_one_does_not(stage):
    client, secret, _visit, _holder = stage
    assert client.post("/prove", data={"code": shown(secret, -2)}).status_code == 422
    assert client.post("/prove", data={"code": shown(secret, -1)}).status_code == 303


def test_one_code_shown_to_twelve_requests_at_once_proves_one(live, stage, keys):
    _client, secret, _visit, holder = stage
    code, now = shown(secret), core_clock.now()
    with live.app.app_context():
        engine = db.engine

    def prove(_number):
        try:
            return factors.prove(
                engine,
                person_id=holder.person_id,
                typed=code,
                secret=keys.secret,
                now=now,
                shown_at=now,
            )
        except TooMany:
            return None

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(prove, range(12)))
    assert sorted(map(str, answers)) == ["None"] * 11 + ["totp"]


def test_five_wrong_codes_make_one_wait(stage, clock):
    client, secret, _visit, _holder = stage
    statuses = [client.post("/prove", data={"code": never(secret)}).status_code for _ in range(5)]
    assert statuses == [422] * 5
    refused = client.post("/prove", data={"code": shown(secret)})
    assert refused.status_code == 429
    assert "Too many codes were wrong. Wait 15 minutes and try again." in refused.text
    assert 890 <= int(refused.headers["Retry-After"]) <= 900
    clock.forward(minutes=15, seconds=1)
    statuses = [client.post("/prove", data={"code": never(secret)}).status_code for _ in range(5)]
    assert statuses == [422] * 5
    clock.forward(minutes=29)
    assert client.post("/prove", data={"code": shown(secret)}).status_code == 429
    clock.forward(minutes=2)
    assert client.post("/prove", data={"code": shown(secret)}).status_code == 303


def test_pauses_double_up_to_a_day():
    pauses = [factors.pause_after(5 * number) for number in range(1, 9)]
    assert [pause / timedelta(minutes=15) for pause in pauses] == [1, 2, 4, 8, 16, 32, 64, 96]
    assert factors.pause_after(5000) == timedelta(days=1)


def test_an_officer_signs_in_at_the_desk_itself(live, keys):
    desk = live.make(database_url=live.url, relais_role="protection", vault_key=keys.vault)
    with live.session() as session:
        cast = Cast(session, keys)
        holder = cast.holder("protection", address="amara@protection.example")
        secret = cast.authenticator(holder.person_id)
    client = desk.test_client()
    assert client.get("/").location == "/sign-in"
    client.post("/sign-in", data={"address": "amara@protection.example"})
    with live.session() as session:
        code = session.scalars(select(Code)).one()
        plain = unseal(keys.mail, Sealed(code.sealed_key, code.sealed))["code"]
    assert client.post("/sign-in/code", data={"code": plain}).location == "/"
    assert client.get("/").location == "/prove"
    assert client.post("/prove", data={"code": shown(secret)}).location == "/"
    assert client.get("/").status_code == 200


def test_the_clock_of_the_demo_does_not_change_what_authenticators_show(stage, clock):
    client, secret, _visit, _holder = stage
    clock.forward(days=3)
    assert client.post("/prove", data={"code": pyotp.TOTP(secret).now()}).status_code == 303


def test_a_proof_opens_work_for_twelve_hours_and_acts_for_fifteen_minutes(stage, clock):
    client, secret, _visit, _holder = stage
    client.post("/prove", data={"code": shown(secret)})
    assert client.get("/seats/naming").status_code == 200
    clock.forward(minutes=15)
    assert client.get("/seats/naming").location == "/prove?then=/seats/naming"
    assert "Waiting for you" in client.get("/workspace").text
    clock.forward(hours=11, minutes=45)
    assert "This seat asks for your own code" in client.get("/workspace").text


def test_nobody_sets_up_a_factor_on_the_strength_of_a_mailbox(newcomer):
    client, _code, _holder = newcomer
    for ask in (
        lambda: client.get("/prove/set-up"),
        lambda: client.get("/prove/set-up/qr.svg"),
        lambda: client.post("/prove/set-up/begin"),
        lambda: client.post("/prove/set-up", data={"code": "000000"}),
    ):
        answer = ask()
        assert answer.status_code == 303
        assert answer.location.startswith("/prove")
    assert "You have no authenticator yet." in client.get("/prove").text


def set_up(client):
    """Begin, read the secret from the page, show its first code; answers secret and answer."""
    assert client.post("/prove/set-up/begin").status_code == 303
    page = client.get("/prove/set-up").text
    secret = re.search(r'class="code" dir="ltr">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    return secret, client.post("/prove/set-up", data={"code": pyotp.TOTP(secret).now()})


def test_an_enrolment_code_leads_to_an_authenticator_and_ten_printed_codes(newcomer, live):
    client, code, holder = newcomer
    typed = code.lower().replace("-", " ")
    opened = client.post("/prove", data={"code": typed})
    assert (opened.status_code, opened.location) == (303, "/prove/set-up")
    assert client.get("/workspace").text.count("This seat asks for your own code") == 1
    client.post("/prove/set-up/begin")
    picture = client.get("/prove/set-up/qr.svg")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    _secret, done = set_up(client)
    printed = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", done.text)
    assert len(set(printed)) == 10
    assert "Waiting for you" in client.get("/workspace").text
    assert client.post("/prove", data={"code": code}).status_code == 422
    assert client.post("/prove", data={"code": printed[3]}).status_code == 303
    assert client.post("/prove", data={"code": printed[3]}).status_code == 422
    with live.session() as session:
        live_ones = session.scalars(
            select(Factor.kind).where(
                Factor.person_id == holder.person_id, Factor.ended_at.is_(None)
            )
        ).all()
        assert sorted(live_ones) == [FactorKind.PRINTED] * 9 + [FactorKind.TOTP]


def test_the_mailboxes_are_told_of_a_new_authenticator(newcomer, live):
    client, code, holder = newcomer
    client.post("/prove", data={"code": code})
    set_up(client)
    with live.session() as session:
        facts = [
            entry.fact()
            for entry in session.scalars(
                select(OutboxEntry).where(OutboxEntry.kind == FactorSetUp.__name__)
            )
        ]
        assert [fact.person_id for fact in facts] == [holder.person_id]


def test_an_enrolment_code_ends_after_two_weeks(newcomer, live, clock, keys):
    _client, code, holder = newcomer
    with live.app.app_context():
        engine = db.engine
    later = core_clock.now() + timedelta(days=14, seconds=1)
    proof = factors.prove(
        engine,
        person_id=holder.person_id,
        typed=code,
        secret=keys.secret,
        now=later,
        shown_at=later,
    )
    assert proof is None


def test_a_new_enrolment_code_ends_the_one_before(newcomer, live, keys):
    client, code, holder = newcomer
    with live.session() as session:
        factors.enrolment_code(
            session,
            person_id=holder.person_id,
            secret=keys.secret,
            by=SYSTEM,
            now=core_clock.now(),
        )
    assert client.post("/prove", data={"code": code}).status_code == 422


def test_the_secret_does_not_lie_open_in_the_database(stage, live):
    _client, secret, _visit, holder = stage
    with live.session() as session:
        row = session.scalars(select(Factor).where(Factor.person_id == holder.person_id)).one()
        assert secret.encode() not in row.locked


def test_becoming_a_colleague_loses_the_proof(live, keys):
    with live.session() as session:
        cast = Cast(session, keys)
        one = cast.holder("secretariat", name="One", address="desk@secretariat.example")
        two = cast.holder("secretariat", name="Two", address="desk@secretariat.example")
        visit = cast.visit(
            one, mailbox=cast.mailbox("desk@secretariat.example"), proved=timedelta(minutes=1)
        )
    client = live.client()
    enter(client, visit)
    assert client.get("/seats/naming").status_code == 200
    assert client.post("/who-are-you", data={"person": str(two.person_id)}).status_code == 303
    assert client.get("/seats/naming").location == "/prove?then=/seats/naming"


def test_codes_on_paper_are_read_as_people_write_them(keys):
    person = uuid4()
    written = factors.code_digest(keys.secret, person, "0A1B2-C3D4E")
    for typed in ("oa1b2c3d4e", "0AIB2 C3D4E", " 0a1b2–c3d4e ", "OALB2C3D4E"):
        assert factors.code_digest(keys.secret, person, typed) == written
