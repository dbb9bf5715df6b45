"""What the workspace says of profiles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from core.languages import _, _n, day
from network.accounts.desk import (
    LATELY,
    PLACES,
    WAITING_FOR_OTHERS,
    WAITING_FOR_YOU,
    News,
    Place,
    Task,
)
from network.consents.subjects import (
    PUBLISHED_AS,
    SUBJECTS,
    WAITING_FOR_CONSENT,
    Subject,
    Waiting,
)
from network.mechanisms.forms import FIELDS
from network.profiles import queries
from network.profiles.models import PartVersion
from network.profiles.publishing import KIND, PUBLISHED, SUBJECT
from network.profiles.rules import DRAFTING
from network.profiles.states import PartState
from network.seats.models import Seat
from network.seats.queries import state_of


def take_place() -> None:
    """Stand in the workspace and its navigation, once in every process."""
    if to_do not in WAITING_FOR_YOU:
        WAITING_FOR_YOU.append(to_do)
        WAITING_FOR_OTHERS.append(to_await)
        LATELY.append(lately)
        WAITING_FOR_CONSENT.append(to_consent)
        SUBJECTS[SUBJECT] = subject
        PUBLISHED_AS[PUBLISHED] = lambda: _("These words on the profile")
        PLACES.append(
            Place(
                endpoint="profiles.own", order=30, label=lambda: _("Our mechanism"), roles=DRAFTING
            )
        )


def to_do(session: Session, seat: Seat, now: datetime) -> list[Task]:
    """Parts to confirm, drafts, and texts that were not agreed to."""
    state_id = state_of(session, seat)
    if state_id is None or seat.role not in DRAFTING:
        return []
    return [*_to_confirm(session, seat, now), *_to_write(session, seat)]


def _to_confirm(session: Session, seat: Seat, now: datetime) -> list[Task]:
    found = {one.id: one for one in queries.mechanisms_of(session, seat)}
    return [
        Task(
            verb=_("Confirm"),
            object=_n(
                "one fact on your mechanism’s profile",
                "%(num)s facts on your mechanism’s profile",
                many,
            ),
            detail=_("Older than twelve months. Say whether it is still right, or correct it."),
            href=url_for("profiles.own_one", key=found[mechanism_id].key, _anchor="to-confirm"),
            action=_("Open"),
        )
        for mechanism_id, many in queries.old_parts(session, list(found), now.date()).items()
    ]


def _to_write(session: Session, seat: Seat) -> list[Task]:
    found = [one.id for one in queries.mechanisms_of(session, seat)]
    tasks = []
    for one in queries.unfinished(session, found):
        is_refused = one.state is PartState.REFUSED
        tasks.append(
            Task(
                verb=_("Write anew") if is_refused else _("Finish"),
                object=_("“%(part)s” on your profile", part=_part(one)),
                detail=_("An authorising officer said no, with a reason.")
                if is_refused
                else _("A draft of %(date)s; nobody outside sees it.", date=day(one.made_at)),
                href=_page(one),
                action=_("Open"),
            )
        )
    return tasks


def to_consent(session: Session, state_id: UUID, _now: datetime) -> list[Waiting]:
    """Texts that wait for a State's consent, for its authorising seats and for papers."""
    return [
        Waiting(
            kind=KIND,
            subject_kind=SUBJECT,
            subject_id=one.id,
            title=_called(one),
            href=f"/profile-consents/{one.id}",
            publish=(PUBLISHED,),
        )
        for one in queries.waiting(session, state_id)
    ]


def subject(session: Session, version_id: UUID) -> Subject | None:
    """How a version is called where its consent is shown, and whether everybody reads it."""
    one = queries.version(session, version_id)
    if one is None:
        return None
    is_public = one.state is PartState.PUBLISHED
    return Subject(
        title=_called(one),
        href=f"/profile-consents/{one.id}",
        published=[_called(one)] if is_public else [],
    )


def _called(one: PartVersion) -> str:
    return _("“%(part)s” on the profile of %(name)s", part=_part(one), name=_name(one))


def to_await(session: Session, seat: Seat, _now: datetime) -> list[Task]:
    """Texts that wait for the State's consent."""
    state_id = state_of(session, seat)
    if state_id is None or seat.role not in DRAFTING:
        return []
    mine = {one.id for one in queries.mechanisms_of(session, seat)}
    return [
        Task(
            verb=_("Consent"),
            object=_("to “%(part)s” on your profile", part=_part(one)),
            detail=_("With your State’s authorising officers since %(date)s.", date=day(since)),
            href=_page(one),
        )
        for one in queries.waiting(session, state_id)
        if one.mechanism_id in mine and (since := one.sent_at) is not None
    ]


def lately(session: Session, seat: Seat, _now: datetime) -> list[News]:
    """What was decided about the texts of this seat's mechanisms; officers find it among consents."""
    if state_of(session, seat) is None or seat.role not in DRAFTING:
        return []
    found = [one.id for one in queries.mechanisms_of(session, seat)]
    return [
        News(at=at, text=_decided(one), detail=one.reason, href=_page(one))
        for one in queries.decided_lately(session, found)
        if (at := one.decided_at) is not None
    ]


def _decided(one: PartVersion) -> str:
    return {
        PartState.REFUSED: _("“%(part)s” was not agreed to", part=_part(one)),
        PartState.WITHDRAWN: _("“%(part)s” is no longer shown", part=_part(one)),
    }.get(one.state) or _("“%(part)s” stands on the profile", part=_part(one))


def _page(one: PartVersion) -> str:
    return url_for("profiles.part", key=one.mechanism.key, field=one.field.value)


def _part(one: PartVersion) -> str:
    return str(FIELDS[one.field])


def _name(one: PartVersion) -> str:
    return one.mechanism.name or one.mechanism.acronym or _("your mechanism")
