"""Cases as programs read them: the same view of a case that the pages have, never more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.web.api import PREFIX
from network.exchanges import service
from network.exchanges.models import Exchange, PartnerWish, Party, PartyKind, WishKind
from network.exchanges.models_case import Bid, CaseEntry, Report
from network.exchanges.queries import Case, Circulated, Side
from network.exchanges.schemas import (
    AttendeeAnswer,
    BidAnswer,
    CaseAnswer,
    CaseConsent,
    CaseLine,
    CirculatedAnswer,
    InsideAnswer,
    LineAnswer,
    MessageAnswer,
    PartyAnswer,
    ProposalAnswer,
    ReportAnswer,
    WindowAnswer,
)
from network.taxonomy.models import State

Codes = Mapping[UUID, str]


def codes_of(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The three letters of States by their ids."""
    known = {one for one in ids if one is not None}
    rows = session.execute(select(State.id, State.iso3).where(State.id.in_(known)))
    return {row.id: row.iso3 for row in rows}


def ids_of(session: Session, codes: Iterable[str]) -> dict[str, UUID]:
    """The ids of States by their three letters; unknown ones are left out."""
    rows = session.execute(select(State.iso3, State.id).where(State.iso3.in_(set(codes))))
    return {row.iso3: row.id for row in rows}


def address(exchange_id: UUID) -> str:
    """Where a case is answered alone."""
    return f"{PREFIX}/exchanges/{exchange_id}"


def line_of(exchange: Exchange) -> CaseLine:
    """One of one's own cases in a list."""
    return CaseLine(
        id=exchange.id,
        reference=exchange.reference,
        state=exchange.state,
        title=exchange.title,
        due_at=exchange.due_at,
        since=exchange.state_since,
        url=address(exchange.id),
    )


def circulated(told: Circulated, codes: Codes) -> CirculatedAnswer:
    """What goes to members."""
    return CirculatedAnswer(
        id=told.id,
        reference=told.reference,
        state=told.state,
        type=told.type,
        requester=codes.get(told.requester_id) if told.requester_id else None,
        confidential=told.is_confidential,
        title=told.title,
        need=told.need,
        wanted_outcome=told.wanted_outcome,
        themes=list(told.themes),
        capacities=list(told.capacities),
        languages=list(told.languages),
        windows=[WindowAnswer(from_on=first, until_on=last) for first, last in told.windows],
        due_at=told.due_at,
        url=address(told.id),
    )


def answered(session: Session, case: Case) -> CaseAnswer:
    """A case as one reader may see it."""
    codes = codes_of(session, _states_in(case))
    exchange = case.exchange
    return CaseAnswer(
        id=case.id,
        side=case.side,
        allowed=service.allowed_moves(exchange, case.stands) if exchange else [],
        circulated=circulated(case.circulated, codes),
        own_bid=_bid(case.own_bid, codes) if case.own_bid else None,
        timeline=[_line(entry, codes) for entry in case.timeline],
        inside=_inside(case, exchange, codes) if exchange else None,
    )


def _states_in(case: Case) -> set[UUID | None]:
    """Every State that this view of the case speaks of."""
    found: set[UUID | None] = {case.circulated.requester_id}
    found |= {entry.state_id for entry in case.timeline}
    found |= {bid.state_id for bid in case.bids}
    found |= {report.state_id for report in case.reports}
    found |= {wish.state_id for wish in case.wishes}
    found |= {line.want.state_id for line in case.consents}
    if case.own_bid:
        found.add(case.own_bid.state_id)
    if case.proposal:
        found.add(case.proposal.state_id)
    if case.exchange:
        found |= {party.body_id for party in case.exchange.parties}
    return found


def _inside(case: Case, exchange: Exchange, codes: Codes) -> InsideAnswer:
    sees_people = case.side in {Side.REQUESTER, Side.PROVIDER, Side.HELPDESK}
    return InsideAnswer(
        title=exchange.title,
        need=exchange.need,
        what_exists=exchange.what_exists,
        wanted_outcome=exchange.wanted_outcome,
        funding=exchange.funding,
        funding_note=exchange.funding_note,
        neutral=exchange.neutral,
        attendees=[
            AttendeeAnswer(post=one.post, name=one.name, substitute=one.substitute)
            for one in (exchange.attendees if sees_people else ())
        ],
        preferred=_wished(case.wishes, WishKind.PREFERRED, codes),
        excluded=_wished(case.wishes, WishKind.EXCLUDED, codes),
        revision=exchange.revision,
        held_from=exchange.held_from,
        hold_reason=exchange.hold_reason,
        recirculated=exchange.recirculated,
        starts_at=exchange.starts_at,
        ends_at=exchange.ends_at,
        zone=exchange.zone,
        place=exchange.place,
        parties=[_party(party, codes) for party in exchange.parties],
        consents=[
            CaseConsent(
                state=codes.get(line.want.state_id, ""),
                kind=line.want.kind,
                subject_id=line.want.subject_id,
                verdict=line.verdict,
            )
            for line in case.consents
        ],
        bids=[_bid(bid, codes) for bid in case.bids],
        proposal=_proposal(case, codes),
        reports=[_report(report, codes) for report in case.reports],
        thread=[
            MessageAnswer(id=one.id, at=one.at, kind=one.kind, text=one.text, seat_id=one.seat_id)
            for one in case.thread
        ],
    )


def _wished(wishes: Iterable[PartnerWish], kind: WishKind, codes: Codes) -> list[str]:
    return sorted(codes.get(wish.state_id, "") for wish in wishes if wish.kind is kind)


def _party(party: Party, codes: Codes) -> PartyAnswer:
    is_state = party.kind is PartyKind.STATE
    return PartyAnswer(
        id=party.id,
        kind=party.kind,
        body=codes.get(party.body_id, "") if is_state else str(party.body_id),
        role=party.role,
        state=party.state,
    )


def _bid(bid: Bid, codes: Codes) -> BidAnswer:
    return BidAnswer(
        id=bid.id,
        bidder=codes.get(bid.state_id, ""),
        state=bid.state,
        type=bid.type,
        offer=bid.offer,
        languages=bid.languages,
        from_on=bid.from_on,
        until_on=bid.until_on,
        experts=bid.experts,
        costs=bid.costs,
    )


def bid_answer(session: Session, bid: Bid) -> BidAnswer:
    """A bid to its author."""
    return _bid(bid, codes_of(session, [bid.state_id]))


def _proposal(case: Case, codes: Codes) -> ProposalAnswer | None:
    if case.proposal is None:
        return None
    return ProposalAnswer(
        id=case.proposal.id,
        by=codes.get(case.proposal.state_id, ""),
        starts_at=case.proposal.starts_at,
        ends_at=case.proposal.ends_at,
        zone=case.proposal.zone,
        place=case.proposal.place,
        state=case.proposal.state,
    )


def _report(report: Report, codes: Codes) -> ReportAnswer:
    return ReportAnswer(
        by=codes.get(report.state_id, ""),
        state=report.state,
        learned=report.learned,
        decision=report.decision,
        evidence_url=report.evidence_url,
        days=report.days,
        costs=report.costs,
        would_repeat=report.would_repeat,
        summary=report.summary,
        waiver=report.waiver,
    )


def _line(entry: CaseEntry, codes: Codes) -> LineAnswer:
    return LineAnswer(
        at=entry.at,
        word=entry.word,
        old=entry.old,
        new=entry.new,
        by=codes.get(entry.state_id) if entry.state_id else None,
        seat_id=entry.seat_id,
        text=entry.text,
    )


def place(after: str | None) -> tuple[datetime, UUID] | None:
    """The key of a list out of its written form; None if there is none, or it is no key of ours."""
    if not after:
        return None
    moment, _cut, last = after.partition("_")
    try:
        return datetime.fromisoformat(moment), UUID(last)
    except ValueError:
        return None


def written(key: tuple[datetime, UUID] | None) -> str | None:
    """The key of a list as it stands in an address."""
    return f"{key[0].isoformat()}_{key[1]}" if key else None
