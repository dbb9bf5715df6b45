"""What the workspace says of contacts, and where the directory stands in it."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from core.languages import _, day
from network.accounts.desk import PLACES, WAITING_FOR_OTHERS, WAITING_FOR_YOU, Place, Task
from network.directory import lines
from network.mechanisms.forms import CONTACT_KINDS
from network.seats.models import BodyKind, Role, Seat

WRITING = frozenset({Role.FOCAL_POINT, Role.DEPUTY})
OF_STATES = frozenset({BodyKind.STATE, BodyKind.MECHANISM})


def take_place() -> None:
    """Stand in the workspace and its navigation, once in every process."""
    if to_do in WAITING_FOR_YOU:
        return
    WAITING_FOR_YOU.append(to_do)
    WAITING_FOR_OTHERS.append(to_await)
    PLACES.append(
        Place(
            endpoint="members.directory",
            order=20,
            label=lambda: _("Members’ directory"),
            roles=WRITING | {Role.AUTHORISING, Role.SECRETARIAT, Role.HELPDESK},
            bodies=OF_STATES | {BodyKind.SECRETARIAT},
        )
    )
    PLACES.append(
        Place(
            endpoint="members.contacts",
            order=34,
            label=lambda: _("Contacts"),
            roles=WRITING | {Role.AUTHORISING},
            bodies=OF_STATES,
        )
    )


def to_do(session: Session, seat: Seat, _now: datetime) -> list[Task]:
    """Contacts that an authorising seat has not consented to yet."""
    if seat.role is not Role.AUTHORISING:
        return []
    found = lines.waiting(session, seat)
    spoken = lines.has_spoken(session, [contact.id for contact in found], seat)
    return [
        Task(
            verb=_("Read and decide"),
            object=_("on a contact: %(kind)s", kind=CONTACT_KINDS[contact.kind]),
            detail=_("It is shown once your State consents."),
            href=url_for("members.consent_page", contact_id=contact.id),
            action=_("Read"),
        )
        for contact in found
        if contact.id not in spoken
    ]


def to_await(session: Session, seat: Seat, _now: datetime) -> list[Task]:
    """Contacts of one's own that wait for the State's consent."""
    if seat.role not in WRITING or seat.body_kind not in OF_STATES:
        return []
    return [
        Task(
            verb=_("Consent"),
            object=_("to a contact: %(kind)s", kind=CONTACT_KINDS[contact.kind]),
            detail=_(
                "With your State’s authorising officers since %(date)s.",
                date=day(contact.written_at),
            ),
            href=url_for("members.contacts"),
        )
        for contact in lines.waiting(session, seat)
    ]
