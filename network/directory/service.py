"""A State writes how its mechanism is reached, and who may read it, version by version.

What members or everybody may read waits for the State's consent, given for the id of its row.
What only narrows the circle of readers takes effect at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, outbox, search
from core.context import Actor
from core.errors import Conflict, Invalid, NotVisible
from core.languages import _
from core.web import pages
from core.web.forms import address_problem
from network.consents import service as consents
from network.consents.models import ConsentKind
from network.consents.queries import may
from network.directory.facts import ContactRefused, ContactWaits
from network.mechanisms.models import Contact, ContactKind, Visibility

SUBJECT = "contact"
CONTACTS_MOST = 20
WIDTH = {Visibility.SECRETARIAT: 0, Visibility.MEMBERS: 1, Visibility.PUBLIC: 2}
"""How far each level reaches."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What one version of a contact says, and who may read it."""

    kind: ContactKind
    value: str
    language: str = ""
    visibility: Visibility = Visibility.MEMBERS
    mechanism_id: UUID | None = None


def add_contact(
    session: Session, *, state_id: UUID, wording: Wording, by: Actor, now: datetime
) -> Contact:
    """Write a new contact. Raises Invalid with a sentence per field."""
    check_wording(wording)
    have = session.scalar(
        select(func.count(Contact.line_id.distinct())).where(
            Contact.state_id == state_id, Contact.is_hidden.is_(False)
        )
    )
    if (have or 0) >= CONTACTS_MOST:
        raise Invalid(
            {}, _("%(most)s contacts are the most. Take one away first.", most=CONTACTS_MOST)
        )
    contact = _row(state_id, wording, by, now)
    return _enter(session, contact, by, now)


def change_contact(
    session: Session, *, contact_id: UUID, wording: Wording, by: Actor, now: datetime
) -> Contact:
    """Write the next version of a contact; answers the row that now says it.

    The version that is shown stays until the new one may be, but a smaller circle of readers
    counts for it at once.
    """
    check_wording(wording)
    contact = _newest(session, contact_id)
    _narrow(session, contact.line_id, wording.visibility, by, now)
    if wording == wording_of(contact):
        if contact.visibility is Visibility.SECRETARIAT:
            _show(session, contact, by, now)
        return contact
    if contact.shown_at is None:
        contact.is_hidden = True
        session.flush()
    row = _row(contact.state_id, wording, by, now)
    row.line_id, row.version = contact.line_id, contact.version + 1
    return _enter(session, row, by, now)


def hide_contact(session: Session, *, contact_id: UUID, by: Actor, now: datetime) -> None:
    """Take a contact away, with whatever version of it waits. Twice changes nothing."""
    contact = _one(session, contact_id)
    for row in _line(session, contact.line_id):
        row.is_hidden = True
    session.flush()
    _note(session, "contact.hidden", contact, by, now)
    pages.drop(session)


def consent_to_contact(session: Session, *, contact_id: UUID, by: Actor, now: datetime) -> Contact:
    """Consent for the State in an authorising seat, and show the contact if its whole rule is met."""
    contact = _one(session, contact_id)
    consents.give(session, scope=scope_of(contact), by=by, now=now)
    show_if_consented(session, contact_id=contact.id, by=by, now=now)
    return contact


def withdraw_contact(session: Session, *, contact_id: UUID, by: Actor, now: datetime) -> Contact:
    """Withdraw the State's consent: whoever else may have read it reads it no more.

    A version that waited is refused by it, and ends.
    """
    contact = _one(session, contact_id)
    consents.withdraw(
        session,
        state_id=contact.state_id,
        kind=ConsentKind.PROFILE_PART,
        subject_id=contact.id,
        by=by,
        now=now,
    )
    drop_refused(session, contact_id=contact.id, by=by, now=now)
    pages.drop(session)
    return contact


def drop_refused(session: Session, *, contact_id: UUID, by: Actor, now: datetime) -> None:
    """End a version that waited for a consent that was refused. One that is shown hides itself."""
    contact = _one(session, contact_id)
    if contact.shown_at is not None or contact.is_hidden:
        return
    contact.is_hidden = True
    session.flush()
    _note(session, "contact.refused", contact, by, now)
    outbox.record(
        session, ContactRefused(contact_id=contact.id, state_id=contact.state_id), now=now
    )


def show_if_consented(session: Session, *, contact_id: UUID, by: Actor, now: datetime) -> bool:
    """Show a version whose State consents by its whole rule; answers whether it is shown now."""
    contact = session.get(Contact, contact_id, with_for_update=True)
    if contact is None or contact.is_hidden:
        return False
    is_consented = may(
        session,
        state_id=contact.state_id,
        kind=ConsentKind.PROFILE_PART,
        subject_id=contact.id,
        on=now.date(),
        now=now,
        publish=contact.visibility.value,
    )
    if is_consented:
        _show(session, contact, by, now)
    return is_consented


def scope_of(contact: Contact) -> consents.Scope:
    """What a State consents to with one version of a contact: its circle of readers and any smaller."""
    levels = [level for level in WIDTH if 0 < WIDTH[level] <= WIDTH[contact.visibility]]
    return consents.Scope(
        state_id=contact.state_id,
        kind=ConsentKind.PROFILE_PART,
        subject_kind=SUBJECT,
        subject_id=contact.id,
        publish=tuple(level.value for level in levels),
    )


def wording_of(contact: Contact) -> Wording:
    """What a row says."""
    return Wording(
        kind=contact.kind,
        value=contact.value,
        language=contact.language,
        visibility=contact.visibility,
        mechanism_id=contact.mechanism_id,
    )


def check_wording(wording: Wording) -> None:
    """Raise Invalid unless this can be a contact. A person is never named to the public."""
    problems: dict[str, str] = {}
    if wording.kind is ContactKind.PERSON and wording.visibility is Visibility.PUBLIC:
        problems["visibility"] = _(
            "A person’s name is not shown to the public. Choose members or the secretariat,"
            " or give a mailbox of the office instead."
        )
    check = CHECKS.get(wording.kind)
    problem = check(wording.value) if check else ""
    if problem:
        problems["value"] = problem
    if problems:
        raise Invalid(problems)


def _site_problem(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and " " not in value:
        return ""
    return _("Give the whole address of the page, with https:// in front.")


def _telephone_problem(value: str) -> str:
    digits = sum(sign.isdigit() for sign in value)
    if value.startswith("+") and digits >= SHORTEST_NUMBER and set(value) <= IN_NUMBERS:
        return ""
    return _("Write the number as one dials it from abroad, as in +41 22 000 00 00.")


SHORTEST_NUMBER = 6
IN_NUMBERS = frozenset("+0123456789 ()-./ext")
CHECKS: dict[ContactKind, Callable[[str], str]] = {
    ContactKind.MAILBOX: address_problem,
    ContactKind.WEBSITE: _site_problem,
    ContactKind.TELEPHONE: _telephone_problem,
}


def _row(state_id: UUID, wording: Wording, by: Actor, now: datetime) -> Contact:
    said: dict[str, Any] = vars(wording)
    return Contact(
        state_id=state_id,
        **said,
        as_of=now.date(),
        written_at=now,
        written_by=by.person_id,
        sought=search.fold(wording.value),
    )


def _enter(session: Session, contact: Contact, by: Actor, now: datetime) -> Contact:
    session.add(contact)
    session.flush()
    _note(session, "contact.written", contact, by, now)
    if contact.visibility is Visibility.SECRETARIAT:
        _show(session, contact, by, now)
    else:
        outbox.record(
            session, ContactWaits(contact_id=contact.id, state_id=contact.state_id), now=now
        )
    return contact


def _show(session: Session, contact: Contact, by: Actor, now: datetime) -> None:
    if contact.shown_at is not None:
        return
    for row in _line(session, contact.line_id):
        row.is_hidden = row.id != contact.id
    session.flush()
    contact.shown_at = now
    session.flush()
    _note(session, "contact.shown", contact, by, now)
    pages.drop(session)


def _narrow(session: Session, line_id: UUID, level: Visibility, by: Actor, now: datetime) -> None:
    for row in _line(session, line_id):
        if not row.is_hidden and WIDTH[level] < WIDTH[row.visibility]:
            row.visibility = level
            session.flush()
            _note(session, "contact.narrowed", row, by, now)
            pages.drop(session)


def _one(session: Session, contact_id: UUID) -> Contact:
    contact = session.get(Contact, contact_id, with_for_update=True)
    if contact is None:
        raise NotVisible
    return contact


def _newest(session: Session, contact_id: UUID) -> Contact:
    """The contact of this id if it is the newest version of its line, locked."""
    contact = _one(session, contact_id)
    live = [row for row in _line(session, contact.line_id) if not row.is_hidden]
    if not live or live[-1].id != contact.id:
        raise Conflict(_("Somebody else has changed this contact. Look at it again."))
    return contact


def _line(session: Session, line_id: UUID) -> list[Contact]:
    """All versions of one contact, oldest first, locked."""
    return list(
        session.scalars(
            select(Contact)
            .where(Contact.line_id == line_id)
            .order_by(Contact.version)
            .with_for_update()
        )
    )


def _note(session: Session, word: str, contact: Contact, by: Actor, now: datetime) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind=SUBJECT,
        subject_id=contact.id,
        details={
            "state": str(contact.state_id),
            "kind": contact.kind.value,
            "version": contact.version,
            "visibility": contact.visibility.value,
        },
    )
