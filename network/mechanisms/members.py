"""Who asks about mechanisms, and what they may see. Every list, count, search and page starts here.

What an audience may not see is left out of the query itself: it is never fetched, found, counted
or sorted by.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import false

from network.consents.models import Basis as Word
from network.consents.models import Consent, ConsentKind, Withdrawal
from network.mechanisms.models import (
    Basis,
    Contact,
    ContactKind,
    Mechanism,
    ProfileFact,
    Visibility,
)
from network.seats.models import Seat
from network.taxonomy.models import State

AUDIENCES_KEPT = 512


@dataclass(frozen=True, kw_only=True)
class Audience:
    """What may be read at all, and the one State whose own parts may all be read."""

    levels: frozenset[Visibility]
    own_state: UUID | None = None

    @property
    def is_public(self) -> bool:
        """Whether this audience sees what everybody sees, except for its own State."""
        return self.levels == EVERYBODY.levels


EVERYBODY = Audience(levels=frozenset({Visibility.PUBLIC}))
SECRETARIAT = Audience(levels=frozenset(Visibility))


def member(state_id: UUID) -> Audience:
    """A State of the network: what members share, and all of its own."""
    return Audience(levels=frozenset({Visibility.PUBLIC, Visibility.MEMBERS}), own_state=state_id)


def outsider(state_id: UUID) -> Audience:
    """A State that is not in the network: what everybody sees, and all of its own."""
    return Audience(levels=EVERYBODY.levels, own_state=state_id)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Conditions on `Mechanism`, `ProfileFact` and `Contact`: these rows an audience may see."""

    mechanisms: ColumnElement[bool]
    facts: ColumnElement[bool]
    contacts: ColumnElement[bool]


@lru_cache(maxsize=AUDIENCES_KEPT)
def visible_to(audience: Audience) -> Seen:
    """The one answer to what an audience may see, made once for each.

    A mechanism that only its State described is there for whoever may read any of it.
    """
    own: Any = audience.own_state
    own_contact = Contact.state_id == own if own else false()
    described = aliased(ProfileFact)
    return Seen(
        mechanisms=or_(
            Mechanism.is_hidden.is_(False),
            and_(
                Mechanism.is_described,
                exists().where(described.mechanism_id == Mechanism.id, _facts(described, audience)),
            ),
        ),
        facts=_facts(ProfileFact, audience),
        contacts=and_(
            Contact.is_hidden.is_(False),
            Contact.shown_at.is_not(None),
            or_(and_(Contact.visibility.in_(audience.levels), _may_be_shown()), own_contact),
        ),
    )


def _facts(fact: Any, audience: Audience) -> ColumnElement[bool]:
    own: Any = audience.own_state
    of_own = aliased(Mechanism)
    own_fact = fact.mechanism_id.in_(select(of_own.id).where(of_own.state_id == own))
    return and_(
        fact.is_hidden.is_(False),
        or_(fact.visibility.in_(audience.levels), own_fact if own else false()),
    )


def contact_with(audience: Audience, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A State has a contact like this that an audience may see; to be used in a query on State."""
    return exists().where(Contact.state_id == State.id, visible_to(audience).contacts, *conditions)


def _may_be_shown() -> ColumnElement[bool]:
    """A contact stands on a public source, goes to the secretariat alone, or its State consents.

    `Contact.shown_at` was set once the State's whole rule was answered; what may have changed
    since is asked here, so that a withdrawal hides at once, whoever receives it.
    """
    about = (ConsentKind.PROFILE_PART, Contact.id, Contact.state_id)
    stands = exists().where(
        Consent.kind == about[0],
        Consent.subject_id == about[1],
        Consent.state_id == about[2],
        Consent.revoked_at.is_(None),
        or_(
            Consent.basis == Word.OWN_FACTOR,
            and_(Consent.second_at.is_not(None), Consent.contested_at.is_(None)),
        ),
        Consent.publish.has_key(Contact.visibility),
    )
    against = exists().where(
        Withdrawal.kind == about[0],
        Withdrawal.subject_id == about[1],
        Withdrawal.state_id == about[2],
        Withdrawal.lifted_at.is_(None),
        Seat.id == Withdrawal.seat_id,
        Seat.closed_at.is_(None),
    )
    return or_(
        Contact.basis == Basis.PUBLIC_SOURCE,
        Contact.visibility == Visibility.SECRETARIAT,
        and_(stands, ~against),
    )


def contacts_of(
    session: Session, state_ids: Collection[UUID], audience: Audience
) -> dict[UUID, list[Contact]]:
    """The contacts of these States that an audience may see, by State, in the order of their kinds."""
    found: dict[UUID, list[Contact]] = {state_id: [] for state_id in state_ids}
    for contact in session.scalars(
        select(Contact)
        .where(Contact.state_id.in_(found), visible_to(audience).contacts)
        .order_by(Contact.value, Contact.id)
    ):
        found[contact.state_id].append(contact)
    order = list(ContactKind)
    for listed in found.values():
        listed.sort(key=lambda contact: order.index(contact.kind))
    return found
