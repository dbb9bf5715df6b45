"""Verbs of practices: drafting one out of a finished exchange, changing its words."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from core import audit
from core.context import Actor
from core.errors import Conflict, NotAllowed, NotVisible
from core.languages import _
from network.accounts.models import Person
from network.exchanges import consenting
from network.exchanges.models import Exchange, PartyRole
from network.exchanges.models_case import Report, ReportState
from network.practices import queries, rules
from network.practices.models import TEXT_MOST, TEXTS, Practice, PracticeOf
from network.practices.states import PracticeState
from network.seats.queries import holder_of, holding_of

KEY_BYTES = 5
SIDES = (PartyRole.REQUESTER, PartyRole.PROVIDER)


@dataclass(frozen=True, kw_only=True)
class Words:
    """The texts of a practice in one language, and what it is about."""

    title: str
    problem: str = ""
    what_was_done: str = ""
    result: str = ""
    conditions: str = ""
    what_did_not_work: str = ""
    themes: Sequence[str] = ()
    capacities: Sequence[str] = ()


def draft_from(session: Session, *, exchange_id: UUID, by: Actor, now: datetime) -> Practice:
    """The practice draft of a finished exchange: made once, out of its terms and both reports."""
    exchange = session.get_one(Exchange, exchange_id)
    made = session.scalar(
        insert(Practice)
        .values(
            id=uuid4(),
            key=secrets.token_hex(KEY_BYTES),
            exchange_id=exchange.id,
            state=PracticeState.DRAFT,
            state_since=now,
            made_at=now,
            changed_at=now,
            text_id=uuid4(),
            revision=1,
            themes=list(exchange.themes),
            capacities=list(exchange.capacities),
            bodies=[],
            **_first_words(session, exchange),
        )
        .on_conflict_do_nothing(index_elements=["exchange_id"])
        .returning(Practice.id)
    )
    if made is not None:
        found = consenting.state_parties(session, exchange.id, *SIDES)
        parties = sorted(found, key=lambda party: SIDES.index(party.role))
        session.add_all(
            PracticeOf(practice_id=made, state_id=party.body_id, position=position)
            for position, party in enumerate(parties)
        )
        session.flush()
        _note(session, "practice.drafted", made, by, now)
    return session.scalars(select(Practice).where(Practice.exchange_id == exchange.id)).one()


def _first_words(session: Session, exchange: Exchange) -> dict[str, dict[str, str]]:
    """What both sides have written already, each under the language of whoever wrote it."""
    agreement = consenting.newest_agreement(session, exchange.id)
    reports = session.scalars(
        select(Report)
        .where(Report.exchange_id == exchange.id, Report.state == ReportState.GIVEN)
        .order_by(Report.given_at, Report.id)
    ).all()
    asked = _language(session, exchange.seat_id, exchange.made_at)
    agreed = _language(session, agreement.seat_id, agreement.made_at) if agreement else asked
    results: dict[str, str] = {}
    conditions: dict[str, str] = {}
    for report in reports:
        spoken = _language(session, report.seat_id, report.changed_at)
        told = _joined([report.summary, report.learned, report.decision, report.evidence_url])
        results[spoken] = _joined([results.get(spoken, ""), told])
        conditions[spoken] = _joined([conditions.get(spoken, ""), report.costs])
    return {
        "title": {asked: exchange.title},
        "problem": {asked: _joined([exchange.need, exchange.what_exists])},
        "what_was_done": {agreed: agreement.activities} if agreement else {},
        "result": results,
        "conditions": {spoken: text for spoken, text in conditions.items() if text},
        "what_did_not_work": {},
    }


def _joined(texts: Iterable[str]) -> str:
    """Paragraphs, each once."""
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))[:TEXT_MOST]


def _language(session: Session, seat_id: UUID | None, at: datetime) -> str:
    """The language of whoever held a seat then."""
    holder = holder_of(session, seat_id, at) if seat_id else None
    person = session.get(Person, holder.person_id) if holder else None
    return person.language if person else "en"


def revise(
    session: Session,
    *,
    practice_id: UUID,
    language: str,
    words: Words,
    revision: int,
    by: Actor,
    now: datetime,
) -> Practice:
    """Save the draft's words in one language. Changed words need the States' consent anew.

    Raises NotVisible, NotAllowed, Invalid, or Conflict where somebody else has saved meanwhile.
    """
    practice = _locked(session, practice_id)
    holding = holding_of(session, by, now)
    if holding is None:
        raise NotAllowed(_("You do not hold this seat any more."))
    seat = holding.seat
    if not queries.is_read_by(session, practice, seat):
        raise NotVisible(_("There is no such practice."))
    if not queries.is_written_by(session, practice, seat):
        raise NotAllowed(_("Focal points of its States change a practice while it is a draft."))
    rules.check_words(words.title, language)
    if practice.revision != revision:
        raise Conflict(
            _("Somebody else has saved this draft meanwhile. Keep yours again to replace theirs.")
        )
    for name in TEXTS:
        known: dict[str, str] = dict(getattr(practice, name))
        known[language] = getattr(words, name).strip()
        setattr(practice, name, {code: text for code, text in known.items() if text})
    practice.themes, practice.capacities = list(words.themes), list(words.capacities)
    practice.revision += 1
    practice.text_id, practice.changed_at = uuid4(), now
    session.flush()
    _note(session, "practice.changed", practice.id, by, now, language=language)
    return practice


def _locked(session: Session, practice_id: UUID) -> Practice:
    found = session.scalar(
        select(Practice)
        .where(Practice.id == practice_id)
        .options(selectinload(Practice.states))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible(_("There is no such practice."))
    return found


def _note(
    session: Session, word: str, practice_id: UUID, by: Actor, now: datetime, **details: str
) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="practice",
        subject_id=practice_id,
        details=details,
    )
