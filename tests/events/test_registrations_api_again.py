"""Asking programs twice: one key, one outcome; codes and what is shown once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core.web import idempotency
from core.web.idempotency import KeptAnswer
from events.registrations.models import Registration
from tests.events.participant import Stage
from tests.events.program import BASIS, CANARY, Program, count, known, sentences


@pytest.fixture
def program(stage: Stage) -> Program:
    return Program(stage)


def test_nothing_that_was_sent_discreetly_is_kept_for_a_second_asking(program, stage):
    changes = {
        "discreet": True,
        "name": CANARY,
        "organisation": CANARY,
        "email": "canary@people.example",
        "needs_note": CANARY,
    }
    first = program.register(key="a-key", **changes)
    again = program.register(key="a-key", **changes)
    program.register(key="another-key", **changes)

    assert again.json == first.json
    with stage.live.session() as session:
        rows = session.scalars(select(KeptAnswer)).all()
        kept = " ".join(
            str(row) for row in session.execute(text("SELECT kept_answer::text FROM kept_answer"))
        )
    assert "anary" not in kept
    assert "a-key" not in kept
    assert len({row.asked for row in rows}) == 2, "two rows tell whether their bodies were alike"
    assert {tuple(sorted(row.body)) for row in rows} == {
        ("confirm", "id", "receipt", "state", "until")
    }


def test_a_receipt_is_shown_once_also_to_who_asks_twice_with_one_key(program, stage):
    program.register(key="k", email=None)

    again = program.register(key="k", email=None)

    assert known(again) == {
        "type": "about:blank",
        "status": 409,
        "code": "shown-once",
        "title": "The receipt was shown once and is kept nowhere. Register again with a new key.",
    }
    assert count(stage, Registration) == 1


def test_wrong_codes_are_counted_and_end_the_code(program):
    started = program.register()
    right = program.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _each in range(5):
        assert list(sentences(program.post(started.json["confirm"], {"code": wrong}))) == ["code"]

    assert list(sentences(program.post(started.json["confirm"], {"code": right}))) == ["code"]


def test_a_code_for_no_registration_is_answered_like_a_wrong_one(program):
    started = program.register()

    wrong = program.post(started.json["confirm"], {"code": "000000"})
    nobody = program.post(f"registrations/{uuid4()}/confirmation", {"code": "000000"})

    assert known(wrong) == known(nobody)


def test_a_used_code_does_not_work_again_but_the_same_key_gets_the_same_answer(program):
    started = program.register()
    path, sent = started.json["confirm"], {"code": program.code()}

    first = program.post(path, sent, Idempotency_Key="confirm-1")
    again = program.post(path, sent, Idempotency_Key="confirm-1")
    other = program.post(path, sent, Idempotency_Key="confirm-2")

    assert again.json == first.json
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert list(sentences(other)) == ["code"]


def test_no_token_is_kept_for_a_second_asking(program, stage):
    started = program.register()
    sent = {"code": program.code()}
    token = program.post(started.json["confirm"], sent, Idempotency_Key="c").json["token"]

    with stage.live.session() as session:
        row = session.scalars(select(KeptAnswer)).one()

    assert row.body == {"id": started.json["id"], "state": "confirmed"}
    assert row.ids == {"registration": started.json["id"], "generation": 1}
    assert token not in str(row.body)


def test_one_key_registers_once_and_stands_for_one_thing(program, stage):
    first = program.register(key="one")
    again = program.register(key="one")
    other = program.register(key="one", name="Bo")

    assert (first.status_code, again.status_code, again.json) == (202, 202, first.json)
    assert known(other) == {
        "type": "about:blank",
        "status": 422,
        "code": "idempotency-key-reused",
        "title": "Some of what you sent cannot be taken. There is a sentence for each field.",
        "errors": {
            "Idempotency-Key": "This key was used for something else. Take a new key for a new act."
        },
    }
    assert count(stage, Registration) == 1
    assert len(stage.mailbox.to("ana@people.example")) == 1


def test_one_key_sent_many_times_at_once_registers_once(program, stage):
    def send(number: int) -> Any:
        client = stage.live.client()
        # Discreet forms are never compared, so the key alone can make them meet.
        return client.post(
            "/api/v1/registrations",
            json=BASIS | {"discreet": True},
            headers={"Idempotency-Key": "at-once"},
        )

    assert stage.live.app
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert count(stage, Registration) == 1


def test_a_key_of_another_caller_is_another_key(program, stage):
    ana, bo = program.registered(), program.registered(email="bo@people.example")

    assert ana.move("cancelled", Idempotency_Key="same").json["state"] == "cancelled"
    assert bo.move("cancelled", Idempotency_Key="same").json["state"] == "cancelled"
    assert "Idempotency-Replayed" in ana.move("cancelled", Idempotency_Key="same").headers


def test_a_refusal_is_not_kept_so_the_same_key_may_succeed_later(program, stage):
    stage.change(closes_at=stage.clock.now() - timedelta(hours=1))
    refused = program.register(key="later")
    stage.change(closes_at=None)

    assert (refused.status_code, refused.json["code"]) == (409, "registration-closed")
    assert program.register(key="later").status_code == 202


def test_a_key_is_forgotten_after_a_day(program, stage):
    first = program.register(key="day", discreet=True)
    stage.clock.forward(hours=25)

    with stage.live.session() as session:
        assert idempotency.forget(session, now=stage.clock.now()) == 1
    assert program.register(key="day", discreet=True).json["id"] != first.json["id"]


def test_a_key_that_has_had_its_day_may_be_used_before_it_is_swept(program, stage):
    program.register(key="day", discreet=True)
    stage.clock.forward(hours=25)

    assert program.register(key="day", name="Bo").status_code == 202


def test_an_odd_key_is_refused_with_a_sentence(program):
    for key in ("", "k" * 201, "with space", "clé"):
        answer = program.post("registrations", BASIS, Idempotency_Key=key)

        assert sentences(answer) == {
            "Idempotency-Key": "A key has 1 to 200 letters, digits and signs of ASCII."
        }
