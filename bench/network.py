"""An invented network of any size: States, mechanisms, who sits for them, what they offer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, product
from string import ascii_uppercase
from typing import Any
from uuid import UUID, uuid4

import psycopg

from bench.bulk import Row, copy
from core import search
from network.accounts.models import Mailbox, Person, Reader
from network.applications.models import Membership, MembershipStatus
from network.consents.models import Basis, Consent, ConsentKind
from network.mechanisms.models import (
    Contact,
    ContactKind,
    Field,
    Mechanism,
    NameStatus,
    ProfileFact,
    Visibility,
)
from network.offers.models import LANGUAGES, Capacity, ExchangeType, Offer
from network.offers.states import OfferState
from network.seats.models import BodyKind, Holder, Role, Seat
from network.taxonomy.models import Classification, Group, State

CODES = tuple(f"X{one}{two}" for one, two in product(ascii_uppercase, repeat=2))
MOST_STATES = 650
OFFERING = 0.7
ZONES = ("Pacific/Fiji", "Europe/Zurich", "America/Asuncion", "Africa/Nairobi", "Asia/Tokyo")
GROUPS = tuple(Group)
WORDS = ("register", "plan", "council", "office", "committee", "decree", "focal", "cluster")


def seeded(number: int) -> random.Random:
    """Chance that is the same in each run."""
    return random.Random(number)  # noqa: S311 -- nothing secret is drawn


@dataclass(frozen=True, kw_only=True)
class Sits:
    """One person in one seat, behind a mailbox of their own."""

    seat_id: UUID = field(default_factory=uuid4)
    person_id: UUID = field(default_factory=uuid4)
    holder_id: UUID = field(default_factory=uuid4)
    mailbox_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """One invented State with its focal point and its authorising officer."""

    iso3: str
    id: UUID = field(default_factory=uuid4)
    focal: Sits = field(default_factory=Sits)
    capital: Sits = field(default_factory=Sits)


@dataclass(kw_only=True)
class Network:
    """What was made, for those who add cases to it and who measure."""

    now: datetime
    themes: Sequence[str]
    delegations: Sequence[Delegation]
    helpdesk: Sits = field(default_factory=Sits)
    dice: random.Random = field(default_factory=lambda: seeded(7))

    @property
    def since(self) -> datetime:
        """How long everybody has been there."""
        return self.now - timedelta(days=2_000)

    def pick(self, among: Sequence[str], least: int, most: int) -> list[str]:
        """Some of them."""
        return sorted(self.dice.sample(list(among), self.dice.randint(least, most)))

    def text(self, words: int) -> str:
        """So many words."""
        return " ".join(self.dice.choices(WORDS, k=words))


def fill_network(
    connection: psycopg.Connection[Any], *, mechanisms: int, themes: Sequence[str], now: datetime
) -> Network:
    """Add the States, spread the mechanisms over them, and seat everybody."""
    delegations = [Delegation(iso3=code) for code in CODES[: min(mechanisms, MOST_STATES)]]
    network = Network(now=now, themes=themes, delegations=delegations)
    copy(connection, State, _states(network))
    copy(connection, Classification, _classes(network))
    copy(connection, Membership, _memberships(network))
    _seat(connection, network)
    _describe(connection, network, mechanisms)
    return network


def _states(network: Network) -> Iterator[Row]:
    for number, one in enumerate(network.delegations):
        name = f"{one.iso3.title()}land"
        yield {
            "id": one.id,
            "iso3": one.iso3,
            "iso2": _short(number),
            "un_status": "member",
            "names": {"en": name, "fr": name},
            "orders": {"en": search.fold(name), "fr": search.fold(name)},
            "sought": search.folded([name, one.iso3]),
            "is_invented": True,
        }


def _short(number: int) -> str:
    """A code of two characters that no State has."""
    digits = "0123456789" + ascii_uppercase
    return digits[number // 36 % 36].lower() + digits[number % 36]


def _classes(network: Network) -> Iterator[Row]:
    for one in network.delegations:
        group = network.dice.choice(GROUPS)
        yield {"state_id": one.id, "kind": "group", "word": group, "source": "invented"}


def _memberships(network: Network) -> Iterator[Row]:
    for one in network.delegations:
        yield {"state_id": one.id, "status": MembershipStatus.MEMBER, "since": network.since}


def _seat(connection: psycopg.Connection[Any], network: Network) -> None:
    rows: list[tuple[Sits, Role, UUID | None]] = [(network.helpdesk, Role.HELPDESK, None)]
    for one in network.delegations:
        rows += [(one.focal, Role.FOCAL_POINT, one.id), (one.capital, Role.AUTHORISING, one.id)]
    since, zones = network.since, network.dice.choices(ZONES, k=len(rows))
    copy(
        connection,
        Mailbox,
        (
            {
                "id": one.mailbox_id,
                "look_up": one.mailbox_id.bytes * 2,
                "address": f"{one.mailbox_id}@bench.example",
            }
            for one, _role, _body in rows
        ),
    )
    copy(
        connection,
        Person,
        (
            {"id": one.person_id, "name": f"Bench {number}", "zone": zone, "made_at": since}
            for number, ((one, _role, _body), zone) in enumerate(zip(rows, zones, strict=True))
        ),
    )
    copy(
        connection,
        Reader,
        (
            {"mailbox_id": one.mailbox_id, "person_id": one.person_id, "since": since}
            for one, _role, _body in rows
        ),
    )
    copy(
        connection,
        Seat,
        (
            {
                "id": one.seat_id,
                "body_kind": BodyKind.STATE if body else BodyKind.SECRETARIAT,
                "body_id": body,
                "role": role,
                "title": {},
                "opened_at": since,
            }
            for one, role, body in rows
        ),
    )
    copy(
        connection,
        Holder,
        (
            {
                "id": one.holder_id,
                "seat_id": one.seat_id,
                "person_id": one.person_id,
                "since": since,
            }
            for one, _role, _body in rows
        ),
    )


def _describe(connection: psycopg.Connection[Any], network: Network, mechanisms: int) -> None:
    """Mechanisms with facts, contacts and standing offers."""
    made = [
        (uuid4(), network.delegations[number % len(network.delegations)], number)
        for number in range(mechanisms)
    ]
    copy(connection, Mechanism, (_mechanism(network, *one) for one in made))
    copy(connection, ProfileFact, (row for one in made for row in _facts(network, one[0])))
    copy(connection, Contact, (_contact(network, *one) for one in made))
    offers = [(uuid4(), *one) for one in made if network.dice.random() < OFFERING]
    copy(connection, Offer, (_offer(network, *one) for one in offers))
    copy(
        connection,
        Consent,
        (
            consent(network, whose, ConsentKind.STANDING_OFFER, "offer", id_, publish=["offer"])
            for id_, _mechanism, whose, _number in offers
        ),
    )


def _mechanism(network: Network, id_: UUID, whose: Delegation, number: int) -> Row:
    turn = number // len(network.delegations)
    name = f"{network.text(4).title()} {number}"
    return {
        "id": id_,
        "key": whose.iso3.lower() + (f"-{turn + 1}" if turn else ""),
        "state_id": whose.id,
        "name": name,
        "name_language": "en",
        "translations": {},
        "name_status": NameStatus.FORMAL,
        "is_lead": not turn,
        "sought": search.fold(name),
        "source_url": "https://bench.example/",
        "recorded_on": network.now.date(),
    }


def _facts(network: Network, mechanism_id: UUID) -> Iterator[Row]:
    for of in islice(Field, 2, 10):
        value = "standing" if of is Field.TYPE else network.text(12)
        yield {
            "mechanism_id": mechanism_id,
            "field": of,
            "value": value,
            "source_url": "https://bench.example/",
            "recorded_on": network.now.date(),
            "sought": search.fold(value),
        }


def _contact(network: Network, id_: UUID, whose: Delegation, _number: int) -> Row:
    return {
        "state_id": whose.id,
        "mechanism_id": id_,
        "kind": ContactKind.MAILBOX,
        "value": f"{id_}@bench.example",
        "visibility": Visibility.MEMBERS,
        "written_at": network.since,
        "shown_at": network.since,
        "sought": f"{id_}@bench.example",
    }


def _offer(network: Network, id_: UUID, mechanism_id: UUID, _whose: Delegation, _n: int) -> Row:
    return {
        "id": id_,
        "mechanism_id": mechanism_id,
        "state": OfferState.PUBLISHED,
        "themes": network.pick(network.themes, 2, 5),
        "capacities": network.pick(list(Capacity), 1, 3),
        "types": network.pick(list(ExchangeType), 1, 4),
        "languages": network.pick(LANGUAGES, 1, 3),
        "per_year": network.dice.randint(2, 12),
        "note": {"en": network.text(20)},
        "sent_at": network.since,
        "published_at": network.since,
        "updated_at": network.since,
    }


def consent(
    network: Network,
    whose: Delegation,
    kind: ConsentKind,
    subject_kind: str,
    subject_id: UUID,
    **more: object,
) -> Mapping[str, Any]:
    """A State's consent as its officer gives it."""
    return {
        "state_id": whose.id,
        "kind": kind,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "basis": Basis.OWN_FACTOR,
        "given_at": network.since,
        "seat_id": whose.capital.seat_id,
        "person_id": whose.capital.person_id,
        "proved": "totp",
    } | more
