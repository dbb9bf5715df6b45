"""Names are found however they are typed."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, MetaData, String, Table, insert, select

from core import search


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Côte d’Ivoire", "cote d ivoire"),
        ("  TÜRKİYE ", "turkiye"),
        ("São Tomé-et-Príncipe", "sao tome et principe"),
        ("Федерация", "федерация"),
        ("阿富汗", "阿富汗"),
        ("مِصْر", "مصر"),
        ("Straße Œuvre", "strasse oeuvre"),
        ("%_'\\", "_"),
    ],
)
def test_folding_takes_accents_case_and_punctuation_away(typed, folded):
    assert search.fold(typed) == folded


def test_a_long_question_is_cut():
    assert search.words("a" * 10_000) == ["a" * search.MOST_LETTERS]


@pytest.mark.parametrize(
    ("question", "exact", "similar"),
    [
        ("ivoire", True, True),
        ("cote ivoire", True, True),
        ("Côte d’Ivoire", True, True),
        ("iv", True, True),
        ("ivorie", False, True),
        ("cote ivoir", True, True),
        ("portugal", False, False),
        ("%", False, False),
        ("_", False, False),
    ],
)
def test_words_are_found_as_parts_and_with_a_slip(session, question, exact, similar):
    table = Table("found", MetaData(), Column("sought", String), prefixes=["TEMPORARY"])
    table.create(session.connection())
    session.execute(insert(table).values(sought=search.folded(["Côte d’Ivoire", "CIV"])))
    words = search.words(question)
    for how, found in ((search.contains, exact), (search.resembles, similar)):
        conditions = [how(table.c.sought, word) for word in words]
        rows = session.execute(select(table).where(*conditions)).all() if words else []
        assert bool(rows) is found
