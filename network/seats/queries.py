"""Who holds which seat at a given moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from core.context import Actor
from core.languages import _, localized
from network.seats.models import (
    Assignment,
    BodyKind,
    Holder,
    Nomination,
    Organisation,
    Role,
    Seat,
    Vacancy,
)
from network.taxonomy.models import State

BodyName = Callable[[Session, UUID], str]
BodyFinder = Callable[[Session, str], UUID | None]


def _state_name(session: Session, body_id: UUID) -> str:
    state = session.get(State, body_id)
    return localized(state.names) if state else ""


def _state_called(session: Session, key: str) -> UUID | None:
    return session.scalar(select(State.id).where(State.iso3 == key.upper()))


def _organisation_name(session: Session, body_id: UUID) -> str:
    organisation = session.get(Organisation, body_id)
    return localized(organisation.name) if organisation else ""


def _organisation_of(session: Session, key: str) -> UUID | None:
    try:
        return session.scalar(select(Organisation.id).where(Organisation.id == UUID(key)))
    except ValueError:
        return None


BODY_NAMES: dict[BodyKind, BodyName] = {
    BodyKind.STATE: _state_name,
    BodyKind.ORGANISATION: _organisation_name,
}
"""How bodies are called: a slice that owns another kind of body puts its own answer here."""

BODY_FINDERS: dict[BodyKind, BodyFinder] = {
    BodyKind.STATE: _state_called,
    BodyKind.ORGANISATION: _organisation_of,
}
"""How bodies are found by what people call them: a State by its code, an organisation by its id."""


STATE_OF_BODY: dict[BodyKind, Callable[[Session, UUID], UUID | None]] = {
    BodyKind.STATE: lambda _session, body_id: body_id,
}
"""Which State a body belongs to: a slice whose bodies belong to States puts its answer here."""

BODIES_OF_STATE: dict[BodyKind, Callable[[UUID], Select[UUID]]] = {}
"""The bodies of one kind that belong to a State, beside the State itself."""


def state_of(session: Session, seat: Seat) -> UUID | None:
    """The State that a seat belongs to, by itself or through its body; None for all others."""
    finder = STATE_OF_BODY.get(seat.body_kind)
    return finder(session, seat.body_id) if finder and seat.body_id else None


def belongs_to(state_id: UUID) -> ColumnElement[bool]:
    """The condition on Seat: it is the State's own or one of its bodies'."""
    return or_(
        and_(Seat.body_kind == BodyKind.STATE, Seat.body_id == state_id),
        *(
            and_(Seat.body_kind == kind, Seat.body_id.in_(bodies(state_id)))
            for kind, bodies in BODIES_OF_STATE.items()
        ),
    )


def is_open(now: datetime) -> ColumnElement[bool]:
    """The condition on Seat: it is there at `now`, held or not."""
    return and_(Seat.opened_at <= now, or_(Seat.closed_at.is_(None), Seat.closed_at > now))


def seats_of_state(
    session: Session, state_id: UUID, *roles: Role, now: datetime
) -> Sequence[tuple[Seat, Holder | None]]:
    """A State's open seats of these roles, its own and its bodies', each with its holder or None."""
    return _open_seats(session, belongs_to(state_id), Seat.role.in_(roles), now=now)


def holders_of(session: Session, seat_ids: Collection[UUID]) -> Sequence[Holder]:
    """Everybody who ever held one of these seats, or is named to it; the latest first."""
    return session.scalars(
        select(Holder)
        .where(
            Holder.seat_id.in_(seat_ids), or_(Holder.until.is_(None), Holder.until > Holder.since)
        )
        .order_by(Holder.since.desc(), Holder.id)
    ).all()


def predecessor_of(session: Session, holder: Holder) -> Holder | None:
    """Who held the seat before."""
    return session.scalar(
        select(Holder)
        .where(
            Holder.seat_id == holder.seat_id,
            Holder.since < holder.since,
            Holder.until > Holder.since,
        )
        .order_by(Holder.since.desc())
        .limit(1)
    )


def follower_of(session: Session, seat_id: UUID, now: datetime) -> Holder | None:
    """Who is named to hold a seat from a moment on that is still to come."""
    return session.scalar(
        select(Holder).where(
            Holder.seat_id == seat_id,
            Holder.since > now,
            or_(Holder.until.is_(None), Holder.until > Holder.since),
        )
    )


def open_nominations(session: Session, state_id: UUID) -> Sequence[Nomination]:
    """Who is proposed for the seats of a State, oldest first."""
    return session.scalars(
        select(Nomination)
        .where(
            Nomination.state_id == state_id,
            Nomination.settled_at.is_(None),
            Nomination.dropped_at.is_(None),
        )
        .order_by(Nomination.proposed_at, Nomination.id)
    ).all()


def vacancies(session: Session, now: datetime) -> Sequence[Vacancy]:
    """What was noticed to be empty and still is, oldest first."""
    noticed = session.scalars(
        select(Vacancy).where(Vacancy.filled_at.is_(None)).order_by(Vacancy.noticed_at, Vacancy.id)
    )
    return [one for one in noticed if not is_filled(session, one.state_id, one.role, now)]


def is_filled(session: Session, state_id: UUID, role: Role, now: datetime) -> bool:
    """Whether anybody holds a seat of this role at a State or its bodies."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Holder.seat_id == Seat.id, belongs_to(state_id), Seat.role == role, holds(now)
                )
            )
        )
    )


def states_with(session: Session, *roles: Role, now: datetime) -> set[tuple[UUID, Role]]:
    """States and roles with a seat that somebody holds at `now`."""
    rows = session.scalars(
        select(Seat).where(
            exists().where(Holder.seat_id == Seat.id, holds(now)), Seat.role.in_(roles)
        )
    )
    found = ((state_of(session, seat), seat.role) for seat in rows)
    return {(state_id, role) for state_id, role in found if state_id is not None}


def find_body(session: Session, kind: BodyKind, key: str) -> UUID | None:
    """The id of a body, if its kind can be found by such a key."""
    finder = BODY_FINDERS.get(kind)
    return finder(session, key) if finder else None


def holds(now: datetime) -> ColumnElement[bool]:
    """The condition on Holder joined to Seat: this person holds this open seat at `now`.

    A protection officer named by one person alone holds nothing until a second one confirms.
    """
    return and_(
        Holder.since <= now,
        or_(Holder.until.is_(None), Holder.until > now),
        is_open(now),
        or_(
            Holder.confirmed_at <= now,
            and_(Holder.needs_confirmation.is_(False), Seat.role != Role.PROTECTION),
        ),
    )


def seats_of(session: Session, person_id: UUID, now: datetime) -> Sequence[Holder]:
    """What a person holds at `now`, longest held first, with the seats loaded."""
    return session.scalars(
        select(Holder)
        .join(Holder.seat)
        .options(joinedload(Holder.seat))
        .where(Holder.person_id == person_id, holds(now))
        .order_by(Holder.since, Holder.id)
    ).all()


def held(session: Session, holder_id: UUID, person_id: UUID, now: datetime) -> Holder | None:
    """This holding, if it is this person's and counts at `now`."""
    return session.scalar(
        select(Holder)
        .join(Holder.seat)
        .options(joinedload(Holder.seat))
        .where(Holder.id == holder_id, Holder.person_id == person_id, holds(now))
    )


def holder_of(session: Session, seat_id: UUID, now: datetime) -> Holder | None:
    """Who holds a seat at `now`."""
    return session.scalar(
        select(Holder)
        .join(Holder.seat)
        .options(joinedload(Holder.seat))
        .where(Holder.seat_id == seat_id, holds(now))
    )


def holding_of(session: Session, by: Actor, now: datetime) -> Holder | None:
    """In which seat a person acts, if they hold it at `now`; None for programs and all others."""
    holder = holder_of(session, by.seat_id, now) if by.kind == "person" and by.seat_id else None
    return holder if holder is not None and holder.person_id == by.person_id else None


def open_seats(
    session: Session, *, body_kind: BodyKind, body_id: UUID | None, role: Role, now: datetime
) -> Sequence[tuple[Seat, Holder | None]]:
    """The open seats of one role at one body, each with its holder at `now` or None."""
    at_it = and_(Seat.body_kind == body_kind, Seat.body_id == body_id)
    return _open_seats(session, at_it, Seat.role == role, now=now)


def _open_seats(
    session: Session, *conditions: ColumnElement[bool], now: datetime
) -> Sequence[tuple[Seat, Holder | None]]:
    rows = session.execute(
        select(Seat, Holder)
        .outerjoin(Holder, and_(Holder.seat_id == Seat.id, holds(now)))
        .where(*conditions, is_open(now))
        .order_by(Seat.opened_at, Seat.id)
    )
    return [(seat, holder) for seat, holder in rows]


def awaiting_confirmation(session: Session, now: datetime) -> Sequence[Holder]:
    """Nominations that wait for a second person, with their seats."""
    return session.scalars(
        select(Holder)
        .join(Holder.seat)
        .options(joinedload(Holder.seat))
        .where(
            Holder.needs_confirmation,
            Holder.confirmed_at.is_(None),
            or_(Holder.until.is_(None), Holder.until > now),
        )
        .order_by(Holder.since, Holder.id)
    ).all()


def is_assigned(
    session: Session, *, seat_id: UUID, role: Role, scope_kind: str, scope_id: UUID, now: datetime
) -> bool:
    """Whether a seat has a task in this scope at `now`."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Assignment.seat_id == seat_id,
                    Assignment.role == role,
                    Assignment.scope_kind == scope_kind,
                    Assignment.scope_id == scope_id,
                    Assignment.since <= now,
                    or_(Assignment.until.is_(None), Assignment.until > now),
                )
            )
        )
    )


def role_name(role: Role) -> str:
    """A role in the reader's language."""
    return {
        Role.FOCAL_POINT: _("Focal point"),
        Role.DEPUTY: _("Deputy focal point"),
        Role.AUTHORISING: _("Authorising officer"),
        Role.SECRETARIAT: _("Secretariat officer"),
        Role.TRIAGE: _("Triage"),
        Role.RAPPORTEUR: _("Rapporteur"),
        Role.SERVICE_DESK: _("Service desk"),
        Role.HELPDESK: _("Helpdesk"),
        Role.PROTECTION: _("Protection officer"),
        Role.ADMINISTRATOR: _("Administrator"),
    }[role]


def seat_name(session: Session, seat: Seat) -> str:
    """A seat as people say it: "Focal point, Xandria"."""
    name = BODY_NAMES.get(seat.body_kind)
    parts = [role_name(seat.role)]
    if seat.title:
        parts.append(localized(seat.title))
    if name is not None and seat.body_id is not None:
        parts.append(name(session, seat.body_id))
    return ", ".join(parts)


def people_in(session: Session, role: Role, now: datetime) -> Sequence[UUID]:
    """Everybody who holds a seat of this role at `now`, each once."""
    return session.scalars(
        select(Holder.person_id).join(Holder.seat).where(Seat.role == role, holds(now)).distinct()
    ).all()
