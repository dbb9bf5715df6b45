"""Who could help with a request, and why: plain values in, ordered suggestions out.

It explains and orders; people decide. Every point is a part with its reason, so the parts of a
suggestion sum to its score. The same data gives the same answer, in whatever order it comes. A
mechanism that offers fewer themes, capacities, types, languages or exchanges a year never stands
higher for it. Equal scores go to whoever was shown less often, then by a lot drawn from the two
ids: no alphabet decides, and no country has a rank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from network.offers.models import Capacity, ExchangeType

THEMES_MOST = 30
CAPACITIES_MOST = 20
NONE_OF_THEMES = -10
NONE_OF_CAPACITIES = -8
TYPE_OFFERED = 20
TYPE_NOT_OFFERED = -12
LANGUAGE_SHARED = 18
LANGUAGE_NOT_SHARED = -18
SAME_GROUP = 6
SAME_LIST = {"sids": 8, "ldc": 5, "lldc": 5}
SAME_MECHANISM_TYPE = 3
BOTH_HAVE_TOOL = 3
HAS_TOOL_TO_SHOW = 5
PREFERRED = 15
HELD_MOST = 3
GUIDES_FIRST_TIMERS = 2
NO_EXCHANGE_BEFORE = -2
SATISFACTION_MIDDLE = 3
LOAD_MOST = 10
SHOWN_MOST = 5
SHOWN_STEP = 5
HOURS_NEAR = 3
NEAR_HOURS = 3
HOURS_FAR_MOST = 10
DAY_HOURS = 24

BY_CALL = frozenset({ExchangeType.ONLINE_CLINIC, ExchangeType.MENTORING})
"""Types in which people talk at the same moment from afar."""


class Reason(StrEnum):
    """Why points were given or taken."""

    THEMES = "themes"
    NO_THEMES = "no_themes"
    CAPACITIES = "capacities"
    NO_CAPACITIES = "no_capacities"
    TYPE = "type"
    NO_TYPE = "no_type"
    LANGUAGE = "language"
    NO_LANGUAGE = "no_language"
    GROUP = "group"
    SIDS = "sids"
    LDC = "ldc"
    LLDC = "lldc"
    MECHANISM_TYPE = "mechanism_type"
    BOTH_TOOLS = "both_tools"
    TOOL_TO_SHOW = "tool_to_show"
    PREFERRED = "preferred"
    HELD = "held"
    FIRST_TIME = "first_time"
    NONE_HELD = "none_held"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    LOAD = "load"
    SHOWN = "shown"
    HOURS_NEAR = "hours_near"
    HOURS_FAR = "hours_far"


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a requester asks for, and what is known of it.

    `themes` are keys, `languages` codes, `flags` of "sids", "ldc", "lldc"; `utc_offset` is in
    hours. Preferred and excluded are ids of States that the requester named in private.
    """

    state_id: UUID
    themes: frozenset[str] = frozenset()
    capacities: frozenset[str] = frozenset()
    type: str | None = None
    languages: frozenset[str] = frozenset()
    group: str | None = None
    flags: frozenset[str] = frozenset()
    mechanism_type: str | None = None
    has_tool: bool = False
    utc_offset: float | None = None
    excluded: frozenset[UUID] = frozenset()
    preferred: frozenset[UUID] = frozenset()
    received: int = 0


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A mechanism with a published standing offer, and what is known of it.

    `busy_this_year` are the exchanges agreed for this year, `open_bids` its bids that nobody has
    answered, `held` its exchanges as provider so far, `satisfaction` the mean answer from 1 to 5
    (None: nobody has answered), `shown_lately` how often it stood among the first ones of late.
    """

    state_id: UUID
    mechanism_id: UUID
    per_year: int
    themes: frozenset[str] = frozenset()
    capacities: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    busy_this_year: int = 0
    open_bids: int = 0
    paused_until: date | None = None
    group: str | None = None
    flags: frozenset[str] = frozenset()
    mechanism_type: str | None = None
    has_tool: bool = False
    utc_offset: float | None = None
    held: int = 0
    satisfaction: float | None = None
    shown_lately: int = 0


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some points and the reason for them. `params` are what its sentence speaks of: keys, numbers."""

    code: Reason
    points: int
    params: Mapping[str, tuple[str, ...] | str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A mechanism that could help. The points of `parts` sum to `score`."""

    state_id: UUID
    mechanism_id: UUID
    score: int
    parts: tuple[Part, ...]

    @property
    def reasons_for(self) -> tuple[Part, ...]:
        """What speaks for it, the most first."""
        return tuple(sorted((p for p in self.parts if p.points > 0), key=lambda p: -p.points))

    @property
    def reasons_against(self) -> tuple[Part, ...]:
        """What speaks against it, the most first."""
        return tuple(sorted((p for p in self.parts if p.points < 0), key=lambda p: p.points))


def suggest(
    need: Need, candidates: Iterable[Candidate], today: date, *, most: int | None = None
) -> list[Suggestion]:
    """Everybody who may be asked, the best fit first; at most `most` if that is said.

    Left out: the requester itself, whom it excluded, who is paused today or at capacity.
    """
    found = [
        (suggestion, candidate.shown_lately, _lot(need.state_id, candidate.mechanism_id))
        for candidate in candidates
        if may_be_asked(need, candidate, today)
        for suggestion in (_weigh(need, candidate),)
    ]
    found.sort(key=lambda one: (-one[0].score, one[1], one[2]))
    return [one[0] for one in found[:most]]


def may_be_asked(need: Need, candidate: Candidate, today: date) -> bool:
    """Whether a mechanism may be suggested at all."""
    return (
        candidate.state_id != need.state_id
        and candidate.state_id not in need.excluded
        and (candidate.paused_until is None or candidate.paused_until < today)
        and candidate.busy_this_year < candidate.per_year
    )


def _weigh(need: Need, candidate: Candidate) -> Suggestion:
    parts = tuple(
        part
        for part in (
            *_topic(need, candidate),
            *_way(need, candidate),
            *_likeness(need, candidate),
            *_record(need, candidate),
        )
        if part.points
    )
    return Suggestion(
        state_id=candidate.state_id,
        mechanism_id=candidate.mechanism_id,
        score=sum(part.points for part in parts),
        parts=parts,
    )


def _topic(need: Need, candidate: Candidate) -> Iterator[Part]:
    """What it is about."""
    if need.themes:
        shared = need.themes & candidate.themes
        yield (
            _share(Reason.THEMES, THEMES_MOST, shared, need.themes)
            if shared
            else Part(code=Reason.NO_THEMES, points=NONE_OF_THEMES)
        )
    if need.capacities:
        shared = need.capacities & candidate.capacities
        yield (
            _share(Reason.CAPACITIES, CAPACITIES_MOST, shared, need.capacities)
            if shared
            else Part(code=Reason.NO_CAPACITIES, points=NONE_OF_CAPACITIES)
        )


def _way(need: Need, candidate: Candidate) -> Iterator[Part]:
    """In which form, which language, at which hours."""
    if need.type:
        offered = need.type in candidate.types
        yield Part(
            code=Reason.TYPE if offered else Reason.NO_TYPE,
            points=TYPE_OFFERED if offered else TYPE_NOT_OFFERED,
            params={"type": need.type},
        )
    if need.languages:
        shared = need.languages & candidate.languages
        yield (
            Part(
                code=Reason.LANGUAGE,
                points=LANGUAGE_SHARED,
                params={"languages": _in_order(shared)},
            )
            if shared
            else Part(code=Reason.NO_LANGUAGE, points=LANGUAGE_NOT_SHARED)
        )
    if need.type in BY_CALL and need.utc_offset is not None and candidate.utc_offset is not None:
        hours = hours_apart(need.utc_offset, candidate.utc_offset)
        if hours <= HOURS_NEAR:
            yield Part(code=Reason.HOURS_NEAR, points=NEAR_HOURS, params={"hours": round(hours)})
        else:
            far = min(HOURS_FAR_MOST, round(hours) - HOURS_NEAR)
            yield Part(code=Reason.HOURS_FAR, points=-far, params={"hours": round(hours)})


def _likeness(need: Need, candidate: Candidate) -> Iterator[Part]:
    """What the two have in common, and what one has to show the other."""
    if need.group and need.group == candidate.group:
        yield Part(code=Reason.GROUP, points=SAME_GROUP, params={"group": need.group})
    for flag in _in_order(need.flags & candidate.flags):
        if flag in SAME_LIST:
            yield Part(code=Reason(flag), points=SAME_LIST[flag])
    if need.mechanism_type and need.mechanism_type == candidate.mechanism_type:
        yield Part(code=Reason.MECHANISM_TYPE, points=SAME_MECHANISM_TYPE)
    if candidate.has_tool and need.has_tool:
        yield Part(code=Reason.BOTH_TOOLS, points=BOTH_HAVE_TOOL)
    elif candidate.has_tool and Capacity.INFORMATION_MANAGEMENT in need.capacities:
        yield Part(code=Reason.TOOL_TO_SHOW, points=HAS_TOOL_TO_SHOW)
    if candidate.state_id in need.preferred:
        yield Part(code=Reason.PREFERRED, points=PREFERRED)


def _record(need: Need, candidate: Candidate) -> Iterator[Part]:
    """What it has done so far, and how much it has to do now."""
    if candidate.held:
        points = min(candidate.held, HELD_MOST)
        yield Part(code=Reason.HELD, points=points, params={"held": candidate.held})
        if not need.received:
            yield Part(code=Reason.FIRST_TIME, points=GUIDES_FIRST_TIMERS)
    else:
        yield Part(code=Reason.NONE_HELD, points=NO_EXCHANGE_BEFORE)
    if candidate.satisfaction is not None:
        points = round(candidate.satisfaction) - SATISFACTION_MIDDLE
        code = Reason.SATISFIED if points > 0 else Reason.DISSATISFIED
        yield Part(code=code, points=points)
    running = candidate.busy_this_year + candidate.open_bids
    load = min(LOAD_MOST, round(LOAD_MOST * running / candidate.per_year))
    yield Part(
        code=Reason.LOAD,
        points=-load,
        params={
            "busy": candidate.busy_this_year,
            "bids": candidate.open_bids,
            "per_year": candidate.per_year,
        },
    )
    shown = min(SHOWN_MOST, candidate.shown_lately // SHOWN_STEP)
    yield Part(code=Reason.SHOWN, points=-shown, params={"shown": candidate.shown_lately})


def hours_apart(one: float, other: float) -> float:
    """How far apart two clocks stand, at most half a day."""
    apart = abs(one - other) % DAY_HOURS
    return min(apart, DAY_HOURS - apart)


def _share(code: Reason, most: int, shared: frozenset[str], asked: frozenset[str]) -> Part:
    """Points in proportion to how much of what is asked is offered, and never none for something."""
    points = max(1, round(most * len(shared) / len(asked)))
    return Part(code=code, points=points, params={"shared": _in_order(shared), "asked": len(asked)})


def _in_order(keys: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(keys))


def _lot(requester: UUID, mechanism: UUID) -> bytes:
    """A lot that both ids draw together: another requester, another order."""
    return blake2b(requester.bytes + mechanism.bytes, digest_size=8).digest()
