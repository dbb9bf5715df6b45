"""What may be done with seats."""

from __future__ import annotations

from core.errors import NotAllowed
from core.languages import _
from network.seats.models import BodyKind, Holder, Role

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


def check_role_fits(role: Role, kind: BodyKind) -> None:
    """Raise unless a body of this kind has such a seat. Only a State authorises."""
    home = HOME_OF.get(role)
    if (home is not None and home is not kind) or (home is None and kind in WITHOUT_BODY):
        raise NotAllowed(_("There is no such seat at this kind of body."))


def check_confirms(holder: Holder, person_id: object) -> None:
    """Raise unless this person may be the second one to a nomination."""
    if person_id is None or person_id in {holder.person_id, holder.named_by}:
        raise NotAllowed(_("A second person confirms: neither who was named nor who named them."))
