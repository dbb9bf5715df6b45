"""Codes, two tabs, double clicks and pages left open: one outcome, a sentence, nothing lost."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import files
from events.programme.models import Mode, Policy, Seats
from tests.events.participant import HOW, WHO, fields, find, main, problems

TYPED = WHO | HOW | {"email": "ana@people.example"}
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    "typed", ["", "   ", "12", "abcdef", "12345678901234567890", "１２３", "💥"]
)
def test_what_is_no_code_is_explained_and_kept(stage, person, typed):
    ana = person()
    ana.send()
    answer = ana.client.post(f"/registrations/{ana.registration_id}/confirm", data={"code": typed})
    assert answer.status_code == 422
    assert list(problems(answer)) == ["code"]
    assert find(answer, ".//input[@id='code']").get("value", "") == typed.strip()
    assert ana.state() == "unconfirmed"


def test_a_code_counts_however_it_is_typed(stage, person):
    ana = person()
    ana.send()
    code = ana.code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert ana.confirm(f" {code[:3]} {code[3:]}\u200f ").status_code == 303


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


NOT_RIGHT = (
    "This code is not right, is older than 24 hours or has been used already. "
    "After five wrong tries it ends; then register again."
)


def test_five_wrong_tries_end_a_code_and_the_same_form_gives_a_new_one_at_once(stage, person):
    ana = person()
    ana.send()
    code = ana.code()
    for _try in range(5):
        assert problems(ana.confirm(wrong(code))) == {"code": NOT_RIGHT}
    assert problems(ana.confirm(code)) == {"code": NOT_RIGHT}
    assert ana.state() == "unconfirmed"
    ana.send()
    assert len(ana.mails()) == 2
    assert ana.confirm().status_code == 303
    assert ana.state() == "confirmed"


def test_a_code_works_for_its_own_registration_only(stage, person):
    ana, ben = person("ana"), person("ben")
    ana.send()
    ben.send()
    if ana.code() != ben.code():
        assert problems(ana.confirm(ben.code())) == {"code": NOT_RIGHT}
    assert ana.state() == "unconfirmed"


def test_a_used_code_leads_back_in_the_same_browser_and_nowhere_in_another(stage, person):
    ana = person().registered()
    code = ana.code()
    again = ana.confirm(code)
    assert (again.status_code, again.location) == (303, "/my-registration")
    ana.client = stage.live.client()
    assert problems(ana.confirm(code)) == {"code": NOT_RIGHT}
    assert len(ana.mails()) == 2


def test_an_old_code_is_refused(stage, person):
    ana = person()
    ana.send()
    stage.clock.forward(hours=24)
    assert problems(ana.confirm()) == {"code": NOT_RIGHT}


def test_a_code_page_tells_nothing_of_whether_there_is_such_a_registration(stage, person):
    ana = person()
    ana.send()
    client = stage.live.client()
    known, unknown = ana.registration_id, uuid4()
    pages = [client.get(f"/registrations/{one}/confirm") for one in (known, unknown)]
    tries = [
        client.post(f"/registrations/{one}/confirm", data={"code": wrong(ana.code())})
        for one in (known, unknown)
    ]
    for mine, nobodys in (pages, tries):
        assert mine.status_code == nobodys.status_code
        assert mine.text.replace(str(known), "") == nobodys.text.replace(str(unknown), "")


def test_the_same_form_sent_twice_is_one_registration_and_one_code(stage, person):
    ana = person()
    first, second = ana.send(), ana.send()
    assert first.location == second.location
    assert (stage.states(), len(ana.mails())) == ({"unconfirmed": 1}, 1)
    later = ana.send(wants_summary=None)
    assert later.location != first.location


def test_a_letter_added_on_the_second_thought_is_not_lost(stage, person):
    stage.change(policy=Policy.MODERATED)
    ana = person()
    ana.send()
    ana.send(letter=(io.BytesIO(PDF), "letter.pdf"))
    with stage.live.session() as session:
        (stored,) = session.scalars(select(files.StoredFile)).all()
        assert stored.owner_id == ana.registration_id


def test_two_tabs_find_each_other_and_nothing_typed_is_lost(stage, person):
    ana = person().registered()
    first, second = ana.edited(), ana.edited()
    assert ana.act("edit", **first | {"needs_note": "First tab"}).status_code == 303
    answer = ana.act("edit", **second | {"organisation": "Second tab"})
    assert answer.status_code == 409
    assert "changed in another tab" in problems(answer)[""]
    again = fields(answer)
    assert again["organisation"] == "Second tab"
    assert ana.act("edit", **again).status_code == 303
    assert ana.edited()["organisation"] == "Second tab"


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("mode", "Choose the room or online."),
        ("category", "Choose in which capacity you take part."),
        ("language", "Choose a language."),
        ("listing", "Choose how you should appear."),
        ("name", "Write your name."),
        ("organisation", "Say which organisation you come from."),
    ],
)
def test_a_change_without_an_answer_says_which_is_missing(stage, person, field, sentence):
    ana = person().registered()
    answer = ana.act("edit", **ana.edited(**{field: None}))
    assert answer.status_code == 422
    assert problems(answer) == {field: sentence}


@pytest.mark.parametrize("version", [None, "", "x", "9" * 40, "-1", "²"])
def test_a_change_of_no_known_version_is_shown_again(stage, person, version):
    ana = person().registered()
    assert ana.act("edit", **ana.edited(version=version)).status_code == 409


def test_a_change_that_does_not_fit_keeps_the_seat_and_says_why(stage, person):
    with stage.live.session() as session:
        online = session.scalars(select(Seats).where(Seats.mode == Mode.ONLINE)).one()
        online.capacity = 0
    ana = person().registered()
    answer = ana.act("edit", **ana.edited(mode="online", needs_note="Kept"))
    assert answer.status_code == 409
    assert problems(answer) == {
        "": "There is no free seat in the other mode. You keep the seat you have."
    }
    assert fields(answer)["needs_note"] == "Kept"
    assert stage.registration(ana.registration_id).mode is Mode.ROOM


def test_what_the_secretariat_approved_cannot_be_changed_and_says_so_at_its_field(stage, person):
    stage.change(policy=Policy.MODERATED)
    ana = person().registered()
    stage.signed_in("triage").post(f"/triage/panel/{ana.registration_id}/approve")
    stage.settle()
    for name, value in (("organisation", "Another"), ("category", "state")):
        answer = ana.act("edit", **ana.edited(**{name: value}))
        assert answer.status_code == 422
        assert list(problems(answer)) == [name]
    assert ana.act("edit", **ana.edited(needs_note="More")).status_code == 303
    assert ana.state() == "confirmed"


def test_passing_on_to_nobody_is_explained_and_the_seat_stays(stage, person):
    ana = person().registered()
    answer = ana.act("pass-on", name=" ", email="ben at people")
    assert answer.status_code == 422
    assert problems(answer) == {
        "name": "Write the name of the person.",
        "email": "This address has a space in it.",
    }
    assert ana.status() == "You have a seat"


def test_passing_on_twice_reaches_one_person_only(stage, person):
    ana = person().registered()
    other = stage.live.client()
    other.get(ana.link())
    assert ana.act("pass-on", name="Ben", email="ben@people.example").status_code == 200
    late = other.post("/my-registration/pass-on", data={"name": "Cy", "email": "cy@people.example"})
    assert late.status_code == 401
    stage.settle()
    assert stage.mailbox.to("cy@people.example") == []


def test_a_page_that_was_open_for_too_long_keeps_what_was_typed(stage, person):
    ana = person().registered()
    stage.live.app.config["WTF_CSRF_ENABLED"] = True
    answer = ana.act("edit", **ana.edited(csrf_token="old", organisation="Typed long ago"))
    assert answer.status_code == 422
    assert "This page was open for too long." in problems(answer)[""]
    again = fields(answer)
    assert again["organisation"] == "Typed long ago"
    assert ana.act("edit", **again).status_code == 303
    for act in ("cancel", "discreet"):
        refused = ana.act(act)
        assert refused.status_code == 422
        assert "This page was open for too long. Try again." in main(refused)
    assert ana.state() == "confirmed"


def test_a_form_sent_from_another_site_is_refused(stage, person):
    ana = person().registered()
    answer = ana.client.post("/my-registration/cancel", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert ana.state() == "confirmed"
