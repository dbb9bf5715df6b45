"""Invented people of invented States, for demo and tests only. Nobody real holds a seat here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.context import SYSTEM
from core.house import house
from network.accounts import service
from network.accounts.factors import lock, lock_id
from network.accounts.models import Factor, FactorKind, Person
from network.seats import service as seats
from network.seats.models import BodyKind, Holder, Organisation, OrganisationKind, Role, Seat
from network.seats.queries import seat_name
from network.taxonomy.service import invent_state

FILE = "people.json"

STATES = {
    "XAA": ("XA", {"en": "Xandria", "fr": "Xandrie"}),
    "XAB": ("XB", {"en": "Yendor", "fr": "Yendor"}),
    "XAC": ("XC", {"en": "Zembla", "fr": "Zembla"}),
    "XAD": ("XD", {"en": "Ostrelle", "fr": "Ostrelle"}),
}
FIJI, NAIROBI, ASUNCION, GENEVA = (
    "Pacific/Fiji",
    "Africa/Nairobi",
    "America/Asuncion",
    "Europe/Zurich",
)
IN_FRENCH = {"Justice": "Justice", "Foreign affairs": "Affaires étrangères"}
ORGANISATION = {"en": "Listening Post", "fr": "Poste d’écoute"}


@dataclass(frozen=True)
class Invented:
    """One invented person: name, mailbox, role and body (a State's code, or a kind of body)."""

    name: str
    email: str
    role: Role
    body: str
    language: str = "en"
    title: str = ""
    zone: str = "UTC"


PEOPLE = (
    Invented(
        "Leila Barzani-Holt", "mechanism@xandria.example", Role.FOCAL_POINT, "XAA", "fr", zone=FIJI
    ),
    Invented("Idris Calloway", "mechanism@xandria.example", Role.DEPUTY, "XAA", zone=FIJI),
    Invented(
        "Samira Okonvar",
        "consent@xandria.example",
        Role.AUTHORISING,
        "XAA",
        title="Justice",
        zone=FIJI,
    ),
    Invented(
        "Bruno Talvez",
        "abroad@xandria.example",
        Role.AUTHORISING,
        "XAA",
        title="Foreign affairs",
        zone=GENEVA,
    ),
    Invented("Tomas Veldarin", "mechanism@yendor.example", Role.FOCAL_POINT, "XAB", zone=NAIROBI),
    Invented(
        "Ilse Marovec",
        "consent@yendor.example",
        Role.AUTHORISING,
        "XAB",
        title="Justice",
        zone=NAIROBI,
    ),
    Invented("Noor Lindahl-Reyes", "noor@secretariat.example", Role.SECRETARIAT, "secretariat"),
    Invented("Paulo Sernine", "paulo@secretariat.example", Role.SECRETARIAT, "secretariat", "fr"),
    Invented("Amara Dellwood", "amara@protection.example", Role.PROTECTION, "platform"),
    Invented("Jonas Weissmark", "jonas@protection.example", Role.PROTECTION, "platform"),
    Invented("Ida Marekova-Lund", "ida@platform.example", Role.ADMINISTRATOR, "platform"),
    Invented("Rafael Quent", "desk@listening-post.example", Role.FOCAL_POINT, "organisation"),
    Invented("Odalys Ferrant", "mechanism@zembla.example", Role.FOCAL_POINT, "XAC", zone=ASUNCION),
    Invented(
        "Matteo Ilvane",
        "consent@zembla.example",
        Role.AUTHORISING,
        "XAC",
        title="Justice",
        zone=ASUNCION,
    ),
    Invented(
        "Greta Solvay-Ndiaye",
        "mission@ostrelle.example",
        Role.FOCAL_POINT,
        "XAD",
        "fr",
        zone=GENEVA,
    ),
    Invented(
        "Kasimir Brandt-Oyelaran",
        "consent@ostrelle.example",
        Role.AUTHORISING,
        "XAD",
        title="Foreign affairs",
        zone=GENEVA,
    ),
    Invented(
        "Mirela Osei-Dragan",
        "helpdesk@secretariat.example",
        Role.HELPDESK,
        "secretariat",
        zone=GENEVA,
    ),
)


def seed_demo(session: Session, now: datetime, home: Path) -> None:
    """Add the invented people, each once, and write `people.json` with what one needs to sign in.

    The authenticator secrets are made at the first seeding and kept in that file alone; whoever
    does not stand in it gets a new one.
    """
    if house().is_production:
        message = "invented people never enter production"
        raise RuntimeError(message)
    file = home / FILE
    known = _known(file)
    if all(one.name in known for one in PEOPLE) and _is_seeded(session):
        return
    rows, holders = [], []
    for one in PEOPLE:
        holder, is_new = _holder(session, one, now)
        holders.append(holder)
        row = None if is_new else known.get(one.name)
        rows.append(row or _row(session, one, holder, _totp(session, holder, now)))
    _confirm_officers(session, holders, now)
    session.flush()
    file.touch(mode=0o600)
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _known(file: Path) -> dict[str, dict[str, str]]:
    """The rows of the file by name; none where it is lost."""
    if not file.exists():
        return {}
    return {row["name"]: row for row in json.loads(file.read_text(encoding="utf-8"))}


def _is_seeded(session: Session) -> bool:
    names = {one.name for one in PEOPLE}
    return names == set(session.scalars(select(Person.name).where(Person.name.in_(names))))


def _holder(session: Session, one: Invented, now: datetime) -> tuple[Holder, bool]:
    """The person's first holding, and whether it was made now."""
    person = session.scalars(
        select(Person).where(Person.name == one.name).order_by(Person.made_at).limit(1)
    ).first()
    if person is not None:
        person.zone = one.zone if person.zone == "UTC" else person.zone
        held = select(Holder).where(Holder.person_id == person.id).order_by(Holder.since).limit(1)
        return session.scalars(held).one(), False
    mailbox = service.mailbox_for(session, address=one.email, index_key=house().index_key)
    person = service.add_person(
        session,
        mailbox=mailbox,
        name=one.name,
        language=one.language,
        zone=one.zone,
        by=SYSTEM,
        now=now,
    )
    kind, body_id = _body(session, one.body)
    seat = seats.open_seat(
        session,
        body_kind=kind,
        body_id=body_id,
        role=one.role,
        title={"en": one.title, "fr": IN_FRENCH[one.title]} if one.title else {},
        by=SYSTEM,
        now=now,
    )
    return seats.appoint(session, seat=seat, person_id=person.id, by=SYSTEM, now=now), True


def _body(session: Session, word: str) -> tuple[BodyKind, UUID | None]:
    if word in STATES:
        iso2, names = STATES[word]
        return BodyKind.STATE, invent_state(session, iso3=word, iso2=iso2, names=names).id
    kind = BodyKind(word)
    if kind is not BodyKind.ORGANISATION:
        return kind, None
    known = session.scalar(select(Organisation).where(Organisation.is_demo))
    if known is None:
        known = Organisation(kind=OrganisationKind.NGO, name=ORGANISATION, is_demo=True)
        session.add(known)
        session.flush()
    return kind, known.id


def _totp(session: Session, holder: Holder, now: datetime) -> str:
    """A fresh secret for this person, in place of an earlier one."""
    plain, secret = pyotp.random_base32(), house().secret_key
    for old in session.scalars(
        select(Factor).where(Factor.person_id == holder.person_id, Factor.ended_at.is_(None))
    ):
        old.ended_at = now
    session.add(
        Factor(
            person_id=holder.person_id,
            kind=FactorKind.TOTP,
            made_at=now,
            confirmed_at=now,
            locked=lock(secret, plain),
            lock_id=lock_id(secret),
        )
    )
    return plain


def _confirm_officers(session: Session, holders: list[Holder], now: datetime) -> None:
    """Each invented officer is confirmed by an invented colleague of the secretariat."""
    second = next(
        holder.person_id
        for one, holder in zip(PEOPLE, holders, strict=True)
        if one.role is Role.SECRETARIAT
    )
    for holder in holders:
        if holder.needs_confirmation and holder.confirmed_at is None:
            holder.confirmed_by, holder.confirmed_at = second, now
    session.flush()


def _row(session: Session, one: Invented, holder: Holder, secret: str) -> dict[str, str]:
    seat = session.get_one(Seat, holder.seat_id)
    return {
        "role": one.role.value,
        "seat": str(seat.id),
        "seat_name": seat_name(session, seat),
        "name": one.name,
        "email": one.email,
        "totp_secret": secret,
    }
