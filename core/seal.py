"""Sealing with a public key: whoever seals cannot open again.

A sealed text is kept with the id of the key it was sealed to, so that keys can be rotated:
old records name the old key until they are sealed anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox


class CannotOpen(Exception):
    """This process does not hold the key, or the sealed bytes are not intact."""


@dataclass(frozen=True)
class Sealed:
    """Sealed bytes and the id of the key they were sealed to."""

    key_id: str
    body: bytes


def key_id(public_key: str) -> str:
    """A short, stable name for a public key (base64)."""
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:12]


def seal(public_key: str, content: dict[str, Any]) -> Sealed:
    """Seal JSON-able `content` to `public_key` (32 bytes in base64)."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return seal_bytes(public_key, plain)


def seal_bytes(public_key: str, plain: bytes) -> Sealed:
    """Seal bytes as they are: a file, for instance."""
    box = SealedBox(PublicKey(base64.b64decode(public_key)))
    return Sealed(key_id(public_key), box.encrypt(plain))


def unseal(private_key: str, sealed: Sealed) -> dict[str, Any]:
    """Open what was sealed, or raise `CannotOpen`; the reason never holds content."""
    content: dict[str, Any] = json.loads(unseal_bytes(private_key, sealed))
    return content


def unseal_bytes(private_key: str, sealed: Sealed) -> bytes:
    """Open sealed bytes, or raise `CannotOpen`."""
    if not private_key:
        raise CannotOpen("no key here")
    own = PrivateKey(base64.b64decode(private_key))
    if key_id(base64.b64encode(bytes(own.public_key)).decode()) != sealed.key_id:
        raise CannotOpen("another key")
    try:
        return bytes(SealedBox(own).decrypt(sealed.body))
    except CryptoError as error:
        raise CannotOpen("not intact") from error


def new_pair() -> tuple[str, str]:
    """A fresh private and public key, both in base64."""
    private = PrivateKey.generate()
    return (
        base64.b64encode(bytes(private)).decode(),
        base64.b64encode(bytes(private.public_key)).decode(),
    )
