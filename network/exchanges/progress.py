"""What happens to a case by itself once the consents it waits for are in force, and what does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import outbox
from core.errors import Refused
from core.languages import _
from network.consents.models import ConsentKind
from network.consents.rules import Verdict
from network.exchanges import consenting, facts
from network.exchanges.consenting import Needed
from network.exchanges.models import (
    Exchange,
    HoldReason,
    Party,
    PartyKind,
    PartyRole,
    PartyState,
)
from network.exchanges.models_case import (
    Audience,
    Bid,
    BidState,
    FollowUp,
    Report,
    ReportState,
)
from network.exchanges.moving import (
    Act,
    add_partner,
    draft_agreement,
    drop_partner,
    end_bids,
    enter,
    hold,
    note,
)
from network.exchanges.states import ExchangeState

S = ExchangeState
WATCHED = frozenset({S.CIRCULATED, S.CHOOSING, S.SELECTED, S.AGREED, S.SCHEDULED})
"""States that rest on consents: the case is held when one of them falls away."""

AWAITING = {S.CONFIRMATION: S.CIRCULATED, S.CHOOSING: S.SELECTED, S.SELECTED: S.AGREED}
"""States that wait for consents, and where these lead."""

FOR_CONSENT = {
    Verdict.WITHDRAWN: HoldReason.WITHDRAWN,
    Verdict.VACANT: HoldReason.VACANT,
    Verdict.OUT_OF_SCOPE: HoldReason.ENDED,
    Verdict.NONE_GIVEN: HoldReason.WITHDRAWN,
    Verdict.NOT_ALL_GIVEN: HoldReason.WITHDRAWN,
}


def go_on(session: Session, exchange: Exchange, act: Act) -> None:
    """Take every step that waits for nothing any more. Doing it again changes nothing."""
    resume(session, exchange, act)
    send_waiting_bids(session, exchange, act)
    let_parties_in(session, exchange, act)
    give_waiting_reports(session, exchange, act)
    while (to := _next(session, exchange, act)) is not None:
        enter_with_effects(session, exchange, to, act)


def _next(session: Session, exchange: Exchange, act: Act) -> S | None:
    """The state that the consents open, if they all stand."""
    state = exchange.state
    to = AWAITING.get(state)
    if state is S.CHOOSING:
        bid = consenting.picked_bid(session, exchange.id)
        to = to if bid is not None and bid.state is BidState.CHOSEN else None
    if state is S.HELD:
        to = S.FINISHED if all_reported(session, exchange) else None
    if state is S.FOLLOW_UP:
        to = S.CLOSED if all_answered(session, exchange) else None
    if to is None:
        return None
    try:
        consenting.check_entry(session, exchange, to, act.now)
    except Refused:
        return None
    return to


def enter_with_effects(session: Session, exchange: Exchange, to: S, act: Act) -> None:
    """Enter a state with what belongs to it: partner, terms, who is asked for consent next."""
    bid = consenting.picked_bid(session, exchange.id) if to is S.SELECTED else None
    if bid is not None:
        bid.state = BidState.SELECTED
        session.flush()
        end_bids(session, exchange, act, but=bid)
        add_partner(session, exchange, bid, act.now)
        draft_agreement(session, exchange, bid, act)
    if to is S.AGREED:
        agreement = consenting.newest_agreement(session, exchange.id)
        if agreement is not None and agreement.agreed_at is None:
            agreement.agreed_at = act.now
    enter(session, exchange, to, act)
    if to is S.CONFIRMATION:
        ask_for(session, exchange, consenting.for_request(session, exchange), act)
    if to is S.SELECTED:
        ask_for(session, exchange, consenting.for_agreement(session, exchange), act)
    if to is S.FINISHED:
        outbox.record(session, facts.ExchangeFinished(exchange_id=exchange.id), now=act.now)


def ask_for(session: Session, exchange: Exchange, wants: Sequence[Needed], act: Act) -> None:
    """Let the authorising seats know that something waits for their State's consent."""
    for want in wants:
        if consenting.verdict(session, want, act.now) is Verdict.IN_FORCE:
            continue
        outbox.record(
            session,
            facts.ConsentAsked(
                exchange_id=exchange.id,
                state_id=want.state_id,
                kind=want.kind.value,
                subject_id=want.subject_id,
            ),
            now=act.now,
        )


def review(session: Session, exchange: Exchange, act: Act) -> None:
    """Hold a case whose consents have fallen away, and let it go on once they are back.

    Only before the event: what was held is held, and afterwards a withdrawal hides publications.
    """
    if exchange.state is S.ON_HOLD or exchange.state not in {*WATCHED, *AWAITING}:
        go_on(session, exchange, act)
        return
    if is_over(exchange, act):
        return
    found = fallen(session, exchange, act)
    if found is not None:
        hold(session, exchange, FOR_CONSENT[found], act)
        return
    go_on(session, exchange, act)


def is_over(exchange: Exchange, act: Act) -> bool:
    """Whether the agreed dates have passed."""
    return exchange.ends_at is not None and exchange.ends_at <= act.now


def fallen(session: Session, exchange: Exchange, act: Act) -> Verdict | None:
    """The first verdict against what the present state rests on, or a no to what it waits for."""
    state = exchange.held_from or exchange.state
    if state in WATCHED:
        for want in consenting.needed(session, exchange, state):
            found = consenting.verdict(session, want, act.now)
            if found is not Verdict.IN_FORCE:
                return found
    for want in consenting.awaited(session, exchange, state):
        found = consenting.verdict(session, want, act.now)
        if found in {Verdict.VACANT, Verdict.WITHDRAWN}:
            return found
    return None


def resume(session: Session, exchange: Exchange, act: Act) -> None:
    """Go back to where a case stood once nothing holds it any more."""
    by_consent = exchange.hold_reason not in {None, HoldReason.ASKED}
    if exchange.state is not S.ON_HOLD or not by_consent or exchange.held_from is None:
        return
    if fallen(session, exchange, act) is None:
        enter(session, exchange, exchange.held_from, act, word="exchange.resumed")


def sent_bids(session: Session, exchange_id: UUID) -> list[Bid]:
    """The bids that the requester may choose from."""
    return list(
        session.scalars(
            select(Bid)
            .where(Bid.exchange_id == exchange_id, Bid.state.in_([BidState.SENT, BidState.CHOSEN]))
            .order_by(Bid.id)
        )
    )


def send_waiting_bids(session: Session, exchange: Exchange, act: Act) -> None:
    """Open each bid to the requester whose State has consented to it, while bids are taken."""
    if exchange.state is not S.CIRCULATED:
        return
    waiting = session.scalars(
        select(Bid).where(Bid.exchange_id == exchange.id, Bid.state == BidState.WAITING)
    ).all()
    for bid in waiting:
        want = consenting.for_bid(bid)
        if consenting.verdict(session, want, act.now) is not Verdict.IN_FORCE:
            continue
        bid.state, bid.sent_at = BidState.SENT, act.now
        note(
            session,
            exchange,
            "bid.sent",
            Act(by=act.by, now=act.now, state_id=bid.state_id),
            audience=Audience.BIDDER,
            bid_id=bid.id,
        )
        outbox.record(session, facts.BidSent(exchange_id=exchange.id, bid_id=bid.id), now=act.now)
    session.flush()


def let_parties_in(session: Session, exchange: Exchange, act: Act) -> None:
    """A party joins once every State that has to has consented to it."""
    invited = session.scalars(
        select(Party).where(Party.exchange_id == exchange.id, Party.state == PartyState.INVITED)
    ).all()
    for party in invited:
        if not consenting.are_in_force(session, consenting.for_joining(session, party), act.now):
            continue
        party.state, party.joined_at = PartyState.JOINED, act.now
        session.flush()
        state_id = party.body_id if party.kind is PartyKind.STATE else None
        note(session, exchange, "party.joined", Act(by=act.by, now=act.now, state_id=state_id))
        outbox.record(
            session, facts.PartyJoined(exchange_id=exchange.id, party_id=party.id), now=act.now
        )


def give_waiting_reports(session: Session, exchange: Exchange, act: Act) -> None:
    """A report counts once its State has consented to its words."""
    waiting = session.scalars(
        select(Report).where(Report.exchange_id == exchange.id, Report.state == ReportState.WAITING)
    ).all()
    for report in waiting:
        want = consenting.for_report(report)
        if consenting.verdict(session, want, act.now) is not Verdict.IN_FORCE:
            continue
        report.state, report.given_at = ReportState.GIVEN, act.now
        note(
            session,
            exchange,
            "report.given",
            Act(by=act.by, now=act.now, state_id=report.state_id),
        )
        outbox.record(
            session,
            facts.ReportGiven(exchange_id=exchange.id, report_id=report.id),
            now=act.now,
        )
    session.flush()


def reporting_states(session: Session, exchange: Exchange) -> list[UUID]:
    """Who writes a short report: those who asked and those who gave."""
    parties = consenting.state_parties(
        session, exchange.id, PartyRole.REQUESTER, PartyRole.PROVIDER
    )
    return [party.body_id for party in parties]


def all_reported(session: Session, exchange: Exchange) -> bool:
    """Whether each side's report is given or waived."""
    there = set(
        session.scalars(
            select(Report.state_id).where(
                Report.exchange_id == exchange.id,
                Report.state.in_([ReportState.GIVEN, ReportState.WAIVED]),
            )
        )
    )
    return set(reporting_states(session, exchange)) <= there


def check_reports(session: Session, exchange: Exchange) -> None:
    """Raise while a side's report is neither there nor waived."""
    if not all_reported(session, exchange):
        raise Refused(
            _("Both sides’ short reports are needed, or the helpdesk waives one with a reason."),
            code="no-reports",
        )


def all_answered(session: Session, exchange: Exchange) -> bool:
    """Whether each side has said what changed."""
    there = set(
        session.scalars(select(FollowUp.state_id).where(FollowUp.exchange_id == exchange.id))
    )
    return set(reporting_states(session, exchange)) <= there


def check_answers(session: Session, exchange: Exchange) -> None:
    """Raise while a side has not said what changed."""
    if not all_answered(session, exchange):
        raise Refused(_("Both sides say what has changed first."), code="no-answers")


def return_to_bids(session: Session, exchange: Exchange, act: Act) -> None:
    """A declined selection returns to the bids: all that were sent can be chosen again.

    The bid that was selected is one of them, unless its own State let it go.
    """
    picked = consenting.picked_bid(session, exchange.id)
    drop_partner(session, exchange, act)
    if picked is not None:
        is_theirs = act.state_id == picked.state_id
        picked.state = BidState.WITHDRAWN if is_theirs else BidState.SENT
        picked.ended_at, picked.chosen_at = act.now if is_theirs else None, None
        session.flush()
    session.execute(
        update(Bid)
        .where(
            Bid.exchange_id == exchange.id,
            Bid.round == exchange.recirculated,
            Bid.state == BidState.NOT_SELECTED,
            Bid.sent_at.is_not(None),
        )
        .values(state=BidState.SENT, ended_at=None)
    )


def take_back(session: Session, exchange: Exchange, want: Needed, act: Act) -> None:
    """What a State's no means for what waited for it."""
    undo = UNDONE.get(want.kind)
    if undo is None or not undo(session, exchange, want, act):
        review(session, exchange, act)
    session.flush()


def _undo_bid(session: Session, exchange: Exchange, want: Needed, act: Act) -> bool:
    bid = session.scalar(select(Bid).where(Bid.text_id == want.subject_id))
    if bid is not None and bid.state is BidState.WAITING:
        bid.state = BidState.DRAFT
        return True
    if bid is not None and bid.state in {BidState.SENT, BidState.CHOSEN}:
        bid.state, bid.ended_at, bid.chosen_at = BidState.WITHDRAWN, act.now, None
        outbox.record(
            session, facts.BidWithdrawn(exchange_id=exchange.id, bid_id=bid.id), now=act.now
        )
        return True
    return False


def _undo_selection(session: Session, exchange: Exchange, _want: Needed, _act: Act) -> bool:
    bid = consenting.picked_bid(session, exchange.id)
    if exchange.state is not S.CHOOSING or bid is None:
        return False
    bid.state, bid.chosen_at = BidState.SENT, None
    return True


def _undo_report(session: Session, _exchange: Exchange, want: Needed, _act: Act) -> bool:
    report = session.scalar(select(Report).where(Report.text_id == want.subject_id))
    if report is None or report.state is not ReportState.WAITING:
        return False
    report.state = ReportState.DRAFT
    return True


def _undo_request(session: Session, exchange: Exchange, _want: Needed, act: Act) -> bool:
    if exchange.state is not S.CONFIRMATION:
        return False
    enter(session, exchange, S.CLARIFICATION, act)
    return True


def _undo_agreement(session: Session, exchange: Exchange, want: Needed, act: Act) -> bool:
    if exchange.state is not S.SELECTED or want.subject_kind != "agreement":
        return False
    return_to_bids(session, exchange, act)
    enter(session, exchange, S.CHOOSING, act)
    return True


UNDONE: Mapping[ConsentKind, Callable[[Session, Exchange, Needed, Act], bool]] = {
    ConsentKind.BID: _undo_bid,
    ConsentKind.SELECTION: _undo_selection,
    ConsentKind.OUTCOME: _undo_report,
    ConsentKind.EXCHANGE_REQUEST: _undo_request,
    ConsentKind.AGREEMENT: _undo_agreement,
}
"""What was waiting for a consent goes back to its author; each answers whether anything was."""
