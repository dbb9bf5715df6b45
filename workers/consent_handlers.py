"""What follows from consents: every authorising seat of the State, and its focal point, is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.outbox import Fact
from network.consents import facts
from network.seats.models import BodyKind, Role
from network.seats.queries import open_seats, seats_of_state
from workers.telling import tell

Handler = Callable[[Session, Any, datetime], None]

TOLD = (Role.AUTHORISING, Role.FOCAL_POINT)


def of_state(session: Session, state_id: UUID, now: datetime) -> list[UUID]:
    """The seats of a State that are told of what is done in its name."""
    return [seat.id for seat, _holder in seats_of_state(session, state_id, *TOLD, now=now)]


def of_secretariat(session: Session, now: datetime) -> list[UUID]:
    """The secretariat's seats."""
    found = open_seats(
        session, body_kind=BodyKind.SECRETARIAT, body_id=None, role=Role.SECRETARIAT, now=now
    )
    return [seat.id for seat, _holder in found]


def tell_given(session: Session, fact: facts.ConsentGiven, now: datetime) -> None:
    """All are told that one of them gave."""
    seats = of_state(session, fact.state_id, now)
    tell(session, seats, "consent_given", subject_id=fact.consent_id, once="", now=now)


def tell_withdrawn(session: Session, fact: facts.ConsentWithdrawn, now: datetime) -> None:
    """All are told that one of them withdrew."""
    seats = of_state(session, fact.state_id, now)
    tell(session, seats, "consent_withdrawn", subject_id=fact.withdrawal_id, once="", now=now)


def tell_on_paper(session: Session, fact: facts.ConsentEnteredOnPaper, now: datetime) -> None:
    """The State learns of the paper, and until when it may contest it."""
    seats = of_state(session, fact.state_id, now)
    tell(session, seats, "consent_on_paper", subject_id=fact.consent_id, once="", now=now)


def tell_contested(session: Session, fact: facts.ConsentContested, now: datetime) -> None:
    """The State and the secretariat, which had entered it, learn that it does not count."""
    seats = of_state(session, fact.state_id, now) + of_secretariat(session, now)
    tell(session, seats, "consent_contested", subject_id=fact.consent_id, once="", now=now)


def tell_conflict(session: Session, fact: facts.ConsentsConflict, now: datetime) -> None:
    """All are told that two of them disagree."""
    seats = of_state(session, fact.state_id, now)
    tell(session, seats, "consent_conflict", subject_id=fact.conflict_id, once="", now=now)


CONSENT_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    facts.ConsentGiven: (tell_given,),
    facts.ConsentWithdrawn: (tell_withdrawn,),
    facts.ConsentEnteredOnPaper: (tell_on_paper,),
    facts.ConsentContested: (tell_contested,),
    facts.ConsentsConflict: (tell_conflict,),
}
