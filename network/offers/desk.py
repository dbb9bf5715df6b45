"""What the workspace says of standing offers."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from core.languages import _, day
from network.accounts.desk import PLACES, WAITING_FOR_OTHERS, WAITING_FOR_YOU, Place, Task
from network.offers import queries
from network.offers.models import Offer
from network.offers.states import OfferState
from network.seats.models import Role, Seat
from network.seats.queries import state_of

WRITING = frozenset({Role.FOCAL_POINT, Role.DEPUTY})


def take_place() -> None:
    """Stand in the workspace and its navigation, once in every process."""
    if to_do not in WAITING_FOR_YOU:
        WAITING_FOR_YOU.append(to_do)
        WAITING_FOR_OTHERS.append(to_await)
        PLACES.append(
            Place(
                endpoint="offers.overview",
                order=32,
                label=lambda: _("Standing offer"),
                roles=WRITING | {Role.AUTHORISING},
            )
        )


def to_do(session: Session, seat: Seat, now: datetime) -> list[Task]:
    """Offers this seat may consent to, and drafts that came back to it."""
    state_id = state_of(session, seat)
    if state_id is None:
        return []
    if seat.role is Role.AUTHORISING:
        waiting = queries.in_state(session, state_id, OfferState.WAITING)
        return [
            Task(
                verb=_("Read and decide"),
                object=_("the standing offer of %(name)s", name=_name(offer)),
                detail=_("It is published once your State consents."),
                href=url_for("offers.consent_page", offer_id=offer.id),
                action=_("Read"),
            )
            for offer in waiting
            if not queries.voiced(session, offer.id, seat.id, now)
        ]
    if seat.role not in WRITING:
        return []
    return [
        Task(
            verb=_("Change"),
            object=_("the standing offer of %(name)s", name=_name(offer)),
            detail=_("An authorising officer has sent it back."),
            href=url_for("offers.edit", mechanism_id=offer.mechanism_id),
            action=_("Change"),
        )
        for offer in queries.in_state(session, state_id, OfferState.DRAFT)
        if offer.sent_back and _is_of(seat, offer)
    ]


def to_await(session: Session, seat: Seat, _now: datetime) -> list[Task]:
    """Offers that this seat sent and that wait for the State's consent."""
    state_id = state_of(session, seat)
    if state_id is None or seat.role not in WRITING:
        return []
    return [
        Task(
            verb=_("Consent"),
            object=_("to the standing offer of %(name)s", name=_name(offer)),
            detail=_("With your State’s authorising officers since %(date)s.", date=day(since)),
            href=url_for("offers.overview"),
        )
        for offer in queries.in_state(session, state_id, OfferState.WAITING)
        if _is_of(seat, offer) and (since := offer.sent_at) is not None
    ]


def _is_of(seat: Seat, offer: Offer) -> bool:
    """Whether a seat of the State, or of this very mechanism."""
    return seat.body_id in {offer.mechanism_id, offer.mechanism.state_id}


def _name(offer: Offer) -> str:
    return offer.mechanism.name or offer.mechanism.acronym or _("your mechanism")
