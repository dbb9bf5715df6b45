"""Codes: five tries that count although the request fails, one use, 24 hours."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import codes, seal
from core.db import db

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
SECRET = "a secret of the house, long enough"
PRIVATE, PUBLIC = seal.new_pair()


@pytest.fixture
def engine(live: Any) -> Engine:
    with live.app.app_context():
        return db.engine


def _issue(engine: Engine, subject: UUID | None) -> tuple[UUID, str]:
    with Session(engine) as session, session.begin():
        row = codes.issue(
            session, purpose="test", subject_id=subject, secret=SECRET, public_key=PUBLIC, now=NOW
        )
        plain = seal.unseal(PRIVATE, seal.Sealed(row.sealed_key or "", row.sealed or b""))["code"]
        return row.id, plain


def _try(
    engine: Engine, code_id: UUID, typed: str, *, now: datetime = NOW, purpose: str = "test"
) -> UUID | None:
    return codes.redeem(
        engine, code_id=code_id, purpose=purpose, typed=typed, secret=SECRET, now=now
    )


def _open(engine: Engine, code_id: UUID, typed: str) -> bool:
    """What a request does: a try, then the act and the use in one transaction."""
    if _try(engine, code_id, typed) is None:
        return False
    with Session(engine) as session, session.begin():
        return codes.spend(session, code_id, NOW)


def _wrong(plain: str) -> str:
    return f"{(int(plain) + 1) % 10**codes.CODE_DIGITS:06d}"


def test_a_right_code_opens_its_subject_once(engine: Engine) -> None:
    subject = uuid4()
    code_id, plain = _issue(engine, subject)
    assert _try(engine, code_id, plain) == subject
    with Session(engine) as session, session.begin():
        assert codes.spend(session, code_id, NOW) is True
        assert codes.spend(session, code_id, NOW) is False
    assert _try(engine, code_id, plain) is None
    with Session(engine) as session:
        row = session.scalars(select(codes.Code).where(codes.Code.id == code_id)).one()
        assert (row.used, row.sealed) == (NOW, None)


def test_the_sixth_try_is_refused_even_if_it_is_right(engine: Engine) -> None:
    code_id, plain = _issue(engine, uuid4())
    for _each in range(codes.CODE_TRIES):
        assert _try(engine, code_id, _wrong(plain)) is None
    assert _try(engine, code_id, plain) is None


def test_many_at_once_never_have_more_than_five_tries_or_one_success(engine: Engine) -> None:
    subject = uuid4()
    code_id, plain = _issue(engine, subject)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _n: _open(engine, code_id, plain), range(12)))
    assert sorted(answers) == [False] * 11 + [True]
    other, other_plain = _issue(engine, subject)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _n: _try(engine, other, _wrong(other_plain)), range(12)))
    with Session(engine) as session:
        tries = session.scalar(select(codes.Code.tries).where(codes.Code.id == other))
    assert tries == codes.CODE_TRIES


def test_two_who_have_both_typed_it_right_open_it_once(engine: Engine) -> None:
    subject = uuid4()
    code_id, plain = _issue(engine, subject)
    assert [_try(engine, code_id, plain) for _each in range(2)] == [subject, subject]
    with (
        ThreadPoolExecutor(1) as pool,
        Session(engine) as first,
        Session(engine) as second,
    ):
        assert codes.spend(first, code_id, NOW) is True
        waiting = pool.submit(codes.spend, second, code_id, NOW)
        first.commit()
        assert waiting.result(timeout=10) is False


def test_a_crash_between_the_try_and_the_commit_leaves_the_code_good(engine: Engine) -> None:
    subject = uuid4()
    code_id, plain = _issue(engine, subject)
    assert _try(engine, code_id, plain) == subject
    with Session(engine) as session:
        assert codes.spend(session, code_id, NOW) is True
        session.rollback()
    with Session(engine) as session:
        row = session.scalars(select(codes.Code).where(codes.Code.id == code_id)).one()
        assert (row.used, row.tries, row.sealed is None) == (None, 1, False)
    assert _open(engine, code_id, plain) is True


@pytest.mark.parametrize("change", ["late", "purpose", "nobody", "unknown"])
def test_what_is_wrong_is_never_told_apart(engine: Engine, change: str) -> None:
    code_id, plain = _issue(engine, None if change == "nobody" else uuid4())
    late = NOW + codes.CODE_VALID if change == "late" else NOW
    purpose = "other" if change == "purpose" else "test"
    asked = uuid4() if change == "unknown" else code_id
    assert _try(engine, asked, plain, now=late, purpose=purpose) is None


def test_a_code_is_good_until_the_last_moment(engine: Engine) -> None:
    subject = uuid4()
    code_id, plain = _issue(engine, subject)
    last = NOW + codes.CODE_VALID - timedelta(seconds=1)
    assert _try(engine, code_id, plain, now=last) == subject


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("１２３４５６", "123456"),
        ("12345a", ""),
        ("", ""),
        ("²34567", ""),
    ],
)
def test_digits_of_any_script_count_and_nothing_else_does(typed: str, read: str) -> None:
    assert codes.only_digits(typed) == read


def test_sealed_texts_open_with_their_own_key_only() -> None:
    closed = seal.seal(PUBLIC, {"name": "نور"})
    assert seal.unseal(PRIVATE, closed) == {"name": "نور"}
    other, _public = seal.new_pair()
    for key in (other, ""):
        with pytest.raises(seal.CannotOpen):
            seal.unseal(key, closed)
    torn = seal.Sealed(closed.key_id, closed.body[:-1] + bytes([closed.body[-1] ^ 1]))
    with pytest.raises(seal.CannotOpen):
        seal.unseal(PRIVATE, torn)
    assert seal.seal(PUBLIC, {"name": "نور"}).body != closed.body
    assert closed.key_id == seal.key_id(PUBLIC)
    assert len(base64.b64decode(PUBLIC)) == 32
