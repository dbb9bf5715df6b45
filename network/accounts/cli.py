"""Commands for whoever looks after an installation: people, their seats, and programs' tokens."""

from __future__ import annotations

from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import select

from core import clock
from core.context import SYSTEM
from core.db import db
from core.errors import Refused
from core.house import house
from core.web.forms import address_problem
from network.accounts import factors, nominations, queries, service
from network.accounts.access import DEMANDING
from network.accounts.models import LABEL_MOST, NAME_MOST, Mailbox, Person, Reader
from network.seats import service as seats
from network.seats.models import BodyKind, Holder, Role, Seat
from network.seats.queries import find_body, holder_of, seat_name, seats_of

people = AppGroup("people", help="Named people, their mailboxes and seats.")
tokens = AppGroup("tokens", help="Keys that let a program act in a seat.")
commands = (people, tokens)

ROLES = [role.value for role in Role]


def _need(fine: object, sentence: str) -> None:
    if not fine:
        raise click.ClickException(sentence)


def _invite(*, name: str, email: str, role: Role, body: str, language: str) -> service.Invited:
    problem = address_problem(email) or (not email and "Give an address.")
    _need(not problem, str(problem))
    _need(name.strip() and len(name) <= NAME_MOST, f"Give a name of up to {NAME_MOST} signs.")
    kind, body_id = _body(body)
    try:
        return service.invite(
            db.session(),
            name=name.strip(),
            address=email,
            role=role,
            body_kind=kind,
            body_id=body_id,
            index_key=house().index_key,
            secret=house().secret_key,
            language=language,
            by=SYSTEM,
            now=clock.now(),
        )
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from refusal


def _body(words: str) -> tuple[BodyKind, UUID | None]:
    kind_word, _colon, key = words.partition(":")
    _need(kind_word in list(BodyKind), f"A body is one of {', '.join(BodyKind)}.")
    kind = BodyKind(kind_word)
    if kind in {BodyKind.SECRETARIAT, BodyKind.PLATFORM}:
        return kind, None
    body_id = find_body(db.session(), kind, key)
    _need(body_id, f"There is no {kind} {key or 'without a key'}. Write {kind}:KEY.")
    return kind, body_id


def _tell(invited: service.Invited) -> None:
    click.echo(f"Person {invited.person.id}, seat {invited.seat.id}.")
    if invited.holder.needs_confirmation:
        click.echo("A second person must confirm this on the page /seats/naming.")
    demanded = " (this seat does nothing without it)" if invited.seat.role in DEMANDING else ""
    click.echo(f"Enrolment code, shown once, for two weeks{demanded}: {invited.enrolment_code}")
    click.echo("Hand it over on paper or by telephone, never by mail.")


@people.command("invite")
@click.option("--name", required=True, help="As colleagues write it, in any script.")
@click.option("--email", required=True, help="The mailbox, shared or not.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--body", required=True, help="secretariat, platform, state:CHE, mechanism:che, …")
@click.option("--language", default="en", show_default=True)
def invite(name: str, email: str, role: str, body: str, language: str) -> None:
    """Open a seat for a new person and print the code with which they enrol."""
    invited = _invite(name=name, email=email, role=Role(role), body=body, language=language)
    db.session.commit()
    _tell(invited)


@people.command("first-administrator")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--language", default="en", show_default=True)
def first_administrator(name: str, email: str, language: str) -> None:
    """The first person of an empty installation. Refused once there is an administrator."""
    taken = db.session.scalar(select(Seat.id).where(Seat.role == Role.ADMINISTRATOR).limit(1))
    _need(taken is None, "There is an administrator already. Use: flask people invite")
    invited = _invite(
        name=name, email=email, role=Role.ADMINISTRATOR, body="platform", language=language
    )
    db.session.commit()
    _tell(invited)


def _mailbox(email: str) -> Mailbox:
    key = queries.mailbox_look_up(house().index_key, email)
    mailbox = db.session.scalar(select(Mailbox).where(Mailbox.look_up == key))
    if mailbox is None:
        raise click.ClickException("Nobody here reads this mailbox.")
    return mailbox


@people.command("show")
@click.option("--email", required=True)
def show(email: str) -> None:
    """Who works behind a mailbox, with their seats."""
    now = clock.now()
    for person in queries.people_behind(db.session(), _mailbox(email).id, now):
        click.echo(f"{person.id}  {person.name}")
        for holder in seats_of(db.session(), person.id, now):
            click.echo(f"    {holder.seat_id}  {seat_name(db.session(), holder.seat)}")


@people.command("enrol")
@click.option("--person", "person_id", required=True, type=click.UUID)
def enrol(person_id: UUID) -> None:
    """Print a new enrolment code, for somebody who has lost their authenticator."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise click.ClickException("There is no such person.")
    code = factors.enrolment_code(
        db.session(),
        person_id=person.id,
        secret=house().secret_key,
        by=SYSTEM,
        now=clock.now(),
    )
    db.session.commit()
    click.echo(f"Enrolment code, shown once, for two weeks: {code}")


@people.command("hand-over")
@click.option("--seat", "seat_id", required=True, type=click.UUID)
@click.option("--name", required=True)
@click.option("--email", required=True, help="The successor's mailbox; the same one is fine.")
@click.option("--language", default="en", show_default=True)
def hand_over(seat_id: UUID, name: str, email: str, language: str) -> None:
    """Give a seat to a successor, now. Everything that hangs on the seat stays with it."""
    now = clock.now()
    problem = address_problem(email) or (not email and "Give an address.")
    _need(not problem, str(problem))
    holder = holder_of(db.session(), seat_id, now)
    if holder is None:
        raise click.ClickException("Nobody holds this seat.")
    mailbox = service.mailbox_for(db.session(), address=email, index_key=house().index_key)
    person = service.add_person(
        db.session(), mailbox=mailbox, name=name.strip(), language=language, by=SYSTEM, now=now
    )
    seats.hand_over(db.session(), holder=holder, to_person_id=person.id, at=now, by=SYSTEM, now=now)
    nominations.end_reading(db.session(), person_id=holder.person_id, at=now)
    code = factors.enrolment_code(
        db.session(), person_id=person.id, secret=house().secret_key, by=SYSTEM, now=now
    )
    db.session.commit()
    click.echo(f"Person {person.id} holds seat {seat_id}.")
    click.echo(f"Enrolment code, shown once, for two weeks: {code}")


@people.command("end")
@click.option("--person", "person_id", required=True, type=click.UUID)
def end(person_id: UUID) -> None:
    """A person leaves: every seat and every mailbox ends now, and their visits with them."""
    now = clock.now()
    person = db.session.get(Person, person_id)
    if person is None:
        raise click.ClickException("There is no such person.")
    for holder in db.session.scalars(
        select(Holder).where(Holder.person_id == person.id, Holder.until.is_(None))
    ):
        seats.end(db.session(), holder=holder, at=now, by=SYSTEM, now=now)
    for reader in db.session.scalars(
        select(Reader).where(Reader.person_id == person.id, queries.reads(now))
    ):
        service.end_reader(db.session(), reader=reader, by=SYSTEM, now=now)
    db.session.commit()
    click.echo("Ended.")


@tokens.command("create")
@click.option("--seat", "seat_id", required=True, type=click.UUID)
@click.option("--label", default="", help="What the program is for.")
def create_token(seat_id: UUID, label: str) -> None:
    """Print a new token of a seat, once."""
    seat = db.session.get(Seat, seat_id)
    if seat is None:
        raise click.ClickException("There is no such seat.")
    try:
        _token, plain = service.make_token(
            db.session(), seat=seat, label=label[:LABEL_MOST], by=SYSTEM, now=clock.now()
        )
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    db.session.commit()
    click.echo(plain)


@tokens.command("end")
@click.argument("token")
def end_token(token: str) -> None:
    """Refuse a token from now on."""
    known = queries.token_at(db.session(), token, clock.now())
    if known is None:
        raise click.ClickException("This token is not known, or has ended.")
    service.end_token(db.session(), token=known, by=SYSTEM, now=clock.now())
    db.session.commit()
    click.echo("Ended.")
