"""A participant's way, from the form to the seat and beyond, with real rows and real mails."""

from __future__ import annotations

import re

from core.context import SYSTEM
from events.programme import service as programme
from events.programme.models import Event, Mode
from tests.events.participant import calendars, entry_of, find, main, problems, text_of


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


def test_no_number_of_seats_or_people_stands_on_a_public_page(stage, person):
    for name in ("ana", "ben", "cleo"):
        person(name).registered()
    for path in ("/events/panel", "/events/panel/register", "/events"):
        page = main(stage.live.client().get(path))
        assert not re.search(r"\b[23] (seats|people|participants|waiting)\b", page)
