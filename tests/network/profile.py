"""A State with a mechanism, who drafts for it and who consents: the stage of tests of profiles."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.context import Actor
from core.outbox import OutboxEntry
from network.mechanisms.models import Field, Mechanism, ProfileFact, Visibility
from network.mechanisms.service import invent_mechanism
from network.notifications.models import Delivery
from network.profiles import publishing, service
from network.profiles.models import PartVersion
from network.profiles.rules import Words
from tests.walls.cast import Cast, acts
from tests.walls.consents import fresh
from workers.handlers import SUBSCRIPTIONS

SOURCE = "https://xandria.example/mechanism"


class Play:
    """Xandria with its mechanism, a focal point, a deputy and two authorising officers."""

    def __init__(self, session: Session, keys: Any, now: datetime) -> None:
        self.session, self.now = session, now
        self.cast = Cast(session, keys, at=now - timedelta(days=3))
        self.state = self.cast.state()
        self.mechanism = invent_mechanism(
            session,
            self.state,
            name="Standing Committee",
            acronym="SC",
            facts={Field.HOST: "Ministry of Tides", Field.YEAR: "2019"},
            source_url=SOURCE,
            now=now,
        )
        self.focal = self.cast.holder("focal_point", name="Lea", body_id=self.state.id)
        self.deputy = self.cast.holder("deputy", name="Idris", body_id=self.state.id)
        self.justice = self.cast.holder("authorising", name="Samira", body_id=self.state.id)
        self.abroad = self.cast.holder("authorising", name="Bruno", body_id=self.state.id)
        session.flush()

    def by(self, holder: Any) -> Actor:
        """A holder who acts on the strength of a mailbox."""
        return acts(holder.person_id, holder.seat_id)

    def words(self, value: str = "Office of the Prime Minister", **changes: Any) -> Words:
        """A complete text."""
        values = {
            "value": value,
            "language": "en",
            "source_url": "https://xandria.example/law",
            "as_of": date(self.now.year, 1, 15),
            "visibility": Visibility.PUBLIC,
        }
        return Words(**(values | changes))

    def draft(
        self,
        words: Words | None = None,
        *,
        field: Field = Field.HOST,
        seen: PartVersion | None = None,
        holder: Any = None,
    ) -> PartVersion:
        """A draft of the focal point, upon the newest version unless told otherwise."""
        newest = self.newest(field)
        known = seen or newest
        return service.save_draft(
            self.session,
            mechanism_id=self.mechanism.id,
            field=field,
            words=words or self.words(),
            seen=known.id if known else None,
            by=self.by(holder or self.focal),
            now=self.now,
        )

    def sent(self, words: Words | None = None, field: Field = Field.HOST) -> PartVersion:
        """A version that waits for consent."""
        version = self.draft(words, field=field)
        return service.send(
            self.session, version_id=version.id, by=self.by(self.focal), now=self.now
        )

    def published(self, words: Words | None = None, field: Field = Field.HOST) -> PartVersion:
        """A version that stands on the profile."""
        version = self.sent(words, field)
        publishing.agree(
            self.session, version_id=version.id, by=fresh(self.justice, self.now), now=self.now
        )
        return version

    def withdrawn(self, version: PartVersion, reason: str = "Not now.") -> PartVersion:
        """The same after the State withdrew."""
        return publishing.say_no(
            self.session,
            version_id=version.id,
            reason=reason,
            by=fresh(self.abroad, self.now),
            now=self.now,
        )

    def newest(self, field: Field = Field.HOST) -> PartVersion | None:
        """The latest version of a part."""
        return self.session.scalar(
            select(PartVersion)
            .where(PartVersion.mechanism_id == self.mechanism.id, PartVersion.field == field)
            .order_by(PartVersion.number.desc())
            .limit(1)
        )

    def states(self, field: Field = Field.HOST) -> list[str]:
        """Where each version of a part stands, the earliest first."""
        return list(
            self.session.scalars(
                select(PartVersion.state)
                .where(PartVersion.mechanism_id == self.mechanism.id, PartVersion.field == field)
                .order_by(PartVersion.number)
            )
        )

    def facts(self, field: Field = Field.HOST) -> list[tuple[str, str, bool]]:
        """(basis, value, whether hidden) of each fact of a field."""
        return sorted(
            (fact.basis.value, fact.value, fact.is_hidden)
            for fact in self.session.scalars(
                select(ProfileFact).where(
                    ProfileFact.mechanism_id == self.mechanism.id, ProfileFact.field == field
                )
            )
        )

    def again(self) -> Mechanism:
        """The mechanism with its facts, read anew."""
        return self.session.scalars(
            select(Mechanism)
            .where(Mechanism.id == self.mechanism.id)
            .options(selectinload(Mechanism.facts), selectinload(Mechanism.state))
            .execution_options(populate_existing=True)
        ).one()


def drain(session: Session, now: datetime) -> list[str]:
    """Let the handlers of every pending fact run, as the dispatcher does; the facts' names."""
    told: list[str] = []
    while True:
        session.flush()
        pending = session.scalars(
            select(OutboxEntry).where(OutboxEntry.done_at.is_(None)).order_by(OutboxEntry.sequence)
        ).all()
        if not pending:
            return told
        for entry in pending:
            for handle in SUBSCRIPTIONS.get(type(entry.fact()), ()):
                handle(session, entry.fact(), now)
            entry.done_at = now
            told.append(entry.kind)


def mails(session: Session) -> list[tuple[str, UUID]]:
    """(message, mailbox) of every mail about profiles that was queued, by message."""
    of_profiles = select(Delivery).where(Delivery.message.like("profile%"))
    return sorted((one.message, one.recipient_id) for one in session.scalars(of_profiles))
