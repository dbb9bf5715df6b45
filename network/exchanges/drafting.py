"""Drafting a request: begun by a member's focal point, saved with any field empty, revised."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.context import Actor
from core.errors import Invalid, NotAllowed, Refused
from core.languages import _
from network.applications.queries import is_member
from network.exchanges import rules
from network.exchanges.models import (
    Attendee,
    DateWindow,
    Exchange,
    Funding,
    PartnerWish,
    Party,
    PartyRole,
    WishKind,
)
from network.exchanges.models_case import Audience
from network.exchanges.moving import Act, check_revision, held_seat, locked, note, standpoint
from network.exchanges.states import Mover
from network.offers.models import LANGUAGES, Capacity, ExchangeType
from network.seats.queries import state_of
from network.taxonomy.models import State, Theme

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
REFERENCE_LETTERS = 5


@dataclass(frozen=True, kw_only=True)
class Wording:
    """All that a requester writes. Any of it may be empty in a draft.

    `windows` are (first day, last day), best first; `attendees` are (post, name, substitute);
    `preferred` and `excluded` are ids of States.
    """

    type: ExchangeType | None = None
    title: str = ""
    need: str = ""
    what_exists: str = ""
    wanted_outcome: str = ""
    is_confidential: bool = False
    neutral: str = ""
    themes: Sequence[str] = ()
    capacities: Sequence[str] = ()
    languages: Sequence[str] = ()
    funding: Funding | None = None
    funding_note: str = ""
    windows: Sequence[tuple[date | None, date | None]] = ()
    attendees: Sequence[tuple[str, str, str]] = ()
    preferred: Collection[UUID] = field(default_factory=frozenset)
    excluded: Collection[UUID] = field(default_factory=frozenset)


PLAIN = (
    "type",
    "title",
    "need",
    "what_exists",
    "wanted_outcome",
    "is_confidential",
    "neutral",
    "funding",
    "funding_note",
)
LISTS = ("themes", "capacities", "languages")


def begin(session: Session, *, wording: Wording, by: Actor, now: datetime) -> Exchange:
    """Start a draft for the State of one's seat. Members ask; observers and organisations do not."""
    seat = held_seat(session, by, now)
    state_id = state_of(session, seat)
    if seat.role not in rules.WRITING_ROLES or state_id is None:
        raise NotAllowed(_("Only the focal point of a member State asks for an exchange."))
    if not is_member(session, state_id, now):
        raise NotAllowed(_("Your State is not a member of the network yet."))
    _check_words(session, wording)
    exchange = Exchange(
        reference=_reference(session, now),
        state_id=state_id,
        seat_id=seat.id,
        made_at=now,
        state_since=now,
    )
    _write(exchange, wording)
    session.add(exchange)
    session.flush()
    session.add(
        Party(
            exchange_id=exchange.id,
            body_id=state_id,
            role=PartyRole.REQUESTER,
            invited_at=now,
            joined_at=now,
        )
    )
    session.flush()
    act = Act(by=by, now=now, state_id=state_id)
    note(session, exchange, "exchange.drafted", act, audience=Audience.REQUESTER)
    return exchange


def revise(
    session: Session,
    *,
    exchange_id: UUID,
    wording: Wording,
    by: Actor,
    now: datetime,
    revision: int | None = None,
) -> Exchange:
    """Save the words of a request, as a draft or while the helpdesk waits for an answer."""
    locked(session, exchange_id)
    exchange = whole(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if Mover.REQUESTER not in stands.movers:
        raise NotAllowed(_("Only the State that asks may change its request."))
    if exchange.state not in rules.DRAFTING:
        raise Refused(_("This request was sent. Ask the helpdesk to open it again."), code="sent")
    check_revision(exchange, revision)
    _check_words(session, wording)
    _write(exchange, wording)
    session.flush()
    exchange.revision += 1
    exchange.text_id = uuid4()
    session.flush()
    act = Act(by=by, now=now, state_id=stands.state_id)
    note(session, exchange, "exchange.revised", act, audience=Audience.REQUESTER)
    return exchange


def whole(session: Session, exchange_id: UUID) -> Exchange:
    """The case with all that the requester wrote."""
    return session.scalars(
        select(Exchange)
        .where(Exchange.id == exchange_id)
        .options(
            selectinload(Exchange.windows),
            selectinload(Exchange.attendees),
            selectinload(Exchange.wishes),
        )
        .execution_options(populate_existing=True)
    ).one()


def _check_words(session: Session, wording: Wording) -> None:
    """Raise where a theme, a capacity, a language or a State is not one of those offered."""
    themes = set(session.scalars(select(Theme.key).where(Theme.key.in_(wording.themes))))
    wished = {*wording.preferred, *wording.excluded}
    states = set(session.scalars(select(State.id).where(State.id.in_(wished))))
    offered = {
        "themes": set(wording.themes) <= themes,
        "capacities": set(wording.capacities) <= set(Capacity),
        "languages": set(wording.languages) <= set(LANGUAGES),
        "preferred": set(wording.preferred) <= states,
        "excluded": set(wording.excluded) <= states,
    }
    problems = {
        name: _("Choose one of the answers offered.") for name, fits in offered.items() if not fits
    }
    if problems:
        raise Invalid(problems)


def _write(exchange: Exchange, wording: Wording) -> None:
    rules.check_wishes(exchange.state_id, set(wording.preferred), set(wording.excluded))
    for name in PLAIN:
        setattr(exchange, name, getattr(wording, name))
    for name in LISTS:
        setattr(exchange, name, list(dict.fromkeys(getattr(wording, name))))
    _place_windows(exchange, wording)
    _place_attendees(exchange, wording)
    wishes = dict.fromkeys(wording.preferred, WishKind.PREFERRED) | dict.fromkeys(
        wording.excluded, WishKind.EXCLUDED
    )
    have = {wish.state_id: wish for wish in exchange.wishes}
    for state_id, wish in have.items():
        if state_id not in wishes:
            exchange.wishes.remove(wish)
    for state_id, kind in wishes.items():
        if state_id in have:
            have[state_id].kind = kind
        else:
            exchange.wishes.append(PartnerWish(state_id=state_id, kind=kind))


def _place_windows(exchange: Exchange, wording: Wording) -> None:
    have = {window.position: window for window in exchange.windows}
    for position, (first, last) in enumerate(wording.windows):
        window = have.get(position)
        if window is None:
            exchange.windows.append(DateWindow(position=position, from_on=first, until_on=last))
        else:
            window.from_on, window.until_on = first, last
    for position, window in have.items():
        if position >= len(wording.windows):
            exchange.windows.remove(window)


def _place_attendees(exchange: Exchange, wording: Wording) -> None:
    have = {attendee.position: attendee for attendee in exchange.attendees}
    for position, (post, name, substitute) in enumerate(wording.attendees):
        known = have.get(position)
        if known is None:
            known = Attendee(position=position)
            exchange.attendees.append(known)
        known.post, known.name, known.substitute = post, name, substitute
    for position, attendee in have.items():
        if position >= len(wording.attendees):
            exchange.attendees.remove(attendee)


def _reference(session: Session, now: datetime) -> str:
    """A short name for people that tells neither how many cases there are nor their order."""
    while True:
        letters = "".join(secrets.choice(LETTERS) for _one in range(REFERENCE_LETTERS))
        reference = f"{now.year}-{letters}"
        if session.scalar(select(Exchange.id).where(Exchange.reference == reference)) is None:
            return reference
