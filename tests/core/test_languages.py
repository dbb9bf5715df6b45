"""Which language a reader gets, how dates are written in it, and the right-to-left trial language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from core import languages
from core.languages import _, _l, _n, choose, force_locale
from core.mail.render import compose
from core.pseudo import pseudo
from core.web import filters

KNOWN = ("en", "fr", "ar")
NB = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _spoken(app):
    """Inside an application: outside of one, texts silently stay English."""
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("cookie", "wishes", "chosen"),
    [
        (None, [], "en"),
        (None, ["fr-CH", "en"], "fr"),
        (None, ["de", "fr"], "fr"),
        (None, ["de"], "en"),
        ("fr", ["en"], "fr"),
        ("xx", ["fr"], "fr"),
        (None, ["ar-EG", "fr"], "fr"),
        ("ar", ["fr"], "ar"),
    ],
)
def test_the_choice_goes_before_the_browsers_wish(cookie, wishes, chosen):
    """The trial language is never given to somebody who merely wishes for Arabic."""
    assert choose(cookie, wishes, KNOWN) == chosen


def test_the_trial_language_is_chosen_by_the_address_and_offered_to_nobody(client):
    client.get("/about?lang=ar")
    assert 'lang="ar" dir="rtl"' in client.get("/about").text
    client.delete_cookie("lang")
    assert "lang=ar" not in client.get("/about").text


def test_without_the_trial_language_its_cookie_says_nothing():
    app = Flask("plain")
    languages.install(app, with_pseudo=False)
    assert app.config["KNOWN_LANGUAGES"] == languages.COMPLETE
    assert choose("ar", ["fr"], app.config["KNOWN_LANGUAGES"]) == "fr"
    with app.app_context(), force_locale("ar"):
        assert _("Home") == "Home"


def test_the_trial_language_puts_letters_and_leaves_what_is_filled_in():
    text = 'Wait %(num)s, see <a href="/x">NMIRF &amp; this</a> at name@example.org or https://a.example?'
    put = pseudo(text)
    for kept in (
        "%(num)s",
        '<a href="/x">',
        "</a>",
        "&amp;",
        "NMIRF",
        "name@example.org",
        "https://a.example",
    ):
        assert kept in put
    assert put.startswith("شايت %(num)s،")


def test_the_trial_language_speaks_lazily_and_in_plurals():
    label = _l("Home")
    with force_locale("ar"):
        assert str(label) == pseudo("Home")
        assert _n("%(num)s State", "%(num)s States", 1) == "1 " + pseudo("State")
        assert _n("%(num)s State", "%(num)s States", 3) == "3 " + pseudo("States")
        assert _("Error %(status)s", status=404) == pseudo("Error") + " 404"
    assert str(label) == "Home"


def test_a_mail_in_the_trial_language_runs_from_right_to_left():
    mail = compose(
        "sign_in_code", to="a@b.example", language="ar", code="123456", hours=24, link="https://x"
    )
    assert mail.language == "ar"
    assert mail.subject == pseudo("Your sign-in code")
    assert 'lang="ar" dir="rtl"' in mail.html
    assert "123456" in mail.text


def test_french_writes_the_first_of_a_month_as_an_ordinal():
    with force_locale("fr"):
        assert languages.day(date(2027, 6, 1)) == "1er juin 2027"
        assert languages.day(date(2027, 6, 11)) == "11 juin 2027"
        assert filters.days(date(2027, 6, 1), date(2027, 6, 3)) == "1er–3 juin 2027"
        assert filters.days(date(2027, 2, 7), date(2027, 2, 8)) == "7–8 février 2027"
        spread = filters.days(date(2027, 5, 30), date(2027, 6, 1))
        assert spread.split() == ["30", "mai", "–", "1er", "juin", "2027"]
        assert languages.month(date(2027, 6, 1)) == "juin 2027"


def test_spans_have_their_months_written_out():
    spans = [(date(2027, 2, 27), date(2027, 3, 2)), (date(2026, 12, 30), date(2027, 1, 2))]
    written = [" ".join(filters.days(*span).split()) for span in spans]
    assert written == ["27 February – 2 March 2027", "30 December 2026 – 2 January 2027"]


def test_hours_are_written_as_the_language_does():
    moment = datetime(2027, 6, 1, 12, 5, tzinfo=UTC)
    assert languages.moment(moment, "Europe/Zurich") == "1 June 2027, 14:05"
    with force_locale("fr"):
        assert languages.moment(moment, "Europe/Zurich") == f"1er juin 2027 à 14{NB}h{NB}05"
        morning = datetime(2027, 6, 2, 7, 30, tzinfo=UTC)
        assert languages.clock_time(morning, "Europe/Zurich") == f"9{NB}h{NB}30"
    with force_locale("ar"):
        assert "يونيو" in languages.moment(moment, "Europe/Zurich")


def test_a_text_in_several_languages_falls_back_and_says_in_which_language_it_is():
    texts = {"en": "Panel", "fr": "Réunion-débat"}
    assert (languages.localized(texts, "fr"), languages.language_of(texts, "fr")) == (
        "Réunion-débat",
        "fr",
    )
    assert (languages.localized(texts, "ar"), languages.language_of(texts, "ar")) == ("Panel", "en")
    assert languages.localized({}, "fr") == ""
