"""The delivery ledger for the programs of those who keep the platform running: states and counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from core.db import db
from core.web.access import access
from core.web.api import Api, Given, Paged, following
from network.accounts.access import token_of
from network.notifications import queries
from network.notifications.states import DeliveryState

api = Api(
    "deliveries_api",
    "Deliveries",
    "Which mails are on their way, and which failed.",
    schemes={
        "seat": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a seat, from `flask tokens create`. It proves no person.",
        }
    },
)


class DeliveriesAsked(Paged):
    """Which deliveries to answer."""

    state: DeliveryState | None = Field(default=None, description="Only those that stand there.")
    after: UUID | None = Field(default=None, description="The id after which the list goes on.")


class DeliveryAnswer(Given):
    """One mail. Neither its words nor whom it goes to can be read here."""

    id: UUID
    message: str = Field(description="Which mail it is.")
    state: DeliveryState
    attempts: int
    queued_at: datetime
    due_at: datetime
    ended_at: datetime | None
    failure: str | None = Field(description="A kind of failure, never a server's words.")


class DeliveriesPage(Given):
    """Some deliveries by their random ids, and how many stand where in all."""

    items: list[DeliveryAnswer]
    counts: dict[DeliveryState, int]
    next: str | None = Field(description="Where the list goes on; null at its end.")


@api.get("/deliveries")
@access(token_of("secretariat", "administrator"))
@api.asked(DeliveriesAsked)
@api.output(DeliveriesPage)
@api.doc(security=["seat"], operation_id="listDeliveries")
def deliveries(asked: DeliveriesAsked) -> DeliveriesPage:
    """List deliveries.

    For tokens of the secretariat and of administrators. Ids and states only.
    """
    found = queries.listed(db.session(), state=asked.state, after=asked.after, most=asked.limit + 1)
    shown = found[: asked.limit]
    return DeliveriesPage(
        items=[
            DeliveryAnswer(
                id=one.id,
                message=one.message,
                state=one.state,
                attempts=one.attempts,
                queued_at=one.queued_at,
                due_at=one.due_at,
                ended_at=one.ended_at,
                failure=one.failure,
            )
            for one in shown
        ],
        counts=queries.counts(db.session()),
        next=following(asked, str(shown[-1].id)) if len(found) > asked.limit else None,
    )
