"""An invented State's standing offer, so that the demonstration has somebody to ask."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from core.context import Actor
from core.house import house
from network.consents import service as consents
from network.mechanisms.models import Mechanism
from network.offers import queries, service
from network.offers.models import Capacity, ExchangeType, Offer
from network.seats.models import Role
from network.seats.queries import seats_of_state
from network.taxonomy.models import State

ISO3 = "XAB"
CONTENT = service.Content(
    themes=("cooperation-with-mechanisms", "women", "persons-with-disabilities"),
    capacities=(Capacity.COORDINATION.value, Capacity.INFORMATION_MANAGEMENT.value),
    types=(
        ExchangeType.ONLINE_CLINIC.value,
        ExchangeType.STUDY_VISIT.value,
        ExchangeType.DOCUMENT_REVIEW.value,
    ),
    languages=("en", "fr"),
    per_year=4,
    note={
        "en": (
            "We moved our follow-up from spreadsheets to a register in two years. We show what it"
            " took, what we would not do again, and how ministries are kept at it."
        ),
        "fr": (
            "En deux ans, nous avons remplacé nos tableurs par un registre de suivi. Nous montrons"
            " ce que cela a demandé, ce que nous ne referions pas, et comment les ministères"
            " restent engagés."
        ),
    },
)


def seed_offer(session: Session, *, now: datetime) -> None:
    """Publish the offer of one invented State with its invented officer's consent, once.

    Nothing happens where the State has no mechanism or no seats. Refused in production.
    """
    if house().is_production:
        message = "invented offers never enter production"
        raise RuntimeError(message)
    mechanism = session.scalar(
        select(Mechanism)
        .join(Mechanism.state)
        .where(State.iso3 == ISO3, State.is_invented, Mechanism.is_lead)
        .options(contains_eager(Mechanism.state))
    )
    if mechanism is None:
        return
    known = session.scalar(select(Offer.id).where(Offer.mechanism_id == mechanism.id).limit(1))
    focal = _holder(session, mechanism, Role.FOCAL_POINT, now)
    officer = _holder(session, mechanism, Role.AUTHORISING, now)
    if known is not None or focal is None or officer is None:
        return
    offer = service.write(session, mechanism=mechanism, content=CONTENT, by=focal, now=now)
    service.send(session, offer=offer, by=focal, now=now)
    scope = consents.Scope(
        state_id=mechanism.state_id,
        kind=queries.KIND,
        subject_kind="offer",
        subject_id=offer.id,
        publish=(queries.PUBLISH,),
    )
    consents.give(session, scope=scope, by=officer, now=now)
    service.settle(session, offer=offer, by=officer, now=now)


def _holder(session: Session, mechanism: Mechanism, role: Role, now: datetime) -> Actor | None:
    for seat, holder in seats_of_state(session, mechanism.state_id, role, now=now):
        if holder is not None:
            return Actor(
                kind="person",
                person_id=holder.person_id,
                seat_id=seat.id,
                proved="totp",
                proved_at=now,
            )
    return None
