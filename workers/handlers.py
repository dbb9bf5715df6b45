"""What follows from what: the one place that says which fact leads to which effects.

A handler takes `(session, fact, now)`, runs in the dispatcher's transaction and may run again
after a crash, so each of its effects has a unique key. It queues mails and calls verbs; it calls
no broker and no mail server. Two slices that must not know each other meet here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.outbox import Fact
from events.protection import messages as protection_messages
from events.registrations import messages as registration_messages
from network.accounts import messages as account_messages
from network.accounts import queries as accounts
from network.accounts import seat_messages
from network.accounts.facts import FactorSetUp, SignInCodeIssued
from network.accounts.models import Person
from network.applications import messages as application_messages
from network.consents import messages as consent_messages
from network.directory import messages as directory_messages
from network.exchanges import messages as exchange_messages
from network.exchanges import messages_dates, messages_moves
from network.notifications.service import queue_message
from network.offers import messages as offer_messages
from network.practices import messages as practice_messages
from network.profiles import messages as profile_messages
from workers.application_handlers import APPLICATION_RECORD, APPLICATION_SUBSCRIPTIONS
from workers.consent_handlers import CONSENT_SUBSCRIPTIONS
from workers.directory_handlers import DIRECTORY_SUBSCRIPTIONS
from workers.exchange_consents import CASE_CONSENTS
from workers.exchange_handlers import EXCHANGE_SUBSCRIPTIONS
from workers.offer_handlers import OFFER_SUBSCRIPTIONS
from workers.practice_handlers import PRACTICE_SUBSCRIPTIONS
from workers.profile_handlers import PROFILE_RECORD, PROFILE_SUBSCRIPTIONS
from workers.protection_handlers import PROTECTION_SUBSCRIPTIONS
from workers.registration_handlers import REGISTRATION_SUBSCRIPTIONS
from workers.seat_handlers import SEAT_RECORD, SEAT_SUBSCRIPTIONS

MAIL_WRITERS = (
    account_messages,
    application_messages,
    registration_messages,
    protection_messages,
    offer_messages,
    profile_messages,
    directory_messages,
    consent_messages,
    seat_messages,
    exchange_messages,
    messages_dates,
    messages_moves,
    practice_messages,
)
"""Naming the modules that write mails registers their builders."""

Handler = Callable[[Session, Any, datetime], None]


def mail_sign_in_code(session: Session, fact: SignInCodeIssued, now: datetime) -> None:
    """The code goes to the mailbox it opens; nobody known, nothing sent."""
    if fact.mailbox_id is None:
        return
    queue_message(
        session,
        key=f"sign-in-code:{fact.code_id}",
        message="sign_in_code",
        recipient_kind="mailbox",
        recipient_id=fact.mailbox_id,
        subject_id=fact.code_id,
        queue="codes",
        locale=fact.language,
        now=now,
    )


def mail_factor_set_up(session: Session, fact: FactorSetUp, now: datetime) -> None:
    """Each mailbox of the person is told, so that a stolen set-up does not stay unseen."""
    person = session.get_one(Person, fact.person_id)
    for mailbox_id in accounts.mailboxes_of(session, person.id, now):
        queue_message(
            session,
            key=f"factor-set-up:{fact.factor_id}:{mailbox_id}",
            message="factor_set_up",
            recipient_kind="mailbox",
            recipient_id=mailbox_id,
            subject_id=fact.factor_id,
            locale=person.language,
            now=now,
        )


OWN: dict[type[Fact], tuple[Handler, ...]] = {
    SignInCodeIssued: (mail_sign_in_code,),
    FactorSetUp: (mail_factor_set_up,),
}


def merged(*tables: dict[type[Fact], tuple[Handler, ...]]) -> dict[type[Fact], tuple[Handler, ...]]:
    """One table of several: a fact that stands in more than one has the handlers of all."""
    whole: dict[type[Fact], tuple[Handler, ...]] = {}
    for table in tables:
        for fact, handlers in table.items():
            whole[fact] = (*whole.get(fact, ()), *handlers)
    return whole


SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = merged(
    OWN,
    APPLICATION_SUBSCRIPTIONS,
    REGISTRATION_SUBSCRIPTIONS,
    PROTECTION_SUBSCRIPTIONS,
    OFFER_SUBSCRIPTIONS,
    PROFILE_SUBSCRIPTIONS,
    DIRECTORY_SUBSCRIPTIONS,
    CONSENT_SUBSCRIPTIONS,
    SEAT_SUBSCRIPTIONS,
    CASE_CONSENTS,
    EXCHANGE_SUBSCRIPTIONS,
    PRACTICE_SUBSCRIPTIONS,
)

FOR_THE_RECORD: frozenset[type[Fact]] = APPLICATION_RECORD | SEAT_RECORD | PROFILE_RECORD
"""Facts that nothing follows from yet; named here so that none is forgotten by accident."""
