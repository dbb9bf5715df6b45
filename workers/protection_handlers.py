"""What follows from an opening at the protection desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.context import Actor
from core.outbox import Fact
from events.protection.facts import RecordCleared, RecordOpened
from events.registrations import changes
from network.accounts import queries as accounts
from network.accounts.models import Person
from network.notifications.service import queue_message
from network.seats import queries as seats
from network.seats.models import Role

Handler = Callable[[Session, Any, datetime], None]


def tell_other_officers(session: Session, fact: RecordOpened, now: datetime) -> None:
    """Every other protection officer learns of it, at once and once."""
    for person_id in seats.people_in(session, Role.PROTECTION, now):
        if person_id == fact.person_id:
            continue
        person = session.get_one(Person, person_id)
        for mailbox_id in accounts.mailboxes_of(session, person_id, now):
            queue_message(
                session,
                key=f"vault-opened:{fact.opening_id}:{mailbox_id}",
                message="vault_opened",
                recipient_kind="mailbox",
                recipient_id=mailbox_id,
                subject_id=fact.opening_id,
                locale=person.language,
                now=now,
            )


def mark_cleared(session: Session, fact: RecordCleared, now: datetime) -> None:
    """Triage reads "cleared by the secretariat" from now on."""
    by = Actor(kind="person", person_id=fact.person_id, seat_id=fact.seat_id)
    changes.clear(session, registration_id=fact.registration_id, by=by, now=now)


PROTECTION_SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {
    RecordOpened: (tell_other_officers,),
    RecordCleared: (mark_cleared,),
}
