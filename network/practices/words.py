"""The names that people read for where a practice stands."""

from __future__ import annotations

from typing import Any

from core.languages import _l
from network.practices.states import PracticeState

S = PracticeState

STATES: dict[PracticeState, tuple[Any, str]] = {
    S.DRAFT: (_l("Draft"), "calm"),
    S.VALIDATION: (_l("Waits for its States’ consent"), "wait"),
    S.REVIEW: (_l("With the secretariat"), "wait"),
    S.PUBLISHED: (_l("Published"), "good"),
    S.REVERIFICATION: (_l("To be verified again"), "wait"),
    S.ARCHIVED: (_l("Archived"), "calm"),
}
