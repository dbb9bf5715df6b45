"""Mails about seats: named, passing on, empty. Neutral words, since colleagues read them too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.house import House
from core.languages import force_locale, localized
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from network.accounts.access import DEMANDING
from network.accounts.models import Mailbox, Person
from network.accounts.queries import has_own_factor
from network.seats.models import Holder, Nomination, Seat, Vacancy
from network.seats.queries import role_name, seat_name, vacancies
from network.taxonomy.models import State


def _compose(order: Order, mailbox: Mailbox, **context: Any) -> Message:
    return compose(order.message, to=mailbox.address, language=order.locale, **context)


def _of_holder(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """A mail about one holding. Nothing is said of one that was called off."""
    holder = session.get(Holder, order.subject_id)
    mailbox = session.get(Mailbox, order.recipient_id)
    if holder is None or mailbox is None or holder.until == holder.since:
        return None
    seat = session.get_one(Seat, holder.seat_id)
    person = session.get_one(Person, holder.person_id)
    with force_locale(order.locale):
        called = seat_name(session, seat)
    return _compose(
        order,
        mailbox,
        seat=called,
        since=holder.since,
        until=holder.until,
        zone=person.zone,
        is_to_come=holder.since > now,
        needs_code=seat.role in DEMANDING and not has_own_factor(session, person.id),
        sign_in=f"{house.public_url}/sign-in",
        page=f"{house.public_url}/hand-over",
    )


@builder("seat_named")
def seat_named(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """To a mailbox whose reader is named to a seat, at the naming."""
    return _of_holder(session, order, house, now)


@builder("hand_over_begun")
def hand_over_begun(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """To the successor, at the moment: the seat and all that hangs on it are theirs."""
    return _of_holder(session, order, house, now)


@builder("hand_over_planned")
def hand_over_planned(
    session: Session, order: Order, house: House, now: datetime
) -> Message | None:
    """To the present holder, when a later moment was set."""
    holder = session.get(Holder, order.subject_id)
    if holder is None or holder.until is None:
        return None
    return _of_holder(session, order, house, now)


@builder("hand_over_ended")
def hand_over_ended(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """To the predecessor, at the moment: the seat is another's."""
    holder = session.get(Holder, order.subject_id)
    if holder is None or holder.until is None or holder.until > now:
        return None
    return _of_holder(session, order, house, now)


@builder("seat_proposed")
def seat_proposed(session: Session, order: Order, house: House, _now: datetime) -> Message | None:
    """To whoever may decide on a proposal that still waits."""
    row = session.get(Nomination, order.subject_id)
    mailbox = session.get(Mailbox, order.recipient_id)
    if row is None or mailbox is None or row.settled_at is not None or row.dropped_at is not None:
        return None
    state = session.get_one(State, row.state_id)
    with force_locale(order.locale):
        seat = f"{role_name(row.role)}, {localized(state.names)}"
    return _compose(
        order, mailbox, seat=seat, page=f"{house.public_url}/seats/nominations/{row.id}"
    )


@builder("seat_left_empty")
def seat_left_empty(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """To the secretariat, while it is still so."""
    row = session.get(Vacancy, order.subject_id)
    mailbox = session.get(Mailbox, order.recipient_id)
    if row is None or mailbox is None or row not in vacancies(session, now):
        return None
    state = session.get_one(State, row.state_id)
    with force_locale(order.locale):
        seat = f"{role_name(row.role)}, {localized(state.names)}"
    return _compose(
        order,
        mailbox,
        seat=seat,
        may_consent=row.role.value == "focal_point",
        page=f"{house.public_url}/seats/of/{state.iso3}",
    )
