"""What a person wrote in the form, as values, and the keys by which a row is found again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from core import lookup
from core.files import CheckedFile
from core.house import House
from events.programme.models import Event, Mode
from events.registrations.models import Category, Listing, Need


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a person wrote in the form, checked. `address` None: they want a receipt instead."""

    name: str = field(repr=False)
    organisation: str = field(repr=False)
    address: str | None = field(repr=False)
    category: Category
    mode: Mode
    language: str
    listing: Listing
    discreet: bool
    needs: tuple[Need, ...] = ()
    needs_note: str = field(default="", repr=False)
    wants_summary: bool = True
    letter_id: UUID | None = None


def address_key(house: House, event_id: UUID, address: str, *, discreet: bool) -> bytes:
    """How a row is found by its address; discreet rows are kept apart, so that none meet by it."""
    kind = "discreet" if discreet else "open"
    return lookup.look_up(house.index_key, str(event_id), kind, lookup.normal_address(address))


def receipt_key(house: House, typed: str) -> bytes:
    """How a row is found by its receipt, however it was typed."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return lookup.look_up(house.index_key, "receipt", plain)


def fingerprint_of(house: House, event: Event, entry: Entry, letter: CheckedFile | None) -> bytes:
    parts = [entry.name, entry.organisation, entry.address or "", entry.category, entry.mode]
    parts += [entry.language, entry.listing, ",".join(sorted(entry.needs)), entry.needs_note]
    parts += [str(entry.wants_summary), hashlib.sha256(letter.body if letter else b"").hexdigest()]
    return lookup.look_up(house.index_key, "double", str(event.id), *parts)
