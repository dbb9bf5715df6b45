"""Meetings whose secretariat decides: seats, places in line, substitutes, and a no with its reason."""

from __future__ import annotations

import pytest

from events.programme.models import Policy
from tests.events.participant import calendars, entry_of, main, problems, text_of


def test_the_secretariat_decides_on_a_moderated_meeting(stage, person):
    stage.change(policy=Policy.MODERATED)
    ana, ben, cleo = (person(name).registered() for name in ("ana", "ben", "cleo"))
    assert stage.states() == {"pending": 3}
    assert ana.status() == "The secretariat decides"
    assert ana.subjects()[-1] == "Your registration is being checked"
    desk = stage.signed_in("triage")
    queue = main(desk.get("/triage/panel"))
    assert "Ana Tavake" in queue
    for one in (ana, ben):
        answer = desk.post(f"/triage/panel/{one.registration_id}/approve")
        assert (answer.status_code, answer.location) == (303, "/triage/panel")
    empty = desk.post(f"/triage/panel/{cleo.registration_id}/refuse", data={"reason": "  "})
    assert problems(empty) == {
        "reason": "Write a reason: it is sent to the person as it stands.",
    }
    assert cleo.state() == "pending"
    reason = "Only <two> places are left, and “both” are taken."
    desk.post(f"/triage/panel/{cleo.registration_id}/refuse", data={"reason": reason})
    stage.settle()
    assert [one.state() for one in (ana, ben, cleo)] == ["confirmed", "confirmed", "refused"]
    assert entry_of(ana.mails()[-1])[1] == "REQUEST"
    assert reason in text_of(cleo.mails()[-1])
    assert cleo.status() == "Your registration was not accepted"
    assert reason in main(cleo.page())
    assert "Nothing waits for a decision" in main(desk.get("/triage/panel"))


def test_an_approved_registration_waits_if_the_room_is_full(stage, person):
    stage.change(policy=Policy.MODERATED)
    people = [person(name).registered() for name in ("ana", "ben", "cleo")]
    desk = stage.signed_in("secretariat")
    for one in people:
        desk.post(f"/triage/panel/{one.registration_id}/approve")
    stage.settle()
    assert [one.state() for one in people] == ["confirmed", "confirmed", "waiting"]


def test_a_substitute_at_a_moderated_meeting_is_looked_at_while_the_seat_stays_held(stage, person):
    stage.change(policy=Policy.MODERATED)
    ana, ben = person("ana").registered(), person("ben")
    desk = stage.signed_in("triage")
    desk.post(f"/triage/panel/{ana.registration_id}/approve")
    stage.settle()
    ana.act("pass-on", name="Ben Okoro", email=ben.address)
    assert stage.states() == {"rechecked": 1}
    assert calendars(ben.mails()[-1]) == []
    ben.follow()
    assert ben.status() == "The secretariat looks at it once more"
    assert "A substitute, seat held" in main(desk.get("/triage/panel"))
    desk.post(f"/triage/panel/{ana.registration_id}/approve")
    stage.settle()
    assert ben.status() == "You have a seat"
    assert entry_of(ben.mails()[-1])[1] == "REQUEST"


@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_an_unconfirmed_registration_cannot_be_decided_on(stage, person, act):
    stage.change(policy=Policy.MODERATED)
    ana = person()
    ana.send()
    desk = stage.signed_in("triage")
    answer = desk.post(f"/triage/panel/{ana.registration_id}/{act}", data={"reason": "Too early"})
    assert answer.status_code == 409
    assert ana.state() == "unconfirmed"


def test_an_offer_is_for_its_person_to_take_and_not_for_the_secretariat(stage, person):
    ana, _ben, cleo = (person(name).registered() for name in ("ana", "ben", "cleo"))
    ana.act("cancel")
    assert cleo.state() == "offered"
    desk = stage.signed_in("triage")
    answer = desk.post(f"/triage/panel/{cleo.registration_id}/approve")
    assert answer.status_code == 409
    assert cleo.state() == "offered"
