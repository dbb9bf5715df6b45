"""The workspace and the seats one acts in."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import NotAllowed
from core.languages import _
from core.web.access import access
from network.accounts import service
from network.accounts.access import (
    DEMANDING,
    FRESH_FOR_WORK,
    chosen,
    current_seat,
    is_proved,
)
from network.accounts.desk import Desk, desk_of
from network.accounts.forms import SeatForm
from network.accounts.views.page import check_pressed, home, identifier, pages, visitor


@pages.post("/seats/switch")
@access(chosen)
def switch_seat() -> ResponseReturnValue:
    """Act in another seat."""
    form = SeatForm()
    if not form.validate_on_submit():
        check_pressed()
    holder_id = identifier(form.seat.data)
    if holder_id is None:
        raise NotAllowed(_("You do not hold this seat."))
    service.take_seat(db.session(), visit=visitor(), holder_id=holder_id, now=clock.now())
    return redirect(home(), 303)


@pages.get("/workspace")
@access(chosen)
def workspace() -> ResponseReturnValue:
    """What waits for the seat one acts in. A demanding seat stays shut until its own factor is shown."""
    visit, seat, now = visitor(), current_seat(), clock.now()
    shut = seat is not None and seat.role in DEMANDING and not is_proved(visit, FRESH_FOR_WORK, now)
    desk = desk_of(db.session(), seat, now) if seat is not None and not shut else Desk()
    return render_template(
        "accounts/workspace.html", person=visit.person, seat=seat, shut=shut, desk=desk
    )
