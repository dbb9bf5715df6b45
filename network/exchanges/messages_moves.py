"""Mails about where a case stands: to the side that asks, the side that gives, members, helpdesk.

What a move tells to whom is one table, `TOLD`; the words are `SAID`. Moves that carry a message,
set or drop dates, or finish a case are told by the mails of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.languages import _, _l
from network.exchanges import audience
from network.exchanges.audience import ALL, FOCAL, NOBODY
from network.exchanges.listing import state_names
from network.exchanges.mailing import About, Mail, News, Reader, mail, thing_of
from network.exchanges.models_case import CaseEntry
from network.exchanges.states import EXCHANGE, ExchangeState
from network.exchanges.words import HOLDS, TYPES, state_name
from network.seats.models import Role

S = ExchangeState
RESUMED = "exchange.resumed"


@dataclass(frozen=True, kw_only=True)
class Told:
    """The roles on each side that hear of a move, and whether the helpdesk does."""

    requester: tuple[Role, ...] = NOBODY
    provider: tuple[Role, ...] = NOBODY
    desk: bool = False


NOT_TOLD = Told()
BOTH = Told(requester=FOCAL, provider=FOCAL)
EVERYBODY = Told(requester=ALL, provider=ALL, desk=True)
ASKING = Told(requester=FOCAL)

TOLD: Mapping[S, Told] = {
    S.SUBMITTED: Told(desk=True),
    S.CLARIFICATION: ASKING,
    S.CONFIRMATION: ASKING,
    S.CIRCULATED: BOTH,
    S.CHOOSING: BOTH,
    S.SELECTED: BOTH,
    S.AGREED: Told(requester=ALL, provider=ALL),
    S.HELD: BOTH,
    S.FOLLOW_UP: BOTH,
    S.CLOSED: BOTH,
    S.ON_HOLD: EVERYBODY,
    S.NO_TAKER: ASKING,
    S.WITHDRAWN: EVERYBODY,
    S.DECLINED: ASKING,
    S.EXPIRED: EVERYBODY,
}
"""By the state entered. A case that goes on after a hold is told to everybody."""

BY_MESSAGE = frozenset({(S.SUBMITTED, S.CLARIFICATION), (S.CLARIFICATION, S.SUBMITTED)})
DROPS_PARTNER = frozenset({S.CIRCULATED, S.CHOOSING})
FREES_DATES = frozenset({S.AGREED, S.CIRCULATED, S.WITHDRAWN, S.EXPIRED})


def told(session: Session, entry: CaseEntry) -> Told:
    """Who hears of this move."""
    if entry.new is None:
        return NOT_TOLD
    if entry.word == RESUMED:
        return EVERYBODY
    before = audience.stood_before(session, entry)
    if (before, entry.new) in BY_MESSAGE or (before is S.DRAFT and entry.new is S.WITHDRAWN):
        return NOT_TOLD
    known = TOLD.get(entry.new, NOT_TOLD)
    if before is S.SCHEDULED and entry.new in FREES_DATES:
        return Told(desk=known.desk)
    if (before, entry.new) == (S.CIRCULATED, S.CHOOSING) and entry.person_id is not None:
        return NOT_TOLD
    return known


def to_requester(session: Session, about: About, now: datetime) -> list[UUID]:
    """The States that ask."""
    roles = told(session, about.thing).requester
    return audience.seats(session, audience.requesters(session, about.exchange), roles, now)


def to_provider(session: Session, about: About, now: datetime) -> list[UUID]:
    """The States that give, or gave until this move."""
    roles = told(session, about.thing).provider
    return audience.seats(session, _giving(session, about), roles, now)


def _giving(session: Session, about: About) -> list[UUID]:
    entry: CaseEntry = about.thing
    if entry.new in DROPS_PARTNER and entry.word != RESUMED:
        return audience.dropped(session, about.exchange, entry.at)
    return audience.providers(session, about.exchange)


def to_desk(session: Session, about: About, now: datetime) -> list[UUID]:
    """The helpdesk."""
    is_told = told(session, about.thing).desk
    return audience.desk(session, Role.HELPDESK, now) if is_told else []


def to_members(session: Session, about: About, now: datetime) -> list[UUID]:
    """Members that the case goes to, when it is circulated and not when it goes on after a hold."""
    is_fresh = about.thing.new is S.CIRCULATED and about.thing.word != RESUMED
    return audience.members(session, about.exchange, now) if is_fresh else []


def is_newest(session: Session, about: About) -> bool:
    """Whether the case still stands where this move brought it."""
    return audience.is_newest(session, about.thing)


def is_newest_or_parted(session: Session, about: About) -> bool:
    """The same; but a State that was let go hears it even if the case has moved since."""
    is_parted = bool(audience.dropped(session, about.exchange, about.thing.at))
    return is_parted or audience.is_newest(session, about.thing)


ON_HOLD = _l("The exchange stands still")
GOES_ON = _l("The exchange goes on")
TERMS = _l(
    "A first draft of the terms is in the case. Either side may change it; authorising officers of both States are asked for their consent."
)
AGREED = _l(
    "Both States have consented to the terms. The agreement is in the case, to download and keep. Next, settle the dates."
)
HELD = _l(
    "Please write a short report in the case: what you learned, what was decided, whether you would do it again. Your State consents to its words before the other side reads it."
)
FOLLOW_UP = _l(
    "Half a year ago this exchange was finished. There is one question: what has changed since? A sentence is enough."
)
CLOSED = _l("Thank you. What both sides have said stays in the case.")
WITHDRAWN = _l("Nothing more follows from it. Those who took part can still read the case.")
EXPIRED = _l(
    "It had waited for longer than it may, and was closed. You may ask anew at any time; what was written is still there."
)

SAID_TO_REQUESTER: Mapping[S, tuple[Any, Any]] = {
    S.CLARIFICATION: (
        _l("Your request came back from your capital"),
        _l(
            "An authorising officer of your State would like something to be clearer first. The reason stands in the case. Change the request or answer, and send it again."
        ),
    ),
    S.CONFIRMATION: (
        _l("Your request waits for your State’s consent"),
        _l(
            "The helpdesk has looked at it, and the authorising officers of your State were asked. Once they consent, the request goes to the members."
        ),
    ),
    S.CIRCULATED: (
        _l("Your request is with the members"),
        _l("They can read it now and may offer help. You are told of each offer as it comes in."),
    ),
    S.SELECTED: (_l("Your partner is selected"), TERMS),
    S.AGREED: (_l("The exchange is agreed"), AGREED),
    S.HELD: (_l("It was held: your short report"), HELD),
    S.FOLLOW_UP: (_l("What has changed?"), FOLLOW_UP),
    S.CLOSED: (_l("The exchange is closed"), CLOSED),
    S.NO_TAKER: (
        _l("No member could help this time"),
        _l(
            "You can circulate the request again, in other words perhaps, or withdraw it. The helpdesk can advise you."
        ),
    ),
    S.WITHDRAWN: (_l("The request was withdrawn"), WITHDRAWN),
    S.DECLINED: (
        _l("Your request is not taken up"),
        _l("The helpdesk has written in the case why. You may ask anew in other words."),
    ),
    S.EXPIRED: (_l("The case has ended without an answer"), EXPIRED),
}
SAID_TO_PROVIDER: Mapping[S, tuple[Any, Any]] = {
    **SAID_TO_REQUESTER,
    S.CIRCULATED: (
        _l("The exchange does not go on with your State"),
        _l("The request goes to the members again. Thank you for what you have offered."),
    ),
    S.CHOOSING: (
        _l("The selection was let go"),
        _l("No agreement came of it. Thank you for what you have offered."),
    ),
    S.SELECTED: (_l("Your State’s bid was selected"), TERMS),
    S.WITHDRAWN: (_l("The exchange was withdrawn"), WITHDRAWN),
}
SAID_TO_DESK: Mapping[S, tuple[Any, Any]] = {
    S.SUBMITTED: (
        _l("A new request for a peer exchange"),
        _l(
            "Please look at it: ask what is unclear, answer it directly, or ask the member’s capital for its consent."
        ),
    ),
    S.WITHDRAWN: (_l("A request was withdrawn"), WITHDRAWN),
    S.EXPIRED: (
        _l("A case has ended without an answer"),
        _l("It had waited for longer than it may, and was closed. Both sides were told."),
    ),
}
CHOOSE = (
    _l("Choose among the bids"),
    _l(
        "The time for bids is over. Read them side by side and choose one; your State is then asked for its consent to that partner."
    ),
)
CHOOSE_AGAIN = (
    _l("The selection was let go"),
    _l(
        "No agreement came of it. The bids you received are open again: choose another one, or circulate the request once more."
    ),
)
AGAIN = (
    _l("Your request goes to the members again"),
    _l("They can read it now and may offer help. You are told of each offer as it comes in."),
)
WITH_DUE = frozenset(
    {S.CLARIFICATION, S.CIRCULATED, S.CHOOSING, S.SELECTED, S.AGREED, S.HELD, S.FOLLOW_UP}
)


def _news(about: About, words: tuple[Any, Any]) -> News:
    title, said = words
    has_due = about.exchange.state in WITH_DUE
    return News(title=title, said=said, until=about.exchange.due_at if has_due else None)


def _of_hold(about: About) -> tuple[Any, Any] | None:
    """Words for a case that stands still or goes on, the same for all."""
    if about.thing.word == RESUMED:
        return GOES_ON, _("It goes on from where it stood, with the time that was left.")
    if about.thing.new is S.ON_HOLD:
        why = about.exchange.hold_reason
        reason = str(HOLDS[why]) if why else ""
        rest = _("The time that was left is kept, and it goes on from where it stood.")
        return ON_HOLD, f"{reason} {rest}".strip()
    return None


def say_to_requester(session: Session, about: About, _reader: Reader) -> News:
    """In the words for the side that asks."""
    entry: CaseEntry = about.thing
    words = _of_hold(about)
    if words is None and entry.new is S.CHOOSING:
        before = audience.stood_before(session, entry)
        words = CHOOSE if before is S.CIRCULATED else CHOOSE_AGAIN
    if words is None and entry.new is S.CIRCULATED and entry.old is not S.CONFIRMATION:
        words = AGAIN
    return _news(about, words or SAID_TO_REQUESTER[about.thing.new])


def say_to_provider(_session: Session, about: About, _reader: Reader) -> News:
    """In the words for the side that gives."""
    return _news(about, _of_hold(about) or SAID_TO_PROVIDER[S(about.thing.new)])


def say_to_desk(_session: Session, about: About, reader: Reader) -> News:
    """In the words for the helpdesk."""
    news = _news(about, _of_hold(about) or SAID_TO_DESK[S(about.thing.new)])
    is_theirs = EXCHANGE.steps[about.exchange.state].owner == "helpdesk"
    waits = ((_("Please by"), reader.at(about.exchange.due_at)),) if is_theirs else ()
    return News(title=news.title, said=news.said, facts=waits)


def say_to_members(session: Session, about: About, _reader: Reader) -> News:
    """What a member may know of a request before it signs in."""
    exchange = about.exchange
    names = state_names(session, [exchange.state_id])
    return News(
        title=_l("A member asks for help: could you?"),
        said=_l(
            "A member of the network asks for a peer exchange. Read what is needed, and offer what you can, or say that you cannot this time. Either answer helps."
        ),
        open_facts=(
            (_("Asked by"), state_name(exchange.state_id, names)),
            (_("Form"), str(TYPES[exchange.type]) if exchange.type else ""),
        ),
        until=exchange.due_at,
        action=_l("Read the request"),
    )


def is_circulated(session: Session, about: About) -> bool:
    """Whether bids are taken, in the round that this line of the timeline opened."""
    return about.exchange.state is S.CIRCULATED and audience.is_newest(session, about.thing)


_entry = thing_of(CaseEntry)
mail(
    "case_moved_requester",
    Mail(finds=_entry, to=to_requester, says=say_to_requester, is_still=is_newest),
)
mail(
    "case_moved_provider",
    Mail(finds=_entry, to=to_provider, says=say_to_provider, is_still=is_newest_or_parted),
)
mail("case_moved_desk", Mail(finds=_entry, to=to_desk, says=say_to_desk, is_still=is_newest))
mail(
    "case_circulated",
    Mail(finds=_entry, to=to_members, says=say_to_members, is_still=is_circulated),
)
