"""Who stands behind the lines of a case: people and their seats, however many, in two statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from core.languages import _, localized
from network.accounts.queries import names_of
from network.mechanisms.models import Mechanism
from network.seats.models import BodyKind, Organisation, Seat
from network.seats.queries import role_name
from network.taxonomy.models import State


class Done(Protocol):
    """Something that somebody did in a seat."""

    @property
    def person_id(self) -> UUID | None:
        """Who."""

    @property
    def seat_id(self) -> UUID | None:
        """In which seat."""


@dataclass(frozen=True, kw_only=True)
class Voices:
    """Names of people and of seats by id."""

    people: dict[UUID, str]
    seats: dict[UUID, str]

    def __call__(self, done: Done) -> str:
        """Who did it, in which seat; the platform where nobody did."""
        person = self.people.get(done.person_id) if done.person_id else None
        seat = self.seats.get(done.seat_id) if done.seat_id else None
        if person and seat:
            return _("%(person)s, %(seat)s", person=person, seat=seat)
        return person or seat or _("Relais")


def voices(session: Session, lines: Collection[Done]) -> Voices:
    """The people and seats behind these lines."""
    people = {one.person_id for one in lines if one.person_id}
    seats = {one.seat_id for one in lines if one.seat_id}
    return Voices(people=names_of(session, people), seats=seat_names(session, seats))


def seat_names(session: Session, seat_ids: Collection[UUID]) -> dict[UUID, str]:
    """Seats as people say them: "Focal point, Xandria"."""
    of_mechanism = aliased(State)
    rows = session.execute(
        select(Seat, State.names, Mechanism.name, of_mechanism.names, Organisation.name)
        .outerjoin(State, and_(Seat.body_kind == BodyKind.STATE, State.id == Seat.body_id))
        .outerjoin(
            Mechanism, and_(Seat.body_kind == BodyKind.MECHANISM, Mechanism.id == Seat.body_id)
        )
        .outerjoin(of_mechanism, of_mechanism.id == Mechanism.state_id)
        .outerjoin(
            Organisation,
            and_(Seat.body_kind == BodyKind.ORGANISATION, Organisation.id == Seat.body_id),
        )
        .where(Seat.id.in_(seat_ids))
    )
    found = {}
    for seat, state, mechanism, its_state, organisation in rows:
        body = mechanism or localized(state or its_state or organisation or {})
        parts = [role_name(seat.role), localized(seat.title), body]
        found[seat.id] = ", ".join(part for part in parts if part)
    return found
