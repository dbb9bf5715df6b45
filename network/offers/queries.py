"""Which standing offers may be read: published ones by all, others by their own State's seats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from network.consents.models import Consent, ConsentKind, Withdrawal
from network.mechanisms.members import Audience, visible_to
from network.mechanisms.models import Field, Mechanism, ProfileFact, Visibility
from network.mechanisms.queries import visible
from network.offers.models import Offer
from network.offers.states import LIVE, OfferState
from network.seats.models import Seat
from network.seats.queries import state_of
from network.taxonomy.models import Classification
from network.taxonomy.queries import holding

KIND = ConsentKind.STANDING_OFFER
PUBLISH = "offer"
"""What a consent to an offer lets be published."""

MEMBERS = Audience(levels=frozenset({Visibility.PUBLIC, Visibility.MEMBERS}))
OFFERS_MOST = 100


def shown() -> ColumnElement[bool]:
    """The condition on Offer joined to Mechanism: everybody may read it.

    A withdrawal counts from its own commit on, before the offer's state has followed it.
    """
    withdrawn = (
        exists()
        .where(
            Withdrawal.kind == KIND,
            Withdrawal.subject_id == Offer.id,
            Withdrawal.lifted_at.is_(None),
            Seat.id == Withdrawal.seat_id,
            Seat.closed_at.is_(None),
        )
        .correlate(Offer)
    )
    return and_(Offer.state == OfferState.PUBLISHED, visible, ~withdrawn)


def unpaused(today: date) -> ColumnElement[bool]:
    """The condition on Offer: the mechanism takes exchanges on this day."""
    return or_(Offer.paused_until.is_(None), Offer.paused_until < today)


@dataclass(frozen=True, kw_only=True)
class OpenOffer:
    """What one can ask a mechanism for, with what members may know of it and of its State.

    `facts` are values by field; `classified` the State's groups and lists of today, by kind.
    """

    id: UUID
    key: str
    mechanism_id: UUID
    state_id: UUID
    per_year: int
    themes: frozenset[str]
    capacities: frozenset[str]
    types: frozenset[str]
    languages: frozenset[str]
    facts: Mapping[Field, str]
    classified: Mapping[str, frozenset[str]]


def open_offers(session: Session, today: date, *fields: Field) -> Sequence[OpenOffer]:
    """Every published offer that its State consents to and that is not paused, by mechanism.

    With those of its facts that are named. Three statements, however many offers there are, and
    plain values: hundreds of whole rows took ten times as long to make as to find.
    """
    facts = _facts_of(session, fields)
    classified = _classified(session, today)
    rows = session.execute(
        select(
            Offer.id,
            Mechanism.key,
            Offer.mechanism_id,
            Mechanism.state_id,
            Offer.per_year,
            Offer.themes,
            Offer.capacities,
            Offer.types,
            Offer.languages,
        )
        .join(Offer.mechanism)
        .where(shown(), unpaused(today))
        .order_by(Mechanism.key)
    )
    return [
        OpenOffer(
            id=row.id,
            key=row.key,
            mechanism_id=row.mechanism_id,
            state_id=row.state_id,
            per_year=row.per_year or 0,
            themes=frozenset(row.themes),
            capacities=frozenset(row.capacities),
            types=frozenset(row.types),
            languages=frozenset(row.languages),
            facts=facts.get(row.mechanism_id, {}),
            classified=classified.get(row.state_id, {}),
        )
        for row in rows
    ]


def _facts_of(session: Session, fields: Collection[Field]) -> dict[UUID, dict[Field, str]]:
    """Values of these fields that members may see, by mechanism."""
    found: dict[UUID, dict[Field, str]] = defaultdict(dict)
    rows = session.execute(
        select(ProfileFact.mechanism_id, ProfileFact.field, ProfileFact.value)
        .where(ProfileFact.field.in_(fields), visible_to(MEMBERS).facts)
        .order_by(ProfileFact.id)
    )
    for mechanism_id, field, value in rows:
        found[mechanism_id].setdefault(field, value)
    return found


def _classified(session: Session, today: date) -> dict[UUID, dict[str, frozenset[str]]]:
    """Groups and lists on this day, by State and kind."""
    found: dict[UUID, dict[str, frozenset[str]]] = defaultdict(dict)
    rows = session.execute(
        select(Classification.state_id, Classification.kind, func.array_agg(Classification.word))
        .where(holding(today))
        .group_by(Classification.state_id, Classification.kind)
    )
    for state_id, kind, words in rows:
        found[state_id][kind] = frozenset(words)
    return found


def public_offers(session: Session, *, after: str = "", most: int = OFFERS_MOST) -> Sequence[Offer]:
    """Published offers, paused ones too, by the key of their mechanism, from `after` on."""
    chosen = _public().where(Mechanism.key > after) if after else _public()
    return session.scalars(chosen.order_by(Mechanism.key).limit(most)).all()


def _public() -> Select[Offer]:
    return (
        select(Offer)
        .join(Offer.mechanism)
        .join(Mechanism.state)
        .where(shown())
        .options(contains_eager(Offer.mechanism).contains_eager(Mechanism.state))
    )


def public_offer(session: Session, mechanism_id: UUID) -> Offer | None:
    """What everybody may read of one mechanism's offer."""
    return session.scalar(
        select(Offer).join(Offer.mechanism).where(Offer.mechanism_id == mechanism_id, shown())
    )


def mechanisms_of(session: Session, seat: Seat) -> Sequence[Mechanism]:
    """The mechanisms for which a seat may write an offer: its own, or all of its State's."""
    state_id = state_of(session, seat)
    if state_id is None:
        return []
    chosen = select(Mechanism).where(Mechanism.state_id == state_id, visible)
    if seat.body_id != state_id:
        chosen = chosen.where(Mechanism.id == seat.body_id)
    return session.scalars(chosen.order_by(Mechanism.is_lead.desc(), Mechanism.key)).all()


def live_of(session: Session, mechanism_ids: Collection[UUID]) -> dict[UUID, list[Offer]]:
    """The published version and the one in work of each mechanism."""
    found: dict[UUID, list[Offer]] = {mechanism_id: [] for mechanism_id in mechanism_ids}
    for offer in session.scalars(
        select(Offer)
        .where(Offer.mechanism_id.in_(found), Offer.state.in_(LIVE))
        .order_by(Offer.version)
        .execution_options(populate_existing=True)
    ):
        found[offer.mechanism_id].append(offer)
    return found


def whole(session: Session, offer_id: UUID, *, anew: bool = False) -> Offer | None:
    """One version with its mechanism and State; read `anew` even if it was read before."""
    return session.scalar(
        select(Offer)
        .join(Offer.mechanism)
        .join(Mechanism.state)
        .where(Offer.id == offer_id)
        .options(contains_eager(Offer.mechanism).contains_eager(Mechanism.state))
        .execution_options(populate_existing=anew)
    )


def in_state(session: Session, state_id: UUID, *states: OfferState) -> Sequence[Offer]:
    """A State's versions in these states, with their mechanisms, oldest first."""
    return session.scalars(
        select(Offer)
        .join(Offer.mechanism)
        .where(Mechanism.state_id == state_id, Offer.state.in_(states))
        .options(contains_eager(Offer.mechanism))
        .order_by(Offer.updated_at, Offer.id)
    ).all()


def subject_of(session: Session, consent_id: UUID) -> UUID | None:
    """The offer that a consent is about; None for consents about anything else."""
    return session.scalar(
        select(Consent.subject_id).where(Consent.id == consent_id, Consent.kind == KIND)
    )


def voiced(session: Session, offer_id: UUID, seat_id: UUID, now: datetime) -> bool:
    """Whether this seat has consented to this version already."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Consent.kind == KIND,
                    Consent.subject_id == offer_id,
                    Consent.seat_id == seat_id,
                    Consent.revoked_at.is_(None),
                    Consent.given_at <= now,
                )
            )
        )
    )
