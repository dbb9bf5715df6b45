"""Who reads the directory of members, and as what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotAllowed
from core.languages import _
from network.applications.models import MembershipStatus
from network.applications.queries import membership_of
from network.mechanisms import members
from network.mechanisms.members import EVERYBODY, Audience
from network.seats.models import BodyKind, Role, Seat
from network.seats.queries import state_of

READERS = frozenset({MembershipStatus.MEMBER, MembershipStatus.OBSERVER})
AT_WORK = frozenset({Role.SECRETARIAT, Role.HELPDESK})


def audience_of(session: Session, seat: Seat | None, now: datetime) -> Audience:
    """What the holder of a seat may see at `now`. Without a seat, what everybody sees.

    A State that is not in the network, or not yet, sees its own beside that; an organisation does
    not, since nothing here is its own.
    """
    if seat is None:
        return EVERYBODY
    if seat.body_kind is BodyKind.SECRETARIAT:
        return members.SECRETARIAT if seat.role in AT_WORK else EVERYBODY
    state_id = state_of(session, seat)
    if state_id is None:
        return EVERYBODY
    standing = membership_of(session, state_id, now)
    if standing is not None and standing.status in READERS:
        return members.member(state_id)
    return members.outsider(state_id)


def check_reads(audience: Audience) -> None:
    """Raise unless this audience may open the directory of members at all."""
    if audience.is_public:
        raise NotAllowed(
            _("The members’ directory is open to States that are members or observers.")
        )
