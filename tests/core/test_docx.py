"""Word documents: what they say, to whom they can be read aloud, and always the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core import file_kinds
from core.documents import pieces
from core.documents.docx import document
from core.documents.paper import (
    Facts,
    Heading,
    Paper,
    Paragraph,
    Points,
    Signature,
    Table,
    Text,
)

BLOCKS = (
    Heading("Who takes part"),
    Paragraph("First line\nSecond line"),
    Points(("One", Text("L'événement", "fr"))),
    Facts(
        "What was agreed", ("Subject", "Agreed"), (("Form", "Visit"), ("Days", ("Two", "Three")))
    ),
    Table("Voices", ("Who", "When"), (("A", "Monday"), ("B", "Tuesday"))),
    Heading("Signatures", level=3),
    Signature(("For A",), ("Name", "Date")),
)
ORDERS = {
    "pPr": "pStyle keepNext keepLines numPr pBdr tabs bidi spacing ind jc outlineLvl",
    "rPr": "rStyle rFonts b bCs color sz szCs rtl lang",
    "tblPr": "tblStyle bidiVisual tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption "
    "tblDescription",
    "trPr": "cantSplit tblHeader",
    "sectPr": "headerReference footerReference pgSz pgMar cols bidi docGrid",
}
"""The order in which Word's own model (ISO/IEC 29500) wants these; Word refuses other orders."""


def _paper(language: str = "en", *blocks: Any, **more: Any) -> Paper:
    return Paper(
        **{
            "title": "A visit",
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "blocks": blocks or BLOCKS,
            "footer": "No. 7",
            **more,
        }
    )


def _parts(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _read(paper: Paper) -> Any:
    return Document(io.BytesIO(document(paper)))


def _text(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def _languages(word: Any) -> list[tuple[str, dict[str, str], bool]]:
    return [
        (
            _text(run),
            {key.split("}")[1]: value for key, value in run.find(".//" + qn("w:lang")).items()},
            run.find(".//" + qn("w:rtl")) is not None,
        )
        for run in word.element.body.iter(qn("w:r"))
        if _text(run)
    ]


def test_it_says_what_the_paper_says_in_real_styles() -> None:
    word = _read(_paper())
    assert [(one.style.name, one.text) for one in word.paragraphs] == [
        ("Heading 1", "A visit"),
        ("Heading 2", "Who takes part"),
        ("Normal", "First line"),
        ("Normal", "Second line"),
        ("List Bullet", "One"),
        ("List Bullet", "L'événement"),
        ("Normal", ""),
        ("Heading 3", "Signatures"),
        ("Normal", "For A"),
        ("Signature", "Name\t"),
        ("Signature", "Date\t"),
    ]
    assert [[[cell.text for cell in row.cells] for row in one.rows] for one in word.tables] == [
        [["Subject", "Agreed"], ["Form", "Visit"], ["Days", "Two\nThree"]],
        [["Who", "When"], ["A", "Monday"], ["B", "Tuesday"]],
    ]
    footer = word.sections[0].footer.paragraphs[0]
    fields = [one.get(qn("w:instr")) for one in footer._p.iter(qn("w:fldSimple"))]
    assert (_text(footer._p), fields) == ("No. 71 / 1", ["PAGE", "NUMPAGES"])


def test_the_same_paper_gives_the_same_bytes_and_names_nobody() -> None:
    body = document(_paper())
    assert document(_paper()) == body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = Document(io.BytesIO(body)).core_properties
    assert (about.title, about.language, about.author, about.last_modified_by, about.comments) == (
        *("A visit", "en-GB"),
        *("", "", ""),
    )
    assert (about.created, about.modified) == (datetime(2000, 1, 1, tzinfo=UTC),) * 2
    assert not [name for name in _parts(body) if "app.xml" in name or "thumbnail" in name]
    assert b"python-docx" not in b"".join(_parts(body).values())


def test_its_date_is_the_one_it_was_given_wherever_that_was() -> None:
    there = datetime(2027, 3, 4, 1, 30, tzinfo=timezone(timedelta(hours=5)))
    about = _read(_paper(dated=there)).core_properties
    assert about.created == datetime(2027, 3, 3, 20, 30, tzinfo=UTC)


def test_heads_of_tables_are_marked_and_tables_described() -> None:
    facts, table = _read(_paper()).tables
    for made, first_column in ((facts, "1"), (table, "0")):
        look = made._tbl.tblPr.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", first_column)
        marked = [row._tr.find(".//" + qn("w:tblHeader")) is not None for row in made.rows]
        assert marked == [True, False, False]
    captions = [one._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for one in (facts, table)]
    assert captions == ["What was agreed", "Voices"]
    assert [row.cells[0].paragraphs[0].style.name for row in facts.rows] == ["Table Heading"] * 3
    assert [row.cells[0].paragraphs[0].style.name for row in table.rows] == [
        "Table Heading",
        "Table Text",
        "Table Text",
    ]


def test_every_run_has_the_language_it_is_written_in() -> None:
    word = _read(_paper("fr", Paragraph("Une visite"), Paragraph(Text("Ein Besuch", "de"))))
    assert _languages(word) == [
        ("A visit", {"val": "fr-FR"}, False),
        ("Une visite", {"val": "fr-FR"}, False),
        ("Ein Besuch", {"val": "de"}, False),
    ]
    assert _read(_paper("fr")).styles.element.find(".//" + qn("w:lang")).get(qn("w:val")) == "fr-FR"
    chinese = _read(_paper("zh", Paragraph("访问")))
    assert _languages(chinese)[1] == ("访问", {"eastAsia": "zh-CN"}, False)


def test_arabic_runs_from_right_to_left_and_what_is_latin_in_it_does_not() -> None:
    word = _read(_paper("ar", Paragraph("زيارة (NMIRF) أولى"), *BLOCKS[3:4], title="زيارة"))
    assert _languages(word)[:4] == [
        ("زيارة", {"bidi": "ar-SA"}, True),
        ("زيارة (", {"bidi": "ar-SA"}, True),
        ("NMIRF", {"val": "en-GB"}, False),
        (") أولى", {"bidi": "ar-SA"}, True),
    ]
    body = word.element.body
    assert all(
        one.find(".//" + qn("w:bidi")) is not None for one in body.iter(qn("w:p")) if _text(one)
    )
    assert word.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    assert body.sectPr.find(qn("w:bidi")) is not None


def test_arabic_in_an_english_paper_turns_by_itself() -> None:
    word = _read(_paper("en", Paragraph("The لجنة met"), Paragraph(Text("لجنة", "ar"))))
    assert _languages(word)[1:] == [
        ("The ", {"val": "en-GB"}, False),
        ("لجنة", {"bidi": "ar-SA"}, True),
        (" met", {"val": "en-GB"}, False),
        ("لجنة", {"bidi": "ar-SA"}, True),
    ]
    turned = [one._p.find(".//" + qn("w:bidi")) is not None for one in word.paragraphs]
    assert turned == [False, False, True]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_elements_stand_in_the_order_that_word_wants(language: str) -> None:
    for name, body in _parts(document(_paper(language))).items():
        if not name.startswith("word/") or "theme" in name or "rels" in name:
            continue
        for kind, order in ORDERS.items():
            wanted = order.split()
            for element in etree.fromstring(body).iter(qn(f"w:{kind}")):
                found = [child.tag.split("}")[1] for child in element]
                assert found == sorted(found, key=wanted.index), (name, kind)


def test_what_somebody_typed_stays_text() -> None:
    typed = "<w:p/> & {{ 7*7 }} =1+1 \x00\x0b\x1b\u202e\ud800\uffff end"
    word = _read(_paper("en", Paragraph(typed), footer="a\nb"))
    assert [one.text for one in word.paragraphs[1:]] == ["<w:p/> & {{ 7*7 }} =1+1", "end"]
    assert word.sections[0].footer.paragraphs[0].text.startswith("a b")


@given(st.text(max_size=60), st.sampled_from(["en", "ar", "zh"]))
def test_any_text_makes_a_document_that_opens_and_holds_it(text: str, language: str) -> None:
    body = document(_paper(language, Paragraph(text), title=text, footer=text))
    assert file_kinds.found(body) is file_kinds.DOCX
    word = Document(io.BytesIO(body))
    assert [one.text for one in word.paragraphs[-len(pieces.lines(text)) :]] == pieces.lines(text)
    assert word.core_properties.title == pieces.one_line(text)


@given(st.text(max_size=40), st.sampled_from(["ltr", "rtl"]))
def test_cutting_a_text_loses_nothing(text: str, way: str) -> None:
    assert "".join(piece for piece, _turned in pieces.pieces(text, way)) == text


@pytest.mark.parametrize(
    ("way", "text", "cut"),
    [
        (
            "rtl",
            "رقم X-2027-004 في 14 June 2027 هنا",
            ["رقم ", "X-2027-004", " في ", "14 June 2027", " هنا"],
        ),
        ("rtl", "في 14", ["في 14"]),
        ("ltr", "The لجنة 5 met", ["The ", "لجنة 5", " met"]),
        ("ltr", "Room 5", ["Room 5"]),
    ],
)
def test_numbers_go_with_the_words_they_belong_to(way: str, text: str, cut: list[str]) -> None:
    assert [piece for piece, _turned in pieces.pieces(text, way)] == cut


def test_something_that_is_no_block_is_refused() -> None:
    with pytest.raises(TypeError, match="str is no block of a paper"):
        document(_paper("en", "just text"))
