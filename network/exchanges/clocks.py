"""What runs out by itself in cases: reminders, escalations, lapses, and consents that end.

Each reminder and escalation of a turn has one row (`Notice`), so that it is given once however
often this runs and whoever dies in between.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    and_,
    cast,
    exists,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import outbox
from core.context import SYSTEM
from network.consents.models import Consent
from network.exchanges import facts, progress, service
from network.exchanges.models import Exchange, HoldReason, Notice, Party, PartyKind, PartyState
from network.exchanges.models_case import Agreement, Audience, Bid
from network.exchanges.moving import LAPSE, Act, Moment, locked, moments, next_look, note
from network.exchanges.states import EXCHANGE, ExchangeState
from network.seats.models import BodyKind, Holder, Role, Seat
from network.seats.queries import holds

S = ExchangeState
AT_ONCE = 100
WARN_BEFORE = timedelta(days=30)
BY_CONSENT = (HoldReason.WITHDRAWN, HoldReason.ENDED, HoldReason.VACANT, HoldReason.CONFLICT)


def run_clocks(session: Session, now: datetime) -> int:
    """Say and do what is due in cases; answers how many things that was."""
    due = session.scalars(
        select(Exchange)
        .where(Exchange.look_at <= now)
        .order_by(Exchange.look_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_run(session, exchange, now) for exchange in due)


def _run(session: Session, exchange: Exchange, now: datetime) -> int:
    done, turn = 0, exchange.turn
    for moment in moments(exchange):
        if moment.at > now:
            break
        if moment.word == LAPSE:
            done += _lapse(session, exchange, now)
        elif _closes_round(session, exchange, moment):
            service.move(session, exchange_id=exchange.id, to=S.CHOOSING, by=SYSTEM, now=now)
            done += 1
        else:
            done += _say(session, exchange, moment, now)
        if exchange.turn != turn:
            return done
    exchange.look_at = next_look(exchange, now)
    session.flush()
    return done


def _closes_round(session: Session, exchange: Exchange, moment: Moment) -> bool:
    """Whether bids are there when the time for them is over: then the requester chooses."""
    is_over = exchange.state is S.CIRCULATED and moment.word != "reminder"
    return is_over and bool(progress.sent_bids(session, exchange.id))


def _lapse(session: Session, exchange: Exchange, now: datetime) -> int:
    to = EXCHANGE.steps[exchange.state].lapses_to
    if to is None:
        return 0
    service.move(session, exchange_id=exchange.id, to=to, by=SYSTEM, now=now)
    return 1


def _say(session: Session, exchange: Exchange, moment: Moment, now: datetime) -> int:
    """Give one notice, if it was not given before."""
    if not _first(session, exchange, exchange.turn, moment.word, now):
        return 0
    act = Act(by=SYSTEM, now=now)
    word = "clock.reminded" if moment.word == "reminder" else "clock.escalated"
    note(
        session,
        exchange,
        word,
        act,
        audience=Audience.REQUESTER,
        details={"word": moment.word, "whom": moment.whom},
    )
    outbox.record(
        session,
        facts.ClockNoted(
            exchange_id=exchange.id, turn=exchange.turn, word=moment.word, whom=moment.whom
        ),
        now=now,
    )
    return 1


def _first(session: Session, exchange: Exchange, turn: int, word: str, now: datetime) -> bool:
    made = session.scalar(
        insert(Notice)
        .values(id=uuid4(), exchange_id=exchange.id, turn=turn, word=word, at=now)
        .on_conflict_do_nothing(index_elements=["exchange_id", "turn", "word"])
        .returning(Notice.id)
    )
    return made is not None


def watch_consents(session: Session, now: datetime) -> int:
    """Hold cases whose consents have ended or whose States have nobody to authorise; warn before.

    What a person gives or withdraws is handled at once, by facts; here is what time alone does.
    """
    done = _warn(session, now)
    for exchange_id in session.scalars(_to_review(now).limit(AT_ONCE)).all():
        exchange = locked(session, exchange_id)
        turn, state = exchange.turn, exchange.state
        progress.review(session, exchange, Act(by=SYSTEM, now=now))
        done += (turn, state) != (exchange.turn, exchange.state)
    return done


def _vacant(now: datetime) -> Select[UUID]:
    """The States in whose name nobody may authorise at `now`."""
    filled = exists().where(
        Seat.body_kind == BodyKind.STATE,
        Seat.body_id == Party.body_id,
        Seat.role == Role.AUTHORISING,
        Holder.seat_id == Seat.id,
        holds(now),
    )
    return (
        select(Party.exchange_id)
        .where(Party.kind == PartyKind.STATE, Party.state == PartyState.JOINED, ~filled)
        .distinct()
    )


def _to_review(now: datetime) -> Select[UUID]:
    today = now.date()
    resting = (*progress.WATCHED, *progress.AWAITING)
    vacant = _vacant(now)
    ended = _rests_on(Consent.revoked_at.is_(None), Consent.until_on < today).subquery()
    fallen = or_(Exchange.id.in_(vacant), Exchange.id.in_(select(ended.c.exchange_id)))
    fell = and_(Exchange.state.in_(resting), fallen)
    filled_again = and_(
        Exchange.state == S.ON_HOLD,
        Exchange.hold_reason == HoldReason.VACANT,
        Exchange.id.not_in(vacant),
    )
    return select(Exchange.id).where(or_(fell, filled_again)).order_by(Exchange.id)


def _rests_on(*which: ColumnElement[bool]) -> CompoundSelect[UUID, UUID]:
    """Cases with these consents that they rest on: to the request, to a bid, to the terms.

    It begins with the few consents that are asked for: a condition on both tables would compare
    each case with each of them.
    """
    request = select(Exchange.id.label("exchange_id"), Consent.id.label("consent_id")).join(
        Consent, Consent.subject_id == Exchange.text_id
    )
    bid = select(Bid.exchange_id, Consent.id).join(Consent, Consent.subject_id == Bid.text_id)
    terms = select(Agreement.exchange_id, Consent.id).join(
        Consent, Consent.subject_id == Agreement.id
    )
    return union(*(one.where(*which) for one in (request, bid, terms)))


def _warn(session: Session, now: datetime) -> int:
    """Say once, thirty days ahead, that a consent ends before the case does."""
    today = now.date()
    ends_first = or_(Exchange.ends_at.is_(None), cast(Exchange.ends_at, Date) > Consent.until_on)
    told = exists().where(
        Notice.exchange_id == Exchange.id,
        Notice.word == literal("consent-").concat(cast(Consent.id, String)),
    )
    ending = _rests_on(
        Consent.revoked_at.is_(None),
        Consent.until_on >= today,
        Consent.until_on <= today + WARN_BEFORE,
    ).subquery()
    rows = session.execute(
        select(Exchange, Consent)
        .join(ending, ending.c.exchange_id == Exchange.id)
        .join(Consent, Consent.id == ending.c.consent_id)
        .where(
            Exchange.state.in_(progress.WATCHED),
            ends_first,
            ~told,
        )
        .limit(AT_ONCE)
    ).all()
    done = 0
    for exchange, consent in rows:
        if not _first(session, exchange, 0, f"consent-{consent.id}", now):
            continue
        act = Act(by=SYSTEM, now=now, state_id=consent.state_id)
        note(session, exchange, "consent.ending", act, audience=Audience.REQUESTER)
        outbox.record(
            session,
            facts.ConsentEnding(
                exchange_id=exchange.id, consent_id=consent.id, state_id=consent.state_id
            ),
            now=now,
        )
        done += 1
    return done
