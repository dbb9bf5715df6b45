"""Papers as Word documents that screen readers read well.

Real heading styles, a language and a direction on every run, a marked head row in every table, a
title and a language in the file's properties, and nobody's name. The same paper gives the same
bytes. Word's own model allows elements in one order only, so they are put where they belong.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from core.documents.paper import (
    Cell,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Points,
    Signature,
    Table,
    Text,
    Words,
)
from core.documents.pieces import lines, one_line, pieces
from core.languages import direction

WORD = Path(__file__).parent / "word"
TAGS = {
    "ar": "ar-SA",
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "pt": "pt-PT",
    "ru": "ru-RU",
    "zh": "zh-CN",
}
"""The tags that word processors have dictionaries and voices for."""
WIDTH, HEIGHT, MARGIN = Mm(210), Mm(297), Mm(25)
NAMES_SHARE = 0.3
TITLE_MOST = 255
STRAY_PARTS = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects", "webSettings")
PACKED_AT = (1980, 1, 1, 0, 0, 0)
AFTER_BIDI = (
    *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing"),
    *("w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment"),
    *("w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr"),
    "w:pPrChange",
)
AFTER_BIDI_VISUAL = (
    *("w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc", "w:tblCellSpacing"),
    *("w:tblInd", "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"),
)


def document(paper: Paper) -> bytes:
    """The paper as a DOCX file."""
    word = Document()
    _furnish(word, paper)
    writer = _Writer(word, paper)
    for block in paper.blocks:
        writer.add(block)
    writer.part()
    raw = io.BytesIO()
    word.save(raw)
    return _packed(raw)


class _Writer:
    """Puts one block after another into a document."""

    def __init__(self, word: WordDocument, paper: Paper) -> None:
        self.word, self.paper = word, paper
        self.add(Heading(paper.title, level=1))
        self.foot()

    def add(self, block: Any) -> None:
        """Write one block at the end."""
        match block:
            case Heading(words, level):
                self.write(self.word, words, f"Heading {level}")
            case Paragraph(words):
                self.write(self.word, words, "Normal")
            case Points(items):
                for words in items:
                    self.write(self.word, words, "List Bullet")
            case Facts():
                self.table(block.table())
            case Table():
                self.table(block)
            case Signature():
                self.signature(block)
            case _:
                raise TypeError(f"{type(block).__name__} is no block of a paper")

    def write(self, where: Any, words: Words, style: str) -> list[WordParagraph]:
        """One paragraph a line, each with its direction, in a body, a cell or a footer."""
        made = []
        for line in lines(words):
            made.append(where.add_paragraph(style=style))
            self.say(made[-1], line, words)
        return made

    def say(self, paragraph: WordParagraph, line: str, words: Words) -> None:
        """Write a line into an empty paragraph as runs of one direction each."""
        language = words.language if isinstance(words, Text) else self.paper.language
        way = direction(language) if isinstance(words, Text) else self.paper.direction
        if way == "rtl":
            _turn(paragraph)
        for piece, turned in pieces(line, way):
            run = _xml(paragraph.add_run(piece)).get_or_add_rPr()
            if (way == "rtl") is not turned:
                run.append(OxmlElement("w:rtl"))
            run.append(_language("" if turned else language, way=way, turned=turned))

    def table(self, table: Table) -> None:
        """A table across the page; its head row is marked, and repeated on every page."""
        self.part()
        columns = len(table.heads)
        made = self.word.add_table(rows=0, cols=columns, style="Table Grid")
        made.autofit = False
        properties = _xml(made).tblPr
        if self.paper.direction == "rtl":
            properties.insert_element_before(OxmlElement("w:bidiVisual"), *AFTER_BIDI_VISUAL)
        width = properties.find(qn("w:tblW"))
        width.set(qn("w:type"), "pct")
        width.set(qn("w:w"), "5000")
        _look(properties, names_rows=table.names_rows)
        for name, value in (("w:tblCaption", table.caption), ("w:tblDescription", table.caption)):
            properties.append(_element(name, val=one_line(value)))
        first = round((WIDTH - 2 * MARGIN) * (NAMES_SHARE if table.names_rows else 1 / columns))
        rest = (WIDTH - 2 * MARGIN - first) // max(columns - 1, 1)
        widths = (first, *(rest for _each in range(columns - 1)))
        for column, size in zip(made.columns, widths, strict=True):
            column.width = size
        for number, row in enumerate((table.heads, *table.rows)):
            line = made.add_row()
            if number == 0:
                marks = _xml(line).get_or_add_trPr()
                marks.append(OxmlElement("w:cantSplit"))
                marks.append(OxmlElement("w:tblHeader"))
            for place, (cell, content) in enumerate(zip(line.cells, row, strict=True)):
                cell.width = widths[place]
                is_head = number == 0 or (table.names_rows and place == 0)
                self.fill(cell, content, "Table Heading" if is_head else "Table Text")

    def part(self) -> None:
        """An empty paragraph after a table that would grow into the next one, or end the body."""
        body = self.word.element.body
        if len(body) > 1 and body[-2].tag == qn("w:tbl"):
            self.word.add_paragraph(style="Normal")

    def fill(self, cell: Any, content: Cell, style: str) -> None:
        """The words of a cell, in place of the empty paragraph that every new cell has."""
        empty = _xml(cell.paragraphs[0])
        for words in content if isinstance(content, tuple) else (content,):
            self.write(cell, words, style)
        if len(cell.paragraphs) > 1:
            empty.getparent().remove(empty)

    def signature(self, signature: Signature) -> None:
        """Who signs, and lines drawn by a tab: underscores would be read out one by one."""
        made = [one for who in signature.who for one in self.write(self.word, who, "Normal")]
        for line in signature.lines:
            made += self.write(self.word, line, "Signature")
            made[-1].add_run("\t")
        for paragraph in made[:-1]:
            paragraph.paragraph_format.keep_with_next = True

    def foot(self) -> None:
        """The footer: the paper's words, then this page's number and how many there are."""
        footer = self.word.sections[0].footer
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = self.word.styles["footer"]
        self.say(paragraph, one_line(self.paper.footer), self.paper.footer)
        paragraph.add_run("\t")
        _field(paragraph, "PAGE")
        paragraph.add_run(" / ")
        _field(paragraph, "NUMPAGES")


def _language(language: str, *, way: str, turned: bool) -> Any:
    """What a run is spoken in. Words that run against their text are only known by their script."""
    rtl = (way == "rtl") is not turned
    tag = TAGS.get(language, language) or (TAGS["ar"] if rtl else TAGS["en"])
    if language == "zh":
        return _element("w:lang", eastAsia=tag)
    return _element("w:lang", bidi=tag) if rtl else _element("w:lang", val=tag)


def _turn(paragraph: WordParagraph) -> None:
    properties = _xml(paragraph).get_or_add_pPr()
    properties.insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)


def _look(properties: Any, *, names_rows: bool) -> None:
    """Say which cells are heads; nothing else tells programs that read aloud."""
    look = properties.find(qn("w:tblLook"))
    look.attrib.clear()
    shown = {"firstRow": 1, "lastRow": 0, "firstColumn": int(names_rows), "lastColumn": 0}
    look.set(qn("w:val"), "06A0" if names_rows else "0620")
    for name, value in (shown | {"noHBand": 1, "noVBand": 1}).items():
        look.set(qn(f"w:{name}"), str(value))


def _field(paragraph: WordParagraph, code: str) -> None:
    """A number that the word processor fills in."""
    field = _element("w:fldSimple", instr=code)
    run = paragraph.add_run("1")
    field.append(_xml(run))
    _xml(paragraph).append(field)


def _furnish(word: WordDocument, paper: Paper) -> None:
    """Put our styles, page, settings and properties in place of the library's."""
    tag = TAGS.get(paper.language, paper.language)
    main = word.part
    _replace(word.styles.element, "styles")
    default = next(word.styles.element.iter(qn("w:lang")))
    default.set(qn("w:bidi" if paper.direction == "rtl" else "w:val"), tag)
    _replace(word.settings.element, "settings")
    _replace(main.numbering_part.element, "numbering")
    for relations in (main.rels, main.package.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(STRAY_PARTS)]:
            del relations[key]
    section = word.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    if paper.direction == "rtl":
        grid = word.element.body.find(qn("w:sectPr")).find(qn("w:docGrid"))
        grid.addprevious(OxmlElement("w:bidi"))
    about = word.core_properties
    about.title = one_line(paper.title)[:TITLE_MOST]
    about.language = tag
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = paper.dated.astimezone(UTC)


def _replace(element: Any, name: str) -> None:
    """Our content for a part that the library brings."""
    element[:] = list(parse_xml(_source(name)))


@cache
def _source(name: str) -> bytes:
    return (WORD / f"{name}.xml").read_bytes()


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _xml(part: Any) -> Any:
    return part._element  # noqa: SLF001 -- python-docx has no other door to what it does not know


def _packed(raw: io.BytesIO) -> bytes:
    """The same parts with fixed times and in a fixed order."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            info = zipfile.ZipInfo(name, PACKED_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            new.writestr(info, old.read(name))
    return out.getvalue()
