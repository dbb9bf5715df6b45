"""Documents that go with a case: added and taken away by the sides of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import files
from core.context import Actor
from core.errors import Invalid, NotAllowed, NotVisible, Refused
from core.file_kinds import DOCUMENTS, NotThisFile, check
from core.files import Store, StoredFile
from core.languages import _
from network.exchanges import rules
from network.exchanges.models import MOST_FILES, Attachment, Exchange
from network.exchanges.moving import Act, locked, note, standpoint
from network.exchanges.rules import Standpoint
from network.exchanges.states import EXCHANGE, Mover
from network.seats.models import Seat
from network.seats.queries import state_of

OWNER = "exchange"
ADDS = frozenset({Mover.REQUESTER, Mover.PROVIDER, Mover.HELPDESK})


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An upload as it came."""

    name: str
    body: bytes


def attach(
    session: Session,
    store: Store,
    *,
    exchange_id: UUID,
    sent: Sent,
    by: Actor,
    now: datetime,
    title: str = "",
    for_members: bool = False,
) -> Attachment:
    """Keep a document with a case. Raises Invalid at `document` for one that cannot be taken.

    What members are to read is part of what the State consents to: it is added while the words
    may still change, and the State consents anew.
    """
    exchange = locked(session, exchange_id)
    stands = _adding(session, exchange, by, now)
    _check_room(session, exchange)
    try:
        kind = check(sent.name, sent.body, DOCUMENTS, files.LARGEST)
    except NotThisFile as problem:
        raise Invalid({"document": str(problem)}) from None
    if for_members:
        _renew(exchange, stands)
    row = files.keep(
        session,
        store,
        body=sent.body,
        name=sent.name,
        mime=kind.mime,
        owner_kind=OWNER,
        owner_id=exchange.id,
        now=now,
    )
    session.flush()
    attachment = Attachment(
        exchange_id=exchange.id,
        file_id=row.id,
        title=title or row.name,
        for_members=for_members,
        added_at=now,
        seat_id=by.seat_id,
    )
    session.add(attachment)
    session.flush()
    note(session, exchange, "document.added", Act(by=by, now=now, state_id=stands.state_id))
    return attachment


def take_away(
    session: Session,
    store: Store,
    *,
    exchange_id: UUID,
    attachment_id: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """Erase a document that one's own side added."""
    exchange = locked(session, exchange_id)
    stands = _adding(session, exchange, by, now)
    attachment = session.get(Attachment, attachment_id)
    if attachment is None or attachment.exchange_id != exchange.id:
        raise NotVisible(_("There is no such document."))
    added_in = session.get(Seat, attachment.seat_id) if attachment.seat_id else None
    if (state_of(session, added_in) if added_in else None) != stands.state_id:
        raise NotAllowed(_("Only the side that added a document takes it away."))
    if attachment.for_members:
        _renew(exchange, stands)
    row = session.get(StoredFile, attachment.file_id)
    session.delete(attachment)
    session.flush()
    if row is not None:
        files.erase(session, store, row)
    note(session, exchange, "document.removed", Act(by=by, now=now, state_id=stands.state_id))


def _adding(session: Session, exchange: Exchange, by: Actor, now: datetime) -> Standpoint:
    stands = standpoint(session, exchange, by, now)
    if not stands.movers & ADDS:
        raise NotAllowed(_("Your seat cannot do this in this case."))
    if not EXCHANGE.allowed(exchange.state):
        raise Refused(_("This case is over. Its documents stay as they are."), code="over")
    return stands


def _check_room(session: Session, exchange: Exchange) -> None:
    many = session.scalar(
        select(func.count()).select_from(Attachment).where(Attachment.exchange_id == exchange.id)
    )
    if (many or 0) >= MOST_FILES:
        sentence = _(
            "%(most)s documents are kept with a case. Take one away first.", most=MOST_FILES
        )
        raise Invalid({"document": sentence})


def _renew(exchange: Exchange, stands: Standpoint) -> None:
    """What members read changes: only while the request may, and consents to it fall."""
    if Mover.REQUESTER not in stands.movers or exchange.state not in rules.DRAFTING:
        sentence = _(
            "What members read changes only while the State that asks may still change its request."
        )
        raise Invalid({"for_members": sentence})
    exchange.text_id = uuid4()
