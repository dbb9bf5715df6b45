"""The stylesheet works in both writing directions, is small, and can be read by everybody."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

SHEET = Path(__file__).parents[2] / "static" / "relais.css"
LARGEST = 8_000
PHYSICAL = re.compile(
    r"(?<![\w-])("
    r"(?:margin|padding|border)-(?:left|right|top|bottom)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|left|right|top|bottom"
    r"|(?:min-|max-)?(?:width|height)"
    r"|scroll-(?:margin|padding)-(?:left|right|top|bottom)"
    r")\s*:"
)
SIDED = re.compile(r"(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)")
SIDES = re.compile(
    r"(?<![\w-])(?:margin|padding|inset|border-(?:width|radius|color|style))\s*:([^;]+);"
)
SCHEMES = {"light": 0, "dark": 1}
PAIRS = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "wash"),
    ("ink-soft", "paper"),
    ("ink-soft", "sheet"),
    ("ink-soft", "wash"),
    ("accent", "paper"),
    ("accent", "sheet"),
    ("accent-strong", "wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-deep", "deep"),
    ("on-deep-soft", "deep"),
    ("good", "good-wash"),
    ("wait", "wait-wash"),
    ("bad", "bad-wash"),
    ("calm", "calm-wash"),
    ("bad", "paper"),
    ("sheet", "bad"),
    ("ink", "wait-wash"),
    ("ink", "good-wash"),
    ("ink", "bad-wash"),
]


def rules() -> str:
    """The sheet without comments and without the conditions of media queries."""
    text = re.sub(r"/\*.*?\*/", "", SHEET.read_text(), flags=re.DOTALL)
    return re.sub(r"@media[^{]*\{", "{", text)


def colours(scheme: int) -> dict[str, str]:
    """Every colour by name, in one scheme; what the dark one does not change stays."""
    found = re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", SHEET.read_text())
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    for name, value in found:
        (second if name in first else first)[name] = value
    return first | second if scheme else first


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, 0 to 1."""
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(c * 2 for c in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_no_property_names_a_side_of_the_page() -> None:
    assert PHYSICAL.findall(rules()) == []
    assert SIDED.findall(rules()) == []


def test_no_shorthand_sets_four_sides_one_by_one() -> None:
    values = [
        re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", v)) for v in SIDES.findall(rules())
    ]
    assert [value for value in values if len(value.split()) > 3] == []


def test_compressed_it_fits_into_eight_kilobytes() -> None:
    assert len(brotli.compress(SHEET.read_bytes(), quality=11)) <= LARGEST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, ink: str, ground: str) -> None:
    known = colours(SCHEMES[scheme])
    assert contrast(known[ink], known[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "sheet"])
def test_edges_of_fields_stand_out_from_their_ground(scheme: str, ground: str) -> None:
    known = colours(SCHEMES[scheme])
    assert contrast(known["line-strong"], known[ground]) >= 3


def test_it_prints_without_navigation_and_dark_colours() -> None:
    text = SHEET.read_text()
    assert "@media print" in text
    assert "@media screen and (prefers-color-scheme: dark)" in text
