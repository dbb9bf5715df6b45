"""What follows from facts about exchanges: who is told what, once, in their language.

| what happened | who hears of it |
|---|---|
| a case moved | by the table `network.exchanges.messages_moves.TOLD`: the side that asks, the side that gives, the helpdesk; nothing of a draft |
| … to the members | seats of all member States that are neither party nor kept out, as they subscribed |
| a consent is asked | the authorising seats of that State, until it is there |
| a message was written | the focal points of the other sides that read it; the helpdesk if a State wrote |
| a bid was sent, or taken back | the focal points of the side that asks |
| another bid was selected | the focal points of the State that bid: one neutral sentence |
| a member declined | the focal points of the side that asks: the reason's word alone |
| dates were proposed, or declined | the focal points of the other side |
| dates were set, moved, dropped | every seat of both sides, with the calendar entry |
| a clock spoke | a reminder: whoever has yet to do it; afterwards helpdesk, then secretariat |
| a consent ends soon | every seat of its State |
| a report counts | the focal points of the other side |
| somebody is invited, or joins | the invited; both sides and the newcomer |
| the exchange is finished | both sides, with the practice draft: see `workers.practice_handlers` |

The focal point's deputy hears what the focal point hears. A mailbox gets each of these once,
however many seats are behind it and however often a fact is handled.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import house
from core.outbox import Fact
from network.consents.models import ConsentKind
from network.exchanges import audience, facts, filing
from network.exchanges.mailing import MAILS, wanted
from network.exchanges.messages import asked_name
from network.exchanges.messages_dates import REMINDER
from network.exchanges.models import Exchange, Notice, Party, PartyState
from network.exchanges.models_case import Bid, BidState
from network.exchanges.states import ExchangeState
from workers.telling import tell

Handler = Callable[[Session, Any, datetime], None]

S = ExchangeState


def announce(
    session: Session, message: str, subject_id: UUID, now: datetime, *, once: object = ""
) -> None:
    """Tell everybody whom this mail is for, if it still makes sense."""
    about = wanted(session, message, subject_id)
    if about is None:
        return
    seats = MAILS[message].to(session, about, now)
    tell(session, seats, message, subject_id=subject_id, once=once, now=now)


def file_agreement(session: Session, fact: facts.ExchangeMoved, now: datetime) -> None:
    """What both States have agreed is kept as a document, before anybody is told."""
    if fact.new == S.AGREED:
        filing.keep_agreement(session, exchange_id=fact.exchange_id, folder=house().files, now=now)


def tell_move(session: Session, fact: facts.ExchangeMoved, now: datetime) -> None:
    """Both sides, the helpdesk, and members when bids are taken."""
    for message in (
        "case_moved_requester",
        "case_moved_provider",
        "case_moved_desk",
        "case_circulated",
    ):
        announce(session, message, fact.entry_id, now)
    if (fact.old, fact.new) == (S.DRAFT, S.SUBMITTED):
        _tell_waiting_parties(session, fact.exchange_id, now)


def _tell_waiting_parties(session: Session, exchange_id: UUID, now: datetime) -> None:
    """Whoever was invited into a draft hears of it now: of drafts nobody is told."""
    invited = select(Party.id).where(
        Party.exchange_id == exchange_id, Party.state == PartyState.INVITED
    )
    for party_id in session.scalars(invited).all():
        announce(session, "case_invited", party_id, now)
        announce(session, asked_name(ConsentKind.AGREEMENT), party_id, now)


def ask_capital(session: Session, fact: facts.ConsentAsked, now: datetime) -> None:
    """The authorising seats of the State, again each time that the case comes back to asking."""
    kind = ConsentKind(fact.kind)
    message = asked_name(kind)
    about = wanted(session, message, fact.subject_id)
    if about is None or fact.state_id not in audience.asked(
        session, about.exchange, kind, fact.subject_id, now
    ):
        return
    bid = session.scalar(select(Bid).where(Bid.text_id == fact.subject_id))
    again = bid.chosen_at if bid is not None and bid.state is BidState.CHOSEN else None
    tell(
        session,
        audience.seats(session, [fact.state_id], audience.CAPITAL, now),
        message,
        subject_id=fact.subject_id,
        once=f"{about.exchange.turn}:{again.isoformat() if again else ''}",
        now=now,
    )


def tell_message(session: Session, fact: facts.MessageWritten, now: datetime) -> None:
    """The sides that read it, and the helpdesk."""
    announce(session, "case_message", fact.message_id, now)
    announce(session, "case_message_desk", fact.message_id, now)


def tell_bid(session: Session, fact: facts.BidSent, now: datetime) -> None:
    """The side that asks."""
    announce(session, "bid_sent", fact.bid_id, now)


def tell_bid_withdrawn(session: Session, fact: facts.BidWithdrawn, now: datetime) -> None:
    """The side that asks."""
    announce(session, "bid_withdrawn", fact.bid_id, now)


def tell_not_selected(session: Session, fact: facts.BidsNotSelected, now: datetime) -> None:
    """The bidder; once more if the bid was open again and then was not selected again."""
    bid = session.get_one(Bid, fact.bid_id)
    once = bid.ended_at.isoformat() if bid.ended_at else ""
    announce(session, "bid_not_selected", bid.id, now, once=once)


def tell_declined(session: Session, fact: facts.MemberDeclined, now: datetime) -> None:
    """The side that asks."""
    announce(session, "case_declined", fact.decline_id, now)


def tell_dates_proposed(session: Session, fact: facts.DatesProposed, now: datetime) -> None:
    """The other side."""
    announce(session, "dates_proposed", fact.proposal_id, now)


def tell_dates_declined(session: Session, fact: facts.DatesDeclined, now: datetime) -> None:
    """Whoever had proposed them."""
    announce(session, "dates_declined", fact.proposal_id, now)


def invite_to_dates(session: Session, fact: facts.DatesSet, now: datetime) -> None:
    """Both sides' calendars. If the dates have changed since, a later fact tells."""
    exchange = session.get_one(Exchange, fact.exchange_id)
    dates = audience.last_dates(session, exchange.id)
    if dates is not None and exchange.sequence == fact.sequence:
        announce(session, "dates_set", dates.id, now)


def take_dates_back(session: Session, fact: facts.DatesOff, now: datetime) -> None:
    """The calendars of all who had the dates."""
    dates = audience.dates_before(session, session.get_one(Exchange, fact.exchange_id))
    if dates is not None:
        announce(session, "dates_off", dates.id, now)


def tell_clock(session: Session, fact: facts.ClockNoted, now: datetime) -> None:
    """A reminder to whoever has to act, or word to those who can help it on."""
    notice = session.scalar(
        select(Notice).where(
            Notice.exchange_id == fact.exchange_id,
            Notice.turn == fact.turn,
            Notice.word == fact.word,
        )
    )
    if notice is not None:
        message = "case_reminder" if fact.word == REMINDER else "case_overdue"
        announce(session, message, notice.id, now)


def tell_ending(session: Session, fact: facts.ConsentEnding, now: datetime) -> None:
    """The State whose consent it is."""
    announce(session, "case_consent_ending", fact.consent_id, now)


def tell_report(session: Session, fact: facts.ReportGiven, now: datetime) -> None:
    """The other side; if that was the last report, the finished exchange is told instead."""
    announce(session, "case_report", fact.report_id, now)


def tell_invited(session: Session, fact: facts.PartyInvited, now: datetime) -> None:
    """Whoever is asked to join."""
    announce(session, "case_invited", fact.party_id, now)


def tell_joined(session: Session, fact: facts.PartyJoined, now: datetime) -> None:
    """Both sides and the newcomer."""
    announce(session, "case_joined", fact.party_id, now)


EXCHANGE_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    facts.ExchangeMoved: (file_agreement, tell_move),
    facts.ConsentAsked: (ask_capital,),
    facts.MessageWritten: (tell_message,),
    facts.BidSent: (tell_bid,),
    facts.BidWithdrawn: (tell_bid_withdrawn,),
    facts.BidsNotSelected: (tell_not_selected,),
    facts.MemberDeclined: (tell_declined,),
    facts.DatesProposed: (tell_dates_proposed,),
    facts.DatesDeclined: (tell_dates_declined,),
    facts.DatesSet: (invite_to_dates,),
    facts.DatesOff: (take_dates_back,),
    facts.ClockNoted: (tell_clock,),
    facts.ConsentEnding: (tell_ending,),
    facts.ReportGiven: (tell_report,),
    facts.PartyInvited: (tell_invited,),
    facts.PartyJoined: (tell_joined,),
}
