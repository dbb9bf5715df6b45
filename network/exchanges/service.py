"""Verbs of a case: drafting and sending a request, every move, giving consent to it, the thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core import outbox
from core.context import SYSTEM, Actor
from core.errors import Invalid, MoveRefused, NotAllowed, Refused
from core.languages import _
from network.consents import service as consents
from network.consents.queries import is_conflict
from network.consents.service import Scope
from network.exchanges import consenting, drafting, facts, progress, rules
from network.exchanges.consenting import Needed
from network.exchanges.models import (
    Exchange,
    HoldReason,
    PartyRole,
)
from network.exchanges.models_case import Audience, BidState, CaseMessage, MessageKind
from network.exchanges.moving import (
    Act,
    drop_dates,
    drop_partner,
    end_bids,
    enter,
    hold,
    is_move_back,
    locked,
    note,
    standpoint,
)
from network.exchanges.rules import Standpoint
from network.exchanges.states import EXCHANGE, ExchangeState

S = ExchangeState
ENDINGS = frozenset({S.WITHDRAWN, S.EXPIRED, S.NO_TAKER, S.ANSWERED, S.DECLINED})


def move(
    session: Session,
    *,
    exchange_id: UUID,
    to: S,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> Exchange:
    """Move a case, if the table, the actor's seat, the consents of the States and the rules allow it.

    Raises NotVisible, NotAllowed, MoveRefused (with the allowed moves), Invalid, or the refusal of
    a consent. Moves that wait for consents happen by themselves once these are in force; asking for
    one says which consent is missing.
    """
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if not stands.movers:
        raise NotAllowed(_("Your seat cannot do this in this case."))
    EXCHANGE.check(exchange.state, to)
    rules.check_may(exchange, to, stands)
    old = rules.check_leaves_hold(exchange, to, stands)
    if by.kind != "system":
        rules.check_reason(exchange.state, to, reason)
    act = Act(by=by, now=now, reason=reason, state_id=stands.state_id)
    is_coming_back = exchange.state is S.ON_HOLD and to is exchange.held_from
    if to in READY and not is_coming_back:
        READY[to](session, exchange, old, act)
    consenting.check_entry(session, exchange, to, now)
    _go(session, exchange, old, to, act)
    progress.go_on(session, exchange, Act(by=SYSTEM, now=now))
    return exchange


def _is_complete(session: Session, exchange: Exchange, old: S, act: Act) -> None:
    if old in rules.DRAFTING:
        rules.check_complete(drafting.whole(session, exchange.id), act.now.date())


def _may_recirculate(_session: Session, exchange: Exchange, old: S, _act: Act) -> None:
    if is_move_back(old, S.CIRCULATED):
        rules.check_recirculates(exchange)


def _has_bids(session: Session, exchange: Exchange, old: S, _act: Act) -> None:
    if old is S.CIRCULATED and not progress.sent_bids(session, exchange.id):
        raise Refused(_("There is no bid to choose from yet."), code="no-bids")


def _has_choice(session: Session, exchange: Exchange, _old: S, _act: Act) -> None:
    bid = consenting.picked_bid(session, exchange.id)
    if bid is None or bid.state is not BidState.CHOSEN:
        raise Refused(_("Choose a bid first."), code="no-choice")


def _has_dates(_session: Session, _exchange: Exchange, _old: S, _act: Act) -> None:
    raise Refused(_("Dates are set by accepting a proposal."), code="no-dates")


def _has_ended(_session: Session, exchange: Exchange, _old: S, act: Act) -> None:
    if exchange.ends_at is None or act.now < exchange.ends_at:
        raise Refused(_("It has not ended yet."), code="not-ended")


def _has_reports(session: Session, exchange: Exchange, _old: S, _act: Act) -> None:
    progress.check_reports(session, exchange)


def _has_answers(session: Session, exchange: Exchange, _old: S, act: Act) -> None:
    if act.by.kind != "system":
        progress.check_answers(session, exchange)


READY: Mapping[S, Callable[[Session, Exchange, S, Act], None]] = {
    S.SUBMITTED: _is_complete,
    S.CIRCULATED: _may_recirculate,
    S.CHOOSING: _has_bids,
    S.SELECTED: _has_choice,
    S.SCHEDULED: _has_dates,
    S.HELD: _has_ended,
    S.FINISHED: _has_reports,
    S.CLOSED: _has_answers,
}
"""What entering a state asks besides consents."""

SAYS: Mapping[tuple[S, S], MessageKind] = {
    (S.SUBMITTED, S.CLARIFICATION): MessageKind.QUESTION,
    (S.CLARIFICATION, S.SUBMITTED): MessageKind.ANSWER,
    **{(state, S.ANSWERED): MessageKind.ANSWER for state in S},
}
"""Moves whose reason is a message in the case's thread."""


def _go(session: Session, exchange: Exchange, old: S, to: S, act: Act) -> None:
    """Enter the state, with what belongs to the move."""
    if to is S.ON_HOLD:
        hold(session, exchange, HoldReason.ASKED, act)
        return
    if exchange.state is S.ON_HOLD and to is exchange.held_from:
        enter(session, exchange, to, act, word="exchange.resumed")
        return
    if (old, to) in SAYS:
        _say(session, exchange, SAYS[old, to], act)
    _let_go(session, exchange, old, to, act)
    progress.enter_with_effects(session, exchange, to, act)


def _let_go(session: Session, exchange: Exchange, old: S, to: S, act: Act) -> None:
    """What falls when a case goes back, or ends: partner, bids, dates."""
    if (old, to) == (S.SELECTED, S.CHOOSING):
        progress.return_to_bids(session, exchange, act)
    if is_move_back(old, to):
        exchange.recirculated += 1
        end_bids(session, exchange, act)
        drop_partner(session, exchange, act)
    if to in ENDINGS:
        end_bids(session, exchange, act)
    if to in ENDINGS or (old, to) == (S.SCHEDULED, S.AGREED):
        drop_dates(session, exchange, act)


def _say(session: Session, exchange: Exchange, kind: MessageKind, act: Act) -> CaseMessage:
    message = CaseMessage(
        exchange_id=exchange.id,
        at=act.now,
        kind=kind,
        text=act.reason.strip(),
        person_id=act.by.person_id,
        seat_id=act.by.seat_id,
    )
    session.add(message)
    session.flush()
    outbox.record(
        session,
        facts.MessageWritten(exchange_id=exchange.id, message_id=message.id),
        now=act.now,
    )
    return message


def write_message(
    session: Session,
    *,
    exchange_id: UUID,
    text: str,
    by: Actor,
    now: datetime,
    to_partner: bool = False,
) -> CaseMessage:
    """Write in the thread of a case: the requester and the helpdesk, with the partner once there is one."""
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if not stands.movers:
        raise NotAllowed(_("Your seat cannot do this in this case."))
    if not text.strip():
        raise Invalid({"text": _("Write something first.")})
    is_partner = stands.party is PartyRole.PROVIDER
    act = Act(by=by, now=now, reason=text, state_id=stands.state_id)
    message = _say(session, exchange, MessageKind.NOTE, act)
    message.audience = Audience.PARTIES if is_partner or to_partner else Audience.REQUESTER
    return message


def consent(  # a State's yes with its scope has that many sides, all by name
    session: Session,
    *,
    exchange_id: UUID,
    want: Needed,
    by: Actor,
    now: datetime,
    until_on: date | None = None,
    publish: Sequence[str] = (),
) -> Exchange:
    """Give one's State's consent to something of a case; the case goes on if that was all it needed.

    Raises NotAllowed and ProofNeeded as `network.consents.service.give` does.
    """
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if until_on is not None and until_on < now.date():
        raise Invalid({"until_on": _("This is in the past. Choose a later day.")})
    consents.give(
        session,
        scope=Scope(
            state_id=want.state_id,
            kind=want.kind,
            subject_kind=want.subject_kind,
            subject_id=want.subject_id,
            partner_id=want.partner_id,
            until_on=until_on,
            publish=publish,
        ),
        by=by,
        now=now,
    )
    act = Act(by=by, now=now, state_id=stands.state_id)
    note(
        session,
        exchange,
        f"consent.given.{want.kind.value}",
        act,
        audience=consenting.audience_of(want),
        bid_id=consenting.bid_of(session, want),
    )
    progress.go_on(session, exchange, act)
    return exchange


def refuse(
    session: Session,
    *,
    exchange_id: UUID,
    want: Needed,
    reason: str,
    by: Actor,
    now: datetime,
) -> Exchange:
    """Say no for one's State: a withdrawal stands against it, and what waited for it goes back.

    Where another seat of the State had said yes, the case stands still until they agree.
    """
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if not reason.strip():
        raise Invalid({"reason": _("Say it in a sentence: others read it.")})
    withdrawal = consents.withdraw(
        session,
        state_id=want.state_id,
        kind=want.kind,
        subject_id=want.subject_id,
        by=by,
        now=now,
        reason=reason,
    )
    act = Act(by=by, now=now, reason=reason, state_id=stands.state_id)
    note(
        session,
        exchange,
        f"consent.refused.{want.kind.value}",
        act,
        audience=consenting.audience_of(want),
        bid_id=consenting.bid_of(session, want),
    )
    if is_conflict(session, withdrawal.id) and progress.fallen(session, exchange, act):
        hold(session, exchange, HoldReason.CONFLICT, act)
    else:
        progress.take_back(session, exchange, want, act)
    return exchange


def allowed_moves(exchange: Exchange, stands: Standpoint) -> list[S]:
    """The moves that a page offers: in the table, for this standpoint, whatever the consents say."""
    found = []
    for to in EXCHANGE.allowed(exchange.state):
        try:
            rules.check_may(exchange, to, stands)
            rules.check_leaves_hold(exchange, to, stands)
        except (NotAllowed, MoveRefused, Refused):
            continue
        found.append(to)
    return found
