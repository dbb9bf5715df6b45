"""Personal links, receipts, and every way in which a registration ends and a person is forgotten."""

from __future__ import annotations

import pytest

from core.context import SYSTEM
from core.db import db
from core.house import house
from events.registrations import changes
from tests.events.participant import find, main, problems, words


def test_a_lost_link_is_sent_again_without_telling_whether_the_address_is_known(stage, person):
    ana = person().registered()
    known_client, unknown_client = stage.live.client(), stage.live.client()
    known = known_client.post("/events/panel/link", data={"email": " ANA@people.example "})
    unknown = unknown_client.post("/events/panel/link", data={"email": "nobody@people.example"})
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    own = {"x-request-id"}
    heads = [
        [(name, value) for name, value in one.headers if name.lower() not in own]
        for one in (known, unknown)
    ]
    assert heads[0] == heads[1]
    stage.settle()
    assert ana.subjects()[-1] == "Your link"
    assert stage.mailbox.to("nobody@people.example") == []
    assert ana.follow().request.path == "/my-registration"
    assert ana.status() == "You have a seat"


def test_every_registration_of_an_address_gets_its_link(stage, person):
    ana = person().registered()
    person("ana").registered(name="Somebody Else", discreet="y")
    stage.mailbox.clear()
    ana.client.post("/events/panel/link", data={"email": ana.address})
    stage.settle()
    assert sorted(ana.subjects()) == ["There is news for you", "Your link"]


@pytest.mark.parametrize("token", ["x", "A" * 48, "🦜", "%00", "../mine"])
def test_a_link_that_is_none_says_how_to_get_one(stage, person, token):
    for way in ("r", "c"):
        answer = person().client.get(f"/{way}/{token}")
        assert answer.status_code in {401, 404}
    assert "A link is needed here" in main(person().client.get("/r/" + "A" * 48))


def test_a_receipt_code_takes_the_place_of_an_address(stage, person):
    ana = person()
    shown = ana.send(email="", no_email="y")
    assert shown.status_code == 200
    receipt = words(find(shown, ".//strong[@class='code']"))
    action = next(
        form.get("action")
        for form in find(shown, ".//main").iter("form")
        if "/receipt" in (form.get("action") or "")
    )
    wrong = ana.client.post(action, data={"receipt": "AAAA BBBB CCCC DDDD"})
    assert wrong.status_code == 422
    assert problems(wrong) == {"receipt": "This is not the receipt code you were shown."}
    assert stage.states() == {"unconfirmed": 1}
    right = ana.client.post(action, data={"receipt": receipt.lower().replace(" ", "-")})
    assert (right.status_code, right.location) == (303, "/my-registration")
    assert stage.states() == {"confirmed": 1}
    later = stage.live.client()
    slip = later.post("/events/panel/receipt", data={"receipt": receipt[:-1] + "2"})
    assert slip.status_code == 422 or receipt.endswith("2")
    back = later.post("/events/panel/receipt", data={"receipt": receipt})
    assert (back.status_code, back.location) == (303, "/my-registration")
    assert "You have a seat" in main(later.get("/my-registration"))
    stage.settle()
    assert stage.mailbox.messages == []


def test_an_unconfirmed_registration_lapses_after_a_day_and_leaves_nobody_behind(stage, person):
    ana = person()
    ana.send()
    stage.clock.forward(hours=23, minutes=59)
    stage.tick()
    assert ana.state() == "unconfirmed"
    stage.clock.forward(minutes=1)
    stage.tick()
    assert ana.state() == "lapsed"
    row = stage.registration(ana.registration_id)
    assert (row.look_up, row.receipt, row.fingerprint) == (None, None, None)
    with stage.live.session() as session:
        for table in ("registration_details", "vault_contact", "vault_identity"):
            assert session.connection().exec_driver_sql(f"SELECT * FROM {table}").all() == []  # noqa: S608 -- names of this list
    late = ana.confirm()
    assert late.status_code == 422
    assert stage.mailbox.to(ana.address)[1:] == []


def test_going_discreet_later_seals_everything_and_sends_a_new_link(stage, person):
    ana = person().registered(needs="captions", needs_note="Large type")
    old = ana.link()
    answer = ana.act("discreet")
    assert (answer.status_code, answer.location) == (303, "/my-registration")
    page = main(ana.page())
    assert "Ana Tavake" not in page
    assert "Sealed. They cannot be shown here either." in page
    assert ana.subjects()[-1] == "There is news for you"
    assert stage.live.client().get(old).status_code == 401
    assert ana.follow().request.path == "/my-registration"
    with stage.live.session() as session:
        assert (
            session.connection().exec_driver_sql("SELECT * FROM registration_details").all() == []
        )


def test_needs_go_thirty_days_after_the_meeting_and_people_a_year_after_it(stage, person):
    ana = person().registered(needs="captions", needs_note="Large type")
    stage.clock.forward(days=40 + 30)
    stage.tick()
    assert "Captions" in main(ana.follow())
    stage.clock.forward(days=2)
    stage.tick()
    page = main(ana.follow())
    assert "Captions" not in page
    assert "Large type" not in page
    assert "Ana Tavake" in page
    stage.clock.forward(days=335)
    stage.tick()
    row = stage.registration(ana.registration_id)
    assert row.erased_at is not None
    assert row.look_up is None
    assert stage.live.client().get(ana.link()).status_code == 401
    with stage.live.session() as session:
        assert (
            session.connection().exec_driver_sql("SELECT * FROM registration_details").all() == []
        )


def test_a_visit_alone_never_changes_anything(stage, person):
    ana = person().registered()
    before = stage.registration(ana.registration_id).version
    for path in ("", "/edit", "/pass-on", "/cancel", "/discreet", "/erase"):
        assert ana.client.get(f"/my-registration{path}").status_code == 200
    assert stage.registration(ana.registration_id).version == before


def test_erasing_with_the_clock_of_the_worker_is_one_transaction(stage, person):
    ana = person()
    ana.send()
    stage.clock.forward(hours=25)
    with stage.live.app.app_context():
        assert changes.end_due(db.session(), house=house(), now=stage.clock.now()) == 1
        db.session.rollback()
    assert ana.state() == "unconfirmed"


def test_whoever_asks_is_erased_at_once_and_their_seat_goes_on(stage, person):
    ana = person("ana").registered(needs="captions")
    person("ben").registered()
    cleo = person("cleo").registered()
    assert cleo.state() == "waiting"
    assert "Erase your details?" in main(ana.client.get("/my-registration/erase"))
    sent = len(ana.mails())
    answer = ana.act("erase")
    assert (answer.status_code, "Your details are erased" in main(answer)) == (200, True)
    assert (ana.state(), cleo.state()) == ("cancelled", "offered")
    assert len(ana.mails()) == sent
    assert stage.live.client().get(ana.link()).status_code == 401
    row = stage.registration(ana.registration_id)
    assert (row.look_up, row.receipt, row.erased_at is None) == (None, None, False)
    with stage.live.session() as session:
        names = session.connection().exec_driver_sql("SELECT name FROM registration_details").all()
        assert len(names) == 2


def test_the_former_holder_is_told_although_the_new_one_goes_discreet_first(stage, person):
    ana = person("ana").registered(mode="online")
    taker = {"name": "Ben Aru", "email": "ben@people.example"}
    ana.client.post("/my-registration/pass-on", data=taker)
    with stage.live.app.app_context(), stage.live.session() as session:
        changes.become_discreet(
            session,
            registration_id=ana.registration_id,
            house=house(),
            by=SYSTEM,
            now=stage.clock.now(),
        )
    stage.settle()
    assert ana.subjects()[-1] == "Your seat was passed on"
