"""Who may do what with a registration, and when. Pure: no database, no request."""

from __future__ import annotations

from datetime import datetime

from core.errors import Refused
from core.languages import _
from events.programme.models import Event, Mode, Policy
from events.programme.rules import is_past, registration_state
from events.registrations.models import Registration
from events.registrations.states import REGISTRATION, RegistrationState

FEW_SHARE = 10
FEW_LEAST = 3


def check_can_register(event: Event, now: datetime) -> None:
    """Raise with a sentence unless registration is open, or interest can be expressed."""
    state = registration_state(event, now)
    if state == "closed":
        raise Refused(_("Registration for this event is closed."), code="registration-closed")
    if state == "not-open":
        raise Refused(
            _("Registration for this event has not opened yet."), code="registration-not-open"
        )
    if state == "none":
        raise Refused(_("One cannot register for this event here."), code="no-registration")


def check_can_confirm(registration: Registration, event: Event, now: datetime) -> None:
    """Raise unless a form that was sent in time can still become a registration.

    The close is for forms: a code stays good for its 24 hours, as its mail says.
    """
    was_in_time = registration_state(event, registration.made_at) in {"open", "interest"}
    if not was_in_time or is_past(event, now):
        check_can_register(event, now)


def check_has_mode(event: Event, mode: Mode) -> None:
    """Raise unless one can take part in this way. The event's seats are loaded."""
    if all(seats.mode is not mode for seats in event.seats):
        raise Refused(_("One cannot take part in this way."), code="no-such-mode")


def check_can_change(registration: Registration, event: Event, now: datetime) -> None:
    """Raise unless the holder of the link may still change the registration."""
    if REGISTRATION.is_final(registration.state):
        raise Refused(
            _("This registration has ended, so it can no longer be changed."), code="ended"
        )
    if registration.state is RegistrationState.UNCONFIRMED:
        raise Refused(_("Confirm your registration first."), code="unconfirmed")
    if event.starts_at is not None and now >= event.starts_at:
        raise Refused(
            _("The meeting has started, so nothing can be changed here any more."), code="started"
        )


def can_change(registration: Registration, event: Event, now: datetime) -> bool:
    """The same rule, answered."""
    try:
        check_can_change(registration, event, now)
    except Refused:
        return False
    return True


def check_takes_letter(registration: Registration, event: Event, now: datetime) -> None:
    """Raise unless a letter still matters: to a moderated event, as long as changes are taken."""
    check_can_change(registration, event, now)
    if event.policy is not Policy.MODERATED:
        raise Refused(_("This meeting asks for no letter."), code="no-letter")


def takes_letter(registration: Registration, event: Event, now: datetime) -> bool:
    """The same rule, answered."""
    try:
        check_takes_letter(registration, event, now)
    except Refused:
        return False
    return True


def can_pass_on(registration: Registration, event: Event, now: datetime) -> bool:
    """Whether the seat can go to another person."""
    return registration.state is RegistrationState.CONFIRMED and can_change(
        registration, event, now
    )


def can_cancel(registration: Registration) -> bool:
    """Whether withdrawing still changes anything."""
    return not REGISTRATION.is_final(registration.state)


def shown_availability(capacity: int | None, taken: int) -> str:
    """What the public reads of the seats: `open`, `few` or `full`. Never a number."""
    if capacity is None:
        return "open"
    left = capacity - taken
    if left <= 0:
        return "full"
    return "few" if left <= max(FEW_LEAST, capacity // FEW_SHARE) else "open"
