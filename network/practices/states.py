"""Where a practice of the hub stands, from a draft out of an exchange to its archive."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from core.workflow import Step, Workflow


class PracticeState(StrEnum):
    """One practice: drafted, validated by its States, reviewed, published, verified again."""

    DRAFT = "draft"
    VALIDATION = "validation"
    REVIEW = "review"
    PUBLISHED = "published"
    REVERIFICATION = "reverification"
    ARCHIVED = "archived"


S = PracticeState

PRACTICE = Workflow(
    "Practice",
    S.DRAFT,
    {
        S.DRAFT: Step(
            owner="focal points",
            audit="practice.drafted",
            to=frozenset({S.VALIDATION, S.ARCHIVED}),
            clock="none: it is nobody's duty",
        ),
        S.VALIDATION: Step(
            owner="authorising seats",
            audit="practice.sent",
            to=frozenset({S.REVIEW, S.DRAFT, S.ARCHIVED}),
            due=timedelta(days=30),
        ),
        S.REVIEW: Step(
            owner="secretariat",
            audit="practice.validated",
            to=frozenset({S.PUBLISHED, S.DRAFT, S.ARCHIVED}),
            due=timedelta(days=30),
        ),
        S.PUBLISHED: Step(
            owner="focal points",
            audit="practice.published",
            to=frozenset({S.REVERIFICATION, S.ARCHIVED}),
            clock="twelve months after it was last verified",
        ),
        S.REVERIFICATION: Step(
            owner="focal points",
            audit="practice.ages",
            to=frozenset({S.PUBLISHED, S.DRAFT, S.ARCHIVED}),
            due=timedelta(days=60),
        ),
        S.ARCHIVED: Step(owner="secretariat", audit="practice.archived"),
    },
)
"""A State's consent to the words leads from validation to review, another one's does not."""
