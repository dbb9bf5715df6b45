"""Links are for one purpose, one subject and one generation, and cannot be made up."""

from __future__ import annotations

import base64
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from core import tokens

SECRET = "the secret of the house"


@given(st.uuids(), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read(subject: UUID, generation: int) -> None:
    token = tokens.write(SECRET, purpose="edit", subject_id=subject, generation=generation)
    assert tokens.read(SECRET, token, purpose="edit") == tokens.Link(subject, generation)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_another_purpose_or_secret_reads_nothing() -> None:
    token = tokens.write(SECRET, purpose="edit", subject_id=uuid4(), generation=1)
    assert tokens.read(SECRET, token, purpose="cancel") is None
    assert tokens.read("another secret", token, purpose="edit") is None


@given(st.text(max_size=80))
def test_made_up_tokens_read_nothing(text: str) -> None:
    assert tokens.read(SECRET, text, purpose="edit") is None


@given(st.integers(0, 35), st.integers(1, 255))
def test_every_changed_byte_is_found(place: int, change: int) -> None:
    token = tokens.write(SECRET, purpose="edit", subject_id=UUID(int=7), generation=3)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[place] ^= change
    forged = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    assert tokens.read(SECRET, forged, purpose="edit") is None
