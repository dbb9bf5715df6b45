"""Signed links for one purpose: whoever holds one may do that one thing for that one subject.

A link can be written again at any time from the subject's id and generation, so no link is kept
in clear anywhere; raising the generation ends all links written before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from core.house import House

SIGNATURE_BYTES = 16


@dataclass(frozen=True)
class Link:
    """What a genuine token says: its subject and the generation it was written in."""

    subject_id: UUID
    generation: int


class Linked(Protocol):
    """A row that has personal links."""

    @property
    def id(self) -> UUID:
        """What a token names."""

    @property
    def generation(self) -> int:
        """Which generation of links is good."""


def address(house: House, path: str, row: Linked, *, purpose: str) -> str:
    """A personal link as it stands in a mail: `path` and the token of `row`."""
    token = write(house.secret_key, purpose=purpose, subject_id=row.id, generation=row.generation)
    return f"{house.public_url}/{path}/{token}"


def write(secret: str, *, purpose: str, subject_id: UUID, generation: int) -> str:
    """The token of `subject_id` for `purpose`, safe in an address."""
    body = subject_id.bytes + generation.to_bytes(4, "big")
    return base64.urlsafe_b64encode(body + _sign(secret, purpose, body)).decode().rstrip("=")


def read(secret: str, token: str, *, purpose: str) -> Link | None:
    """What a token says, or None if it is not genuine or for another purpose."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    body, signature = raw[:20], raw[20:]
    if len(signature) != SIGNATURE_BYTES or not hmac.compare_digest(
        signature, _sign(secret, purpose, body)
    ):
        return None
    return Link(UUID(bytes=body[:16]), int.from_bytes(body[16:20], "big"))


def _sign(secret: str, purpose: str, body: bytes) -> bytes:
    key = hashlib.sha256(f"relais-link:{purpose}:{secret}".encode()).digest()
    return hmac.new(key, body, hashlib.sha256).digest()[:SIGNATURE_BYTES]
