"""Who may move a case, and what a request, a bid or a date must hold. Plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from core.errors import Invalid, MoveRefused, NotAllowed, Refused
from core.languages import _
from network.exchanges.models import Exchange, Funding, HoldReason, PartyRole
from network.exchanges.states import (
    EXCHANGE,
    HOLDABLE,
    MOST_RECIRCULATIONS,
    MOVERS,
    MOVES_BACK,
    SAYS_WHY,
    ExchangeState,
    Mover,
)
from network.seats.models import Role

S = ExchangeState
DRAFTING = frozenset({S.DRAFT, S.CLARIFICATION})
"""States in which the words of a request may change."""

BEFORE_THE_EVENT = HOLDABLE | {S.ON_HOLD}
LONGEST_MEETING = timedelta(days=60)
FARTHEST_MEETING = timedelta(days=3653)


@dataclass(frozen=True, kw_only=True)
class Standpoint:
    """How whoever acts stands to one case: in which seat, for which State, as which party."""

    movers: frozenset[Mover]
    role: Role | None = None
    seat_id: UUID | None = None
    state_id: UUID | None = None
    party: PartyRole | None = None

    @property
    def is_desk(self) -> bool:
        """Whether this is the helpdesk."""
        return Mover.HELPDESK in self.movers


@dataclass(frozen=True, kw_only=True)
class Speaker(Standpoint):
    """Somebody who acts in a seat for a State."""

    seat_id: UUID
    state_id: UUID


def speaking(stands: Standpoint, refusal: Refused) -> Speaker:
    """The same standpoint, as that of somebody who acts for a State; `refusal` for anybody else."""
    if stands.seat_id is None or stands.state_id is None:
        raise refusal
    return Speaker(
        movers=stands.movers,
        role=stands.role,
        party=stands.party,
        seat_id=stands.seat_id,
        state_id=stands.state_id,
    )


DESK_ROLES = frozenset({Role.HELPDESK, Role.SECRETARIAT})
WRITING_ROLES = frozenset({Role.FOCAL_POINT, Role.DEPUTY})


def movers(role: Role, party: PartyRole | None) -> frozenset[Mover]:
    """In which capacities a seat of this role may move a case in which its State is `party`."""
    if role in DESK_ROLES:
        return frozenset({Mover.HELPDESK})
    if party is PartyRole.REQUESTER and role in WRITING_ROLES:
        return frozenset({Mover.REQUESTER})
    if party is PartyRole.PROVIDER and role in WRITING_ROLES:
        return frozenset({Mover.PROVIDER})
    if party in {PartyRole.REQUESTER, PartyRole.PROVIDER} and role is Role.AUTHORISING:
        return frozenset({Mover.CAPITAL})
    return frozenset()


def check_may(exchange: Exchange, to: S, stands: Standpoint) -> None:
    """Raise NotAllowed unless this standpoint may make this move, whenever the table has it."""
    wanted = MOVERS.get((exchange.state, to), frozenset())
    if not wanted:
        raise MoveRefused(
            _("This cannot be done from where it stands now."),
            allowed=EXCHANGE.allowed(exchange.state),
        )
    own = stands.movers & wanted
    only_requesters = to is S.WITHDRAWN or exchange.state is S.CONFIRMATION
    if own == {Mover.CAPITAL} and only_requesters and stands.party is not PartyRole.REQUESTER:
        own = frozenset()
    if not own and Mover.CONSENT in wanted and stands.movers:
        return  # anybody with a part in the case may ask; the consents decide
    if not own:
        raise NotAllowed(_("Your seat cannot do this in this case."))


def check_reason(old: S, new: S, reason: str) -> None:
    """Raise unless a move that has to say why does so."""
    if (old, new) in SAYS_WHY and not reason.strip():
        raise Invalid({"reason": _("Say it in a sentence: others read it.")})


def check_leaves_hold(exchange: Exchange, to: S, stands: Standpoint) -> S:
    """Where a case on hold may go: back to where it stood, or out the way it could from there.

    Answers the state the move counts from. A hold for want of a consent ends when the consent
    is there, and by nobody's wish.
    """
    held_from = exchange.held_from
    if exchange.state is not S.ON_HOLD or held_from is None:
        return exchange.state
    if to is S.WITHDRAWN:
        return exchange.state
    if to is held_from:
        is_own = exchange.hold_reason is HoldReason.ASKED
        if not is_own and Mover.CONSENT not in stands.movers:
            raise Refused(_("It goes on once the consent it waits for is there."), code="on-hold")
        return exchange.state
    goes_back = (held_from, to) in MOVES_BACK or (held_from, to) == (S.SELECTED, S.CHOOSING)
    if not goes_back:
        raise MoveRefused(
            _("A case on hold goes on from where it stood."), allowed=[held_from, S.WITHDRAWN]
        )
    return held_from


def check_recirculates(exchange: Exchange) -> None:
    """Raise once a case has been recirculated twice."""
    if exchange.recirculated >= MOST_RECIRCULATIONS:
        raise Refused(
            _("It has been circulated again twice. Close it, or ask anew in other words."),
            code="recirculated-twice",
        )


def missing(exchange: Exchange, today: date) -> dict[str, str]:
    """All that a request still needs before it can be sent: a sentence for each field."""
    wanted = {
        "type": (exchange.type, _("Choose what form the exchange should take.")),
        "title": (exchange.title, _("Give it a title.")),
        "need": (exchange.need, _("Say in your own words what you need.")),
        "what_exists": (exchange.what_exists, _("Say what exists today.")),
        "wanted_outcome": (exchange.wanted_outcome, _("Say what should be different afterwards.")),
        "themes": (exchange.themes, _("Choose at least one theme.")),
        "capacities": (exchange.capacities, _("Choose at least one capacity.")),
        "languages": (exchange.languages, _("Choose at least one working language.")),
        "funding": (exchange.funding, _("Say who could pay.")),
    }
    problems = {name: sentence for name, (value, sentence) in wanted.items() if not value}
    if exchange.funding is Funding.PARTNER and not exchange.funding_note:
        problems["funding_note"] = _("Say who has promised to pay.")
    if exchange.is_confidential and not exchange.neutral:
        problems["neutral"] = _("Say in neutral words what members should read.")
    problems |= missing_windows(exchange, today)
    first = exchange.attendees[0] if exchange.attendees else None
    if first is None or not first.post:
        problems["attendees-0-post"] = _("Name at least one post that would take part.")
    for attendee in exchange.attendees:
        if attendee.post and not attendee.substitute:
            problems[f"attendees-{attendee.position}-substitute"] = _(
                "Name who steps in: people change posts."
            )
    return problems


def missing_windows(exchange: Exchange, today: date) -> dict[str, str]:
    """What the three date windows still need."""
    problems: dict[str, str] = {}
    have = {window.position: window for window in exchange.windows}
    for position in range(3):
        window = have.get(position)
        field = f"windows-{position}-from_on"
        if window is None or window.from_on is None or window.until_on is None:
            problems[field] = _("Give a first and a last day. Three choices find a partner sooner.")
        elif window.until_on < window.from_on:
            problems[field] = _("The last day comes before the first.")
        elif window.from_on <= today:
            problems[field] = _("These days are in the past. Choose later ones.")
    return problems


def check_complete(exchange: Exchange, today: date) -> None:
    """Raise with everything that is missing at once."""
    problems = missing(exchange, today)
    if problems:
        raise Invalid(problems)


def check_wishes(asking: UUID, preferred: set[UUID], excluded: set[UUID]) -> None:
    """Raise where a State wishes for itself, or both wants and excludes one."""
    problems = {}
    if asking in preferred:
        problems["preferred"] = _("This is your own State. Choose another one.")
    if asking in excluded:
        problems["excluded"] = _("This is your own State. Choose another one.")
    if not problems and preferred & excluded:
        problems["excluded"] = _("A State cannot be both preferred and excluded.")
    if problems:
        raise Invalid(problems)


def check_bid(
    *,
    offer: str,
    has_type: bool,
    languages: list[str],
    from_on: date | None,
    until_on: date | None,
    today: date,
) -> None:
    """Raise with everything a bid still needs before its State is asked."""
    problems: dict[str, str] = {}
    if not has_type:
        problems["type"] = _("Choose what form the exchange should take.")
    if not offer.strip():
        problems["offer"] = _("Say what you can give.")
    if not languages:
        problems["languages"] = _("Choose at least one working language.")
    if from_on is None or until_on is None:
        problems["from_on"] = _("Give a first and a last day.")
    elif until_on < from_on:
        problems["until_on"] = _("The last day comes before the first.")
    elif from_on <= today:
        problems["from_on"] = _("These days are in the past. Choose later ones.")
    if problems:
        raise Invalid(problems)


def check_dates(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise unless proposed dates lie ahead and make sense."""
    if starts_at <= now:
        raise Invalid({"starts_at": _("This is in the past. Choose a later day.")})
    if starts_at - now > FARTHEST_MEETING:
        raise Invalid({"starts_at": _("This is more than ten years ahead. Check the year.")})
    if ends_at <= starts_at:
        raise Invalid({"ends_at": _("The end comes before the beginning.")})
    if ends_at - starts_at > LONGEST_MEETING:
        raise Invalid({"ends_at": _("This is longer than two months. Check the year.")})
