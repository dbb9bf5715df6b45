"""What follows from facts about offers, and from consents that offers rest on."""

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
from network.offers import queries, service
from network.offers.facts import OfferPublished, OfferSent, OfferSentBack, OfferWithdrawn
from network.seats.models import Role
from network.seats.queries import seats_of_state
from workers.telling import tell

Handler = Callable[[Session, Any, datetime], None]


def ask_officers(session: Session, fact: OfferSent, now: datetime) -> None:
    """Every authorising seat of the State learns that an offer waits."""
    _tell(session, fact, "offer_waiting", now, Role.AUTHORISING)


def tell_sent_back(session: Session, fact: OfferSentBack, now: datetime) -> None:
    """The mechanism's seats learn that the offer came back."""
    _tell(session, fact, "offer_sent_back", now, Role.FOCAL_POINT, Role.DEPUTY)


def tell_published(session: Session, fact: OfferPublished, now: datetime) -> None:
    """The mechanism's seats learn that the offer is public."""
    _tell(session, fact, "offer_published", now, Role.FOCAL_POINT, Role.DEPUTY)


def tell_withdrawn(session: Session, fact: OfferWithdrawn, now: datetime) -> None:
    """The mechanism's seats and the authorising ones learn that it is no longer shown."""
    roles = (Role.FOCAL_POINT, Role.DEPUTY, Role.AUTHORISING)
    _tell(session, fact, "offer_withdrawn", now, *roles)


def follow_withdrawal(session: Session, fact: ConsentWithdrawn, now: datetime) -> None:
    """An offer whose consent was withdrawn somewhere else is taken down."""
    if fact.kind == queries.KIND.value:
        _settle(session, fact.subject_id, now)


def follow_consent(
    session: Session, fact: ConsentGiven | ConsentEnteredOnPaper | ConsentContested, now: datetime
) -> None:
    """An offer is published or hidden as a consent that came in somewhere else says."""
    _settle(session, queries.subject_of(session, fact.consent_id), now)


def _settle(session: Session, offer_id: UUID | None, now: datetime) -> None:
    offer = service.locked(session, offer_id) if offer_id else None
    if offer is not None:
        service.settle(session, offer=offer, by=SYSTEM, now=now)


def _tell(
    session: Session,
    fact: OfferSent | OfferSentBack | OfferPublished | OfferWithdrawn,
    message: str,
    now: datetime,
    *roles: Role,
) -> None:
    """Tell the State's seats of these roles; of a mechanism's seats only its own mechanism's."""
    offer = queries.whole(session, fact.offer_id)
    if offer is None:
        return
    mine = {offer.mechanism_id, fact.state_id}
    seats = seats_of_state(session, fact.state_id, *roles, now=now)
    told = [seat.id for seat, _holder in seats if seat.body_id in mine]
    tell(session, told, message, subject_id=offer.id, once="", now=now)


OFFER_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    OfferSent: (ask_officers,),
    OfferSentBack: (tell_sent_back,),
    OfferPublished: (tell_published,),
    OfferWithdrawn: (tell_withdrawn,),
    ConsentGiven: (follow_consent,),
    ConsentEnteredOnPaper: (follow_consent,),
    ConsentContested: (follow_consent,),
    ConsentWithdrawn: (follow_withdrawal,),
}
