"""Who may write a profile for its State, and what a part must have before it is published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from babel import Locale, UnknownLocaleError
from sqlalchemy.orm import Session

from core.context import Actor
from core.errors import Invalid, NotAllowed
from core.languages import _
from network.mechanisms.models import (
    NAME_MOST,
    SOURCE_MOST,
    VALUE_MOST,
    Field,
    Mechanism,
    Visibility,
)
from network.profiles.models import PartVersion
from network.seats.models import BodyKind, Role, Seat
from network.seats.queries import holding_of

DRAFTING = frozenset({Role.FOCAL_POINT, Role.DEPUTY})
ALWAYS_PUBLIC = frozenset({Field.NAME, Field.ACRONYM})
"""What a mechanism is called by in every list."""

SHORT = {Field.NAME: NAME_MOST, Field.ACRONYM: 40}
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
YEAR = re.compile(r"\d{4}")
FIRST_YEAR = 1800


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a person writes for one part. A draft may leave any of it empty."""

    value: str = ""
    language: str = ""
    source_url: str = ""
    source_name: str = ""
    as_of: date | None = None
    visibility: Visibility = Visibility.PUBLIC


def words_of(version: PartVersion) -> Words:
    """The words of a version."""
    return Words(
        value=version.value,
        language=version.language,
        source_url=version.source_url,
        source_name=version.source_name,
        as_of=version.as_of,
        visibility=version.visibility,
    )


def check_drafts(session: Session, mechanism: Mechanism, by: Actor, now: datetime) -> UUID:
    """The seat in which a person drafts for this mechanism; NotAllowed for everybody else.

    A seat at the State drafts for all its mechanisms, a seat at a mechanism for that one. The
    seat must be held at this moment by the person who acts.
    """
    seat = seat_of(session, by, now)
    is_of_state = seat.body_kind is BodyKind.STATE and seat.body_id == mechanism.state_id
    is_of_it = seat.body_kind is BodyKind.MECHANISM and seat.body_id == mechanism.id
    if seat.role not in DRAFTING or not (is_of_state or is_of_it):
        raise NotAllowed(_("Only the focal point or the deputy of the State may do this."))
    return seat.id


def check_drafts_for_state(session: Session, state_id: UUID, by: Actor, now: datetime) -> UUID:
    """The seat at the State itself in which a person drafts; NotAllowed for everybody else."""
    seat = seat_of(session, by, now)
    is_of_state = seat.body_kind is BodyKind.STATE and seat.body_id == state_id
    if seat.role not in DRAFTING or not is_of_state:
        raise NotAllowed(_("Only the focal point or the deputy of the State may do this."))
    return seat.id


def seat_of(session: Session, by: Actor, now: datetime) -> Seat:
    """The seat a person acts in and holds at `now`."""
    holding = holding_of(session, by, now)
    if holding is None:
        raise NotAllowed(_("You do not hold this seat."))
    return holding.seat


def check_words(field: Field, words: Words, today: date) -> None:
    """Raise Invalid for what cannot even be kept as a draft; empty is always well."""
    sentences = {
        "value": value_problem(field, words.value, today),
        "language": _("Choose one of the answers offered.")
        if words.language and not is_language(words.language)
        else "",
        "source_url": address_problem(words.source_url),
        "source_name": _too_long(words.source_name, NAME_MOST),
        "as_of": day_problem(words.as_of, today),
        "visibility": _("What a mechanism is called is always public.")
        if field in ALWAYS_PUBLIC and words.visibility is not Visibility.PUBLIC
        else "",
    }
    problems = {name: sentence for name, sentence in sentences.items() if sentence}
    if problems:
        raise Invalid(problems)


def _too_long(text: str, most: int) -> str:
    if len(text) <= most:
        return ""
    return _("This is too long: %(most)s characters fit.", most=most)


def address_problem(address: str) -> str:
    """What is wrong with a web address, as a sentence; empty if nothing is or none is given."""
    if len(address) > SOURCE_MOST:
        return _too_long(address, SOURCE_MOST)
    if address and not WEB_ADDRESS.fullmatch(address):
        return _("This is not a web address. It begins with https://.")
    return ""


def day_problem(day: date | None, today: date) -> str:
    """What is wrong with the day for which a text holds, as a sentence; empty if nothing is."""
    if day is not None and day > today:
        return _("This day lies in the future. Give the day for which the text holds.")
    return _("Check the year.") if day is not None and day.year < FIRST_YEAR else ""


def value_problem(field: Field, value: str, today: date) -> str:
    """What is wrong with the text of one field, as a sentence; empty if nothing is or none is given."""
    most = SHORT.get(field, VALUE_MOST)
    if not value or len(value) > most:
        return _too_long(value, most)
    if field is Field.YEAR and not (
        YEAR.fullmatch(value) and FIRST_YEAR <= int(value) <= today.year
    ):
        return _("Write the year with four digits, such as 2019. It cannot lie in the future.")
    if field is Field.TOOL_ADDRESS:
        return address_problem(value)
    if field in ALWAYS_PUBLIC and "\n" in value:
        return _("Write this on one line.")
    return ""


def is_language(code: str) -> bool:
    """Whether `code` is a language's two letters."""
    letters = 2
    try:
        return len(code) == letters and bool(Locale.parse(code).get_display_name("en"))
    except (UnknownLocaleError, ValueError):
        return False


def check_complete(field: Field, words: Words, today: date) -> None:
    """Raise Invalid with all that is missing at once before the State is asked for its consent."""
    check_words(field, words, today)
    missing = {
        "value": not words.value and _("Write the text."),
        "language": not words.language and _("Say which language the text is in."),
        "source_url": not (words.source_url or words.source_name)
        and _("Say where this can be read: a web address, or the name of a document."),
        "as_of": words.as_of is None and _("Give the day for which the text holds."),
    }
    problems = {name: sentence for name, sentence in missing.items() if sentence}
    if problems:
        raise Invalid(problems)
