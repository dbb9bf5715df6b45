"""The page where a second person confirms who becomes a protection officer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core import clock
from core.db import db
from core.errors import NotVisible
from core.languages import _
from core.web.access import access
from network.accounts import queries
from network.accounts.access import by, proved
from network.accounts.desk import PLACES, WAITING_FOR_YOU, Place, Task
from network.accounts.views.page import check_pressed, pages
from network.seats import service as seats
from network.seats.models import Role, Seat
from network.seats.queries import awaiting_confirmation, holder_of, seat_name

CONFIRMING = frozenset({Role.SECRETARIAT, Role.PROTECTION})


def _to_confirm(session: Session, seat: Seat, now: datetime) -> list[Task]:
    """Nominations that this seat's holder may be the second person to."""
    if seat.role not in CONFIRMING:
        return []
    holder = holder_of(session, seat.id, now)
    mine = holder.person_id if holder else None
    return [
        Task(
            verb=_("Confirm a nomination"),
            object=seat_name(session, waiting.seat),
            detail=_("Naming a protection officer takes two people."),
            href=url_for(".naming"),
            action=_("Look"),
        )
        for waiting in awaiting_confirmation(session, now)
        if mine not in {waiting.person_id, waiting.named_by}
    ]


WAITING_FOR_YOU.append(_to_confirm)
PLACES.append(
    Place(endpoint="accounts.naming", order=62, label=lambda: _("Nominations"), roles=CONFIRMING)
)


@pages.get("/seats/naming")
@access(proved("secretariat", "protection"))
def naming() -> ResponseReturnValue:
    """Nominations that wait for a second person."""
    now = clock.now()
    waiting = awaiting_confirmation(db.session(), now)
    names = queries.names_of(db.session(), [holder.person_id for holder in waiting])
    rows = [
        {
            "id": holder.id,
            "name": names.get(holder.person_id, ""),
            "seat": seat_name(db.session(), holder.seat),
            "since": holder.since,
            "is_own": by().person_id in {holder.person_id, holder.named_by},
        }
        for holder in waiting
    ]
    return render_template("accounts/naming.html", rows=rows)


@pages.post("/seats/naming/<uuid:holder_id>")
@access(proved("secretariat", "protection"))
def confirm_naming(holder_id: UUID) -> ResponseReturnValue:
    """Confirm one of them, with one's own factor."""
    check_pressed()
    now = clock.now()
    waiting = {holder.id: holder for holder in awaiting_confirmation(db.session(), now)}
    holder = waiting.get(holder_id)
    if holder is None:
        raise NotVisible(_("Nobody waits for this confirmation any more."))
    seats.confirm(db.session(), holder=holder, by=by(), now=now)
    flash(_("Confirmed."), "good")
    return redirect(url_for(".naming"), 303)
