"""A State's own contacts: what is shown, what waits, and what its officers have said to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from core.errors import Conflict, NotVisible
from core.languages import _
from network.consents.models import Consent, ConsentKind
from network.mechanisms.members import SECRETARIAT, visible_to
from network.mechanisms.models import Contact, ContactKind, Mechanism
from network.seats.models import BodyKind, Seat
from network.seats.queries import state_of


@dataclass(frozen=True, kw_only=True)
class Line:
    """One contact: the version that is shown, the one that waits, and whether a consent holds.

    `is_read`: others than the State itself may read the version that is shown.
    """

    shown: Contact | None
    waiting: Contact | None
    is_read: bool

    @property
    def newest(self) -> Contact:
        """The version to go on from."""
        newest = self.waiting or self.shown
        if newest is None:
            raise LookupError
        return newest


def lines(session: Session, seat: Seat) -> list[Line]:
    """The contacts that a seat may look after, in the order of their kinds."""
    by_line: dict[UUID, dict[bool, Contact]] = {}
    for contact in _live(session, seat):
        by_line.setdefault(contact.line_id, {})[contact.shown_at is not None] = contact
    shown = [found[True].id for found in by_line.values() if True in found]
    read = set(
        session.scalars(
            select(Contact.id).where(Contact.id.in_(shown), visible_to(SECRETARIAT).contacts)
        )
    )
    made = [
        Line(
            shown=found.get(True),
            waiting=found.get(False),
            is_read=True in found and found[True].id in read,
        )
        for found in by_line.values()
    ]
    order = list(ContactKind)
    made.sort(key=lambda line: (order.index(line.newest.kind), line.newest.value))
    return made


def waiting(session: Session, seat: Seat) -> Sequence[Contact]:
    """The versions that wait for the consent of a seat's State, oldest first."""
    return [contact for contact in _live(session, seat) if contact.shown_at is None]


def has_spoken(session: Session, contact_ids: Sequence[UUID], seat: Seat) -> set[UUID]:
    """To which of these versions a seat has consented."""
    return set(
        session.scalars(
            select(Consent.subject_id).where(
                Consent.kind == ConsentKind.PROFILE_PART,
                Consent.subject_id.in_(contact_ids),
                Consent.seat_id == seat.id,
                Consent.revoked_at.is_(None),
            )
        )
    )


def own(session: Session, contact_id: UUID, seat: Seat) -> Contact:
    """A version that a seat may look after. Raises Conflict if it was replaced or taken away."""
    found = session.scalar(_of(session, seat).where(Contact.id == contact_id))
    if found is None:
        raise NotVisible
    if found.is_hidden:
        raise Conflict(_("This contact was changed or taken away. Look at the list again."))
    return found


def mechanisms_of(session: Session, seat: Seat) -> Sequence[Mechanism]:
    """The mechanisms whose contacts a seat may write: its own, or all of its State's."""
    chosen = select(Mechanism).where(
        Mechanism.id == seat.body_id
        if seat.body_kind is BodyKind.MECHANISM
        else Mechanism.state_id == seat.body_id
    )
    return session.scalars(chosen.order_by(Mechanism.is_lead.desc(), Mechanism.key)).all()


def is_another(session: Session, contact: Contact) -> bool:
    """Whether a version of the same contact is shown already."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Contact.line_id == contact.line_id,
                    Contact.id != contact.id,
                    Contact.shown_at.is_not(None),
                    Contact.is_hidden.is_(False),
                )
            )
        )
    )


def _live(session: Session, seat: Seat) -> Sequence[Contact]:
    chosen = _of(session, seat).where(Contact.is_hidden.is_(False))
    return session.scalars(chosen.order_by(Contact.written_at, Contact.id)).all()


def _of(session: Session, seat: Seat) -> Select[Contact]:
    """The versions of all contacts of a seat's State, or of its mechanism alone."""
    chosen = select(Contact).where(Contact.state_id == state_of(session, seat))
    if seat.body_kind is BodyKind.MECHANISM:
        chosen = chosen.where(Contact.mechanism_id == seat.body_id)
    return chosen
