"""Where one version of a part of a profile stands."""

from __future__ import annotations

from enum import StrEnum

from core.workflow import Step, Workflow


class PartState(StrEnum):
    """One version of what a State says of its mechanism in one field."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    REPLACED = "replaced"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = PartState

PART = Workflow(
    "Profile-part",
    S.DRAFT,
    {
        S.DRAFT: Step(
            owner="focal point", audit="profile.drafted", to=frozenset({S.WAITING, S.REPLACED})
        ),
        S.WAITING: Step(
            owner="authorising seat",
            audit="profile.sent",
            to=frozenset({S.PUBLISHED, S.REFUSED, S.REPLACED}),
            clock="none: the text waits for the State",
        ),
        S.PUBLISHED: Step(
            owner="focal point",
            audit="profile.published",
            to=frozenset({S.REPLACED, S.WITHDRAWN}),
            clock="twelve months, then it asks to be confirmed",
        ),
        S.REPLACED: Step(owner="focal point", audit="profile.replaced"),
        S.REFUSED: Step(owner="focal point", audit="profile.refused"),
        S.WITHDRAWN: Step(owner="focal point", audit="profile.withdrawn"),
    },
)
"""An end state stays for the record. Its words come back as a new version, with a new consent."""

OPEN = (S.DRAFT, S.WAITING)
"""States of a version that is being worked on. A part has at most one such version."""
