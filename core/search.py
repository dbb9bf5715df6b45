"""Finding names however they are typed: without accents, in any case, with a slip of a letter.

Rows keep a folded copy of what may be found (`fold`), under a trigram index; a search folds the
question the same way. What is hidden from a reader is left out of the folded copy or of the query,
so that it can neither be found nor counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_

MOST_LETTERS = 100
SMALLEST_LIKENESS = 0.4
SHORTEST_LIKE = 4
_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "ı": "i",
    "ٱ": "ا",
}
_GAPS = re.compile(r"[^\w]+")


def fold(text: str) -> str:
    """Small letters without accents or punctuation, single spaces; the same for query and row."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    plain = "".join(_LETTERS.get(letter, letter) for letter in bare)
    return _GAPS.sub(" ", plain).strip()


def folded(texts: Iterable[str]) -> str:
    """Several texts as one searchable line, each once, fenced so that words do not run together."""
    parts = dict.fromkeys(part for part in map(fold, texts) if part)
    return " | ".join(parts)


def words(question: str) -> list[str]:
    """The folded words of a question, none when there is nothing to look for."""
    return fold(question[:MOST_LETTERS]).split()


def contains(column: Any, word: str) -> ColumnElement[bool]:
    """`column` holds a folded word, or a word that it is part of."""
    contained: ColumnElement[bool] = column.contains(word, autoescape=True)
    return contained


def resembles(column: Any, word: str) -> ColumnElement[bool]:
    """`column` holds a word very like this one (pg_trgm's word similarity), for slips of the hand."""
    if len(word) < SHORTEST_LIKE:
        return contains(column, word)
    return or_(
        contains(column, word), func.word_similarity(literal(word), column) >= SMALLEST_LIKENESS
    )
