"""What came of it: each side's short report under its State's consent, and one question later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.context import Actor
from core.errors import Conflict, Invalid, MoveRefused, NotAllowed
from core.languages import _
from network.exchanges import consenting, progress, rules
from network.exchanges.models import Exchange, PartyRole
from network.exchanges.models_case import Audience, Change, FollowUp, Report, ReportState
from network.exchanges.moving import Act, locked, note, standpoint
from network.exchanges.rules import WRITING_ROLES, Speaker
from network.exchanges.states import ExchangeState

S = ExchangeState
MOST_DAYS = 999
REPORTING = frozenset({PartyRole.REQUESTER, PartyRole.PROVIDER})


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A short report. `summary` is the part that may be published, if both States agree."""

    learned: str = ""
    decision: str = ""
    evidence_url: str = ""
    days: int | None = None
    costs: str = ""
    would_repeat: bool | None = None
    summary: str = ""


def save_report(
    session: Session, *, exchange_id: UUID, learned: Learned, by: Actor, now: datetime
) -> Report:
    """Save one's side's report as a draft. Changed words need the State's consent anew."""
    exchange, stands = _side(session, exchange_id, by, now)
    if learned.days is not None and not 0 <= learned.days <= MOST_DAYS:
        raise Invalid({"days": _("Give a whole number of days.")})
    if learned.evidence_url and not learned.evidence_url.startswith(("https://", "http://")):
        raise Invalid({"evidence_url": _("A link begins with https://.")})
    report = _report(session, exchange, stands, now)
    if report.state in {ReportState.GIVEN, ReportState.WAIVED}:
        raise Conflict(_("This report was given. It stands as it is."))
    for name in ("learned", "decision", "evidence_url", "days", "costs", "would_repeat", "summary"):
        setattr(report, name, getattr(learned, name))
    report.seat_id, report.changed_at = stands.seat_id, now
    report.state, report.text_id = ReportState.DRAFT, uuid4()
    session.flush()
    return report


def hand_in_report(session: Session, *, exchange_id: UUID, by: Actor, now: datetime) -> Report:
    """Ask one's State for its consent; with both reports the exchange is finished."""
    exchange, stands = _side(session, exchange_id, by, now)
    report = _report(session, exchange, stands, now)
    if report.state is not ReportState.DRAFT:
        return report
    problems = missing(report)
    if problems:
        raise Invalid(problems)
    report.state = ReportState.WAITING
    session.flush()
    act = Act(by=by, now=now, state_id=stands.state_id)
    note(session, exchange, "report.handed_in", act)
    progress.ask_for(session, exchange, [consenting.for_report(report)], act)
    progress.go_on(session, exchange, act)
    return report


def missing(report: Report) -> dict[str, str]:
    """What a report still needs before its State is asked: a sentence for each field."""
    problems: dict[str, str] = {}
    if not report.learned.strip():
        problems["learned"] = _("Say what was learned.")
    if not report.decision.strip():
        problems["decision"] = _("Say what was decided: a law, a decree, a tool, or nothing yet.")
    if report.would_repeat is None:
        problems["would_repeat"] = _("Say yes or no.")
    return problems


def waive_report(
    session: Session, *, exchange_id: UUID, state_id: UUID, reason: str, by: Actor, now: datetime
) -> Report:
    """The helpdesk records that a side writes no report, and why."""
    exchange = locked(session, exchange_id)
    stands = standpoint(session, exchange, by, now)
    if not stands.is_desk:
        raise NotAllowed(_("Only the helpdesk may do this."))
    _check_held(exchange)
    if state_id not in progress.reporting_states(session, exchange):
        raise NotAllowed(_("This State writes no report here."))
    if not reason.strip():
        raise Invalid({"reason": _("Say it in a sentence: others read it.")})
    report = _own(session, exchange, state_id)
    if report is None:
        report = Report(exchange_id=exchange.id, state_id=state_id, changed_at=now)
        session.add(report)
    if report.state is ReportState.GIVEN:
        raise Conflict(_("This report was given. It stands as it is."))
    report.waiver, report.state = reason.strip(), ReportState.WAIVED
    report.changed_at = now
    session.flush()
    act = Act(by=by, now=now, reason=reason, state_id=state_id)
    note(session, exchange, "report.waived", act)
    progress.go_on(session, exchange, act)
    return report


def answer_follow_up(
    session: Session,
    *,
    exchange_id: UUID,
    change: Change,
    text: str,
    by: Actor,
    now: datetime,
) -> FollowUp:
    """Answer, once, the one question what has changed."""
    exchange = locked(session, exchange_id)
    stands = _speaker(session, exchange, by, now)
    if exchange.state is not S.FOLLOW_UP:
        raise MoveRefused(_("Nothing is asked now."), code="not-asked")
    known = session.scalar(
        select(FollowUp).where(
            FollowUp.exchange_id == exchange.id, FollowUp.state_id == stands.state_id
        )
    )
    if known is not None:
        raise Conflict(_("Your side has answered already."))
    if change in {Change.YES, Change.PARTLY} and not text.strip():
        raise Invalid({"text": _("Say in a sentence what has changed.")})
    answer = FollowUp(
        exchange_id=exchange.id,
        state_id=stands.state_id,
        seat_id=stands.seat_id,
        change=change,
        text=text.strip(),
        at=now,
    )
    session.add(answer)
    session.flush()
    act = Act(by=by, now=now, state_id=stands.state_id)
    note(session, exchange, "follow_up.answered", act, audience=Audience.PARTIES)
    progress.go_on(session, exchange, act)
    return answer


def _side(
    session: Session, exchange_id: UUID, by: Actor, now: datetime
) -> tuple[Exchange, Speaker]:
    exchange = locked(session, exchange_id)
    stands = _speaker(session, exchange, by, now)
    _check_held(exchange)
    return exchange, stands


def _speaker(session: Session, exchange: Exchange, by: Actor, now: datetime) -> Speaker:
    refusal = NotAllowed(_("Only the two sides of an exchange may do this."))
    stands = rules.speaking(standpoint(session, exchange, by, now), refusal)
    if stands.party not in REPORTING or stands.role not in WRITING_ROLES:
        raise refusal
    return stands


def _check_held(exchange: Exchange) -> None:
    if exchange.state is not S.HELD:
        raise MoveRefused(_("Reports are written once it was held."), code="not-held")


def _own(session: Session, exchange: Exchange, state_id: UUID) -> Report | None:
    return session.scalar(
        select(Report)
        .where(Report.exchange_id == exchange.id, Report.state_id == state_id)
        .with_for_update()
    )


def _report(session: Session, exchange: Exchange, stands: Speaker, now: datetime) -> Report:
    report = _own(session, exchange, stands.state_id)
    if report is None:
        report = Report(exchange_id=exchange.id, state_id=stands.state_id, changed_at=now)
        session.add(report)
        session.flush()
    return report
