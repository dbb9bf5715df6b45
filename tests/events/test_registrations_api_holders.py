"""The API, for a lost link, a seat that is passed on, and going discreet later."""

from __future__ import annotations

from typing import Any

import pytest

from tests.events.participant import LINK, text_of
from tests.events.program import Holder, Program, known, sentences


@pytest.fixture
def program(stage: Any) -> Program:
    return Program(stage)


def test_a_lost_link_is_sent_again_and_the_answer_never_tells(program: Any, stage: Any) -> None:
    program.registered()
    stage.mailbox.clear()
    answers = [
        program.post("registrations/links", {"event": "panel", "email": address})
        for address in ("ANA@people.example", "nobody@people.example")
    ]
    assert [(one.status_code, one.data) for one in answers] == [(202, answers[0].data)] * 2
    assert [str(mail["To"]) for mail in stage.mailbox.messages] == ["ana@people.example"]
    assert LINK.search(text_of(stage.mailbox.messages[0]))
    wrong = program.post("registrations/links", {"event": "none", "email": "a b@people.example"})
    assert set(sentences(wrong)) == {"email"}
    unknown = program.post("registrations/links", {"event": "none", "email": "ana@people.example"})
    assert sentences(unknown) == {"event": "There is no event with this key."}


def test_a_seat_is_passed_on_once_and_the_old_token_ends(program: Any, stage: Any) -> None:
    ana = program.registered()
    stage.mailbox.clear()
    taker = {"name": "Ben Okoro", "email": "ben@people.example"}
    answer = ana.ask("POST", "/substitute", taker)
    assert (answer.status_code, answer.json) == (200, {"id": str(ana.id), "state": "confirmed"})
    assert sorted(str(mail["To"]) for mail in stage.mailbox.messages) == [
        "ana@people.example",
        "ben@people.example",
    ]
    assert ana.ask("GET").status_code == 401
    assert ana.ask("POST", "/substitute", taker).status_code == 401


def test_only_a_confirmed_seat_is_passed_on(program: Any, stage: Any) -> None:
    ana = program.registered()
    assert ana.move("cancelled").status_code == 200
    answer = ana.ask("POST", "/substitute", {"name": "Ben", "email": "ben@people.example"})
    assert answer.status_code == 409
    assert known(answer)["code"] == "not-confirmed"
    assert sentences(ana.ask("POST", "/substitute", {"name": "", "email": "x"})).keys() == {
        "name",
        "email",
    }


def test_going_discreet_seals_everything_and_gives_a_new_token(program: Any, stage: Any) -> None:
    ana = program.registered()
    answer = ana.ask("POST", "/seal", {"discreet": True})
    assert answer.status_code == 200
    assert ana.ask("GET").status_code == 401
    again = Holder(stage, ana.id, answer.json["token"]).read()
    assert (again["discreet"], again["name"], again["state"]) == (True, None, "confirmed")
