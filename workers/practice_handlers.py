"""A finished exchange drafts a practice, once, and both sides are told where it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.context import SYSTEM
from core.outbox import Fact
from network.exchanges.facts import ExchangeFinished
from network.practices import service
from workers.exchange_handlers import announce

Handler = Callable[[Session, Any, datetime], None]


def draft_practice(session: Session, fact: ExchangeFinished, now: datetime) -> None:
    """One draft an exchange, however often this runs."""
    practice = service.draft_from(session, exchange_id=fact.exchange_id, by=SYSTEM, now=now)
    announce(session, "practice_drafted", practice.id, now)


PRACTICE_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    ExchangeFinished: (draft_practice,),
}
