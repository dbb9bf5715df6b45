"""Keeping a profile true: confirming what is old, hiding or showing what public sources say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core import audit, outbox
from core.context import SYSTEM, Actor
from core.errors import Conflict
from core.languages import _
from core.web import pages
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Field
from network.mechanisms.rules import a_year_before
from network.profiles import facts, queries
from network.profiles.publishing import keep_sourced_name, settle
from network.profiles.rules import DRAFTING, check_drafts
from network.profiles.service import locked


def confirm(
    session: Session, *, mechanism_id: UUID, field: Field, by: Actor, now: datetime
) -> None:
    """Say that the State's own words in a part are still right.

    What public sources say is not confirmed: the State takes it over as its own, under consent,
    or has it hidden.
    """
    mechanism = locked(session, mechanism_id)
    check_drafts(session, mechanism, by, now)
    own = [
        fact
        for fact in mechanism.facts
        if fact.field is field and mechanisms.is_own(fact) and not fact.is_hidden
    ]
    if not own:
        raise Conflict(_("Nothing of the State’s own stands here that could be confirmed."))
    for fact in own:
        fact.confirmed_on, fact.confirmed_by = now.date(), by.person_id
    audit.write(
        session,
        "profile.confirmed",
        by=by,
        now=now,
        subject_kind="mechanism",
        subject_id=mechanism.id,
        details={"field": field.value},
    )
    pages.drop(session)


def hide_sources(
    session: Session, *, mechanism_id: UUID, field: Field, reason: str, by: Actor, now: datetime
) -> None:
    """Take what public sources say of a part off the profile. The State's own words need a withdrawal."""
    mechanism = locked(session, mechanism_id)
    check_drafts(session, mechanism, by, now)
    keep_sourced_name(session, mechanism, field, by=by, now=now)
    session.flush()
    if any(
        fact.field is field and mechanisms.is_own(fact) and not fact.is_hidden
        for fact in mechanism.facts
    ):
        raise Conflict(
            _("These are the State’s own words: an authorising officer withdraws the consent.")
        )
    mechanisms.hide_field(session, mechanism, field, reason=reason, by=by, now=now)


def show_sources(
    session: Session, *, mechanism_id: UUID, field: Field, reason: str, by: Actor, now: datetime
) -> None:
    """Decide that what public sources say of a part may stand on the profile again."""
    mechanism = locked(session, mechanism_id)
    check_drafts(session, mechanism, by, now)
    mechanisms.show_field(session, mechanism, field, reason=reason, by=by, now=now)


def ask_to_confirm(session: Session, *, now: datetime) -> int:
    """Ask those who draft for a mechanism with old parts to look at them, once a year; how many."""
    today = now.date()
    found = queries.to_remind(
        session, before=a_year_before(today), roles=[role.value for role in DRAFTING], now=now
    )
    old = queries.old_parts(session, [mechanism.id for mechanism in found], today)
    for mechanism in found:
        if mechanism.id in old:
            mechanism.asked_on = today
            outbox.record(
                session,
                facts.ConfirmingAsked(mechanism_id=mechanism.id, on=today.isoformat()),
                now=now,
            )
    return len(old)


def end_past_consents(session: Session, *, now: datetime) -> int:
    """Hide versions whose consent named an end that has passed; how many."""
    found = queries.past_their_consent(session, now.date())
    for version in found:
        settle(session, version_id=version.id, by=SYSTEM, now=now)
    return len(found)
