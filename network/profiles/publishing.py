"""The State's consent to a version, and what follows: it stands on the profile, or it is hidden."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core import outbox, search
from core.context import Actor
from core.errors import Conflict, Invalid
from core.languages import _
from core.web import pages
from network.consents import service as consents
from network.consents.models import ConsentKind
from network.consents.queries import check_consent, may, may_stay_public
from network.consents.service import Scope
from network.mechanisms.models import Basis, Field, Mechanism, ProfileFact
from network.mechanisms.rules import is_public
from network.mechanisms.service import settle_name
from network.profiles import facts, queries
from network.profiles.models import REASON_MOST, PartVersion
from network.profiles.service import locked_version, move
from network.profiles.states import PartState
from network.taxonomy.service import mark_edited

KIND = ConsentKind.PROFILE_PART
PUBLISHED = "profile"
"""What a consent to a part lets be published."""

SUBJECT = "part_version"


def agree(session: Session, *, version_id: UUID, by: Actor, now: datetime) -> PartVersion:
    """Give the State's consent to a version in one's authorising seat.

    It is published at once, unless the State wants the consent of all its authorising seats and
    some are still to give it.
    """
    version = locked_version(session, version_id)
    if version.state is PartState.PUBLISHED:
        return version
    if version.state is not PartState.WAITING:
        raise Conflict(_("This version no longer waits for consent."))
    scope = Scope(
        state_id=version.mechanism.state_id,
        kind=KIND,
        subject_kind=SUBJECT,
        subject_id=version.id,
        publish=(PUBLISHED,),
    )
    consents.give(session, scope=scope, by=by, now=now)
    _publish_if_agreed(session, version, by=by, now=now)
    return version


def say_no(
    session: Session, *, version_id: UUID, reason: str, by: Actor, now: datetime
) -> PartVersion:
    """Refuse the State's consent to a version, or withdraw it: what was published is hidden."""
    version = locked_version(session, version_id)
    if version.state in {PartState.REFUSED, PartState.WITHDRAWN}:
        return version
    if version.state not in {PartState.WAITING, PartState.PUBLISHED}:
        raise Conflict(_("This version no longer waits for consent."))
    if not reason:
        raise Invalid({"reason": _("Give the reason. The focal point reads it.")})
    if len(reason) > REASON_MOST:
        too_long = _("This is too long: %(most)s characters fit.", most=REASON_MOST)
        raise Invalid({"reason": too_long})
    consents.withdraw(
        session,
        state_id=version.mechanism.state_id,
        kind=KIND,
        subject_id=version.id,
        by=by,
        now=now,
        reason=reason,
    )
    version.reason = reason
    _end(session, version, by=by, now=now)
    return version


def settle(session: Session, *, version_id: UUID, by: Actor, now: datetime) -> None:
    """Bring a version to what its State says, however that came; doing so again changes nothing."""
    version = locked_version(session, version_id)
    if version.state not in {PartState.WAITING, PartState.PUBLISHED}:
        return
    withdrawal = queries.withdrawal_of(session, version, now)
    if withdrawal is not None:
        version.reason = withdrawal.reason
        _end(session, version, by=by, now=now)
    elif version.state is PartState.WAITING:
        _publish_if_agreed(session, version, by=by, now=now)
    elif not _may_stay(session, version, now):
        _end(session, version, by=by, now=now)


def _publish_if_agreed(session: Session, version: PartVersion, *, by: Actor, now: datetime) -> None:
    if may(
        session,
        state_id=version.mechanism.state_id,
        kind=KIND,
        subject_id=version.id,
        publish=PUBLISHED,
        on=now.date(),
        now=now,
    ):
        publish(session, version, by=by, now=now)


def publish(session: Session, version: PartVersion, *, by: Actor, now: datetime) -> None:
    """Put a version on the profile. Refused without the State's consent in force, whoever asks.

    Needs the version as `locked_version` gives it. What public sources say of the field is set
    aside, and an earlier version in the same language is replaced.
    """
    mechanism = version.mechanism
    check_consent(
        session,
        state_id=mechanism.state_id,
        kind=KIND,
        subject_id=version.id,
        publish=PUBLISHED,
        on=now.date(),
        now=now,
    )
    earlier = queries.published_before(session, version)
    if earlier is not None:
        move(session, earlier, PartState.REPLACED, by=by, now=now)
        earlier.ended_at = now
        session.flush()
    move(session, version, PartState.PUBLISHED, by=by, now=now)
    version.decided_at = now
    keep_sourced_name(session, mechanism, version.field, by=by, now=now)
    for fact in mechanism.facts:
        if fact.field is version.field and fact.basis is Basis.PUBLIC_SOURCE:
            fact.is_hidden = True
            mark_edited(fact, by=by, now=now)
    _put_up(session, mechanism, version, by=by, now=now)
    _settle_mechanism(mechanism, by=by, now=now)
    session.flush()
    pages.drop(session)
    outbox.record(session, facts.PartPublished(version_id=version.id), now=now)


def _put_up(
    session: Session, mechanism: Mechanism, version: PartVersion, *, by: Actor, now: datetime
) -> None:
    fact = next(
        (
            fact
            for fact in mechanism.facts
            if fact.basis is Basis.STATE
            and fact.field is version.field
            and fact.language == version.language
        ),
        None,
    )
    if fact is None:
        fact = ProfileFact(
            mechanism=mechanism,
            field=version.field,
            language=version.language,
            basis=Basis.STATE,
            value=version.value,
            recorded_on=now.date(),
        )
        session.add(fact)
    fact.value = version.value
    fact.sought = search.fold(version.value)
    fact.source_url, fact.source_name = version.source_url, version.source_name
    fact.as_of, fact.visibility = version.as_of, version.visibility
    fact.recorded_on, fact.confirmed_on, fact.confirmed_by = now.date(), None, None
    fact.version_id, fact.is_hidden = version.id, False
    mark_edited(fact, by=by, now=now)


def _end(session: Session, version: PartVersion, *, by: Actor, now: datetime) -> None:
    """A version that waited is refused, one that stood is hidden. Nothing comes back in its place."""
    was_public = version.state is PartState.PUBLISHED
    move(
        session,
        version,
        PartState.WITHDRAWN if was_public else PartState.REFUSED,
        by=by,
        now=now,
    )
    version.decided_at = version.ended_at = now
    if not was_public:
        outbox.record(session, facts.PartRefused(version_id=version.id), now=now)
        return
    mechanism = version.mechanism
    for fact in mechanism.facts:
        if fact.version_id == version.id:
            fact.is_hidden = True
    _settle_mechanism(mechanism, by=by, now=now)
    session.flush()
    pages.drop(session)
    outbox.record(session, facts.PartTakenDown(version_id=version.id), now=now)


def _may_stay(session: Session, version: PartVersion, now: datetime) -> bool:
    return may_stay_public(
        session,
        state_id=version.mechanism.state_id,
        kind=KIND,
        subject_id=version.id,
        publish=PUBLISHED,
        on=now.date(),
        now=now,
    )


def keep_sourced_name(
    session: Session, mechanism: Mechanism, field: Field, *, by: Actor, now: datetime
) -> None:
    """Keep what public sources call a mechanism as a fact of its own, before it is hidden."""
    known = {Field.NAME: mechanism.name, Field.ACRONYM: mechanism.acronym}.get(field, "")
    is_kept = any(fact.field is field for fact in mechanism.facts)
    if not known or is_kept or not mechanism.source_url:
        return
    fact = ProfileFact(
        mechanism=mechanism,
        field=field,
        value=known,
        language=mechanism.name_language or "en",
        source_url=mechanism.source_url,
        recorded_on=mechanism.recorded_on,
        sought=search.fold(known),
    )
    mark_edited(fact, by=by, now=now)
    session.add(fact)


def _settle_mechanism(mechanism: Mechanism, *, by: Actor, now: datetime) -> None:
    """Bring the name, and whether the mechanism is shown at all, to what its facts say."""
    settle_name(mechanism)
    if mechanism.is_described:
        mechanism.is_hidden = not any(map(is_public, mechanism.facts))
    mark_edited(mechanism, by=by, now=now)
