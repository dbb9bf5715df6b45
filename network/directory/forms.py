"""The names that people read in the directory, its filters, and the form for a contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from wtforms import TextAreaField

from core.languages import _, _l, localized
from core.web.forms import AtMost, Choose, Form, Radio, Required, option
from network.applications.models import MembershipStatus
from network.directory.facets import NO, YES, Facet, Kind
from network.directory.queries import Wanted
from network.directory.service import Wording
from network.mechanisms.forms import CONTACT_KINDS, read_code, read_question
from network.mechanisms.models import CONTACT_MOST, ContactKind, Mechanism, Visibility
from network.offers.forms import TYPES, language_name
from network.offers.models import LANGUAGES
from network.taxonomy.forms import FLAGS, GROUPS, REGIONS
from network.taxonomy.models import Theme

STANDINGS: dict[str, Any] = {
    MembershipStatus.MEMBER: _l("Member"),
    MembershipStatus.OBSERVER: _l("Observer"),
}
KINDS: dict[str, Any] = {
    Kind.STANDING: _l("Standing"),
    Kind.INTERMINISTERIAL: _l("Interministerial"),
    Kind.INTERINSTITUTIONAL: _l("Inter-institutional"),
    Kind.MINISTERIAL: _l("Within one ministry"),
}
LEVELS: dict[Visibility, Any] = {
    Visibility.PUBLIC: _l("Everybody"),
    Visibility.MEMBERS: _l("Members and observers"),
    Visibility.SECRETARIAT: _l("The secretariat only"),
}
LEVEL_HINTS: dict[Visibility, Any] = {
    Visibility.PUBLIC: _l("Stands on the public page. Needs your State’s consent."),
    Visibility.MEMBERS: _l(
        "In the members’ directory, for States of the network. Needs your State’s consent."
    ),
    Visibility.SECRETARIAT: _l("So that the secretariat can reach you."),
}
LABELS: dict[Facet, Any] = {
    Facet.STANDING: _l("In the network"),
    Facet.GROUP: _l("Regional group"),
    Facet.REGION: _l("Region"),
    Facet.FLAG: _l("On the list of"),
    Facet.KIND: _l("Sort of mechanism"),
    Facet.TOOL: _l("Tracking tool"),
    Facet.LANGUAGE: _l("Working language"),
    Facet.OFFER: _l("Offers"),
    Facet.THEME: _l("Theme offered"),
    Facet.FREE: _l("Available"),
}


def choices(themes: Sequence[Theme]) -> dict[Facet, dict[str, Any]]:
    """Every word of every facet with the name that people read, in the order they are offered."""
    return {
        Facet.STANDING: _by_value(STANDINGS),
        Facet.GROUP: _by_value(GROUPS),
        Facet.REGION: _by_value(REGIONS),
        Facet.FLAG: _by_value(FLAGS),
        Facet.KIND: _by_value(KINDS),
        Facet.TOOL: {YES: _("Has one"), NO: _("None known")},
        Facet.LANGUAGE: {code: language_name(code) for code in LANGUAGES},
        Facet.OFFER: _by_value(TYPES),
        Facet.THEME: {theme.key: localized(theme.names) for theme in themes},
        Facet.FREE: {YES: _("Now")},
    }


def _by_value(names: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): name for key, name in names.items()}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader looks for. What is not known is left out, with a sentence."""

    q: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.wanted.words or self.wanted.chosen)

    def query(self, **more: str) -> str:
        """These filters as a query string, with `more` instead of the place in the list."""
        kept = {"q": self.q} | {facet.value: word for facet, word in self.wanted.chosen.items()}
        return urlencode({name: word for name, word in {**kept, **more}.items() if word})


def read_filters(
    arguments: Mapping[str, str], offered: Mapping[Facet, Mapping[str, Any]]
) -> Filters:
    """Filters from the address. Whatever is odd in it becomes a sentence, never an error."""
    problems: dict[str, str] = {}
    question, words = read_question(arguments, problems)
    chosen: dict[Facet, str] = {}
    for facet in Facet:
        word = arguments.get(facet.value, "")
        if word in offered[facet]:
            chosen[facet] = word
        elif word:
            problems[facet.value] = _("This choice is not known and was left out.")
    return Filters(
        q=question,
        wanted=Wanted(
            words=tuple(words),
            chosen=chosen,
            before=read_code(arguments, "before"),
            after=read_code(arguments, "after"),
        ),
        problems=problems,
    )


class ContactForm(Form):
    """One way to reach the mechanism. The view fills in the mechanisms there are to choose from."""

    kind = Choose(
        _l("What it is"), choices=[option(kind.value, CONTACT_KINDS[kind]) for kind in ContactKind]
    )
    value = TextAreaField(
        _l("The address, number or name"),
        description=_l(
            "Better the mailbox of an office than that of a person: people change, offices stay."
        ),
        validators=[Required(_l("Type the address, number or name.")), AtMost(CONTACT_MOST)],
    )
    language = Choose(_l("Language one may use there"), choices=[])
    visibility = Radio(
        _l("Who may read it"),
        choices=[option(level.value, LEVELS[level], LEVEL_HINTS[level]) for level in Visibility],
        validators=[Required(_l("Choose who may read it."))],
        default=Visibility.MEMBERS.value,
    )
    mechanism = Choose(_l("It belongs to"), choices=[])

    def offer(self, mechanisms: Sequence[Mechanism], *, with_state: bool) -> None:
        """Fill in the languages by name and the mechanisms there are to choose from."""
        self.language.choices = [
            option("", _("Not said")),
            *(option(code, language_name(code)) for code in LANGUAGES),
        ]
        self.mechanism.choices = [
            *([option("", _("The State as a whole"))] if with_state else []),
            *(option(str(one.id), one.name or one.acronym or one.key) for one in mechanisms),
        ]

    def wording(self) -> Wording:
        """What was typed. Only after it has been validated."""
        chosen = self.mechanism.data
        return Wording(
            kind=ContactKind(self.kind.data),
            value=self.value.data or "",
            language=self.language.data or "",
            visibility=Visibility(self.visibility.data),
            mechanism_id=UUID(chosen) if chosen else None,
        )
