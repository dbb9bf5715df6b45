"""The hand-over page: everything that hangs on a seat, for whoever takes it over."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core import clock
from core.db import db
from core.errors import NotAllowed
from core.languages import _
from core.web.access import access
from core.web.filters import serves
from network.accounts import queries
from network.accounts.access import current_seat, seat
from network.accounts.desk import (
    HANDED_OVER,
    LATELY,
    PLACES,
    HandedOver,
    News,
    Place,
    Task,
    desk_of,
)
from network.accounts.desk import handed_over as everything_on
from network.accounts.models import Person
from network.accounts.views.page import seat_pages
from network.accounts.views.seats import OF_STATE
from network.seats import rules
from network.seats.models import Seat
from network.seats.queries import holder_of, predecessor_of, seat_name

PLACES.append(
    Place(
        endpoint="seats.hand_over",
        order=64,
        label=lambda: _("Hand-over"),
        roles=frozenset(rules.OF_STATES),
    )
)


@seat_pages.get("/hand-over")
@access(seat(*OF_STATE))
def hand_over() -> ResponseReturnValue:
    """Everything that hangs on the seat one acts in, to be read by a successor and to be printed."""
    now, mine = clock.now(), current_seat()
    holder = holder_of(db.session(), mine.id, now) if mine else None
    if mine is None or holder is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    before = predecessor_of(db.session(), holder)
    person = db.session.get_one(Person, holder.person_id)
    return render_template(
        "seats/hand_over.html",
        holder=holder,
        seat_name=seat_name(db.session(), mine),
        before=before,
        before_name=queries.names_of(db.session(), [before.person_id])[before.person_id]
        if before
        else "",
        parts=everything_on(db.session(), mine, now),
        zone=person.zone,
    )


def _open_tasks(session: Session, mine: Seat, now: datetime) -> list[HandedOver]:
    desk = desk_of(session, mine, now)
    return [
        HandedOver(
            title=_("Open tasks"), lines=desk.for_you, empty=_("Nothing waits for this seat.")
        ),
        HandedOver(
            title=_("What others owe this seat"),
            lines=desk.for_others,
            empty=_("Nobody owes this seat anything."),
        ),
    ]


def _documents(session: Session, mine: Seat, now: datetime) -> list[HandedOver]:
    holder = holder_of(session, mine.id, now)
    if holder is None or holder.document_id is None:
        return []
    line = Task(
        verb=_("Letter of nomination"),
        object=_("that names you to this seat"),
        href=url_for("seats.letter", holder_id=holder.id),
    )
    return [HandedOver(title=_("Documents"), lines=[line])]


def _taken_over(session: Session, mine: Seat, now: datetime) -> list[News]:
    """That the seat changed hands, with the way to the hand-over page."""
    if mine.role not in rules.OF_STATES or not serves("seats.hand_over"):
        return []
    holder = holder_of(session, mine.id, now)
    if holder is None or not predecessor_of(session, holder):
        return []
    return [
        News(
            at=holder.since,
            text=_("This seat was handed over to you"),
            href=url_for("seats.hand_over"),
            detail=_("Everything that hangs on it, on one page."),
        )
    ]


HANDED_OVER.append(_open_tasks)
HANDED_OVER.append(_documents)
LATELY.append(_taken_over)
