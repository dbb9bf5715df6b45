"""What a document says, apart from how it is written: headings, paragraphs, tables, signatures.

Texts are text and nothing else: whatever shows a paper escapes them. A `Text` carries a language
of its own where it differs from the paper's, so that it is read aloud and turned rightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Text:
    """Words in a language of their own, by its code."""

    text: str
    language: str


Words = str | Text
"""Words in the paper's language, or in one of their own. Each line becomes a paragraph."""

Cell = Words | tuple[Words, ...]
"""What stands in one cell of a table: words, or several of them below one another."""


@dataclass(frozen=True)
class Heading:
    """A heading inside the paper: level 2 to 4, since the paper's title is the first."""

    words: Words
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    words: Words


@dataclass(frozen=True)
class Points:
    """A list without order."""

    items: tuple[Words, ...]


@dataclass(frozen=True)
class Table:
    """A table with a head for each column and `caption` as its description.

    With `names_rows` the first cell of each row is that row's head.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    names_rows: bool = False


@dataclass(frozen=True)
class Facts:
    """Names and their values, shown as a table of two columns under `heads`."""

    caption: str
    heads: tuple[str, str]
    rows: tuple[tuple[str, Cell], ...]

    def table(self) -> Table:
        """The same as a table whose first column names the rows."""
        return Table(self.caption, self.heads, self.rows, names_rows=True)


@dataclass(frozen=True)
class Signature:
    """Room for one signature: who signs, and a name for each line to be filled in by hand."""

    who: tuple[Words, ...]
    lines: tuple[str, ...]


Block = Heading | Paragraph | Points | Facts | Table | Signature


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One document. `direction` is `ltr` or `rtl`; `footer` stands on each page beside its number.

    `dated` is what the file says about when it was made: nothing here asks a clock, so that the
    same paper always gives the same bytes.
    """

    title: Words
    language: str
    direction: str
    blocks: tuple[Block, ...]
    footer: str = ""
    dated: datetime = datetime(2000, 1, 1, tzinfo=UTC)


def text_of(words: Words) -> str:
    """The bare text."""
    return words if isinstance(words, str) else words.text
