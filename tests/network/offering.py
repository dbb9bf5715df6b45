"""A stage for standing offers: an invented member State with a mechanism and its seats."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from core.outbox import OutboxEntry
from network.applications.seed import seed_members
from network.consents import service as consents
from network.consents.facts import ConsentGiven
from network.mechanisms.models import Mechanism, NameStatus
from network.offers import queries, service
from network.offers.models import PauseReason
from tests.walls.cast import Cast
from tests.walls.consents import fresh

WHOLE = service.Content(
    themes=("women",),
    capacities=("coordination",),
    types=("study_visit", "mentoring"),
    languages=("en", "fr"),
    per_year=4,
    note={"en": "Come and see."},
)
KIND = queries.KIND


class Scene:
    """An invented member State with a mechanism, its focal point and two authorising officers."""

    def __init__(self, session, keys, iso3="XAA", iso2="XA"):
        self.session, self.cast = session, Cast(session, keys)
        self.state = self.cast.state(iso3, iso2, f"Land {iso3}")
        self.mechanism = Mechanism(
            key=iso3.lower(),
            state=self.state,
            name="Standing Committee",
            name_status=NameStatus.FORMAL,
            recorded_on=date(2027, 1, 1),
        )
        session.add(self.mechanism)
        session.flush()
        self.now = self.cast.at
        self.today = self.now.date()
        body = {"body_id": self.state.id}
        self.focal = self.cast.holder("focal_point", name="Focal", **body)
        self.officer = self.cast.holder("authorising", name="One", **body)
        self.other = self.cast.holder("authorising", name="Two", **body)
        seed_members(session, [iso3], now=self.now - timedelta(days=1))

    def by(self, holder):
        return fresh(holder, self.now)

    def write(self, content=WHOLE):
        return service.write(
            self.session,
            mechanism=self.mechanism,
            content=content,
            by=self.by(self.focal),
            now=self.now,
        )

    def send(self, content=WHOLE):
        offer = self.write(content)
        return service.send(self.session, offer=offer, by=self.by(self.focal), now=self.now)

    def consent(self, offer, holder=None):
        """Give consent and let the offer follow, as the page does."""
        self.consent_elsewhere(offer, holder)
        return self.settle(offer)

    def consent_elsewhere(self, offer, holder=None):
        """Give consent on another page; answers the fact of it."""
        scope = consents.Scope(
            state_id=self.state.id,
            kind=KIND,
            subject_kind="offer",
            subject_id=offer.id,
            publish=(queries.PUBLISH,),
        )
        given = consents.give(
            self.session, scope=scope, by=self.by(holder or self.officer), now=self.now
        )
        return ConsentGiven(consent_id=given.id, state_id=self.state.id)

    def settle(self, offer):
        return service.settle(self.session, offer=offer, by=self.by(self.officer), now=self.now)

    def publish(self, content=WHOLE):
        offer = self.send(content)
        self.consent(offer)
        return offer

    def withdraw(self, offer, holder=None):
        consents.withdraw(
            self.session,
            state_id=self.state.id,
            kind=KIND,
            subject_id=offer.id,
            by=self.by(holder or self.officer),
            now=self.now,
        )

    def pause(self, **days):
        service.pause(
            self.session,
            mechanism=self.mechanism,
            until=self.today + timedelta(**days),
            reason=PauseReason.STAFF_CHANGE,
            by=self.by(self.focal),
            now=self.now,
        )

    def open(self, today=None):
        return [one.id for one in queries.open_offers(self.session, today or self.today)]

    def public(self):
        found = queries.public_offer(self.session, self.mechanism.id)
        return found and found.id

    def facts(self):
        rows = self.session.scalars(select(OutboxEntry).order_by(OutboxEntry.sequence))
        return [row.kind for row in rows if row.kind.startswith("Offer")]
