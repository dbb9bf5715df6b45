"""What consents, papers and hand-overs say of cases: what waits, how it is called, what hangs on a seat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.languages import _, _l
from network.accounts.desk import HANDED_OVER, HandedOver, Task
from network.consents.models import ConsentKind
from network.consents.subjects import (
    PUBLISHED_AS,
    SUBJECTS,
    WAITING_FOR_CONSENT,
    Subject,
    Waiting,
)
from network.exchanges import listing, words
from network.exchanges.forms_case import SUMMARY
from network.exchanges.models import Exchange, Party
from network.exchanges.models_case import Agreement, Bid, Report
from network.exchanges.rules import WRITING_ROLES
from network.exchanges.views.page import pages
from network.exchanges.waiting import Waits, waiting
from network.seats.models import Role, Seat
from network.seats.queries import state_of

UNTIMED = frozenset({ConsentKind.BID, ConsentKind.OUTCOME})
"""Consents that no clock of the case waits for."""

CALLED: dict[str, Any] = {
    "exchange": _l("the request %(case)s"),
    "bid": _l("the bid for %(case)s"),
    "agreement": _l("the terms of %(case)s"),
    "report": _l("your State’s report on %(case)s"),
    "party": _l("the parties of %(case)s"),
}
"""A subject of consent in a sentence, by its kind."""

CASES = {
    "exchange": lambda subject_id: select(Exchange).where(Exchange.text_id == subject_id),
    "bid": lambda subject_id: (
        select(Exchange).join(Bid, Bid.exchange_id == Exchange.id).where(Bid.text_id == subject_id)
    ),
    "agreement": lambda subject_id: (
        select(Exchange)
        .join(Agreement, Agreement.exchange_id == Exchange.id)
        .where(Agreement.id == subject_id)
    ),
    "report": lambda subject_id: (
        select(Exchange)
        .join(Report, Report.exchange_id == Exchange.id)
        .where(Report.text_id == subject_id)
    ),
    "party": lambda subject_id: (
        select(Exchange).join(Party, Party.exchange_id == Exchange.id).where(Party.id == subject_id)
    ),
}
"""The case that a subject belongs to."""


@pages.record_once
def _tell_consents(_state: BlueprintSetupState) -> None:
    if to_consent in WAITING_FOR_CONSENT:
        return
    WAITING_FOR_CONSENT.append(to_consent)
    HANDED_OVER.append(handed_over)
    PUBLISHED_AS[SUMMARY] = lambda: _("The summary of the report")
    for kind in CASES:
        SUBJECTS[kind] = _teller(kind)


def called(exchange: Exchange, kind: ConsentKind | None, subject_kind: str) -> str:
    """What is consented to, in a sentence."""
    quoted = words.quoted(exchange)
    if kind is ConsentKind.SELECTION:
        return _("the choice of partner for %(case)s", case=quoted)
    if subject_kind == "exchange" and exchange.is_confidential:
        return _("the %(case)s", case=quoted)
    return str(CALLED[subject_kind]) % {"case": quoted}


def to_consent(session: Session, state_id: UUID, now: datetime) -> list[Waiting]:
    """All that cases ask a State's consent for, with the page where it is given."""
    found = waiting(session, state_id, now)
    names = listing.state_names(
        session, [one.want.partner_id for one in found if one.want.partner_id]
    )
    return [_waiting(one, names) for one in found]


def _waiting(one: Waits, names: Mapping[UUID, Mapping[str, str]]) -> Waiting:
    exchange, want = one.exchange, one.want
    return Waiting(
        kind=want.kind,
        subject_kind=want.subject_kind,
        subject_id=want.subject_id,
        title=called(exchange, want.kind, want.subject_kind),
        href=url_for(
            "exchanges.consent",
            exchange_id=exchange.id,
            kind=want.kind.value,
            subject_id=want.subject_id,
        ),
        partner_id=want.partner_id,
        partner=words.state_name(want.partner_id, names) if want.partner_id else "",
        publish=(SUMMARY,) if want.kind is ConsentKind.OUTCOME else (),
        due=None if want.kind in UNTIMED else exchange.due_at,
    )


def _teller(subject_kind: str) -> Any:
    def told(session: Session, subject_id: UUID) -> Subject | None:
        exchange = session.scalar(CASES[subject_kind](subject_id))
        if exchange is None:
            return None
        sentence = called(exchange, None, subject_kind)
        return Subject(
            title=sentence[:1].upper() + sentence[1:],
            href=url_for("exchanges.case", exchange_id=exchange.id),
            held_at=exchange.ends_at,
        )

    return told


def handed_over(session: Session, seat: Seat, _now: datetime) -> list[HandedOver]:
    """The open cases that hang on a seat: its State's, or for the helpdesk those that wait for it."""
    state_id = state_of(session, seat)
    if state_id is None or seat.role not in WRITING_ROLES | {Role.AUTHORISING}:
        return []
    found = listing.cases_of(session, seat=seat, only_open=True, most=MOST)
    return [
        HandedOver(
            title=_("Cases under way"),
            lines=[_line(exchange) for exchange in found.rows],
            empty=_("Your State has no case under way."),
        )
    ]


MOST = 100
"""How many cases the page lists; the list of cases has them all."""


def _line(exchange: Exchange) -> Task:
    return Task(
        verb=str(words.STATES[exchange.state]),
        object=words.neutral_name(exchange),
        href=url_for("exchanges.case", exchange_id=exchange.id),
        due=exchange.due_at,
    )
