"""What a State types when it asks for an exchange, and the short forms of a case's page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)

from core.errors import Invalid
from core.languages import _, _l, localized
from core.web.forms import (
    AtMost,
    Checkboxes,
    Choose,
    Day,
    Form,
    OneLine,
    PublicForm,
    Radio,
    Required,
    number,
    option,
    target,
)
from network.exchanges import words
from network.exchanges.drafting import Wording
from network.exchanges.models import (
    LINE_MOST,
    MOST_ATTENDEES,
    TEXT_MOST,
    TITLE_MOST,
    WINDOWS,
    Exchange,
    Funding,
    WishKind,
)
from network.offers.forms import CAPACITIES, CAPACITY_HINTS, NO_DAY, TYPES, language_name
from network.offers.models import LANGUAGES, ExchangeType
from network.taxonomy.models import State, Theme

ROWS = 2
MOST_WISHES = 40
MOST_ROWS = MOST_ATTENDEES
ROW_NAMES = ("windows", "attendees")
CHOICES = (_l("First choice"), _l("Second choice"), _l("Third choice"))
FAMILIES: dict[str, Any] = {
    "framework": _l("Framework"),
    "cross-cutting": _l("Across all rights"),
    "civil and political": _l("Civil and political rights"),
    "economic, social and cultural": _l("Economic, social and cultural rights"),
    "persons and groups": _l("Persons and groups"),
}


class WindowForm(PublicForm):
    """Days on which it could take place."""

    from_on = Day(_l("From"), no_day=NO_DAY)
    until_on = Day(_l("Until"), no_day=NO_DAY)


class AttendeeForm(PublicForm):
    """One post that would take part, and who steps in."""

    post = StringField(_l("Post"), validators=[AtMost(LINE_MOST), OneLine()])
    name = StringField(_l("Name"), validators=[AtMost(LINE_MOST), OneLine()])
    substitute = StringField(_l("Who steps in"), validators=[AtMost(LINE_MOST), OneLine()])


def _state(label: Any) -> StringField:
    return StringField(label, validators=[AtMost(LINE_MOST), OneLine()])


class RequestForm(Form):
    """A request. Everything may stay empty until it is sent.

    Partners are typed as names of members; `members` are the States that may be named, without
    the asking one (`own`).
    """

    revision = HiddenField()
    type = Radio(_l("What form should the exchange take?"))
    title = StringField(_l("Title"), validators=[AtMost(TITLE_MOST), OneLine()])
    need = TextAreaField(_l("What do you need?"), validators=[AtMost(TEXT_MOST)])
    what_exists = TextAreaField(_l("What exists today?"), validators=[AtMost(TEXT_MOST)])
    wanted_outcome = TextAreaField(
        _l("What should be different afterwards?"), validators=[AtMost(TEXT_MOST)]
    )
    capacities = Checkboxes(_l("Which capacities is it about?"))
    themes = Checkboxes(_l("On which themes?"))
    languages = Checkboxes(_l("In which languages can you work?"))
    windows = FieldList(FormField(WindowForm), min_entries=WINDOWS, max_entries=WINDOWS)
    attendees = FieldList(FormField(AttendeeForm), min_entries=ROWS, max_entries=MOST_ATTENDEES)
    funding = Radio(_l("Who could pay?"))
    funding_note = TextAreaField(_l("More about funding"), validators=[AtMost(TEXT_MOST)])
    preferred = FieldList(
        _state(_l("Partner you would like")), min_entries=ROWS, max_entries=MOST_WISHES
    )
    excluded = FieldList(
        _state(_l("State to leave out")), min_entries=ROWS, max_entries=MOST_WISHES
    )
    is_confidential = BooleanField(_l("Keep our name and our words from members"))
    neutral = TextAreaField(
        _l("What members read instead, in neutral words"), validators=[AtMost(TEXT_MOST)]
    )
    document = FileField(_l("Add a document"))
    for_members = BooleanField(_l("Members may read this document"))

    def __init__(
        self,
        *args: Any,
        themes: Sequence[Theme],
        members: Collection[State],
        own: State | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members, self.own = members, own
        self.type.choices = [
            option(key, name, words.TYPE_HINTS[ExchangeType(key)]) for key, name in TYPES.items()
        ]
        self.capacities.choices = [
            option(key, name, CAPACITY_HINTS[key]) for key, name in CAPACITIES.items()
        ]
        self.families = {theme.key: theme.family for theme in themes}
        self.themes.choices = [option(theme.key, localized(theme.names)) for theme in themes]
        self.languages.choices = [option(code, language_name(code)) for code in LANGUAGES]
        self.funding.choices = [option(key, name) for key, name in words.FUNDING.items()]

    def theme_groups(self) -> list[tuple[str, list[Any]]]:
        """The themes by family, each with its number among all: for the checkboxes."""
        groups: dict[str, list[Any]] = {}
        choices: Iterable[Any] = self.themes.iter_choices()
        for number_, choice in enumerate(choices):
            family = self.families.get(choice.value, "")
            groups.setdefault(family, []).append((number_, choice))
        return [(str(FAMILIES.get(name, name)), found) for name, found in groups.items()]

    def validate(self, **more: Any) -> bool:
        """All fields, and the names of partners."""
        is_good = super().validate(**more)
        return not self._misnamed() and bool(is_good)

    def _misnamed(self) -> bool:
        known, found = names_of_states(self.members), False
        own = names_of_states([self.own]) if self.own else {}
        for field in (*self.preferred, *self.excluded):
            typed = folded(field.data)
            if typed in own:
                sentence = _("This is your own State. Choose another one.")
            elif typed and typed not in known:
                sentence = _("There is no member of this name. Choose one of the names offered.")
            else:
                continue
            field.errors, found = [*field.errors, sentence], True
        return found

    def add_row(self, name: str) -> str:
        """One more row of a list; answers the id of its first field."""
        rows = self[name] if name in {"attendees", "preferred", "excluded"} else self.attendees
        if len(rows) < MOST_ROWS:
            rows.append_entry()
        return str(next(leaves([rows[-1]])).id)

    def problems(self) -> list[tuple[str, str]]:
        """Every field with a problem, those in rows too, in page order."""
        found = [("", str(sentence)) for sentence in self.form_errors]
        found += [
            (target(one), _in_row(one.name, str(one.errors[0])))
            for one in leaves(self)
            if one.errors
        ]
        return found

    def take(self, refusal: Invalid) -> None:
        """Put what a service refused at the fields it names, in rows too."""
        known = {one.name: one for one in leaves(self)}
        known |= {"preferred": self.preferred[0], "excluded": self.excluded[0]}
        for name, sentence in refusal.problems.items():
            if name in known:
                known[name].errors = [*known[name].errors, sentence]
            else:
                self.form_errors.append(sentence)
        if refusal.sentence:
            self.form_errors.append(refusal.sentence)

    def wording(self) -> Wording:
        """What was filled in, as the verb takes it. Empty rows are left out."""
        known = names_of_states(self.members)
        attendees = [
            (row.post.data or "", row.form["name"].data or "", row.substitute.data or "")
            for row in self.attendees
        ]
        return Wording(
            type=ExchangeType(self.type.data) if self.type.data else None,
            title=self.title.data or "",
            need=self.need.data or "",
            what_exists=self.what_exists.data or "",
            wanted_outcome=self.wanted_outcome.data or "",
            is_confidential=bool(self.is_confidential.data),
            neutral=self.neutral.data or "",
            themes=tuple(self.themes.data or ()),
            capacities=tuple(self.capacities.data or ()),
            languages=tuple(self.languages.data or ()),
            funding=Funding(self.funding.data) if self.funding.data else None,
            funding_note=self.funding_note.data or "",
            windows=tuple((row.from_on.data, row.until_on.data) for row in self.windows),
            attendees=tuple(row for row in attendees if any(row)),
            preferred=_chosen(self.preferred, known),
            excluded=_chosen(self.excluded, known),
        )


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields that somebody fills in, those in rows too."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from leaves(field)
        else:
            yield field


def _in_row(name: str, sentence: str) -> str:
    """A sentence with the row it is about, where there are several."""
    rows, _dash, rest = name.partition("-")
    number_ = rest.partition("-")[0]
    if rows not in ROW_NAMES or not number_.isdecimal():
        return sentence
    return _("%(row)s: %(sentence)s", row=row_name(rows, int(number_)), sentence=sentence)


def row_name(rows: str, position: int) -> str:
    """How a row is called: the second choice, person 3."""
    if rows == "windows":
        return str(CHOICES[position])
    return _("Person %(number)s", number=position + 1)


def folded(typed: str | None) -> str:
    """A typed name as two people would call it the same."""
    return " ".join((typed or "").split()).casefold()


def names_of_states(states: Iterable[State]) -> dict[str, UUID]:
    """States by every name they have, and by their code."""
    found: dict[str, UUID] = {}
    for state in states:
        found |= {folded(name): state.id for name in (state.iso3, *state.names.values()) if name}
    return found


def _chosen(rows: Iterable[Field], known: Mapping[str, UUID]) -> frozenset[UUID]:
    return frozenset(known[name] for row in rows if (name := folded(row.data)) in known)


def values_of(exchange: Exchange, members: Iterable[State]) -> dict[str, Any]:
    """A request as its form shows it. Needs its windows, attendees and wishes loaded."""
    plain = (
        "type", "title", "need", "what_exists", "wanted_outcome", "is_confidential", "neutral",
        "themes", "capacities", "languages", "funding", "funding_note", "revision",
    )  # fmt: skip
    names = {state.id: localized(state.names) for state in members}
    wished: dict[WishKind, list[str]] = {WishKind.PREFERRED: [], WishKind.EXCLUDED: []}
    for wish in exchange.wishes:
        wished[wish.kind].append(names.get(wish.state_id, ""))
    return {name: getattr(exchange, name) for name in plain} | {
        "windows": [{"from_on": row.from_on, "until_on": row.until_on} for row in exchange.windows],
        "attendees": [
            {"post": row.post, "name": row.name, "substitute": row.substitute}
            for row in exchange.attendees
        ],
        "preferred": sorted(filter(None, wished[WishKind.PREFERRED])),
        "excluded": sorted(filter(None, wished[WishKind.EXCLUDED])),
    }


class MoveForm(Form):
    """A move with its reason, where it says why."""

    to = HiddenField()
    reason = TextAreaField(_l("Why?"), validators=[AtMost(TEXT_MOST)])


class MessageForm(Form):
    """A message in the thread."""

    text = TextAreaField(
        _l("Your message"), validators=[Required(_l("Write something first.")), AtMost(TEXT_MOST)]
    )
    to_partner = BooleanField(_l("The partner reads it too"))


class DocumentForm(Form):
    """A document that goes with a case."""

    document = FileField(_l("Document"))
    title = StringField(_l("What it is"), validators=[AtMost(LINE_MOST), OneLine()])
    for_members = BooleanField(_l("Members may read it"))


class TermForm(Form):
    """How many days a state lasts."""

    state = Choose(_l("State"))
    days = StringField(_l("Days"), validators=[Required(_l("Say how many days."))])

    def number(self) -> int | None:
        """What was typed, if it is a number."""
        return number(self.days.data)
