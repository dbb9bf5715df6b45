"""What waits in cases for the consent of one State, however many there are, in a few statements.

`listing.wants_of` says what one case wants, under the locks of an act; this is for showing lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from network.consents.models import Consent, ConsentKind, Withdrawal
from network.consents.queries import authorising_seats, need_of
from network.consents.rules import Question, Standing, Verdict, answer, is_live
from network.exchanges import consenting
from network.exchanges.consenting import Needed
from network.exchanges.models import Exchange, Party, PartyKind, PartyRole, PartyState
from network.exchanges.models_case import Agreement, Bid, BidState, Report, ReportState
from network.exchanges.states import ExchangeState

S = ExchangeState
PICKED = frozenset({BidState.CHOSEN, BidState.SELECTED})
TERMS_BETWEEN = frozenset({PartyRole.REQUESTER, PartyRole.PROVIDER})


@dataclass(frozen=True, kw_only=True)
class Waits:
    """One consent that a State is asked for. `has_spoken`: this seat has given its own already."""

    exchange: Exchange
    want: Needed
    verdict: Verdict
    has_spoken: bool


@dataclass(kw_only=True)
class _Parts:
    """What belongs to the cases looked at, by case."""

    parties: dict[UUID, list[Party]] = field(default_factory=lambda: defaultdict(list))
    bids: dict[UUID, list[Bid]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[UUID, Agreement] = field(default_factory=dict)
    reports: dict[UUID, list[Report]] = field(default_factory=lambda: defaultdict(list))


def waiting(
    session: Session,
    state_id: UUID,
    now: datetime,
    *,
    seat_id: UUID | None = None,
    exchange_id: UUID | None = None,
) -> list[Waits]:
    """All of it, oldest first; of one case only if that is said."""
    wanted = select(Exchange).where(_concerns(state_id)).order_by(Exchange.state_since, Exchange.id)
    if exchange_id is not None:
        wanted = wanted.where(Exchange.id == exchange_id)
    cases = session.scalars(wanted).all()
    if not cases:
        return []
    parts = _parts(session, [case.id for case in cases], state_id)
    wants = [(case, want) for case in cases for want in _wants(case, parts, state_id)]
    known = _Known.read(session, state_id, [want for _case, want in wants], now)
    found = []
    for case, want in wants:
        verdict = known.verdict(want, now)
        if verdict is not Verdict.IN_FORCE:
            spoke = known.has_spoken(want, seat_id, now)
            found.append(Waits(exchange=case, want=want, verdict=verdict, has_spoken=spoke))
    return found


def _concerns(state_id: UUID) -> ColumnElement[bool]:
    def party(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(Party.exchange_id == Exchange.id, *conditions)

    own = Party.body_id == state_id
    bids = exists().where(
        Bid.exchange_id == Exchange.id, Bid.state_id == state_id, Bid.state == BidState.WAITING
    )
    reports = exists().where(
        Report.exchange_id == Exchange.id,
        Report.state_id == state_id,
        Report.state == ReportState.WAITING,
    )
    decides = Exchange.state.in_([S.CONFIRMATION, S.CHOOSING, S.SELECTED, S.ON_HOLD])
    return or_(
        and_(party(own, Party.state == PartyState.JOINED), decides),
        and_(bids, Exchange.state == S.CIRCULATED),
        and_(party(own), party(Party.state == PartyState.INVITED)),
        reports,
    )


def _parts(session: Session, case_ids: Collection[UUID], state_id: UUID) -> _Parts:
    found = _Parts()
    for party in session.scalars(
        select(Party)
        .where(Party.exchange_id.in_(case_ids), Party.state != PartyState.LEFT)
        .order_by(Party.invited_at, Party.id)
    ):
        found.parties[party.exchange_id].append(party)
    own = and_(Bid.state_id == state_id, Bid.state == BidState.WAITING)
    for bid in session.scalars(
        select(Bid).where(Bid.exchange_id.in_(case_ids), or_(Bid.state.in_(PICKED), own))
    ):
        found.bids[bid.exchange_id].append(bid)
    for terms in session.scalars(
        select(Agreement).where(Agreement.exchange_id.in_(case_ids)).order_by(Agreement.version)
    ):
        found.terms[terms.exchange_id] = terms
    for report in session.scalars(
        select(Report).where(
            Report.exchange_id.in_(case_ids),
            Report.state_id == state_id,
            Report.state == ReportState.WAITING,
        )
    ):
        found.reports[report.exchange_id].append(report)
    return found


ASKED_IN: Mapping[S, frozenset[ConsentKind]] = {
    S.CONFIRMATION: frozenset({ConsentKind.EXCHANGE_REQUEST}),
    S.CHOOSING: frozenset({ConsentKind.SELECTION}),
    S.SELECTED: frozenset({ConsentKind.AGREEMENT}),
}
"""What a case in a state waits for in order to go on."""

RESTED_ON: Mapping[S, frozenset[ConsentKind]] = {
    S.CIRCULATED: frozenset({ConsentKind.EXCHANGE_REQUEST}),
    S.CHOOSING: frozenset({ConsentKind.EXCHANGE_REQUEST}),
    S.SELECTED: frozenset({ConsentKind.EXCHANGE_REQUEST, ConsentKind.SELECTION, ConsentKind.BID}),
    S.AGREED: frozenset({ConsentKind.AGREEMENT}),
    S.SCHEDULED: frozenset({ConsentKind.AGREEMENT}),
}
"""What a case on hold rested on where it stood, and may have to be given again."""


def _wants(case: Exchange, parts: _Parts, state_id: UUID) -> Iterator[Needed]:
    kinds = ASKED_IN.get(case.held_from or case.state, frozenset())
    if case.held_from is not None:
        kinds |= RESTED_ON.get(case.held_from, frozenset())
    parties = parts.parties[case.id]
    joined = [one for one in parties if one.state is PartyState.JOINED and _is_state(one)]
    own = next((one for one in joined if one.body_id == state_id), None)
    yield from _of_bids(case, kinds, own, parts, state_id)
    if ConsentKind.AGREEMENT in kinds and own is not None and own.role in TERMS_BETWEEN:
        yield from _terms(parts.terms.get(case.id), joined, state_id)
    yield from (consenting.for_report(report) for report in parts.reports[case.id])
    for party in parties:
        is_newcomer = party.body_id == state_id and _is_state(party)
        if party.state is PartyState.INVITED and (own is not None or is_newcomer):
            yield consenting.for_party(party, state_id)


def _of_bids(
    case: Exchange,
    kinds: frozenset[ConsentKind],
    own: Party | None,
    parts: _Parts,
    state_id: UUID,
) -> Iterator[Needed]:
    """The request, the choice of a partner, and the bids of one's own."""
    picked = next((bid for bid in parts.bids[case.id] if bid.state in PICKED), None)
    if own is not None and own.role is PartyRole.REQUESTER:
        if ConsentKind.EXCHANGE_REQUEST in kinds:
            yield _request(case, own)
        if ConsentKind.SELECTION in kinds and picked is not None:
            yield _selection(picked, state_id)
    for bid in parts.bids[case.id]:
        is_sent_on_consent = case.state is S.CIRCULATED and bid.state is BidState.WAITING
        is_rested_on = ConsentKind.BID in kinds and bid is picked and bid.state_id == state_id
        if is_sent_on_consent or is_rested_on:
            yield consenting.for_bid(bid)


def _is_state(party: Party) -> bool:
    return party.kind is PartyKind.STATE


def _request(case: Exchange, own: Party) -> Needed:
    if own.needs_consent:
        return consenting.for_party(own, own.body_id)
    return Needed(
        state_id=own.body_id,
        kind=ConsentKind.EXCHANGE_REQUEST,
        subject_kind="exchange",
        subject_id=case.text_id,
    )


def _selection(bid: Bid, state_id: UUID) -> Needed:
    return Needed(
        state_id=state_id,
        kind=ConsentKind.SELECTION,
        subject_kind="bid",
        subject_id=bid.text_id,
        partner_id=bid.state_id,
    )


def _terms(terms: Agreement | None, joined: Iterable[Party], state_id: UUID) -> Iterator[Needed]:
    others = [
        one.body_id for one in joined if one.role in TERMS_BETWEEN and one.body_id != state_id
    ]
    if terms is not None:
        yield Needed(
            state_id=state_id,
            kind=ConsentKind.AGREEMENT,
            subject_kind="agreement",
            subject_id=terms.id,
            partner_id=others[0] if len(others) == 1 else None,
        )


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the State's officers have said about these subjects."""

    standing: Standing
    consents: Sequence[Consent]
    against: Sequence[Withdrawal]

    @classmethod
    def read(
        cls, session: Session, state_id: UUID, wants: Sequence[Needed], now: datetime
    ) -> _Known:
        """All of it in four statements."""
        subjects = {want.subject_id for want in wants}
        seats = authorising_seats(session, state_id, now)
        return cls(
            standing=Standing(
                need=need_of(session, state_id),
                seats=frozenset(seats),
                filled=frozenset(seat for seat, is_filled in seats.items() if is_filled),
            ),
            consents=session.scalars(
                select(Consent).where(
                    Consent.state_id == state_id, Consent.subject_id.in_(subjects)
                )
            ).all(),
            against=session.scalars(
                select(Withdrawal).where(
                    Withdrawal.state_id == state_id,
                    Withdrawal.subject_id.in_(subjects),
                    Withdrawal.at <= now,
                    or_(Withdrawal.lifted_at.is_(None), Withdrawal.lifted_at > now),
                )
            ).all(),
        )

    def verdict(self, want: Needed, now: datetime) -> Verdict:
        """How one of them stands."""
        known = Standing(
            need=self.standing.need,
            seats=self.standing.seats,
            filled=self.standing.filled,
            consents=self._about(want),
            against=frozenset(
                one.seat_id
                for one in self.against
                if one.subject_id == want.subject_id and one.kind is want.kind
            ),
        )
        return answer(known, Question(on=now.date(), now=now, partner_id=want.partner_id))

    def has_spoken(self, want: Needed, seat_id: UUID | None, now: datetime) -> bool:
        """Whether this seat's own consent stands already, and others are waited for."""
        return any(one.seat_id == seat_id and is_live(one, now) for one in self._about(want))

    def _about(self, want: Needed) -> list[Consent]:
        return [
            one
            for one in self.consents
            if one.subject_id == want.subject_id and one.kind is want.kind
        ]
