"""Writing a profile for its State: drafts, versions, sending them for consent, taking up old ones."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from core import audit, outbox
from core.context import Actor
from core.errors import Conflict, NotVisible
from core.languages import _
from network.mechanisms.models import Field, Mechanism, NameStatus
from network.profiles import facts, queries
from network.profiles.models import PartVersion
from network.profiles.rules import (
    Words,
    check_complete,
    check_drafts,
    check_drafts_for_state,
    check_words,
    words_of,
)
from network.profiles.states import OPEN, PART, PartState
from network.taxonomy.models import State
from network.taxonomy.service import mark_edited


class Edited(Conflict):
    """Somebody else wrote a newer version meanwhile. `newest` is theirs; nothing of either is lost."""

    def __init__(self, newest: PartVersion) -> None:
        super().__init__(_("Somebody else has changed this part while you were writing."))
        self.newest = newest


def describe_first(session: Session, *, state: State, by: Actor, now: datetime) -> Mechanism:
    """Begin to describe the mechanism of a State that has none here, once.

    Nobody outside sees it until a part of it is published.
    """
    check_drafts_for_state(session, state.id, by, now)
    session.execute(select(State.id).where(State.id == state.id).with_for_update())
    known = session.scalar(
        select(Mechanism).where(Mechanism.state_id == state.id, Mechanism.is_lead)
    )
    if known is not None:
        return known
    mechanism = Mechanism(
        key=state.iso3.lower(),
        state=state,
        name_status=NameStatus.WITHHELD,
        is_hidden=True,
        is_described=True,
        recorded_on=now.date(),
    )
    mark_edited(mechanism, by=by, now=now)
    session.add(mechanism)
    session.flush()
    audit.write(
        session,
        "profile.begun",
        by=by,
        now=now,
        subject_kind="mechanism",
        subject_id=mechanism.id,
        details={"state": str(state.id)},
    )
    return mechanism


def save_draft(
    session: Session,
    *,
    mechanism_id: UUID,
    field: Field,
    words: Words,
    seen: UUID | None,
    by: Actor,
    now: datetime,
) -> PartVersion:
    """Keep what was written as the next version of a part, complete or not.

    `seen` is the newest version that the writer had before them; if there is a newer one now,
    Edited is raised with it. The same words again make no new version. A version that waited
    for consent is replaced: what was asked for is no longer what the State would publish.
    """
    mechanism = locked(session, mechanism_id)
    check_drafts(session, mechanism, by, now)
    check_words(field, words, now.date())
    newest = queries.newest(session, mechanism.id, field)
    if newest is not None and words_of(newest) == words and newest.state in OPEN:
        return newest
    if newest is not None and newest.id != seen:
        raise Edited(newest)
    return _next(session, mechanism, field, words, by=by, now=now)


def restore(session: Session, *, version_id: UUID, by: Actor, now: datetime) -> PartVersion:
    """Take the words of an earlier version up as a new draft. It needs its own consent."""
    earlier = session.get(PartVersion, version_id)
    if earlier is None:
        raise NotVisible
    mechanism = locked(session, earlier.mechanism_id)
    check_drafts(session, mechanism, by, now)
    newest = queries.newest(session, mechanism.id, earlier.field)
    words = words_of(earlier)
    if newest is not None and newest.state in OPEN and words_of(newest) == words:
        return newest
    return _next(
        session, mechanism, earlier.field, words, by=by, now=now, restored_from=earlier.number
    )


def send(session: Session, *, version_id: UUID, by: Actor, now: datetime) -> PartVersion:
    """Ask the State for its consent to a draft. All that is missing is said at once."""
    version = locked_version(session, version_id)
    check_drafts(session, version.mechanism, by, now)
    if version.state is PartState.WAITING:
        return version
    check_complete(version.field, words_of(version), now.date())
    move(session, version, PartState.WAITING, by=by, now=now)
    version.sent_at = now
    outbox.record(session, facts.PartSent(version_id=version.id), now=now)
    return version


def _next(
    session: Session,
    mechanism: Mechanism,
    field: Field,
    words: Words,
    *,
    by: Actor,
    now: datetime,
    restored_from: int | None = None,
) -> PartVersion:
    seat_id = check_drafts(session, mechanism, by, now)
    known = queries.versions(session, mechanism.id, field)
    for version in known:
        if version.state in OPEN:
            move(session, version, PartState.REPLACED, by=by, now=now)
            version.ended_at = now
    session.flush()
    values: dict[str, Any] = asdict(words)
    made = PartVersion(
        mechanism=mechanism,
        field=field,
        number=known[0].number + 1 if known else 1,
        restored_from=restored_from,
        made_at=now,
        made_by=by.person_id,  # type: ignore[arg-type]  # check_drafts lets nobody in without
        seat_id=seat_id,
        **values,
    )
    session.add(made)
    session.flush()
    note(session, PART.steps[PartState.DRAFT].audit, made, by=by, now=now)
    return made


def locked(session: Session, mechanism_id: UUID) -> Mechanism:
    """A mechanism with its facts; acts on its parts wait for each other until the commit."""
    found = session.scalar(
        select(Mechanism)
        .where(Mechanism.id == mechanism_id)
        .options(selectinload(Mechanism.facts))
        .with_for_update(of=Mechanism)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible
    return found


def locked_version(session: Session, version_id: UUID) -> PartVersion:
    """A version with its mechanism, as `locked` gives it."""
    mechanism_id = session.scalar(
        select(PartVersion.mechanism_id).where(PartVersion.id == version_id)
    )
    if mechanism_id is None:
        raise NotVisible
    locked(session, mechanism_id)
    return session.scalars(
        select(PartVersion)
        .where(PartVersion.id == version_id)
        .options(joinedload(PartVersion.mechanism).selectinload(Mechanism.facts))
        .execution_options(populate_existing=True)
    ).one()


def move(
    session: Session, version: PartVersion, to: PartState, *, by: Actor, now: datetime
) -> None:
    """One step of the workflow, noted in the audit trail."""
    PART.check(version.state, to)
    version.state = to
    note(session, PART.steps[to].audit, version, by=by, now=now)


def note(session: Session, word: str, version: PartVersion, *, by: Actor, now: datetime) -> None:
    """One entry of the audit trail about a version."""
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="part_version",
        subject_id=version.id,
        details={
            "mechanism": str(version.mechanism_id),
            "field": version.field.value,
            "number": version.number,
        },
    )
