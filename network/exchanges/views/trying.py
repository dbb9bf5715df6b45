"""What a page does with a refusal: the sentence goes to the form, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template

from core.errors import Invalid, NotVisible, PersonNeeded, ProofNeeded, Refused, SignInNeeded
from core.languages import _
from core.web.forms import Form

ELSEWHERE = (SignInNeeded, PersonNeeded, ProofNeeded, NotVisible)
"""Refusals that lead to another page, or to none."""

LONG_ENOUGH_TO_KEEP = 20


def attempt(form: Form, act: Callable[[], object]) -> int:
    """Do it; answers 0, or the status of a refusal whose sentence now stands in the form."""
    try:
        act()
    except Invalid as refusal:
        form.take(refusal)
        return refusal.status
    except ELSEWHERE:
        raise
    except Refused as refusal:
        form.form_errors.append(refusal.sentence)
        return refusal.status
    return 0


def handed_back(refusal: Refused, *typed: str | None) -> tuple[str, int]:
    """There is nothing here any more, but what somebody wrote at length is theirs to keep."""
    long = [text for text in typed if text and len(text) >= LONG_ENOUGH_TO_KEEP]
    if not long:
        raise refusal
    page = render_template(
        "exchanges/handed_back.html",
        sentence=refusal.sentence or _("There is no such case."),
        typed="\n\n".join(long),
    )
    return page, refusal.status
