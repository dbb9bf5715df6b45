"""What happened to applications. Ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Fact


@dataclass(frozen=True, kw_only=True)
class ApplicationStarted(Fact):
    """A form was sent; a code has to go to its mailbox."""

    application_id: UUID
    code_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationReceived(Fact):
    """The mailbox was confirmed; the secretariat has an application to look at."""

    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicantAsked(Fact):
    """The secretariat asks the applicant something."""

    application_id: UUID
    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicantAnswered(Fact):
    """The applicant answered."""

    application_id: UUID
    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class AdmissionProposed(Fact):
    """One person of the secretariat would admit the applicant; a second one has to."""

    application_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class ApplicantAdmitted(Fact):
    """Two people admitted the applicant. `state_id` is None for an organisation."""

    application_id: UUID
    state_id: UUID | None
    seat_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicantRefused(Fact):
    """The secretariat said no, with a reason."""

    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(Fact):
    """The applicant took the application back."""

    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationOverdue(Fact):
    """Nobody acted in time. `nudge` 1 reminds the owner of the state, 2 tells the next level."""

    application_id: UUID
    version: int
    nudge: int


@dataclass(frozen=True, kw_only=True)
class ApplicationLinkAsked(Fact):
    """Somebody asked for their link again. None when no application has that address."""

    application_id: UUID | None
    asked_id: UUID
