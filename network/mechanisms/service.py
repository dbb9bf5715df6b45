"""Takes the file on mechanisms up, and lets people hide or change what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core import audit, search
from core.context import Actor
from core.documents.csvfile import Line
from core.errors import Conflict
from core.languages import _
from core.web import pages
from network.mechanisms.models import Basis, Field, Mechanism, NameStatus, ProfileFact
from network.mechanisms.rules import is_public
from network.mechanisms.schemas import FrenchFactsRow, LanguagesRow, MechanismRow
from network.taxonomy.models import State
from network.taxonomy.service import Loading, Origin, follow, mark_edited

FILE = "mechanisms.csv"
OURS = "fr"


@dataclass(frozen=True, kw_only=True)
class Said:
    """All that the files say of one mechanism."""

    row: MechanismRow
    languages: LanguagesRow | None
    french: FrenchFactsRow | None
    place: str

    def language(self, field: Field) -> str:
        """The language a cell is written in; English unless the file on languages says otherwise."""
        marked = {
            Field.HOST: self.languages and self.languages.host,
            Field.LEGAL_BASIS: self.languages and self.languages.legal_basis,
        }
        return marked.get(field) or "en"


def load_mechanisms(
    run: Loading,
    lines: Iterable[Line[MechanismRow]],
    languages: Mapping[str, LanguagesRow],
    french: Mapping[str, FrenchFactsRow],
) -> None:
    """Mechanisms and their facts. States must be loaded before."""
    states = {state.iso3: state for state in run.session.scalars(select(State))}
    loaded = select(Mechanism).options(selectinload(Mechanism.facts))
    have = {mechanism.key: mechanism for mechanism in run.session.scalars(loaded)}
    times: dict[str, int] = {}
    for line in lines:
        iso3 = line.row.iso3
        times[iso3] = times.get(iso3, 0) + 1
        key = iso3.lower() if times[iso3] == 1 else f"{iso3.lower()}-{times[iso3]}"
        place = f"{FILE}, line {line.number}"
        said = Said(
            row=line.row,
            languages=languages.get(iso3),
            french=french.get(iso3),
            place=place,
        )
        wanted = _values(said)
        mechanism = have.get(key)
        if mechanism is None:
            mechanism = Mechanism(
                key=key,
                state=states[iso3],
                is_lead=times[iso3] == 1,
                recorded_on=run.now.date(),
                **wanted,
            )
            run.session.add(mechanism)
            run.added += 1
        else:
            origin = Origin(record="mechanism", key=key, source=place)
            follow(run, mechanism, wanted, origin=origin)
        _load_facts(run, mechanism, said)


def _values(said: Said) -> dict[str, Any]:
    row = said.row
    ours = said.french.name if said.french else ""
    spoken = (said.languages.name if said.languages else "") or "en"
    return {
        "name": row.name,
        "name_language": spoken if row.name else "",
        "translations": {OURS: ours} if ours else {},
        "name_status": row.name_status,
        "acronym": row.acronym,
        "source_url": row.source_url,
        "sought": search.folded([row.name, row.acronym, ours]),
    }


def _load_facts(run: Loading, mechanism: Mechanism, said: Said) -> None:
    have = {(fact.field, fact.language): fact for fact in _sourced(mechanism)}
    own = {(fact.field, fact.language): fact for fact in mechanism.facts if is_own(fact)}
    hidden = {fact.field for fact in mechanism.facts if fact.is_hidden or is_own(fact)}
    edited = {fact.field for fact in mechanism.facts if fact.is_edited and not fact.is_hidden}
    for field, value, language, is_ours in _facts(said, edited):
        wanted: dict[str, Any] = {
            "value": value,
            "is_translation": is_ours,
            "source_url": said.row.source_url,
            "sought": search.fold(value),
        }
        fact = have.pop((field, language), None) or own.get((field, language))
        if fact is None:
            fact = ProfileFact(
                mechanism=mechanism,
                field=field,
                language=language,
                recorded_on=run.now.date(),
                is_hidden=field in hidden,
                **wanted,
            )
            run.session.add(fact)
            run.added += 1
            continue
        key = f"{mechanism.key}/{field.value}/{language}"
        follow(
            run,
            fact,
            wanted,
            origin=Origin(record="profile_fact", key=key, source=said.place),
        )
    for stale in have.values():
        if not stale.is_edited:
            mechanism.facts.remove(stale)
            run.removed += 1


def _facts(said: Said, edited: set[Field]) -> Iterable[tuple[Field, str, str, bool]]:
    """(field, value, language, whether it is our translation); none of a wording a person changed."""
    for field, value in said.row.facts.items():
        yield field, value, said.language(field), False
    for field, value in (said.french.facts if said.french else {}).items():
        if field not in edited:
            yield field, value, OURS, True


def hide_field(
    session: Session,
    mechanism: Mechanism,
    field: Field,
    *,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """Take a field off every public page, in all its languages, at its State's request."""
    for fact in _of_field(mechanism, field):
        fact.is_hidden = True
        mark_edited(fact, by=by, now=now)
    settle_name(mechanism)
    _note(session, "fact.hidden", mechanism, field, reason=reason, by=by, now=now)


def show_field(
    session: Session,
    mechanism: Mechanism,
    field: Field,
    *,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """Put what public sources say of a hidden field back on the public pages.

    The State's own words come back by its consent alone, and stand for the whole field.
    """
    if any(is_own(fact) and not fact.is_hidden for fact in _of_field(mechanism, field)):
        raise Conflict(_("The State’s own words stand here. They take the place of the sources."))
    for fact in _of_field(mechanism, field):
        if not is_own(fact):
            fact.is_hidden = False
            mark_edited(fact, by=by, now=now)
    settle_name(mechanism)
    _note(session, "fact.shown", mechanism, field, reason=reason, by=by, now=now)


def correct_fact(
    session: Session,
    fact: ProfileFact,
    *,
    value: str,
    source_url: str,
    by: Actor,
    now: datetime,
) -> None:
    """A person writes what a public source says; from now on the file only proposes.

    Needs `fact.mechanism` with its facts. Our translations of the old wording go. The State's own
    words are not corrected by anybody but the State.
    """
    if is_own(fact):
        raise Conflict(_("These are the State’s own words. Only the State changes them."))
    mechanism = fact.mechanism
    fact.value = value
    fact.source_url = source_url
    fact.sought = search.fold(value)
    fact.recorded_on = now.date()
    mark_edited(fact, by=by, now=now)
    for other in _of_field(mechanism, fact.field):
        if other is not fact and other.is_translation:
            mechanism.facts.remove(other)
    _note(session, "fact.corrected", mechanism, fact.field, reason="", by=by, now=now)


def is_own(fact: ProfileFact) -> bool:
    """Whether a fact is the State's own word."""
    return fact.basis is Basis.STATE


def settle_name(mechanism: Mechanism) -> None:
    """Bring the name and the acronym to what the visible facts say of them. Needs its facts.

    Nothing changes while there is no such fact: then the file's own line holds. A name that is
    not public is withheld.
    """
    name = _shown(mechanism, Field.NAME)
    if _of_field(mechanism, Field.NAME):
        if mechanism.sourced_status is None:
            mechanism.sourced_status = mechanism.name_status
        mechanism.name = name.value if name else ""
        mechanism.name_language = name.language if name else ""
        mechanism.translations = {}
        mechanism.name_status = NameStatus.WITHHELD
        if name is not None:
            mechanism.name_status = NameStatus.FORMAL if is_own(name) else mechanism.sourced_status
    if _of_field(mechanism, Field.ACRONYM):
        acronym = _shown(mechanism, Field.ACRONYM)
        mechanism.acronym = acronym.value if acronym else ""
    ours = mechanism.translations.get(OURS, "")
    mechanism.sought = search.folded([mechanism.name, mechanism.acronym, ours])


def _shown(mechanism: Mechanism, field: Field) -> ProfileFact | None:
    """What everybody may read: a name for members alone would be found and listed by all."""
    found = [fact for fact in _of_field(mechanism, field) if is_public(fact)]
    return next((fact for fact in found if is_own(fact)), found[0] if found else None)


def _sourced(mechanism: Mechanism) -> list[ProfileFact]:
    return [fact for fact in mechanism.facts if not is_own(fact)]


def _of_field(mechanism: Mechanism, field: Field) -> list[ProfileFact]:
    return [fact for fact in mechanism.facts if fact.field is field]


def _note(
    session: Session,
    word: str,
    mechanism: Mechanism,
    field: Field,
    *,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="mechanism",
        subject_id=mechanism.id,
        details={"field": field.value, "reason": reason},
    )
    pages.drop(session)


def invent_mechanism(
    session: Session,
    state: State,
    *,
    name: str,
    acronym: str,
    facts: Mapping[Field, str],
    source_url: str,
    now: datetime,
) -> Mechanism:
    """A mechanism of an invented State, for demo and tests, once. A real State's is refused."""
    if not state.is_invented:
        message = f"{state.iso3} is a real State: nothing is invented about it"
        raise ValueError(message)
    key = state.iso3.lower()
    known = session.scalar(select(Mechanism).where(Mechanism.key == key))
    if known is not None:
        return known
    mechanism = Mechanism(
        key=key,
        state=state,
        name=name,
        name_language="en",
        name_status=NameStatus.FORMAL,
        acronym=acronym,
        sought=search.folded([name, acronym]),
        source_url=source_url,
        recorded_on=now.date(),
    )
    session.add(mechanism)
    for field, value in facts.items():
        fact = ProfileFact(
            mechanism=mechanism,
            field=field,
            value=value,
            source_url=source_url,
            recorded_on=now.date(),
            sought=search.fold(value),
        )
        session.add(fact)
    session.flush()
    return mechanism
