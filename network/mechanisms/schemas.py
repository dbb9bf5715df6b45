"""The lines of the files on mechanisms, each checked cell by cell."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator
from pydantic import Field as Limits

from network.mechanisms.models import NAME_MOST, VALUE_MOST, Field, NameStatus
from network.taxonomy.schemas import FileRow, Filled, Iso3, Link, tidy

Cell = Annotated[str, BeforeValidator(tidy), Limits(max_length=VALUE_MOST)]
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
        said = {field: str(getattr(self, field.value)) for field in Field}
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
