"""The directory as lines of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.languages import localized
from network.directory.queries import Entry
from network.mechanisms.models import Contact, ProfileFact

COLUMNS = (
    "iso3",
    "state",
    "standing",
    "mechanism",
    "part",
    "value",
    "language",
    "readers",
    "basis",
    "source_url",
    "as_of",
)


def as_rows(entry: Entry) -> Iterator[dict[str, Any]]:
    """One line per fact and contact that its reader may see; one for a State without any."""
    shared = {
        "iso3": entry.state.iso3,
        "state": localized(entry.state.names),
        "standing": entry.standing.value if entry.standing else "",
    }
    lines = [
        {"mechanism": profile.mechanism.key, **_line(fact.field.value, fact)}
        for profile in entry.profiles
        for fact in profile.mechanism.facts
    ]
    keys = {profile.mechanism.id: profile.mechanism.key for profile in entry.profiles}
    lines += [
        {
            "mechanism": keys.get(contact.mechanism_id, "") if contact.mechanism_id else "",
            **_line(f"contact_{contact.kind.value}", contact),
        }
        for contact in entry.contacts
    ]
    named = [
        {"mechanism": profile.mechanism.key, "part": "name", "value": profile.mechanism.name}
        for profile in entry.profiles
        if profile.mechanism.name and not _says_name(profile.mechanism.facts)
    ]
    yield from ({**shared, **line} for line in [*named, *lines] or [{}])


def _says_name(facts: list[ProfileFact]) -> bool:
    return any(fact.field.value == "name" for fact in facts)


def _line(part: str, said: ProfileFact | Contact) -> dict[str, Any]:
    return {
        "part": part,
        "value": said.value,
        "language": said.language,
        "readers": said.visibility.value,
        "basis": said.basis.value,
        "source_url": said.source_url,
        "as_of": said.as_of.isoformat() if said.as_of else "",
    }
