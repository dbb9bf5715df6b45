"""Dates: proposed on one's own clock, answered by the other side, moved, and put in a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock, files
from core.db import db
from core.documents import ics
from core.errors import Invalid, NotVisible
from core.languages import _
from core.web.access import access
from core.web.filters import zone_name
from core.web.forms import option
from network.accounts.access import by, seat
from network.accounts.models import Person
from network.exchanges import meeting, words
from network.exchanges.forms_case import AnswerForm, DatesForm
from network.exchanges.models import PartyRole
from network.exchanges.models_case import DateProposal
from network.exchanges.queries import Case, Side
from network.exchanges.states import ExchangeState
from network.exchanges.views.page import (
    READS,
    WRITES,
    case_here,
    check_pressed,
    pages,
    reader_zone,
    shared,
)
from network.exchanges.views.trying import attempt
from network.seats.models import Role
from network.seats.queries import seats_of_state

S = ExchangeState
AREAS = frozenset(
    {
        *("Africa", "America", "Antarctica", "Asia", "Atlantic"),
        *("Australia", "Europe", "Indian", "Pacific"),
    }
)
NIGHT_FROM, NIGHT_UNTIL = time(22), time(7)
TWO_SIDES = frozenset({Side.REQUESTER, Side.PROVIDER})
FIELDS = {"starts_at": "starts_on", "ends_at": "ends_on"}
"""Where the form shows what the verb says of a moment."""


@dataclass(frozen=True, kw_only=True)
class Local:
    """One clock on which proposed hours are read."""

    who: str
    zone: str
    starts_at: datetime
    ends_at: datetime

    @property
    def is_night(self) -> bool:
        """Whether people would be up between ten in the evening and seven in the morning."""
        return any(_at_night(one, self.zone) for one in self._moments())

    def _moments(self) -> tuple[datetime, datetime]:
        return self.starts_at, self.ends_at - timedelta(minutes=1)


def _at_night(moment: datetime, zone: str) -> bool:
    there = moment.astimezone(ZoneInfo(zone)).time()
    return there >= NIGHT_FROM or there < NIGHT_UNTIL


@pages.get("/<uuid:exchange_id>/dates")
@access(seat(*READS))
def dates(exchange_id: UUID) -> ResponseReturnValue:
    """What is agreed and what is proposed, on every clock it matters on."""
    case = _inside(exchange_id)
    form = DatesForm(formdata=None, data=_prefilled(case))
    return _page(case, form, AnswerForm(formdata=None, prefix="answer-"))


@pages.post("/<uuid:exchange_id>/dates")
@access(seat(*WRITES))
def propose_dates(exchange_id: UUID) -> ResponseReturnValue:
    """Propose dates, first ones or others."""
    case = _inside(exchange_id)
    form = DatesForm()
    answer = AnswerForm(formdata=None, prefix="answer-")
    _fill_zones(form, case)
    if not form.validate_on_submit():
        return _page(case, form, answer), 422
    status = attempt(form, lambda: _propose(exchange_id, form))
    if status:
        return _page(_inside(exchange_id), form, answer), status
    flash(_("Proposed. The other side is asked."), "good")
    return redirect(url_for(".dates", exchange_id=exchange_id), 303)


def _propose(exchange_id: UUID, form: DatesForm) -> None:
    try:
        meeting.propose_dates(
            db.session(), exchange_id=exchange_id, dates=form.dates(), by=by(), now=clock.now()
        )
    except Invalid as refusal:
        at_fields = {FIELDS.get(name, name): said for name, said in refusal.problems.items()}
        raise Invalid(at_fields, refusal.sentence) from None


@pages.post("/<uuid:exchange_id>/dates/<uuid:proposal_id>/accept")
@access(seat(*WRITES))
def accept_dates(exchange_id: UUID, proposal_id: UUID) -> ResponseReturnValue:
    """Accept what the other side proposed."""
    check_pressed()
    _inside(exchange_id)
    form = AnswerForm(formdata=None, prefix="answer-")
    status = attempt(
        form,
        lambda: meeting.accept_dates(
            db.session(),
            exchange_id=exchange_id,
            proposal_id=proposal_id,
            by=by(),
            now=clock.now(),
        ),
    )
    if status:
        case = _inside(exchange_id)
        return _page(case, DatesForm(formdata=None, data=_prefilled(case)), form), status
    flash(_("The dates are agreed. Both sides get a calendar entry."), "good")
    return redirect(url_for(".dates", exchange_id=exchange_id), 303)


@pages.post("/<uuid:exchange_id>/dates/<uuid:proposal_id>/decline")
@access(seat(*WRITES))
def decline_dates(exchange_id: UUID, proposal_id: UUID) -> ResponseReturnValue:
    """Say that one cannot on these dates, or take one's own proposal back."""
    case = _inside(exchange_id)
    form = AnswerForm(prefix="answer-")
    is_own = case.proposal is not None and case.proposal.state_id == case.stands.state_id
    if is_own:
        check_pressed()
    elif not form.validate_on_submit():
        return _page(case, DatesForm(formdata=None, data=_prefilled(case)), form), 422
    meeting.decline_dates(
        db.session(),
        exchange_id=exchange_id,
        proposal_id=proposal_id,
        by=by(),
        now=clock.now(),
        reason="" if is_own else form.reason.data or "",
    )
    flash(_("Taken back.") if is_own else _("Said. You may propose other dates now."), "good")
    return redirect(url_for(".dates", exchange_id=exchange_id), 303)


@pages.get("/<uuid:exchange_id>/calendar.ics")
@access(seat(*READS))
def calendar(exchange_id: UUID) -> ResponseReturnValue:
    """The agreed dates for a calendar; a later one with the same UID takes its place."""
    case = _inside(exchange_id)
    exchange = case.exchange
    if exchange is None or exchange.starts_at is None or exchange.ends_at is None:
        raise NotVisible(_("No dates are agreed yet."))
    entry = ics.Entry(
        uid=ics.stable_uid(exchange.id),
        sequence=exchange.sequence,
        stamp=clock.now(),
        starts=exchange.starts_at,
        ends=exchange.ends_at,
        zone=exchange.zone,
        summary=_("Peer exchange: %(name)s", name=words.neutral_name(exchange)),
        place="" if exchange.is_confidential else exchange.place,
    )
    body = ics.calendar(entry, method=ics.Method.PUBLISH)
    answer: Response = files.download(f"{exchange.reference}.ics", ics.MEDIA_TYPE, body)
    return answer


def _inside(exchange_id: UUID) -> Case:
    """The case for the two sides and the helpdesk."""
    case = case_here(exchange_id)
    if case.side not in TWO_SIDES | {Side.HELPDESK} or case.agreement is None:
        raise NotVisible(_("There is nothing here that you may read."))
    return case


def _page(case: Case, form: DatesForm, answer: AnswerForm) -> str:
    _fill_zones(form, case)
    exchange, proposal = case.exchange, case.proposal
    page = shared(case)
    agreed = exchange is not None and exchange.starts_at is not None
    is_side = bool(case.stands.movers & meeting.SIDES)
    return render_template(
        "exchanges/dates.html",
        **page,
        form=form,
        answer=answer,
        proposal=proposal,
        proposed=_clocks(case, page["name"], proposal) if proposal else [],
        agreed=_clocks(case, page["name"], exchange) if agreed else [],
        is_own=proposal is not None and proposal.state_id == case.stands.state_id,
        may_answer=is_side and case.circulated.state in {S.AGREED, S.SCHEDULED},
        is_over=proposal is not None and proposal.starts_at <= clock.now(),
    )


def _clocks(case: Case, name: Any, dated: Any) -> list[Local]:
    """The same hours where each side lives, and in UTC."""
    found = [
        Local(
            who=name(state_id),
            zone=zone_of(state_id) or dated.zone,
            starts_at=dated.starts_at,
            ends_at=dated.ends_at,
        )
        for state_id in _sides(case)
    ]
    utc = Local(who="UTC", zone="UTC", starts_at=dated.starts_at, ends_at=dated.ends_at)
    return [*found, utc]


def _sides(case: Case) -> list[UUID]:
    if case.exchange is None:
        return []
    wanted = {PartyRole.REQUESTER, PartyRole.PROVIDER}
    return [
        party.body_id
        for party in case.exchange.parties
        if party.role in wanted and party.left_at is None and party.joined_at is not None
    ]


def zone_of(state_id: UUID) -> str | None:
    """The clock that a State's focal point lives by; None if nobody holds the seat."""
    session = db.session()
    for _seat, holder in seats_of_state(
        session, state_id, Role.FOCAL_POINT, Role.DEPUTY, now=clock.now()
    ):
        person = session.get(Person, holder.person_id) if holder else None
        if person is not None:
            return person.zone
    return None


def _prefilled(case: Case) -> dict[str, Any]:
    """What is proposed, or agreed, or nothing, on the reader's own clock."""
    known: DateProposal | Any = case.proposal
    if known is None and case.exchange is not None and case.exchange.starts_at is not None:
        known = case.exchange
    if known is None:
        return {"zone": reader_zone()}
    zone = ZoneInfo(reader_zone())
    starts, ends = known.starts_at.astimezone(zone), known.ends_at.astimezone(zone)
    return {
        "zone": reader_zone(),
        "starts_on": starts.date(),
        "starts_hour": starts.time(),
        "ends_on": ends.date(),
        "ends_hour": ends.time(),
        "place": known.place,
    }


def _fill_zones(form: DatesForm, case: Case) -> None:
    """One's own clock first, then those of both sides, then all there are."""
    if form.zone.choices:
        return
    first = [reader_zone(), *(zone_of(one) or "UTC" for one in _sides(case)), "UTC"]
    form.zone.choices = [
        option(zone, f"{zone_name(zone)} ({_offset(zone)})")
        for zone in dict.fromkeys((*first, *all_zones()))
    ]


@cache
def all_zones() -> tuple[str, ...]:
    """Every zone that is named after a place, by its name."""
    return tuple(sorted(zone for zone in available_timezones() if zone.split("/")[0] in AREAS))


def _offset(zone: str) -> str:
    ahead = clock.now().astimezone(UTC).astimezone(ZoneInfo(zone)).strftime("%z")
    return f"UTC{ahead[:3]}:{ahead[3:5]}"
