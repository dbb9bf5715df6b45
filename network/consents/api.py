"""Consents for programs: what is on record. A program never gives one, since a token proves nobody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, NoReturn
from uuid import UUID

from pydantic import Field

from core import clock
from core.db import db
from core.errors import NotVisible, ProofNeeded
from core.languages import _
from core.web.access import access
from core.web.api import Api, Given, Paged, following
from network.accounts.access import current_seat, token_of
from network.consents import listing
from network.consents.listing import Listed
from network.consents.models import ConsentKind
from network.seats.models import Role
from network.seats.queries import state_of
from network.taxonomy.models import State
from network.taxonomy.queries import state as state_called

READING = ("focal_point", "deputy", "authorising", "secretariat")

api = Api(
    "consents_api",
    "Consents",
    "Consents of States on record. They are given on the website, with the holder's own factor.",
)


class ConsentsAsked(Paged):
    """Which consents to answer."""

    state: Annotated[str, Field(pattern=r"^[A-Za-z]{3}$", max_length=3)] | None = Field(
        default=None, description="The three letters of a State; for the secretariat."
    )
    after: UUID | None = Field(default=None, description="The id after which the list goes on.")


class ConsentAnswer(Given):
    """One consent. It names seats, never persons."""

    id: UUID
    state: str = Field(description="The three letters of the State.")
    kind: ConsentKind
    subject_kind: str
    subject_id: UUID
    status: Literal[
        "in force", "waits for a second person", "contested", "withdrawn", "replaced", "ended"
    ]
    basis: Literal["own factor", "paper"]
    seat: UUID | None = Field(description="The seat in which it was given; null for a paper.")
    proved: str | None = Field(description="By which own factor: totp, passkey or printed.")
    has_both_seats: bool = Field(description="Whether the giver was also the focal point.")
    partner: UUID | None = Field(description="The one partner it covers; null for any.")
    from_on: date | None
    until_on: date | None
    publish: list[str] = Field(description="What may be published; nothing if empty.")
    given_at: datetime
    second_at: datetime | None = Field(description="When a second officer confirmed a paper.")
    contestable_until: datetime | None
    contested_at: datetime | None
    revoked_at: datetime | None
    has_document: bool


class ConsentsPage(Given):
    """Some consents, the newest first."""

    items: list[ConsentAnswer]
    next: str | None = Field(description="Where the list goes on; null at its end.")


def _own() -> UUID | None:
    """The State whose consents the token may read; None for the secretariat, which reads all."""
    mine = current_seat()
    if mine is not None and mine.role is Role.SECRETARIAT:
        return None
    own = state_of(db.session(), mine) if mine else None
    if own is None:
        raise NotVisible(_("Only States consent; your seat belongs to none."))
    return own


def _wanted(asked: ConsentsAsked) -> UUID | None:
    """One's own State, or the one asked for. Another State's consents are not there."""
    own = _own()
    if asked.state is None:
        return own
    state = state_called(db.session(), asked.state)
    if state is None or own not in {None, state.id}:
        raise NotVisible(_("There is no State with this code."))
    return state.id


@api.get("/consents")
@access(token_of(*READING))
@api.asked(ConsentsAsked)
@api.output(ConsentsPage)
@api.doc(security=["seat"], responses=[404], operation_id="listConsents")
def consents(asked: ConsentsAsked) -> ConsentsPage:
    """List consents.

    Of the State that the token's seat belongs to; the secretariat's token reads those of all.
    """
    found = listing.listed(
        db.session(),
        state_id=_wanted(asked),
        now=clock.now(),
        after=asked.after,
        most=asked.limit + 1,
    )
    shown = found[: asked.limit]
    return ConsentsPage(
        items=[_answered(row) for row in shown],
        next=following(asked, str(shown[-1].consent.id)) if len(found) > asked.limit else None,
    )


@api.get("/consents/<uuid:consent_id>")
@access(token_of(*READING))
@api.output(ConsentAnswer)
@api.doc(security=["seat"], responses=[404], operation_id="readConsent")
def consent(consent_id: UUID) -> ConsentAnswer:
    """Read one consent.

    Another State's is not there.
    """
    row = listing.one(db.session(), consent_id, state_id=_own(), now=clock.now())
    return _answered(row)


@api.post("/consents")
@access(token_of(*READING))
@api.doc(security=["seat"], responses=[403], operation_id="giveConsent")
def give() -> NoReturn:
    """Refused, always.

    A consent is given on the website with the holder's own factor, fresh at the act. The answer
    is 403 with the code `own-factor-needed`.
    """
    raise ProofNeeded(
        _("A token does not prove a person. Consent is given on the website, by its holder.")
    )


def _answered(row: Listed) -> ConsentAnswer:
    one = row.consent
    return ConsentAnswer(
        id=one.id,
        state=db.session.get_one(State, one.state_id).iso3,
        kind=one.kind,
        subject_kind=one.subject_kind,
        subject_id=one.subject_id,
        status=row.status.value,
        basis=one.basis.value,
        seat=one.seat_id,
        proved=one.proved,
        has_both_seats=one.has_both_seats,
        partner=one.partner_id,
        from_on=one.from_on,
        until_on=one.until_on,
        publish=one.publish,
        given_at=one.given_at,
        second_at=one.second_at,
        contestable_until=one.contestable_until,
        contested_at=one.contested_at,
        revoked_at=one.revoked_at,
        has_document=one.document_id is not None,
    )
