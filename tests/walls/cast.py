"""Invented people to put in seats, and a short way to have them signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pyotp
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core import clock
from core.context import SYSTEM, Actor
from network.accounts import service
from network.accounts.factors import lock, lock_id
from network.accounts.models import Factor, FactorKind, Mailbox, Person, Proof, Visit
from network.seats import service as seats
from network.seats.models import BodyKind, Holder, Organisation, OrganisationKind, Role, Seat
from network.taxonomy.models import State
from network.taxonomy.service import invent_state
from tests.walls.application import Keys

PLATFORM = {Role.PROTECTION, Role.ADMINISTRATOR}
SECRETARIAT = {
    Role.SECRETARIAT,
    Role.TRIAGE,
    Role.RAPPORTEUR,
    Role.SERVICE_DESK,
    Role.HELPDESK,
}


@dataclass
class Cast:
    """Puts people on the stage of one test."""

    session: Session
    keys: Keys
    at: datetime = field(default_factory=clock.now)

    def state(self, iso3: str = "XAA", iso2: str = "XA", name: str = "Xandria") -> State:
        """An invented State."""
        return invent_state(self.session, iso3=iso3, iso2=iso2, names={"en": name})

    def mailbox(self, address: str) -> Mailbox:
        """A mailbox by its address."""
        return service.mailbox_for(self.session, address=address, index_key=self.keys.index)

    def person(self, name: str, address: str = "", at: datetime | None = None) -> Person:
        """A named person behind a mailbox."""
        where = self.mailbox(address or f"{uuid4().hex}@people.example")
        return service.add_person(
            self.session, mailbox=where, name=name, by=SYSTEM, now=at or self.at
        )

    def seat(self, role: str, body_id: UUID | None = None, at: datetime | None = None) -> Seat:
        """An open seat without a holder, at the body its role belongs to."""
        known = Role(role)
        kind = BodyKind.STATE
        if known in PLATFORM:
            kind = BodyKind.PLATFORM
        elif known in SECRETARIAT:
            kind = BodyKind.SECRETARIAT
        elif body_id is None:
            body_id = self.state().id
        return seats.open_seat(
            self.session,
            body_kind=kind,
            body_id=body_id,
            role=known,
            by=SYSTEM,
            now=at or self.at,
        )

    def holder(  # one person in one new seat is what most tests want
        self,
        role: str,
        *,
        name: str = "Ada Invented",
        address: str = "",
        body_id: UUID | None = None,
        at: datetime | None = None,
        confirmed: bool = True,
    ) -> Holder:
        """A person in a new seat; a protection officer is confirmed unless told otherwise."""
        moment = at or self.at
        person = self.person(name, address, moment)
        seat = self.seat(role, body_id, moment)
        holder = seats.appoint(self.session, seat=seat, person_id=person.id, by=SYSTEM, now=moment)
        if holder.needs_confirmation and confirmed:
            second = self.person("Second Person", at=moment)
            seats.confirm(self.session, holder=holder, by=acts(second.id), now=moment)
        self.session.flush()
        return holder

    def organisation_holder(self) -> Holder:
        """A person in a seat of an organisation, which never speaks for a State."""
        now = self.at
        body = Organisation(kind=OrganisationKind.NGO, name={"en": "Listening Post"})
        self.session.add(body)
        self.session.flush()
        seat = seats.open_seat(
            self.session,
            body_kind=BodyKind.ORGANISATION,
            body_id=body.id,
            role=Role.FOCAL_POINT,
            by=SYSTEM,
            now=now,
        )
        person = self.person("Of An Organisation")
        return seats.appoint(self.session, seat=seat, person_id=person.id, by=SYSTEM, now=now)

    def authenticator(self, person_id: UUID, at: datetime | None = None) -> str:
        """A confirmed authenticator; answers its secret."""
        plain, moment = pyotp.random_base32(), at or self.at
        self.session.add(
            Factor(
                person_id=person_id,
                kind=FactorKind.TOTP,
                made_at=moment,
                confirmed_at=moment,
                locked=lock(self.keys.secret, plain),
                lock_id=lock_id(self.keys.secret),
            )
        )
        self.session.flush()
        return plain

    def visit(
        self,
        holder: Holder | None = None,
        *,
        mailbox: Mailbox | None = None,
        proved: timedelta | None = None,
        proof: Proof = Proof.TOTP,
        is_desk: bool = False,
    ) -> Visit:
        """A visit of a holder, with an own factor shown `proved` ago (None: the mailbox only)."""
        now = self.at
        person = self.session.get(Person, holder.person_id) if holder else None
        where = mailbox or self.mailbox(f"{uuid4().hex}@people.example")
        if person is not None and mailbox is None:
            service.add_reader(self.session, mailbox=where, person=person, by=SYSTEM, now=now)
        visit = Visit(
            mailbox_id=where.id,
            person=person,
            holder=holder,
            at=now,
            is_desk=is_desk,
            proved=Proof.MAILBOX if proved is None else proof,
            proved_at=None if proved is None else now - proved,
        )
        self.session.add(visit)
        self.session.flush()
        return visit


def enter(client: FlaskClient, visit: Visit) -> None:
    """Give a browser the cookie of a visit."""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(visit.id)


def acts(
    person_id: UUID, seat_id: UUID | None = None, *, proved_at: datetime | None = None
) -> Actor:
    """A person who acts, with their own factor shown at `proved_at` or by their mailbox."""
    return Actor(
        kind="person",
        person_id=person_id,
        seat_id=seat_id,
        proved="totp" if proved_at else "mailbox",
        proved_at=proved_at,
    )
