"""Whether the State concerned consents, answered in one place from plain values.

`answer` knows the whole rule and no database, so that a test can walk it. Withdrawal wins over
everything; a vacancy holds everything; then the State's own rule decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from core.context import Actor
from core.errors import NotAllowed, ProofNeeded, Refused
from core.languages import _
from network.consents.models import Basis, Consent, Need, Withdrawal

CONTEST_WITHIN = timedelta(days=10)
CONFLICT_WITHIN = timedelta(days=10)
"""A withdrawal sooner than this after another seat's consent contradicts it; later it is a change
of mind. As long as a paper may be contested."""

FRESH_WITHIN = timedelta(minutes=15)
OWN_FACTORS = frozenset({"totp", "passkey", "printed"})


class Status(StrEnum):
    """Where one consent stands, as lists show it."""

    IN_FORCE = "in force"
    WAITS = "waits for a second person"
    CONTESTED = "contested"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    ENDED = "ended"


class Verdict(StrEnum):
    """What stands for a subject at a moment."""

    IN_FORCE = "in force"
    NONE_GIVEN = "none given"
    NOT_ALL_GIVEN = "not all given"
    OUT_OF_SCOPE = "out of scope"
    WITHDRAWN = "withdrawn"
    VACANT = "vacant"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: on which day, with whom, and what would be published (nothing if empty)."""

    on: date
    now: datetime
    partner_id: UUID | None = None
    publish: str | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known: the State's rule, its open authorising seats, who said what.

    `filled` are the seats with a holder now, `against` those whose withdrawal stands.
    """

    need: Need
    seats: frozenset[UUID] = frozenset()
    filled: frozenset[UUID] = frozenset()
    consents: Sequence[Consent] = field(default_factory=tuple)
    against: frozenset[UUID] = frozenset()


def answer(standing: Standing, asked: Question) -> Verdict:
    """The one rule. Consents of seats that no longer exist survive; so do those of past holders."""
    if standing.against & standing.seats:
        return Verdict.WITHDRAWN
    if not standing.filled:
        return Verdict.VACANT
    return given(standing, asked)


def given(standing: Standing, asked: Question) -> Verdict:
    """What the consents alone say, apart from withdrawals and vacancies."""
    live = [consent for consent in standing.consents if is_live(consent, asked.now)]
    covering = [consent for consent in live if covers(consent, asked)]
    if not covering:
        return Verdict.OUT_OF_SCOPE if live else Verdict.NONE_GIVEN
    if any(consent.basis is Basis.PAPER for consent in covering):
        return Verdict.IN_FORCE
    voices = {consent.seat_id for consent in covering}
    if standing.need is Need.ALL and not standing.seats <= voices:
        return Verdict.NOT_ALL_GIVEN
    return Verdict.IN_FORCE


def is_live(consent: Consent, now: datetime) -> bool:
    """Whether a consent counts at `now`, whatever it covers. A paper needs its second person."""
    if consent.given_at > now:
        return False
    if consent.revoked_at is not None and consent.revoked_at <= now:
        return False
    if consent.basis is Basis.PAPER:
        is_entered = consent.second_at is not None and consent.second_at <= now
        is_contested = consent.contested_at is not None and consent.contested_at <= now
        return is_entered and not is_contested
    return True


def contradicts(withdrawal: Withdrawal, consent: Consent) -> bool:
    """Whether a withdrawal contradicts what another seat, or a paper, said a short while before."""
    is_other = consent.seat_id != withdrawal.seat_id
    return is_other and withdrawal.at < consent.given_at + CONFLICT_WITHIN


def status_of(consent: Consent, *, is_withdrawn: bool, now: datetime) -> Status:
    """Where one consent stands; `is_withdrawn` says whether a withdrawal revoked it."""
    if consent.revoked_at is not None and consent.revoked_at <= now:
        return Status.WITHDRAWN if is_withdrawn else Status.REPLACED
    if consent.contested_at is not None and consent.contested_at <= now:
        return Status.CONTESTED
    if consent.basis is Basis.PAPER and consent.second_at is None:
        return Status.WAITS
    if consent.until_on is not None and consent.until_on < now.date():
        return Status.ENDED
    return Status.IN_FORCE


def covers(consent: Consent, asked: Question) -> bool:
    """Whether a consent's scope holds the day, the partner and the publication asked about."""
    starts = consent.from_on is None or consent.from_on <= asked.on
    ends = consent.until_on is None or asked.on <= consent.until_on
    partner = consent.partner_id is None or consent.partner_id == asked.partner_id
    published = asked.publish is None or asked.publish in consent.publish
    return starts and ends and partner and published


def refusal(verdict: Verdict) -> Refused:
    """What is said to whoever asked for a move without a consent in force."""
    sentences = {
        Verdict.NONE_GIVEN: _("This needs the consent of the State, which has not been given."),
        Verdict.NOT_ALL_GIVEN: _(
            "This State wants the consent of all its authorising seats; not all have given it."
        ),
        Verdict.OUT_OF_SCOPE: _(
            "The State’s consent does not cover this day, this partner or this publication."
        ),
        Verdict.WITHDRAWN: _(
            "An authorising seat of the State has withdrawn. The case is on hold until that seat"
            " gives its consent again."
        ),
        Verdict.VACANT: _(
            "Nobody holds an authorising seat of this State. Its cases stand on hold, and their"
            " clocks with them."
        ),
    }
    return Refused(sentences[verdict], code=f"consent-{verdict.value.replace(' ', '-')}")


def check_speaks(by: Actor, seats: Collection[UUID], now: datetime) -> UUID:
    """The authorising seat in which a person acts for the State.

    Raises NotAllowed for anybody else, and ProofNeeded without the holder's own factor, fresh at
    the act: a code sent to a mailbox, or a program's token, never suffices.
    """
    seat_id = by.seat_id if by.kind == "person" and by.person_id is not None else None
    if seat_id is None or seat_id not in seats:
        raise NotAllowed(_("Only who holds an authorising seat of the State may do this."))
    check_fresh(by, now)
    return seat_id


def check_fresh(by: Actor, now: datetime) -> None:
    """Raise ProofNeeded unless the actor has shown their own factor within the last minutes."""
    is_fresh = by.proved_at is not None and by.proved_at <= now < by.proved_at + FRESH_WITHIN
    if by.proved not in OWN_FACTORS or not is_fresh:
        raise ProofNeeded(_("Show your own code to continue."))
