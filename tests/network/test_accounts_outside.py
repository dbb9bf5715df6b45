"""What reaches accounts from elsewhere: programs, the command line, mails, and too many requests."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.codes import Code
from core.context import SYSTEM
from core.db import db
from core.errors import Conflict
from core.mail.message import BUILDERS
from core.outbox import OutboxEntry
from network.accounts import queries, service
from network.accounts.facts import SignInCodeIssued
from network.accounts.models import ApiToken, Factor, Mailbox, Person, Visit
from network.accounts.seed import seed_demo
from network.notifications.models import Delivery
from network.notifications.states import DeliveryState
from network.seats import service as seats
from network.seats.models import Holder, Role, Seat
from network.seats.queries import seats_of
from tests.walls.cast import Cast
from workers.handlers import mail_sign_in_code


def run(live, *words):
    """One command, as typed."""
    return live.app.test_cli_runner().invoke(args=list(words))


# Programs


def test_a_token_is_shown_once_and_only_its_digest_is_kept(live, keys):
    with live.session() as session:
        seat = Cast(session, keys).holder("focal_point").seat_id
    made = run(live, "tokens", "create", "--seat", str(seat), "--label", "trial")
    assert made.exit_code == 0
    plain = made.output.strip().splitlines()[-1]
    with live.session() as session:
        row = session.scalars(select(ApiToken)).one()
        assert row.digest == queries.token_digest(plain)
        now = core_clock.now()
        assert queries.token_at(session, plain, now).seat_id == seat
        assert queries.token_at(session, plain + "x", now) is None
    assert run(live, "tokens", "end", plain).exit_code == 0
    with live.session() as session:
        assert queries.token_at(session, plain, core_clock.now()) is None


def test_a_token_ends_when_it_says_and_when_its_seat_closes(session, keys):
    now = core_clock.now()
    cast = Cast(session, keys, at=now)
    seat = cast.holder("focal_point").seat
    _row, plain = service.make_token(
        session, seat=seat, label="", by=SYSTEM, now=now, lasts=timedelta(days=1)
    )
    assert queries.token_at(session, plain, now) is not None
    assert queries.token_at(session, plain, now + timedelta(days=1)) is None
    seat.closed_at = now
    session.flush()
    assert queries.token_at(session, plain, now) is None


def test_a_token_ends_with_the_holding_in_which_it_was_made(session, keys):
    now = core_clock.now()
    cast = Cast(session, keys, at=now)
    holder, heir = cast.holder("focal_point"), cast.person("Successor")
    _row, plain = service.make_token(session, seat=holder.seat, label="", by=SYSTEM, now=now)
    later = now + timedelta(days=1)
    seats.hand_over(session, holder=holder, to_person_id=heir.id, at=later, by=SYSTEM, now=later)
    assert queries.token_at(session, plain, now) is not None
    assert queries.token_at(session, plain, later) is None
    with pytest.raises(Conflict):
        service.make_token(session, seat=cast.seat("deputy"), label="", by=SYSTEM, now=now)


def test_old_visits_and_used_codes_are_erased(session, keys):
    now = core_clock.now()
    cast = Cast(session, keys, at=now)
    holder = cast.holder("focal_point")
    cast.visit(holder)
    cast.authenticator(holder.person_id)
    factor = session.scalars(select(Factor)).one()
    factor.ended_at = now
    session.flush()
    for moment, erased in ((now, (0, 0)), (now + timedelta(seconds=1), (1, 1))):
        visits = service.forget_visits(session, before=moment)
        assert (visits, service.forget_factors(session, before=moment)) == erased


def test_no_token_without_its_seat(live):
    refused = run(live, "tokens", "create", "--seat", "00000000-0000-0000-0000-000000000000")
    assert refused.exit_code == 1
    assert "There is no such seat." in refused.output


# The command line


def test_the_first_administrator_of_an_empty_installation(live):
    made = run(
        live, "people", "first-administrator", "--name", "Ida Lund", "--email", "ida@un.example"
    )
    assert made.exit_code == 0
    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}", made.output)
    again = run(live, "people", "first-administrator", "--name", "Eve", "--email", "eve@un.example")
    assert again.exit_code == 1
    assert "There is an administrator already." in again.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--email", "no address", "--role", "triage", "--body", "secretariat"), "has a space"),
        (("--email", "a@b.example", "--role", "triage", "--body", "moon"), "A body is one of"),
        (("--email", "a@b.example", "--role", "deputy", "--body", "state:QQQ"), "There is no"),
        (("--email", "a@b.example", "--role", "triage", "--body", "platform"), "no such seat"),
    ],
)
def test_a_slip_on_the_command_line_is_explained(live, words, sentence):
    refused = run(live, "people", "invite", "--name", "A B", *words)
    assert refused.exit_code == 1
    assert sentence in refused.output
    with live.session() as session:
        assert session.scalars(select(Person)).all() == []


def test_one_hands_a_seat_over_in_one_command(live, keys):
    with live.session() as session:
        holder = Cast(session, keys).holder("focal_point", address="nmirf@xandria.example")
    done = run(
        live,
        "people",
        "hand-over",
        "--seat",
        str(holder.seat_id),
        "--name",
        "New Focal Point",
        "--email",
        "nmirf@xandria.example",
    )
    assert done.exit_code == 0
    shown = run(live, "people", "show", "--email", "nmirf@xandria.example")
    assert shown.output.count(str(holder.seat_id)) == 1
    with live.session() as session:
        now = core_clock.now()
        assert list(seats_of(session, holder.person_id, now)) == []


def test_who_leaves_loses_everything_at_once(live, keys):
    with live.session() as session:
        cast = Cast(session, keys)
        holder = cast.holder("focal_point")
        visit = cast.visit(holder)
    assert run(live, "people", "end", "--person", str(holder.person_id)).exit_code == 0
    with live.session() as session:
        now = core_clock.now()
        assert list(seats_of(session, holder.person_id, now)) == []
        assert queries.visit_at(session, visit.id, is_desk=False, now=now) is None


# The demonstration's people


def test_the_invented_people_can_sign_in_and_are_added_once(live, home):
    with live.app.app_context():
        for _time in range(2):
            seed_demo(db.session(), core_clock.now(), home)
            db.session.commit()
    rows = json.loads((home / "people.json").read_text())
    assert {"role", "seat", "email", "totp_secret", "name"} <= set(rows[0])
    assert all(row["email"].endswith(".example") for row in rows)
    roles = [row["role"] for row in rows]
    assert roles.count("protection") == 2
    assert {"focal_point", "authorising", "secretariat", "administrator"} <= set(roles)
    addresses = [row["email"] for row in rows]
    assert len(addresses) > len(set(addresses))
    with live.session() as session:
        now = core_clock.now()
        held = {
            str(one.seat_id)
            for person in session.scalars(
                select(Person.id).join(Holder, Holder.person_id == Person.id)
            )
            for one in seats_of(session, person, now)
        }
        assert held == {row["seat"] for row in rows}
        officers = session.scalars(select(Seat.id).where(Seat.role == Role.PROTECTION)).all()
        assert len(officers) == 2
    assert pyotp.TOTP(rows[0]["totp_secret"]).now().isdigit()
    assert ((home / "people.json").stat().st_mode & 0o077) == 0


# Mails


def asked(live, keys, address):
    """Ask for a code, let the handler run, and answer the delivery and its message."""
    client = live.client()
    client.post("/sign-in", data={"address": address})
    with live.session() as session:
        entry = session.scalars(select(OutboxEntry)).one()
        mail_sign_in_code(session, entry.fact(), core_clock.now())
        mail_sign_in_code(session, entry.fact(), core_clock.now())
    return client


def written(live, keys, session):
    """The message of the only delivery, as the mail worker writes it."""
    worker = live.make(database_url=live.url, relais_role="worker", mail_key=keys.mail)
    with worker.app_context():
        row = session.scalars(select(Delivery)).one()
        return BUILDERS["sign_in_code"](session, row, worker.extensions["relais"], core_clock.now())


def test_the_code_is_mailed_once_and_its_plain_form_is_erased(live, keys):
    with live.session() as session:
        Cast(session, keys).holder("focal_point", name="Leila First", address="x@xandria.example")
    client = asked(live, keys, "x@xandria.example")
    with live.session() as session:
        message = written(live, keys, session)
        assert message.to == "x@xandria.example"
        assert message.subject == "Your sign-in code"
        assert "Leila" not in message.text + message.html
        code = re.search(r"\b\d{6}\b", message.text).group()
        assert code in message.html
        message.after_sending()
    with live.session() as session:
        assert session.scalars(select(Code.sealed)).one() is None
    assert client.post("/sign-in/code", data={"code": code}).status_code == 303


def test_nothing_is_sent_to_an_address_nobody_reads(live, keys):
    asked(live, keys, "nobody@xandria.example")
    with live.session() as session:
        fact = session.scalars(select(OutboxEntry)).one().fact()
        assert isinstance(fact, SignInCodeIssued)
        assert fact.mailbox_id is None
        assert session.scalars(select(Delivery)).all() == []
        assert session.scalars(select(Mailbox)).all() == []


def test_a_used_code_is_not_mailed_any_more(live, keys):
    with live.session() as session:
        Cast(session, keys).holder("focal_point", address="x@xandria.example")
    asked(live, keys, "x@xandria.example")
    with live.session() as session:
        session.scalars(select(Code)).one().used = core_clock.now()
        session.flush()
        assert written(live, keys, session) is None
        row = session.scalars(select(Delivery)).one()
        assert row.state is DeliveryState.QUEUED


# Too many requests


@pytest.fixture
def limited(live):
    """The application with its limits on."""
    return live.make(database_url=live.url, rate_limits="on")


def test_one_address_is_not_flooded_and_known_and_unknown_ones_are_limited_alike(
    limited, live, keys
):
    with live.session() as session:
        Cast(session, keys).holder("focal_point", address="known@xandria.example")
    answers = []
    for address in ("known@xandria.example", "unknown@xandria.example"):
        statuses = [
            limited.test_client().post("/sign-in", data={"address": address}).status_code
            for _time in range(8)
        ]
        answers.append(statuses)
    assert answers == [[303] * 6 + [429] * 2] * 2


def test_too_many_tries_get_a_sentence_and_how_long_to_wait(limited):
    client = limited.test_client()
    for _time in range(6):
        client.post("/sign-in", data={"address": "one@xandria.example"})
    refused = client.post("/sign-in", data={"address": " ONE@xandria.example"})
    assert refused.status_code == 429
    assert "That was too often in a short time. Wait 15 minutes" in refused.text
    assert 840 <= int(refused.headers["Retry-After"]) <= 901


def test_limits_keep_no_address(limited):
    client = limited.test_client()
    client.post("/sign-in", data={"address": "secret-name@xandria.example"})
    from core.web.limits import _limiter  # noqa: PLC0415 -- only this test looks inside

    kept = repr(vars(_limiter.storage))
    assert "secret-name" not in kept
    assert "127.0.0.1" not in kept


def test_a_reached_limit_logs_nobody(limited, caplog):
    client = limited.test_client()
    for _time in range(7):
        client.post("/sign-in", data={"address": "one@xandria.example"})
    assert not [record for record in caplog.records if record.name == "flask-limiter"]


def test_reading_a_page_is_not_limited(limited):
    client = limited.test_client()
    assert {client.get("/sign-in").status_code for _time in range(70)} == {200}


def test_a_visit_of_the_site_is_none_at_the_protection_desk(live, keys):
    desk = live.make(database_url=live.url, relais_role="protection", vault_key=keys.vault)
    with live.session() as session:
        cast = Cast(session, keys)
        visit = cast.visit(cast.holder("protection"), proved=timedelta(minutes=1))
    client = desk.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(visit.id)
    assert client.get("/workspace").location == "/sign-in?then=/workspace"
    with live.session() as session:
        session.get(Visit, visit.id).is_desk = True
    assert client.get("/workspace").status_code == 200


def test_limits_hold_in_memory_while_their_storage_is_away(live):
    app = live.make(
        database_url=live.url, rate_limits="on", rate_limit_storage="redis://127.0.0.1:1/0"
    )
    statuses = [
        app.test_client().post("/sign-in", data={"address": "a@xandria.example"}).status_code
        for _time in range(7)
    ]
    assert statuses == [303] * 6 + [429]
