"""What the words of a practice must hold. Plain values, no database."""

from __future__ import annotations

from core.errors import Invalid
from core.languages import _
from network.practices.models import LANGUAGES


def check_words(title: str, language: str) -> None:
    """Raise unless a text has a title, in a language that the hub knows."""
    problems: dict[str, str] = {}
    if not title.strip():
        problems["title"] = _("Give it a title.")
    if language not in LANGUAGES:
        problems["language"] = _("Choose one of the answers offered.")
    if problems:
        raise Invalid(problems)
