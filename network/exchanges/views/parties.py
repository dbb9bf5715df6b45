"""Who belongs to a case: the parties, those asked to join, and the consents that they wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock, languages
from core.db import db
from core.errors import Invalid, NotVisible
from core.languages import _, localized
from core.web.access import access
from network.accounts.access import by, seat
from network.accounts.views.page import identifier
from network.applications.queries import member_states
from network.consents.rules import Verdict
from network.exchanges import consenting, parties, rules
from network.exchanges.forms_case import InviteForm
from network.exchanges.models import Party, PartyKind, PartyRole, PartyState
from network.exchanges.queries import Case, Side, seat_body
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import (
    READS,
    acting,
    case_here,
    check_pressed,
    names_for,
    pages,
    shared,
)
from network.exchanges.views.trying import attempt
from network.seats.models import Organisation
from network.seats.queries import state_of
from network.taxonomy.models import State

S = ExchangeState


@dataclass(frozen=True, kw_only=True)
class Row:
    """One party as the list shows it; `missing` names whose consent it waits for."""

    party: Party
    name: str
    missing: list[UUID]
    may_leave: bool
    is_own: bool


@pages.get("/<uuid:exchange_id>/parties", endpoint="parties")
@access(seat(*READS))
def parties_page(exchange_id: UUID) -> ResponseReturnValue:
    """The parties with their roles, and a form to ask others."""
    return _page(_inside(exchange_id), InviteForm(formdata=None))


@pages.post("/<uuid:exchange_id>/parties")
@access(seat(*READS))
def invite(exchange_id: UUID) -> ResponseReturnValue:
    """Ask a State or an organisation into the case."""
    case = _inside(exchange_id)
    form = InviteForm()
    form.offer(_bodies(case))
    if not form.validate_on_submit():
        return _page(case, form), 422
    status = attempt(form, lambda: _invite(exchange_id, form))
    if status:
        return _page(_inside(exchange_id), form), status
    flash(_("Asked. It joins once the States concerned have consented."), "good")
    return redirect(url_for(".parties", exchange_id=exchange_id), 303)


def _invite(exchange_id: UUID, form: InviteForm) -> None:
    kind, _sep, body = (form.body.data or "").partition(":")
    body_id = identifier(body)
    if body_id is None:
        raise Invalid({"body": _("Choose one of the answers offered.")})
    parties.invite(
        db.session(),
        exchange_id=exchange_id,
        kind=PartyKind(kind),
        body_id=body_id,
        role=PartyRole(form.role.data),
        by=by(),
        now=clock.now(),
    )


@pages.get("/<uuid:exchange_id>/parties/<uuid:party_id>/leave")
@access(seat(*READS))
def leave_page(exchange_id: UUID, party_id: UUID) -> ResponseReturnValue:
    """Ask before a party leaves, or an invitation is taken back."""
    case = _here(exchange_id)
    row = _row_of(case, party_id)
    return render_template("exchanges/leave.html", **shared(case), row=row)


@pages.post("/<uuid:exchange_id>/parties/<uuid:party_id>/leave")
@access(seat(*READS))
def leave(exchange_id: UUID, party_id: UUID) -> ResponseReturnValue:
    """Leave, or take an invitation back."""
    check_pressed()
    row = _row_of(_here(exchange_id), party_id)
    parties.leave(
        db.session(), exchange_id=exchange_id, party_id=party_id, by=by(), now=clock.now()
    )
    flash(
        _("You have left this exchange.") if row.is_own else _("The invitation is taken back."),
        "good",
    )
    if row.is_own:
        return redirect(url_for("accounts.workspace"), 303)
    return redirect(url_for(".parties", exchange_id=exchange_id), 303)


def _here(exchange_id: UUID) -> Case:
    """The case for those inside and those asked to join."""
    case = case_here(exchange_id)
    if case.side is Side.MEMBER:
        raise NotVisible(_("There is nothing here that you may read."))
    return case


def _inside(exchange_id: UUID) -> Case:
    case = _here(exchange_id)
    if not case.is_inside:
        raise NotVisible(_("There is nothing here that you may read."))
    return case


def _row_of(case: Case, party_id: UUID) -> Row:
    row = next((one for one in _rows(case) if one.party.id == party_id), None)
    if row is None or not row.may_leave:
        raise NotVisible(_("There is no such party."))
    return row


def _rows(case: Case) -> list[Row]:
    session = db.session()
    found = session.scalars(
        select(Party)
        .where(Party.exchange_id == case.id, Party.state != PartyState.LEFT)
        .order_by(Party.invited_at, Party.id)
    ).all()
    names = names_for(*(one.body_id for one in found))
    own = seat_body(acting(), state_of(session, acting()))
    rows = []
    for one in found:
        is_own = one.body_id == own
        if not case.is_inside and not is_own:
            continue
        organisation = (
            session.get(Organisation, one.body_id) if one.kind is PartyKind.ORGANISATION else None
        )
        rows.append(
            Row(
                party=one,
                name=localized(organisation.name) if organisation else names(one.body_id),
                missing=_missing(one),
                may_leave=_may_leave(case, one, is_own=is_own),
                is_own=is_own,
            )
        )
    return rows


def _missing(party: Party) -> list[UUID]:
    """The States whose consent an invitation still waits for."""
    if party.state is not PartyState.INVITED:
        return []
    session, now = db.session(), clock.now()
    return [
        want.state_id
        for want in consenting.for_joining(session, party)
        if consenting.verdict(session, want, now) is not Verdict.IN_FORCE
    ]


def _may_leave(case: Case, party: Party, *, is_own: bool) -> bool:
    is_first = case.exchange is not None and party.body_id == case.exchange.state_id
    if party.role is PartyRole.PROVIDER or is_first:
        return False
    takes_back = party.state is PartyState.INVITED and _may_invite(case)
    return is_own or takes_back or case.stands.is_desk


def _may_invite(case: Case) -> bool:
    is_open = case.circulated.state in rules.BEFORE_THE_EVENT | {S.DRAFT}
    return is_open and bool(case.stands.movers & parties.MAY_INVITE)


def _bodies(case: Case) -> list[tuple[str, str]]:
    """Members that are no party yet, then organisations, each by its name."""
    session = db.session()
    there = {row.party.body_id for row in _rows(case)}
    members = set(member_states(session, clock.now())) - there
    states = session.execute(select(State.id, State.names).where(State.id.in_(members))).all()
    bodies = session.execute(select(Organisation.id, Organisation.name)).all()
    found = [(f"state:{row.id}", localized(row.names)) for row in states]
    others = [
        (f"organisation:{row.id}", _("%(name)s (organisation)", name=localized(row.name)))
        for row in bodies
        if row.id not in there
    ]
    return [*sorted(found, key=_by_name), *sorted(others, key=_by_name)]


def _by_name(one: tuple[str, str]) -> Any:
    return one[1].casefold(), languages.current()


def _page(case: Case, form: InviteForm) -> str:
    rows = _rows(case)
    if form.body.choices is None:
        form.offer(_bodies(case))
    page = shared(case)
    page["name"] = names_for(*page["name"].known, *(one for row in rows for one in row.missing))
    return render_template(
        "exchanges/parties.html", **page, rows=rows, form=form, may_invite=_may_invite(case)
    )
