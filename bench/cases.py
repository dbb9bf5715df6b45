"""Invented exchanges in all states, with what each has gathered on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from bench.bulk import Row, copy
from bench.network import Delegation, Network, consent, seeded
from core.model import Model
from network.consents.models import Consent, ConsentKind
from network.exchanges.models import (
    Attendee,
    DateWindow,
    Exchange,
    Funding,
    HoldReason,
    PartnerWish,
    Party,
    PartyRole,
    WishKind,
)
from network.exchanges.models_case import (
    Agreement,
    Bid,
    BidState,
    CaseEntry,
    CaseMessage,
    Change,
    FollowUp,
    MessageKind,
    Report,
    ReportState,
)
from network.exchanges.states import EXCHANGE, ExchangeState
from network.offers.models import LANGUAGES, Capacity, ExchangeType

S = ExchangeState
WAY = (
    S.DRAFT,
    S.SUBMITTED,
    S.CONFIRMATION,
    S.CIRCULATED,
    S.CHOOSING,
    S.SELECTED,
    S.AGREED,
    S.SCHEDULED,
    S.HELD,
    S.FINISHED,
    S.FOLLOW_UP,
    S.CLOSED,
)
ASIDE = {
    S.CLARIFICATION: S.SUBMITTED,
    S.ON_HOLD: S.CIRCULATED,
    S.ANSWERED: S.CONFIRMATION,
    S.NO_TAKER: S.CIRCULATED,
    S.WITHDRAWN: S.CONFIRMATION,
    S.DECLINED: S.SUBMITTED,
    S.EXPIRED: S.CONFIRMATION,
}
"""How far a case had come on its way when it left it."""

SHARES = dict.fromkeys(S, 4) | {
    S.CIRCULATED: 8,
    S.FINISHED: 8,
    S.CLOSED: 30,
    S.CLARIFICATION: 2,
    S.ON_HOLD: 2,
    S.DECLINED: 1,
    S.EXPIRED: 1,
}
LONG_OVER = frozenset({S.CLOSED, S.ANSWERED, S.NO_TAKER, S.WITHDRAWN, S.DECLINED, S.EXPIRED})
DUE = 60
JUST_DUE = 11
"""So many cases were sent so many days ago, so that their reminder is due."""

ENDING = 1_000
"""Among the first cases, those that are agreed rest on consents that soon end."""

BUSY = 4
"""The first State has so many times the cases of the others."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """One case: who asks, who gives, how far it came, and the ids that others point to."""

    number: int
    asks: Delegation
    gives: Delegation
    also_bids: Delegation
    state: ExchangeState
    since: datetime
    id: UUID = field(default_factory=uuid4)
    text_id: UUID = field(default_factory=uuid4)
    bids: tuple[UUID, UUID] = field(default_factory=lambda: (uuid4(), uuid4()))
    bid_texts: tuple[UUID, UUID] = field(default_factory=lambda: (uuid4(), uuid4()))
    agreement_id: UUID = field(default_factory=uuid4)
    reports: tuple[UUID, UUID] = field(default_factory=lambda: (uuid4(), uuid4()))

    def has_been(self, state: ExchangeState) -> bool:
        """Whether the case has been in this state of its way."""
        return WAY.index(ASIDE.get(self.state, self.state)) >= WAY.index(state)

    @property
    def has_bids(self) -> bool:
        """Whether members have bid."""
        return self.has_been(S.CIRCULATED) and self.state is not S.NO_TAKER

    @property
    def sides(self) -> tuple[Delegation, Delegation]:
        """Who asks and who gives."""
        return self.asks, self.gives


def fill_cases(
    connection: psycopg.Connection[Any], network: Network, *, cases: int
) -> Sequence[Played]:
    """Add so many cases, with everything that hangs on them."""
    played = list(_play(network, cases))
    made: list[tuple[type[Model], Iterable[Row]]] = [
        (Exchange, (_exchange(network, one) for one in played)),
        (DateWindow, (row for one in played for row in _windows(one))),
        (Attendee, (row for one in played for row in _attendees(one))),
        (PartnerWish, (_wish(one) for one in played)),
        (Party, (row for one in played for row in _parties(one))),
        (Bid, (row for one in played for row in _bids(one))),
        (CaseEntry, (row for one in played for row in _entries(one))),
        (CaseMessage, (row for one in played for row in _messages(one))),
        (Agreement, (_agreement(one) for one in played if one.has_been(S.SELECTED))),
        (Report, (row for one in played for row in _reports(one))),
        (FollowUp, (row for one in played for row in _follow_ups(one))),
        (Consent, (row for one in played for row in _consents(network, one))),
    ]
    for kind, rows in made:
        copy(connection, kind, rows)
    return played


def _play(network: Network, cases: int) -> Iterator[Played]:
    dice = network.dice
    states = seeded(1).choices(list(SHARES), list(SHARES.values()), k=cases)
    weights = [BUSY, *([1] * (len(network.delegations) - 1))]
    asking = dice.choices(network.delegations, weights, k=cases)
    states[:DUE] = [S.SUBMITTED] * DUE
    for number, (state, asks) in enumerate(zip(states, asking, strict=True)):
        others = dice.sample(network.delegations, 3)
        gives, also = [one for one in others if one is not asks][:2]
        days = dice.uniform(30, 900) if state in LONG_OVER else dice.uniform(0, 5)
        if number < DUE:
            days = JUST_DUE
        yield Played(
            number=number,
            asks=asks,
            gives=gives,
            also_bids=also,
            state=state,
            since=network.now - timedelta(days=days),
        )


def _exchange(network: Network, one: Played) -> Row:
    due = EXCHANGE.due_at(one.state, one.since)
    step = EXCHANGE.steps[one.state]
    starts = network.now + timedelta(days=40 if one.state is S.SCHEDULED else -40)
    has_dates = one.has_been(S.SCHEDULED)
    if one.state is S.SCHEDULED:
        due = starts + timedelta(days=2)
    return {
        "id": one.id,
        "reference": f"B-{one.number:06}",
        "state_id": one.asks.id,
        "seat_id": one.asks.focal.seat_id,
        "made_at": one.since - timedelta(days=60),
        "state": one.state,
        "state_since": one.since,
        "turn": WAY.index(ASIDE.get(one.state, one.state)),
        "due_at": due,
        "look_at": due - (step.remind or timedelta()) if due else None,
        "held_from": S.CIRCULATED if one.state is S.ON_HOLD else None,
        "held_rest": timedelta(days=30) if one.state is S.ON_HOLD else None,
        "hold_reason": HoldReason.ASKED if one.state is S.ON_HOLD else None,
        "text_id": one.text_id,
        "type": network.dice.choice(list(ExchangeType)),
        "title": network.text(5),
        "need": network.text(80),
        "what_exists": network.text(40),
        "wanted_outcome": network.text(20),
        "is_confidential": one.number % 20 == 0,
        "neutral": network.text(20),
        "themes": network.pick(network.themes, 1, 3),
        "capacities": network.pick(list(Capacity), 1, 2),
        "languages": network.pick(LANGUAGES, 1, 2),
        "funding": Funding.SOUGHT,
        "starts_at": starts if has_dates else None,
        "ends_at": starts + timedelta(days=2) if has_dates else None,
    }


def _windows(one: Played) -> Iterator[Row]:
    first = one.since.date() + timedelta(days=60)
    for position in range(3):
        day = first + timedelta(days=14 * position)
        yield {
            "exchange_id": one.id,
            "position": position,
            "from_on": day,
            "until_on": day + timedelta(days=4),
        }


def _attendees(one: Played) -> Iterator[Row]:
    for position in range(2):
        yield {"exchange_id": one.id, "position": position, "post": "Head of unit"}


def _wish(one: Played) -> Row:
    other = one.also_bids if one.state is S.DRAFT else one.gives
    kind = WishKind.EXCLUDED if one.state is S.DRAFT else WishKind.PREFERRED
    return {"exchange_id": one.id, "state_id": other.id, "kind": kind}


def _parties(one: Played) -> Iterator[Row]:
    roles = [(one.asks, PartyRole.REQUESTER)]
    if one.has_been(S.SELECTED):
        roles.append((one.gives, PartyRole.PROVIDER))
    for whose, role in roles:
        yield {
            "exchange_id": one.id,
            "body_id": whose.id,
            "role": role,
            "invited_at": one.since,
            "joined_at": one.since,
        }


def _bids(one: Played) -> Iterator[Row]:
    if not one.has_bids:
        return
    is_chosen = one.has_been(S.SELECTED)
    states = (
        (BidState.SELECTED, BidState.NOT_SELECTED) if is_chosen else (BidState.SENT, BidState.SENT)
    )
    day: date = one.since.date() + timedelta(days=60)
    for turn, whose in enumerate((one.gives, one.also_bids)):
        yield {
            "id": one.bids[turn],
            "exchange_id": one.id,
            "state_id": whose.id,
            "seat_id": whose.focal.seat_id,
            "state": states[turn],
            "text_id": one.bid_texts[turn],
            "type": ExchangeType.STUDY_VISIT,
            "offer": "Three days with those who do the work. " * 5,
            "languages": ["en"],
            "from_on": day,
            "until_on": day + timedelta(days=30),
            "made_at": one.since,
            "sent_at": one.since,
        }


def _entries(one: Played) -> Iterator[Row]:
    been = [state for state in WAY if one.has_been(state)]
    for old, new in zip([None, *been], [*been, None], strict=True):
        if new is not None:
            yield {
                "exchange_id": one.id,
                "at": one.since,
                "word": EXCHANGE.steps[new].audit,
                "old": old,
                "new": new,
                "person_id": one.asks.focal.person_id,
                "seat_id": one.asks.focal.seat_id,
                "state_id": one.asks.id,
            }


def _messages(one: Played) -> Iterator[Row]:
    for kind in (MessageKind.QUESTION, MessageKind.ANSWER):
        yield {
            "exchange_id": one.id,
            "at": one.since,
            "kind": kind,
            "text": "How many ministries take part, and since when? " * 3,
            "person_id": one.asks.focal.person_id,
            "seat_id": one.asks.focal.seat_id,
        }


def _agreement(one: Played) -> Row:
    return {
        "id": one.agreement_id,
        "exchange_id": one.id,
        "bid_id": one.bids[0],
        "version": 1,
        "made_at": one.since,
        "purpose": "To learn from each other. " * 5,
        "activities": "Three days together. " * 5,
        "languages": ["en"],
        "agreed_at": one.since if one.has_been(S.AGREED) else None,
    }


def _reports(one: Played) -> Iterator[Row]:
    if not one.has_been(S.FINISHED):
        return
    for whose, text_id in zip(one.sides, one.reports, strict=True):
        yield {
            "exchange_id": one.id,
            "state_id": whose.id,
            "state": ReportState.GIVEN,
            "text_id": text_id,
            "learned": "One list for all bodies. " * 8,
            "decision": "A decree is drafted.",
            "would_repeat": True,
            "changed_at": one.since,
            "given_at": one.since,
        }


def _follow_ups(one: Played) -> Iterator[Row]:
    if one.has_been(S.CLOSED):
        for whose in one.sides:
            yield {
                "exchange_id": one.id,
                "state_id": whose.id,
                "seat_id": whose.focal.seat_id,
                "change": Change.PARTLY,
                "text": "The decree is signed.",
                "at": one.since,
            }


def _consents(network: Network, one: Played) -> Iterator[Row]:
    kinds, asks, gives = ConsentKind, one.asks, one.gives
    if one.has_been(S.CIRCULATED):
        yield consent(network, asks, kinds.EXCHANGE_REQUEST, "exchange", one.text_id)
    if one.has_bids:
        for whose, text_id in zip((gives, one.also_bids), one.bid_texts, strict=True):
            yield consent(network, whose, kinds.BID, "bid", text_id)
    if one.has_been(S.SELECTED):
        partner = {"partner_id": gives.id}
        yield consent(network, asks, kinds.SELECTION, "bid", one.bid_texts[0], **partner)
    yield from _of_both(network, one)


def _of_both(network: Network, one: Played) -> Iterator[Row]:
    """Both sides' consents to the terms and to their reports."""
    ends = one.state is S.AGREED and one.number < ENDING
    until = {"until_on": network.now.date() + timedelta(days=20)} if ends else {}
    for whose, text_id in zip(one.sides, one.reports, strict=True):
        if one.has_been(S.AGREED):
            kind = ConsentKind.AGREEMENT
            yield consent(network, whose, kind, "agreement", one.agreement_id, **until)
        if one.has_been(S.FINISHED):
            yield consent(network, whose, ConsentKind.OUTCOME, "report", text_id)
