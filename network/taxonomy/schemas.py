"""The lines of the reference files, each checked cell by cell."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from network.taxonomy.models import Flag, Group, UnStatus

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
APOSTROPHES = str.maketrans({"'": "’", "ʼ": "’", "`": "’"})
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")


def tidy(text: str) -> str:
    """One kind of apostrophe in every name."""
    return text.translate(APOSTROPHES)


def _filled(text: str) -> str:
    if not text:
        message = "The cell is empty."
        raise ValueError(message)
    return text


def _shaped(pattern: str, sentence: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(sentence)
        return text

    return AfterValidator(check)


def _blank_is_none(text: object) -> object:
    return None if text == "" else text


Filled = Annotated[str, AfterValidator(_filled)]
Name = Annotated[str, AfterValidator(_filled), AfterValidator(tidy)]
Key = Annotated[
    str,
    _shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "A key has small letters, digits and hyphens."),
]
Iso3 = Annotated[str, _shaped("[A-Z]{3}", "A State's code has three capital letters.")]
Link = Annotated[str, _shaped(r"https?://\S+", "This is not a web address.")]
MaybeDay = Annotated[date | None, BeforeValidator(_blank_is_none)]
MaybeYear = Annotated[
    Annotated[int, Field(ge=1800, le=2100)] | None, BeforeValidator(_blank_is_none)
]
YesNo = Literal["0", "1"]


class FileRow(BaseModel):
    """A line of a file; unknown columns were refused before."""

    model_config = ConfigDict(frozen=True)


class StateRow(FileRow):
    """A line of states.csv."""

    iso3: Iso3
    iso2: Annotated[str, _shaped("[A-Z]{2}", "A short code has two capital letters.")]
    m49: Annotated[str, _shaped(r"\d{3}", "An M49 code has three digits.")]
    un_status: UnStatus
    un_group: Annotated[Group | None, BeforeValidator(_blank_is_none)]
    region: Literal["Africa", "Americas", "Asia", "Europe", "Oceania"]
    subregion: Filled
    ldc: YesNo
    lldc: YesNo
    sids: YesNo
    name_en: Name
    name_fr: Name
    name_es: Name
    name_ru: Name
    name_zh: Name
    name_ar: Name

    @property
    def names(self) -> dict[str, str]:
        """Short names by language code."""
        return {language: getattr(self, f"name_{language}") for language in LANGUAGES}

    @property
    def classified(self) -> list[tuple[str, str]]:
        """(kind, word) of the group and of each list the State is on."""
        group = [("group", self.un_group.value)] if self.un_group else []
        return group + [("flag", flag.value) for flag in Flag if getattr(self, flag.value) == "1"]


class ClassificationRow(FileRow):
    """A line of classifications.csv: dates that states.csv has no place for."""

    iso3: Iso3
    kind: Literal["group", "flag"]
    word: Filled
    since: MaybeDay
    until: MaybeDay
    expected_until: MaybeDay
    source: Filled


class ThemeRow(FileRow):
    """A line of themes.csv."""

    key: Key
    group: Filled
    name_en: Name


class AffectedPersonsRow(FileRow):
    """A line of affected_persons.csv."""

    key: Key
    name_en: Name


class ReviewBodyRow(FileRow):
    """A line of review_bodies.csv."""

    key: Key
    kind: Literal["treaty body", "universal periodic review", "special procedures", "regional"]
    acronym: Filled
    name_en: Name
    instrument: str
    adopted: MaybeYear


class FrenchRow(FileRow):
    """A line of a file with our French names."""

    key: Key
    name_fr: Name
