"""The vault: neutral outside, opened one record at a time at its own desk, and never unseen."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import UUID, uuid4

import icalendar
import pytest
from sqlalchemy import select

from core import seal
from core.audit import AuditEntry
from core.db import db
from core.house import house
from core.mail.senders import SmtpSender
from events.programme.models import Policy
from events.protection.models import Opening, SealedContact, SealedIdentity
from events.registrations.models import Details, EventNeed
from network.notifications import service as notifications
from network.notifications.models import Delivery
from tests.events.participant import calendars, fields, find, main, problems, text_of, words
from tests.walls.cast import Cast

REASON = "The letter names another meeting; the name has to be compared with it."
PDF = b"%PDF-1.7\nThe letter itself\n%%EOF\n"
SECRETS = ("Ana", "Tavake", "Reef", "Braille", "Quiet room", "letter.pdf", "ana@people.example")


@pytest.fixture
def sealed(stage, person):
    """A discreet registration with all one can write, at a moderated meeting."""
    stage.change(policy=Policy.MODERATED)
    return person("ana").registered(
        discreet="y",
        listing="full",
        needs="braille",
        needs_note="Quiet room",
        letter=(io.BytesIO(PDF), "letter.pdf"),
    )


@pytest.fixture
def officer(stage):
    return stage.signed_in("protection")


def opened(officer, registration_id: UUID, reason: str = REASON):
    return officer.post(f"/records/{registration_id}/open", data={"reason": reason})


def clean(text: str) -> bool:
    return not any(word in text for word in SECRETS)


def test_a_discreet_registration_leaves_sealed_records_and_nothing_else(stage, sealed):
    with stage.live.session() as session:
        assert session.scalars(select(Details)).all() == []
        contact = session.scalars(select(SealedContact)).one()
        identity = session.scalars(select(SealedIdentity)).one()
        need = session.scalars(select(EventNeed)).one()
    row = stage.registration(sealed.registration_id)
    assert (row.discreet, row.listing, row.fingerprint) == (True, "unlisted", None)
    assert (identity.number, need.need) == (row.number, "braille")
    address = seal.unseal(stage.keys.vault, seal.Sealed(contact.key_id, contact.body))
    who = seal.unseal(stage.keys.vault, seal.Sealed(identity.key_id, identity.body))
    assert address == {"address": "ana@people.example"}
    assert "ana@people.example" not in str(who)
    assert (who["name"], who["organisation"]) == ("Ana Tavake", "Reef Watch")


@pytest.mark.parametrize(
    ("language", "code", "news", "busy"),
    [
        ("en", "Your code", "There is news for you", "Busy"),
        ("fr", "Votre code", "Il y a du nouveau pour vous", "Occupé"),
    ],
)
def test_mails_and_calendar_say_nothing(stage, person, language, code, news, busy):
    ana = person("ana").registered(discreet="y", language=language)
    ana.act("cancel")
    assert ana.subjects() == [code, news, ana.subjects()[2]]
    for mail in ana.mails():
        whole = (
            f"{mail['Subject']} {mail['From']} {text_of(mail)}"
            + mail.get_body(("html",)).get_content()
        )
        for word in ("Ana", "Reef", "Panel", "Réunion", "/events/", "Geneva", "Genève"):
            assert word not in whole
    for mail, method in ((ana.mails()[1], "PUBLISH"), (ana.mails()[2], "CANCEL")):
        (part, *_same) = calendars(mail)
        calendar = icalendar.Calendar.from_ical(part)
        (entry,) = calendar.walk("VEVENT")
        assert (str(calendar["METHOD"]), str(entry["SUMMARY"])) == (method, busy)
        assert set(entry) == {
            *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP")
        }


def test_the_calendar_of_the_page_says_busy(stage, person):
    ana = person("ana").registered(discreet="y")
    answer = ana.client.get("/my-registration/calendar.ics")
    assert "filename=busy.ics" in answer.headers["Content-Disposition"].replace('"', "")
    assert b"Panel" not in answer.data
    assert b"Busy" in answer.data


def test_nobody_learns_from_a_mail_whether_an_address_has_another_discreet_registration(
    stage, person
):
    person("ana").registered(discreet="y")
    person("ana").send(discreet="y", name="Another")
    person("ana").send(name="In the open")
    code_mails = [text_of(mail) for mail in person("ana").mails() if "code" in mail["Subject"]]
    assert len(code_mails) == 3
    assert not any("already has" in text for text in code_mails)


def test_triage_sees_a_number_and_cleared_and_nothing_else(stage, sealed, officer):
    desk, number = stage.signed_in("triage"), stage.registration(sealed.registration_id).alias
    page = f"/triage/panel/{sealed.registration_id}"
    for path in ("/triage", "/triage/panel", page):
        assert clean(desk.get(path).text)
    assert f"Participant {number}" in main(desk.get("/triage/panel"))
    assert "Cleared by the secretariat" not in main(desk.get("/triage/panel"))
    assert officer.post(f"/records/{sealed.registration_id}/clear").status_code == 303
    stage.settle()
    assert "Cleared by the secretariat" in main(desk.get("/triage/panel"))
    assert desk.post(f"{page}/approve").status_code == 303
    stage.settle()
    assert sealed.status() == "You have a seat"
    assert clean(sealed.page().text)


def test_reading_the_desk_opens_nothing(stage, sealed, officer):
    number = stage.registration(sealed.registration_id).number
    assert f"Participant {number:04d}" in main(officer.get("/"))
    with stage.live.session() as session:
        event_id = session.scalars(select(SealedIdentity.event_id)).one()
    found = officer.post("/find", data={"event": str(event_id), "number": str(number)})
    assert found.location == f"/records/{sealed.registration_id}"
    for path in ("/", found.location):
        assert clean(officer.get(path).text)
    assert officer.get(f"{found.location}/open").status_code == 405
    with stage.live.session() as session:
        assert session.scalars(select(Opening)).all() == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Type the digits of the number."),
        ("12a", "The number has four to six digits, as in 0417."),
        ("1234567", "The number has four to six digits, as in 0417."),
        ("999999", "No sealed registration of this meeting has this number."),
    ],
)
def test_a_number_that_leads_nowhere_is_explained_and_kept(
    stage, sealed, officer, number, sentence
):
    with stage.live.session() as session:
        event_id = session.scalars(select(SealedIdentity.event_id)).one()
    answer = officer.post("/find", data={"event": str(event_id), "number": number})
    assert answer.status_code == 422
    assert problems(answer) == {"number": sentence}
    assert find(answer, ".//input[@id='number']").get("value", "") == number


def test_an_opening_shows_the_record_once_and_is_seen_by_all(stage, sealed, officer):
    with stage.live.session() as session, stage.desk.app_context():
        cast = Cast(session, stage.keys, at=stage.clock.now())
        cast.holder("protection", name="Other Officer", address="other@protection.example")
    shown = opened(officer, sealed.registration_id)
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert all(
        word in main(shown) for word in ("Ana Tavake", "Reef Watch", "Braille", "Quiet room")
    )
    assert "ana@people.example" in main(shown)
    assert clean(officer.get(f"/records/{sealed.registration_id}").text)
    assert REASON in main(officer.get("/"))
    stage.settle()
    (mail,) = stage.mailbox.to("other@protection.example")
    assert clean(text_of(mail))
    assert REASON not in text_of(mail)
    page = main(sealed.page())
    assert "A protection officer, with a written reason" in page
    with stage.live.session() as session:
        opening = session.scalars(select(Opening)).one()
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.word == "protection.opened")
        ).one()
        assert (entry.subject_id, entry.person_id) == (opening.id, opening.person_id)
        assert REASON.encode() not in opening.reason


@pytest.mark.parametrize("reason", ["", "   ", "Because", "x" * 1001])
def test_without_a_reason_that_others_can_judge_nothing_is_opened(stage, sealed, officer, reason):
    answer = opened(officer, sealed.registration_id, reason)
    assert answer.status_code == 422
    assert list(problems(answer)) == ["reason"]
    assert clean(answer.text)
    assert fields(answer)["reason"].strip() == reason.strip()
    with stage.live.session() as session:
        assert session.scalars(select(Opening)).all() == []


def test_the_letter_can_be_read_for_a_quarter_of_an_hour_after_an_opening(stage, sealed, officer):
    letter = f"/records/{sealed.registration_id}/letter"
    assert officer.post(letter).status_code == 403
    opened(officer, sealed.registration_id)
    answer = officer.post(letter)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert "letter.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    stage.clock.forward(minutes=14)
    assert officer.post(letter).status_code == 200
    stage.clock.forward(minutes=2)
    assert officer.post(letter).status_code in {303, 403}
    other = stage.signed_in("protection")
    assert other.post(letter).status_code == 403


def test_there_is_no_record_of_an_open_registration(stage, person, officer):
    ana = person("ana").registered()
    for path in ("", "/open", "/clear", "/letter"):
        one = f"/records/{ana.registration_id}{path}"
        answer = officer.post(one, data={"reason": REASON}) if path else officer.get(one)
        assert answer.status_code in {403, 404}
        assert "Ana" not in answer.text
    assert officer.get(f"/records/{uuid4()}").status_code == 404


def test_a_record_sealed_to_another_key_stays_shut_and_the_desk_stays_up(stage, sealed, officer):
    opened(officer, sealed.registration_id)
    with stage.live.session() as session:
        session.scalars(select(SealedIdentity)).one().key_id = "0" * 12
        session.scalars(select(Opening)).one().key_id = "0" * 12
    answer = opened(officer, sealed.registration_id)
    assert answer.status_code == 409
    assert "sealed to a key that this desk does not hold" in main(answer)
    page = officer.get("/")
    assert page.status_code == 200
    assert "another key" in main(page)


def test_the_worker_of_open_mails_cannot_write_to_a_discreet_person(stage, person):
    ana = person("ana")
    ana.client.post("/events/panel/register", data=ana.form(discreet="y"))
    stage.settle()
    with stage.live.app.app_context():
        session, open_mails = db.session(), replace(house(), mail_key=stage.keys.mail)
        row = session.scalars(select(Delivery)).one()
        assert row.queue == "vault"
        row.state, row.ended_at = "queued", None
        session.commit()
        sender = SmtpSender(open_mails.smtp_url, open_mails.mail_from)
        notifications.deliver(
            session, delivery_id=row.id, sender=sender, house=open_mails, now=stage.clock.now()
        )
        session.commit()
        assert (row.state.value, row.failure) == ("retrying", "builder-CannotOpen")
    assert len(ana.mails()) == 1


def test_a_discreet_person_who_passes_the_seat_on_leaves_the_vault(stage, person):
    ana, ben = person("ana").registered(discreet="y"), person("ben")
    assert ana.act("pass-on", name="Ben Okoro", email=ben.address).status_code == 200
    assert ana.subjects()[-1] == "What you asked for is done"
    assert ben.subjects() == ["There is news for you"]
    with stage.live.session() as session:
        identity = session.scalars(select(SealedIdentity)).one()
    who = seal.unseal(stage.keys.vault, seal.Sealed(identity.key_id, identity.body))
    assert (who["name"], who["organisation"]) == ("Ben Okoro", "")
    assert words(find(ben.follow(), ".//h2[@id='status']")) == "You have a seat"


def test_whoever_withdraws_and_lapses_leaves_the_vault(stage, person):
    ana = person("ana")
    ana.send(discreet="y")
    stage.clock.forward(hours=24)
    stage.tick()
    with stage.live.session() as session:
        assert session.scalars(select(SealedIdentity)).all() == []
        assert session.scalars(select(SealedContact)).all() == []
