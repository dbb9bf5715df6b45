"""Lists of cases: one's own, all of them for the helpdesk, and those that go to one's State."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.web.access import access
from network.accounts.access import seat
from network.applications.queries import is_member
from network.exchanges import listing, queries, words
from network.exchanges.answered import answered
from network.exchanges.models import Exchange, PartyRole
from network.exchanges.rules import DESK_ROLES, WRITING_ROLES
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import (
    OF_STATE,
    READS,
    Names,
    acting,
    names_for,
    pages,
    reader_zone,
)
from network.seats.models import Role, Seat
from network.seats.queries import state_of

Place = tuple[datetime, UUID]


@pages.get("")
@access(seat(*READS))
def cases() -> ResponseReturnValue:
    """The cases one's State belongs to; for the helpdesk all that were sent."""
    mine, session = acting(), db.session()
    shown = "all" if request.args.get("show") == "all" else "open"
    state = _state(request.args.get("state"))
    found = listing.cases_of(
        session,
        seat=mine,
        state=state,
        only_open=shown == "open" and state is None,
        after=_place(request.args.get("after")),
    )
    own_id = state_of(session, mine)
    is_desk = mine.role in DESK_ROLES
    name = names_for(*(party.body_id for one in found.rows for party in one.parties))
    return render_template(
        "exchanges/list.html",
        rows=[_row(one, own_id, name) for one in found.rows],
        more=_more("exchanges.cases", found.after, show=shown, state=state),
        shown=shown,
        state=state,
        is_desk=is_desk,
        may_set_terms=mine.role is Role.SECRETARIAT,
        may_ask=_may_ask(mine, own_id),
        words=words,
        zone=reader_zone(),
    )


def _row(exchange: Exchange, own_id: UUID | None, name: Names) -> dict[str, Any]:
    """One case with the others in it, as somebody inside reads it."""
    parties = [one for one in exchange.parties if one.left_at is None]
    return {
        "exchange": exchange,
        "requester": name(exchange.state_id),
        "partner": ", ".join(
            name(one.body_id) for one in parties if one.role is PartyRole.PROVIDER
        ),
        "is_own": exchange.state_id == own_id,
    }


@pages.get("/open")
@access(seat(*OF_STATE))
def open_cases() -> ResponseReturnValue:
    """The requests that go to one's State and take bids."""
    mine, session, now = acting(), db.session(), clock.now()
    own_id = state_of(session, mine)
    rows, after = (
        listing.circulated_to(
            session, state_id=own_id, now=now, after=_place(request.args.get("after"))
        )
        if own_id is not None
        else ([], None)
    )
    said = [queries.circulated(one) for one in rows]
    return render_template(
        "exchanges/open.html",
        rows=said,
        name=names_for(*(one.requester_id for one in said)),
        answers=answered(session, own_id, [one.id for one in said]) if own_id else {},
        more=_more("exchanges.open_cases", after),
        is_member=is_member(session, own_id, now),
        words=words,
        zone=reader_zone(),
    )


def _may_ask(mine: Seat, own_id: UUID | None) -> bool:
    return mine.role in WRITING_ROLES and is_member(db.session(), own_id, clock.now())


def _state(word: str | None) -> ExchangeState | None:
    try:
        return ExchangeState(word or "")
    except ValueError:
        return None


def _place(typed: str | None) -> Place | None:
    """Where a list goes on: a moment and an id, or nothing where that is no place."""
    moment, _dash, known = (typed or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
        return at if at.tzinfo else at.replace(tzinfo=UTC), UUID(known)
    except ValueError:
        return None


def _more(endpoint: str, after: Place | None, **kept: Any) -> str:
    if after is None:
        return ""
    return url_for(endpoint, after=f"{after[0].isoformat()}~{after[1]}", **kept)
