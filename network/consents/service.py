"""Giving and withdrawing a State's consent, entering one that came on paper, contesting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import audit, outbox
from core.context import SYSTEM, Actor
from core.errors import Conflict, NotAllowed, NotVisible
from core.languages import _
from network.consents import facts, queries, rules
from network.consents.models import (
    Basis,
    Consent,
    ConsentConflict,
    ConsentKept,
    ConsentKind,
    ConsentRule,
    Need,
    Withdrawal,
)
from network.seats.models import Role
from network.seats.queries import holder_of, holding_of, seats_of, state_of


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a consent is for: the subject, its days, the partner, what may be published."""

    state_id: UUID
    kind: ConsentKind
    subject_kind: str
    subject_id: UUID
    partner_id: UUID | None = None
    from_on: date | None = None
    until_on: date | None = None
    publish: Sequence[str] = field(default_factory=tuple)


def give(
    session: Session,
    *,
    scope: Scope,
    by: Actor,
    now: datetime,
    document_id: UUID | None = None,
) -> Consent:
    """Give the State's consent in one's authorising seat; it takes the place of an earlier one.

    A withdrawal of the same seat is lifted by it; that of another seat stands and wins.
    """
    seat_id = _voice(session, scope.state_id, by, now)
    queries.hold_still(session, scope.kind, scope.subject_id, alone=True)
    for earlier in _live(session, scope.state_id, scope.kind, scope.subject_id):
        if earlier.seat_id == seat_id:
            _revoke(earlier, by, now)
    session.execute(
        update(Withdrawal)
        .where(
            Withdrawal.kind == scope.kind,
            Withdrawal.subject_id == scope.subject_id,
            Withdrawal.seat_id == seat_id,
            Withdrawal.lifted_at.is_(None),
        )
        .values(lifted_at=now)
    )
    session.flush()
    consent = _consent(scope, Basis.OWN_FACTOR, now, document_id)
    consent.seat_id, consent.person_id, consent.proved = seat_id, by.person_id, by.proved
    consent.has_both_seats = _has_both_seats(session, scope.state_id, by, now)
    session.add(consent)
    session.flush()
    _note(session, "consent.given", consent, by, now)
    outbox.record(
        session, facts.ConsentGiven(consent_id=consent.id, state_id=scope.state_id), now=now
    )
    _contradict(session, consent, now)
    return consent


def withdraw(
    session: Session,
    *,
    state_id: UUID,
    kind: ConsentKind,
    subject_id: UUID,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> Withdrawal:
    """Withdraw for the State, whoever gave: any one authorising seat may, and it wins.

    It stands also where nothing was given yet. Withdrawing twice changes nothing.
    """
    seat_id = _voice(session, state_id, by, now)
    queries.hold_still(session, kind, subject_id, alone=True)
    standing = session.scalar(
        select(Withdrawal).where(
            Withdrawal.kind == kind,
            Withdrawal.subject_id == subject_id,
            Withdrawal.seat_id == seat_id,
            Withdrawal.lifted_at.is_(None),
        )
    )
    if standing is not None:
        return standing
    revoked = _live(session, state_id, kind, subject_id)
    for consent in revoked:
        _revoke(consent, by, now)
    withdrawal = Withdrawal(
        state_id=state_id,
        kind=kind,
        subject_id=subject_id,
        seat_id=seat_id,
        person_id=_person(by),
        proved=by.proved or "",
        at=now,
        reason=reason,
    )
    session.add(withdrawal)
    session.flush()
    audit.write(
        session,
        "consent.withdrawn",
        by=by,
        now=now,
        subject_kind=kind.value,
        subject_id=subject_id,
        details={"state": str(state_id), "withdrawal": str(withdrawal.id)},
    )
    outbox.record(
        session,
        facts.ConsentWithdrawn(
            withdrawal_id=withdrawal.id,
            state_id=state_id,
            kind=kind.value,
            subject_id=subject_id,
        ),
        now=now,
    )
    for consent in revoked:
        if rules.contradicts(withdrawal, consent):
            _conflict(session, consent, withdrawal, now)
    return withdrawal


def enter_on_paper(
    session: Session, *, scope: Scope, document_id: UUID, by: Actor, now: datetime
) -> Consent:
    """Enter a consent that came as a document. It counts once a second person enters it too."""
    _check_secretariat(session, by, now)
    queries.hold_still(session, scope.kind, scope.subject_id, alone=True)
    consent = _consent(scope, Basis.PAPER, now, document_id)
    consent.entered_by = _person(by)
    session.add(consent)
    session.flush()
    _note(session, "consent.paper_entered", consent, by, now)
    return consent


def confirm_paper(session: Session, *, consent_id: UUID, by: Actor, now: datetime) -> Consent:
    """Be the second person of the secretariat. The State is told, and may contest for ten days."""
    _check_secretariat(session, by, now)
    consent = _paper(session, consent_id)
    if consent.second_by is not None:
        return consent
    if by.person_id == consent.entered_by:
        raise NotAllowed(_("A second person of the secretariat has to enter it too."))
    if consent.revoked_at is not None:
        raise Conflict(_("The State has withdrawn since this paper was entered."))
    if consent.contested_at is not None:
        raise Conflict(_("The State says that this paper is not its word."))
    consent.second_by, consent.second_at = _person(by), now
    consent.contestable_until = now + rules.CONTEST_WITHIN
    session.flush()
    _note(session, "consent.paper_confirmed", consent, by, now)
    outbox.record(
        session,
        facts.ConsentEnteredOnPaper(consent_id=consent.id, state_id=consent.state_id),
        now=now,
    )
    _contradict(session, consent, now)
    return consent


def contest(session: Session, *, consent_id: UUID, by: Actor, now: datetime) -> Consent:
    """Say that a paper is not the State's word; from now on it does not count."""
    consent = _paper(session, consent_id)
    _voice(session, consent.state_id, by, now)
    if consent.revoked_at is not None:
        raise Conflict(_("This consent has been withdrawn already."))
    if consent.contested_at is not None:
        return consent
    if consent.contestable_until is not None and now >= consent.contestable_until:
        raise Conflict(_("The ten days for this are over. You may withdraw the consent instead."))
    consent.contested_at, consent.contested_by = now, _person(by)
    session.flush()
    _note(session, "consent.contested", consent, by, now)
    outbox.record(
        session,
        facts.ConsentContested(consent_id=consent.id, state_id=consent.state_id),
        now=now,
    )
    return consent


def keep(session: Session, *, consent_id: UUID, by: Actor, now: datetime) -> None:
    """Keep what a predecessor in the same seat gave. One is asked once; keeping again changes nothing."""
    consent = session.get(Consent, consent_id)
    if consent is None or consent.seat_id is None:
        raise NotVisible(_("There is no such consent."))
    seat_id = _voice(session, consent.state_id, by, now)
    holder = holder_of(session, seat_id, now)
    if consent.seat_id != seat_id or holder is None:
        raise NotAllowed(_("This consent was given in another seat."))
    _locked(session, consent)
    if consent.revoked_at is not None:
        raise Conflict(_("This consent has been withdrawn already."))
    fresh = session.scalar(
        insert(ConsentKept)
        .values(id=uuid4(), consent_id=consent.id, holder_id=holder.id, at=now)
        .on_conflict_do_nothing(index_elements=[ConsentKept.consent_id, ConsentKept.holder_id])
        .returning(ConsentKept.id)
    )
    if fresh is not None:
        _note(session, "consent.kept", consent, by, now)


def set_rule(
    session: Session, *, state_id: UUID, need: Need, by: Actor, now: datetime
) -> ConsentRule:
    """Say whether any one or all authorising seats must consent. The State says it itself."""
    _voice(session, state_id, by, now)
    rule = session.scalar(select(ConsentRule).where(ConsentRule.state_id == state_id))
    if rule is None:
        rule = ConsentRule(state_id=state_id, need=need, set_at=now, set_by=by.person_id)
        session.add(rule)
    rule.need, rule.set_at, rule.set_by = need, now, by.person_id
    session.flush()
    audit.write(
        session,
        "consent.rule_set",
        by=by,
        now=now,
        subject_kind="state",
        subject_id=state_id,
        details={"need": need.value},
    )
    return rule


def _voice(session: Session, state_id: UUID, by: Actor, now: datetime) -> UUID:
    """The seat in which this person speaks for the State at this moment, by their own factor."""
    listed = queries.authorising_seats(session, state_id, now)
    seat_id = rules.check_speaks(by, listed, now)
    if holding_of(session, by, now) is None:
        raise NotAllowed(_("Only who holds an authorising seat of the State may do this."))
    return seat_id


def _check_secretariat(session: Session, by: Actor, now: datetime) -> None:
    """Raise unless a person acts in a secretariat seat they hold, by their own factor."""
    holding = holding_of(session, by, now)
    if holding is None or holding.seat.role is not Role.SECRETARIAT:
        raise NotAllowed(_("Only the secretariat enters consents that came on paper."))
    rules.check_fresh(by, now)


def _has_both_seats(session: Session, state_id: UUID, by: Actor, now: datetime) -> bool:
    """Whether the giver is also the State's focal point: allowed, and said on the record.

    The seat may be the State's own or that of one of its mechanisms.
    """
    return any(
        holding.seat.role in {Role.FOCAL_POINT, Role.DEPUTY}
        and state_of(session, holding.seat) == state_id
        for holding in seats_of(session, _person(by), now)
    )


def _contradict(session: Session, consent: Consent, now: datetime) -> None:
    """Note that other seats’ withdrawals stand against this consent."""
    for withdrawal in queries.standing_withdrawals(
        session, state_id=consent.state_id, kind=consent.kind, subject_id=consent.subject_id
    ):
        if withdrawal.seat_id != consent.seat_id:
            _conflict(session, consent, withdrawal, now)


def _conflict(session: Session, consent: Consent, withdrawal: Withdrawal, now: datetime) -> None:
    """Record that two seats contradict each other, once for each withdrawal."""
    conflict_id = session.scalar(
        insert(ConsentConflict)
        .values(id=uuid4(), withdrawal_id=withdrawal.id, consent_id=consent.id, at=now)
        .on_conflict_do_nothing(index_elements=[ConsentConflict.withdrawal_id])
        .returning(ConsentConflict.id)
    )
    if conflict_id is None:
        return
    _note(session, "consent.conflict", consent, SYSTEM, now)
    outbox.record(
        session,
        facts.ConsentsConflict(
            conflict_id=conflict_id,
            state_id=consent.state_id,
            kind=consent.kind.value,
            subject_id=consent.subject_id,
            consent_id=consent.id,
            withdrawal_id=withdrawal.id,
        ),
        now=now,
    )


def _live(session: Session, state_id: UUID, kind: ConsentKind, subject_id: UUID) -> list[Consent]:
    return queries.live_consents(session, state_id=state_id, kind=kind, subject_id=subject_id)


def _consent(scope: Scope, basis: Basis, now: datetime, document_id: UUID | None) -> Consent:
    return Consent(
        state_id=scope.state_id,
        kind=scope.kind,
        subject_kind=scope.subject_kind,
        subject_id=scope.subject_id,
        partner_id=scope.partner_id,
        from_on=scope.from_on,
        until_on=scope.until_on,
        publish=list(scope.publish),
        basis=basis,
        given_at=now,
        document_id=document_id,
    )


def _paper(session: Session, consent_id: UUID) -> Consent:
    consent = session.get(Consent, consent_id)
    if consent is None or consent.basis is not Basis.PAPER:
        raise NotVisible(_("There is no such paper."))
    return _locked(session, consent)


def _locked(session: Session, consent: Consent) -> Consent:
    """The row as it is now, held after the subject as every act on a subject does."""
    queries.hold_still(session, consent.kind, consent.subject_id, alone=True)
    session.refresh(consent, with_for_update=True)
    return consent


def _revoke(consent: Consent, by: Actor, now: datetime) -> None:
    consent.revoked_at, consent.revoked_by = now, by.person_id


def _person(by: Actor) -> UUID:
    if by.person_id is None:
        raise NotAllowed(_("Only a person may do this."))
    return by.person_id


def _note(session: Session, word: str, consent: Consent, by: Actor, now: datetime) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="consent",
        subject_id=consent.id,
        details={
            "state": str(consent.state_id),
            "kind": consent.kind.value,
            "subject": str(consent.subject_id),
            "basis": consent.basis.value,
        },
    )
