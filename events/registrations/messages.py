"""Mails about registrations.

An open registration gets a mail that speaks of the meeting. A discreet one gets one of two
neutral mails through the vault queue: a code, or word that there is news on its page. Neither
names the meeting, and the calendar entry beside it says "Busy" and nothing else.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlalchemy.orm import Session

from core import codes, seal, tokens
from core.documents import ics
from core.house import House
from core.languages import _, force_locale
from core.mail.message import Attachment, Message, Order, builder
from core.mail.render import compose
from core.seal import Sealed
from events.programme.rules import has_calendar
from events.registrations import queries, sealing
from events.registrations.calendar import entry_for
from events.registrations.models import Farewell, Registration
from events.registrations.service import CONFIRM_PURPOSE, LINK_PURPOSE
from events.registrations.states import RegistrationState

S = RegistrationState


def link_of(house: House, registration: Registration, *, purpose: str = LINK_PURPOSE) -> str:
    """The personal link as it stands in a mail."""
    path = "c" if purpose == CONFIRM_PURPOSE else "r"
    return tokens.address(house, path, registration, purpose=purpose)


def address_of(session: Session, registration: Registration, house: House) -> str | None:
    """Where to write to; a discreet address is opened only where the vault's key is."""
    if registration.discreet:
        return sealing.address_of(session, registration.id, house=house)
    return registration.details.address if registration.details else None


@builder("registration_code")
def registration_code(
    session: Session, order: Order, house: House, now: datetime
) -> Message | None:
    """The code, and a link to a button that does the same."""
    registration = queries.own(session, _recipient(order))
    to = address_of(session, registration, house)
    if to is None or registration.state is not S.UNCONFIRMED:
        return None
    key = house.vault_key if registration.discreet else house.mail_key
    code = codes.open_sealed(session, order.subject_id, key=key, now=now)
    if code is None:
        return None
    message = compose(
        "discreet_code" if registration.discreet else "registration_code",
        to=to,
        language=registration.language,
        code=code.digits,
        hours=codes.HOURS_VALID,
        link=link_of(house, registration, purpose=CONFIRM_PURPOSE),
        others=queries.others_with_address(session, registration),
        **_context(registration),
    )
    return dataclasses.replace(message, after_sending=code.erase)


def _recipient(order: Order) -> Any:
    return order.recipient_id


def _context(registration: Registration) -> dict[str, Any]:
    """What the words of an open mail may speak of; nothing for a discreet one."""
    if registration.discreet:
        return {}
    return {
        "event": registration.event,
        "registration": registration,
        "details": registration.details,
    }


def _news(
    name: str,
    *,
    states: frozenset[RegistrationState],
    calendar: ics.Method | None = None,
    with_link: bool = True,
) -> None:
    """Register a mail that tells where a registration stands, as long as it still stands there."""

    @builder(name)
    def write(session: Session, order: Order, house: House, now: datetime) -> Message | None:
        registration = queries.own(session, _recipient(order))
        to = address_of(session, registration, house)
        if to is None or registration.state not in states:
            return None
        return compose(
            "discreet_notice" if registration.discreet else name,
            to=to,
            language=registration.language,
            attachments=_calendar(
                registration,
                to,
                house,
                now,
                calendar,
                name=registration.details.name if registration.details else "",
            ),
            link=link_of(house, registration) if with_link else "",
            **_context(registration),
        )


def _calendar(
    registration: Registration,
    to: str,
    house: House,
    now: datetime,
    method: ics.Method | None,
    name: str = "",
) -> tuple[Attachment, ...]:
    """The invitation, its update or its end. No date published: no calendar entry."""
    event = registration.event
    if method is None or not has_calendar(event):
        return ()
    if method is ics.Method.REQUEST and registration.state is not S.CONFIRMED:
        return ()
    if registration.discreet and method is ics.Method.REQUEST:
        # A request names an organiser, which would say more than "Busy".
        method = ics.Method.PUBLISH
    with force_locale(registration.language):
        entry = entry_for(
            registration,
            event,
            now=now,
            public_url=house.public_url,
            attendee=(name, to),
            organiser=("Relais", parseaddr(house.mail_from)[1]),
        )
        title = _("busy") if registration.discreet else _("invitation")
    return (
        Attachment(
            name=f"{title}.ics",
            mime=ics.MEDIA_TYPE,
            body=ics.calendar(entry, method=method),
            params={"method": method.value},
        ),
    )


_news("registration_confirmed", states=frozenset({S.CONFIRMED}), calendar=ics.Method.REQUEST)
_news("registration_changed", states=frozenset({S.CONFIRMED}), calendar=ics.Method.REQUEST)
_news("registration_waiting", states=frozenset({S.WAITING}))
_news("registration_received", states=frozenset({S.PENDING}))
_news("registration_interest", states=frozenset({S.INTERESTED}))
_news("date_published", states=frozenset({S.INTERESTED}))
_news("registration_refused", states=frozenset({S.REFUSED}), with_link=False)
_news("seat_offered", states=frozenset({S.OFFERED}))
_news("offer_passed", states=frozenset({S.PASSED}))
_news("seat_received", states=frozenset({S.CONFIRMED, S.RECHECKED}), calendar=ics.Method.REQUEST)
_news("registration_cancelled", states=frozenset({S.CANCELLED}), with_link=False)
_news(
    "seat_given_up",
    states=frozenset({S.CANCELLED}),
    calendar=ics.Method.CANCEL,
    with_link=False,
)
_news("link_again", states=frozenset(set(S) - {S.LAPSED}))


def is_sealed_away(farewell: Farewell, house: House) -> bool:
    """Whether only the vault's worker can read this address: its owner had registered discreetly.

    The registration itself does not tell, since whoever has the seat now may have chosen anew.
    """
    return farewell.sealed_key != seal.key_id(house.mail_public_key)


@builder("seat_passed_on")
def seat_passed_on(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """Word to the person who gave the seat away; their address goes with the sending."""
    farewell = session.get(Farewell, order.subject_id)
    if farewell is None:
        return None
    registration = queries.own(session, farewell.registration_id)
    was_discreet = is_sealed_away(farewell, house)
    key = house.vault_key if was_discreet else house.mail_key
    to = seal.unseal(key, Sealed(farewell.sealed_key, farewell.sealed))["address"]

    def erase() -> None:
        session.delete(farewell)

    if to is None:
        erase()
        return None
    message = compose(
        "discreet_farewell" if was_discreet else "seat_passed_on",
        to=to,
        language=registration.language,
        attachments=_calendar(registration, to, house, now, ics.Method.CANCEL),
        event=None if was_discreet else registration.event,
    )
    return dataclasses.replace(message, after_sending=erase)


@builder("meeting_summary")
def meeting_summary(session: Session, order: Order, house: House, _now: datetime) -> Message | None:
    """The published summary, in the language the participant chose."""
    registration = queries.own(session, _recipient(order))
    to = address_of(session, registration, house)
    summary = queries.summary(session, registration.event_id, registration.language)
    if to is None or summary is None or registration.state is not S.CONFIRMED:
        return None
    return compose(
        "discreet_notice" if registration.discreet else "meeting_summary",
        to=to,
        language=registration.language,
        link=link_of(house, registration),
        summary=None if registration.discreet else summary,
        **_context(registration),
    )
