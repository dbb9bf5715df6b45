"""Writing a standing offer, sending it for consent, showing it, pausing it, taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, outbox
from core.context import Actor
from core.errors import Conflict, NotAllowed, Refused
from core.languages import _
from core.web import pages
from network.applications.queries import is_member
from network.consents.queries import may, may_stay_public
from network.mechanisms.models import Mechanism
from network.offers import facts, queries, rules
from network.offers.models import Offer, PauseReason
from network.offers.states import IN_WORK, LIVE, OFFER, OfferState


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an offer says. Anything may be empty while it is a draft."""

    themes: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    per_year: int | None = None
    note: Mapping[str, str] = field(default_factory=dict)


def content_of(offer: Offer) -> Content:
    """What a version says."""
    return Content(
        themes=tuple(offer.themes),
        capacities=tuple(offer.capacities),
        types=tuple(offer.types),
        languages=tuple(offer.languages),
        per_year=offer.per_year,
        note=dict(offer.note),
    )


def write(
    session: Session, *, mechanism: Mechanism, content: Content, by: Actor, now: datetime
) -> Offer:
    """Keep a draft of what the mechanism offers; answers the version in work.

    A version that waits for consent is taken back by it: nobody consents to words that changed.
    """
    held = _live(session, mechanism)
    working = next((offer for offer in held if offer.state in IN_WORK), None)
    if working is not None and content_of(working) == content:
        return working
    if working is None or working.state is not OfferState.DRAFT:
        working = _next_version(session, mechanism, held, now)
    _fill(working, content)
    working.updated_at, working.updated_by = now, by.person_id
    session.flush()
    _note(session, "offer.drafted", working, by, now)
    return working


def send(session: Session, *, offer: Offer, by: Actor, now: datetime) -> Offer:
    """Ask the State for its consent to this version. Raises Invalid while parts are missing."""
    rules.check_complete(offer)
    if not is_member(session, _state_id(session, offer), now):
        raise Refused(_("Only member States of the network make standing offers."))
    OFFER.check(offer.state, OfferState.WAITING)
    offer.sent_at = now
    _move(session, offer, OfferState.WAITING, by=by, now=now)
    outbox.record(
        session, facts.OfferSent(offer_id=offer.id, state_id=_state_id(session, offer)), now=now
    )
    return offer


def send_back(session: Session, *, offer: Offer, reason: str, by: Actor, now: datetime) -> Offer:
    """The authorising officer wants it otherwise: the same words become a draft again."""
    OFFER.check(offer.state, OfferState.REPLACED)
    if offer.state is not OfferState.WAITING:
        raise Conflict(_("This version no longer waits for consent."))
    mechanism = offer.mechanism
    _end(session, offer, OfferState.REPLACED, by=by, now=now)
    draft = _next_version(session, mechanism, [offer], now)
    draft.sent_back, draft.updated_by = reason, by.person_id
    session.flush()
    _note(session, "offer.sent_back", offer, by, now)
    outbox.record(
        session, facts.OfferSentBack(offer_id=draft.id, state_id=mechanism.state_id), now=now
    )
    return draft


def settle(session: Session, *, offer: Offer, by: Actor, now: datetime) -> OfferState:
    """Let the offer follow what its State's consent says now; doing it twice changes nothing."""
    state_id, today = _state_id(session, offer), now.date()
    if offer.state is OfferState.WAITING:
        if may(
            session,
            state_id=state_id,
            kind=queries.KIND,
            subject_id=offer.id,
            on=today,
            now=now,
            publish=queries.PUBLISH,
        ):
            _publish(session, offer, by=by, now=now)
    elif offer.state is OfferState.PUBLISHED and not may_stay_public(
        session,
        state_id=state_id,
        kind=queries.KIND,
        subject_id=offer.id,
        publish=queries.PUBLISH,
        on=today,
        now=now,
    ):
        take_down(session, offer=offer, by=by, now=now)
    return offer.state


def take_down(session: Session, *, offer: Offer, by: Actor, now: datetime) -> None:
    """Show the offer no longer. A new one needs consent anew."""
    _end(session, offer, OfferState.WITHDRAWN, by=by, now=now)
    pages.drop(session)
    outbox.record(
        session,
        facts.OfferWithdrawn(offer_id=offer.id, state_id=_state_id(session, offer)),
        now=now,
    )


def pause(
    session: Session,
    *,
    mechanism: Mechanism,
    until: date,
    reason: PauseReason,
    by: Actor,
    now: datetime,
) -> None:
    """Take no exchanges up to and including a day. It needs nobody's consent and holds at once."""
    rules.check_pause(until, now.date())
    _set_pause(session, mechanism, until, reason, word="offer.paused", by=by, now=now)


def resume(session: Session, *, mechanism: Mechanism, by: Actor, now: datetime) -> None:
    """Take exchanges again, as the State consented to."""
    _set_pause(session, mechanism, None, None, word="offer.resumed", by=by, now=now)


def lower(session: Session, *, offer: Offer, per_year: int, by: Actor, now: datetime) -> None:
    """Take on fewer exchanges a year than was consented to, at once."""
    if offer.state is not OfferState.PUBLISHED:
        raise Conflict(_("This offer is not published: change its draft."))
    rules.check_lower(offer, per_year)
    offer.per_year, offer.updated_at, offer.updated_by = per_year, now, by.person_id
    _note(session, "offer.lowered", offer, by, now)
    pages.drop(session)


def locked(session: Session, offer_id: UUID) -> Offer | None:
    """A version with its mechanism, held for a change; its mechanism's versions change one by one."""
    mechanism_id = session.scalar(select(Offer.mechanism_id).where(Offer.id == offer_id))
    if mechanism_id is None:
        return None
    _hold(session, mechanism_id)
    return queries.whole(session, offer_id, anew=True)


def _live(session: Session, mechanism: Mechanism) -> list[Offer]:
    _hold(session, mechanism.id)
    return queries.live_of(session, [mechanism.id])[mechanism.id]


def _hold(session: Session, mechanism_id: UUID) -> None:
    """Let changes to one mechanism's offers wait for each other."""
    session.execute(
        select(Mechanism.id).where(Mechanism.id == mechanism_id).with_for_update(key_share=True)
    )


def _next_version(
    session: Session, mechanism: Mechanism, held: Sequence[Offer], now: datetime
) -> Offer:
    """A draft with the words of the newest version there is, and the pause that holds now."""
    for offer in held:
        if offer.state is OfferState.WAITING:
            _end_silently(offer, OfferState.REPLACED, now)
    session.flush()
    last = session.scalar(select(func.max(Offer.version)).where(Offer.mechanism_id == mechanism.id))
    draft = Offer(mechanism=mechanism, version=(last or 0) + 1, updated_at=now)
    if held:
        _fill(draft, content_of(held[-1]))
        draft.paused_until, draft.pause_reason = held[-1].paused_until, held[-1].pause_reason
    session.add(draft)
    return draft


def _fill(offer: Offer, content: Content) -> None:
    for name, value in asdict(content).items():
        setattr(offer, name, list(value) if isinstance(value, tuple) else value)


def _publish(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    for earlier in queries.live_of(session, [offer.mechanism_id])[offer.mechanism_id]:
        if earlier.state is OfferState.PUBLISHED:
            _end(session, earlier, OfferState.REPLACED, by=by, now=now)
    session.flush()
    offer.published_at = now
    _move(session, offer, OfferState.PUBLISHED, by=by, now=now)
    pages.drop(session)
    outbox.record(
        session,
        facts.OfferPublished(offer_id=offer.id, state_id=_state_id(session, offer)),
        now=now,
    )


def _set_pause(
    session: Session,
    mechanism: Mechanism,
    until: date | None,
    reason: PauseReason | None,
    *,
    word: str,
    by: Actor,
    now: datetime,
) -> None:
    held = [offer for offer in _live(session, mechanism) if offer.state in LIVE]
    if not held:
        raise NotAllowed(_("There is no offer to pause yet."))
    for offer in held:
        offer.paused_until, offer.pause_reason = until, reason
    _note(session, word, held[0], by, now)
    pages.drop(session)


def _move(session: Session, offer: Offer, to: OfferState, *, by: Actor, now: datetime) -> None:
    OFFER.check(offer.state, to)
    offer.state, offer.updated_at = to, now
    session.flush()
    _note(session, OFFER.steps[to].audit, offer, by, now)


def _end(session: Session, offer: Offer, to: OfferState, *, by: Actor, now: datetime) -> None:
    OFFER.check(offer.state, to)
    _end_silently(offer, to, now)
    session.flush()
    _note(session, OFFER.steps[to].audit, offer, by, now)


def _end_silently(offer: Offer, to: OfferState, now: datetime) -> None:
    OFFER.check(offer.state, to)
    offer.state, offer.updated_at, offer.ended_at = to, now, now


def _state_id(session: Session, offer: Offer) -> UUID:
    return session.scalars(
        select(Mechanism.state_id).where(Mechanism.id == offer.mechanism_id)
    ).one()


def _note(session: Session, word: str, offer: Offer, by: Actor, now: datetime) -> None:
    audit.write(
        session,
        word,
        by=by,
        now=now,
        subject_kind="offer",
        subject_id=offer.id,
        details={"mechanism": str(offer.mechanism_id), "version": offer.version},
    )
