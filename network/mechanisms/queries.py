"""What may be read of mechanisms. Hidden mechanisms and facts are neither shown, found nor counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from core import search
from core.languages import localized
from network.mechanisms.forms import Filters
from network.mechanisms.members import EVERYBODY, Audience, contact_with, visible_to
from network.mechanisms.models import Basis, Contact, Field, Mechanism, NameStatus, ProfileFact
from network.seats.models import BodyKind
from network.seats.queries import BODIES_OF_STATE, BODY_FINDERS, BODY_NAMES, STATE_OF_BODY
from network.taxonomy.models import Classification, State
from network.taxonomy.queries import classified, holding, piece

PAGE = 40

Finding = Callable[[Any, str], ColumnElement[bool]]

visible = Mechanism.is_hidden.is_(False)
exists_already = Mechanism.name_status != NameStatus.NO_MECHANISM_YET


@dataclass(frozen=True, kw_only=True)
class Row:
    """One State of the directory with its visible mechanisms, the leading one first."""

    state: State
    mechanisms: Sequence[Mechanism]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows of the directory, how many there are in all, and where the list goes on.

    `is_similar`: nothing had the words looked for, so these are States with words like them.
    """

    rows: Sequence[Row]
    total: int
    after: str
    before: str
    is_similar: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which mechanisms a program asks for. None and no words: all of them."""

    today: date
    words: tuple[str, ...] = ()
    group: str | None = None
    region: str | None = None
    flag: str | None = None
    name_status: NameStatus | None = None
    audience: Audience = EVERYBODY
    in_contacts: bool = False


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A mechanism with the facts a reader sees: one per field, in the best language there is."""

    mechanism: Mechanism
    facts: Sequence[ProfileFact]

    @property
    def is_compiled(self) -> bool:
        """Whether any of it comes from public sources and not from the State."""
        compiled = any(fact.basis is Basis.PUBLIC_SOURCE for fact in self.facts)
        return compiled or bool(self.mechanism.source_url)


def directory(session: Session, filters: Filters, *, language: str, today: date) -> Page:
    """A page of States in the order of their names in `language`."""
    wanted = _narrowed(select(State), filters, today, search.contains)
    total = _count(session, wanted)
    is_similar = not total and bool(filters.words)
    if is_similar:
        wanted = _narrowed(select(State), filters, today, search.resembles)
        total = _count(session, wanted)
    part = piece(
        session,
        wanted.options(selectinload(State.classifications)),
        language,
        before=filters.before,
        after=filters.after,
        most=PAGE,
    )
    return Page(
        rows=_rows(session, part.states),
        total=total,
        after=part.after,
        before=part.before,
        is_similar=is_similar and bool(part.states),
    )


def _count(session: Session, wanted: Select[State]) -> int:
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def _narrowed(
    wanted: Select[State], filters: Filters, today: date, found: Finding
) -> Select[State]:
    if filters.group:
        wanted = wanted.where(classified("group", filters.group, today))
    if filters.flag:
        wanted = wanted.where(classified("flag", filters.flag, today))
    if filters.region:
        wanted = wanted.where(State.region == filters.region)
    if filters.has:
        wanted = wanted.where(_of_state(exists_already))
    for word in filters.words:
        wanted = wanted.where(_speaks_of(word, found))
    return wanted


def _of_state(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Mechanism.state_id == State.id, visible, *conditions)


def _speaks_of(word: str, found: Finding) -> ColumnElement[bool]:
    fact = exists().where(
        ProfileFact.mechanism_id == Mechanism.id,
        visible_to(EVERYBODY).facts,
        found(ProfileFact.sought, word),
    )
    in_mechanism = or_(found(Mechanism.sought, word), fact)
    return or_(found(State.sought, word), _of_state(in_mechanism))


def _rows(session: Session, states: Iterable[State]) -> list[Row]:
    ordered = list(states)
    by_state: dict[UUID, list[Mechanism]] = {state.id: [] for state in ordered}
    for mechanism in session.scalars(
        select(Mechanism)
        .where(Mechanism.state_id.in_(by_state), visible)
        .order_by(Mechanism.is_lead.desc(), Mechanism.key)
    ):
        by_state[mechanism.state_id].append(mechanism)
    return [Row(state=state, mechanisms=by_state[state.id]) for state in ordered]


def profiles(
    session: Session, state: State, *, language: str, audience: Audience = EVERYBODY
) -> list[Profile]:
    """The visible mechanisms of a State with the facts its reader may see, the leading one first."""
    found = session.scalars(
        select(Mechanism)
        .where(Mechanism.state_id == state.id, visible_to(audience).mechanisms)
        .options(selectinload(Mechanism.facts.and_(visible_to(audience).facts)))
        .order_by(Mechanism.is_lead.desc(), Mechanism.key)
    )
    return [
        Profile(mechanism=mechanism, facts=best_facts(mechanism.facts, language))
        for mechanism in found
    ]


def best_facts(facts: Iterable[ProfileFact], language: str) -> list[ProfileFact]:
    """One fact per field: in the reader's language, else the original wording; in the order of `Field`."""
    chosen: dict[Field, ProfileFact] = {}
    for fact in facts:
        held = chosen.get(fact.field)
        if held is None or _rank(fact, language) > _rank(held, language):
            chosen[fact.field] = fact
    return [chosen[field] for field in Field if field in chosen]


def _rank(fact: ProfileFact, language: str) -> int:
    return 2 * (fact.language == language) + (not fact.is_translation)


def groups(session: Session, *, today: date) -> dict[str, int]:
    """How many States with a visible mechanism each regional group has."""
    counted = session.execute(
        select(Classification.word, func.count(State.id.distinct()))
        .join(State, Classification.state_id == State.id)
        .where(
            Classification.kind == "group",
            holding(today),
            _of_state(exists_already),
        )
        .group_by(Classification.word)
    )
    return {row.word: row[1] for row in counted}


def published(session: Session) -> list[Mechanism]:
    """All visible mechanisms of real States with their visible facts, for the open data."""
    return list(
        session.scalars(
            select(Mechanism)
            .join(State, Mechanism.state_id == State.id)
            .where(visible, State.is_invented.is_(False))
            .options(
                selectinload(Mechanism.state),
                selectinload(Mechanism.facts.and_(visible_to(EVERYBODY).facts)),
            )
            .order_by(Mechanism.key)
        )
    )


def listed(session: Session, wanted: Wanted, *, after: str, most: int) -> Sequence[Mechanism]:
    """Visible mechanisms with their States and visible facts, by key, from `after` (a key) on."""
    chosen = _chosen(wanted, Mechanism)
    if after:
        chosen = chosen.where(Mechanism.key > after)
    found = _whole(chosen, wanted.audience)
    return session.scalars(found.order_by(Mechanism.key).limit(most)).all()


def one(session: Session, ref: UUID | str, *, audience: Audience = EVERYBODY) -> Mechanism | None:
    """A visible mechanism by its id, or the leading one of the State with this code."""
    chosen = select(Mechanism).join(Mechanism.state).where(visible_to(audience).mechanisms)
    chosen = chosen.where(Mechanism.id == ref if isinstance(ref, UUID) else State.iso3 == ref)
    order = (Mechanism.is_lead.desc(), Mechanism.key)
    found: Mechanism | None = session.scalar(_whole(chosen, audience).order_by(*order).limit(1))
    return found


def facets(session: Session, wanted: Wanted) -> dict[str, dict[str, int]]:
    """How many of the mechanisms wanted there are in each group, region, list and state of naming."""
    columns = {"region": State.region, "name_status": Mechanism.name_status}
    found = {
        name: _tally(session, _chosen(wanted, column, func.count()).group_by(column))
        for name, column in columns.items()
    }
    for kind in ("group", "flag"):
        counted = _chosen(wanted, Classification.word, func.count()).join(
            Classification, Classification.state_id == State.id
        )
        counted = counted.where(Classification.kind == kind, holding(wanted.today))
        found[kind] = _tally(session, counted.group_by(Classification.word))
    return found


def _tally(session: Session, counted: Select[Any]) -> dict[str, int]:
    return {str(row[0]): row[1] for row in session.execute(counted) if row[0]}


def _chosen(wanted: Wanted, *columns: Any) -> Select[Any]:
    chosen: Select[Any] = (
        select(*columns)
        .select_from(Mechanism)
        .join(Mechanism.state)
        .where(visible_to(wanted.audience).mechanisms)
    )
    if wanted.group:
        chosen = chosen.where(classified("group", wanted.group, wanted.today))
    if wanted.flag:
        chosen = chosen.where(classified("flag", wanted.flag, wanted.today))
    if wanted.region:
        chosen = chosen.where(State.region == wanted.region)
    if wanted.name_status:
        chosen = chosen.where(Mechanism.name_status == wanted.name_status)
    for word in wanted.words:
        fact = exists().where(
            ProfileFact.mechanism_id == Mechanism.id,
            visible_to(wanted.audience).facts,
            search.contains(ProfileFact.sought, word),
        )
        places = [
            search.contains(State.sought, word),
            search.contains(Mechanism.sought, word),
            fact,
        ]
        if wanted.in_contacts:
            places.append(contact_with(wanted.audience, search.contains(Contact.sought, word)))
        chosen = chosen.where(or_(*places))
    return chosen


def _whole(chosen: Select[Any], audience: Audience) -> Select[Any]:
    return chosen.options(
        selectinload(Mechanism.state).selectinload(State.classifications),
        selectinload(Mechanism.facts.and_(visible_to(audience).facts)),
    )


def _called(session: Session, mechanism_id: UUID) -> str:
    """A mechanism as its seats are called after it: its own name, or its State's."""
    found = session.execute(
        select(Mechanism, State).join(Mechanism.state).where(Mechanism.id == mechanism_id)
    ).first()
    if found is None:
        return ""
    mechanism, state = found
    return mechanism.name or localized(state.names)


def _found(session: Session, key: str) -> UUID | None:
    return session.scalar(select(Mechanism.id).where(Mechanism.key == key.lower()))


BODY_NAMES[BodyKind.MECHANISM] = _called
BODY_FINDERS[BodyKind.MECHANISM] = _found
STATE_OF_BODY[BodyKind.MECHANISM] = lambda session, body_id: session.scalar(
    select(Mechanism.state_id).where(Mechanism.id == body_id)
)
BODIES_OF_STATE[BodyKind.MECHANISM] = lambda state_id: select(Mechanism.id).where(
    Mechanism.state_id == state_id
)
