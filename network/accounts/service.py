"""Signing in, saying who one is, taking a seat; inviting people and giving tokens to programs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import audit, codes, outbox
from core.context import Actor
from core.errors import Conflict, NotAllowed
from core.languages import _
from core.lookup import normal_address
from network.accounts import factors, queries
from network.accounts.facts import SignInCodeIssued
from network.accounts.models import ApiToken, Factor, Mailbox, Person, Proof, Reader, Visit
from network.seats import service as seats
from network.seats.models import BodyKind, Holder, Role, Seat
from network.seats.queries import held, holder_of, seats_of

SIGN_IN = "sign-in"
TOKEN_BYTES = 32


def ask_code(
    session: Session, *, key: bytes, secret: str, public_key: str, language: str, now: datetime
) -> UUID:
    """Make a sign-in code for the mailbox under `key`, and the same rows if there is none."""
    mailbox_id = queries.mailbox_at(session, key=key, now=now)
    code = codes.issue(
        session,
        purpose=SIGN_IN,
        subject_id=mailbox_id,
        secret=secret,
        public_key=public_key,
        now=now,
    )
    outbox.record(
        session,
        SignInCodeIssued(code_id=code.id, mailbox_id=mailbox_id, language=language),
        now=now,
    )
    return code.id


def open_visit(
    session: Session, *, mailbox_id: UUID, is_desk: bool, language: str, now: datetime
) -> Visit | None:
    """Let the reader of a mailbox in; None if nobody may work behind it any more.

    Who is alone behind a mailbox need not say who they are; their proof is the mailbox all the same.
    """
    people = queries.people_behind(session, mailbox_id, now)
    if not people:
        return None
    visit = Visit(mailbox_id=mailbox_id, at=now, language=language, is_desk=is_desk)
    session.add(visit)
    session.flush()
    _note(session, "visit.opened", visit, now)
    if len(people) == 1:
        _become(session, visit, people[0], now)
    return visit


def choose_person(session: Session, *, visit: Visit, person_id: UUID, now: datetime) -> None:
    """Say who one is. Another person starts without the proof and the seat of the one before."""
    people = {person.id: person for person in queries.people_behind(session, visit.mailbox_id, now)}
    if person_id not in people:
        raise NotAllowed(_("This person does not work behind this mailbox."))
    _become(session, visit, people[person_id], now)


def _become(session: Session, visit: Visit, person: Person, now: datetime) -> None:
    if visit.person_id != person.id:
        visit.proved, visit.proved_at = Proof.MAILBOX, None
        holdings = seats_of(session, person.id, now)
        visit.holder = holdings[0] if holdings else None
    visit.person = person
    session.flush()
    _note(session, "visit.person_chosen", visit, now)


def take_seat(session: Session, *, visit: Visit, holder_id: UUID, now: datetime) -> None:
    """Act in another seat that one holds."""
    holder = visit.person_id and held(session, holder_id, visit.person_id, now)
    if not holder:
        raise NotAllowed(_("You do not hold this seat."))
    visit.holder = holder
    session.flush()
    _note(session, "visit.seat_taken", visit, now)


def raise_proof(session: Session, *, visit: Visit, proof: Proof, now: datetime) -> None:
    """Stamp a visit with the factor its person has just shown."""
    visit.proved, visit.proved_at = proof, now
    session.flush()
    _note(session, "visit.proved", visit, now)


def end_visit(session: Session, *, visit: Visit, now: datetime) -> None:
    """Sign out, here and wherever else the same cookie went."""
    visit.ended = now
    _note(session, "visit.ended", visit, now)


def _note(session: Session, word: str, visit: Visit, now: datetime) -> None:
    holder = session.get(Holder, visit.holder_id) if visit.holder_id else None
    audit.write(
        session,
        word,
        by=Actor(
            kind="person",
            person_id=visit.person_id,
            seat_id=holder.seat_id if holder else None,
            visit_id=visit.id,
            proved=visit.proved.value,
        ),
        now=now,
        subject_kind="visit",
        subject_id=visit.id,
    )


@dataclass(frozen=True, kw_only=True)
class Invited:
    """A person in a seat, and the code that lets them set up their own factor. Shown once."""

    person: Person
    seat: Seat
    holder: Holder
    enrolment_code: str = field(repr=False)


def invite(  # noqa: PLR0913 -- keyword arguments, all named at the call
    session: Session,
    *,
    name: str,
    address: str,
    role: Role,
    body_kind: BodyKind,
    body_id: UUID | None,
    index_key: str,
    secret: str,
    by: Actor,
    now: datetime,
    language: str = "en",
    zone: str = "UTC",
    title: dict[str, str] | None = None,
) -> Invited:
    """Bring a new person in: mailbox, name, a new seat at a body, and an enrolment code."""
    mailbox = mailbox_for(session, address=address, index_key=index_key)
    person = add_person(
        session, mailbox=mailbox, name=name, by=by, now=now, language=language, zone=zone
    )
    seat = seats.open_seat(
        session, body_kind=body_kind, body_id=body_id, role=role, title=title, by=by, now=now
    )
    holder = seats.appoint(session, seat=seat, person_id=person.id, by=by, now=now)
    code = factors.enrolment_code(session, person_id=person.id, secret=secret, by=by, now=now)
    return Invited(person=person, seat=seat, holder=holder, enrolment_code=code)


def mailbox_for(session: Session, *, address: str, index_key: str) -> Mailbox:
    """The mailbox of an address, made if it is new."""
    key = queries.mailbox_look_up(index_key, address)
    mailbox = session.scalar(select(Mailbox).where(Mailbox.look_up == key))
    if mailbox is None:
        mailbox = Mailbox(look_up=key, address=normal_address(address))
        session.add(mailbox)
        session.flush()
    return mailbox


def add_person(
    session: Session,
    *,
    mailbox: Mailbox,
    name: str,
    by: Actor,
    now: datetime,
    language: str = "en",
    zone: str = "UTC",
) -> Person:
    """Add a named person who works behind a mailbox."""
    person = Person(name=name, language=language, zone=zone, made_at=now)
    session.add(person)
    session.flush()
    add_reader(session, mailbox=mailbox, person=person, by=by, now=now)
    return person


def add_reader(
    session: Session, *, mailbox: Mailbox, person: Person, by: Actor, now: datetime
) -> Reader:
    """Let a person work behind a mailbox from now on."""
    reader = Reader(mailbox_id=mailbox.id, person_id=person.id, since=now)
    session.add(reader)
    session.flush()
    audit.write(
        session,
        "person.reads",
        by=by,
        now=now,
        subject_kind="person",
        subject_id=person.id,
        details={"mailbox": str(mailbox.id)},
    )
    return reader


def end_reader(session: Session, *, reader: Reader, by: Actor, now: datetime) -> None:
    """A person no longer works behind a mailbox: their visits through it are refused at once."""
    reader.until = now
    session.flush()
    audit.write(
        session,
        "person.reads_no_more",
        by=by,
        now=now,
        subject_kind="person",
        subject_id=reader.person_id,
        details={"mailbox": str(reader.mailbox_id)},
    )


def make_token(
    session: Session,
    *,
    seat: Seat,
    label: str,
    by: Actor,
    now: datetime,
    lasts: timedelta | None = None,
) -> tuple[ApiToken, str]:
    """A program's key to a seat, and its plain form, which is kept nowhere.

    It ends at the latest with the present holding of the seat. Raises Conflict for an empty seat.
    """
    if holder_of(session, seat.id, now) is None:
        raise Conflict(_("Nobody holds this seat."))
    plain = secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken(
        seat=seat,
        digest=queries.token_digest(plain),
        label=label,
        made_at=now,
        until=now + lasts if lasts else None,
    )
    session.add(token)
    session.flush()
    audit.write(
        session,
        "token.made",
        by=by,
        now=now,
        subject_kind="token",
        subject_id=token.id,
        details={"seat": str(seat.id)},
    )
    return token, plain


def end_token(session: Session, *, token: ApiToken, by: Actor, now: datetime) -> None:
    """Refuse a token from now on."""
    token.ended_at = now
    audit.write(session, "token.ended", by=by, now=now, subject_kind="token", subject_id=token.id)


def forget_visits(session: Session, *, before: datetime) -> int:
    """Erase visits begun before a moment; what was done in them stays in the audit trail."""
    gone = session.execute(delete(Visit).where(Visit.at < before).returning(Visit.id))
    return len(gone.all())


def forget_factors(session: Session, *, before: datetime) -> int:
    """Erase what stopped proving a person before a moment."""
    gone = session.execute(delete(Factor).where(Factor.ended_at < before).returning(Factor.id))
    return len(gone.all())
