"""What consents are about, told by the slices that own it; this slice knows none of them.

`WAITING_FOR_CONSENT` answers what waits for a State's consent, with the page on which it is
given. `SUBJECTS` tells, by `subject_kind`, how a subject is called and what became of it.
`PUBLISHED_AS` names what a consent's `publish` may list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.languages import _, localized
from network.consents.models import ConsentKind
from network.taxonomy.models import State


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits for a State's consent, with the scope that would be consented to."""

    kind: ConsentKind
    subject_kind: str
    subject_id: UUID
    title: str
    href: str
    partner_id: UUID | None = None
    partner: str = ""
    from_on: date | None = None
    until_on: date | None = None
    publish: Sequence[str] = field(default_factory=tuple)
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """How the subject of a consent is called, where it is, and what became of it.

    `held_at` is when the activity took place or will; `published` names what the public sees.
    """

    title: str
    href: str = ""
    held_at: datetime | None = None
    published: Sequence[str] = field(default_factory=tuple)


Sources = Callable[[Session, UUID, datetime], Iterable[Waiting]]

WAITING_FOR_CONSENT: list[Sources] = []
SUBJECTS: dict[str, Callable[[Session, UUID], Subject | None]] = {}
PUBLISHED_AS: dict[str, Callable[[], str]] = {}


def waiting_for(session: Session, state_id: UUID, now: datetime) -> list[Waiting]:
    """Everything that waits for this State's consent, the most urgent first."""
    found = [one for source in WAITING_FOR_CONSENT for one in source(session, state_id, now)]
    return sorted(found, key=lambda one: (one.due is None, one.due or now, one.title))


def subject_of(session: Session, kind: ConsentKind, subject_kind: str, subject_id: UUID) -> Subject:
    """A subject as its slice tells it, or by the name of its kind alone."""
    teller = SUBJECTS.get(subject_kind)
    told = teller(session, subject_id) if teller else None
    return told or Subject(title=kind_name(kind))


def kind_name(kind: ConsentKind) -> str:
    """What is consented to, in the reader's language."""
    return {
        ConsentKind.EXCHANGE_REQUEST: _("Request for a peer exchange"),
        ConsentKind.BID: _("Bid to help"),
        ConsentKind.SELECTION: _("Choice of a partner"),
        ConsentKind.AGREEMENT: _("Terms of an exchange"),
        ConsentKind.OUTCOME: _("Report on an exchange"),
        ConsentKind.PROFILE_PART: _("Part of a profile"),
        ConsentKind.PRACTICE: _("Practice"),
        ConsentKind.STANDING_OFFER: _("Standing offer"),
    }[kind]


def published_as(words: Sequence[str]) -> list[str]:
    """What may be published, in the reader's language."""
    return [PUBLISHED_AS[word]() if word in PUBLISHED_AS else word for word in words]


def partner_name(session: Session, partner_id: UUID | None) -> str:
    """The partner of a scope if it is a State."""
    state = session.get(State, partner_id) if partner_id else None
    return localized(state.names) if state else ""
