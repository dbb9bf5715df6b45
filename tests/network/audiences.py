"""An invented network of three States whose parts may be read by different circles, and its readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core import search
from core.context import SYSTEM
from network.accounts import service as accounts
from network.applications.models import Membership, MembershipStatus
from network.consents import service as consents
from network.directory import service
from network.directory.service import Wording
from network.mechanisms import service as mechanisms
from network.mechanisms.models import (
    Basis,
    Contact,
    ContactKind,
    Field,
    Mechanism,
    ProfileFact,
    Visibility,
)
from network.offers.models import Offer
from network.offers.states import OfferState
from network.seats import service as seats
from network.seats.models import Holder
from network.taxonomy.models import State
from tests.walls.cast import Cast, acts, enter

SOURCE = "https://source.example/mechanism"
LEVELS = ("public", "members", "secretariat")
AUDIENCES = {
    "nobody": "public",
    "applicant": "public",
    "former": "public",
    "organisation": "public",
    "triage": "public",
    "member": "members",
    "observer": "members",
    "own": "secretariat",
    "secretariat": "secretariat",
}
"""Each reader, and the widest of the three circles that they are in, as to the parts of XAA."""

INSIDE = tuple(name for name, level in AUDIENCES.items() if level != "public")
OUTSIDE = tuple(name for name, level in AUDIENCES.items() if level == "public")
OF_LEVEL = {
    "public": (Field.HOST, ContactKind.WEBSITE),
    "members": (Field.TRACKING_TOOL, ContactKind.MAILBOX),
    "secretariat": (Field.MEETINGS, ContactKind.TELEPHONE),
}
"""The field and the kind of contact of XAA that each circle reads."""

FACT = {"public": "Quillworth", "members": "Brambledon", "secretariat": "Zephyrine"}
CONTACT = {
    "public": "https://tanglewick.example/",
    "members": "hobnail@office.example",
    "secretariat": "+99 1 777 666",
}
WORD = {"public": "tanglewick", "members": "hobnail", "secretariat": "777"}
"""By what a contact of each circle is looked for."""


def permitted(audience: str) -> tuple[str, ...]:
    """The circles whose parts of XAA this reader reads."""
    return LEVELS[: LEVELS.index(AUDIENCES[audience]) + 1]


@dataclass
class Network:
    """XAA with parts for each circle, XAB a member, XAC an observer, XAD an applicant."""

    session: Session
    cast: Cast
    states: dict[str, State] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)

    def build(self) -> Network:
        """Put everybody in place."""
        past = self.cast.at - timedelta(days=20)
        names = {"XAA": "Xandria", "XAB": "Yendor", "XAC": "Zembla", "XAD": "Ostrelle"}
        for iso3, name in names.items():
            self.states[iso3] = self.cast.state(iso3, f"X{iso3[2]}", name)
        for iso3, status in (
            ("XAA", MembershipStatus.MEMBER),
            ("XAB", MembershipStatus.MEMBER),
            ("XAC", MembershipStatus.OBSERVER),
        ):
            self.session.add(Membership(state_id=self.states[iso3].id, status=status, since=past))
        self.mechanism = self._mechanism("XAA", "Council of Xandria")
        self._mechanism("XAB", "Council of Yendor")
        for level, (kind, _contact) in OF_LEVEL.items():
            self.fact(kind, FACT[level], level)
        self.officer = self.holder("authorising", "XAA")
        for level, (_field, kind) in OF_LEVEL.items():
            self.contact(kind, CONTACT[level], level)
        self.holders = {
            "applicant": self.holder("focal_point", "XAD"),
            "former": self.holder("focal_point", "XAB"),
            "organisation": self.cast.organisation_holder(),
            "triage": self.cast.holder("triage"),
            "member": self.holder("focal_point", "XAB"),
            "observer": self.holder("deputy", "XAC"),
            "own": self.holder("focal_point", "XAA"),
            "secretariat": self.cast.holder("secretariat"),
        }
        self.session.flush()
        return self

    def _mechanism(self, iso3: str, name: str) -> Mechanism:
        return mechanisms.invent_mechanism(
            self.session,
            self.states[iso3],
            name=name,
            acronym="",
            facts={},
            source_url=SOURCE,
            now=self.cast.at,
        )

    def holder(self, role: str, iso3: str) -> Holder:
        """A person in a new seat of a State."""
        return self.cast.holder(role, body_id=self.states[iso3].id)

    def fact(self, kind: Field, value: str, level: str) -> ProfileFact:
        """A part of XAA's profile that one circle reads."""
        made = ProfileFact(
            mechanism=self.mechanism,
            field=kind,
            value=value,
            visibility=Visibility(level),
            source_url=SOURCE,
            recorded_on=self.cast.at.date(),
            sought=search.fold(value),
        )
        self.session.add(made)
        self.session.flush()
        self.session.expire(self.mechanism)
        return made

    def contact(
        self,
        kind: ContactKind,
        value: str,
        level: str,
        *,
        consented: bool = True,
        language="",
    ) -> Contact:
        """A contact of XAA, with its State's consent where it needs one."""
        at = self.cast.at
        contact = service.add_contact(
            self.session,
            state_id=self.states["XAA"].id,
            wording=Wording(
                kind=kind, value=value, visibility=Visibility(level), language=language
            ),
            by=SYSTEM,
            now=at,
        )
        if consented and level != "secretariat":
            service.consent_to_contact(
                self.session, contact_id=contact.id, by=self.speaks(), now=at
            )
        return contact

    def offer(self, **more: object) -> Offer:
        """A published standing offer of XAA."""
        at = self.cast.at
        made = Offer(
            mechanism=self.mechanism,
            state=OfferState.PUBLISHED,
            per_year=2,
            published_at=at,
            updated_at=at,
            **more,
        )
        self.session.add(made)
        self.session.flush()
        return made

    def speaks(self):
        """XAA's authorising officer, with the own factor shown just now."""
        return acts(self.officer.person_id, self.officer.seat_id, proved_at=self.cast.at)

    def end(self, name: str, ago: timedelta = timedelta(days=1)) -> None:
        """A holder's time ended, a day ago unless told otherwise."""
        holder = self.holders[name]
        holder.since = self.cast.at - timedelta(days=20)
        holder.seat.opened_at = holder.since
        self.session.flush()
        seats.end(
            self.session,
            holder=holder,
            at=self.cast.at - ago,
            by=SYSTEM,
            now=self.cast.at,
        )
        self.session.flush()

    def token(self, name: str) -> str:
        """A token of a reader's seat; empty for nobody."""
        if name not in self.holders:
            return ""
        _token, plain = accounts.make_token(
            self.session,
            seat=self.holders[name].seat,
            label=name,
            by=SYSTEM,
            now=self.cast.at,
        )
        return plain

    def headers(self, name: str) -> dict[str, str]:
        """What a program of this reader sends."""
        token = self.token(name)
        if name == "former":
            self.end(name)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def enter(self, client: FlaskClient, name: str) -> FlaskClient:
        """Let a browser in as this reader."""
        if name in self.holders:
            enter(client, self.cast.visit(self.holders[name], proved=timedelta()))
        if name == "former":
            self.end(name)
        self.session.flush()
        return client

    def withdraw(self, subject_id: UUID) -> None:
        """XAA's officer withdraws a consent where consents are listed."""
        consents.withdraw(
            self.session,
            state_id=self.states["XAA"].id,
            kind=consents.ConsentKind.PROFILE_PART,
            subject_id=subject_id,
            by=self.speaks(),
            now=self.cast.at,
        )


STATE, PUBLIC_SOURCE = Basis.STATE, Basis.PUBLIC_SOURCE
