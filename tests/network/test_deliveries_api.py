"""Deliveries through the API: counted and listed, never with whom they go to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from core.context import SYSTEM
from network.accounts import service as accounts
from network.notifications.models import Delivery
from network.notifications.states import DeliveryState
from tests.walls.cast import Cast

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def everything(client: Any, path: str) -> list[dict[str, Any]]:
    """All items, page by page, as a program follows `next`."""
    found: list[dict[str, Any]] = []
    place: str | None = path
    while place is not None:
        answer = client.get(place)
        assert answer.status_code == 200, answer.json
        found += answer.json["items"]
        place = answer.json["next"]
    return found


def delivery(state: DeliveryState = DeliveryState.SENT, **changes: Any) -> Delivery:
    basis = {
        "key": uuid4().hex,
        "message": "registration_confirmed",
        "queue": "mail",
        "recipient_kind": "registration",
        "recipient_id": uuid4(),
        "locale": "en",
        "state": state,
        "queued_at": NOW,
        "due_at": NOW,
    }
    return Delivery(**(basis | changes))


@pytest.fixture
def tokens(session: Session, keys) -> dict[str, dict[str, str]]:
    cast = Cast(session, keys)
    made = {}
    for role in ("secretariat", "administrator", "triage", "protection", "focal_point"):
        seat = cast.holder(role).seat
        plain = accounts.make_token(session, seat=seat, label=role, by=SYSTEM, now=cast.at)[1]
        made[role] = {"Authorization": f"Bearer {plain}"}
    session.flush()
    return made


def test_deliveries_are_counted_and_listed_without_whom_they_go_to(client, session, tokens):
    rows = [delivery(), delivery(), delivery(DeliveryState.FAILED, failure="smtp-5", attempts=3)]
    session.add_all(rows)
    session.flush()

    answer = client.get("/api/v1/deliveries?state=failed", headers=tokens["administrator"])

    assert answer.json == {
        "items": [
            {
                "id": str(rows[2].id),
                "message": "registration_confirmed",
                "state": "failed",
                "attempts": 3,
                "queued_at": "2026-11-24T12:00:00Z",
                "due_at": "2026-11-24T12:00:00Z",
                "ended_at": None,
                "failure": "smtp-5",
            }
        ],
        "counts": {"failed": 1, "sent": 2},
        "next": None,
    }
    everyone = client.get("/api/v1/deliveries", headers=tokens["secretariat"])
    assert [one["id"] for one in everyone.json["items"]] == sorted(str(row.id) for row in rows)
    assert all(str(row.recipient_id) not in everyone.text for row in rows)


def test_deliveries_are_for_the_secretariat_and_administrators(client, tokens):
    statuses = {
        role: client.get("/api/v1/deliveries", headers=headers).status_code
        for role, headers in (*tokens.items(), ("nobody", {}))
    }

    assert statuses == {
        "secretariat": 200,
        "administrator": 200,
        "triage": 403,
        "protection": 403,
        "focal_point": 403,
        "nobody": 401,
    }
