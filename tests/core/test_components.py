"""Components say everything that a reader, a screen reader and a keyboard need."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, StringField, TextAreaField

from core.errors import Invalid
from core.web import filters
from core.web.forms import (
    AtMost,
    Checkboxes,
    Choose,
    EmailAddress,
    Form,
    OneLine,
    PublicForm,
    Radio,
    Required,
    address_problem,
    cleaned,
    option,
)


class Everything(PublicForm):
    """One field of each kind."""

    name = StringField("Name", [Required("Say your name."), OneLine(), AtMost(10)])
    email = EmailField("E-mail", [EmailAddress()], description="We send a code to it.")
    about = TextAreaField("About")
    language = Choose("Language", choices=[option("en", "English"), option("fr", "Français")])
    mode = Radio(
        "How?",
        choices=[option("room", "Room", "few seats left"), option("online", "Online")],
        validators=[Required("Choose one.")],
    )
    needs = Checkboxes("Needs", choices=[option("captions", "Captions"), option("sign", "Sign")])
    agree = BooleanField("Send me the summary")


def form(**typed: Any) -> Everything:
    """The form as it stands after `typed` was sent."""
    sent: MultiDict[str, Any] = MultiDict()
    for name, value in typed.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    made = Everything(formdata=sent)
    made.validate()
    return made


def drawn(template: str, **context: Any) -> Any:
    """A template's HTML, parsed strictly."""
    html = render_template_string(template, **context)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parseFragment(html)


def draw_field(name: str, made: Everything, more: str = "") -> Any:
    """One field as the macro draws it."""
    return drawn(
        '{% from "components/field.html" import field %}{{ field(f' + more + ") }}", f=made[name]
    )


def words(tree: Any) -> str:
    """All text in a tree, with single spaces."""
    return " ".join("".join(tree.itertext()).split())


@pytest.fixture(autouse=True)
def reader(app: Flask) -> Any:
    """A reader of English."""
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


def test_a_field_ties_its_label_hint_and_problem_to_its_box() -> None:
    tree = draw_field("email", form(name="Ana", email="ana @ngo.example", mode="room"))
    box, label = tree.find(".//input"), tree.find(".//label")
    assert label.get("for") == box.get("id") == "email"
    assert box.get("aria-invalid") == "true"
    assert box.get("aria-describedby") == "email-hint email-problem"
    assert words(tree.find(".//*[@id='email-hint']")) == "We send a code to it."
    assert (
        words(tree.find(".//*[@id='email-problem']")) == "Problem: This address has a space in it."
    )


def test_a_field_keeps_what_was_typed_however_wrong() -> None:
    tree = draw_field("name", form(name="Ana-María de los Ángeles"))
    assert tree.find(".//input").get("value") == "Ana-María de los Ángeles"
    assert "maxlength" not in tree.find(".//input").attrib
    assert (
        words(tree.find(".//*[@id='name-problem']"))
        == "Problem: This is 24 characters long; 10 fit."
    )


def test_a_group_of_choices_is_a_fieldset_and_each_choice_has_its_hint() -> None:
    tree = draw_field("mode", form(mode="room"))
    assert words(tree.find(".//legend")) == "How?"
    assert [
        (box.get("type"), box.get("id"), box.get("value"), "checked" in box.attrib)
        for box in tree.findall(".//input")
    ] == [("radio", "mode-0", "room", True), ("radio", "mode-1", "online", False)]
    assert words(tree.findall(".//label")[0]) == "Room few seats left"


def test_several_may_be_ticked_and_stay_ticked() -> None:
    tree = draw_field("needs", form(needs=["captions", "sign"]))
    assert ["checked" in box.attrib for box in tree.findall(".//input")] == [True, True]


def test_only_what_may_stay_empty_is_called_optional() -> None:
    made = form()
    said = {
        name: "(optional)" in words(draw_field(name, made))
        for name in ("name", "about", "language", "mode")
    }
    assert said == {"name": False, "about": True, "language": False, "mode": False}
    assert "(optional)" not in words(draw_field("about", made, ", optional=false"))


def test_the_summary_counts_the_problems_and_links_to_each_field() -> None:
    tree = drawn(
        '{% from "components/error_summary.html" import error_summary %}{{ error_summary(form) }}',
        form=form(email="no"),
    )
    assert words(tree.find(".//h2")) == "3 things need your attention"
    assert [(a.get("href"), words(a)) for a in tree.findall(".//a")] == [
        ("#name", "Say your name."),
        ("#email", "An e-mail address has one @, as in name@example.org."),
        ("#mode-0", "Choose one."),
    ]


def test_a_form_without_problems_has_no_summary() -> None:
    tree = drawn(
        '{% from "components/error_summary.html" import error_summary %}{{ error_summary(form) }}',
        form=form(name="Ana", mode="room"),
    )
    assert words(tree) == ""


def test_a_refusal_of_the_service_lands_at_its_field_or_on_top() -> None:
    made = form(name="Ana", mode="room")
    made.take(Invalid({"name": "Taken.", "elsewhere": "Odd."}, "Try again."))
    assert made.problems() == [("", "Odd."), ("", "Try again."), ("name", "Taken.")]


def test_an_answer_that_was_not_offered_gets_a_sentence() -> None:
    made = form(name="Ana", mode="moon", language="xx", needs=["captions", "wings"])
    assert made.problems() == [
        ("language", "Choose one of the answers offered."),
        ("mode-0", "Choose one of the answers offered."),
        ("needs-0", "Choose one of the answers offered."),
    ]


def test_a_stale_token_is_a_sentence_and_loses_nothing(app: Flask) -> None:
    class Kept(Form):
        name = StringField("Name")

    app.config["WTF_CSRF_ENABLED"] = True
    made = Kept(formdata=MultiDict({"name": "Ana", "csrf_token": "old"}))
    assert made.validate() is False
    assert made.problems() == [
        ("", "This page was open for too long. Check what you typed and send it again.")
    ]
    assert made["name"].data == "Ana"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana  ", "Ana"),
        ("A\x00na\x07", "Ana"),
        ("one\r\ntwo", "one\ntwo"),
        ("Jose\u0301", "José"),
        ("علي\u200f", "علي\u200f"),
        (["a"], ["a"]),
        (None, None),
    ],
)
def test_typed_text_is_cleaned_and_never_changed_in_meaning(typed: object, kept: object) -> None:
    assert cleaned(typed) == kept


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ana@ngo.example", ""),
        ("δοκιμή@παράδειγμα.example", ""),
        ("", ""),
        ("ana @ngo.example", "This address has a space in it."),
        ("ana@ngo.example\nbcc: x@y.example", "This address has a space in it."),
        (
            "Ana<ana@ngo.example>",
            "Give one address only, without brackets, commas or quotation marks.",
        ),
        (
            "a@b.example,c@d.example",
            "Give one address only, without brackets, commas or quotation marks.",
        ),
        ("ana", "An e-mail address has one @, as in name@example.org."),
        ("ana@b@c.example", "An e-mail address has one @, as in name@example.org."),
        ("ana@ngo", "This address is not complete. It should look like name@example.org."),
        ("ana@ngo..example", "This address is not complete. It should look like name@example.org."),
        (f"{'a' * 250}@ngo.example", "This address is too long to be one."),
    ],
)
def test_what_is_wrong_with_an_address_is_said(address: str, sentence: str) -> None:
    assert address_problem(address) == sentence


def meeting(**more: Any) -> SimpleNamespace:
    """What templates read of an event."""
    known: dict[str, Any] = {
        "starts_on": date(2027, 6, 14),
        "ends_on": date(2027, 6, 14),
        "date_precision": "day",
        "starts_at": datetime(2027, 6, 14, 8, tzinfo=UTC),
        "ends_at": datetime(2027, 6, 14, 10, tzinfo=UTC),
        "timezone": "Europe/Zurich",
        "status": SimpleNamespace(value="published"),
    }
    return SimpleNamespace(**{**known, **more})


def test_a_meeting_is_shown_with_its_hours_and_zone() -> None:
    tree = drawn('{% from "components/when.html" import when %}{{ when(event) }}', event=meeting())
    assert words(tree) == "14 June 2027, 10:00–12:00 Geneva time (08:00–10:00 UTC)"
    assert tree.find(".//time").get("datetime") == "2027-06-14T08:00Z"


def test_a_month_never_looks_like_a_day() -> None:
    known = meeting(
        starts_on=date(2027, 6, 1),
        ends_on=date(2027, 7, 31),
        date_precision="month",
        starts_at=None,
        ends_at=None,
    )
    said = drawn('{% from "components/when.html" import when %}{{ when(event) }}', event=known)
    leaf = drawn(
        '{% from "components/date_badge.html" import date_badge %}{{ date_badge(event) }}',
        event=known,
    )
    spaces = str.maketrans("", "", "\u2009\u202f \xa0")
    assert words(said).translate(spaces) == "June–July2027(datenotyetpublished)"
    assert words(leaf).translate(spaces) == "Jun–Jul2027"


def test_a_fact_from_a_public_source_names_the_site_and_the_day() -> None:
    tree = drawn(
        '{% from "components/source_mark.html" import source_mark %}{{ source_mark(url, on) }}',
        url="https://www.example.org/page?x=1",
        on=date(2026, 9, 3),
    )
    assert words(tree) == "Public source: example.org (recorded here on 3 September 2026)"
    assert tree.find(".//a").get("href") == "https://www.example.org/page?x=1"


def test_the_language_switch_keeps_the_rest_of_the_address(app: Flask) -> None:
    with app.test_request_context("/network?q=caf%C3%A9&lang=en"):
        assert [(t.code, t.name, t.href, t.is_current) for t in filters.tongues()] == [
            ("en", "English", "?q=caf%C3%A9&lang=en", True),
            ("fr", "Français", "?q=caf%C3%A9&lang=fr", False),
        ]


def test_choosing_a_language_sets_one_cookie_and_goes_on_without_it(app: Flask) -> None:
    answer = app.test_client().get("/privacy?lang=fr&x=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/privacy?x=1"
    assert answer.headers["Set-Cookie"].startswith("lang=fr;")


@pytest.mark.parametrize("path", ["//evil.example/?lang=fr", "/\\evil.example?lang=fr"])
def test_choosing_a_language_never_leads_to_another_site(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert not answer.headers.get("Location", "/").startswith(("//", "/\\", "http"))


def test_a_language_that_does_not_exist_sets_no_cookie(app: Flask) -> None:
    answer = app.test_client().get("/privacy?lang=xx")
    assert answer.headers["Location"] == "/privacy"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/privacy", "/accessibility", "/open-data", "/about"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_of_text_stand_in_every_language_without_a_cookie(
    app: Flask, path: str, language: str
) -> None:
    answer = app.test_client().get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_static_files_are_kept_for_ever_under_names_that_change(app: Flask) -> None:
    address = app.extensions["assets"].url("relais.css")
    answer = app.test_client().get(address, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get(address.replace("relais.", "relais.0")).status_code == 404
