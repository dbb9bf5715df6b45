"""Languages: which there are, which are complete, and which one a reader gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.dates import format_time as babel_time
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale
from flask_babel import gettext as _gettext
from flask_babel import lazy_gettext as _lazy_gettext
from flask_babel import ngettext as _ngettext

from core.pseudo import PseudoDomain

UN_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
COMPLETE = ("en", "fr")
PSEUDO = "ar"
COOKIE = "lang"
SHAPES = {"en": "en_GB"}
"""Whose dates and lists a language follows where countries differ: UN documents say 14 June."""

__all__ = ["COMPLETE", "COOKIE", "PSEUDO", "UN_LANGUAGES", "force_locale"]

CLOCKS = {"fr": "H'\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}'mm"}
"""How a language writes the hour where it is not 14:30."""

FIRST = re.compile(r"(?<!\d)1(?=\s[^\W\d]|\s?[–-])")


def _(text: str, **values: object) -> str:
    """Translate for the present reader. One typed door to an untyped library."""
    return str(_gettext(text, **values))


def _l(text: str, **values: object) -> Any:
    """Translate when shown: for labels that are made before there is a reader."""
    return _lazy_gettext(text, **values)


def _n(one: str, many: str, count: int, **values: object) -> str:
    """Translate a sentence with a number in it."""
    return str(_ngettext(one, many, count, **values))


def install(app: Flask, *, with_pseudo: bool) -> None:
    """Let `app` speak; `with_pseudo` adds the right-to-left trial language of demo and tests."""
    app.config["OFFERED_LANGUAGES"] = COMPLETE
    app.config["KNOWN_LANGUAGES"] = (*COMPLETE, PSEUDO) if with_pseudo else COMPLETE
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.root_path) + "/translations"
    babel = Babel()
    babel.init_app(app, locale_selector=pick, timezone_selector=lambda: "UTC")
    if with_pseudo:
        babel.domain_instance = PseudoDomain(PSEUDO)


def pick() -> str:
    """The language of this request: the reader's choice, then the browser's wish, then English."""
    if not has_request_context():
        return "en"
    if "locale" in g:
        return str(g.locale)
    from flask import current_app  # noqa: PLC0415 -- banned elsewhere; the list is the application's

    known = current_app.config["KNOWN_LANGUAGES"]
    g.locale = choose(request.cookies.get(COOKIE), list(request.accept_languages.values()), known)
    return str(g.locale)


def choose(cookie: str | None, wishes: list[str], known: tuple[str, ...]) -> str:
    """What `pick` decides, from plain values; used by the page cache before there is a request."""
    if cookie in known:
        return str(cookie)
    offered = [language for language in known if language != PSEUDO]
    return str(negotiate_locale(wishes, offered, sep="-") or "en")


def current() -> str:
    """The language now being spoken, as its code."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def shape() -> str:
    """The locale that dates, times and lists are written in."""
    return SHAPES.get(current(), current())


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    return str(Locale.parse(language).text_direction)


def own_name(language: str) -> str:
    """A language's name in itself: English, français, العربية."""
    return str(Locale.parse(language).get_display_name(language) or language)


def localized(texts: Mapping[str, str], language: str | None = None) -> str:
    """The text in the reader's language, or in English, or in whichever there is."""
    wanted = language or current()
    return texts.get(wanted) or texts.get("en") or next(iter(texts.values()), "")


def language_of(texts: Mapping[str, str], language: str | None = None) -> str:
    """Which language `localized` gives for the same arguments, for the `lang` attribute."""
    wanted = language or current()
    if texts.get(wanted):
        return wanted
    return "en" if texts.get("en") else next(iter(texts), "en")


def day(value: date | datetime, form: str = "long") -> str:
    """A date in the reader's language."""
    return first(babel_date(value, format=form, locale=shape()))


def first(written: str) -> str:
    """A written date or span with the first of a month as French has it: 1er juin."""
    return FIRST.sub("1er", written) if current() == "fr" else written


def moment(value: datetime, zone: str = "UTC", form: str = "long") -> str:
    """A date and time in `zone`, in the reader's language; the caller names the zone beside it."""
    date_there = day(value.astimezone(ZoneInfo(zone)), form)
    return _("%(date)s, %(time)s", date=date_there, time=clock_time(value, zone))


def clock_time(value: datetime, zone: str = "UTC") -> str:
    """Hours and minutes in `zone`, in the 24-hour clock that meetings use in every language."""
    there = value.astimezone(ZoneInfo(zone))
    return str(babel_time(there, format=CLOCKS.get(current(), "HH:mm"), locale=shape()))


def month(value: date) -> str:
    """A month and its year, for dates known no closer."""
    return babel_datetime(datetime(value.year, value.month, 1), "LLLL yyyy", locale=shape())  # noqa: DTZ001 -- a month has no zone
