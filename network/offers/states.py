"""Where one version of a standing offer stands."""

from __future__ import annotations

from enum import StrEnum

from core.workflow import Step, Workflow


class OfferState(StrEnum):
    """One version of an offer. A replaced or withdrawn one stays for the record."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


S = OfferState

OFFER = Workflow(
    "Offer",
    S.DRAFT,
    {
        S.DRAFT: Step(owner="focal point", audit="offer.drafted", to=frozenset({S.WAITING})),
        S.WAITING: Step(
            owner="authorising officer",
            audit="offer.sent",
            to=frozenset({S.PUBLISHED, S.REPLACED, S.WITHDRAWN}),
            tell="authorising officers",
        ),
        S.PUBLISHED: Step(
            owner="focal point",
            audit="offer.published",
            to=frozenset({S.REPLACED, S.WITHDRAWN}),
            tell="focal point",
        ),
        S.REPLACED: Step(owner="platform", audit="offer.replaced"),
        S.WITHDRAWN: Step(owner="platform", audit="offer.withdrawn", tell="focal point"),
    },
)

IN_WORK = (S.DRAFT, S.WAITING)
LIVE = (*IN_WORK, S.PUBLISHED)
