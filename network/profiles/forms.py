"""What one fills in about a part of a profile, and the names that people read there."""

from __future__ import annotations

from typing import Any

from babel import Locale
from wtforms import HiddenField, StringField, TextAreaField

from core import languages
from core.languages import UN_LANGUAGES, _, _l
from core.web.forms import AtMost, Choose, Day, Form, OneLine, Radio, Required, option
from network.mechanisms.models import (
    NAME_MOST,
    SOURCE_MOST,
    VALUE_MOST,
    Field,
    Visibility,
)
from network.profiles.models import REASON_MOST
from network.profiles.rules import ALWAYS_PUBLIC, SHORT, Words
from network.profiles.states import PartState

MORE_LANGUAGES = (
    *("sq", "hy", "az", "be", "bn", "bs", "bg", "my", "km", "hr", "cs", "da", "dv", "nl", "dz"),
    *("et", "fi", "ka", "de", "el", "gn", "ht", "he", "hi", "hu", "is", "id", "ga", "it", "ja"),
    *("kk", "ko", "ky", "lo", "lv", "lt", "mk", "mg", "ms", "mt", "mn", "ne", "no", "fa", "pl"),
    *("pt", "ro", "sr", "si", "sk", "sl", "so", "sw", "sv", "tg", "th", "ti", "to", "tr"),
    *("tk", "uk", "ur", "uz", "vi"),
)
STATES: dict[PartState, Any] = {
    PartState.DRAFT: _l("Draft"),
    PartState.WAITING: _l("Waits for consent"),
    PartState.PUBLISHED: _l("Published"),
    PartState.REPLACED: _l("Replaced"),
    PartState.REFUSED: _l("Not agreed to"),
    PartState.WITHDRAWN: _l("Consent withdrawn"),
}
STATE_KINDS: dict[PartState, str] = {
    PartState.WAITING: "wait",
    PartState.PUBLISHED: "good",
    PartState.REFUSED: "bad",
    PartState.WITHDRAWN: "bad",
}
VISIBILITIES: dict[Visibility, Any] = {
    Visibility.PUBLIC: _l("Everybody"),
    Visibility.MEMBERS: _l("Members and observers of the network"),
    Visibility.SECRETARIAT: _l("The secretariat only"),
}
HINTS: dict[Field, Any] = {
    Field.NAME: _l("As it is written in its original language."),
    Field.TYPE: _l("Ad hoc, ministerial, interministerial or institutionally separate; standing?"),
    Field.HOST: _l("The ministry or office it belongs to."),
    Field.YEAR: _l("Four digits."),
    Field.LEGAL_BASIS: _l("Kind of instrument, number, date."),
    Field.COMPOSITION: _l("Who sits in it, who observes, who chairs; working groups."),
    Field.SECRETARIAT: _l("Who does the daily work, and with how many people."),
    Field.MEETINGS: _l("How often, at which level."),
    Field.ENGAGEMENT: _l("Treaty bodies, UPR, special procedures, regional bodies."),
    Field.COORDINATION: _l("With ministries, statistics, parliament, courts, local authorities."),
    Field.CONSULTATION: _l("Who is heard, when, and what becomes of it."),
    Field.INFORMATION: _l("How recommendations are collected, sorted and followed."),
    Field.TRACKING_TOOL: _l("What it is called and what it is built on."),
    Field.TOOL_ADDRESS: _l("Where it can be used. It begins with https://."),
    Field.TOOL_STATE: _l("In use, being built, not working; open to the public or not."),
    Field.LANGUAGES: _l("In which languages one can work with the mechanism."),
}
SHORT_FIELDS = frozenset({*SHORT, Field.YEAR, Field.TOOL_ADDRESS})
"""Fields of one line."""


def language_choices() -> list[tuple[str, str]]:
    """Every language a text may be in, those of the United Nations first, by their own names."""
    more = sorted((_own_name(code), code) for code in MORE_LANGUAGES)
    first = [("", _("Choose"))] + [(code, _own_name(code)) for code in UN_LANGUAGES]
    return first + [(code, name) for name, code in more]


def _own_name(code: str) -> str:
    own = languages.own_name(code)
    there = str(Locale.parse(code).get_display_name(languages.current()) or own)
    return own if there == own else f"{own} ({there})"


class PartForm(Form):
    """The words of one part. All of it may stay empty in a draft. `seen` is what one started from."""

    seen = HiddenField()
    value = TextAreaField(_l("Text"), [AtMost(VALUE_MOST)])
    language = Choose(_l("Language of the text"))
    source_url = StringField(
        _l("Web address of the source"),
        [AtMost(SOURCE_MOST), OneLine()],
        description=_l("Where this can be read. It begins with https://."),
    )
    source_name = StringField(
        _l("Or the name of a document"),
        [AtMost(NAME_MOST), OneLine()],
        description=_l("If it is on no website: title, number, date."),
    )
    as_of = Day(
        _l("Holds as of"),
        description=_l("The day for which the text is right. Not in the future."),
        no_day=_l("This is no day of the calendar. Write it as 2027-06-14."),
    )
    visibility = Radio(_l("Who may read it"))

    def __init__(self, field: Field, **more: Any) -> None:
        super().__init__(**more)
        self.language.choices = language_choices()
        self.visibility.choices = [option(key.value, name) for key, name in VISIBILITIES.items()]
        if field in ALWAYS_PUBLIC:
            del self.visibility
        self.value.description = HINTS.get(field, "")

    def words(self) -> Words:
        """What was written, once the form has been checked."""
        chosen = self.visibility.data if "visibility" in self else None
        return Words(
            value=self.value.data or "",
            language=self.language.data or "",
            source_url=self.source_url.data or "",
            source_name=self.source_name.data or "",
            as_of=self.as_of.data,
            visibility=Visibility(chosen or Visibility.PUBLIC),
        )


def data_of(words: Words) -> dict[str, Any]:
    """The words of a version as the form takes them."""
    return {
        "value": words.value,
        "language": words.language,
        "source_url": words.source_url,
        "source_name": words.source_name,
        "as_of": words.as_of,
        "visibility": words.visibility.value,
    }


class VersionForm(Form):
    """Which version a button is about."""

    version = HiddenField()


class ReasonForm(Form):
    """Why a State says no to words, or withdraws them."""

    reason = TextAreaField(
        _l("Reason"),
        [Required(_l("Give the reason. The focal point reads it.")), AtMost(REASON_MOST)],
    )


class NoteForm(Form):
    """Why what public sources say is hidden or shown; it may stay empty."""

    reason = TextAreaField(_l("Reason, for the record"), [AtMost(REASON_MOST)])
