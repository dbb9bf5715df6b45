"""Dates and terms: proposed by one side, accepted by the other, moved; the agreement's versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import outbox
from core.context import Actor
from core.errors import Conflict, Invalid, MoveRefused, NotAllowed, NotVisible
from core.languages import _
from network.exchanges import consenting, facts, progress, rules
from network.exchanges.models import Exchange, PartyRole
from network.exchanges.models_case import Agreement, DateProposal, ProposalState
from network.exchanges.moving import Act, enter, locked, next_look, note, standpoint
from network.exchanges.rules import Speaker
from network.exchanges.states import ExchangeState, Mover

S = ExchangeState
SIDES = frozenset({Mover.REQUESTER, Mover.PROVIDER})


@dataclass(frozen=True, kw_only=True)
class Dates:
    """When and where, in the zone of whoever proposes."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What both sides agree to."""

    purpose: str
    activities: str
    outputs: str = ""
    costs: str = ""
    languages: Sequence[str] = ()
    confidentiality: str = ""
    publish: str = ""
    from_on: date | None = None
    until_on: date | None = None


def propose_dates(
    session: Session, *, exchange_id: UUID, dates: Dates, by: Actor, now: datetime
) -> DateProposal:
    """Propose dates, first ones or others; an open proposal is replaced."""
    exchange, stands = _side(session, exchange_id, by, now)
    if exchange.state not in {S.AGREED, S.SCHEDULED}:
        raise MoveRefused(_("Dates are proposed once both States have agreed."), code="not-agreed")
    if dates.zone not in available_timezones():
        raise Invalid({"zone": _("Choose one of the answers offered.")})
    rules.check_dates(dates.starts_at, dates.ends_at, now)
    _check_covered(session, exchange, dates.starts_at, dates.ends_at, now)
    earlier = open_proposal(session, exchange.id)
    if earlier is not None:
        earlier.state, earlier.answered_at = ProposalState.REPLACED, now
        session.flush()
    proposal = DateProposal(
        exchange_id=exchange.id,
        state_id=stands.state_id,
        seat_id=stands.seat_id,
        at=now,
        starts_at=dates.starts_at,
        ends_at=dates.ends_at,
        zone=dates.zone,
        place=dates.place,
        note=dates.note,
    )
    session.add(proposal)
    session.flush()
    act = Act(by=by, now=now, reason=dates.note, state_id=stands.state_id)
    note(session, exchange, "dates.proposed", act)
    outbox.record(
        session, facts.DatesProposed(exchange_id=exchange.id, proposal_id=proposal.id), now=now
    )
    return proposal


def accept_dates(
    session: Session, *, exchange_id: UUID, proposal_id: UUID, by: Actor, now: datetime
) -> Exchange:
    """Accept what the other side proposed: the case is scheduled, or its calendar entry moves."""
    exchange, stands = _side(session, exchange_id, by, now)
    if exchange.state not in {S.AGREED, S.SCHEDULED}:
        raise MoveRefused(_("Dates are proposed once both States have agreed."), code="not-agreed")
    proposal = _open(session, exchange, proposal_id)
    if proposal.state_id == stands.state_id:
        raise NotAllowed(_("The other side accepts what you proposed."))
    rules.check_dates(proposal.starts_at, proposal.ends_at, now)
    _check_covered(session, exchange, proposal.starts_at, proposal.ends_at, now)
    proposal.state, proposal.answered_at = ProposalState.ACCEPTED, now
    exchange.starts_at, exchange.ends_at = proposal.starts_at, proposal.ends_at
    exchange.zone, exchange.place = proposal.zone, proposal.place
    exchange.sequence += 1
    session.flush()
    act = Act(by=by, now=now, state_id=stands.state_id)
    if exchange.state is S.SCHEDULED:
        exchange.due_at = exchange.ends_at
        exchange.turn += 1
        exchange.look_at = next_look(exchange, None)
        note(session, exchange, "dates.moved", act)
    else:
        enter(session, exchange, S.SCHEDULED, act)
    outbox.record(
        session,
        facts.DatesSet(exchange_id=exchange.id, sequence=exchange.sequence),
        now=now,
    )
    return exchange


def decline_dates(
    session: Session,
    *,
    exchange_id: UUID,
    proposal_id: UUID,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Say that one cannot on these dates, or take one's own proposal back."""
    exchange, stands = _side(session, exchange_id, by, now)
    proposal = _open(session, exchange, proposal_id)
    proposal.state, proposal.answered_at = ProposalState.DECLINED, now
    session.flush()
    act = Act(by=by, now=now, reason=reason, state_id=stands.state_id)
    note(session, exchange, "dates.declined", act)
    if proposal.state_id != stands.state_id:
        outbox.record(
            session,
            facts.DatesDeclined(exchange_id=exchange.id, proposal_id=proposal.id),
            now=now,
        )


def open_proposal(session: Session, exchange_id: UUID) -> DateProposal | None:
    """The proposal that waits for an answer."""
    return session.scalar(
        select(DateProposal).where(
            DateProposal.exchange_id == exchange_id, DateProposal.state == ProposalState.OPEN
        )
    )


def change_terms(
    session: Session, *, exchange_id: UUID, terms: Terms, by: Actor, now: datetime
) -> Agreement:
    """Write another version of the terms. Both States consent to it anew.

    While the capitals look at them either side may change them; once agreed they stand.
    """
    exchange, stands = _side(session, exchange_id, by, now)
    if exchange.state is not S.SELECTED:
        raise MoveRefused(_("The terms stand. A change is a new exchange."), code="terms-stand")
    _check_terms(terms, now)
    last = consenting.newest_agreement(session, exchange.id)
    if last is None:
        raise NotVisible(_("There are no terms yet."))
    agreement = Agreement(
        exchange_id=exchange.id,
        bid_id=last.bid_id,
        version=last.version + 1,
        made_at=now,
        seat_id=stands.seat_id,
        purpose=terms.purpose,
        activities=terms.activities,
        outputs=terms.outputs,
        costs=terms.costs,
        languages=list(terms.languages),
        confidentiality=terms.confidentiality,
        publish=terms.publish,
        from_on=terms.from_on,
        until_on=terms.until_on,
    )
    session.add(agreement)
    session.flush()
    act = Act(by=by, now=now, state_id=stands.state_id)
    note(session, exchange, "terms.changed", act)
    progress.ask_for(session, exchange, consenting.for_agreement(session, exchange), act)
    return agreement


def _check_terms(terms: Terms, now: datetime) -> None:
    problems: dict[str, str] = {}
    if not terms.purpose.strip():
        problems["purpose"] = _("Say what it is for.")
    if not terms.activities.strip():
        problems["activities"] = _("Say what will be done.")
    if not terms.languages:
        problems["languages"] = _("Choose at least one working language.")
    if terms.from_on and terms.until_on and terms.until_on < terms.from_on:
        problems["until_on"] = _("The last day comes before the first.")
    if terms.until_on and terms.until_on < now.date():
        problems["until_on"] = _("These days are in the past. Choose later ones.")
    if problems:
        raise Invalid(problems)


def _check_covered(
    session: Session, exchange: Exchange, starts_at: datetime, ends_at: datetime, now: datetime
) -> None:
    """Raise unless both States' consents cover these days."""
    for want in consenting.for_agreement(session, exchange):
        for day in dict.fromkeys([starts_at.date(), ends_at.date()]):
            consenting.check_one(session, want, on=day, now=now)


def _side(
    session: Session, exchange_id: UUID, by: Actor, now: datetime
) -> tuple[Exchange, Speaker]:
    exchange = locked(session, exchange_id)
    refusal = NotAllowed(_("Only the two sides of an exchange may do this."))
    stands = rules.speaking(standpoint(session, exchange, by, now), refusal)
    if not stands.movers & SIDES or stands.party not in {PartyRole.REQUESTER, PartyRole.PROVIDER}:
        raise refusal
    return exchange, stands


def _open(session: Session, exchange: Exchange, proposal_id: UUID) -> DateProposal:
    proposal = session.get(DateProposal, proposal_id, populate_existing=True)
    if proposal is None or proposal.exchange_id != exchange.id:
        raise NotVisible(_("There is no such proposal."))
    if proposal.state is not ProposalState.OPEN:
        raise Conflict(_("This proposal was answered or replaced meanwhile."))
    return proposal
