"""What follows from facts about profiles, and from consents to parts of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.context import SYSTEM
from core.outbox import Fact
from network.consents.facts import (
    ConsentContested,
    ConsentEnteredOnPaper,
    ConsentGiven,
    ConsentWithdrawn,
)
from network.consents.models import Consent, ConsentKind
from network.mechanisms.models import Mechanism
from network.profiles import confirming, publishing
from network.profiles.facts import (
    ConfirmingAsked,
    PartPublished,
    PartRefused,
    PartSent,
    PartTakenDown,
)
from network.profiles.models import PartVersion
from network.profiles.rules import DRAFTING
from network.seats.models import BodyKind, Role
from network.seats.queries import seats_of_state
from workers.telling import tell

Handler = Callable[[Session, Any, datetime], None]


def follow_consent(
    session: Session,
    fact: ConsentGiven | ConsentEnteredOnPaper | ConsentContested,
    now: datetime,
) -> None:
    """A consent that was given elsewhere publishes, one that a State contests hides."""
    consent = session.get(Consent, fact.consent_id)
    if consent is not None and _is_version(session, consent.kind.value, consent.subject_id):
        publishing.settle(session, version_id=consent.subject_id, by=SYSTEM, now=now)


def hide_withdrawn(session: Session, fact: ConsentWithdrawn, now: datetime) -> None:
    """What rested on a consent is hidden, however it was withdrawn."""
    if _is_version(session, fact.kind, fact.subject_id):
        publishing.settle(session, version_id=fact.subject_id, by=SYSTEM, now=now)


def _is_version(session: Session, kind: str, subject_id: UUID) -> bool:
    """Whether a consent is about a version of a part; contacts have consents of the same kind."""
    return kind == ConsentKind.PROFILE_PART and session.get(PartVersion, subject_id) is not None


def ask_for_consent(session: Session, fact: PartSent, now: datetime) -> None:
    """The authorising seats of the State hear that a text waits for them."""
    mechanism = _mechanism(session, fact.version_id)
    seats = seats_of_state(session, mechanism.state_id, Role.AUTHORISING, now=now)
    tell(
        session,
        [seat.id for seat, _holder in seats],
        "profile_part_sent",
        subject_id=fact.version_id,
        once="",
        now=now,
    )


def tell_refused(session: Session, fact: PartRefused, now: datetime) -> None:
    """Whoever drafts hears that there is a reason to read."""
    _tell_drafting(session, fact.version_id, "profile_part_refused", now)


def tell_taken_down(session: Session, fact: PartTakenDown, now: datetime) -> None:
    """Whoever drafts hears that the text is hidden."""
    _tell_drafting(session, fact.version_id, "profile_part_hidden", now)


def ask_to_confirm(session: Session, fact: ConfirmingAsked, now: datetime) -> None:
    """Whoever drafts is asked to look at what is old, once a year."""
    mechanism = session.get_one(Mechanism, fact.mechanism_id)
    tell(
        session,
        _drafting_seats(session, mechanism, now),
        "profile_to_confirm",
        subject_id=mechanism.id,
        once=fact.on,
        now=now,
    )


def _tell_drafting(session: Session, version_id: UUID, message: str, now: datetime) -> None:
    seats = _drafting_seats(session, _mechanism(session, version_id), now)
    tell(session, seats, message, subject_id=version_id, once="", now=now)


def _drafting_seats(session: Session, mechanism: Mechanism, now: datetime) -> list[UUID]:
    """The seats that draft for a mechanism: the State's, and those at this mechanism."""
    return [
        seat.id
        for seat, _holder in seats_of_state(session, mechanism.state_id, *DRAFTING, now=now)
        if seat.body_kind is BodyKind.STATE or seat.body_id == mechanism.id
    ]


def _mechanism(session: Session, version_id: UUID) -> Mechanism:
    return session.get_one(Mechanism, session.get_one(PartVersion, version_id).mechanism_id)


def keep_profiles(session: Session, now: datetime) -> int:
    """Ask once a year for what is old, and hide what a consent no longer covers."""
    ended = confirming.end_past_consents(session, now=now)
    return ended + confirming.ask_to_confirm(session, now=now)


PROFILE_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    ConsentGiven: (follow_consent,),
    ConsentEnteredOnPaper: (follow_consent,),
    ConsentContested: (follow_consent,),
    ConsentWithdrawn: (hide_withdrawn,),
    PartSent: (ask_for_consent,),
    PartRefused: (tell_refused,),
    PartTakenDown: (tell_taken_down,),
    ConfirmingAsked: (ask_to_confirm,),
}

PROFILE_RECORD: frozenset[type[Fact]] = frozenset({PartPublished})
"""The consents that published it were told of already."""
