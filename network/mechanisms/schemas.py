"""The lines of the files on mechanisms, checked cell by cell, and what is given out as open data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Limits

from network.mechanisms.models import (
    NAME_MOST,
    VALUE_MOST,
    Field,
    Mechanism,
    NameStatus,
    ProfileFact,
)
from network.taxonomy.schemas import FileRow, Filled, Iso3, Link, tidy

Cell = Annotated[str, BeforeValidator(tidy), Limits(max_length=VALUE_MOST)]
IN_FILE = (Field.TYPE, Field.HOST, Field.YEAR, Field.LEGAL_BASIS, Field.TRACKING_TOOL)
LanguageCode = Annotated[str, Limits(pattern=r"^([a-z]{2})?$")]


class MechanismRow(FileRow):
    """A line of mechanisms.csv. A blank was not found: it stays blank."""

    iso3: Iso3
    country: Filled
    name: Annotated[str, BeforeValidator(tidy), Limits(max_length=NAME_MOST)]
    name_status: NameStatus
    acronym: Annotated[str, Limits(max_length=40)]
    type: Cell
    host: Cell
    year: Annotated[str, Limits(pattern=r"^(\d{4})?$")]
    legal_basis: Cell
    tracking_tool: Cell
    source_url: Link

    @property
    def facts(self) -> dict[Field, str]:
        """What the line says of the mechanism, without the blanks."""
        said = {field: str(getattr(self, field.value)) for field in IN_FILE}
        return {field: value for field, value in said.items() if value}


class LanguagesRow(FileRow):
    """A line of mechanisms_languages.csv: which language a cell is written in."""

    iso3: Iso3
    name: LanguageCode
    host: LanguageCode
    legal_basis: LanguageCode


class FrenchFactsRow(FileRow):
    """A line of mechanisms_fr.csv: our French for cells that are descriptions in English."""

    iso3: Iso3
    name: Cell
    type: Cell
    host: Cell
    legal_basis: Cell
    tracking_tool: Cell

    @property
    def facts(self) -> dict[Field, str]:
        """Our French by field, without the blanks."""
        said = {
            Field.TYPE: self.type,
            Field.HOST: self.host,
            Field.LEGAL_BASIS: self.legal_basis,
            Field.TRACKING_TOOL: self.tracking_tool,
        }
        return {field: value for field, value in said.items() if value}


FACT_COLUMNS = (
    "iso3",
    "state",
    "key",
    "mechanism",
    "acronym",
    "name_status",
    "field",
    "value",
    "language",
    "basis",
    "translation",
    "source_url",
    "source_name",
    "as_of",
    "recorded_on",
    "confirmed_on",
)


def as_open(mechanism: Mechanism) -> dict[str, Any]:
    """A mechanism as it is given out: what the public page shows. Needs its State and visible facts."""
    return {
        "key": mechanism.key,
        "iso3": mechanism.state.iso3,
        "state": mechanism.state.names,
        "name": mechanism.name,
        "name_language": mechanism.name_language,
        "name_status": mechanism.name_status.value,
        "acronym": mechanism.acronym,
        "source_url": mechanism.source_url,
        "recorded_on": mechanism.recorded_on.isoformat(),
        "facts": [_open_fact(fact) for fact in mechanism.facts],
    }


def _open_fact(fact: ProfileFact) -> dict[str, Any]:
    return {
        "field": fact.field.value,
        "value": fact.value,
        "language": fact.language,
        "basis": fact.basis.value,
        "translation": fact.is_translation,
        "source_url": fact.source_url,
        "source_name": fact.source_name,
        "as_of": fact.as_of.isoformat() if fact.as_of else None,
        "recorded_on": fact.recorded_on.isoformat(),
        "confirmed_on": fact.confirmed_on.isoformat() if fact.confirmed_on else None,
    }


def as_fact_rows(mechanism: Mechanism) -> Iterator[dict[str, Any]]:
    """The same as one line per fact, for spreadsheets; one line for a mechanism without any."""
    whole = as_open(mechanism)
    shared = {name: whole[name] for name in FACT_COLUMNS if name in whole}
    shared |= {"state": whole["state"]["en"], "mechanism": whole["name"]}
    yield from ({**shared, **fact} for fact in whole["facts"] or [{}])
