"""By what the directory can be narrowed: each facet is one set of pairs of a State and a word.

A facet narrows by the same pairs that it counts, and the pairs hold only what the audience may
see: a value that is hidden from a reader can neither narrow a list nor change a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, select, union
from sqlalchemy.sql.selectable import CompoundSelect

from network.applications.models import Membership
from network.applications.queries import stands
from network.directory.rules import READERS
from network.mechanisms.members import Audience, visible_to
from network.mechanisms.models import Contact, Field, Mechanism, ProfileFact
from network.mechanisms.queries import exists_already
from network.offers.models import Offer
from network.offers.queries import shown, unpaused
from network.taxonomy.models import Classification, State
from network.taxonomy.queries import holding


class Facet(StrEnum):
    """What a list of States can be narrowed by."""

    STANDING = "standing"
    GROUP = "group"
    REGION = "region"
    FLAG = "flag"
    KIND = "kind"
    TOOL = "tool"
    LANGUAGE = "language"
    OFFER = "offer"
    THEME = "theme"
    FREE = "free"


class Kind(StrEnum):
    """What sort of mechanism, as its description says; one description may say several."""

    STANDING = "standing"
    INTERMINISTERIAL = "interministerial"
    INTERINSTITUTIONAL = "interinstitutional"
    MINISTERIAL = "ministerial"


STEMS = {
    Kind.STANDING: r"\m(standing|permanente?)\M",
    Kind.INTERMINISTERIAL: r"\minter ?minist",
    Kind.INTERINSTITUTIONAL: r"\minter ?institu",
    Kind.MINISTERIAL: r"\mministeri[ea]",
}
"""What each sort is recognised by in a folded description, in English, French and Spanish."""

TOOLS = (Field.TRACKING_TOOL, Field.TOOL_ADDRESS)
YES, NO = "yes", "no"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Who reads, and when."""

    audience: Audience
    now: datetime


Pairs = Select[Any, Any] | CompoundSelect[Any, Any]


def listed(audience: Audience) -> ColumnElement[bool]:
    """The condition on State: it has a mechanism that this audience may know of."""
    return exists().where(
        Mechanism.state_id == State.id, visible_to(audience).mechanisms, exists_already
    )


def pairs(facet: Facet, reading: Reading) -> Pairs:
    """The pairs (State's id, word) of one facet, as this reader may know them."""
    return PAIRS[facet](reading)


def has(facet: Facet, word: str, reading: Reading) -> ColumnElement[bool]:
    """The condition on State: this word of this facet holds for it."""
    known = pairs(facet, reading).subquery()
    of_state, said = known.c
    return State.id.in_(select(of_state).where(said == word))


def _standing(reading: Reading) -> Pairs:
    return select(Membership.state_id, Membership.status).where(
        stands(reading.now), Membership.status.in_(READERS)
    )


def _classified(kind: str) -> Callable[[Reading], Pairs]:
    def made(reading: Reading) -> Pairs:
        return select(Classification.state_id, Classification.word).where(
            Classification.kind == kind, holding(reading.now.date())
        )

    return made


def _region(_reading: Reading) -> Pairs:
    return select(State.id, State.region).where(State.region != "")


def _kind(reading: Reading) -> Pairs:
    seen = visible_to(reading.audience)

    def of(kind: Kind) -> Select[Any, Any]:
        return (
            select(Mechanism.state_id, literal(kind.value))
            .join(ProfileFact, ProfileFact.mechanism_id == Mechanism.id)
            .where(
                seen.mechanisms,
                seen.facts,
                ProfileFact.field == Field.TYPE,
                ProfileFact.sought.regexp_match(STEMS[kind]),
            )
        )

    return union(*map(of, Kind))


def _tool(reading: Reading) -> Pairs:
    seen = visible_to(reading.audience)
    known = exists().where(
        ProfileFact.mechanism_id == Mechanism.id,
        Mechanism.state_id == State.id,
        seen.mechanisms,
        seen.facts,
        ProfileFact.field.in_(TOOLS),
    )
    return select(State.id, case((known, YES), else_=NO)).where(listed(reading.audience))


def _language(reading: Reading) -> Pairs:
    written = select(Contact.state_id, Contact.language).where(
        Contact.language != "", visible_to(reading.audience).contacts
    )
    return union(written, _offered(Offer.languages)(reading))


def _offered(words: Any) -> Callable[[Reading], Select[Any, Any]]:
    def made(_reading: Reading) -> Select[Any, Any]:
        return (
            select(Mechanism.state_id, func.jsonb_array_elements_text(words).label("word"))
            .select_from(Offer)
            .join(Offer.mechanism)
            .where(shown())
        )

    return made


def _free(reading: Reading) -> Pairs:
    return (
        select(Mechanism.state_id, literal(YES))
        .select_from(Offer)
        .join(Offer.mechanism)
        .where(shown(), unpaused(reading.now.date()))
    )


PAIRS: dict[Facet, Callable[[Reading], Pairs]] = {
    Facet.STANDING: _standing,
    Facet.GROUP: _classified("group"),
    Facet.REGION: _region,
    Facet.FLAG: _classified("flag"),
    Facet.KIND: _kind,
    Facet.TOOL: _tool,
    Facet.LANGUAGE: _language,
    Facet.OFFER: _offered(Offer.types),
    Facet.THEME: _offered(Offer.themes),
    Facet.FREE: _free,
}
