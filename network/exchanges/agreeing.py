"""The words of an agreement, gathered from the case for its document."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from network.accounts.models import Person
from network.consents.models import Basis, Consent, ConsentKind
from network.exchanges.listing import state_names
from network.exchanges.models import Attendee, Exchange, Party, PartyKind, PartyRole, PartyState
from network.exchanges.models_case import Agreement, Bid
from network.exchanges.terms import (
    AgreementText,
    ConsentLine,
    ContactLine,
    Names,
    ParticipantLine,
    PartyLine,
    SeatLine,
)
from network.seats.models import Organisation, Seat
from network.seats.queries import holder_of
from network.taxonomy.models import Theme

ORDER = {role: place for place, role in enumerate(PartyRole)}


def agreement_text(session: Session, exchange: Exchange, agreement: Agreement) -> AgreementText:
    """One version of the terms with parties, posts, dates and consents, as `paper` takes them."""
    parties = _parties(session, exchange)
    names = _names(session, parties)
    seats = _seats(session, exchange, agreement)
    asking = names.get(exchange.state_id, {})
    first, last = agreement.from_on, agreement.until_on
    return AgreementText(
        reference=exchange.reference,
        title=exchange.title,
        version=agreement.version,
        dated=(agreement.agreed_at or agreement.made_at).date(),
        is_draft=agreement.agreed_at is None,
        parties=tuple(
            PartyLine(
                name=names.get(one.body_id, {}),
                role=one.role,
                seat=seats.get(one.body_id),
                is_state=one.kind is PartyKind.STATE,
            )
            for one in parties
        ),
        type=exchange.type,
        is_confidential=exchange.is_confidential,
        written_in=_language(session, agreement),
        purpose=agreement.purpose,
        activities=agreement.activities,
        outputs=agreement.outputs,
        themes=_themes(session, exchange),
        languages=tuple(agreement.languages),
        starts_at=exchange.starts_at,
        ends_at=exchange.ends_at,
        windows=((first, last),) if first and last else (),
        zone=exchange.zone if exchange.starts_at else "UTC",
        place=exchange.place,
        participants=_participants(session, exchange, asking),
        funding=exchange.funding,
        costs=agreement.costs,
        confidentiality=agreement.confidentiality,
        publish=agreement.publish,
        contacts=tuple(
            ContactLine(party=names.get(body_id, {}), seat=seat) for body_id, seat in seats.items()
        ),
        consents=_consents(session, agreement, names),
    )


def _parties(session: Session, exchange: Exchange) -> list[Party]:
    rows = session.scalars(
        select(Party).where(Party.exchange_id == exchange.id, Party.state == PartyState.JOINED)
    )
    return sorted(rows, key=lambda one: (ORDER[one.role], one.invited_at, one.id))


def _names(session: Session, parties: list[Party]) -> dict[UUID, Names]:
    found: dict[UUID, Names] = dict(state_names(session, [one.body_id for one in parties]))
    bodies = [one.body_id for one in parties if one.kind is PartyKind.ORGANISATION]
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(bodies))
    )
    return found | {row.id: row.name for row in rows}


def _seats(session: Session, exchange: Exchange, agreement: Agreement) -> dict[UUID, SeatLine]:
    """The seats that speak for the two sides, by State: who asked, and who bid."""
    bid = session.get(Bid, agreement.bid_id)
    pairs = [(exchange.state_id, exchange.seat_id)]
    if bid is not None:
        pairs.append((bid.state_id, bid.seat_id))
    found: dict[UUID, SeatLine] = {}
    for state_id, seat_id in pairs:
        seat = session.get(Seat, seat_id)
        if seat is not None:
            found[state_id] = _line(seat)
    return found


def _line(seat: Seat) -> SeatLine:
    return SeatLine(role=seat.role, title=seat.title or {})


def _language(session: Session, agreement: Agreement) -> str:
    """The language of whoever wrote this version."""
    holder = holder_of(session, agreement.seat_id, agreement.made_at) if agreement.seat_id else None
    person = session.get(Person, holder.person_id) if holder else None
    return person.language if person else "en"


def _themes(session: Session, exchange: Exchange) -> tuple[Names, ...]:
    rows = session.execute(select(Theme.key, Theme.names).where(Theme.key.in_(exchange.themes)))
    known = {row.key: row.names for row in rows}
    return tuple(known[key] for key in exchange.themes if key in known)


def _participants(
    session: Session, exchange: Exchange, asking: Names
) -> tuple[ParticipantLine, ...]:
    rows = session.scalars(
        select(Attendee).where(Attendee.exchange_id == exchange.id).order_by(Attendee.position)
    )
    return tuple(
        ParticipantLine(party=asking, post=one.post, substitute=one.substitute)
        for one in rows
        if one.post
    )


def _consents(
    session: Session, agreement: Agreement, names: dict[UUID, Names]
) -> tuple[ConsentLine, ...]:
    """The consents to this version that nobody has taken back; a paper once two people entered it."""
    rows = session.scalars(
        select(Consent)
        .where(
            Consent.kind == ConsentKind.AGREEMENT,
            Consent.subject_id == agreement.id,
            Consent.revoked_at.is_(None),
            Consent.contested_at.is_(None),
        )
        .order_by(Consent.given_at, Consent.id)
    )
    found = []
    for one in rows:
        if one.basis is Basis.PAPER and one.second_by is None:
            continue
        seat = session.get(Seat, one.seat_id) if one.seat_id else None
        found.append(
            ConsentLine(
                state=names.get(one.state_id, {}),
                at=one.given_at,
                seat=_line(seat) if seat else None,
                proved=one.proved,
            )
        )
    return tuple(found)
