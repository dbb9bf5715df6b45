"""Mails about dates and clocks: what is proposed, what is set, what is overdue.

Dates are told on the clock of whoever reads them, with its zone. Each mailbox has one calendar
entry of a case: it keeps its UID, a change raises SEQUENCE, an end takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.documents import ics
from core.languages import _, _l, clock_time, moment
from core.mail.message import Attachment
from core.web.filters import zone_name
from network.exchanges import audience
from network.exchanges.audience import ALL, FOCAL
from network.exchanges.mailing import About, Mail, News, Reader, mail, thing_of
from network.exchanges.messages import to_other_sides
from network.exchanges.models import Exchange, Notice
from network.exchanges.models_case import CaseEntry, DateProposal, ProposalState
from network.exchanges.states import EXCHANGE, ExchangeState
from network.exchanges.words import STATES, WAITS_FOR
from network.seats.models import Role

S = ExchangeState
REMINDER = "reminder"


def span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """From–to on the clock of a zone, with its name."""
    begin = moment(starts_at, zone)
    there = ZoneInfo(zone)
    is_one_day = starts_at.astimezone(there).date() == ends_at.astimezone(there).date()
    end = clock_time(ends_at, zone) if is_one_day else moment(ends_at, zone)
    return f"{begin} – {end} ({zone_name(zone)})"


def _when(dates: DateProposal, reader: Reader) -> tuple[tuple[Any, str], ...]:
    return ((_("When, on your clock"), span(dates.starts_at, dates.ends_at, reader.zone)),)


def _there(dates: DateProposal, reader: Reader) -> tuple[tuple[Any, str], ...]:
    """Where it is, and when there: not for a confidential case, since a zone tells the place."""
    there = span(dates.starts_at, dates.ends_at, dates.zone) if dates.zone != reader.zone else ""
    return ((_("When, there"), there), (_("Where"), dates.place))


def say_proposed(_session: Session, about: About, reader: Reader) -> News:
    """Dates to accept or not."""
    return News(
        title=_l("Dates are proposed"),
        said=_l("Please accept them, or say that you cannot and propose others."),
        facts=_when(about.thing, reader),
        open_facts=_there(about.thing, reader),
        action=_l("Answer"),
        path=f"/exchanges/{about.exchange.id}/dates",
    )


def to_proposer(session: Session, about: About, now: datetime) -> list[UUID]:
    """The focal points of the State that proposed."""
    return audience.seats(session, [about.thing.state_id], FOCAL, now)


def say_declined(_session: Session, about: About, reader: Reader) -> News:
    """The other side cannot."""
    return News(
        title=_l("The other side cannot on these dates"),
        said=_l("Propose others when you can. If a reason was given, it stands in the case."),
        facts=_when(about.thing, reader),
        action=_l("Propose other dates"),
        path=f"/exchanges/{about.exchange.id}/dates",
    )


def to_both(session: Session, about: About, now: datetime) -> list[UUID]:
    """All seats of both sides."""
    states = [
        *audience.requesters(session, about.exchange),
        *audience.providers(session, about.exchange),
    ]
    return audience.seats(session, states, ALL, now)


def do_hold(session: Session, about: About) -> bool:
    """Whether these dates are the ones that hold."""
    newest = audience.last_dates(session, about.exchange.id)
    return (
        about.exchange.starts_at is not None and newest is not None and newest.id == about.thing.id
    )


def say_set(session: Session, about: About, reader: Reader) -> News:
    """The dates, with an invitation for the calendar."""
    were_moved = exists().where(
        CaseEntry.exchange_id == about.exchange.id,
        CaseEntry.word == "dates.moved",
        CaseEntry.at == about.thing.answered_at,
    )
    is_new = not session.scalar(select(were_moved))
    return News(
        title=_l("The dates are set") if is_new else _l("The dates have changed"),
        said=_l(
            "Both sides have accepted them. The invitation attached puts them into your calendar, or moves them there."
        ),
        facts=_when(about.thing, reader),
        open_facts=_there(about.thing, reader),
        attachments=(_entry(about, reader, ics.Method.REQUEST),),
    )


OFF: Mapping[S, Any] = {
    S.WITHDRAWN: _l("The exchange was withdrawn."),
    S.CIRCULATED: _l("The request goes to the members again."),
    S.AGREED: _l("The agreement stands; other dates can be proposed."),
    S.EXPIRED: _l("The case has ended."),
}


def to_freed(session: Session, about: About, now: datetime) -> list[UUID]:
    """All who had these dates in their calendars, but for sides that have other dates by now."""
    asking = audience.requesters(session, about.exchange)
    then = [*asking, *audience.providers_then(session, about.exchange, about.thing.answered_at)]
    if about.exchange.starts_at is not None:
        here = {*asking, *audience.providers(session, about.exchange)}
        then = [state_id for state_id in then if state_id not in here]
    return audience.seats(session, then, ALL, now)


def say_off(_session: Session, about: About, reader: Reader) -> News:
    """The dates no longer hold; the calendar entry is taken back."""
    why = str(OFF.get(about.exchange.state, ""))
    rest = _("The entry attached takes the dates out of your calendar.")
    return News(
        title=_l("The agreed dates no longer hold"),
        said=f"{why} {rest}".strip(),
        facts=_when(about.thing, reader),
        attachments=(_entry(about, reader, ics.Method.CANCEL),),
    )


def _entry(about: About, reader: Reader, method: ics.Method) -> Attachment:
    exchange, dates = about.exchange, about.thing
    link = f"{reader.house.public_url}/exchanges/{exchange.id}"
    hides = exchange.is_confidential
    entry = ics.Entry(
        uid=ics.stable_uid(exchange.id, reader.mailbox.id),
        sequence=exchange.sequence,
        stamp=reader.now,
        starts=dates.starts_at,
        ends=dates.ends_at,
        zone=reader.zone if hides else dates.zone,
        summary=_called(exchange),
        description=link,
        place="" if hides else dates.place,
        url=link,
        organiser=("Relais", parseaddr(reader.house.mail_from)[1]),
        attendee=("", reader.mailbox.address),
    )
    return Attachment(
        name=f"{_('invitation')}.ics",
        mime=ics.MEDIA_TYPE,
        body=ics.calendar(entry, method=method),
        params={"method": method.value},
    )


def _called(exchange: Exchange) -> str:
    if exchange.is_confidential:
        return _("Peer exchange %(reference)s", reference=exchange.reference)
    return _("Peer exchange: %(title)s", title=exchange.title)


def level_of(about: About) -> str:
    """Whom a notice of this turn is for: the owner of the state, or one of the levels above."""
    step = EXCHANGE.steps[about.exchange.state]
    if about.thing.word == REMINDER:
        return step.owner
    number = int(about.thing.word.removeprefix("level-")) - 1
    return step.levels[number].to


def is_same_turn(_session: Session, about: About) -> bool:
    """Whether the case still stands where the notice found it, with its clock running."""
    return about.thing.turn == about.exchange.turn and about.exchange.due_at is not None


def to_owners(session: Session, about: About, now: datetime) -> list[UUID]:
    """Who has to do what is due."""
    return audience.owners(session, about.exchange, now)


def to_level(session: Session, about: About, now: datetime) -> list[UUID]:
    """The helpdesk, or the secretariat."""
    return audience.desk(session, Role(level_of(about)), now)


REMINDS: Mapping[S, tuple[Any, Any]] = {
    S.SUBMITTED: (
        _l("A request still waits for the helpdesk"),
        _l("Please look at it: ask, answer it directly, or ask the capital for its consent."),
    ),
    S.CLARIFICATION: (
        _l("The helpdesk still waits for your answer"),
        _l("Your request goes on once its question is answered."),
    ),
    S.CONFIRMATION: (
        _l("A request still waits for your State’s consent"),
        _l("Without it the request does not go to the members. A no is an answer too."),
    ),
    S.CIRCULATED: (
        _l("The time for bids ends soon"),
        _l("Members can offer help until then. After that you choose among the bids there are."),
    ),
    S.CHOOSING: (
        _l("The bids still wait for your choice"),
        _l("Those who offered help wait for an answer. Choose one, or say that none of them fits."),
    ),
    S.SELECTED: (
        _l("The terms still wait for your State’s consent"),
        _l("Without it the selection is let go, and the other side chooses again."),
    ),
    S.AGREED: (
        _l("The exchange still has no dates"),
        _l("Propose dates, or answer those that the other side has proposed."),
    ),
    S.HELD: (
        _l("The short report is still wanting"),
        _l("It is written by the focal point, and counts once an authorising officer consents."),
    ),
    S.FOLLOW_UP: (
        _l("One question is still open: what has changed?"),
        _l("A sentence is enough. After the date below the case is closed without it."),
    ),
}


def say_reminder(_session: Session, about: About, reader: Reader) -> News:
    """What is due, and since when it waits."""
    title, said = REMINDS[about.exchange.state]
    return News(
        title=title,
        said=said,
        facts=((_("Waits since"), reader.at(about.exchange.state_since)),),
        until=about.exchange.due_at,
    )


def say_overdue(_session: Session, about: About, reader: Reader) -> News:
    """A case that waits beyond its time, for those who can help it on."""
    exchange = about.exchange
    return News(
        title=_l("A case waits beyond its time"),
        said=WAITS_FOR[exchange.state],
        facts=(
            (_("Where it stands"), str(STATES[exchange.state])),
            (_("Waits since"), reader.at(exchange.state_since)),
            (_("Was due"), reader.at(exchange.due_at)),
        ),
    )


_proposal = thing_of(DateProposal)
_notice = thing_of(Notice)
mail(
    "dates_proposed",
    Mail(
        finds=_proposal,
        to=to_other_sides,
        says=say_proposed,
        is_still=lambda _session, about: about.thing.state is ProposalState.OPEN,
    ),
)
mail("dates_declined", Mail(finds=_proposal, to=to_proposer, says=say_declined))
mail("dates_set", Mail(finds=_proposal, to=to_both, says=say_set, is_still=do_hold))
mail("dates_off", Mail(finds=_proposal, to=to_freed, says=say_off))
mail(
    "case_reminder",
    Mail(finds=_notice, to=to_owners, says=say_reminder, is_still=is_same_turn),
)
mail("case_overdue", Mail(finds=_notice, to=to_level, says=say_overdue, is_still=is_same_turn))
