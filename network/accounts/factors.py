"""What proves a person: codes of an authenticator, printed codes, and the code that starts it all.

Nobody sets up a factor on the strength of a mailbox: colleagues read it too. The first factor
needs an enrolment code, handed over by another way; later ones need an earlier factor.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from nacl.secret import SecretBox
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from core import audit, outbox
from core.codes import only_digits
from core.context import Actor
from core.errors import Refused, TooMany
from core.languages import _, _n
from network.accounts import queries
from network.accounts.facts import FactorSetUp
from network.accounts.models import Factor, FactorKind, Person, Proof

STEP_SECONDS = 30
STEPS_AROUND = 1
MOST_TRIES = 5
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
PRINTED_CODES = 10
ENROLMENT_LASTS = timedelta(days=14)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PRINTED_SIGNS = 10
ENROLMENT_SIGNS = 15
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
ISSUER = "Relais"


def prove(
    engine: Engine,
    *,
    person_id: UUID,
    typed: str,
    secret: str,
    now: datetime,
    shown_at: datetime,
) -> Proof | None:
    """Use up one try, in a transaction of its own: a wrong one must count although its request fails.

    `shown_at` is the world's time, which authenticators keep. A right code is used up with the
    same stroke, under the lock of the person's row. After every five wrong ones in a row there
    is a pause, each twice as long as the one before: raises TooMany while it lasts.
    """
    with Session(engine) as session, session.begin():
        person = session.get_one(Person, person_id, with_for_update=True)
        _count(person, now)
        proof = _match(session, person_id, typed, secret, now, shown_at)
        if proof is not None:
            person.tries, person.tries_since = 0, None
        return proof


def _count(person: Person, now: datetime) -> None:
    if person.tries and person.tries % MOST_TRIES == 0 and person.tries_since is not None:
        left = person.tries_since + pause_after(person.tries) - now
        if left > timedelta():
            minutes = math.ceil(left / timedelta(minutes=1))
            raise TooMany(
                _n(
                    "Too many codes were wrong. Wait %(num)s minute and try again.",
                    "Too many codes were wrong. Wait %(num)s minutes and try again.",
                    minutes,
                ),
                wait_seconds=math.ceil(left.total_seconds()),
            )
    person.tries += 1
    person.tries_since = now


def pause_after(wrong: int) -> timedelta:
    """How long one waits after so many wrong codes in a row, a multiple of five."""
    doublings = min(wrong // MOST_TRIES - 1, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _match(
    session: Session, person_id: UUID, typed: str, secret: str, now: datetime, shown_at: datetime
) -> Proof | None:
    digits = only_digits(typed)
    for factor in queries.factors_of(session, person_id, FactorKind.TOTP):
        if factor.confirmed_at is not None and _is_shown(factor, digits, secret, shown_at):
            return Proof.TOTP
    digest = code_digest(secret, person_id, typed)
    for kind, proof in (
        (FactorKind.PRINTED, Proof.PRINTED),
        (FactorKind.ENROLMENT, Proof.ENROLMENT),
    ):
        for factor in queries.factors_of(session, person_id, kind):
            is_live = factor.expires is None or factor.expires > now
            if hmac.compare_digest(factor.digest or b"", digest) and is_live:
                factor.ended_at = now
                return proof
    return None


def _is_shown(factor: Factor, digits: str, secret: str, shown_at: datetime) -> bool:
    """Whether an authenticator shows these digits, one step early or late, for the first time."""
    if factor.locked is None:
        return False
    totp = pyotp.TOTP(unlock(secret, factor.locked))
    step = int(shown_at.timestamp()) // STEP_SECONDS
    found = None
    for counter in range(step - STEPS_AROUND, step + STEPS_AROUND + 1):
        if hmac.compare_digest(totp.at(counter * STEP_SECONDS), digits):
            found = counter
    if found is None or (factor.last_counter is not None and found <= factor.last_counter):
        return False
    factor.last_counter = found
    return True


def begin_totp(
    session: Session, *, person_id: UUID, secret: str, by: Actor, now: datetime
) -> Factor:
    """A new authenticator's secret, which proves nothing until a first code is shown."""
    session.execute(
        update(Factor)
        .where(
            Factor.person_id == person_id,
            Factor.kind == FactorKind.TOTP,
            Factor.confirmed_at.is_(None),
            Factor.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    factor = Factor(
        person_id=person_id,
        kind=FactorKind.TOTP,
        made_at=now,
        locked=lock(secret, pyotp.random_base32()),
        lock_id=lock_id(secret),
    )
    session.add(factor)
    session.flush()
    audit.write(
        session, "factor.begun", by=by, now=now, subject_kind="factor", subject_id=factor.id
    )
    return factor


def pending_totp(session: Session, person_id: UUID) -> Factor | None:
    """The authenticator that a person is setting up."""
    waiting = [
        factor
        for factor in queries.factors_of(session, person_id, FactorKind.TOTP)
        if factor.confirmed_at is None
    ]
    return waiting[-1] if waiting else None


def confirm_totp(
    session: Session,
    *,
    factor: Factor,
    typed: str,
    secret: str,
    by: Actor,
    now: datetime,
    shown_at: datetime,
) -> list[str]:
    """Take the first code of a new authenticator; answers ten printed codes, to be shown once.

    Earlier authenticators, printed codes and enrolment codes end with it.
    """
    if not _is_shown(factor, only_digits(typed), secret, shown_at):
        raise Refused(_("This is not the code that your authenticator shows now."), code="wrong")
    factor.confirmed_at = now
    session.execute(
        update(Factor)
        .where(
            Factor.person_id == factor.person_id,
            Factor.id != factor.id,
            Factor.kind != FactorKind.PASSKEY,
            Factor.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    plain = [new_code(PRINTED_SIGNS) for _number in range(PRINTED_CODES)]
    session.add_all(
        Factor(
            person_id=factor.person_id,
            kind=FactorKind.PRINTED,
            made_at=now,
            confirmed_at=now,
            digest=code_digest(secret, factor.person_id, code),
        )
        for code in plain
    )
    audit.write(
        session, "factor.set_up", by=by, now=now, subject_kind="factor", subject_id=factor.id
    )
    outbox.record(session, FactorSetUp(factor_id=factor.id, person_id=factor.person_id), now=now)
    return plain


def enrolment_code(
    session: Session, *, person_id: UUID, secret: str, by: Actor, now: datetime
) -> str:
    """A code that opens the set-up of a factor once, within two weeks. Earlier ones end.

    Hand it over by another way than the mailbox: on paper, by telephone, face to face.
    """
    for factor in queries.factors_of(session, person_id, FactorKind.ENROLMENT):
        factor.ended_at = now
    plain = new_code(ENROLMENT_SIGNS)
    factor = Factor(
        person_id=person_id,
        kind=FactorKind.ENROLMENT,
        made_at=now,
        confirmed_at=now,
        expires=now + ENROLMENT_LASTS,
        digest=code_digest(secret, person_id, plain),
    )
    session.add(factor)
    session.flush()
    audit.write(
        session, "factor.invited", by=by, now=now, subject_kind="factor", subject_id=factor.id
    )
    return plain


def live_enrolment(session: Session, person_id: UUID) -> bool:
    """Whether an enrolment code waits to be used."""
    return (
        session.scalar(
            select(Factor.id).where(
                Factor.person_id == person_id,
                Factor.kind == FactorKind.ENROLMENT,
                Factor.ended_at.is_(None),
            )
        )
        is not None
    )


def new_code(signs: int) -> str:
    """A code for paper: signs that are not mistaken for each other, in groups of five."""
    plain = "".join(secrets.choice(ALPHABET) for _number in range(signs))
    return "-".join(plain[start : start + 5] for start in range(0, signs, 5))


def code_digest(secret: str, person_id: UUID, typed: str) -> bytes:
    """What is kept of a printed code: an HMAC bound to its person, however it is typed."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(LOOKALIKES)
    return hmac.new(_key(secret), person_id.bytes + plain.encode(), hashlib.sha256).digest()


def lock(secret: str, plain: str) -> bytes:
    """Encrypt an authenticator's secret under a key made from SECRET_KEY."""
    return bytes(SecretBox(_key(secret)).encrypt(plain.encode()))


def unlock(secret: str, locked: bytes) -> str:
    """The authenticator's secret. Raises CryptoError when SECRET_KEY is another one."""
    return SecretBox(_key(secret)).decrypt(locked).decode()


def lock_id(secret: str) -> str:
    """A name for the key, so that a changed SECRET_KEY is seen before anybody types a code."""
    return hashlib.sha256(_key(secret)).hexdigest()[:12]


def _key(secret: str) -> bytes:
    return hashlib.sha256(f"relais-factor:{secret}".encode()).digest()
