"""A participant's way, from the form to the seat and beyond, with real rows and real mails."""

from __future__ import annotations

import re

import icalendar
import pytest

from core.context import SYSTEM
from core.db import db
from core.house import house
from events.programme import service as programme
from events.programme.models import Event, Mode, Policy
from events.registrations import changes
from tests.events.participant import calendars, find, main, problems, text_of, words


def entry_of(mail):
    """The one calendar entry of a mail, and the method of its calendar."""
    (first, *others) = calendars(mail)
    assert all(other == first for other in others)
    calendar = icalendar.Calendar.from_ical(first)
    (entry,) = calendar.walk("VEVENT")
    return entry, str(calendar["METHOD"])


def test_from_the_form_to_the_seat(stage, person):
    ana = person()
    page = ana.client.get("/events/panel/register")
    assert "Closes on" not in main(page)
    sent = ana.send()
    assert (sent.status_code, sent.location) == (
        303,
        f"/registrations/{ana.registration_id}/confirm",
    )
    assert stage.states() == {"unconfirmed": 1}
    assert ana.subjects() == ["Your code for the registration"]
    assert "Panel on reporting" in text_of(ana.mails()[0])
    confirmed = ana.confirm()
    assert (confirmed.status_code, confirmed.location) == (303, "/my-registration")
    assert ana.state() == "confirmed"
    assert ana.subjects() == ["Your code for the registration", "Your seat is confirmed"]
    entry, method = entry_of(ana.mails()[1])
    assert method == "REQUEST"
    assert str(entry["SUMMARY"]) == "Panel on reporting"
    assert str(entry["ATTENDEE"]) == "MAILTO:ana@people.example"
    assert entry["ATTENDEE"].params["CN"] == "Ana Tavake"
    assert "Ana" not in ana.subjects()[1]
    assert ana.status() == "You have a seat"
    assert "Doors open at 09:30." in main(ana.page())


def test_the_whole_way_in_french(stage, person):
    ana = person()
    ana.client.set_cookie("lang", "fr")
    ana.registered(language="fr")
    code, seat = ana.mails()
    assert [mail["Content-Language"] for mail in (code, seat)] == ["fr", "fr"]
    assert "Réunion-débat sur les rapports" in text_of(code)
    entry, _method = entry_of(seat)
    assert str(entry["SUMMARY"]) == "Réunion-débat sur les rapports"
    assert str(entry["LOCATION"]) == "Salle D, Genève"
    page = ana.page()
    assert find(page, ".").get("lang") == "fr"
    assert "Ouverture des portes à 9 h 30." in main(page)


def test_the_link_in_the_mail_leads_to_a_button_that_confirms(stage, person):
    ana = person()
    ana.send()
    scanned = stage.live.client().get(ana.link(), follow_redirects=True)
    assert "Press the button and your registration counts." in main(scanned)
    assert stage.states() == {"unconfirmed": 1}
    ana.follow()
    pressed = ana.client.post("/confirm-registration")
    assert (pressed.status_code, pressed.location) == (303, "/my-registration")
    assert ana.state() == "confirmed"
    again = ana.follow()
    assert again.request.path == "/my-registration"


def test_a_full_meeting_has_a_waiting_list_and_a_freed_seat_goes_to_the_next_in_line(stage, person):
    ana, ben, cleo, dina = (person(name).registered() for name in ("ana", "ben", "cleo", "dina"))
    states = [one.state() for one in (ana, ben, cleo, dina)]
    assert states == ["confirmed", "confirmed", "waiting", "waiting"]
    assert stage.shown() == {"room": "full", "online": "open"}
    assert cleo.subjects()[-1] == "You are on the waiting list"
    assert cleo.status() == "You are on the waiting list"
    cancelled = ben.act("cancel")
    assert (cancelled.status_code, cancelled.location) == (303, "/my-registration")
    assert (ben.status(), ben.state()) == ("You have cancelled", "cancelled")
    entry, method = entry_of(ben.mails()[-1])
    assert (method, str(entry["STATUS"])) == ("CANCEL", "CANCELLED")
    first, _method = entry_of(ben.mails()[1])
    assert (str(first["UID"]), first["SEQUENCE"]) == (str(entry["UID"]), entry["SEQUENCE"] - 1)
    assert (cleo.state(), dina.state()) == ("offered", "waiting")
    assert cleo.subjects()[-1] == "A seat has become free for you"
    assert cleo.status() == "A seat is free for you"


def test_an_offer_that_runs_out_goes_to_the_next_within_one_tick(stage, person):
    ana, _ben, cleo, dina, eli = (
        person(name).registered() for name in ("ana", "ben", "cleo", "dina", "eli")
    )
    ana.act("cancel")
    stage.clock.forward(hours=47, minutes=59)
    stage.tick()
    assert (cleo.state(), dina.state()) == ("offered", "waiting")
    stage.clock.forward(minutes=1)
    stage.tick()
    assert (cleo.state(), dina.state(), eli.state()) == ("passed", "offered", "waiting")
    assert cleo.subjects()[-1] == "The offer of a seat has ended"
    dina.follow()
    taken = dina.act("accept")
    assert (taken.status_code, dina.state()) == (303, "confirmed")
    assert dina.status() == "You have a seat"
    assert entry_of(dina.mails()[-1])[1] == "REQUEST"


def test_whoever_let_an_offer_pass_may_wait_again_behind_the_others(stage, person):
    ana, ben, cleo, dina = (person(name).registered() for name in ("ana", "ben", "cleo", "dina"))
    ana.act("cancel")
    stage.clock.forward(hours=48)
    stage.tick()
    cleo.follow()
    assert cleo.status() == "The seat went to the next person"
    assert cleo.act("rejoin").status_code == 303
    assert (cleo.state(), dina.state()) == ("waiting", "offered")
    stage.clock.forward(hours=48)
    stage.tick()
    assert (cleo.state(), dina.state()) == ("offered", "passed")
    assert ben.state() == "confirmed"


def test_an_offer_that_has_ended_cannot_be_taken(stage, person):
    ana, ben, cleo = (person(name).registered() for name in ("ana", "ben", "cleo"))
    ana.act("cancel")
    stage.clock.forward(hours=48)
    cleo.follow()
    late = cleo.act("accept")
    assert late.status_code == 409
    assert "This offer has ended." in main(late)
    assert cleo.state() == "offered"
    assert ben.state() == "confirmed"


def test_somebody_who_waits_may_leave_the_line(stage, person):
    _ana, _ben, cleo = (person(name).registered() for name in ("ana", "ben", "cleo"))
    assert "Cancel" in main(cleo.page())
    cleo.act("cancel")
    assert cleo.state() == "cancelled"
    assert calendars(cleo.mails()[-1]) == []


def test_somebody_who_waits_gets_neither_documents_nor_joining_nor_calendar(stage, person):
    _ana, _ben, cleo = (person(name).registered() for name in ("ana", "ben", "cleo"))
    assert "Doors open" not in main(cleo.page())
    assert cleo.client.get("/my-registration/calendar.ics").status_code == 409
    assert all(calendars(mail) == [] for mail in cleo.mails())


def test_changing_from_room_to_online_frees_the_seat_at_once(stage, person):
    ana, _ben, cleo = (person(name).registered() for name in ("ana", "ben", "cleo"))
    saved = ana.act("edit", **ana.edited(mode="online", listing="organisation", needs="sign"))
    assert (saved.status_code, saved.location) == (303, "/my-registration")
    assert (ana.state(), cleo.state()) == ("confirmed", "offered")
    row = stage.registration(ana.registration_id)
    assert (row.mode, row.listing) == (Mode.ONLINE, "organisation")
    assert "Sign language interpretation" in main(ana.page())
    entry, method = entry_of(ana.mails()[-1])
    assert (method, str(entry["LOCATION"])) == ("REQUEST", "Online")
    assert entry["SEQUENCE"] == 1


def test_an_edit_keeps_every_choice_that_was_not_touched(stage, person):
    ana = person().registered(
        listing="full", wants_summary=None, needs=["captions", "braille"], needs_note="  Font 18 "
    )
    before = ana.edited()
    assert before["needs"] == ["captions", "braille"]
    assert before["needs_note"] == "Font 18"
    ana.act("edit", **before | {"organisation": "Reef Watch International"})
    assert ana.edited() == before | {
        "organisation": "Reef Watch International",
        "version": str(int(before["version"]) + 1),
    }


def test_a_seat_is_passed_on_and_both_are_told(stage, person):
    ana, ben = person("ana").registered(), person("ben")
    old = ana.link()
    passed = ana.act("pass-on", name="Ben Okoro", email=ben.address)
    assert passed.status_code == 200
    assert "Your place has a new holder" in main(passed)
    assert ana.page().status_code == 401
    assert stage.live.client().get(old).status_code == 401
    assert ana.subjects()[-1] == "Your seat was passed on"
    entry, method = entry_of(ana.mails()[-1])
    assert (method, str(entry["STATUS"])) == ("CANCEL", "CANCELLED")
    (received,) = ben.mails()
    assert "Ana" not in text_of(received)
    entry, method = entry_of(received)
    assert (method, entry["ATTENDEE"].params["CN"]) == ("REQUEST", "Ben Okoro")
    page = main(ben.follow())
    assert "Ben Okoro" in page
    assert "Ana" not in page
    assert stage.states() == {"confirmed": 1}


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


def test_the_real_panel_takes_interest_and_puts_nothing_into_a_calendar(stage, person):
    runner = stage.live.app.test_cli_runner()
    with stage.live.app.app_context():
        loaded = runner.invoke(args=["data", "load"])
    assert loaded.exit_code == 0, loaded.output
    ana = person()
    page = ana.client.get("/events/panel-hrc65/register")
    assert "Express your interest" in main(page)
    assert "date not yet published" in main(page)
    assert problems(ana.send("panel-hrc65")) == {}
    ana.confirm()
    assert ana.state() == "interested"
    assert ana.status() == "Your interest is noted"
    assert [calendars(mail) for mail in ana.mails()] == [[], []]
    assert "Put it in my calendar" not in main(ana.page())
    assert ana.client.get("/my-registration/calendar.ics").status_code == 409


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


def test_a_closed_meeting_takes_nobody_and_links_still_work(stage, person):
    ana, ben = person("ana").registered(), person("ben")
    stage.change(closes_at=stage.clock.now())
    page = ben.client.get("/events/panel/register")
    assert "Registration is closed" in main(page)
    answer = ben.send()
    assert answer.status_code == 409
    assert "Registration for this event is closed." in problems(answer)[""]
    assert 'value="Ana Tavake"' in answer.text
    assert ana.status() == "You have a seat"
    assert ana.act("cancel").status_code == 303


def test_the_form_closes_by_the_clock_although_it_is_kept_whole(stage, person):
    stage.change(closes_at=stage.clock.now().replace(microsecond=0))
    stage.clock.forward(hours=-1)
    client = person().client
    for _again in range(2):
        assert "Continue" in main(client.get("/events/panel/register"))
    stage.clock.forward(hours=2)
    assert "Registration is closed" in main(client.get("/events/panel/register"))


def test_a_code_typed_after_the_close_still_counts_for_a_form_sent_before(stage, person):
    ana = person()
    ana.send()
    stage.change(closes_at=stage.clock.now())
    answer = ana.confirm()
    assert (answer.status_code, ana.state()) == (303, "confirmed")


def test_the_summary_comes_in_the_language_that_was_chosen(stage, person):
    ana = person("ana").registered(language="fr", mode="online")
    ben = person("ben").registered(language="en", mode="online")
    cleo = person("cleo").registered(language="en", mode="online", wants_summary=None)
    stage.mailbox.clear()
    with stage.live.app.app_context(), stage.live.session() as session:
        event = session.get_one(Event, stage.registration(ana.registration_id).event_id)
        texts = {"en": "What was said.", "fr": "Ce qui a été dit."}
        programme.publish_summary(session, event, texts=texts, by=SYSTEM, now=stage.clock.now())
    stage.settle()
    assert "Ce qui a été dit." in text_of(ana.mails()[0])
    assert "What was said." in text_of(ben.mails()[0])
    assert cleo.mails() == []


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


def test_no_number_of_seats_or_people_stands_on_a_public_page(stage, person):
    for name in ("ana", "ben", "cleo"):
        person(name).registered()
    for path in ("/events/panel", "/events/panel/register", "/events"):
        page = main(stage.live.client().get(path))
        assert not re.search(r"\b[23] (seats|people|participants|waiting)\b", page)


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
