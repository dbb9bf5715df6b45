"""What templates may call: texts in the reader's language, dates with their zone, the language switch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, get_timezone_location
from babel.lists import format_list
from flask import Flask, Response, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from core import clock, languages
from core.house import house
from core.languages import _, _n

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Tongue:
    """One entry of the language switch."""

    code: str
    name: str
    href: str
    is_current: bool


def install(app: Flask) -> None:
    """Give `app`'s templates their filters and globals, and let `?lang=` choose a language."""
    env = app.jinja_env
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.filters.update(
        localized=languages.localized,
        language_of=languages.language_of,
        day=languages.day,
        moment=languages.moment,
        clock_time=languages.clock_time,
        month=languages.month,
        own_name=languages.own_name,
        iso=iso,
        zone_name=zone_name,
        ago=ago,
        due=due,
        language_names=language_names,
        site_of=site_of,
    )
    env.globals.update(
        current_language=languages.current,
        text_direction=lambda: languages.direction(languages.current()),
        tongues=tongues,
        days=days,
        months=months,
        hours=hours,
        month_badge=month_badge,
        is_demo=is_demo,
        serves=serves,
        here=here,
        csrf_input=csrf_input,
    )
    app.before_request(choose_language)


def iso(value: date | datetime) -> str:
    """For the `datetime` attribute of `<time>`: a date, or a moment in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%MZ")
    return value.isoformat()


def zone_name(zone: str) -> str:
    """The city people name a time zone by. The UN's own is called after Geneva, where it meets."""
    if zone in {"Europe/Zurich", "Europe/Busingen"}:
        return _("Geneva")
    if zone in {"UTC", "Etc/UTC"}:
        return "UTC"
    return str(get_timezone_location(ZoneInfo(zone), locale=languages.current(), return_city=True))


def days(starts_on: date, ends_on: date) -> str:
    """One date, or the shortest way to write the span between two."""
    if starts_on == ends_on:
        return languages.day(starts_on)
    shape = languages.shape()
    span = str(format_interval(starts_on, ends_on, skeleton="yMMMd", locale=shape))
    for one in (starts_on, ends_on):  # no language has spans with months written out
        short, full = (str(format_date(one, form, locale=shape)) for form in ("MMM", "MMMM"))
        span = span if full in span else span.replace(short, full)
    return languages.first(span)


def months(starts_on: date, ends_on: date) -> str:
    """One month, or the shortest way to write the span between two, for dates known no closer."""
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return languages.month(starts_on)
    return str(format_interval(starts_on, ends_on, skeleton="yMMMM", locale=languages.shape()))


def hours(starts_at: datetime, ends_at: datetime | None, zone: str) -> str:
    """From–to on the clock of `zone`; the caller names the zone beside it."""
    begin = languages.clock_time(starts_at, zone)
    return begin if ends_at is None else f"{begin}–{languages.clock_time(ends_at, zone)}"


def month_badge(starts_on: date, ends_on: date | None = None) -> str:
    """A short month and its year, or a span of months, for the date badge."""
    if ends_on is None or (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return str(format_date(starts_on, "LLL yyyy", locale=languages.shape()))
    return str(format_interval(starts_on, ends_on, skeleton="yMMM", locale=languages.shape()))


def ago(moment: datetime, zone: str = "UTC") -> str:
    """When something happened, as one says it: today with the hour, yesterday, then the date."""
    local, today = moment.astimezone(ZoneInfo(zone)), clock.now().astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return _("today, %(time)s", time=languages.clock_time(moment, zone))
    if local.date() == today - timedelta(days=1):
        return _("yesterday")
    return languages.day(local)


def due(moment: datetime) -> tuple[str, str]:
    """How long is left, as the words and the kind of a status tag."""
    left = moment - clock.now()
    if left < timedelta():
        return _("Overdue"), "bad"
    if left < timedelta(days=1):
        return _n(
            "Due within %(num)s hour", "Due within %(num)s hours", left.seconds // 3600 + 1
        ), "wait"
    kind = "wait" if left < timedelta(days=7) else "calm"
    return _n("Due in %(num)s day", "Due in %(num)s days", left.days), kind


def language_names(codes: list[str]) -> str:
    """Names of languages in the reader's language, joined as a list."""
    reader = languages.shape()
    names = [str(Locale.parse(code).get_display_name(reader)) for code in codes]
    return str(format_list(names, locale=reader))


def csrf_input() -> Markup:
    """The hidden token of a small form that has no class of its own, such as sign-out."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def site_of(address: str) -> str:
    """The site an address leads to, as the words of its link."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def is_demo() -> bool:
    """Whether the States and people shown are invented ones."""
    return house().environment == "demo"


def serves(endpoint: str) -> bool:
    """Whether this process has that page: the protection desk serves fewer than the web."""
    return endpoint in current_app.view_functions


def here(prefix: str) -> bool:
    """Whether the page asked for lies under `prefix`."""
    return request.path == prefix or (prefix != "/" and request.path.startswith(f"{prefix}/"))


def tongues() -> list[Tongue]:
    """The complete languages, each as a link to this same page."""
    kept, current = _other_arguments(), languages.current()
    return [
        Tongue(
            code=code,
            name=languages.own_name(code).capitalize(),
            href=f"?{urlencode([*kept, ('lang', code)])}",
            is_current=code == current,
        )
        for code in current_app.config["OFFERED_LANGUAGES"]
    ]


def _other_arguments() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]


def choose_language() -> ResponseReturnValue | None:
    """Keep the choice of `?lang=` in a cookie of its own and go on to the page without it."""
    wanted = request.args.get("lang")
    if wanted is None or request.method != "GET" or request.path.startswith("/api/"):
        return None
    # A path that begins with two slashes would lead to another site.
    path, kept = "/" + request.path.lstrip("/"), _other_arguments()
    answer: Response = make_response(
        redirect(f"{path}?{urlencode(kept)}" if kept else path, code=303)
    )
    if wanted in current_app.config["KNOWN_LANGUAGES"]:
        answer.set_cookie(
            languages.COOKIE,
            wanted,
            max_age=YEAR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return answer
