"""The directory as its reader may see it: lists, numbers, one State, the export."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager, selectinload

from core import search
from network.applications.models import Membership, MembershipStatus
from network.applications.queries import stands
from network.directory.facets import Facet, Reading, has, listed, pairs
from network.directory.rules import READERS
from network.mechanisms.members import contact_with, contacts_of, visible_to
from network.mechanisms.models import Contact, Mechanism, ProfileFact
from network.mechanisms.queries import Finding, Profile, best_facts
from network.offers.models import Offer
from network.offers.queries import shown
from network.taxonomy.models import State
from network.taxonomy.queries import name_order, piece

PAGE = 40


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for: words, and one word of each facet that narrows."""

    words: tuple[str, ...] = ()
    chosen: Mapping[Facet, str] = field(default_factory=dict)
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One State as a reader may see it: its mechanisms with facts, contacts, offers."""

    state: State
    standing: MembershipStatus | None
    profiles: Sequence[Profile]
    contacts: Sequence[Contact]
    offers: Sequence[Offer]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some entries, how many there are in all and by facet, and where the list goes on.

    `is_similar`: nothing had the words looked for, so these have words like them.
    """

    rows: Sequence[Entry]
    total: int
    counts: Mapping[Facet, Mapping[str, int]]
    after: str
    before: str
    is_similar: bool = False


def page(session: Session, wanted: Wanted, reading: Reading, *, language: str) -> Page:
    """A page of States in the order of their names; as many statements whatever it holds."""
    found: Finding = search.contains
    chosen = _narrowed(wanted, reading, found)
    total = _count(session, chosen)
    is_similar = not total and bool(wanted.words)
    if is_similar:
        found = search.resembles
        chosen = _narrowed(wanted, reading, found)
        total = _count(session, chosen)
    part = piece(
        session,
        chosen.options(selectinload(State.classifications)),
        language,
        before=wanted.before,
        after=wanted.after,
        most=PAGE,
    )
    return Page(
        rows=entries(session, part.states, reading, language=language),
        total=total,
        counts=_counts(session, wanted, reading, found),
        after=part.after,
        before=part.before,
        is_similar=is_similar and bool(total),
    )


def everything(session: Session, wanted: Wanted, reading: Reading, *, language: str) -> list[Entry]:
    """All that a page and its following pages hold, for the export."""
    chosen = _narrowed(wanted, reading, search.contains)
    states = session.scalars(
        chosen.options(selectinload(State.classifications)).order_by(*name_order(language))
    ).all()
    return entries(session, states, reading, language=language)


def entries(
    session: Session, states: Sequence[State], reading: Reading, *, language: str
) -> list[Entry]:
    """What a reader may see of these States, in their order."""
    ids = [state.id for state in states]
    standings = _standings(session, ids, reading)
    mechanisms = _mechanisms(session, ids, reading)
    contacts = contacts_of(session, ids, reading.audience)
    offers = _offers(session, ids)
    return [
        Entry(
            state=state,
            standing=standings.get(state.id),
            profiles=[
                Profile(mechanism=one, facts=best_facts(one.facts, language))
                for one in mechanisms[state.id]
            ],
            contacts=contacts[state.id],
            offers=offers[state.id],
        )
        for state in states
    ]


def _narrowed(
    wanted: Wanted, reading: Reading, found: Finding, *, without: Facet | None = None
) -> Select[State]:
    is_in = exists().where(
        Membership.state_id == State.id, stands(reading.now), Membership.status.in_(READERS)
    )
    chosen = select(State).where(or_(listed(reading.audience), is_in))
    for facet, word in wanted.chosen.items():
        if facet is not without:
            chosen = chosen.where(has(facet, word, reading))
    for word in wanted.words:
        chosen = chosen.where(_speaks_of(word, reading, found))
    return chosen


def _speaks_of(word: str, reading: Reading, found: Finding) -> ColumnElement[bool]:
    seen = visible_to(reading.audience)
    fact = exists().where(
        ProfileFact.mechanism_id == Mechanism.id, seen.facts, found(ProfileFact.sought, word)
    )
    mechanism = exists().where(
        Mechanism.state_id == State.id, seen.mechanisms, or_(found(Mechanism.sought, word), fact)
    )
    contact = contact_with(reading.audience, found(Contact.sought, word))
    return or_(found(State.sought, word), mechanism, contact)


def _count(session: Session, chosen: Select[Any]) -> int:
    return session.scalar(chosen.with_only_columns(func.count(State.id))) or 0


def _counts(
    session: Session, wanted: Wanted, reading: Reading, found: Finding
) -> dict[Facet, dict[str, int]]:
    """How many States each word of each facet would leave, the other facets staying as they are.

    In one statement: facets that do not narrow share one set of States, one that does has the set
    that the others leave.
    """
    left = _ids(_narrowed(wanted, reading, found))
    parts = []
    for facet in Facet:
        states = left
        if facet in wanted.chosen:
            states = _ids(_narrowed(wanted, reading, found, without=facet))
        of_state, said = pairs(facet, reading).subquery().c
        parts.append(
            select(literal(facet.value), cast(said, String), func.count(of_state.distinct()))
            .where(of_state.in_(select(states.c.id)))
            .group_by(said)
        )
    counts: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
    for name, word, count in session.execute(union_all(*parts)):
        counts[Facet(name)][word] = count
    return counts


def _ids(chosen: Select[State]) -> CTE:
    return chosen.with_only_columns(State.id).cte()


def _standings(
    session: Session, ids: Collection[UUID], reading: Reading
) -> dict[UUID, MembershipStatus]:
    rows = session.execute(
        select(Membership.state_id, Membership.status).where(
            Membership.state_id.in_(ids), stands(reading.now), Membership.status.in_(READERS)
        )
    )
    return {row.state_id: row.status for row in rows}


def _mechanisms(
    session: Session, ids: Collection[UUID], reading: Reading
) -> dict[UUID, list[Mechanism]]:
    found: dict[UUID, list[Mechanism]] = {state_id: [] for state_id in ids}
    seen = visible_to(reading.audience)
    for mechanism in session.scalars(
        select(Mechanism)
        .where(Mechanism.state_id.in_(ids), seen.mechanisms)
        .options(selectinload(Mechanism.facts.and_(seen.facts)))
        .order_by(Mechanism.is_lead.desc(), Mechanism.key)
    ):
        found[mechanism.state_id].append(mechanism)
    return found


def _offers(session: Session, ids: Collection[UUID]) -> dict[UUID, list[Offer]]:
    found: dict[UUID, list[Offer]] = {state_id: [] for state_id in ids}
    for offer in session.scalars(
        select(Offer)
        .join(Offer.mechanism)
        .where(Mechanism.state_id.in_(ids), shown())
        .options(contains_eager(Offer.mechanism))
        .order_by(Mechanism.is_lead.desc(), Mechanism.key)
    ):
        found[offer.mechanism.state_id].append(offer)
    return found
