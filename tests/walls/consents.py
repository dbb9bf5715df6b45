"""Short ways to ask for, give and withdraw the consent of an invented State."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from core.errors import Refused
from network.consents import service
from network.consents.models import ConsentKind
from network.consents.queries import check_consent
from tests.walls.cast import acts

TODAY = date(2027, 6, 14)
KIND = ConsentKind.AGREEMENT


def scope_of(state, **changes):
    values = {"subject_kind": "agreement", "subject_id": uuid4()} | changes
    return service.Scope(state_id=state.id, kind=KIND, **values)


def fresh(holder, now):
    return acts(holder.person_id, holder.seat_id, proved_at=now)


def asked(session, scope, now, **changes):
    """The code of the refusal, or None when the consent is in force."""
    values = {"on": TODAY, "now": now} | changes
    try:
        check_consent(
            session,
            state_id=scope.state_id,
            kind=scope.kind,
            subject_id=scope.subject_id,
            **values,
        )
    except Refused as refusal:
        return refusal.code
    return None


def withdraw(session, scope, by, now):
    return service.withdraw(
        session,
        state_id=scope.state_id,
        kind=scope.kind,
        subject_id=scope.subject_id,
        by=by,
        now=now,
    )
