"""Mails to applicants, and to those who let an application wait."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core import codes, tokens
from core.house import House
from core.mail.message import Message, Order, builder
from core.mail.render import compose
from network.accounts.models import Mailbox
from network.accounts.queries import is_read
from network.applications import queries
from network.applications.models import Application
from network.applications.service import CONFIRM_PURPOSE, LINK_PURPOSE
from network.applications.states import OPEN, ApplicationState

S = ApplicationState
EVERY_STATE = frozenset(S) - {S.UNCONFIRMED, S.LAPSED}


def link_of(house: House, application: Application, *, purpose: str = LINK_PURPOSE) -> str:
    """The personal link as it stands in a mail."""
    path = "jc" if purpose == CONFIRM_PURPOSE else "j"
    return tokens.address(house, path, application, purpose=purpose)


def _context(application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "applicant": queries.applicant_name(application, application.language),
    }


def _found(session: Session, application_id: UUID | None) -> Application | None:
    """The application, if there is somebody to write to."""
    if application_id is None:
        return None
    application = queries.own(session, application_id)
    return application if application.address else None


@builder("application_code")
def application_code(session: Session, order: Order, house: House, now: datetime) -> Message | None:
    """The code that confirms the mailbox, and a link to a button that does the same."""
    application = _found(session, order.recipient_id)
    if application is None or application.state is not S.UNCONFIRMED:
        return None
    code = codes.open_sealed(session, order.subject_id, key=house.mail_key, now=now)
    if code is None:
        return None
    message = compose(
        "application_code",
        to=application.address,
        language=application.language,
        code=code.digits,
        hours=codes.HOURS_VALID,
        link=link_of(house, application, purpose=CONFIRM_PURPOSE),
        **_context(application),
    )
    return dataclasses.replace(message, after_sending=code.erase)


def _news(name: str, *, states: frozenset[ApplicationState]) -> None:
    """Register a mail that tells where an application stands, as long as it still stands there."""

    @builder(name)
    def write(session: Session, order: Order, house: House, _now: datetime) -> Message | None:
        application = _found(session, order.recipient_id)
        if application is None or application.state not in states:
            return None
        return compose(
            name,
            to=application.address,
            language=application.language,
            link=link_of(house, application),
            sign_in=f"{house.public_url}/sign-in",
            asked=queries.open_question(session, application.id),
            **_context(application),
        )


_news("application_received", states=frozenset(OPEN))
_news("application_question", states=frozenset({S.QUESTION}))
_news("application_reminder", states=frozenset({S.QUESTION}))
_news("application_admitted", states=frozenset({S.ADMITTED}))
_news("application_refused", states=frozenset({S.REFUSED}))
_news("application_link", states=EVERY_STATE)


@builder("application_overdue")
def application_overdue(
    session: Session, order: Order, house: House, now: datetime
) -> Message | None:
    """Word to seats that an application still waits. Who applies is said on the site alone."""
    mailbox = session.get(Mailbox, order.recipient_id)
    if mailbox is None or order.subject_id is None or not is_read(session, mailbox.id, now):
        return None
    application = queries.own(session, order.subject_id)
    if application.state not in OPEN:
        return None
    return compose(
        "application_overdue",
        to=mailbox.address,
        language=order.locale,
        application=application,
        link=f"{house.public_url}/applications/{application.id}",
    )
