"""A fact, a handler and a message of no slice, and a worker that knows them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import create_app
from core.mail.message import BUILDERS, Message
from core.outbox import Fact
from network.notifications.models import Delivery
from network.notifications.service import queue_message
from workers import handlers
from workers.celery_app import make


@dataclass(frozen=True, kw_only=True)
class TrialHappened(Fact):
    """Something happened in a test."""

    trial_id: UUID
    words: str = ""


def address(recipient_id: UUID | None) -> str:
    """The address of a trial recipient."""
    return f"{recipient_id}@trial.example"


def write_trial(
    _session: Session, delivery: Delivery, _house: object, _now: datetime
) -> Message | None:
    """A message to the address that the recipient's id gives."""
    if delivery.subject_id is not None:
        return None
    return Message(
        to=address(delivery.recipient_id),
        language=delivery.locale,
        subject="Trial",
        text="Trial\n",
        html="<p>Trial</p>",
    )


def tell(session: Session, fact: TrialHappened, now: datetime) -> None:
    """One mail a trial."""
    queue_message(
        session,
        key=f"trial:{fact.trial_id}",
        message="trial",
        recipient_kind="trial",
        recipient_id=fact.trial_id,
        now=now,
    )


BUILDERS.setdefault("trial", write_trial)

if os.environ.get("RELAIS_TRIAL"):
    handlers.SUBSCRIPTIONS[TrialHappened] = (tell,)
    application = create_app()
    celery = make(application)
