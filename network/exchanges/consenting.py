"""Which consents a case rests on, and whether they are in force: asked by every move.

`needed` is the one list. What stands in it for a target state is checked before the case enters
that state; what stands in it for the present state is watched, and the case held if it falls away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Refused
from core.languages import _
from network.consents import queries as consents
from network.consents.models import ConsentKind
from network.consents.rules import Question, Verdict, answer, refusal
from network.exchanges.models import Exchange, Party, PartyKind, PartyRole, PartyState
from network.exchanges.models_case import (
    Agreement,
    Audience,
    Bid,
    BidState,
    Report,
    ReportState,
)
from network.exchanges.states import ExchangeState

S = ExchangeState


@dataclass(frozen=True, kw_only=True)
class Needed:
    """One consent that is needed: whose, to what, with which partner."""

    state_id: UUID
    kind: ConsentKind
    subject_kind: str
    subject_id: UUID
    partner_id: UUID | None = None


def state_parties(session: Session, exchange_id: UUID, *roles: PartyRole) -> list[Party]:
    """The States that belong to a case in these roles, first come first."""
    return list(
        session.scalars(
            select(Party)
            .where(
                Party.exchange_id == exchange_id,
                Party.kind == PartyKind.STATE,
                Party.state == PartyState.JOINED,
                Party.role.in_(roles or tuple(PartyRole)),
            )
            .order_by(Party.invited_at, Party.id)
        )
    )


def picked_bid(session: Session, exchange_id: UUID) -> Bid | None:
    """The bid that was chosen or selected."""
    return session.scalar(
        select(Bid).where(
            Bid.exchange_id == exchange_id, Bid.state.in_([BidState.CHOSEN, BidState.SELECTED])
        )
    )


def newest_agreement(session: Session, exchange_id: UUID) -> Agreement | None:
    """The terms as they stand."""
    return session.scalar(
        select(Agreement)
        .where(Agreement.exchange_id == exchange_id)
        .order_by(Agreement.version.desc())
        .limit(1)
    )


def needed(session: Session, exchange: Exchange, state: S) -> list[Needed]:
    """The consents a case must have in order to be in `state`; none for states that need none."""
    if state in {S.CIRCULATED, S.CHOOSING}:
        return for_request(session, exchange)
    if state is S.SELECTED:
        bid = picked_bid(session, exchange.id)
        return for_request(session, exchange) + (
            for_selection(session, exchange, bid) if bid else []
        )
    if state in {S.AGREED, S.SCHEDULED, S.HELD}:
        return for_agreement(session, exchange)
    if state is S.FINISHED:
        return for_outcome(session, exchange)
    return []


def awaited(session: Session, exchange: Exchange, state: S) -> list[Needed]:
    """The consents that a case in `state` waits for in order to go on."""
    if state is S.CONFIRMATION:
        return for_request(session, exchange)
    if state is S.SELECTED:
        return for_agreement(session, exchange)
    bid = picked_bid(session, exchange.id) if state is S.CHOOSING else None
    return for_selection(session, exchange, bid)[1:] if bid else []


def for_request(session: Session, exchange: Exchange) -> list[Needed]:
    """Each requesting State consents to the words; one that was added later, to being a party."""
    found = []
    for party in state_parties(session, exchange.id, PartyRole.REQUESTER):
        if party.needs_consent:
            found.append(for_party(party, party.body_id))
        else:
            found.append(
                Needed(
                    state_id=party.body_id,
                    kind=ConsentKind.EXCHANGE_REQUEST,
                    subject_kind="exchange",
                    subject_id=exchange.text_id,
                )
            )
    return found


def for_bid(bid: Bid) -> Needed:
    """The bidding State consents to its bid."""
    return Needed(
        state_id=bid.state_id, kind=ConsentKind.BID, subject_kind="bid", subject_id=bid.text_id
    )


def for_selection(session: Session, exchange: Exchange, bid: Bid) -> list[Needed]:
    """Each requesting State consents to the partner, and the partner's own bid still stands."""
    return [
        for_bid(bid),
        *(
            Needed(
                state_id=party.body_id,
                kind=ConsentKind.SELECTION,
                subject_kind="bid",
                subject_id=bid.text_id,
                partner_id=bid.state_id,
            )
            for party in state_parties(session, exchange.id, PartyRole.REQUESTER)
        ),
    ]


def for_agreement(session: Session, exchange: Exchange) -> list[Needed]:
    """Every State that asks or gives consents to the newest terms."""
    agreement = newest_agreement(session, exchange.id)
    if agreement is None:
        return []
    parties = state_parties(session, exchange.id, PartyRole.REQUESTER, PartyRole.PROVIDER)
    return [
        Needed(
            state_id=party.body_id,
            kind=ConsentKind.AGREEMENT,
            subject_kind="agreement",
            subject_id=agreement.id,
            partner_id=_the_other(party, parties),
        )
        for party in parties
    ]


def _the_other(party: Party, parties: Sequence[Party]) -> UUID | None:
    """The one partner; None where there are several, so that no scope to one partner covers it."""
    others = [other.body_id for other in parties if other.body_id != party.body_id]
    return others[0] if len(others) == 1 else None


def for_outcome(session: Session, exchange: Exchange) -> list[Needed]:
    """Each side consents to its own report, unless it was waived."""
    rows = session.scalars(
        select(Report).where(Report.exchange_id == exchange.id, Report.state != ReportState.WAIVED)
    )
    return [for_report(report) for report in rows]


def for_report(report: Report) -> Needed:
    """The reporting State consents to the words of its report."""
    return Needed(
        state_id=report.state_id,
        kind=ConsentKind.OUTCOME,
        subject_kind="report",
        subject_id=report.text_id,
    )


def for_party(party: Party, state_id: UUID) -> Needed:
    """A State consents to this party's being one."""
    return Needed(
        state_id=state_id,
        kind=ConsentKind.AGREEMENT,
        subject_kind="party",
        subject_id=party.id,
    )


def for_joining(session: Session, party: Party) -> list[Needed]:
    """The new State, if it is one, and every other State party consent to the newcomer."""
    states = [known.body_id for known in state_parties(session, party.exchange_id)]
    if party.kind is PartyKind.STATE:
        states.append(party.body_id)
    return [for_party(party, state_id) for state_id in dict.fromkeys(states)]


def days_asked(
    exchange: Exchange, agreement: Agreement | None, state: S, now: datetime
) -> list[date]:
    """The days that the consents must cover in order to enter `state`."""
    today = now.date()
    if state in {S.SCHEDULED, S.HELD} and exchange.starts_at and exchange.ends_at:
        return [exchange.starts_at.date(), exchange.ends_at.date()]
    if state is S.AGREED and agreement is not None:
        return [max(today, agreement.from_on or today), max(today, agreement.until_on or today)]
    return [today]


def check_entry(session: Session, exchange: Exchange, state: S, now: datetime) -> None:
    """Raise unless every consent that `state` needs is in force on its days.

    What was held counts as it stood when it ended: a withdrawal after the event takes nothing back.
    """
    asked_at = now
    if state is S.HELD and exchange.ends_at is not None:
        asked_at = min(now, exchange.ends_at)
    agreement = newest_agreement(session, exchange.id)
    wants = needed(session, exchange, state)
    if not wants and state in {S.CIRCULATED, S.SELECTED, S.AGREED, S.SCHEDULED, S.HELD}:
        raise Refused(_("There is nothing yet that a State could consent to."), code="no-subject")
    for want in wants:
        for day in dict.fromkeys(days_asked(exchange, agreement, state, asked_at)):
            check_one(session, want, on=day, now=asked_at)


def check_one(session: Session, want: Needed, *, on: date, now: datetime) -> None:
    """Ask the one function for one consent."""
    consents.check_consent(
        session,
        state_id=want.state_id,
        kind=want.kind,
        subject_id=want.subject_id,
        partner_id=want.partner_id,
        on=on,
        now=now,
    )


def are_in_force(session: Session, wants: Sequence[Needed], now: datetime) -> bool:
    """Whether all of these stand today."""
    return all(verdict(session, want, now) is Verdict.IN_FORCE for want in wants)


def verdict(session: Session, want: Needed, now: datetime) -> Verdict:
    """How one of them stands today, read while nobody may change it."""
    consents.hold_still(session, want.kind, want.subject_id, alone=False)
    known = consents.standing(
        session, state_id=want.state_id, kind=want.kind, subject_id=want.subject_id, now=now
    )
    return answer(known, Question(on=now.date(), now=now, partner_id=want.partner_id))


def refused(found: Verdict) -> Refused:
    """The sentence for a verdict that is no yes."""
    return refusal(found)


def audience_of(want: Needed) -> Audience:
    """Who reads on the timeline that this consent was given or refused."""
    if want.kind is ConsentKind.BID:
        return Audience.BIDDER
    if want.kind in {ConsentKind.EXCHANGE_REQUEST, ConsentKind.SELECTION}:
        return Audience.REQUESTER
    return Audience.PARTIES


def bid_of(session: Session, want: Needed) -> UUID | None:
    """The bid that a consent speaks of."""
    if want.kind is not ConsentKind.BID:
        return None
    return session.scalar(select(Bid.id).where(Bid.text_id == want.subject_id))
