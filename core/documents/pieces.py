"""Texts cut for documents: into lines that say something, and where their direction changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from core.documents.paper import Words, text_of
from core.web.forms import cleaned

NOT_XML = dict.fromkeys(map(ord, "\ufffe\uffff"))
KINDS = {"L": "L", "R": "R", "AL": "R", "EN": "D"}
OTHERS = {
    "ltr": re.compile("R(?:[^L]*[RD])?"),
    "rtl": re.compile("(?:D[^RL]{0,9})?L(?:[^R]*[LD])?"),
}
"""Stretches that run against a direction, in a text written as L, R, D (digit) and N by its signs.

Digits go with the letters before them, so that "X-2027-004" stays whole from right to left too.
"""


def lines(words: Words) -> list[str]:
    """The lines of a text, without any sign that XML or a reader cannot take; at least one."""
    kept = str(cleaned(text_of(words))).translate(NOT_XML)
    return [line.replace("\t", " ").strip() for line in kept.split("\n") if line.strip()] or [""]


def one_line(words: Words) -> str:
    """The whole text in one line."""
    return " ".join(lines(words))


def pieces(line: str, way: str) -> Iterator[tuple[str, bool]]:
    """The text cut where its direction changes; True marks what runs against `way`."""
    kinds = "".join(KINDS.get(unicodedata.bidirectional(sign), "N") for sign in line)
    at = 0
    for found in OTHERS[way].finditer(kinds):
        if found.start() > at:
            yield line[at : found.start()], False
        yield line[found.start() : found.end()], True
        at = found.end()
    if at < len(line):
        yield line[at:], False
