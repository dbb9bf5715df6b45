"""A trial language that is written from right to left, for demo and tests.

Until Arabic is translated, its pages are tried with English whose Latin letters are put as Arabic
ones, one by one: direction, joining and length are real, and whatever stays Latin on a page was
never handed to a translator. Dates, lists and names of States come in real Arabic.
"""

from __future__ import annotations

import re

from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz,;?",
    "ابثدعفغهيجكلمنوطقرستؤظشخىز،؛؟",
)
KEPT = re.compile(
    r"""
    %\(\w+\)[sd] | %% | \{[^{}]*\}          # what is filled in
    | <[^<>]+> | &\#?\w+;                   # HTML
    | \w+://\S+ | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | \b[A-Z]\w*[A-Z]\w*\b | \bRelais\b     # acronyms and brands, which Arabic writes in Latin too
    """,
    re.VERBOSE,
)


def pseudo(text: str) -> str:
    """`text` in Arabic letters; what is filled in, HTML, addresses, digits and acronyms stay."""
    out, at = [], 0
    for kept in KEPT.finditer(text):
        out += [text[at : kept.start()].lower().translate(LETTERS), kept.group()]
        at = kept.end()
    return "".join(out) + text[at:].lower().translate(LETTERS)


class PseudoTranslations(NullTranslations):
    """Answers every text with itself in Arabic letters."""

    def gettext(self, message: str) -> str:
        """One text."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """One of the two forms that English has."""
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 -- Babel's signature
        """One text that has a context."""
        return pseudo(message)

    def npgettext(self, context: str, singular: str, plural: str, num: int) -> str:  # noqa: ARG002 -- Babel's signature
        """One of two forms that have a context."""
        return pseudo(singular if num == 1 else plural)

    ugettext, ungettext, upgettext, unpgettext = gettext, ngettext, pgettext, npgettext


class PseudoDomain(Domain):  # type: ignore[misc]  # Flask-Babel is untyped
    """The catalogues, and the trial language beside them."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.trial = PseudoTranslations()

    def get_translations(self) -> Translations | NullTranslations:
        """What speaks for the present reader."""
        locale = get_locale()
        return (
            self.trial
            if locale and locale.language == self.language
            else super().get_translations()
        )
