"""Letters of nomination: with the form or later, read by those who decide, sealed for the discreet."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from core.files import StoredFile
from events.programme.models import Policy
from tests.events.participant import main, problems

PDF = b"%PDF-1.7\nThe letter itself\n%%EOF\n"
OTHER = b"%PDF-1.7\nA better letter\n%%EOF\n"


def _file(body: bytes = PDF, name: str = "letter.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(body), name


@pytest.fixture
def moderated(stage: Any) -> Any:
    stage.change(policy=Policy.MODERATED)
    return stage


def test_the_secretariat_reads_a_letter_that_came_with_the_form(
    moderated: Any, person: Any
) -> None:
    ana = person().registered(letter=_file())
    desk = moderated.signed_in("triage")
    page = f"/triage/panel/{ana.registration_id}"
    assert "Download the letter" in main(desk.get(page))
    answer = desk.get(f"{page}/letter")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert "letter.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ana.client.get(f"{page}/letter").status_code == 303


def test_a_letter_sent_later_takes_the_place_of_an_earlier_one(moderated: Any, person: Any) -> None:
    ana = person().registered()
    desk = moderated.signed_in("triage")
    assert "No letter yet" in main(desk.get("/triage/panel"))
    assert desk.get(f"/triage/panel/{ana.registration_id}/letter").status_code == 404
    assert "Send your letter of nomination" in main(ana.page())
    for body in (PDF, OTHER):
        answer = ana.act("letter", letter=_file(body))
        assert (answer.status_code, answer.location) == (303, "/my-registration")
    assert desk.get(f"/triage/panel/{ana.registration_id}/letter").data == OTHER
    assert "No letter yet" not in main(desk.get("/triage/panel"))
    with moderated.live.session() as session:
        assert (
            len(
                session.scalars(
                    select(StoredFile).where(StoredFile.owner_id == ana.registration_id)
                ).all()
            )
            == 1
        )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose the file of your letter."),
        ({"letter": _file(b"")}, "This file is empty."),
        (
            {"letter": _file(b"MZ a program")},
            "The name says that this is a PDF file, but it is not. Save it as one and choose it again.",
        ),
    ],
)
def test_what_is_no_letter_gets_a_sentence_at_its_field(
    moderated: Any, person: Any, given: Any, sentence: str
) -> None:
    ana = person().registered()
    answer = ana.act("letter", **given)
    assert (answer.status_code, problems(answer)) == (422, {"letter": sentence})


def test_a_meeting_that_takes_everybody_asks_for_no_letter(person: Any) -> None:
    ana = person().registered()
    assert "Send your letter" not in main(ana.page())
    answer = ana.act("letter", letter=_file())
    assert (answer.status_code, problems(answer)) == (409, {"": "This meeting asks for no letter."})


def test_a_discreet_letter_is_sealed_whenever_it_comes(moderated: Any, person: Any) -> None:
    ana = person().registered(discreet="y")
    desk, officer = moderated.signed_in("triage"), moderated.signed_in("protection")
    assert ana.act("letter", letter=_file()).status_code == 303
    with moderated.live.session() as session:
        row = session.scalars(
            select(StoredFile).where(StoredFile.owner_id == ana.registration_id)
        ).one()
        assert (row.is_sealed, row.name) == (True, "")
    assert desk.get(f"/triage/panel/{ana.registration_id}/letter").status_code == 404
    record = f"/records/{ana.registration_id}"
    reason = {"reason": "The letter has to be compared with the name on the list."}
    assert "Download the letter" in officer.post(f"{record}/open", data=reason).text
    assert officer.post(f"{record}/letter").data == PDF
