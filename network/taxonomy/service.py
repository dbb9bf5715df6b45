"""Takes reference files up: rows follow their file until a person edits them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core import audit, search
from core.context import Actor
from core.documents.csvfile import Line
from core.web import pages
from network.taxonomy.models import (
    AffectedPersons,
    Classification,
    Proposal,
    ReviewBody,
    State,
    Theme,
)
from network.taxonomy.schemas import (
    AffectedPersonsRow,
    ClassificationRow,
    ReviewBodyRow,
    StateRow,
    ThemeRow,
)

AS_OF = "General knowledge, as of December 2024"

DERIVED = frozenset({"orders", "sought", "position"})
NOTHING: tuple[Any, ...] = (None, "", {}, [])
FILES: dict[type[Any], str] = {
    Theme: "themes.csv",
    AffectedPersons: "affected_persons.csv",
    ReviewBody: "review_bodies.csv",
}

Word = TypeVar("Word", Theme, AffectedPersons, ReviewBody)


class Editable(Protocol):
    """A row that a person may have edited."""

    @property
    def is_edited(self) -> bool:
        """Whether one has."""
        ...


@dataclass
class Loading:
    """One run over the files, and what it did so far."""

    session: Session
    now: datetime
    added: int = 0
    changed: int = 0
    removed: int = 0
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether anything that a page shows has changed."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a value comes from: the record it is for, that record's key, the file and line."""

    record: str
    key: str
    source: str


def follow(run: Loading, row: Editable, wanted: Mapping[str, Any], *, origin: Origin) -> None:
    """Bring `row` to what the file says, or propose each difference if a person edited it.

    A blank in the file says nothing, so it never proposes to empty an edited field.
    """
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not differing:
        return
    if not row.is_edited:
        for name, value in differing.items():
            setattr(row, name, value)
        run.changed += 1
        return
    for name, value in differing.items():
        if name not in DERIVED and value not in NOTHING:
            _propose(run, row, name, value, origin=origin)


def _propose(run: Loading, row: Editable, name: str, value: Any, *, origin: Origin) -> None:
    new = plain(value)
    known = run.session.scalar(
        select(Proposal).where(
            Proposal.record == origin.record,
            Proposal.record_key == origin.key,
            Proposal.field == name,
            Proposal.new == new,
        )
    )
    if known is None:
        known = Proposal(
            record=origin.record,
            record_key=origin.key,
            field=name,
            old=plain(getattr(row, name)),
            new=new,
            source=origin.source,
            proposed_at=run.now,
        )
        run.session.add(known)
    if known.decision is None:
        run.proposals.append(known)


def plain(value: Any) -> str:
    """A value as one line of text, the same each time."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, StrEnum):
        return value.value
    return "" if value is None else str(value)


def load_states(
    run: Loading,
    lines: Iterable[Line[StateRow]],
    dated: Iterable[Line[ClassificationRow]],
) -> None:
    """States with their names, groups and lists."""
    loaded = select(State).options(selectinload(State.classifications))
    states = {state.iso3: state for state in run.session.scalars(loaded)}
    dates: dict[tuple[str, str, str], ClassificationRow] = {
        (line.row.iso3, line.row.kind, line.row.word): line.row for line in dated
    }
    for line in lines:
        row = line.row
        wanted = _state_values(row)
        origin = Origin(record="state", key=row.iso3, source=f"states.csv, line {line.number}")
        state = states.get(row.iso3)
        if state is None:
            state = State(iso3=row.iso3, **wanted)
            run.session.add(state)
            run.added += 1
        else:
            follow(run, state, wanted, origin=origin)
        _classify(run, state, row, dates, origin=origin)


def _state_values(row: StateRow) -> dict[str, Any]:
    return {
        "iso2": row.iso2,
        "m49": row.m49,
        "un_status": row.un_status,
        "region": row.region,
        "subregion": row.subregion,
        **naming(row.names, row.iso3),
    }


def naming(names: dict[str, str], iso3: str) -> dict[str, Any]:
    """Names with what follows from them: the keys lists are ordered by, the text searches look in."""
    return {
        "names": names,
        "orders": {language: search.fold(name) for language, name in names.items()},
        "sought": search.folded([*names.values(), iso3]),
    }


def _classify(
    run: Loading,
    state: State,
    row: StateRow,
    dates: Mapping[tuple[str, str, str], ClassificationRow],
    *,
    origin: Origin,
) -> None:
    have = {(found.kind, found.word): found for found in state.classifications}
    for kind, word in row.classified:
        dated = dates.get((row.iso3, kind, word))
        wanted: dict[str, Any] = {
            "since": dated.since if dated else None,
            "until": dated.until if dated else None,
            "expected_until": dated.expected_until if dated else None,
            "source": f"{AS_OF}; {dated.source}" if dated else AS_OF,
        }
        found = have.pop((kind, word), None)
        if found is None:
            run.session.add(Classification(state=state, kind=kind, word=word, **wanted))
            run.added += 1
            continue
        key = f"{row.iso3}/{word}"
        place = Origin(record="state_classification", key=key, source=origin.source)
        follow(run, found, wanted, origin=place)
    for stale in have.values():
        if not stale.is_edited:
            state.classifications.remove(stale)
            run.removed += 1


def load_themes(run: Loading, lines: Iterable[Line[ThemeRow]], french: Mapping[str, str]) -> None:
    """Themes, in the order of their file."""
    _load_words(
        run,
        Theme,
        lines,
        lambda row: {
            "family": row.group,
            "names": _both(row.name_en, french.get(row.key)),
        },
    )


def load_affected_persons(
    run: Loading, lines: Iterable[Line[AffectedPersonsRow]], french: Mapping[str, str]
) -> None:
    """Affected persons, in the order of their file."""
    _load_words(
        run,
        AffectedPersons,
        lines,
        lambda row: {"names": _both(row.name_en, french.get(row.key))},
    )


def load_review_bodies(
    run: Loading, lines: Iterable[Line[ReviewBodyRow]], french: Mapping[str, str]
) -> None:
    """Review bodies, in the order of their file."""
    _load_words(
        run,
        ReviewBody,
        lines,
        lambda row: {
            "kind": row.kind,
            "acronym": row.acronym,
            "names": _both(row.name_en, french.get(row.key)),
            "instrument": row.instrument,
            "adopted": row.adopted,
        },
    )


def _both(english: str, french: str | None) -> dict[str, str]:
    return {"en": english} | ({"fr": french} if french else {})


def _load_words(
    run: Loading,
    kind: type[Word],
    lines: Iterable[Line[Any]],
    values: Callable[[Any], dict[str, Any]],
) -> None:
    have = {row.key: row for row in run.session.scalars(select(kind))}
    for position, line in enumerate(lines, start=1):
        key = line.row.key
        wanted = {"position": position, **values(line.row)}
        row = have.get(key)
        if row is None:
            run.session.add(kind(key=key, **wanted))
            run.added += 1
            continue
        record = kind.__tablename__
        place = f"{FILES[kind]}, line {line.number}"
        follow(run, row, wanted, origin=Origin(record=record, key=key, source=place))


def edit_state_names(
    session: Session, state: State, *, names: dict[str, str], by: Actor, now: datetime
) -> None:
    """A person writes the names of a State; from now on its file only proposes."""
    for name, value in naming(state.names | names, state.iso3).items():
        setattr(state, name, value)
    mark_edited(state, by=by, now=now)
    audit.write(
        session,
        "state.named",
        by=by,
        now=now,
        subject_kind="state",
        subject_id=state.id,
        details={"iso3": state.iso3},
    )
    pages.drop(session)


def mark_edited(row: Any, *, by: Actor, now: datetime) -> None:
    """Note on a row that a person edited it, and who."""
    row.edited_by = by.person_id
    row.edited_at = now


def invent_state(session: Session, *, iso3: str, iso2: str, names: dict[str, str]) -> State:
    """An invented State for demo and tests, once: `iso3` is one of the user-assigned codes XAA to XZZ."""
    known = session.scalar(select(State).where(State.iso3 == iso3))
    if known is None:
        known = State(iso3=iso3, iso2=iso2, is_invented=True, **naming(names, iso3))
        session.add(known)
        session.flush()
    return known
