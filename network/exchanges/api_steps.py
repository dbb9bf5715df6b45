"""The steps of a case for programs: bids, the choice, dates, reports, what changed."""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.db import db
from core.web.access import access
from core.web.idempotency import Outcome, once
from network.accounts.access import by, token_of
from network.exchanges import answers, bidding, meeting, outcomes
from network.exchanges.api import api, told, visible
from network.exchanges.bidding import BidWording
from network.exchanges.meeting import Dates
from network.exchanges.outcomes import Learned
from network.exchanges.schemas import (
    BidAnswer,
    BidSent,
    CaseAnswer,
    DatesSent,
    DeclineSent,
    FollowUpSent,
    ReportSent,
)

WRITERS = ("focal_point", "deputy")


@api.put("/exchanges/<uuid:exchange_id>/bid")
@access(token_of(*WRITERS))
@api.takes(BidSent)
@api.output(BidAnswer)
@api.doc(security="seat", operation_id="bid", responses=[409])
def bid(exchange_id: UUID, sent: BidSent) -> BidAnswer:
    """Write one's bid.

    With `hand_in` the State is asked for its consent; with it the bid goes to the requester.
    """
    visible(exchange_id)
    wording = BidWording(
        type=sent.type,
        offer=sent.offer,
        languages=sent.languages,
        from_on=sent.from_on,
        until_on=sent.until_on,
        experts=sent.experts,
        costs=sent.costs,
    )
    now = clock.now()
    made = bidding.save_bid(
        db.session(), exchange_id=exchange_id, wording=wording, by=by(), now=now
    )
    if sent.hand_in:
        made = bidding.hand_in_bid(db.session(), exchange_id=exchange_id, by=by(), now=now)
    return answers.bid_answer(db.session(), made)


@api.delete("/exchanges/<uuid:exchange_id>/bid")
@access(token_of(*WRITERS))
@api.output(BidAnswer)
@api.doc(security="seat", operation_id="withdrawBid", responses=[409])
def withdraw_bid(exchange_id: UUID) -> BidAnswer:
    """Withdraw one's bid.

    While nothing is selected. The requester hears of it if they had seen the bid.
    """
    visible(exchange_id)
    gone = bidding.withdraw_bid(db.session(), exchange_id=exchange_id, by=by(), now=clock.now())
    return answers.bid_answer(db.session(), gone)


@api.post("/exchanges/<uuid:exchange_id>/decline")
@access(token_of(*WRITERS))
@api.takes(DeclineSent)
@api.output(CaseAnswer)
@api.doc(security="seat", operation_id="declineExchange", responses=[409])
@once()
def decline(exchange_id: UUID, sent: DeclineSent) -> Outcome:
    """Decline to bid.

    The requester reads the reason's word, and never the note.
    """
    visible(exchange_id)
    bidding.decline(
        db.session(),
        exchange_id=exchange_id,
        reason=sent.reason,
        note_to_self=sent.note,
        by=by(),
        now=clock.now(),
    )
    return Outcome(body=told(exchange_id))


@api.post("/exchanges/<uuid:exchange_id>/bids/<uuid:bid_id>/choice")
@access(token_of(*WRITERS))
@api.output(CaseAnswer)
@api.doc(security="seat", operation_id="chooseBid", responses=[409, 422])
@once()
def choose(exchange_id: UUID, bid_id: UUID) -> Outcome:
    """Choose a bid.

    It is selected once the requesting State has consented to that partner on the website.
    """
    visible(exchange_id)
    bidding.choose(db.session(), exchange_id=exchange_id, bid_id=bid_id, by=by(), now=clock.now())
    return Outcome(body=told(exchange_id))


@api.post("/exchanges/<uuid:exchange_id>/dates")
@access(token_of(*WRITERS))
@api.takes(DatesSent)
@api.output(CaseAnswer, 201)
@api.doc(security="seat", operation_id="proposeDates", responses=[409])
@once()
def propose(exchange_id: UUID, sent: DatesSent) -> Outcome:
    """Propose dates.

    The other side accepts them; an open proposal is replaced.
    """
    visible(exchange_id)
    dates = Dates(
        starts_at=sent.starts_at,
        ends_at=sent.ends_at,
        zone=sent.zone,
        place=sent.place,
        note=sent.note,
    )
    meeting.propose_dates(
        db.session(), exchange_id=exchange_id, dates=dates, by=by(), now=clock.now()
    )
    return Outcome(body=told(exchange_id))


@api.post("/exchanges/<uuid:exchange_id>/dates/<uuid:proposal_id>/acceptance")
@access(token_of(*WRITERS))
@api.output(CaseAnswer)
@api.doc(security="seat", operation_id="acceptDates", responses=[409, 422])
@once()
def accept(exchange_id: UUID, proposal_id: UUID) -> Outcome:
    """Accept dates.

    What the other side proposed: the calendar entry of both sides follows.
    """
    visible(exchange_id)
    meeting.accept_dates(
        db.session(), exchange_id=exchange_id, proposal_id=proposal_id, by=by(), now=clock.now()
    )
    return Outcome(body=told(exchange_id))


@api.put("/exchanges/<uuid:exchange_id>/report")
@access(token_of(*WRITERS))
@api.takes(ReportSent)
@api.output(CaseAnswer)
@api.doc(security="seat", operation_id="reportExchange", responses=[409])
def report(exchange_id: UUID, sent: ReportSent) -> CaseAnswer:
    """Write one's side's short report.

    With `hand_in` the State is asked for its consent; with both reports the exchange is finished.
    """
    visible(exchange_id)
    learned = Learned(
        learned=sent.learned,
        decision=sent.decision,
        evidence_url=sent.evidence_url,
        days=sent.days,
        costs=sent.costs,
        would_repeat=sent.would_repeat,
        summary=sent.summary,
    )
    now = clock.now()
    outcomes.save_report(db.session(), exchange_id=exchange_id, learned=learned, by=by(), now=now)
    if sent.hand_in:
        outcomes.hand_in_report(db.session(), exchange_id=exchange_id, by=by(), now=now)
    return told(exchange_id)


@api.post("/exchanges/<uuid:exchange_id>/follow-up")
@access(token_of(*WRITERS))
@api.takes(FollowUpSent)
@api.output(CaseAnswer, 201)
@api.doc(security="seat", operation_id="followUpExchange", responses=[409])
@once()
def follow_up(exchange_id: UUID, sent: FollowUpSent) -> Outcome:
    """Say what has changed.

    Asked once, six months after the reports.
    """
    visible(exchange_id)
    outcomes.answer_follow_up(
        db.session(),
        exchange_id=exchange_id,
        change=sent.change,
        text=sent.text,
        by=by(),
        now=clock.now(),
    )
    return Outcome(body=told(exchange_id))
