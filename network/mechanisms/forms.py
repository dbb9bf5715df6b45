"""The names that people read in profiles, and the filters of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from core import search
from core.languages import _, _l
from network.mechanisms.models import ContactKind, Field, NameStatus
from network.taxonomy.forms import FLAGS, GROUPS, REGIONS

FIELDS: dict[Field, Any] = {
    Field.NAME: _l("Name"),
    Field.ACRONYM: _l("Acronym"),
    Field.TYPE: _l("Type"),
    Field.HOST: _l("Host"),
    Field.YEAR: _l("Year of creation"),
    Field.LEGAL_BASIS: _l("Legal basis"),
    Field.COMPOSITION: _l("Structure and composition"),
    Field.SECRETARIAT: _l("Secretariat"),
    Field.MEETINGS: _l("Meetings"),
    Field.ENGAGEMENT: _l("Engagement with review bodies"),
    Field.COORDINATION: _l("Coordination"),
    Field.CONSULTATION: _l("Consultation with NHRIs and civil society"),
    Field.INFORMATION: _l("Information management"),
    Field.TRACKING_TOOL: _l("Tracking tool"),
    Field.TOOL_ADDRESS: _l("Address of the tracking tool"),
    Field.TOOL_STATE: _l("State of the tracking tool"),
    Field.LANGUAGES: _l("Languages"),
}
NAME_NOTES: dict[NameStatus, Any] = {
    NameStatus.DESCRIPTION: _l("This describes the mechanism: no formal name was found."),
    NameStatus.UNNAMED: _l("A tracking tool is known; the name of the mechanism was not found."),
    NameStatus.NO_MECHANISM_YET: _l("The State has no mechanism yet."),
    NameStatus.NHRI_LIKE: _l(
        "This body is closer to a national human rights institution, and acts as the counterpart."
    ),
    NameStatus.WITHHELD: _l("The State does not show the name at present."),
}
CONTACT_KINDS: dict[ContactKind, Any] = {
    ContactKind.MAILBOX: _l("Mailbox of the office"),
    ContactKind.TELEPHONE: _l("Telephone"),
    ContactKind.ADDRESS: _l("Postal address"),
    ContactKind.WEBSITE: _l("Website"),
    ContactKind.PERSON: _l("Name of the focal point"),
}
SHORTEST_QUESTION = 2


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader looks for. Values that are not known are left out, with a sentence."""

    q: str = ""
    words: tuple[str, ...] = ()
    group: str = ""
    region: str = ""
    flag: str = ""
    has: str = ""
    after: str = ""
    before: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> dict[str, Any]:
        """Values and names of the choice of groups."""
        return {str(key): name for key, name in GROUPS.items()}

    @property
    def regions(self) -> dict[str, Any]:
        """Values and names of the choice of regions."""
        return REGIONS

    @property
    def flags(self) -> dict[str, Any]:
        """Values and names of the choice of lists."""
        return {str(key): name for key, name in FLAGS.items()}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.words or self.group or self.region or self.flag or self.has)

    def query(self, **more: str) -> str:
        """These filters as a query string, with `more` instead of the place in the list."""
        kept = {"q": self.q, "group": self.group, "region": self.region, "flag": self.flag}
        return urlencode({k: v for k, v in {**kept, "has": self.has, **more}.items() if v})


def read_filters(arguments: Mapping[str, str]) -> Filters:
    """Filters from the address. Whatever is odd in it becomes a sentence, never an error."""
    problems: dict[str, str] = {}
    kept, words = read_question(arguments, problems)
    chosen = {
        name: _known(arguments.get(name, ""), name, known, problems)
        for name, known in (
            ("group", {str(key) for key in GROUPS}),
            ("region", set(REGIONS)),
            ("flag", {str(key) for key in FLAGS}),
            ("has", {"mechanism"}),
        )
    }
    return Filters(
        q=kept,
        words=tuple(words),
        after=read_code(arguments, "after"),
        before=read_code(arguments, "before"),
        problems=problems,
        **chosen,
    )


def read_question(arguments: Mapping[str, str], problems: dict[str, str]) -> tuple[str, list[str]]:
    """What was typed to be looked for, as it is kept, and its words; a sentence if it is no good."""
    question = " ".join(arguments.get("q", "").replace("\x00", " ").split())
    kept = question[: search.MOST_LETTERS]
    words = search.words(kept)
    if len(question) > search.MOST_LETTERS:
        problems["q"] = _("The search was cut after %(most)s characters.", most=search.MOST_LETTERS)
    elif question and len("".join(words)) < _shortest(words):
        problems["q"] = _("Type at least two letters of a name.")
        words = []
    return kept, words


def _shortest(words: list[str]) -> int:
    """One Chinese character is a whole word; other scripts want two letters."""
    return 1 if any(not word.isascii() for word in words) else SHORTEST_QUESTION


def _known(value: str, name: str, known: set[str], problems: dict[str, str]) -> str:
    if value and value not in known:
        problems[name] = _("This choice is not known and was left out.")
        return ""
    return value


def read_code(arguments: Mapping[str, str], name: str) -> str:
    """The code of a State at which a list goes on, in capitals; empty for anything else."""
    iso3_letters, value = 3, arguments.get(name, "")
    return (
        value.upper() if len(value) == iso3_letters and value.isascii() and value.isalpha() else ""
    )
