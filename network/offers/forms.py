"""What a focal point fills in for a standing offer, and the names that people read in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from babel import Locale
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from core import languages
from core.languages import _, _l, localized
from core.web.forms import (
    AtMost,
    Checkboxes,
    Choose,
    Day,
    Form,
    OneLine,
    Required,
    Whole,
    number,
    option,
)
from network.offers.models import (
    LANGUAGES,
    NOTE_MOST,
    PER_YEAR_MOST,
    REASON_MOST,
    Capacity,
    ExchangeType,
    Offer,
    PauseReason,
)
from network.offers.service import Content
from network.taxonomy.models import Theme

TYPED_MOST = 20
NO_DAY = _l("Give a day of the calendar, as in 2027-06-14.")

TYPES: dict[str, Any] = {
    ExchangeType.EXPERT_MISSION: _l("Expert mission"),
    ExchangeType.STUDY_VISIT: _l("Study visit"),
    ExchangeType.WORKSHOP: _l("Workshop"),
    ExchangeType.ONLINE_CLINIC: _l("Online clinic"),
    ExchangeType.DOCUMENT_REVIEW: _l("Review of a document"),
    ExchangeType.MENTORING: _l("Mentoring"),
}
CAPACITIES: dict[str, Any] = {
    Capacity.ENGAGEMENT: _l("Engagement"),
    Capacity.COORDINATION: _l("Coordination"),
    Capacity.CONSULTATION: _l("Consultation"),
    Capacity.INFORMATION_MANAGEMENT: _l("Information management"),
}
PAUSES: dict[str, Any] = {
    PauseReason.OWN_REVIEW: _l("A review of our own is coming up"),
    PauseReason.STAFF_CHANGE: _l("Changes in our team"),
    PauseReason.GOVERNMENT_CHANGE: _l("A change of government"),
    PauseReason.OTHER_EXCHANGES: _l("Busy with other exchanges"),
    PauseReason.OTHER: _l("Another reason"),
}
TYPE_HINTS: dict[str, Any] = {
    ExchangeType.EXPERT_MISSION: _l("Our people travel and work with yours for some days"),
    ExchangeType.STUDY_VISIT: _l("Yours come and see how we work"),
    ExchangeType.WORKSHOP: _l("A training for several people, here, there or online"),
    ExchangeType.ONLINE_CLINIC: _l("An hour or two by video on one question"),
    ExchangeType.DOCUMENT_REVIEW: _l("We read a draft and comment on it"),
    ExchangeType.MENTORING: _l("Talks between two people over some months"),
}
CAPACITY_HINTS: dict[str, Any] = {
    Capacity.ENGAGEMENT: _l("Reports, visits and replies to review bodies"),
    Capacity.COORDINATION: _l("Among ministries, statistics, parliament and courts"),
    Capacity.CONSULTATION: _l("With national institutions, civil society and those concerned"),
    Capacity.INFORMATION_MANAGEMENT: _l("Following recommendations up, often in a digital tool"),
}


def language_name(code: str) -> str:
    """A language in the reader's own: "French" or "français"."""
    return str(Locale.parse(code).get_display_name(languages.current()) or code)


class OfferForm(Form):
    """The standing offer. Everything may stay empty until it is sent."""

    capacities = Checkboxes(_l("What can you show others?"))
    themes = Checkboxes(_l("On which themes?"))
    types = Checkboxes(_l("In which forms?"))
    languages = Checkboxes(_l("In which languages?"))
    per_year = StringField(
        _l("How many exchanges a year can you take on?"),
        validators=[AtMost(TYPED_MOST), OneLine(), Whole(1, PER_YEAR_MOST)],
    )
    note = TextAreaField(_l("In your own words"), validators=[AtMost(NOTE_MOST)])
    note_language = Choose(_l("Language of these words"))
    more = TextAreaField(_l("The same in another language"), validators=[AtMost(NOTE_MOST)])
    more_language = Choose(_l("Language of the second text"))

    def __init__(self, *args: Any, themes: Iterable[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [option(code, language_name(code)) for code in LANGUAGES]
        self.themes.choices = [option(theme.key, localized(theme.names)) for theme in themes]
        self.capacities.choices = _with_hints(CAPACITIES, CAPACITY_HINTS)
        self.types.choices = _with_hints(TYPES, TYPE_HINTS)
        for field in (self.languages, self.note_language, self.more_language):
            field.choices = spoken

    def validate_more_language(self, field: Choose) -> None:
        """Refuse two texts in one language."""
        if self.more.data and self.note.data and field.data == self.note_language.data:
            raise ValidationError(_("Choose another language than that of the first text."))

    def content(self) -> Content:
        """What was filled in, as the service takes it."""
        notes = {
            self.note_language.data: self.note.data or "",
            self.more_language.data: self.more.data or "",
        }
        if self.note.data:
            notes[self.note_language.data] = self.note.data
        return Content(
            themes=tuple(self.themes.data or ()),
            capacities=tuple(self.capacities.data or ()),
            types=tuple(self.types.data or ()),
            languages=tuple(self.languages.data or ()),
            per_year=number(self.per_year.data),
            note={code: words for code, words in notes.items() if words},
        )


def values_of(offer: Offer | None) -> dict[str, Any]:
    """A version as the form shows it; the reader's language first among its notes."""
    mine = languages.current()
    known = sorted(offer.note.items(), key=lambda one: one[0] != mine) if offer else []
    known += [(code, "") for code in (mine, *LANGUAGES) if code not in dict(known)]
    (first, words), (second, more) = known[:2]
    filled = {"note": words, "note_language": first, "more": more, "more_language": second}
    if offer is None:
        return filled
    return filled | {
        "themes": offer.themes,
        "capacities": offer.capacities,
        "types": offer.types,
        "languages": offer.languages,
        "per_year": str(offer.per_year or ""),
    }


class PauseForm(Form):
    """Until when no exchanges are taken, and why."""

    until = Day(
        _l("Pause until (that day included)"),
        validators=[InputRequired(_l("Choose a day."))],
        no_day=NO_DAY,
    )
    reason = Choose(_l("Reason"), choices=[option(key, name) for key, name in PAUSES.items()])

    def chosen(self) -> tuple[date, PauseReason]:
        """What was chosen, once the form has been checked."""
        if self.until.data is None:
            message = "asked before the form was checked"
            raise ValueError(message)
        return self.until.data, PauseReason(self.reason.data)


class LowerForm(Form):
    """Fewer exchanges a year, at once."""

    fewer = StringField(
        _l("Exchanges a year"),
        validators=[
            Required(_l("Say how many a year.")),
            AtMost(TYPED_MOST),
            Whole(1, PER_YEAR_MOST),
        ],
    )


class SendBackForm(Form):
    """What an authorising officer wants otherwise."""

    reason = TextAreaField(
        _l("What should be different?"),
        validators=[Required(_l("Say what should be different.")), AtMost(REASON_MOST)],
    )


def _with_hints(names: dict[str, Any], hints: dict[str, Any]) -> list[Any]:
    return [option(key, name, hints[key]) for key, name in names.items()]
