"""The page of one case, for every side of it, with its moves and its thread."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import NotVisible, Refused
from core.languages import _, localized
from core.web.access import access
from core.web.filters import serves
from network.accounts.access import by, seat
from network.applications.queries import is_member
from network.exchanges import lines, rules, service, words
from network.exchanges.attaching import ADDS
from network.exchanges.forms import MessageForm, MoveForm
from network.exchanges.models_case import CaseEntry
from network.exchanges.people import Voices, voices
from network.exchanges.queries import Case, Side
from network.exchanges.states import ExchangeState, Mover
from network.exchanges.turns import Stand, turn_of
from network.exchanges.views import progress
from network.exchanges.views.page import (
    READS,
    Names,
    acting,
    case_here,
    pages,
    reader_zone,
    shared,
)
from network.exchanges.views.trying import attempt, handed_back
from network.exchanges.waiting import waiting
from network.seats.models import Role
from network.taxonomy.queries import themes

S = ExchangeState
FOLDED_AFTER = 8


@pages.get("/<uuid:exchange_id>")
@access(seat(*READS))
def case(exchange_id: UUID) -> ResponseReturnValue:
    """One case as the seat one acts in may read it."""
    return _page(case_here(exchange_id))


@pages.post("/<uuid:exchange_id>/moves")
@access(seat(*READS))
def move(exchange_id: UUID) -> ResponseReturnValue:
    """Move the case to another state, with a reason where one is given."""
    form = MoveForm()
    known = case_here(exchange_id)
    to = _state(form.to.data)
    if to is None:
        raise NotVisible(_("There is no such move."))
    if not form.validate_on_submit():
        return _page(known, failed=form), 422
    status = attempt(
        form,
        lambda: service.move(
            db.session(),
            exchange_id=exchange_id,
            to=to,
            by=by(),
            now=clock.now(),
            reason=form.reason.data or "",
        ),
    )
    if status:
        return _page(case_here(exchange_id), failed=form), status
    flash(_("Done: %(state)s.", state=words.STATES[to]), "good")
    if to is S.WITHDRAWN:
        return redirect(url_for(".cases"), 303)
    return redirect(url_for(".case", exchange_id=exchange_id), 303)


def _state(word: str | None) -> ExchangeState | None:
    try:
        return ExchangeState(word or "")
    except ValueError:
        return None


@pages.get("/<uuid:exchange_id>/withdraw")
@access(seat(*READS))
def withdraw_page(exchange_id: UUID) -> ResponseReturnValue:
    """Ask before a request is withdrawn, or a draft dropped."""
    known = case_here(exchange_id)
    exchange = known.exchange
    if exchange is None or S.WITHDRAWN not in service.allowed_moves(exchange, known.stands):
        raise Refused(_("This cannot be withdrawn by you now."), code="not-now")
    return render_template(
        "exchanges/withdraw.html",
        **shared(known),
        is_draft=exchange.state is S.DRAFT,
        form=MoveForm(formdata=None),
    )


@pages.post("/<uuid:exchange_id>/messages")
@access(seat(*READS))
def write(exchange_id: UUID) -> ResponseReturnValue:
    """Write in the thread."""
    form = MessageForm()
    try:
        known = case_here(exchange_id)
    except NotVisible as refusal:
        return handed_back(refusal, form.text.data)
    if not form.validate_on_submit():
        return _page(known, message=form), 422
    status = attempt(
        form,
        lambda: service.write_message(
            db.session(),
            exchange_id=exchange_id,
            text=form.text.data or "",
            by=by(),
            now=clock.now(),
            to_partner=bool(form.to_partner.data),
        ),
    )
    if status:
        return _page(case_here(exchange_id), message=form), status
    flash(_("Written. Those who read this thread are told."), "good")
    return redirect(url_for(".case", exchange_id=exchange_id, _anchor="thread"), 303)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the timeline as it is shown."""

    when: str
    iso: str
    text: str
    who: str
    reason: str


def lines_of(case: Case, name: Names, who: Voices, zone: str) -> list[Line]:
    """The timeline in the reader's language and zone. What the thread says is not said twice."""
    said = {message.text for message in case.thread}
    return [_line(entry, name, who, zone, said) for entry in case.timeline]


def _line(entry: CaseEntry, name: Names, who: Voices, zone: str, said: set[str]) -> Line:
    return Line(
        when=words.at(entry.at, zone),
        iso=entry.at.isoformat(),
        text=lines.sentence(entry, name(entry.state_id)),
        who=who(entry),
        reason="" if entry.text in said else entry.text,
    )


def _page(case: Case, *, failed: MoveForm | None = None, message: MessageForm | None = None) -> str:
    now, mine = clock.now(), acting()
    more = shared(case)
    who = voices(db.session(), [*case.timeline, *case.thread])
    stand = progress.stand_of(case, mine.role, now)
    asked = _asked(case, mine.id, mine.role)
    moves = progress.moves_of(case, stand, failed)
    return render_template(
        "exchanges/case.html",
        **more,
        path=progress.path_of(case, more["name"]),
        next=progress.next_of(case, stand, asked.values()),
        asked=asked,
        is_due=_is_theirs(case, stand, asked),
        waits_for=progress.waits_for(case),
        lines=lines_of(case, more["name"], who, reader_zone()),
        folded_after=FOLDED_AFTER,
        who=who,
        moves=[one for one in moves if one.to is not S.WITHDRAWN],
        may_withdraw=any(one.to is S.WITHDRAWN for one in moves),
        failed=failed if failed is not None and failed.problems() else None,
        is_offered=failed is not None and any(one.form is failed for one in moves),
        message=message or MessageForm(formdata=None),
        may_write=bool(case.is_inside and case.stands.movers),
        may_add=bool(case.is_inside and case.stands.movers & ADDS),
        may_bid=_may_bid(case),
        has_partner=_has_partner(case),
        themes={theme.key: localized(theme.names) for theme in themes(db.session())},
        missing=_missing(case),
    )


def _asked(case: Case, seat_id: UUID, role: Role) -> dict[UUID, str]:
    """The consents that are asked of this seat in this case: subject to the page that gives them."""
    state_id = case.stands.state_id
    if role is not Role.AUTHORISING or state_id is None or not serves("exchanges.consent"):
        return {}
    found = waiting(db.session(), state_id, clock.now(), seat_id=seat_id, exchange_id=case.id)
    return {
        one.want.subject_id: url_for(
            "exchanges.consent",
            exchange_id=case.id,
            kind=one.want.kind.value,
            subject_id=one.want.subject_id,
        )
        for one in found
        if not one.has_spoken
    }


def _is_theirs(case: Case, stand: Stand, asked: dict[UUID, str]) -> bool:
    """Whether the clock that runs is the reader's own."""
    return bool(asked) or (case.is_inside and turn_of(stand) is not None)


def _may_bid(case: Case) -> bool:
    is_open = case.side is Side.MEMBER and case.circulated.state is S.CIRCULATED
    return is_open and case.stands.role in rules.WRITING_ROLES and _is_member(case)


def _is_member(case: Case) -> bool:
    return is_member(db.session(), case.stands.state_id, clock.now())


def _has_partner(case: Case) -> bool:
    """Whether there is a partner who could read a message."""
    exchange = case.exchange
    return exchange is not None and any(
        party.role.value == "provider" and party.left_at is None for party in exchange.parties
    )


def _missing(case: Case) -> int:
    """How many things a draft still needs."""
    exchange = case.exchange
    is_own = exchange is not None and exchange.state is S.DRAFT
    if exchange is None or not is_own or Mover.REQUESTER not in case.stands.movers:
        return 0
    return len(rules.missing(exchange, clock.now().date()))
