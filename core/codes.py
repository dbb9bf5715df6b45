"""Short codes sent to a mailbox: hashed, for one purpose, valid 24 hours, five tries.

The plain code is needed once more, by the worker that writes the mail: it lies sealed to that
worker's key in the same row and is erased after sending.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, LargeBinary, String, delete, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from core import seal
from core.model import Identified, Model

CODE_DIGITS = 6
CODE_VALID = timedelta(hours=24)
CODE_TRIES = 5
HOURS_VALID = int(CODE_VALID.total_seconds() // 3600)


class Code(Identified, Model):
    """One code. `subject_id` is what it opens (a registration, a mailbox), None for nobody known."""

    __tablename__ = "code"

    purpose: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), repr=False)
    made_at: Mapped[datetime]
    expires: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used: Mapped[datetime | None] = mapped_column(default=None)
    sealed_key: Mapped[str | None] = mapped_column(String(12), default=None)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, repr=False)


def issue(
    session: Session,
    *,
    purpose: str,
    subject_id: UUID | None,
    secret: str,
    public_key: str,
    now: datetime,
) -> Code:
    """Make a code for `subject_id`, its plain form sealed to `public_key`. Work is the same for None."""
    plain = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    row = Code(
        purpose=purpose,
        subject_id=subject_id,
        digest=b"",
        made_at=now,
        expires=now + CODE_VALID,
    )
    row.digest = digest(secret, row.id, plain)
    closed = seal.seal(public_key, {"code": plain})
    row.sealed_key, row.sealed = closed.key_id, closed.body
    session.add(row)
    return row


@dataclass(frozen=True)
class Plain:
    """A code as its mail says it, and what erases the sealed form once that mail is sent."""

    digits: str = field(repr=False)
    erase: Callable[[], None]


def open_sealed(session: Session, code_id: UUID | None, *, key: str, now: datetime) -> Plain | None:
    """The plain form of a code, with the key it was sealed to; None if it is sent, used or over."""
    row = session.get(Code, code_id)
    if row is None or row.sealed is None or row.sealed_key is None:
        return None
    if row.used is not None or row.expires <= now:
        return None
    digits: str = seal.unseal(key, seal.Sealed(row.sealed_key, row.sealed))["code"]

    def erase() -> None:
        row.sealed = None

    return Plain(digits, erase)


def redeem(
    engine: Engine, *, code_id: UUID, purpose: str, typed: str, secret: str, now: datetime
) -> UUID | None:
    """Use up one try, in a transaction of its own: a wrong try must count although its request fails.

    Returns the subject of a right, fresh, unused code, else None; why is not said. The code stays
    good until `spend`, so that a request that breaks off does not take it away.
    """
    with Session(engine) as session, session.begin():
        row = session.execute(
            update(Code)
            .where(
                Code.id == code_id,
                Code.purpose == purpose,
                Code.used.is_(None),
                Code.tries < CODE_TRIES,
                Code.expires > now,
            )
            .values(tries=Code.tries + 1)
            .returning(Code.digest, Code.subject_id)
        ).first()
        right = hmac.compare_digest(
            row.digest if row else bytes(32), digest(secret, code_id, only_digits(typed))
        )
        if row is None or not right or row.subject_id is None:
            return None
        subject: UUID = row.subject_id
        return subject


def spend(session: Session, code_id: UUID, now: datetime) -> bool:
    """Mark a redeemed code as used, in the transaction of what it opens; False if another was first."""
    marked = session.execute(
        update(Code)
        .where(Code.id == code_id, Code.used.is_(None))
        .values(used=now, sealed=None)
        .returning(Code.id)
    )
    return marked.first() is not None


def redeem_latest(
    session: Session,
    engine: Engine,
    *,
    purpose: str,
    subject_id: UUID,
    typed: str,
    secret: str,
    now: datetime,
) -> bool:
    """Use up one try of the latest code sent for `subject_id`; whether it was right and is now spent.

    Where no code was sent the work is the same.
    """
    sent = session.scalar(
        select(Code.id)
        .where(Code.purpose == purpose, Code.subject_id == subject_id)
        .order_by(Code.made_at.desc())
        .limit(1)
    )
    code_id = sent or subject_id
    subject = redeem(engine, code_id=code_id, purpose=purpose, typed=typed, secret=secret, now=now)
    return subject == subject_id and spend(session, code_id, now)


def has_tries_left(subject_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether a code of that subject can still be typed, as a condition."""
    return exists().where(
        Code.subject_id == subject_id, Code.tries < CODE_TRIES, Code.used.is_(None)
    )


def forget(session: Session, *, before: datetime, now: datetime) -> int:
    """Empty the sealed form of codes that are over, delete those over before `before`; how many."""
    session.execute(
        update(Code)
        .where(Code.sealed.is_not(None), (Code.expires <= now) | Code.used.is_not(None))
        .values(sealed=None, sealed_key=None)
    )
    gone = session.execute(delete(Code).where(Code.expires < before).returning(Code.id))
    return len(gone.all())


def digest(secret: str, code_id: UUID, plain: str) -> bytes:
    """What is kept of a code: an HMAC bound to its row."""
    return hmac.new(secret.encode(), code_id.bytes + plain.encode(), hashlib.sha256).digest()


def only_digits(typed: str) -> str:
    """What a person typed, without the spaces and dashes people add; digits of any script count."""
    out = []
    for sign in typed:
        try:
            out.append(str(int(sign)))
        except ValueError:
            if not (sign.isspace() or sign in "-–.\u200e\u200f"):
                return ""
    return "".join(out)
