"""The one door through which a case goes from one state to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import audit, outbox
from core.context import Actor
from core.errors import Conflict, NotAllowed, NotVisible
from core.languages import _
from network.exchanges import facts, rules
from network.exchanges.models import (
    Exchange,
    HoldReason,
    Party,
    PartyKind,
    PartyRole,
    PartyState,
    Term,
)
from network.exchanges.models_case import (
    Agreement,
    Audience,
    Bid,
    BidState,
    CaseEntry,
    DateProposal,
    ProposalState,
)
from network.exchanges.rules import Standpoint
from network.exchanges.states import EXCHANGE, MOVES_BACK, ExchangeState, Mover
from network.seats.models import Role, Seat
from network.seats.queries import holder_of, holding_of, state_of

S = ExchangeState
CLOCKWORK = frozenset({Mover.CLOCK, Mover.CONSENT})


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who moves, when and why: what every line of the timeline needs."""

    by: Actor
    now: datetime
    reason: str = ""
    state_id: UUID | None = None


def locked(session: Session, exchange_id: UUID) -> Exchange:
    """The case, held for this transaction. Every verb begins here, before it asks for consents."""
    found = session.scalar(
        select(Exchange)
        .where(Exchange.id == exchange_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible(_("There is no such case."))
    return found


def standpoint(session: Session, exchange: Exchange, by: Actor, now: datetime) -> Standpoint:
    """How an actor stands to a case at this moment. Whoever no longer holds the seat stands nowhere.

    A program's token proves no person, so in an authorising seat it moves nothing.
    """
    if by.kind == "system":
        return Standpoint(movers=CLOCKWORK)
    seat = held_seat(session, by, now)
    state_id = state_of(session, seat)
    party = party_role(session, exchange.id, state_id) if state_id else None
    speaks = by.kind != "token" or seat.role is not Role.AUTHORISING
    return Standpoint(
        movers=rules.movers(seat.role, party) if speaks else frozenset(),
        role=seat.role,
        seat_id=seat.id,
        state_id=state_id,
        party=party,
    )


def held_seat(session: Session, by: Actor, now: datetime) -> Seat:
    """The seat in which somebody acts and that is theirs now; a program acts for whoever holds it."""
    if by.kind == "token":
        holding = holder_of(session, by.seat_id, now) if by.seat_id else None
    else:
        holding = holding_of(session, by, now)
    if holding is None:
        raise NotAllowed(_("You do not hold this seat any more."))
    return holding.seat


def party_role(session: Session, exchange_id: UUID, state_id: UUID) -> PartyRole | None:
    """What a State is in a case, if it belongs to it."""
    return session.scalar(
        select(Party.role).where(
            Party.exchange_id == exchange_id,
            Party.body_id == state_id,
            Party.state == PartyState.JOINED,
        )
    )


def enter(session: Session, exchange: Exchange, to: S, act: Act, *, word: str = "") -> CaseEntry:
    """Let a case enter a state: its clock, the timeline, the audit trail and the fact.

    Callers have asked whether it may. Going on hold and coming back keep the turn and what was
    left of the clock.
    """
    old = exchange.state
    stopped = old is S.ON_HOLD and to is exchange.held_from
    if to is S.ON_HOLD:
        exchange.held_from = old
        exchange.held_rest = exchange.due_at - act.now if exchange.due_at else None
        exchange.due_at = None
    elif stopped:
        exchange.due_at = _going_on(exchange, act.now)
    else:
        exchange.turn += 1
        exchange.due_at = due_at(session, exchange, to, act.now)
    if to is not S.ON_HOLD:
        exchange.held_from, exchange.held_rest, exchange.hold_reason = None, None, None
    exchange.state, exchange.state_since = to, act.now
    exchange.look_at = next_look(exchange, None)
    session.flush()
    entry = note(session, exchange, word or EXCHANGE.steps[to].audit, act, old=old, new=to)
    session.flush()
    outbox.record(
        session,
        facts.ExchangeMoved(
            exchange_id=exchange.id,
            entry_id=entry.id,
            old=old.value,
            new=to.value,
            turn=exchange.turn,
        ),
        now=act.now,
    )
    return entry


def _going_on(exchange: Exchange, now: datetime) -> datetime | None:
    if exchange.held_from is S.SCHEDULED:
        return exchange.ends_at
    return now + exchange.held_rest if exchange.held_rest is not None else None


def due_at(session: Session, exchange: Exchange, state: S, now: datetime) -> datetime | None:
    """When the clock of a state runs out that is entered now: the secretariat's days, else the table's."""
    if state is S.SCHEDULED:
        return exchange.ends_at
    if EXCHANGE.steps[state].due is None:
        return None
    days = session.scalar(select(Term.days).where(Term.state == state))
    return now + timedelta(days=days) if days else EXCHANGE.due_at(state, now)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that the clock of a state has to say or to do."""

    at: datetime
    word: str
    whom: str = ""


LAPSE = "lapse"


def moments(exchange: Exchange) -> list[Moment]:
    """All of them for the state a case is in, soonest first; none where no clock runs."""
    due, step = exchange.due_at, EXCHANGE.steps[exchange.state]
    if due is None:
        return []
    found = [
        Moment(at=due + level.after, word=f"level-{number}", whom=level.to)
        for number, level in enumerate(step.levels, 1)
    ]
    if step.remind is not None:
        found.append(Moment(at=due - step.remind, word="reminder", whom=step.owner))
    if step.lapses_to is not None:
        found.append(Moment(at=due + step.lapse, word=LAPSE))
    return sorted(found, key=lambda moment: (moment.at, moment.word))


def next_look(exchange: Exchange, after: datetime | None) -> datetime | None:
    """When the clock next has something to say, later than `after` if one is given."""
    return next(
        (moment.at for moment in moments(exchange) if after is None or moment.at > after), None
    )


def note(  # noqa: PLR0913 -- a line of the timeline has that many sides, all by name
    session: Session,
    exchange: Exchange,
    word: str,
    act: Act,
    *,
    old: S | None = None,
    new: S | None = None,
    audience: Audience = Audience.PARTIES,
    bid_id: UUID | None = None,
    details: dict[str, str] | None = None,
) -> CaseEntry:
    """Write one line of the timeline and its entry in the audit trail."""
    by = act.by
    entry = CaseEntry(
        exchange_id=exchange.id,
        at=act.now,
        word=word,
        old=old,
        new=new,
        audience=audience,
        person_id=by.person_id,
        seat_id=by.seat_id,
        state_id=act.state_id,
        bid_id=bid_id,
        text=act.reason.strip(),
    )
    session.add(entry)
    moved = {"from": old.value, "to": new.value} if old and new else {}
    audit.write(
        session,
        word,
        by=by,
        now=act.now,
        subject_kind="exchange",
        subject_id=exchange.id,
        details=moved | (details or {}),
    )
    return entry


def end_bids(session: Session, exchange: Exchange, act: Act, *, but: Bid | None = None) -> None:
    """No other bid is needed: those that were sent get one neutral sentence, drafts just end."""
    open_bids = session.scalars(
        select(Bid).where(
            Bid.exchange_id == exchange.id,
            Bid.state.in_(
                [
                    BidState.DRAFT,
                    BidState.WAITING,
                    BidState.SENT,
                    BidState.CHOSEN,
                    BidState.SELECTED,
                ]
            ),
        )
    ).all()
    for bid in open_bids:
        if but is not None and bid.id == but.id:
            continue
        was_sent = bid.sent_at is not None
        bid.state, bid.ended_at = BidState.NOT_SELECTED, act.now
        if was_sent:
            outbox.record(
                session,
                facts.BidsNotSelected(exchange_id=exchange.id, bid_id=bid.id),
                now=act.now,
            )
    session.flush()


def drop_partner(session: Session, exchange: Exchange, act: Act) -> None:
    """The partner leaves the case; dates and open proposals fall with it."""
    session.execute(
        update(Party)
        .where(
            Party.exchange_id == exchange.id,
            Party.role == PartyRole.PROVIDER,
            Party.state == PartyState.JOINED,
        )
        .values(state=PartyState.LEFT, left_at=act.now)
    )
    drop_dates(session, exchange, act)


def drop_dates(session: Session, exchange: Exchange, act: Act) -> None:
    """Agreed dates no longer hold: the calendar entry is taken back."""
    session.execute(
        update(DateProposal)
        .where(DateProposal.exchange_id == exchange.id, DateProposal.state == ProposalState.OPEN)
        .values(state=ProposalState.REPLACED, answered_at=act.now)
    )
    if exchange.starts_at is None:
        return
    exchange.starts_at, exchange.ends_at = None, None
    exchange.sequence += 1
    session.flush()
    outbox.record(
        session,
        facts.DatesOff(exchange_id=exchange.id, sequence=exchange.sequence),
        now=act.now,
    )


def add_partner(session: Session, exchange: Exchange, bid: Bid, now: datetime) -> None:
    """The selected State becomes a party, or gives where it only supported before."""
    known = session.scalar(
        select(Party).where(
            Party.exchange_id == exchange.id,
            Party.body_id == bid.state_id,
            Party.state != PartyState.LEFT,
        )
    )
    if known is not None:
        known.role, known.state = PartyRole.PROVIDER, PartyState.JOINED
        known.joined_at = known.joined_at or now
        session.flush()
        return
    session.add(
        Party(
            kind=PartyKind.STATE,
            body_id=bid.state_id,
            role=PartyRole.PROVIDER,
            invited_at=now,
            joined_at=now,
            exchange_id=exchange.id,
        )
    )
    session.flush()


def draft_agreement(session: Session, exchange: Exchange, bid: Bid, act: Act) -> Agreement:
    """The first terms, out of what the request asks and the bid gives; both sides may change them."""
    last = session.scalar(
        select(Agreement.version)
        .where(Agreement.exchange_id == exchange.id)
        .order_by(Agreement.version.desc())
        .limit(1)
    )
    agreement = Agreement(
        exchange_id=exchange.id,
        bid_id=bid.id,
        version=(last or 0) + 1,
        made_at=act.now,
        seat_id=act.by.seat_id,
        purpose=exchange.need,
        activities=bid.offer,
        outputs=exchange.wanted_outcome,
        costs=bid.costs,
        languages=list(bid.languages),
        from_on=bid.from_on,
        until_on=bid.until_on,
    )
    session.add(agreement)
    session.flush()
    return agreement


def hold(
    session: Session, exchange: Exchange, why: HoldReason, act: Act, *, word: str = ""
) -> None:
    """Let a case stand still where it is. Holding it again changes nothing."""
    if exchange.state is S.ON_HOLD or exchange.state not in rules.BEFORE_THE_EVENT:
        return
    enter(session, exchange, S.ON_HOLD, act, word=word or f"exchange.held_back.{why.value}")
    exchange.hold_reason = why
    session.flush()


def check_revision(exchange: Exchange, revision: int | None) -> None:
    """Raise Conflict where somebody else has saved since the page was opened."""
    if revision is not None and revision != exchange.revision:
        raise Conflict(
            _("Somebody else saved this request meanwhile. Both texts are below; nothing is lost.")
        )


def is_move_back(old: S, new: S) -> bool:
    """Whether this is a recirculation."""
    return (old, new) in MOVES_BACK
