"""Who is behind a mailbox, and whose visit or token this is."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from core.lookup import look_up, normal_address
from network.accounts.models import ApiToken, Factor, FactorKind, Mailbox, Person, Reader, Visit
from network.seats.models import Holder, Seat
from network.seats.queries import belongs_to, holds

VISIT_LASTS = timedelta(days=7)


def mailbox_look_up(index_key: str, address: str) -> bytes:
    """Under what a mailbox is found. Registrants are found per event and never by this."""
    return look_up(index_key, "mailbox", normal_address(address))


def reads(now: datetime) -> ColumnElement[bool]:
    """The condition on Reader: may work behind the mailbox at `now`."""
    return and_(Reader.since <= now, or_(Reader.until.is_(None), Reader.until > now))


def mailbox_at(session: Session, *, key: bytes, now: datetime) -> UUID | None:
    """The mailbox under `key`, if anybody may work behind it."""
    return session.scalar(
        select(Mailbox.id).where(
            Mailbox.look_up == key,
            exists().where(Reader.mailbox_id == Mailbox.id, reads(now)),
        )
    )


def is_read(session: Session, mailbox_id: UUID, now: datetime) -> bool:
    """Whether anybody may work behind a mailbox at `now`."""
    return bool(session.scalar(select(exists().where(Reader.mailbox_id == mailbox_id, reads(now)))))


def mailboxes_of(session: Session, person_id: UUID, now: datetime) -> Sequence[UUID]:
    """The mailboxes that a person reads at `now`."""
    return session.scalars(
        select(Reader.mailbox_id).where(Reader.person_id == person_id, reads(now)).distinct()
    ).all()


def people_behind(session: Session, mailbox_id: UUID, now: datetime) -> Sequence[Person]:
    """The named people who may work behind a mailbox, by name."""
    return session.scalars(
        select(Person)
        .where(
            exists().where(
                Reader.mailbox_id == mailbox_id, Reader.person_id == Person.id, reads(now)
            )
        )
        .order_by(Person.name, Person.id)
    ).all()


def visit_at(session: Session, visit_id: UUID, *, is_desk: bool, now: datetime) -> Visit | None:
    """A visit that still counts: neither ended nor old, and its people still read the mailbox."""
    return session.scalar(
        select(Visit)
        .options(joinedload(Visit.person), joinedload(Visit.holder).joinedload(Holder.seat))
        .where(
            Visit.id == visit_id,
            Visit.is_desk == is_desk,
            Visit.ended.is_(None),
            Visit.at > now - VISIT_LASTS,
            exists().where(
                Reader.mailbox_id == Visit.mailbox_id,
                or_(Visit.person_id.is_(None), Reader.person_id == Visit.person_id),
                reads(now),
            ),
        )
    )


def token_digest(plain: str) -> bytes:
    """What is kept of a token. Tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(plain.encode()).digest()


def token_at(session: Session, plain: str, now: datetime) -> ApiToken | None:
    """A token that counts at `now`, with its seat.

    It ends with the holding in which it was made: after a hand-over a predecessor's program has
    no more access than the predecessor.
    """
    return session.scalar(
        select(ApiToken)
        .join(ApiToken.seat)
        .options(joinedload(ApiToken.seat))
        .where(
            ApiToken.digest == token_digest(plain),
            ApiToken.ended_at.is_(None),
            or_(ApiToken.until.is_(None), ApiToken.until > now),
            exists().where(Holder.seat_id == Seat.id, Holder.since <= ApiToken.made_at, holds(now)),
        )
    )


def factors_of(session: Session, person_id: UUID, kind: FactorKind) -> Sequence[Factor]:
    """A person's live factors of one kind, oldest first; unconfirmed ones included."""
    return session.scalars(
        select(Factor)
        .where(Factor.person_id == person_id, Factor.kind == kind, Factor.ended_at.is_(None))
        .order_by(Factor.made_at, Factor.id)
    ).all()


def has_own_factor(session: Session, person_id: UUID) -> bool:
    """Whether a person can prove who they are."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Factor.person_id == person_id,
                    Factor.kind.in_([FactorKind.TOTP, FactorKind.PASSKEY]),
                    Factor.confirmed_at.is_not(None),
                    Factor.ended_at.is_(None),
                )
            )
        )
    )


def names_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names by id."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def people_of_state(session: Session, state_id: UUID, now: datetime) -> dict[UUID, str]:
    """Names by id of everybody behind the mailboxes of a State's present and coming holders."""
    of_state = (
        select(Reader.mailbox_id)
        .join(Holder, Holder.person_id == Reader.person_id)
        .join(Holder.seat)
        .where(belongs_to(state_id), or_(Holder.until.is_(None), Holder.until > now), reads(now))
    )
    rows = session.execute(
        select(Person.id, Person.name)
        .where(
            exists().where(
                Reader.person_id == Person.id, Reader.mailbox_id.in_(of_state), reads(now)
            )
        )
        .order_by(Person.name, Person.id)
    )
    return {row.id: row.name for row in rows}


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A mailbox behind some seats, with the language and zone of the first holder that reads it."""

    mailbox_id: UUID
    language: str
    zone: str


def reached(session: Session, seat_ids: Collection[UUID], now: datetime) -> list[Reached]:
    """The mailboxes of whoever holds these seats at `now`, each once, however many share it."""
    rows = session.execute(
        select(Reader.mailbox_id, Person.language, Person.zone)
        .join(Person, Person.id == Reader.person_id)
        .join(Holder, Holder.person_id == Person.id)
        .join(Holder.seat)
        .where(Seat.id.in_(seat_ids), holds(now), reads(now))
        .order_by(Reader.mailbox_id, Holder.since, Holder.id)
    )
    found: dict[UUID, Reached] = {}
    for mailbox_id, language, zone in rows:
        found.setdefault(mailbox_id, Reached(mailbox_id=mailbox_id, language=language, zone=zone))
    return list(found.values())
