"""Who may apply, and which two people may admit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.context import Actor
from core.errors import Invalid, NotAllowed, Refused
from core.languages import _
from network.applications.models import ApplicantKind, Application, Membership, MembershipStatus
from network.applications.queries import last_membership
from network.applications.states import APPLICATION, ApplicationState

M = MembershipStatus


def check_may_join(
    session: Session, *, state_id: UUID, wants: MembershipStatus, now: datetime
) -> None:
    """Raise Invalid at the field unless this State may apply. Other applications play no part."""
    sentence = standing_problem(last_membership(session, state_id, now), wants)
    if sentence:
        raise Invalid({"state": sentence})


def standing_problem(held: Membership | None, wants: MembershipStatus) -> str:
    """Why a State that stands so cannot become that, as a sentence; empty if it can."""
    if held is not None and held.status is M.MEMBER:
        return _(
            "This State is a member already. Its focal point can sign in; if nobody holds that seat,"
            " write to the secretariat."
        )
    if held is not None and held.status is M.OBSERVER and wants is M.OBSERVER:
        return _("This State is an observer already. It can apply to become a member.")
    return ""


def check_is_new(session: Session, application: Application, now: datetime) -> None:
    """Raise Refused if the State has joined since it applied."""
    if application.state_id is None or application.wants is None:
        return
    sentence = standing_problem(
        last_membership(session, application.state_id, now), application.wants
    )
    if sentence:
        raise Refused(
            _("This State has joined in the meantime. Refuse this application and say so."),
            code="joined-already",
        )


def is_same_person(application: Application, person_id: UUID | None) -> bool:
    """Whether this person has proposed the admission: then somebody else has to admit."""
    return person_id is not None and application.proposed_by == person_id


def check_is_second(application: Application, by: Actor) -> None:
    """Raise unless another person than the one who proposed acts now, whatever their seats."""
    if by.person_id is None or is_same_person(application, by.person_id):
        raise NotAllowed(
            _("You proposed this admission. A second person of the secretariat has to admit.")
        )


def check_is_person(by: Actor) -> None:
    """Raise unless a named person acts: a program can neither propose nor admit."""
    if by.person_id is None:
        raise NotAllowed(_("A named person of the secretariat has to do this."))


def can_withdraw(application: Application) -> bool:
    """Whether the applicant can still take it back."""
    return ApplicationState.WITHDRAWN in APPLICATION.steps[application.state].to


def is_of_state(application: Application) -> bool:
    """Whether a State applies, rather than an organisation."""
    return application.kind is ApplicantKind.STATE
