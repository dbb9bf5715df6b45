"""Mails about standing offers, to the seats of the State that they are of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from network.accounts.models import Mailbox
from network.accounts.queries import is_read
from network.offers import queries
from network.offers.states import OfferState


@builder("offer_waiting")
def offer_waiting(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """Authorising officers: an offer waits for their State's consent. Not once it is decided."""
    offer = queries.whole(session, order.subject_id) if order.subject_id else None
    if offer is None or offer.state is not OfferState.WAITING:
        return None
    return _compose(session, order, f"{house.public_url}/offers/versions/{offer.id}", now)


@builder("offer_sent_back")
def offer_sent_back(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """The mechanism's seats: an authorising officer wants it otherwise."""
    return _compose(session, order, f"{house.public_url}/offers", now)


@builder("offer_published")
def offer_published(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """The mechanism's seats: the State consented."""
    return _compose(session, order, f"{house.public_url}/offers", now)


@builder("offer_withdrawn")
def offer_withdrawn(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """The mechanism's seats: it is no longer shown."""
    return _compose(session, order, f"{house.public_url}/offers", now)


def _compose(session: Session, order: Order, link: str, now: datetime) -> Message | None:
    mailbox = session.get(Mailbox, order.recipient_id)
    if mailbox is None or not is_read(session, mailbox.id, now):
        return None
    return compose(
        order.message, to=mailbox.address, language=order.locale, message=order.message, link=link
    )
