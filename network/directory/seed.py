"""Invented contacts of invented States, for demo and tests only, as public sources would give them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import search
from network.mechanisms.models import Basis, Contact, ContactKind, Visibility
from network.taxonomy.models import State

XANDRIA, YENDOR = "https://xandria.example", "https://yendor.example"
CONTACTS = (
    ("XAA", ContactKind.WEBSITE, f"{XANDRIA}/mechanism", "", f"{XANDRIA}/mechanism"),
    ("XAB", ContactKind.MAILBOX, "office@yendor.example", "en", f"{YENDOR}/contact"),
    ("XAB", ContactKind.WEBSITE, f"{YENDOR}/mechanism", "", f"{YENDOR}/mechanism"),
)


def seed_contacts(session: Session, *, now: datetime) -> None:
    """Add the invented contacts of invented States that have none yet."""
    states = {
        state.iso3: state
        for state in session.scalars(select(State).where(State.is_invented))
        if not session.scalar(select(Contact.id).where(Contact.state_id == state.id).limit(1))
    }
    for iso3, kind, value, language, source in CONTACTS:
        if iso3 not in states:
            continue
        session.add(
            Contact(
                state_id=states[iso3].id,
                kind=kind,
                value=value,
                language=language,
                visibility=Visibility.PUBLIC,
                basis=Basis.PUBLIC_SOURCE,
                source_url=source,
                as_of=now.date(),
                written_at=now,
                shown_at=now,
                sought=search.fold(value),
            )
        )
    session.flush()
