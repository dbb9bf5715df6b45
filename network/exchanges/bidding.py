"""Bids: drafted by a member, sent under its State's consent, chosen by the requester; and declines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core import outbox
from core.context import Actor
from core.errors import Conflict, MoveRefused, NotAllowed, NotVisible, Refused
from core.languages import _
from network.applications.queries import is_member
from network.exchanges import consenting, facts, progress, rules
from network.exchanges.models import Exchange, PartnerWish, Party, PartyState, WishKind
from network.exchanges.models_case import (
    Audience,
    Bid,
    BidState,
    Decline,
    DeclineReason,
)
from network.exchanges.moving import Act, enter, locked, note, standpoint
from network.exchanges.rules import WRITING_ROLES, Speaker
from network.exchanges.states import ExchangeState, Mover
from network.offers.models import ExchangeType

S = ExchangeState
OPEN_TO_CHANGE = frozenset({BidState.DRAFT, BidState.WAITING})
ALIVE = frozenset({BidState.DRAFT, BidState.WAITING, BidState.SENT, BidState.CHOSEN})


@dataclass(frozen=True, kw_only=True)
class BidWording:
    """All that a bidder writes. Any of it may be empty in a draft."""

    type: ExchangeType | None = None
    offer: str = ""
    languages: Sequence[str] = ()
    from_on: date | None = None
    until_on: date | None = None
    experts: str = ""
    costs: str = ""


def is_invited(session: Session, exchange: Exchange, state_id: UUID, now: datetime) -> bool:
    """Whether a case goes to this State: a member, no party to it, and not kept out."""
    is_party = exists().where(
        Party.exchange_id == exchange.id,
        Party.body_id == state_id,
        Party.state != PartyState.LEFT,
    )
    is_kept_out = exists().where(
        PartnerWish.exchange_id == exchange.id,
        PartnerWish.state_id == state_id,
        PartnerWish.kind == WishKind.EXCLUDED,
    )
    is_barred = session.scalar(select(is_party | is_kept_out))
    return not is_barred and is_member(session, state_id, now)


def _bidder(session: Session, exchange: Exchange, by: Actor, now: datetime) -> Speaker:
    """Raise unless this seat may answer the case for its State; what it may not see is not there."""
    nothing = NotVisible(_("There is no such case."))
    stands = rules.speaking(standpoint(session, exchange, by, now), nothing)
    if stands.state_id == exchange.state_id:
        raise NotAllowed(_("This is your own State’s request."))
    if stands.party is not None:
        raise nothing
    if not is_invited(session, exchange, stands.state_id, now):
        raise nothing
    if exchange.state is not S.CIRCULATED:
        known = _own_bid(session, exchange, stands.state_id)
        if known is None:
            raise nothing
        raise MoveRefused(_("This request takes no more bids."), code="bids-closed")
    if stands.role not in WRITING_ROLES:
        raise NotAllowed(_("Only a focal point writes a bid."))
    return stands


def _own_bid(session: Session, exchange: Exchange, state_id: UUID) -> Bid | None:
    return session.scalar(
        select(Bid)
        .where(
            Bid.exchange_id == exchange.id,
            Bid.state_id == state_id,
            Bid.round == exchange.recirculated,
            Bid.state != BidState.WITHDRAWN,
        )
        .with_for_update()
    )


def save_bid(
    session: Session, *, exchange_id: UUID, wording: BidWording, by: Actor, now: datetime
) -> Bid:
    """Save a bid as a draft. Changed words need the State's consent anew; a sent bid stands as it is."""
    exchange = locked(session, exchange_id)
    stands = _bidder(session, exchange, by, now)
    state_id = stands.state_id
    bid = _own_bid(session, exchange, state_id)
    if bid is None:
        bid = Bid(
            exchange_id=exchange.id,
            state_id=state_id,
            seat_id=stands.seat_id,
            round=exchange.recirculated,
            made_at=now,
        )
        session.add(bid)
    elif bid.state not in OPEN_TO_CHANGE:
        raise Conflict(_("This bid was sent. Withdraw it to write another one."))
    bid.type, bid.offer, bid.languages = wording.type, wording.offer, list(wording.languages)
    bid.from_on, bid.until_on = wording.from_on, wording.until_on
    bid.experts, bid.costs = wording.experts, wording.costs
    bid.state, bid.text_id = BidState.DRAFT, uuid4()
    session.flush()
    return bid


def hand_in_bid(session: Session, *, exchange_id: UUID, by: Actor, now: datetime) -> Bid:
    """Ask one's State for its consent; with it the bid goes to the requester."""
    exchange = locked(session, exchange_id)
    stands = _bidder(session, exchange, by, now)
    bid = _own_bid(session, exchange, stands.state_id)
    if bid is None:
        raise NotVisible(_("There is no bid yet."))
    if bid.state is not BidState.DRAFT:
        return bid
    rules.check_bid(
        offer=bid.offer,
        has_type=bid.type is not None,
        languages=bid.languages,
        from_on=bid.from_on,
        until_on=bid.until_on,
        today=now.date(),
    )
    bid.state = BidState.WAITING
    session.flush()
    act = Act(by=by, now=now, state_id=bid.state_id)
    note(session, exchange, "bid.handed_in", act, audience=Audience.BIDDER, bid_id=bid.id)
    progress.ask_for(session, exchange, [consenting.for_bid(bid)], act)
    progress.send_waiting_bids(session, exchange, act)
    return bid


def withdraw_bid(
    session: Session, *, exchange_id: UUID, by: Actor, now: datetime, reason: str = ""
) -> Bid:
    """Take one's bid back while nothing is agreed. The requester hears it if they had seen it."""
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    bid = _own_bid(session, exchange, stands.state_id) if stands.state_id else None
    if bid is None:
        raise NotVisible(_("There is no such bid."))
    if stands.role not in WRITING_ROLES:
        raise NotAllowed(_("Only a focal point writes a bid."))
    if bid.state is BidState.SELECTED:
        raise Refused(_("This bid was selected. Decline the selection instead."), code="selected")
    if bid.state not in ALIVE:
        return bid
    was_seen = bid.sent_at is not None
    bid.state, bid.ended_at, bid.chosen_at = BidState.WITHDRAWN, now, None
    session.flush()
    act = Act(by=by, now=now, reason=reason, state_id=bid.state_id)
    note(session, exchange, "bid.withdrawn", act, audience=Audience.BIDDER, bid_id=bid.id)
    if was_seen:
        outbox.record(session, facts.BidWithdrawn(exchange_id=exchange.id, bid_id=bid.id), now=now)
    return bid


def decline(
    session: Session,
    *,
    exchange_id: UUID,
    reason: DeclineReason,
    note_to_self: str,
    by: Actor,
    now: datetime,
) -> Decline:
    """Say that one's State will not bid this time. The requester sees the code, never the note."""
    exchange = locked(session, exchange_id)
    stands = _bidder(session, exchange, by, now)
    state_id = stands.state_id
    bid = _own_bid(session, exchange, state_id)
    if bid is not None and bid.state not in OPEN_TO_CHANGE:
        raise Conflict(_("Your State has a bid here. Withdraw it first."))
    if bid is not None:
        bid.state, bid.ended_at = BidState.WITHDRAWN, now
    known = session.scalar(
        select(Decline).where(
            Decline.exchange_id == exchange.id,
            Decline.state_id == state_id,
            Decline.round == exchange.recirculated,
        )
    )
    if known is not None:
        known.reason, known.note = reason, note_to_self
        session.flush()
        return known
    said = Decline(
        exchange_id=exchange.id,
        state_id=state_id,
        seat_id=stands.seat_id,
        round=exchange.recirculated,
        reason=reason,
        note=note_to_self,
        at=now,
    )
    session.add(said)
    session.flush()
    act = Act(by=by, now=now, state_id=state_id)
    note(
        session,
        exchange,
        "member.declined",
        act,
        audience=Audience.REQUESTER,
        details={"reason": reason.value},
    )
    outbox.record(
        session, facts.MemberDeclined(exchange_id=exchange.id, decline_id=said.id), now=now
    )
    return said


def choose(session: Session, *, exchange_id: UUID, bid_id: UUID, by: Actor, now: datetime) -> Bid:
    """Choose one bid. It is selected once the requesting State consents to that partner.

    Choosing ends the taking of bids. One bid at a time: the first of two choices stands, and can
    be changed while no consent was given.
    """
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if Mover.REQUESTER not in stands.movers:
        raise NotAllowed(_("Only the State that asks chooses."))
    if exchange.state not in {S.CIRCULATED, S.CHOOSING}:
        raise MoveRefused(_("There is nothing to choose now."), code="not-choosing")
    bid = session.get(Bid, bid_id, with_for_update=True, populate_existing=True)
    if bid is None or bid.exchange_id != exchange.id:
        raise NotVisible(_("There is no such bid."))
    picked = consenting.picked_bid(session, exchange.id)
    if picked is not None and picked.id != bid.id:
        raise Conflict(_("Another bid was chosen a moment ago. Take that choice back first."))
    if picked is not None:
        return bid
    if bid.state is not BidState.SENT:
        raise Conflict(_("This bid is no longer open."))
    act = Act(by=by, now=now, state_id=stands.state_id)
    if exchange.state is S.CIRCULATED:
        enter(session, exchange, S.CHOOSING, act)
    bid.state, bid.chosen_at = BidState.CHOSEN, now
    session.flush()
    note(session, exchange, "bid.chosen", act, audience=Audience.REQUESTER, bid_id=None)
    progress.ask_for(session, exchange, consenting.for_selection(session, exchange, bid), act)
    progress.go_on(session, exchange, act)
    return bid


def choose_again(session: Session, *, exchange_id: UUID, by: Actor, now: datetime) -> None:
    """Take a choice back that one's State has not consented to yet."""
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if Mover.REQUESTER not in stands.movers:
        raise NotAllowed(_("Only the State that asks chooses."))
    picked = consenting.picked_bid(session, exchange.id)
    if exchange.state is not S.CHOOSING or picked is None:
        raise MoveRefused(_("There is nothing to choose now."), code="not-choosing")
    picked.state, picked.chosen_at = BidState.SENT, None
    session.flush()
    act = Act(by=by, now=now, state_id=stands.state_id)
    note(session, exchange, "bid.unchosen", act, audience=Audience.REQUESTER)
