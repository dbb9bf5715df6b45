"""What may be read of practices, and by whom. A draft is read by its States and the secretariat."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.errors import NotVisible
from core.languages import _
from network.practices.models import Practice
from network.practices.states import PracticeState
from network.seats.models import Role, Seat
from network.seats.queries import state_of

DESK = frozenset({Role.HELPDESK, Role.SECRETARIAT})
WRITING = frozenset({Role.FOCAL_POINT, Role.DEPUTY})


def of_exchange(session: Session, exchange_id: UUID) -> Practice | None:
    """The practice that came out of an exchange."""
    return session.scalar(
        select(Practice)
        .where(Practice.exchange_id == exchange_id)
        .options(selectinload(Practice.states))
    )


def readable_of_exchange(session: Session, exchange_id: UUID, seat: Seat) -> Practice | None:
    """The same, if this seat may read it."""
    found = of_exchange(session, exchange_id)
    return found if found is not None and is_read_by(session, found, seat) else None


def one(session: Session, practice_id: UUID, seat: Seat) -> Practice:
    """A practice as the holder of this seat may read it; NotVisible if they may not."""
    found = session.scalar(
        select(Practice).where(Practice.id == practice_id).options(selectinload(Practice.states))
    )
    if found is None or not is_read_by(session, found, seat):
        raise NotVisible(_("There is no such practice."))
    return found


def is_read_by(session: Session, practice: Practice, seat: Seat) -> bool:
    """Whether a seat reads it: the helpdesk and secretariat, and seats of its States."""
    return seat.role in DESK or _is_of(session, practice, seat)


def is_written_by(session: Session, practice: Practice, seat: Seat) -> bool:
    """Whether a seat may change its words: focal points of its States, while it is a draft."""
    is_draft = practice.state is PracticeState.DRAFT
    return is_draft and seat.role in WRITING and _is_of(session, practice, seat)


def _is_of(session: Session, practice: Practice, seat: Seat) -> bool:
    state_id = state_of(session, seat)
    return state_id is not None and state_id in {one.state_id for one in practice.states}
