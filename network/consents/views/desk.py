"""What of consents waits on the workspace, happened lately, and hangs on a seat."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from core.languages import _, _n, day
from core.web.filters import due, serves
from network.accounts.desk import (
    HANDED_OVER,
    LATELY,
    PLACES,
    WAITING_FOR_YOU,
    HandedOver,
    News,
    Place,
    Task,
)
from network.consents import listing, queries
from network.consents.models import Consent, Need
from network.consents.subjects import kind_name, subject_of, waiting_for
from network.seats.models import BodyKind, Role, Seat
from network.seats.queries import holder_of, state_of

ROLES = frozenset({Role.FOCAL_POINT, Role.DEPUTY, Role.AUTHORISING, Role.SECRETARIAT})

BODIES = frozenset({BodyKind.STATE, BodyKind.MECHANISM, BodyKind.SECRETARIAT})
NEWS_MOST = 5

PLACES.append(
    Place(
        endpoint="consents.consents",
        order=50,
        label=lambda: _("Consents"),
        roles=ROLES,
        bodies=BODIES,
    )
)


def _task(session: Session, one: Consent, verb: str, **more: object) -> Task:
    subject = subject_of(session, one.kind, one.subject_kind, one.subject_id)
    values = {
        "verb": verb,
        "object": subject.title,
        "href": url_for("consents.consent", consent_id=one.id),
        "detail": _detail(one, subject.title),
        "action": _("Look"),
    } | more
    return Task(**values)  # type: ignore[arg-type]  # the values of one task, by name


def _detail(one: Consent, title: str) -> str:
    """What kind of consent it is, unless the title says so, and its day."""
    kind = kind_name(one.kind)
    given = _("given on %(date)s", date=day(one.given_at))
    return given if kind == title else f"{kind}, {given}"


def for_the_state(session: Session, mine: Seat, now: datetime) -> list[Task]:
    """For an authorising seat: what waits for its voice, papers to look at, what was taken over."""
    own = state_of(session, mine)
    if mine.role is not Role.AUTHORISING or own is None or not serves("consents.consents"):
        return []
    said = listing.spoken_in(session, mine.id)
    all_needed = queries.need_of(session, own) is Need.ALL
    tasks = [
        Task(
            verb=_("Read and decide on"),
            object=one.title,
            href=one.href,
            detail=_("Your State wants all its authorising seats.")
            if all_needed
            else kind_name(one.kind),
            tag=due(one.due) if one.due is not None else None,
            action=_("Read"),
            due=one.due,
        )
        for one in waiting_for(session, own, now)
        if (one.kind.value, one.subject_id) not in said
    ]
    tasks += [
        _task(session, one, _("Check a consent that came on paper"), due=one.contestable_until)
        for one in listing.papers_to_contest(session, own, now)
    ]
    holder = holder_of(session, mine.id, now)
    if holder is not None:
        tasks += _taken_over(len(listing.to_look_through(session, holder, now)))
    return tasks


def _taken_over(count: int) -> list[Task]:
    """One line for all that a successor is asked about; the page lists each."""
    if not count:
        return []
    return [
        Task(
            verb=_("Keep or withdraw what your predecessor gave"),
            object=_n("%(num)s consent", "%(num)s consents", count),
            href=url_for("consents.consents"),
            detail=_("You are asked once. Until you answer, it stays in force."),
            action=_("Look"),
        )
    ]


def for_the_secretariat(session: Session, mine: Seat, now: datetime) -> list[Task]:
    """Papers that wait for a second officer: not for the one who entered them."""
    if mine.role is not Role.SECRETARIAT or not serves("consents.consents"):
        return []
    holder = holder_of(session, mine.id, now)
    return [
        _task(session, one, _("Confirm a consent that came on paper"))
        for one in listing.papers_to_confirm(session)
        if holder is not None and one.entered_by != holder.person_id
    ]


def lately(session: Session, mine: Seat, now: datetime) -> list[News]:
    """The latest consents and withdrawals of one's own State."""
    own = state_of(session, mine)
    if mine.role not in ROLES or own is None or not serves("consents.consents"):
        return []
    says = {True: _("Consent withdrawn"), False: _("Consent given")}
    news = []
    for row in listing.listed(session, state_id=own, now=now, most=NEWS_MOST):
        one, withdrawal = row.consent, row.withdrawal
        subject = subject_of(session, one.kind, one.subject_kind, one.subject_id)
        news.append(
            News(
                at=withdrawal.at if withdrawal else one.given_at,
                text=says[withdrawal is not None],
                href=url_for("consents.consent", consent_id=one.id),
                detail=subject.title,
            )
        )
    return news


def handed_over(session: Session, mine: Seat, now: datetime) -> list[HandedOver]:
    """Consents given in this seat and in force, those to be looked through first."""
    if mine.role is not Role.AUTHORISING:
        return []
    holder = holder_of(session, mine.id, now)
    asked = list(listing.to_look_through(session, holder, now)) if holder else []
    lines = [_task(session, one, _("Keep or withdraw")) for one in asked]
    lines += [
        _task(session, one, _("In force"), action="")
        for one in listing.given_in(session, mine.id, now)
        if one not in asked
    ]
    return [
        HandedOver(
            title=_("Consents given in this seat"),
            lines=lines,
            empty=_("No consent given in this seat is in force."),
        )
    ]


WAITING_FOR_YOU.append(for_the_state)
WAITING_FOR_YOU.append(for_the_secretariat)
LATELY.append(lately)
HANDED_OVER.append(handed_over)
