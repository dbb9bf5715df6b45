"""What people mistype, paste, press twice and leave open: a sentence at the field, nothing lost."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from core import clock as core_clock
from core import files
from core.context import SYSTEM
from events.programme import service as programme
from events.programme.models import Event, Mode, Policy, Status
from events.registrations.models import Details, Registration
from tests.events.participant import HOW, WHO, calendars, fields, find, problems, words

TYPED = WHO | HOW | {"email": "ana@people.example"}


@pytest.fixture
def panel(session, home) -> Event:
    """A moderated meeting, so that its form takes a letter."""
    now = core_clock.now()
    day = (now + timedelta(days=40)).date()
    plan = programme.Plan(
        key="panel",
        kind="panel",
        format="hybrid",
        title={"en": "Panel on reporting"},
        about={},
        starts_on=day,
        ends_on=day,
        starts_at=None,
        ends_at=None,
        timezone="Europe/Zurich",
        place={"en": "Geneva"},
        organiser="Relais",
        status=Status.PUBLISHED,
        policy=Policy.MODERATED,
        languages=["en", "fr"],
        seats={Mode.ROOM: 2, Mode.ONLINE: None},
    )
    store = files.Disk(home / "files")
    return programme.set_up(session, plan, store=store, by=SYSTEM, now=now)


@pytest.fixture
def send(client, panel, session):
    """Send the form with some answers changed; None leaves one out."""

    def one(**changes):
        data = {name: value for name, value in (TYPED | changes).items() if value is not None}
        return client.post("/events/panel/register", data=data)

    session.flush()
    return one


def only(session) -> Details:
    return session.scalars(select(Details)).one()


def test_an_empty_form_says_at_each_field_what_is_missing(client, panel, session):
    session.flush()
    answer = client.post("/events/panel/register", data={"form_version": "1"})
    assert answer.status_code == 422
    assert problems(answer) == {
        "category": "Choose in which capacity you take part.",
        "organisation": "Say which organisation you come from.",
        "name": "Write your name.",
        "mode": "Choose the room or online.",
        "language": "Choose a language.",
        "email": "Write your e-mail address, or tick that you have none you can use safely.",
    }
    assert words(find(answer, ".//title")).startswith("Problem:")


def test_nothing_that_was_typed_is_lost(send):
    typed = {
        "name": "Ana <b>Tavake</b> & co",
        "organisation": 'Reef "Watch"',
        "category": "un",
        "mode": "online",
        "language": "fr",
        "listing": "organisation",
        "needs": ["sign", "remote"],
        "needs_note": "Line one\nLine two </textarea>",
        "email": "ana at people",
        "discreet": "y",
        "wants_summary": None,
    }
    answer = send(**typed)
    assert answer.status_code == 422
    assert fields(answer) == {name: value for name, value in typed.items() if value} | {
        "form_version": "1"
    }


@pytest.mark.parametrize(
    "name",
    [
        "محمد بن عبد الله",
        "王小明",
        "Nguyễn Thị Minh Khai",
        "می‌خواهم",
        "क्षितिज",
        "O’Brien-Ōtani, Jr.",
        "👩🏽‍⚖️ Ana",
        "𝒜𝓃𝒶",
        "X",
        "A" * 200,
        "<script>alert(1)</script>",
        "{{ 7 * 7 }} %(name)s {name}",
        "Robert'); DROP TABLE event;--",
    ],
)
def test_a_name_in_any_script_is_kept_as_it_is(send, session, name):
    assert send(name=name).status_code == 303
    assert only(session).name == name


def test_combining_marks_are_composed_and_outer_space_goes(send, session):
    assert send(name="  Jose\u0301\u00a0 ").status_code == 303
    assert only(session).name == "José"


@pytest.mark.parametrize("turning", ["\u202e", "\u202d", "\u2067", "\u2066\u202b"])
def test_a_name_cannot_turn_the_text_around_it(send, session, turning):
    assert send(name=f"Ana{turning}gnitset\u0000\u0007").status_code == 303
    assert only(session).name == "Anagnitset"


@pytest.mark.parametrize(
    "nothing",
    ["", "   ", "\t\n", "\u200b\u200e\u2060", "\u3164\u2800", "\u00ad", "\ufeff", "\u0301"],
)
def test_a_name_that_shows_nothing_is_none(send, nothing):
    assert problems(send(name=nothing)) == {"name": "Write your name."}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085"])
def test_a_name_has_one_line(send, end):
    answer = send(name=f"Ana{end}Bcc: all@people.example", organisation=f"Reef{end}Watch")
    assert problems(answer) == {
        "name": "Write this on one line.",
        "organisation": "Write this on one line.",
    }


def test_what_is_too_long_is_counted_and_kept(send):
    answer = send(name="A" * 201, organisation="é" * 300, needs_note="n" * 1001)
    assert problems(answer) == {
        "name": "This is 201 characters long; 200 fit.",
        "organisation": "This is 300 characters long; 200 fit.",
        "needs_note": "This is 1001 characters long; 1000 fit.",
    }
    assert fields(answer)["organisation"] == "é" * 300


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ana people.example", "This address has a space in it."),
        ("ana@people .example", "This address has a space in it."),
        ("ana@people.example\r\nBcc: all@people.example", "This address has a space in it."),
        ("ana@people.example\nBcc:x@y.example", "This address has a space in it."),
        ("ana@people.example\u2028x", "This address has a space in it."),
        ("ana", "An e-mail address has one @, as in name@example.org."),
        ("@people.example", "An e-mail address has one @, as in name@example.org."),
        ("ana@@people.example", "An e-mail address has one @, as in name@example.org."),
        ("ana@b@people.example", "An e-mail address has one @, as in name@example.org."),
        ("ana@people", "This address is not complete. It should look like name@example.org."),
        ("ana@people.", "This address is not complete. It should look like name@example.org."),
        ("ana@.example", "This address is not complete. It should look like name@example.org."),
        ("ana..b@p.example", "This address is not complete. It should look like name@example.org."),
        (
            "Ana<ana@people.example>",
            "Give one address only, without brackets, commas or quotation marks.",
        ),
        (
            "a@p.example,b@p.example",
            "Give one address only, without brackets, commas or quotation marks.",
        ),
        ("a" * 250 + "@people.example", "This address is too long to be one."),
        ("ana@" + "x" * 64 + ".example", "This address is too long to be one."),
        ("a" * 65 + "@people.example", "This address is too long to be one."),
    ],
)
def test_an_address_that_is_none_is_explained_and_kept(send, session, address, sentence):
    answer = send(email=address)
    assert answer.status_code == 422
    assert problems(answer) == {"email": sentence}
    assert words(find(answer, ".//title")).startswith("Problem:")
    shown = find(answer, ".//input[@id='email']").get("value")
    assert shown.split() == address.replace("\u2028", "\n").split()
    assert session.scalars(select(Registration)).all() == []


@pytest.mark.parametrize(
    "address", ["ana.o'neil+reef@people.example", "ana@reef.müller.example", "ana@食狮.example"]
)
def test_an_address_in_any_script_is_taken(send, session, address):
    assert send(email=f" {address} ").status_code == 303
    assert only(session).address == address


@pytest.mark.parametrize("field", ["category", "mode", "language", "listing", "needs"])
def test_an_answer_that_was_not_offered_is_refused(send, field):
    assert problems(send(**{field: "; DROP"})) == {field: "Choose one of the answers offered."}


def test_a_form_that_changed_while_it_was_filled_in_is_shown_again_with_what_was_typed(
    send, panel, session, client
):
    panel.form_version = 2
    session.flush()
    answer = send(needs_note="Kept")
    assert answer.status_code == 422
    assert list(problems(answer)) == [""]
    assert "was changed while you filled it in" in problems(answer)[""]
    again = fields(answer)
    assert (again["form_version"], again["needs_note"], again["name"]) == (
        *("2", "Kept"),
        "Ana Tavake",
    )
    assert client.post("/events/panel/register", data=again).status_code == 303


@pytest.mark.parametrize("version", [None, "", "x", "1e9", "-1"])
def test_a_form_without_its_version_is_one_that_changed(send, version):
    assert "was changed while you filled it in" in problems(send(form_version=version))[""]


def docx(inside: str = "word/document.xml") -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as made:
        made.writestr(inside, "<w/>")
    return body.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("letter.pdf", b"Dear all, I am not a PDF."),
        ("letter.pdf", b"MZ\x90\x00 a program"),
        ("letter.exe", PDF),
        ("letter", PDF),
        ("letter.pdf.exe", PDF),
        ("letter.docx", docx("xl/workbook.xml")),
        ("letter.docx", b"PK\x03\x04 half an archive"),
        ("letter.png", PDF),
        ("letter.pdf", b""),
        ("letter.html", b"<script>alert(1)</script>"),
        ("letter.svg", b"<svg onload='alert(1)'/>"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(send, session, name, body):
    answer = send(letter=(io.BytesIO(body), name), needs_note="Kept")
    assert answer.status_code == 422
    assert list(problems(answer)) == ["letter"]
    assert problems(answer)["letter"].endswith(".")
    assert fields(answer)["needs_note"] == "Kept"
    assert session.scalars(select(files.StoredFile)).all() == []


def parts(**changes) -> dict[str, object]:
    """The form as one body, which the test client would else put into a temporary file."""
    boundary, body = encode_multipart(TYPED | changes)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


@pytest.mark.parametrize("size", [files.LARGEST + 1, 30 * 1024 * 1024])
def test_a_file_that_is_too_big_is_refused_at_its_field_and_the_rest_is_kept(
    client, panel, session, size
):
    session.flush()
    letter = FileStorage(io.BytesIO(PDF.ljust(size, b"\n")), "letter.pdf")
    answer = client.post("/events/panel/register", **parts(needs_note="Kept", letter=letter))
    assert answer.status_code == 422
    assert list(problems(answer)) == ["letter"]
    assert "10 MB" in problems(answer)["letter"]
    assert fields(answer)["needs_note"] == "Kept"


def test_an_upload_never_lies_in_a_temporary_file(app):
    letter = FileStorage(io.BytesIO(PDF.ljust(2_000_000, b"\n")), "letter.pdf")
    with app.test_request_context("/", method="POST", **parts(letter=letter)) as context:
        stream = context.request.files["letter"].stream
        assert isinstance(stream, io.BytesIO)
        assert len(stream.read()) == 2_000_000


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("letter.pdf", "letter.pdf"),
        ("../../etc/letter.pdf", "letter.pdf"),
        ("رسالة.pdf", "رسالة.pdf"),
        ("fdp.\u202eletter.pdf", "fdp.letter.pdf"),
        ("l" * 300 + ".pdf", "l" * 146 + ".pdf"),
    ],
)
def test_a_letter_is_kept_under_a_tidy_name(send, session, given, kept):
    assert send(letter=(io.BytesIO(PDF), given)).status_code == 303
    stored = session.scalars(select(files.StoredFile)).one()
    assert (stored.name, stored.mime, stored.owner_kind) == (
        kept,
        "application/pdf",
        "registration",
    )


@pytest.mark.parametrize("path", ["/events/%00", "/events?after=%00", "/network?q=%00", "/r/%00"])
def test_an_address_with_a_null_is_no_page(client, path):
    assert client.get(path).status_code in {200, 404}


def test_signs_that_calendars_and_mails_give_a_meaning_do_no_harm(stage, person):
    name = 'Ana "the\\n" ;Reef:,= \u0000 Tavake\t<x@y.example>'
    ana = person().registered(name=name)
    (part, *_same) = calendars(ana.mails()[-1])
    (entry,) = icalendar.Calendar.from_ical(part).walk("VEVENT")
    assert str(entry["ATTENDEE"]) == "MAILTO:ana@people.example"
    assert ana.mails()[-1]["To"] == "ana@people.example"
    assert ana.mails()[-1]["Bcc"] is None


@pytest.mark.parametrize("address", ["ana@reef.müller.example", "änä@people.example"])
def test_a_mail_reaches_an_address_in_any_script(stage, person, address):
    ana = person()
    answer = ana.client.post("/events/panel/register", data=ana.form(email=address))
    stage.settle()
    if answer.status_code == 422:
        assert list(problems(answer)) == ["email"]
    else:
        assert len(stage.mailbox.messages) == 1
