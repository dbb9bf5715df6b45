"""The seats of a State: who holds them, who held them, and naming somebody to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from core import clock, files
from core.db import db
from core.errors import NotVisible
from core.house import house
from core.languages import _, current, localized
from core.web.access import access
from core.web.filters import serves
from core.web.forms import option
from network.accounts import nominations, queries
from network.accounts.access import by, current_seat, proved, seat
from network.accounts.desk import PLACES, WAITING_FOR_YOU, Place, Task
from network.accounts.forms import StateForm
from network.accounts.views.page import check_pressed, seat_pages
from network.seats import rules
from network.seats.models import BodyKind, Holder, Nomination, Role, Seat
from network.seats.queries import (
    holders_of,
    is_filled,
    open_nominations,
    role_name,
    seat_name,
    seats_of_state,
    state_of,
    vacancies,
)
from network.taxonomy.models import State
from network.taxonomy.queries import states

OF_STATE = ("focal_point", "deputy", "authorising")
READING = (*OF_STATE, "secretariat")
NAMING = ("authorising", "secretariat")

PLACES.append(
    Place(
        endpoint="seats.own",
        order=60,
        label=lambda: _("Our seats"),
        roles=frozenset(rules.OF_STATES),
        bodies=frozenset({BodyKind.STATE, BodyKind.MECHANISM}),
    )
)
PLACES.append(
    Place(
        endpoint="seats.of_states",
        order=61,
        label=lambda: _("Seats of States"),
        roles=frozenset({Role.SECRETARIAT}),
    )
)


@dataclass(frozen=True, kw_only=True)
class Acting:
    """Whoever reads: the seat they act in, and what it lets them do for the State shown."""

    seat: Seat
    may_name: bool
    may_propose: bool


def acting_for(state_id: UUID) -> Acting:
    """What the present seat may do for a State. Raises NotVisible for another State's seats."""
    mine = current_seat()
    own = state_of(db.session(), mine) if mine else None
    if mine is None or not (mine.role is Role.SECRETARIAT or own == state_id):
        raise NotVisible(_("There are no seats here that you may see."))
    return Acting(
        seat=mine,
        may_name=rules.may_name(mine, own, state_id),
        may_propose=rules.may_propose(mine, own, state_id),
    )


def state_called(iso3: str) -> State:
    """A State by its code, or NotVisible."""
    found = db.session.scalar(select(State).where(State.iso3 == iso3.upper()))
    if found is None:
        raise NotVisible(_("There is no State with this code."))
    return found


@seat_pages.get("/seats")
@access(seat(*OF_STATE))
def own() -> ResponseReturnValue:
    """The seats of one's own State."""
    mine = current_seat()
    own = state_of(db.session(), mine) if mine else None
    if own is None:
        raise NotVisible(_("The secretariat keeps the seats of organisations. Write to it."))
    state = db.session.get_one(State, own)
    return redirect(url_for(".of_state", iso3=state.iso3), 303)


@seat_pages.get("/seats/states")
@access(seat("secretariat"))
def of_states() -> ResponseReturnValue:
    """Which State's seats to look at; those with an empty lead seat first."""
    asked = request.args.get("state")
    if asked:
        return redirect(url_for(".of_state", iso3=asked), 303)
    now = clock.now()
    empty = [
        (db.session.get_one(State, one.state_id), role_name(one.role))
        for one in vacancies(db.session(), now)
    ]
    form = StateForm(formdata=None)
    form.state.choices = [
        option(one.iso3, localized(one.names)) for one in states(db.session(), current())
    ]
    return render_template("seats/states.html", empty=empty, form=form)


@seat_pages.get("/seats/of/<iso3>")
@access(seat(*READING))
def of_state(iso3: str) -> ResponseReturnValue:
    """Each seat of a State with everybody who held it."""
    now = clock.now()
    state = state_called(iso3)
    acting = acting_for(state.id)
    found = seats_of_state(db.session(), state.id, *rules.OF_STATES, now=now)
    history = holders_of(db.session(), [one.id for one, _holder in found])
    waiting = open_nominations(db.session(), state.id)
    names = queries.names_of(
        db.session(),
        {one.person_id for one in history} | {one.person_id for one in waiting if one.person_id},
    )
    rows = [
        {
            "seat": one,
            "name": seat_name(db.session(), one),
            "holders": [
                {
                    "row": held,
                    "name": names.get(held.person_id, ""),
                    "when": _when(held, now),
                }
                for held in history
                if held.seat_id == one.id
            ],
        }
        for one, _holder in sorted(found, key=lambda pair: rules.OF_STATES.index(pair[0].role))
    ]
    proposals = [
        {
            "row": one,
            "name": one.name or names.get(one.person_id or one.id, ""),
            "role": role_name(one.role),
        }
        for one in waiting
    ]
    return render_template(
        "seats/seats.html", state=state, rows=rows, proposals=proposals, acting=acting, now=now
    )


def _when(holder: Holder, now: datetime) -> str:
    """Whether a holding is over, present or to come."""
    if holder.since > now:
        return "coming"
    return "present" if holder.until is None or holder.until > now else "past"


@seat_pages.get("/seats/letters/<uuid:holder_id>")
@access(seat(*READING))
def letter(holder_id: UUID) -> Response:
    """The letter that named a holder; for that State's seats and the secretariat."""
    row = db.session.execute(
        select(Holder, Seat).join(Seat, Seat.id == Holder.seat_id).where(Holder.id == holder_id)
    ).one_or_none()
    state_id = state_of(db.session(), row[1]) if row else None
    if row is None or state_id is None:
        raise NotVisible(_("There is no letter here."))
    acting_for(state_id)
    return handed(db.session(), row[0].document_id)


def handed(session: Session, document_id: UUID | None) -> Response:
    """A stored letter, to save."""
    row = session.get(files.StoredFile, document_id) if document_id else None
    if row is None:
        raise NotVisible(_("There is no letter here."))
    return files.download(row.name, row.mime, files.read(files.Disk(house().files), row))


@seat_pages.post("/seats/called-off/<uuid:holder_id>")
@access(proved(*NAMING))
def call_off(holder_id: UUID) -> ResponseReturnValue:
    """Take back a hand-over whose moment has not come."""
    check_pressed()
    row = db.session.execute(
        select(Holder, Seat)
        .join(Holder.seat)
        .options(contains_eager(Holder.seat))
        .where(Holder.id == holder_id)
    ).one_or_none()
    state_id = state_of(db.session(), row[1]) if row else None
    if row is None or state_id is None:
        raise NotVisible(_("There is no such hand-over."))
    acting_for(state_id)
    nominations.call_off(db.session(), successor=row[0], by=by(), now=clock.now())
    flash(_("Called off. Who holds the seat keeps it."), "good")
    state = db.session.get_one(State, state_id)
    return redirect(url_for(".of_state", iso3=state.iso3), 303)


def _proposals(session: Session, mine: Seat, now: datetime) -> list[Task]:
    """Proposals that this seat may settle; the secretariat's only where the State cannot."""
    own = state_of(session, mine) if serves("seats.nomination") else None
    if mine.role is Role.AUTHORISING and own is not None:
        waiting = open_nominations(session, own)
    elif mine.role is Role.SECRETARIAT and serves("seats.nomination"):
        waiting = [
            one
            for one in _all_open(session)
            if not is_filled(session, one.state_id, Role.AUTHORISING, now)
        ]
    else:
        return []
    return [
        Task(
            verb=_("Decide on a nomination"),
            object=f"{role_name(one.role)}, {_state_name(session, one.state_id)}",
            href=url_for("seats.nomination", nomination_id=one.id),
            detail=_("Proposed with a letter."),
            action=_("Look"),
        )
        for one in waiting
    ]


def _all_open(session: Session) -> list[Nomination]:
    return list(
        session.scalars(
            select(Nomination)
            .where(Nomination.settled_at.is_(None), Nomination.dropped_at.is_(None))
            .order_by(Nomination.proposed_at, Nomination.id)
        )
    )


def _empty(session: Session, mine: Seat, now: datetime) -> list[Task]:
    """For the secretariat: States that nobody can be reached at, or that cannot consent."""
    if mine.role is not Role.SECRETARIAT or not serves("seats.of_state"):
        return []
    says = {
        Role.FOCAL_POINT: _("Find a focal point"),
        Role.AUTHORISING: _("Find an authorising officer"),
    }
    details = {
        Role.FOCAL_POINT: _("Nobody holds the lead seat of this member."),
        Role.AUTHORISING: _("Nobody can consent. Its cases stand on hold."),
    }
    return [
        Task(
            verb=says[one.role],
            object=_state_name(session, one.state_id),
            href=url_for("seats.of_state", iso3=session.get_one(State, one.state_id).iso3),
            detail=details[one.role],
            action=_("Look"),
        )
        for one in vacancies(session, now)
    ]


def _state_name(session: Session, state_id: UUID) -> str:
    return localized(session.get_one(State, state_id).names)


WAITING_FOR_YOU.append(_proposals)
WAITING_FOR_YOU.append(_empty)
