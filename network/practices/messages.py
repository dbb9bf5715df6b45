"""Mails about practices: both sides of a finished exchange find the draft that came out of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.languages import _l
from network.exchanges import audience
from network.exchanges.mailing import About, Mail, News, Reader, mail
from network.exchanges.models import Exchange
from network.practices.models import Practice
from network.practices.states import PracticeState


def _finds(session: Session, practice_id: UUID) -> About | None:
    practice = session.get(Practice, practice_id)
    if practice is None or practice.exchange_id is None:
        return None
    return About(exchange=session.get_one(Exchange, practice.exchange_id), thing=practice)


def _to(session: Session, about: About, now: datetime) -> list[UUID]:
    """The focal points of both sides."""
    states = [
        *audience.requesters(session, about.exchange),
        *audience.providers(session, about.exchange),
    ]
    return audience.seats(session, states, audience.FOCAL, now)


def _says(_session: Session, about: About, _reader: Reader) -> News:
    return News(
        title=_l("The exchange is finished"),
        said=_l(
            "Both reports are there. A draft of a practice was made out of them, so that others can learn from it. Only the two sides and the secretariat read it. Add what is missing when you have a moment."
        ),
        action=_l("Open the practice draft"),
        path=f"/practices/{about.thing.id}",
    )


mail(
    "practice_drafted",
    Mail(
        finds=_finds,
        to=_to,
        says=_says,
        is_still=lambda _session, about: about.thing.state is PracticeState.DRAFT,
    ),
)
