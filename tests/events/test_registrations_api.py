"""A participant's whole way through the API, with real mails."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.context import SYSTEM
from events.programme.models import Mode, Policy, Seats
from events.protection.models import SealedIdentity
from events.registrations.models import Details, EventNeed, Registration
from events.registrations.states import RegistrationState
from network.accounts import service as accounts
from tests.events.participant import Stage
from tests.events.program import CANARY, Holder, Program, count, known, sentences
from tests.walls.cast import Cast


@pytest.fixture
def program(stage: Stage) -> Program:
    return Program(stage)


def test_a_person_registers_confirms_reads_changes_and_cancels(program, stage):
    started = program.register(needs=["captions"], listing="organisation")

    assert started.status_code == 202
    registration_id = started.json["id"]
    assert started.json == {
        "id": registration_id,
        "state": "unconfirmed",
        "confirm": f"/api/v1/registrations/{registration_id}/confirmation",
        "until": started.json["until"],
        "receipt": None,
    }

    confirmed = program.post(started.json["confirm"], {"code": program.code()})
    assert confirmed.status_code == 200
    assert confirmed.json == {
        "id": registration_id,
        "state": "confirmed",
        "token": confirmed.json["token"],
    }

    holder = Holder(stage, UUID(registration_id), confirmed.json["token"])
    read = holder.read()
    assert {name: read[name] for name in read if name not in {"since", "number"}} == {
        "id": registration_id,
        "event": "panel",
        "state": "confirmed",
        "due": None,
        "reason": None,
        "allowed": ["cancelled"],
        "changeable": True,
        "discreet": False,
        "name": "Ana Tavake",
        "organisation": "Reef Watch",
        "category": "ngo",
        "mode": "room",
        "language": "en",
        "listing": "organisation",
        "needs": ["captions"],
        "needs_note": "",
        "wants_summary": True,
        "joining": {"en": "Doors open at 09:30.", "fr": "Ouverture des portes à 9 h 30."},
        "documents": [],
        "summary": None,
        "openings": [],
        "version": read["version"],
    }

    changed = holder.change(mode="online", needs=["captions", "sign", "captions"])
    assert changed.status_code == 200
    assert changed.json["mode"] == "online"
    assert changed.json["needs"] == ["captions", "sign"]
    assert changed.json["version"] > read["version"]

    gone = holder.move("cancelled")
    assert gone.status_code == 200
    assert gone.json == {
        "id": registration_id,
        "state": "cancelled",
        "allowed": [],
        "version": holder.read()["version"],
    }
    assert stage.states() == {"cancelled": 1}


def test_the_token_is_the_personal_link_of_the_mails(program, stage):
    holder = program.registered()

    page = stage.live.client().get(f"/r/{holder.token}", follow_redirects=True)

    assert page.status_code == 200
    assert "Ana Tavake" in page.text


def test_a_known_address_gets_the_same_answer_as_an_unknown_one(program, stage):
    program.registered()
    before = (count(stage, Registration), count(stage, Details))

    again = program.register(name="Somebody Else")
    other = program.register(name="Somebody Else", email="nobody@people.example")

    def shape(answer):
        return answer.status_code, [(name, len(str(value))) for name, value in answer.json.items()]

    assert shape(again) == shape(other)
    assert (count(stage, Registration), count(stage, Details)) == (before[0] + 2, before[1] + 2)


def test_who_finds_no_seat_waits_is_offered_one_and_takes_it(program, stage):
    first, _second = program.registered(), program.registered(email="bo@people.example")
    third = program.registered(email="cy@people.example")
    assert third.read()["state"] == "waiting"
    assert known(third.move("confirmed")) == {
        "type": "about:blank",
        "status": 409,
        "code": "move-refused",
        "title": "This cannot be done from where the registration stands.",
        "allowed": ["cancelled"],
    }

    assert first.move("cancelled").status_code == 200

    assert third.read()["state"] == "offered"
    assert third.read()["allowed"] == ["cancelled", "confirmed"]
    taken = third.move("confirmed")
    assert (taken.status_code, taken.json["state"]) == (200, "confirmed")


def test_an_offer_that_ended_is_refused_and_one_may_wait_again(program, stage):
    first, _second = program.registered(), program.registered(email="bo@people.example")
    third = program.registered(email="cy@people.example")
    first.move("cancelled")
    stage.clock.forward(hours=49)

    assert third.read()["allowed"] == ["cancelled"]
    late = third.move("confirmed")
    assert (late.status_code, late.json["code"]) == (409, "move-refused")

    stage.tick()
    assert third.read()["allowed"] == ["cancelled", "waiting"]
    again = third.move("waiting")
    assert (again.status_code, again.json["state"]) == (200, "offered")


def test_a_discreet_registration_is_sealed_and_its_fields_are_null(program, stage):
    holder = program.registered(
        discreet=True, name=CANARY, organisation=CANARY, needs_note=CANARY, needs=["sign"]
    )

    read = holder.read()
    assert {name for name, value in read.items() if value is None} == {
        "due",
        "reason",
        "name",
        "organisation",
        "needs",
        "needs_note",
        "summary",
    }
    assert (read["discreet"], read["listing"], read["openings"]) == (True, "unlisted", [])
    assert count(stage, Details) == 0
    assert count(stage, SealedIdentity) == 1
    assert sentences(holder.change(name="Other", needs=[])) == {
        "name": "This is sealed. It can neither be read nor changed here.",
        "needs": "This is sealed. It can neither be read nor changed here.",
    }
    assert holder.change(mode="online").json["mode"] == "online"


def test_without_an_address_a_receipt_takes_the_place_of_the_code(program, stage):
    started = program.register(email=None)
    receipt = started.json["receipt"]

    assert re.fullmatch(r"[2-9A-Z]{16}", receipt)
    wrong = program.post(started.json["confirm"], {"code": "2222-2222-2222-2222"})
    assert list(sentences(wrong)) == ["code"]
    confirmed = program.post(started.json["confirm"], {"code": receipt.lower()})
    assert (confirmed.status_code, confirmed.json["state"]) == (200, "confirmed")
    assert stage.mailbox.messages == []


def test_two_programs_that_change_one_registration_find_each_other(program):
    holder = program.registered()
    version = holder.read()["version"]
    assert holder.ask("PATCH", body={"version": version, "name": "Ana T."}).status_code == 200

    late = holder.ask("PATCH", body={"version": version, "name": "A. Tavake"})

    assert known(late) == {
        "type": "about:blank",
        "status": 409,
        "code": "conflict",
        "title": "This registration was changed in another tab or by someone else. Check it below.",
    }
    assert holder.read()["name"] == "Ana T."


def test_what_the_secretariat_approved_cannot_be_changed(program, stage):
    stage.change(policy=Policy.MODERATED)
    holder = program.registered()
    assert holder.read()["state"] == "pending"
    assert holder.read()["allowed"] == ["cancelled"]
    with stage.live.session() as session:
        session.get_one(Registration, holder.id).state = RegistrationState.CONFIRMED

    answer = holder.change(organisation="Elsewhere")

    assert list(sentences(answer)) == ["organisation"]


def test_decisions_are_the_secretariats_own_and_no_token_takes_them(program, stage, keys):
    stage.change(policy=Policy.MODERATED)
    holder = program.registered()
    with stage.live.session() as session:
        cast = Cast(session, keys, at=stage.clock.now())
        tokens = {}
        for role in ("secretariat", "focal_point"):
            seat = cast.holder(role).seat
            tokens[role] = accounts.make_token(
                session, seat=seat, label=role, by=SYSTEM, now=cast.at
            )[1]

    refused = {}
    for name, token in (*tokens.items(), ("link", holder.token)):
        asked = Holder(stage, holder.id, token)
        refused[name] = [known(asked.move(to))["title"] for to in ("confirmed", "refused")]

    assert refused == {
        "secretariat": ["A token does not prove a person. Do this on the website."] * 2,
        "focal_point": ["The seat of this token may not do this."] * 2,
        "link": [
            "This cannot be done from where the registration stands.",
            "The secretariat decides this, on the website.",
        ],
    }
    assert stage.states() == {"pending": 1}


def test_without_the_token_nothing_is_told(program, stage):
    ana, bo = program.registered(), program.registered(email="bo@people.example")
    client = stage.live.client()

    nobody = client.get(f"/api/v1/registrations/{ana.id}")
    assert known(nobody) == {
        "type": "about:blank",
        "status": 401,
        "code": "link-needed",
        "title": "Send the token of this registration: Authorization: Bearer … Confirming gives it.",
    }
    assert nobody.headers["WWW-Authenticate"] == 'Bearer realm="relais"'
    missing = client.get(f"/api/v1/registrations/{uuid4()}")
    assert known(missing) == known(nobody)
    foreign = Holder(stage, ana.id, bo.token).ask("GET")
    nothing = Holder(stage, uuid4(), bo.token).ask("GET")
    assert foreign.status_code == nothing.status_code == 404
    assert known(foreign) == known(nothing)


def test_a_cookie_opens_nothing_here(program, person):
    browser = person("ana").registered()
    path = f"/api/v1/registrations/{browser.registration_id}"

    assert browser.page().status_code == 200
    assert browser.client.get(path).status_code == 401
    assert browser.client.patch(path, json={"version": 1}).status_code == 401
    assert browser.client.get("/api/v1/deliveries").status_code == 401


def test_a_token_ends_when_the_seat_is_passed_on(program, stage, person):
    holder = program.registered()
    browser = person("ana")
    browser.client.get(f"/r/{holder.token}")
    browser.act("pass-on", name="Bo", email="bo@people.example")

    assert holder.ask("GET").status_code == 401


def test_a_mode_that_the_event_has_not_is_refused_at_its_field(program, stage):
    with stage.live.session() as session:
        session.delete(session.scalars(select(Seats).where(Seats.mode == Mode.ROOM)).one())

    assert sentences(program.register()) == {"mode": "One cannot take part in this way."}
    holder = program.registered(mode="online")
    assert sentences(holder.change(mode="room")) == {"mode": "One cannot take part in this way."}


def test_an_event_that_is_not_there_is_said_at_its_field(program):
    assert sentences(program.register(event="nothing")) == {
        "event": "There is no event with this key."
    }


def test_needs_are_counted_once_for_the_event(program, stage):
    program.registered(needs=["sign", "sign"])

    assert count(stage, EventNeed) == 1


def test_what_is_wrong_is_said_at_each_field_and_nothing_is_echoed(program, stage):
    answer = program.register(
        name="  ",
        organisation="Reef\nWatch",
        email="ana at people",
        category="king",
        mode="cloud",
        language="tlh",
        listing=None,
        discreet="yes",
        needs=["gold"],
        needs_note="x" * 1001,
        colour="red",
    )

    assert sentences(answer) == {
        "name": "Write something here.",
        "organisation": "Write this on one line.",
        "email": "This address has a space in it.",
        "category": "Choose one of the answers offered.",
        "mode": "Choose one of the answers offered.",
        "language": "Choose one of the answers offered.",
        "listing": "Choose one of the answers offered.",
        "discreet": "Say true or false.",
        "needs.0": "Choose one of the answers offered.",
        "needs_note": "This is too long; 1000 characters fit.",
        "colour": "This name is not known here. Check how it is spelled.",
    }
    for sent in ("king", "cloud", "tlh", "gold", "ana at"):
        assert sent not in answer.text
    assert count(stage, Registration) == 0


def test_a_name_in_any_script_stays_as_it_was_written(program):
    for name in ("Ана", "阿娜", "أنا", "Åse-Marie O’Neill", "a" * 200):
        holder = program.registered(name=f" {name}\u0000 ", mode="online")
        assert holder.read()["name"] == name
