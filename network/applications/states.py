"""Where an application to join stands, and the only ways from one state to another."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from core.workflow import Level, Step, Workflow

CODE_HOURS = 24
ANSWER_WITHIN = timedelta(days=14)
ESCALATES_AFTER = timedelta(days=7)
APPLICANT, SECRETARIAT, ADMINISTRATOR = "applicant", "secretariat", "administrator"


class ApplicationState(StrEnum):
    """One application of a State or an organisation."""

    UNCONFIRMED = "unconfirmed"
    RECEIVED = "received"
    QUESTION = "question"
    ANSWERED = "answered"
    PROPOSED = "proposed"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


S = ApplicationState

_OURS = (Level(to=SECRETARIAT), Level(to=ADMINISTRATOR, after=ESCALATES_AFTER))
_THEIRS = (Level(to=APPLICANT), Level(to=SECRETARIAT, after=ESCALATES_AFTER))
_DECISIONS = frozenset({S.QUESTION, S.PROPOSED, S.REFUSED, S.WITHDRAWN})

APPLICATION = Workflow(
    "Application",
    S.UNCONFIRMED,
    {
        S.UNCONFIRMED: Step(
            owner=APPLICANT,
            audit="application.started",
            to=frozenset({S.RECEIVED, S.LAPSED}),
            due=timedelta(hours=CODE_HOURS),
            lapses_to=S.LAPSED,
        ),
        S.RECEIVED: Step(
            owner=SECRETARIAT,
            audit="application.received",
            to=_DECISIONS,
            due=ANSWER_WITHIN,
            levels=_OURS,
        ),
        S.QUESTION: Step(
            owner=APPLICANT,
            audit="application.question_asked",
            to=frozenset({S.ANSWERED, S.REFUSED, S.WITHDRAWN}),
            due=ANSWER_WITHIN,
            levels=_THEIRS,
            tell=APPLICANT,
        ),
        S.ANSWERED: Step(
            owner=SECRETARIAT,
            audit="application.question_answered",
            to=_DECISIONS,
            due=ANSWER_WITHIN,
            levels=_OURS,
        ),
        S.PROPOSED: Step(
            owner=SECRETARIAT,
            audit="application.proposed",
            to=frozenset({S.QUESTION, S.ADMITTED, S.REFUSED, S.WITHDRAWN}),
            due=ANSWER_WITHIN,
            levels=_OURS,
        ),
        S.ADMITTED: Step(owner=SECRETARIAT, audit="application.admitted", tell=APPLICANT),
        S.REFUSED: Step(owner=SECRETARIAT, audit="application.refused", tell=APPLICANT),
        S.WITHDRAWN: Step(owner=APPLICANT, audit="application.withdrawn"),
        S.LAPSED: Step(owner="platform", audit="application.lapsed"),
    },
)

TO_DECIDE = (S.RECEIVED, S.ANSWERED, S.PROPOSED)
"""States in which the secretariat has to act."""

OPEN = (*TO_DECIDE, S.QUESTION)
"""States of applications that were received and have no answer yet."""

ENDED = (S.ADMITTED, S.REFUSED, S.WITHDRAWN)
"""States of applications that were received and are over."""
