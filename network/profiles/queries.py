"""What the State's own people may read of its profile: parts, versions, and what waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.errors import NotVisible
from network.accounts.queries import names_of
from network.consents.models import Consent, ConsentKind, Withdrawal
from network.consents.queries import authorising_seats
from network.mechanisms.models import Basis, Field, Mechanism, ProfileFact
from network.mechanisms.rules import is_to_confirm
from network.profiles.models import PartVersion
from network.profiles.states import OPEN, PartState
from network.seats.models import BodyKind, Holder, Seat
from network.seats.queries import holds, state_of

LATELY_MOST = 12


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a profile as its State sees it.

    `shown` are the facts that readers find, `aside` those that are hidden, `newest` the latest
    version, and `open` the one being worked on.
    """

    field: Field
    shown: Sequence[ProfileFact] = ()
    aside: Sequence[ProfileFact] = ()
    newest: PartVersion | None = None
    open: PartVersion | None = None
    to_confirm: bool = False

    @property
    def is_own(self) -> bool:
        """Whether what readers find is the State's own word."""
        return any(fact.basis is Basis.STATE for fact in self.shown)

    @property
    def can_show_sources(self) -> bool:
        """Whether nothing stands here, and what public sources say could."""
        return not self.shown and any(fact.basis is Basis.PUBLIC_SOURCE for fact in self.aside)


@dataclass(frozen=True, kw_only=True)
class Own:
    """A mechanism as its State sees it, part by part, in the order of `Field`."""

    mechanism: Mechanism
    parts: Sequence[Part] = field(default_factory=tuple)

    def part(self, wanted: Field) -> Part:
        """One of the parts."""
        return next(part for part in self.parts if part.field is wanted)

    @property
    def to_confirm(self) -> list[Part]:
        """The parts that ask to be confirmed."""
        return [part for part in self.parts if part.to_confirm]


def mechanisms_of(session: Session, seat: Seat) -> Sequence[Mechanism]:
    """The mechanisms a seat looks after, the leading one first: its State's, or its own alone."""
    chosen = select(Mechanism).options(joinedload(Mechanism.state))
    if seat.body_kind is BodyKind.MECHANISM:
        chosen = chosen.where(Mechanism.id == seat.body_id)
    else:
        chosen = chosen.where(Mechanism.state_id == state_of(session, seat))
    return session.scalars(chosen.order_by(Mechanism.is_lead.desc(), Mechanism.key)).all()


def mechanism_of(session: Session, seat: Seat, key: str) -> Mechanism:
    """One of them with its facts, by its key; NotVisible for every other."""
    found = session.scalar(
        select(Mechanism)
        .where(Mechanism.key == key)
        .options(joinedload(Mechanism.state), selectinload(Mechanism.facts))
    )
    if found is None or found.id not in {one.id for one in mechanisms_of(session, seat)}:
        raise NotVisible
    return found


def own(session: Session, mechanism: Mechanism, today: date) -> Own:
    """Every part of a mechanism. Needs its facts."""
    newest: dict[Field, PartVersion] = {}
    unfinished: dict[Field, PartVersion] = {}
    for one in session.scalars(
        select(PartVersion)
        .where(PartVersion.mechanism_id == mechanism.id)
        .order_by(PartVersion.field, PartVersion.number)
    ):
        newest[one.field] = one
        if one.state in OPEN:
            unfinished[one.field] = one
    parts = [
        _part(mechanism, one, newest.get(one), unfinished.get(one), today=today) for one in Field
    ]
    return Own(mechanism=mechanism, parts=parts)


def _part(
    mechanism: Mechanism,
    wanted: Field,
    newest: PartVersion | None,
    unfinished: PartVersion | None,
    *,
    today: date,
) -> Part:
    facts = [fact for fact in mechanism.facts if fact.field is wanted]
    shown = [fact for fact in facts if not fact.is_hidden]
    return Part(
        field=wanted,
        shown=shown,
        aside=[fact for fact in facts if fact.is_hidden],
        newest=newest,
        open=unfinished,
        to_confirm=any(is_to_confirm(fact, today) for fact in shown),
    )


def versions(session: Session, mechanism_id: UUID, wanted: Field) -> Sequence[PartVersion]:
    """All versions of a part, the newest first."""
    return session.scalars(
        select(PartVersion)
        .where(PartVersion.mechanism_id == mechanism_id, PartVersion.field == wanted)
        .order_by(PartVersion.number.desc())
    ).all()


def newest(session: Session, mechanism_id: UUID, wanted: Field) -> PartVersion | None:
    """The latest version of a part."""
    return next(iter(versions(session, mechanism_id, wanted)), None)


def version(session: Session, version_id: UUID) -> PartVersion | None:
    """A version with its mechanism."""
    return session.scalar(
        select(PartVersion)
        .where(PartVersion.id == version_id)
        .options(joinedload(PartVersion.mechanism))
    )


def version_of_state(session: Session, seat: Seat, version_id: UUID) -> PartVersion:
    """A version that was sent to this seat's State for its consent; NotVisible for every other."""
    found = session.scalar(
        select(PartVersion)
        .join(PartVersion.mechanism)
        .where(
            PartVersion.id == version_id,
            PartVersion.sent_at.is_not(None),
            Mechanism.state_id == state_of(session, seat),
        )
        .options(joinedload(PartVersion.mechanism).joinedload(Mechanism.state))
    )
    if found is None:
        raise NotVisible
    return found


def published_before(session: Session, version: PartVersion) -> PartVersion | None:
    """What stands on the profile in the place of a version that waits."""
    return session.scalar(
        select(PartVersion).where(
            PartVersion.mechanism_id == version.mechanism_id,
            PartVersion.field == version.field,
            PartVersion.language == version.language,
            PartVersion.state == PartState.PUBLISHED,
            PartVersion.id != version.id,
        )
    )


def waiting(session: Session, state_id: UUID) -> Sequence[PartVersion]:
    """What waits for a State's consent, the longest first, with the mechanisms."""
    return session.scalars(
        select(PartVersion)
        .join(PartVersion.mechanism)
        .where(Mechanism.state_id == state_id, PartVersion.state == PartState.WAITING)
        .options(joinedload(PartVersion.mechanism))
        .order_by(PartVersion.sent_at, PartVersion.id)
    ).all()


def voiced(session: Session, seat_id: UUID, version_ids: Collection[UUID]) -> set[UUID]:
    """To which of these versions a seat has given its consent."""
    return set(
        session.scalars(
            select(Consent.subject_id).where(
                Consent.kind == ConsentKind.PROFILE_PART,
                Consent.subject_id.in_(version_ids),
                Consent.seat_id == seat_id,
                Consent.revoked_at.is_(None),
            )
        )
    )


def unfinished(session: Session, mechanism_ids: Collection[UUID]) -> Sequence[PartVersion]:
    """Drafts, and refused versions that nothing has followed."""
    later = select(PartVersion).subquery()
    is_last = ~exists().where(
        later.c.mechanism_id == PartVersion.mechanism_id,
        later.c.field == PartVersion.field,
        later.c.number > PartVersion.number,
    )
    return session.scalars(
        select(PartVersion)
        .where(
            PartVersion.mechanism_id.in_(mechanism_ids),
            or_(
                PartVersion.state == PartState.DRAFT,
                and_(PartVersion.state == PartState.REFUSED, is_last),
            ),
        )
        .options(joinedload(PartVersion.mechanism))
        .order_by(PartVersion.made_at, PartVersion.id)
    ).all()


def decided_lately(session: Session, mechanism_ids: Collection[UUID]) -> Sequence[PartVersion]:
    """The last versions that were published, refused or withdrawn."""
    return session.scalars(
        select(PartVersion)
        .where(
            PartVersion.mechanism_id.in_(mechanism_ids),
            PartVersion.decided_at.is_not(None),
            PartVersion.state.in_(
                [PartState.PUBLISHED, PartState.REFUSED, PartState.WITHDRAWN],
            ),
        )
        .options(joinedload(PartVersion.mechanism))
        .order_by(PartVersion.decided_at.desc(), PartVersion.id)
        .limit(LATELY_MOST)
    ).all()


def old_parts(session: Session, mechanism_ids: Collection[UUID], today: date) -> dict[UUID, int]:
    """How many parts of these mechanisms ask to be confirmed; those without any are left out."""
    found: dict[UUID, set[Field]] = {}
    for fact in session.scalars(
        select(ProfileFact).where(
            ProfileFact.mechanism_id.in_(mechanism_ids), ProfileFact.is_hidden.is_(False)
        )
    ):
        if is_to_confirm(fact, today):
            found.setdefault(fact.mechanism_id, set()).add(fact.field)
    return {mechanism_id: len(fields) for mechanism_id, fields in found.items()}


def to_remind(
    session: Session, *, before: date, roles: Collection[str], now: datetime
) -> Sequence[Mechanism]:
    """Mechanisms that somebody drafts for and that were not asked since `before`, locked."""
    at_it = or_(
        and_(Seat.body_kind == BodyKind.STATE, Seat.body_id == Mechanism.state_id),
        and_(Seat.body_kind == BodyKind.MECHANISM, Seat.body_id == Mechanism.id),
    )
    somebody = exists().where(Holder.seat_id == Seat.id, Seat.role.in_(roles), at_it, holds(now))
    return session.scalars(
        select(Mechanism)
        .where(or_(Mechanism.asked_on.is_(None), Mechanism.asked_on <= before), somebody)
        .order_by(Mechanism.id)
        .with_for_update(skip_locked=True)
    ).all()


def past_their_consent(session: Session, today: date) -> Sequence[PartVersion]:
    """Published versions with a consent that named an end which has passed."""
    return session.scalars(
        select(PartVersion).where(
            PartVersion.state == PartState.PUBLISHED,
            exists().where(
                Consent.kind == ConsentKind.PROFILE_PART,
                Consent.subject_id == PartVersion.id,
                Consent.until_on < today,
            ),
        )
    ).all()


def writers(session: Session, found: Collection[PartVersion]) -> dict[UUID, str]:
    """The names of those who wrote these versions, by their ids."""
    return names_of(session, {version.made_by for version in found})


def withdrawal_of(session: Session, version: PartVersion, now: datetime) -> Withdrawal | None:
    """The latest withdrawal that stands against a version. Needs its mechanism."""
    seats = authorising_seats(session, version.mechanism.state_id, now)
    return session.scalar(
        select(Withdrawal)
        .where(
            Withdrawal.kind == ConsentKind.PROFILE_PART,
            Withdrawal.subject_id == version.id,
            Withdrawal.seat_id.in_(seats),
            Withdrawal.lifted_at.is_(None),
        )
        .order_by(Withdrawal.at.desc())
        .limit(1)
    )
