"""Every text for people is said in every offered language, and no text is hidden from translators."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.plurals import get_plural
from jinja2 import Environment, nodes

from core import catalogue
from core.languages import COMPLETE

ROOT = catalogue.ROOT
OTHERS = [language for language in COMPLETE if language != "en"]
SYNTAX = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])|%(.?)")
TAG = re.compile(r"</?\w+[^<>]*>")
CALLS = {"_", "_l", "_n", "gettext", "ngettext", "lazy_gettext"}
SPOKEN_ERRORS = {
    "Refused",
    "SignInNeeded",
    "ProofNeeded",
    "PersonNeeded",
    "NotAllowed",
    "NotVisible",
    "MoveRefused",
    "Conflict",
    "TooMany",
    "ValidationError",
    "StopValidation",
    "NotThisFile",
}

UNSPOKEN = {
    "Relais": "the name of the platform, the same in every language",
    "UTC": "the international name of a time scale",
    "JSON": "a file format",
    "CSV": "a file format",
    "OpenAPI 3.1": "a file format",
    "noopener noreferrer": "words of HTML",
}
"""Words of templates that are not handed to translators, each with its reason."""

FILLED_IN = "\N{WORD JOINER}"
SPOKEN_ATTRIBUTES = {"alt", "title", "aria-label", "placeholder"}
PASSED_ON = {
    "core/languages.py": "the doors themselves",
    "core/web/errors.py": "says what sentence_for registered, and that is extracted",
}
"""Files in which gettext is called with something that is no literal, with the reason."""


@pytest.fixture(scope="module", params=OTHERS)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def messages(language) -> list[Message]:
    return [message for message in catalogue.read(language) if message.id]


def test_the_kept_catalogue_is_what_the_sources_hold(language):
    kept = catalogue.path_of(language).read_text(encoding="utf-8")
    assert kept == catalogue.written(catalogue.updated(language)), "run: python -m core.catalogue"


def test_nothing_is_left_to_translate(messages):
    assert [message.id for message in messages if catalogue.is_open(message)] == []


def test_what_is_no_longer_said_is_gone(language):
    assert list(catalogue.read(language).obsolete) == []


def test_the_programs_read_the_kept_catalogue(language):
    """What programs read is compiled by ./run, ./test and python -m core.catalogue."""
    with catalogue.path_of(language).with_suffix(".mo").open("rb") as file:
        compiled = {said(message.id): said(message.string) for message in read_mo(file)}
    kept = {said(message.id): said(message.string) for message in catalogue.read(language)}
    assert {text for text in kept if text and compiled.get(text) != kept[text]} == set()


def said(texts: str | tuple[str, ...] | list[str]) -> str:
    """A text, or its forms below each other."""
    return texts if isinstance(texts, str) else "\n".join(texts)


def test_each_translation_has_the_plural_forms_of_its_language(language, messages):
    wrong = [
        message.id
        for message in messages
        if isinstance(message.id, tuple | list)
        and len(message.string) != get_plural(language).num_plurals
    ]
    assert wrong == []


def test_each_translation_fills_in_what_its_source_does(messages):
    wrong = []
    for message in messages:
        for source, translation in pairs(message):
            if placeholders(source) != placeholders(translation):
                wrong.append((source, translation))
    assert wrong == []


def test_each_translation_has_the_tags_of_its_source(messages):
    wrong = [
        (source, translation)
        for message in messages
        for source, translation in pairs(message)
        if Counter(TAG.findall(source)) != Counter(TAG.findall(translation))
    ]
    assert wrong == []


def test_french_is_set_as_french_is():
    """Narrow spaces before ; ! ?, full ones before the colon and inside guillemets, round apostrophes."""
    faults = {
        "a straight apostrophe": re.compile("'"),
        "no narrow space before ; ! ?": re.compile(r"[^\N{NARROW NO-BREAK SPACE}\s(«;!?][;!?]"),
        "a breaking space before punctuation": re.compile(r"[ ][;:!?»]|« "),
        "no space before a colon": re.compile(
            r"(?<![\N{NO-BREAK SPACE}/]):(?!//|\d)(?<!Authorization:)(?<!Content-Type:)"
        ),
        "English quotation marks": re.compile('[“”"]'),
        "guillemets without their spaces": re.compile(
            r"«(?!\N{NO-BREAK SPACE})|(?<!\N{NO-BREAK SPACE})»"
        ),
        "three dots": re.compile(r"\.\.\."),
        "two spaces": re.compile("  "),
    }
    wrong = [
        (fault, translation)
        for message in catalogue.read("fr")
        if message.id
        for _source, translation in pairs(message)
        for fault, pattern in faults.items()
        if pattern.search(translation)
    ]
    assert wrong == []


def test_each_text_ends_as_its_source_ends(messages):
    ends = {".": ".", "?": "?", "!": "!", ":": ":", "…": "…"}
    wrong = [
        (source, translation)
        for message in messages
        for source, translation in pairs(message)
        if ends.get(source[-1]) != ends.get(translation[-1])
    ]
    assert wrong == []


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each source with its translation; every plural form goes with the English plural."""
    if isinstance(message.id, str):
        yield message.id, message.string
        return
    for number, translation in enumerate(message.string):
        yield message.id[min(number, 1)], translation


def placeholders(text: str) -> Counter[str]:
    """What is filled into a text. A lone percent sign would break the filling in."""
    return Counter(match.group() for match in PLACEHOLDER.finditer(text) if match.group() != "%%")


def sources() -> list[Path]:
    return [
        path
        for top in ("core", "network", "events", "workers")
        for path in sorted((ROOT / top).rglob("*.py"))
    ]


def called(node: ast.AST) -> str:
    """The bare name of what a call calls."""
    function = getattr(node, "func", None)
    return getattr(function, "id", "") or getattr(function, "attr", "")


def test_only_literals_are_handed_to_translators():
    """A text put together first, or kept in a name, is never extracted."""
    wrong = []
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                texts = node.args[:2] if called(node) in {"_n", "ngettext"} else node.args[:1]
                if name not in PASSED_ON and not all(map(is_literal, texts)):
                    wrong.append(f"{name}:{node.lineno}")
    assert wrong == []


def is_literal(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_refusals_are_handed_to_translators():
    """Whatever a person reads of a refusal is translated where it is raised."""
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and called(node) in SPOKEN_ERRORS
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
        and getattr(node.args[0], "value", "…") != ""
    ]
    assert wrong == []


def templates() -> list[Path]:
    return [
        path
        for pattern in ("*.html", "*.txt", "*.svg")
        for path in sorted((ROOT / "templates").rglob(pattern))
    ]


class Bare(HTMLParser):
    """Collects what a template says by itself: text between tags, and attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attrs if name in SPOKEN_ATTRIBUTES]


def bare_texts(source: str, *, is_html: bool) -> list[str]:
    """Texts with letters in them that no expression gives."""
    kept, depth = [], 0
    for _line, kind, value in SYNTAX.lex(source):
        if kind in {"variable_begin", "block_begin", "comment_begin", "raw_begin"}:
            depth += 1
        elif kind in {"variable_end", "block_end", "comment_end", "raw_end"}:
            depth -= 1
            kept.append(FILLED_IN if kind == "variable_end" else "")
        elif kind == "data" and not depth:
            kept.append(value)
    text = "".join(kept)
    if is_html:
        parser = Bare()
        parser.feed(text)
        parser.close()
        said = parser.said
    else:
        said = [text]
    parts = [
        " ".join(part.split()).strip(" ()·–,.:;")
        for one in said
        for part in re.split(f"[{FILLED_IN}\n]", one)
    ]
    return [part for part in parts if re.search(r"[^\W\d_]", part)]


def test_templates_say_nothing_by_themselves():
    found = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in templates()
        for text in bare_texts(
            path.read_text(encoding="utf-8"), is_html=path.suffix in {".html", ".svg"}
        )
    }
    assert {(name, text) for name, text in found if text not in UNSPOKEN} == set()


def test_bare_texts_are_seen_wherever_they_stand():
    source = (
        '<p title="Hint">Bare {{ _("said") }} more</p>{# note #}{% if x %}<b>{{ y }}</b>{% endif %}'
    )
    assert bare_texts(source, is_html=True) == ["Hint", "Bare", "more"]


def test_expressions_in_templates_say_nothing_untranslated():
    """`{{ "Yes" if it else "No" }}` is as bare as text."""
    wrong = []
    for path in templates():
        tree = SYNTAX.parse(path.read_text(encoding="utf-8"))
        for output in tree.find_all(nodes.Output):
            wrong += [
                f"{path.relative_to(ROOT).as_posix()}:{constant.lineno} {constant.value}"
                for constant in untranslated(output)
                if sounds_spoken(constant.value) and constant.value not in UNSPOKEN
            ]
    assert wrong == []


def untranslated(node: nodes.Node) -> Iterator[nodes.Const]:
    """Constants under a node that no call for a translation holds."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Const):
            yield child
        elif not (isinstance(child, nodes.Call) and getattr(child.node, "name", "") in CALLS):
            yield from untranslated(child)


def sounds_spoken(value: Any) -> bool:
    """A capital with small letters after it, or words with a space between; not a path or a class."""
    return isinstance(value, str) and bool(re.search(r"^[A-Z][a-z]+|[a-z]{2,} [a-z]{2,}", value))


def test_templates_hand_only_literals_to_translators():
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{call.lineno}"
        for path in templates()
        for call in SYNTAX.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call)
        if getattr(call.node, "name", "") in CALLS
        and not (call.args and isinstance(call.args[0], nodes.Const))
    ]
    assert wrong == []
