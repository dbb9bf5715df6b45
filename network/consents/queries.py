"""What stands for a subject, read from the tables; and the one function that everybody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from core.errors import Refused
from network.consents.models import (
    Consent,
    ConsentConflict,
    ConsentKind,
    ConsentRule,
    Need,
    Withdrawal,
)
from network.consents.rules import Question, Standing, Verdict, answer, given, refusal
from network.seats.models import BodyKind, Role
from network.seats.queries import open_seats


def check_consent(
    session: Session,
    *,
    state_id: UUID,
    kind: ConsentKind,
    subject_id: UUID,
    on: date,
    now: datetime,
    partner_id: UUID | None = None,
    publish: str | None = None,
) -> None:
    """Raise a refusal with its sentence unless the State's consent is in force for this.

    Every move that needs a State's consent asks here, whether a page, the API, a command or a
    worker makes it. `on` is the day the activity takes place, `publish` what would be published.
    Until the move is committed nobody can withdraw: whoever does then finds it and holds it.
    """
    asked = Question(on=on, now=now, partner_id=partner_id, publish=publish)
    hold_still(session, kind, subject_id, alone=False)
    verdict = answer(
        standing(session, state_id=state_id, kind=kind, subject_id=subject_id, now=now), asked
    )
    if verdict is not Verdict.IN_FORCE:
        raise refusal(verdict)


def hold_still(session: Session, kind: ConsentKind, subject_id: UUID, *, alone: bool) -> None:
    """Let acts on one subject wait for each other, and for moves that rest on it, until the commit."""
    key = func.hashtextextended(f"consent:{kind.value}:{subject_id}", 0)
    wait = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    session.execute(select(wait(key)))


def may(
    session: Session,
    *,
    state_id: UUID,
    kind: ConsentKind,
    subject_id: UUID,
    on: date,
    now: datetime,
    partner_id: UUID | None = None,
    publish: str | None = None,
) -> bool:
    """The same question, answered True or False for templates."""
    try:
        check_consent(
            session,
            state_id=state_id,
            kind=kind,
            subject_id=subject_id,
            on=on,
            now=now,
            partner_id=partner_id,
            publish=publish,
        )
    except Refused:
        return False
    return True


def may_stay_public(
    session: Session,
    *,
    state_id: UUID,
    kind: ConsentKind,
    subject_id: UUID,
    publish: str,
    on: date,
    now: datetime,
) -> bool:
    """Whether what was published with consent may still be shown.

    A vacancy hides nothing, since a consent outlives its holder; a withdrawal hides at once.
    """
    known = standing(session, state_id=state_id, kind=kind, subject_id=subject_id, now=now)
    asked = Question(on=on, now=now, publish=publish)
    verdict = answer(known, asked)
    return verdict is Verdict.IN_FORCE or (
        verdict is Verdict.VACANT and given(known, asked) is Verdict.IN_FORCE
    )


def standing(
    session: Session, *, state_id: UUID, kind: ConsentKind, subject_id: UUID, now: datetime
) -> Standing:
    """What is known of one subject at `now`, which may be a moment that has passed."""
    listed = authorising_seats(session, state_id, now)
    about = (
        (Consent.state_id == state_id) & (Consent.kind == kind) & (Consent.subject_id == subject_id)
    )
    return Standing(
        need=need_of(session, state_id),
        seats=frozenset(listed),
        filled=frozenset(seat for seat, is_filled in listed.items() if is_filled),
        consents=session.scalars(select(Consent).where(about)).all(),
        against=frozenset(
            session.scalars(
                select(Withdrawal.seat_id).where(
                    Withdrawal.state_id == state_id,
                    Withdrawal.kind == kind,
                    Withdrawal.subject_id == subject_id,
                    Withdrawal.at <= now,
                    or_(Withdrawal.lifted_at.is_(None), Withdrawal.lifted_at > now),
                )
            )
        ),
    )


def authorising_seats(session: Session, state_id: UUID, now: datetime) -> dict[UUID, bool]:
    """The open authorising seats of a State, each with whether somebody holds it."""
    found = open_seats(
        session, body_kind=BodyKind.STATE, body_id=state_id, role=Role.AUTHORISING, now=now
    )
    return {seat.id: holder is not None for seat, holder in found}


def need_of(session: Session, state_id: UUID) -> Need:
    """The State's rule; any one gives unless it said otherwise."""
    known = session.scalar(select(ConsentRule.need).where(ConsentRule.state_id == state_id))
    return known or Need.ANY_ONE


def is_conflict(session: Session, withdrawal_id: UUID) -> bool:
    """Whether a withdrawal contradicts what another seat of its State, or a paper, has said."""
    known = exists().where(ConsentConflict.withdrawal_id == withdrawal_id)
    return bool(session.scalar(select(known)))


def live_consents(
    session: Session, *, state_id: UUID, kind: ConsentKind, subject_id: UUID
) -> list[Consent]:
    """The consents of a subject that nobody has revoked, locked for a change."""
    return list(
        session.scalars(
            select(Consent)
            .where(
                Consent.state_id == state_id,
                Consent.kind == kind,
                Consent.subject_id == subject_id,
                Consent.revoked_at.is_(None),
            )
            .order_by(Consent.id)
            .with_for_update()
        )
    )


def standing_withdrawals(
    session: Session, *, state_id: UUID, kind: ConsentKind, subject_id: UUID
) -> Sequence[Withdrawal]:
    """The withdrawals of a subject that no seat has lifted, oldest first."""
    return session.scalars(
        select(Withdrawal)
        .where(
            Withdrawal.state_id == state_id,
            Withdrawal.kind == kind,
            Withdrawal.subject_id == subject_id,
            Withdrawal.lifted_at.is_(None),
        )
        .order_by(Withdrawal.at, Withdrawal.id)
    ).all()
