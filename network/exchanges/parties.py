"""Adding parties to a case and leaving it. A State joins under its own consent and that of the others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import outbox
from core.context import Actor
from core.errors import Conflict, Invalid, MoveRefused, NotAllowed, NotVisible
from core.languages import _
from network.applications.queries import is_member
from network.exchanges import consenting, facts, progress, rules
from network.exchanges.models import Exchange, Party, PartyKind, PartyRole, PartyState
from network.exchanges.moving import Act, locked, note, standpoint
from network.exchanges.states import ExchangeState, Mover
from network.seats.models import Organisation
from network.taxonomy.models import State

S = ExchangeState
MAY_INVITE = frozenset({Mover.REQUESTER, Mover.PROVIDER, Mover.HELPDESK})
BY_BID_ONLY = PartyRole.PROVIDER


def invite(
    session: Session,
    *,
    exchange_id: UUID,
    kind: PartyKind,
    body_id: UUID,
    role: PartyRole,
    by: Actor,
    now: datetime,
) -> Party:
    """Ask a State or an organisation into a case.

    A State joins once it and every other State party consent; an organisation, which has no
    consent of its own to give, once every State party does. A provider comes by a bid alone.
    """
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if not stands.movers & MAY_INVITE:
        raise NotAllowed(_("Your seat cannot do this in this case."))
    if exchange.state not in rules.BEFORE_THE_EVENT | {S.DRAFT}:
        raise MoveRefused(_("This case takes no more parties."), code="too-late")
    _check_body(session, exchange, kind, body_id, role, now)
    party = Party(
        exchange_id=exchange.id,
        kind=kind,
        body_id=body_id,
        role=role,
        state=PartyState.INVITED,
        needs_consent=True,
        invited_at=now,
    )
    session.add(party)
    session.flush()
    act = Act(by=by, now=now, state_id=stands.state_id)
    note(session, exchange, "party.invited", act, details={"party": str(party.id)})
    outbox.record(session, facts.PartyInvited(exchange_id=exchange.id, party_id=party.id), now=now)
    progress.ask_for(session, exchange, consenting.for_joining(session, party), act)
    return party


def _check_body(
    session: Session,
    exchange: Exchange,
    kind: PartyKind,
    body_id: UUID,
    role: PartyRole,
    now: datetime,
) -> None:
    if role is BY_BID_ONLY:
        raise Invalid({"role": _("A State that gives comes in by its bid.")})
    if kind is PartyKind.ORGANISATION:
        if role not in {PartyRole.SUPPORTER, PartyRole.OBSERVER}:
            raise Invalid({"role": _("An organisation supports or observes.")})
        known = session.get(Organisation, body_id) is not None
    else:
        known = session.get(State, body_id) is not None and is_member(session, body_id, now)
    if not known:
        raise Invalid({"body": _("Choose one of the answers offered.")})
    there = session.scalar(
        select(Party.id).where(
            Party.exchange_id == exchange.id,
            Party.body_id == body_id,
            Party.state != PartyState.LEFT,
        )
    )
    if there is not None:
        raise Conflict(_("It is a party already, or was asked to be one."))


def leave(
    session: Session, *, exchange_id: UUID, party_id: UUID, by: Actor, now: datetime
) -> Party:
    """Leave a case, or take an invitation back. The State that asked first cannot leave its own case."""
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    party = session.get(Party, party_id, populate_existing=True)
    if party is None or party.exchange_id != exchange.id:
        raise NotVisible(_("There is no such party."))
    if party.body_id == exchange.state_id or party.role is PartyRole.PROVIDER:
        raise NotAllowed(_("Withdraw the case, or let the selection go."))
    is_own = stands.state_id == party.body_id
    takes_back = party.state is PartyState.INVITED and stands.movers & MAY_INVITE
    if not is_own and not takes_back and not stands.is_desk:
        raise NotAllowed(_("Only the party itself leaves."))
    if party.state is not PartyState.LEFT:
        party.state, party.left_at = PartyState.LEFT, now
        session.flush()
        note(session, exchange, "party.left", Act(by=by, now=now, state_id=stands.state_id))
    return party
