"""How a mail about a case is written: what it is about, who gets it, whether it still makes sense.

A shared mailbox shows its subjects to all who read it. So a confidential case goes by its reference
alone: what names it, a State or a place stands among `open_facts`, which such a mail leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.house import House
from core.languages import _, _l, force_locale
from core.mail.message import Attachment, Message, Order, builder
from core.mail.render import compose
from network.accounts.models import Mailbox
from network.accounts.queries import reached
from network.exchanges.models import Exchange
from network.exchanges.states import ExchangeState
from network.exchanges.words import at

Fact = tuple[Any, str]
OPEN_THE_CASE = _l("Open the case")


@dataclass(frozen=True, kw_only=True)
class About:
    """A case and, in it, the thing that happened: a line of its timeline, a bid, a message."""

    exchange: Exchange
    thing: Any


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads: behind which mailbox, in which zone, and when."""

    mailbox: Mailbox
    zone: str
    house: House
    now: datetime

    def at(self, value: datetime | None) -> str:
        """A moment in the reader's zone, with the zone's name; nothing for none."""
        return at(value, self.zone) if value else ""


@dataclass(frozen=True, kw_only=True)
class News:
    """The words of one mail. None of `title`, `said` and `facts` names a case, a State or a place."""

    title: Any
    said: Any
    facts: tuple[Fact, ...] = ()
    open_facts: tuple[Fact, ...] = ()
    until: datetime | None = None
    action: Any = OPEN_THE_CASE
    path: str = ""
    attachments: tuple[Attachment, ...] = ()


Finds = Callable[[Session, UUID], About | None]
Reaches = Callable[[Session, About, datetime], Collection[UUID]]
Says = Callable[[Session, About, Reader], News]
IsStill = Callable[[Session, About], bool]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One kind of mail. `is_still` says whether it makes sense yet."""

    finds: Finds
    to: Reaches
    says: Says
    is_still: IsStill = lambda _session, _about: True


MAILS: dict[str, Mail] = {}


def mail(name: str, kind: Mail) -> None:
    """Register a kind of mail and its writer."""
    MAILS[name] = kind
    builder(name)(_write)


def wanted(session: Session, name: str, subject_id: UUID) -> About | None:
    """What such a mail would be about; None if there is nothing to say, or not any more."""
    kind = MAILS[name]
    about = kind.finds(session, subject_id)
    if about is None or about.exchange.state is ExchangeState.DRAFT:
        return None
    return about if kind.is_still(session, about) else None


def thing_of(model: type[Any]) -> Finds:
    """Find a row of a case by its id, and the case with it."""

    def find(session: Session, subject_id: UUID) -> About | None:
        thing = session.get(model, subject_id)
        if thing is None:
            return None
        return About(exchange=session.get_one(Exchange, thing.exchange_id), thing=thing)

    return find


def _write(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """Whoever has left the seat since gets nothing, and nobody is told what has passed."""
    mailbox = session.get(Mailbox, order.recipient_id)
    about = wanted(session, order.message, order.subject_id) if order.subject_id else None
    if mailbox is None or about is None:
        return None
    kind = MAILS[order.message]
    behind = reached(session, kind.to(session, about, now), now)
    found = next((one for one in behind if one.mailbox_id == mailbox.id), None)
    if found is None:
        return None
    reader = Reader(mailbox=mailbox, zone=found.zone, house=house, now=now)
    exchange = about.exchange
    with force_locale(order.locale):
        news = kind.says(session, about, reader)
        named = () if exchange.is_confidential else ((_("Request"), exchange.title),)
        opened = () if exchange.is_confidential else news.open_facts
        facts = [
            (_("Case"), exchange.reference),
            *named,
            *news.facts,
            *opened,
            (_("Until"), reader.at(news.until)),
        ]
        title, said, action = str(news.title), str(news.said), str(news.action)
    return compose(
        order.message,
        to=mailbox.address,
        language=order.locale,
        attachments=news.attachments,
        title=title,
        said=said,
        facts=[(str(word), str(value)) for word, value in facts if value],
        reference=exchange.reference,
        called="" if exchange.is_confidential else exchange.title,
        action=action,
        link=f"{house.public_url}{news.path or f'/exchanges/{exchange.id}'}",
    )
