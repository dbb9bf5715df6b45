"""Which requests a State has answered already, with a bid or a word that it cannot."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from network.exchanges.models import Exchange
from network.exchanges.models_case import Bid, BidState, Decline


class Answer(StrEnum):
    """How a State has answered a request in its present round."""

    DRAFT = "draft"
    WAITING = "waiting"
    BID = "bid"
    DECLINED = "declined"


def answered(
    session: Session, state_id: UUID, exchange_ids: Collection[UUID]
) -> dict[UUID, Answer]:
    """Those of these requests that it has answered, or begun to; in two statements."""
    declined = session.scalars(
        select(Decline.exchange_id)
        .join(Exchange, Exchange.id == Decline.exchange_id)
        .where(
            Decline.exchange_id.in_(exchange_ids),
            Decline.state_id == state_id,
            Decline.round == Exchange.recirculated,
        )
    )
    found = dict.fromkeys(declined, Answer.DECLINED)
    bids = session.execute(
        select(Bid.exchange_id, Bid.state)
        .join(Exchange, Exchange.id == Bid.exchange_id)
        .where(
            Bid.exchange_id.in_(exchange_ids),
            Bid.state_id == state_id,
            Bid.round == Exchange.recirculated,
            Bid.state != BidState.WITHDRAWN,
        )
    )
    begun = {BidState.DRAFT: Answer.DRAFT, BidState.WAITING: Answer.WAITING}
    return found | {row.exchange_id: begun.get(row.state, Answer.BID) for row in bids}
