"""Registrations for programs: the same verbs, throttles and rules as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from core import clock, codes, tokens
from core.context import link
from core.db import db
from core.errors import Invalid, MoveRefused, NotAllowed, NotVisible, Refused
from core.house import house
from core.languages import _
from core.web.access import Rule, access, anyone
from core.web.api import PREFIX, Api
from core.web.idempotency import Ids, Outcome, once
from core.web.limits import per_sender, per_target
from events.programme import queries as programme
from events.programme.models import Event
from events.programme.rules import availability
from events.registrations import changes, entries, queries, rules, sealing, service
from events.registrations.models import Listing, Registration
from events.registrations.schemas import (
    SEALED,
    Confirmation,
    Confirmed,
    Move,
    Moved,
    NewMove,
    NewRegistration,
    OwnDocument,
    OwnRegistration,
    RegistrationChange,
    RegistrationReceived,
    without_nothing,
)
from events.registrations.states import RegistrationState
from network.accounts.access import BEARER, current_token, proved

S = RegistrationState

api = Api(
    "registrations_api",
    "Registrations",
    "From the form to the seat, and every change after it.",
    schemes={
        "link": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token that confirming a registration gives. It opens that one "
            "registration, and ends when the seat is passed on.",
        }
    },
)


class LinkTokenNeeded(Refused):
    """No personal token was sent, or it has ended."""

    status = 401
    code = "link-needed"


def _check_link() -> None:
    """The bearer of a registration's own token comes in; no token of a seat decides for a person."""
    if current_token() is not None:
        proved("secretariat", "triage").check()
    given = request.headers.get("Authorization", "")
    own = tokens.read(
        house().secret_key, given.removeprefix(BEARER).strip(), purpose=service.LINK_PURPOSE
    )
    if own is None or queries.link_generation(db.session(), own.subject_id) != own.generation:
        raise LinkTokenNeeded(
            _("Send the token of this registration: Authorization: Bearer … Confirming gives it.")
        )
    if own.subject_id != (request.view_args or {}).get("registration_id"):
        raise NotVisible(_("There is no registration here."))


link_bearer = Rule("link bearer", _check_link)


def _shown_once(_ids: Ids) -> dict[str, Any]:
    raise Refused(
        _("The receipt was shown once and is kept nowhere. Register again with a new key."),
        code="shown-once",
    )


@api.post("/registrations")
@access(anyone)
@per_sender("120 per hour")
@per_target("email", "6 per hour", act="register")
@api.takes(NewRegistration)
@api.output(RegistrationReceived, 202, description="A code is on its way.")
@api.doc(responses=[409], operation_id="register")
@once(renew=_shown_once)
def register(sent: NewRegistration) -> Outcome:
    """Register for an event.

    Nobody needs an account. The registration counts once its code is POSTed to `confirm`; until
    then no seat is held, and after 24 hours it lapses. The answer is the same whether the address
    is known here or not.
    """
    started = service.register(
        db.session(), event=_event(sent), entry=_entry(sent), house=house(), now=clock.now()
    )
    made = started.registration
    has_receipt = started.receipt is not None
    return Outcome(
        body=RegistrationReceived(
            id=made.id,
            state=made.state,
            confirm=f"{PREFIX}/registrations/{made.id}/confirmation",
            until=made.due_at,
            receipt=started.receipt,
        ),
        unkept=frozenset({"receipt"}) if has_receipt else frozenset(),
        ids={"registration": str(made.id)} if has_receipt else None,
    )


def _event(sent: NewRegistration) -> Event:
    """The event, if there is one that is taken part in this way."""
    try:
        event = programme.event(db.session(), sent.event)
    except NotVisible:
        raise Invalid({"event": _("There is no event with this key.")}) from None
    rules.check_can_register(event, clock.now())
    if sent.mode not in availability(event.seats):
        raise Invalid({"mode": _("One cannot take part in this way.")})
    return event


def _entry(sent: NewRegistration) -> entries.Entry:
    return entries.Entry(
        name=sent.name,
        organisation=sent.organisation,
        address=sent.email,
        category=sent.category,
        mode=sent.mode,
        language=sent.language,
        listing=sent.listing,
        discreet=sent.discreet,
        needs=tuple(sent.needs),
        needs_note=sent.needs_note,
        wants_summary=sent.wants_summary,
    )


def personal_token(ids: Ids) -> dict[str, Any]:
    """The personal token once more. An ended generation stays ended."""
    return {
        "token": tokens.write(
            house().secret_key,
            purpose=service.LINK_PURPOSE,
            subject_id=UUID(str(ids["registration"])),
            generation=int(ids["generation"]),
        )
    }


@api.post("/registrations/<uuid:registration_id>/confirmation")
@access(anyone)
@per_sender("120 per hour")
@api.takes(Confirmation)
@api.output(Confirmed, 200, description="It counts.")
@api.doc(responses=[409], operation_id="confirm")
@once(renew=personal_token)
def confirm(registration_id: UUID, sent: Confirmation) -> Outcome:
    """Confirm by the code.

    Takes a seat, or a place in line, or goes to the secretariat, as the event has it. Five wrong
    codes end a registration's code. The token that is answered opens the registration from now on.
    """
    if not _is_right(registration_id, sent.code):
        raise Invalid(
            {
                "code": _(
                    "This code is not right, is older than 24 hours or has been used already. "
                    "After five wrong tries it ends; then register again."
                )
            }
        )
    made = service.confirm(db.session(), registration_id=registration_id, now=clock.now())
    ids: Ids = {"registration": str(made.id), "generation": made.generation}
    return Outcome(
        body=Confirmed(id=made.id, state=made.state, **personal_token(ids)),
        unkept=frozenset({"token"}),
        ids=ids,
    )


def _is_right(registration_id: UUID, typed: str) -> bool:
    """Whether this is the code or the receipt; a wrong code uses up one of its tries."""
    if len(codes.only_digits(typed)) != codes.CODE_DIGITS:
        found = changes.by_receipt(db.session(), typed=typed, house=house())
        return found == registration_id
    return codes.redeem_latest(
        db.session(),
        db.engine,
        purpose=service.CODE_PURPOSE,
        subject_id=registration_id,
        typed=typed,
        secret=house().secret_key,
        now=clock.now(),
    )


@api.get("/registrations/<uuid:registration_id>")
@access(link_bearer)
@api.output(OwnRegistration)
@api.doc(security=["link"], operation_id="readRegistration")
def read(registration_id: UUID) -> OwnRegistration:
    """Read one's registration.

    Where it stands, what was given, how to join, and what can be done. What is sealed is null.
    """
    return _own(registration_id)


def _own(registration_id: UUID) -> OwnRegistration:
    row = queries.own(db.session(), registration_id)
    event, details, now = row.event, row.details, clock.now()
    is_in = row.state is S.CONFIRMED
    summary = queries.summary(db.session(), event.id, row.language)
    openings = sealing.openings_of(db.session(), row.id) if row.discreet else ()
    return OwnRegistration(
        id=row.id,
        event=event.key,
        state=row.state,
        since=row.state_since,
        due=row.due_at,
        reason=row.reason,
        allowed=_allowed(row, event),
        changeable=rules.can_change(row, event, now),
        number=row.alias,
        discreet=row.discreet,
        name=details.name if details else None,
        organisation=details.organisation if details else None,
        category=row.category,
        mode=row.mode,
        language=row.language,
        listing=row.listing,
        needs=details.needs if details else None,
        needs_note=details.needs_note if details else None,
        wants_summary=row.wants_summary,
        joining=event.joining if is_in else {},
        documents=[
            OwnDocument(
                title=one.title, url=_document_url(event, one.id) if one.is_public else None
            )
            for one in event.documents
            if is_in or one.is_public
        ],
        summary=_summary_url(event, row.language) if summary else None,
        openings=list(openings),
        version=row.version,
    )


def _summary_url(event: Event, language: str) -> str:
    return f"{url_for('programme.summary', key=event.key)}?in={language}"


def _document_url(event: Event, document_id: UUID) -> str:
    return url_for("programme.document", key=event.key, document_id=document_id)


def _allowed(row: Registration, event: Event) -> list[Move]:
    """The moves that the holder of the link may ask for at this moment."""
    now = clock.now()
    stands = row.state is S.OFFERED and (row.due_at is None or now < row.due_at)
    again = row.state is S.PASSED and rules.can_change(row, event, now)
    found = {Move.CANCELLED: rules.can_cancel(row), Move.CONFIRMED: stands, Move.WAITING: again}
    return [move for move, is_open in found.items() if is_open]


@api.patch("/registrations/<uuid:registration_id>")
@access(link_bearer)
@api.takes(RegistrationChange)
@api.output(OwnRegistration)
@api.doc(security=["link"], responses=[409], operation_id="changeRegistration")
def change(registration_id: UUID, sent: RegistrationChange) -> OwnRegistration:
    """Change one's registration.

    Send the `version` that was read, and what is to be different. What the secretariat approved,
    and what is sealed, cannot be changed here.
    """
    row = queries.own(db.session(), registration_id)
    different = without_nothing(sent)
    _check_sealed(row, different)
    if different.get("mode", row.mode) not in availability(row.event.seats):
        raise Invalid({"mode": _("One cannot take part in this way.")})
    needs = different.get("needs")
    changes.edit(
        db.session(),
        registration_id=registration_id,
        change=changes.Edit(
            version=sent.version,
            mode=different.get("mode", row.mode),
            language=different.get("language", row.language),
            listing=Listing(different.get("listing", row.listing)),
            wants_summary=different.get("wants_summary", row.wants_summary),
            name=different.get("name"),
            organisation=different.get("organisation"),
            category=different.get("category"),
            needs=None if needs is None else tuple(needs),
            needs_note=different.get("needs_note"),
        ),
        by=link(registration_id),
        now=clock.now(),
    )
    db.session.flush()
    db.session.expire_all()
    return _own(registration_id)


def _check_sealed(row: Registration, different: dict[str, Any]) -> None:
    if row.discreet:
        sentence = _("This is sealed. It can neither be read nor changed here.")
        problems = {name: sentence for name in SEALED if name in different}
        if problems:
            raise Invalid(problems)


@api.post("/registrations/<uuid:registration_id>/moves")
@access(link_bearer)
@per_sender("120 per hour")
@api.takes(NewMove)
@api.output(Moved, 200, description="Done.")
@api.doc(security=["link", "seat"], responses=[409], operation_id="moveRegistration")
@once()
def move(registration_id: UUID, sent: NewMove) -> Outcome:
    """Withdraw, take an offered seat, or wait again.

    A move that does not go answers 409 with the moves that are `allowed`. Decisions of the
    secretariat need a person's own factor: the token of a seat is refused here.
    """
    if sent.to is Move.REFUSED:
        raise NotAllowed(_("The secretariat decides this, on the website."))
    row = queries.own(db.session(), registration_id)
    event = row.event
    allowed = _allowed(row, event)
    if sent.to not in allowed:
        raise MoveRefused(
            _("This cannot be done from where the registration stands."),
            code="move-refused",
            allowed=allowed,
        )
    verb = {
        Move.CANCELLED: service.cancel,
        Move.CONFIRMED: service.accept,
        Move.WAITING: service.rejoin,
    }[sent.to]
    try:
        made = verb(
            db.session(), registration_id=registration_id, by=link(registration_id), now=clock.now()
        )
    except Refused as refusal:
        raise MoveRefused(
            refusal.sentence, code=refusal.code, allowed=_allowed(row, event)
        ) from refusal
    return Outcome(
        body=Moved(
            id=made.id,
            state=made.state,
            allowed=_allowed(made, event),
            version=made.version,
        )
    )
