"""Two texts side by side, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

PIECES = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff]|\w+|[^\w\s]")
"""Spaces, words and signs; a Chinese character stands for itself."""


@dataclass(frozen=True)
class Piece:
    """A run of text: `kind` is same, gone or new."""

    kind: str
    text: str


def compared(old: str, new: str) -> list[Piece]:
    """What stayed, went and came between two texts.

    All that is same and gone, in order, is the old text; all that is same and new the new one.
    """
    before, after = PIECES.findall(old), PIECES.findall(new)
    found = list(_runs(before, after))
    return list(_joined(found))


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    """(old, new) for each run; the same twice where nothing changed."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        yield "".join(before[from_old:to_old]), "".join(after[from_new:to_new])


def _joined(runs: list[tuple[str, str]]) -> Iterator[Piece]:
    """Pieces, with a space between two changes taken into both so that phrases stay whole."""
    gone = new = ""
    for place, (old, now) in enumerate(runs):
        is_space = old == now and old.isspace() and (gone or new) and place + 1 < len(runs)
        if old != now or is_space:
            gone, new = gone + old, new + now
            continue
        yield from _change(gone, new)
        gone = new = ""
        yield Piece("same", old)
    yield from _change(gone, new)


def _change(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if new:
        yield Piece("new", new)
