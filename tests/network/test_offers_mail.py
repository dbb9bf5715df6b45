"""The mails about standing offers, and the invented offer of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.house import house
from core.mail.message import BUILDERS
from network.accounts.models import Reader
from network.offers import seed
from network.offers.models import Offer
from network.offers.states import OfferState
from tests.network.offering import Scene

MESSAGES = ("offer_waiting", "offer_sent_back", "offer_published", "offer_withdrawn")


@dataclass
class Asked:
    """What a delivery tells a builder."""

    message: str
    recipient_id: UUID
    subject_id: UUID
    locale: str = "en"
    recipient_kind: str = "mailbox"
    id: UUID = UUID(int=0)


@pytest.fixture
def scene(app, session, keys):
    with app.test_request_context(method="POST"):
        yield Scene(session, keys)


def mail(scene, message, subject_id, locale="en"):
    person = scene.officer.person_id
    box = scene.session.scalars(select(Reader.mailbox_id).where(Reader.person_id == person)).one()
    order = Asked(message=message, recipient_id=box, subject_id=subject_id, locale=locale)
    return BUILDERS[message](scene.session, order, house(), scene.now)


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_every_mail_says_what_happened_and_where_to_go(scene, message, locale):
    written = mail(scene, message, scene.send().id, locale)
    assert written.subject.strip() == written.subject != ""
    assert f"{house().public_url}/offers" in written.text
    assert f'href="{house().public_url}/offers' in written.html
    assert "Standing Committee" not in written.subject + written.text


def test_the_mail_to_officers_leads_to_the_very_words(scene):
    offer = scene.send()
    written = mail(scene, "offer_waiting", offer.id)
    assert written.subject == "A standing offer waits for your State’s consent"
    assert f"{house().public_url}/offers/versions/{offer.id}" in written.text


def test_nobody_is_asked_to_consent_to_what_is_decided_or_gone(scene):
    assert mail(scene, "offer_waiting", scene.publish().id) is None
    assert mail(scene, "offer_waiting", uuid4()) is None


def test_the_demonstration_has_one_offer_however_often_it_is_filled(app, session, keys):
    with app.test_request_context(method="POST"):
        seed.seed_offer(session, now=Scene(session, keys, "XAC", "XC").now)
        assert session.scalars(select(Offer)).all() == []
        scene = Scene(session, keys, "XAB", "XB")
        for _again in range(2):
            seed.seed_offer(session, now=scene.now)
        [offer] = session.scalars(select(Offer)).all()
        assert (offer.state, offer.version) == (OfferState.PUBLISHED, 1)
        assert scene.open() == [offer.id]
