"""What programs ask about mechanisms, and what they are answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from core.search import MOST_LETTERS
from core.web.api import PREFIX, Given, Paged
from core.web.forms import cleaned
from network.mechanisms.models import (
    Basis,
    Contact,
    ContactKind,
    Mechanism,
    NameStatus,
    Visibility,
)
from network.mechanisms.models import Field as FactField
from network.mechanisms.schemas import as_open
from network.taxonomy.models import Flag, Group, State
from network.taxonomy.rules import holds_on

KEY_MOST = 20
KEY = r"^[a-z0-9-]+$"
Region = Literal["Africa", "Americas", "Asia", "Europe", "Oceania"]


class MechanismsAsked(Paged):
    """Which mechanisms to answer."""

    q: Annotated[str, Field(max_length=MOST_LETTERS), BeforeValidator(cleaned)] = Field(
        default="", description="Words of a name of a State or a mechanism, or of a fact."
    )
    group: Group | None = Field(default=None, description="Regional group of the United Nations.")
    region: Region | None = Field(default=None, description="Part of the world.")
    flag: Flag | None = Field(default=None, description="List that the State is on.")
    name_status: NameStatus | None = Field(
        default=None, description="How certain the name of the mechanism is."
    )
    after: Annotated[str, Field(max_length=KEY_MOST, pattern=KEY)] | None = Field(
        default=None, description="The key after which the list goes on."
    )


class StateAnswer(Given):
    """A State, with its groups and lists of today."""

    iso3: str
    names: dict[str, str] = Field(description="Short names by language.")
    region: str
    group: Group | None
    flags: list[Flag]
    invented: bool = Field(description="Made up for the demonstration.")


class FactAnswer(Given):
    """One thing that is known of a mechanism, and on whose word."""

    field: FactField
    value: str
    language: str
    basis: Basis = Field(description="A public source, not confirmed by the State, or the State.")
    translation: bool = Field(description="Our translation, not the original wording.")
    source_url: str
    source_name: str = Field(description="What the source is called, where it has no address.")
    as_of: date | None = Field(description="The day the source speaks of, if it says.")
    recorded_on: date
    confirmed_on: date | None = Field(description="When the State last said that it still holds.")


class ContactAnswer(Given):
    """One way to reach a State's mechanism, and who may read it."""

    kind: ContactKind
    value: str
    language: str = Field(description="The language one may use there; empty if it is not said.")
    visibility: Visibility = Field(description="Pass it on to nobody beyond these readers.")
    basis: Basis
    source_url: str
    as_of: date | None = Field(description="The day for which it was said to hold.")


class MechanismAnswer(Given):
    """A national mechanism with what the asker may know of it. Without a token: what is public."""

    id: UUID
    key: str
    state: StateAnswer
    name: str
    name_language: str
    name_status: NameStatus
    acronym: str
    leading: bool = Field(description="Whether it leads where a State has several.")
    source_url: str
    recorded_on: date
    facts: list[FactAnswer]
    contacts: list[ContactAnswer] | None = Field(
        default=None,
        exclude_if=lambda contacts: contacts is None,
        description="With a token: how it is reached, as far as the token's seat may know.",
    )
    url: str = Field(description="Where this mechanism is answered alone.")


class Facets(Given):
    """How many of the mechanisms found are in each group, region, list and state of naming."""

    group: dict[str, int]
    region: dict[str, int]
    flag: dict[str, int]
    name_status: dict[str, int]


class MechanismsPage(Given):
    """Some mechanisms, by their keys."""

    items: list[MechanismAnswer]
    total: int = Field(description="How many were found in all.")
    facets: Facets
    next: str | None = Field(description="Where the list goes on; null at its end.")


def answered(
    mechanism: Mechanism, today: date, contacts: Iterable[Contact] | None = None
) -> MechanismAnswer:
    """A mechanism as it is given out. Needs its State with classifications, and visible facts.

    `contacts` are those of its State that the asker may see; None gives the answer without any.
    """
    whole = as_open(mechanism)
    return MechanismAnswer(
        id=mechanism.id,
        key=mechanism.key,
        state=_state(mechanism.state, today),
        name=mechanism.name,
        name_language=mechanism.name_language,
        name_status=mechanism.name_status,
        acronym=mechanism.acronym,
        leading=mechanism.is_lead,
        source_url=mechanism.source_url,
        recorded_on=mechanism.recorded_on,
        facts=[FactAnswer(**fact) for fact in whole["facts"]],
        contacts=None
        if contacts is None
        else [_contact(one) for one in contacts if one.mechanism_id in {None, mechanism.id}],
        url=f"{PREFIX}/mechanisms/{mechanism.id}",
    )


def _contact(contact: Contact) -> ContactAnswer:
    return ContactAnswer(
        kind=contact.kind,
        value=contact.value,
        language=contact.language,
        visibility=contact.visibility,
        basis=contact.basis,
        source_url=contact.source_url,
        as_of=contact.as_of,
    )


def _state(state: State, today: date) -> StateAnswer:
    now = [row for row in state.classifications if holds_on(row, today)]
    groups = [Group(row.word) for row in now if row.kind == "group"]
    return StateAnswer(
        iso3=state.iso3,
        names=state.names,
        region=state.region,
        group=groups[0] if groups else None,
        flags=sorted(Flag(row.word) for row in now if row.kind == "flag"),
        invented=state.is_invented,
    )
