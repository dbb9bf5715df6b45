"""Consents as pages, the API and commands list them: one State's, or all for the secretariat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select, tuple_
from sqlalchemy.orm import Session

from core.errors import NotVisible
from core.languages import _
from network.consents.models import (
    Basis,
    Consent,
    ConsentConflict,
    ConsentKept,
    Withdrawal,
)
from network.consents.rules import Status, status_of
from network.seats.models import Holder

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One consent with where it stands and the withdrawal that revoked it, if one did."""

    consent: Consent
    status: Status
    withdrawal: Withdrawal | None


def listed(
    session: Session,
    *,
    state_id: UUID | None,
    now: datetime,
    after: UUID | None = None,
    most: int = PAGE,
) -> list[Listed]:
    """Consents of a State (None: of every State), the newest first, from `after` on."""
    wanted = select(Consent)
    if state_id is not None:
        wanted = wanted.where(Consent.state_id == state_id)
    place = session.get(Consent, after) if after else None
    if place is not None:
        wanted = wanted.where(
            tuple_(Consent.given_at, Consent.id) < tuple_(place.given_at, place.id)
        )
    found = session.scalars(
        wanted.order_by(Consent.given_at.desc(), Consent.id.desc()).limit(most)
    ).all()
    return _with_status(session, found, now)


def one(session: Session, consent_id: UUID, *, state_id: UUID | None, now: datetime) -> Listed:
    """One consent. Raises NotVisible unless it is that State's (None: whichever State's)."""
    found = session.get(Consent, consent_id)
    if found is None or (state_id is not None and found.state_id != state_id):
        raise NotVisible(_("There is no such consent."))
    return _with_status(session, [found], now)[0]


def _with_status(session: Session, found: Sequence[Consent], now: datetime) -> list[Listed]:
    subjects = {one.subject_id for one in found if one.revoked_at is not None}
    revoking = {
        (row.kind, row.subject_id, row.state_id, row.at): row
        for row in session.scalars(select(Withdrawal).where(Withdrawal.subject_id.in_(subjects)))
    }
    rows = []
    for one in found:
        by = revoking.get((one.kind, one.subject_id, one.state_id, one.revoked_at))  # type: ignore[arg-type]  # None finds nothing
        status = status_of(one, is_withdrawn=by is not None, now=now)
        rows.append(Listed(consent=one, status=status, withdrawal=by))
    return rows


def standing_alone(session: Session, state_id: UUID) -> Sequence[Withdrawal]:
    """Withdrawals of a State that stand, the newest first: each keeps its subject shut."""
    return session.scalars(
        select(Withdrawal)
        .where(Withdrawal.state_id == state_id, Withdrawal.lifted_at.is_(None))
        .order_by(Withdrawal.at.desc(), Withdrawal.id)
        .limit(PAGE)
    ).all()


def conflicts_of(session: Session, consent_id: UUID) -> Sequence[Withdrawal]:
    """The standing withdrawals that contradict a consent."""
    return session.scalars(
        select(Withdrawal)
        .join(ConsentConflict, ConsentConflict.withdrawal_id == Withdrawal.id)
        .where(ConsentConflict.consent_id == consent_id)
        .order_by(Withdrawal.at)
    ).all()


def to_look_through(session: Session, holder: Holder, now: datetime) -> Sequence[Consent]:
    """What predecessors gave in this seat, still in force, and this holder has not yet kept."""
    return session.scalars(
        select(Consent)
        .where(
            Consent.seat_id == holder.seat_id,
            Consent.person_id != holder.person_id,
            Consent.given_at < holder.since,
            Consent.revoked_at.is_(None),
            or_(Consent.until_on.is_(None), Consent.until_on >= now.date()),
            ~exists().where(
                ConsentKept.consent_id == Consent.id, ConsentKept.holder_id == holder.id
            ),
        )
        .order_by(Consent.given_at, Consent.id)
    ).all()


def given_in(session: Session, seat_id: UUID, now: datetime) -> Sequence[Consent]:
    """What was given in a seat and is in force, oldest first."""
    return session.scalars(
        select(Consent)
        .where(
            Consent.seat_id == seat_id,
            Consent.revoked_at.is_(None),
            or_(Consent.until_on.is_(None), Consent.until_on >= now.date()),
        )
        .order_by(Consent.given_at, Consent.id)
    ).all()


def kept_by(session: Session, consent_id: UUID) -> Sequence[tuple[datetime, UUID]]:
    """When successors kept a consent, and the person of each."""
    rows = session.execute(
        select(ConsentKept.at, Holder.person_id)
        .join(Holder, Holder.id == ConsentKept.holder_id)
        .where(ConsentKept.consent_id == consent_id)
        .order_by(ConsentKept.at)
    )
    return [(row[0], row[1]) for row in rows]


def papers_to_confirm(session: Session) -> Sequence[Consent]:
    """Papers that wait for a second person of the secretariat, oldest first."""
    return session.scalars(
        select(Consent)
        .where(
            Consent.basis == Basis.PAPER,
            Consent.second_at.is_(None),
            Consent.revoked_at.is_(None),
            Consent.contested_at.is_(None),
        )
        .order_by(Consent.given_at, Consent.id)
    ).all()


def papers_to_contest(session: Session, state_id: UUID, now: datetime) -> Sequence[Consent]:
    """Papers that a State may still contest, the first to run out first."""
    return session.scalars(
        select(Consent)
        .where(
            Consent.basis == Basis.PAPER,
            Consent.state_id == state_id,
            Consent.contestable_until > now,
            Consent.revoked_at.is_(None),
            Consent.contested_at.is_(None),
        )
        .order_by(Consent.contestable_until, Consent.id)
    ).all()


def spoken_in(session: Session, seat_id: UUID) -> set[tuple[str, UUID]]:
    """The kinds and subjects of which this seat has said something that stands."""
    said = select(Consent.kind, Consent.subject_id).where(
        Consent.seat_id == seat_id, Consent.revoked_at.is_(None)
    )
    against = select(Withdrawal.kind, Withdrawal.subject_id).where(
        Withdrawal.seat_id == seat_id, Withdrawal.lifted_at.is_(None)
    )
    return {(row[0].value, row[1]) for wanted in (said, against) for row in session.execute(wanted)}
