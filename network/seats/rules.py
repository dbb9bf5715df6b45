"""What may be done with seats."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from core.context import Actor
from core.errors import Invalid, NotAllowed, ProofNeeded
from core.languages import _
from network.seats.models import BodyKind, Holder, Role, Seat

FURTHEST = timedelta(days=366)

HOME_OF = {
    Role.AUTHORISING: BodyKind.STATE,
    Role.SECRETARIAT: BodyKind.SECRETARIAT,
    Role.TRIAGE: BodyKind.SECRETARIAT,
    Role.RAPPORTEUR: BodyKind.SECRETARIAT,
    Role.SERVICE_DESK: BodyKind.SECRETARIAT,
    Role.HELPDESK: BodyKind.SECRETARIAT,
    Role.PROTECTION: BodyKind.PLATFORM,
    Role.ADMINISTRATOR: BodyKind.PLATFORM,
}
"""Roles that exist at one kind of body only; the others go with States, mechanisms, organisations."""

TWO_PEOPLE_NAME = frozenset({Role.PROTECTION})
WITHOUT_BODY = frozenset({BodyKind.SECRETARIAT, BodyKind.PLATFORM})


LEADING = (Role.FOCAL_POINT, Role.AUTHORISING)
"""Seats that a member State must not leave empty: who is spoken to, and who may consent."""

OF_STATES = (Role.FOCAL_POINT, Role.DEPUTY, Role.AUTHORISING)
"""The seats of a State and of its mechanisms."""

MAY_NAME = frozenset({Role.AUTHORISING, Role.SECRETARIAT})
"""Who names to the seats of a State: its own authorising officer, and the secretariat."""

MAY_PROPOSE = frozenset({Role.FOCAL_POINT, Role.DEPUTY})
"""Who may propose a name, for somebody of `MAY_NAME` to decide."""


def may_name(seat: Seat, seat_state: UUID | None, state_id: UUID) -> bool:
    """Whether whoever acts in `seat` (of State `seat_state`) names to the seats of a State."""
    return seat.role is Role.SECRETARIAT or (seat.role in MAY_NAME and seat_state == state_id)


def may_propose(seat: Seat, seat_state: UUID | None, state_id: UUID) -> bool:
    """Whether whoever acts in `seat` may say who should hold a seat of a State."""
    return may_name(seat, seat_state, state_id) or (
        seat.role in MAY_PROPOSE and seat_state == state_id
    )


def check_names(by: Actor, seat: Seat, seat_state: UUID | None, state_id: UUID) -> None:
    """Raise unless this seat names to the seats of that State, with the holder's own factor shown.

    Whether it is fresh is asked at the route; a program's token or a mailbox never suffices.
    """
    if by.kind != "person" or not may_name(seat, seat_state, state_id):
        raise NotAllowed(
            _("An authorising officer of the State names to its seats, or the secretariat.")
        )
    if by.proved_at is None:
        raise ProofNeeded(_("Show your own code to continue."))


def check_moment(since: datetime | None, now: datetime) -> None:
    """Raise Invalid for a moment that has passed or lies more than a year ahead."""
    if since is None:
        return
    if since < now:
        raise Invalid({"moment": _("This moment has passed. Choose a later one, or “at once”.")})
    if since > now + FURTHEST:
        raise Invalid({"moment": _("This is more than a year ahead.")})


def check_role_fits(role: Role, kind: BodyKind) -> None:
    """Raise unless a body of this kind has such a seat. Only a State authorises."""
    home = HOME_OF.get(role)
    if (home is not None and home is not kind) or (home is None and kind in WITHOUT_BODY):
        raise NotAllowed(_("There is no such seat at this kind of body."))


def check_confirms(holder: Holder, person_id: object) -> None:
    """Raise unless this person may be the second one to a nomination."""
    if person_id is None or person_id in {holder.person_id, holder.named_by}:
        raise NotAllowed(_("A second person confirms: neither who was named nor who named them."))
