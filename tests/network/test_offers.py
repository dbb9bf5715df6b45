"""A standing offer from its draft to its end: what needs the State's consent, and what never does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.errors import Conflict, Invalid, MoveRefused, Refused
from network.consents import service as consents
from network.consents.models import Need
from network.offers import queries, service
from network.offers.states import OFFER, OfferState
from network.taxonomy.models import Classification
from tests.network.offering import WHOLE, Scene
from tests.walls.statements import counted


@pytest.fixture
def scene(app, session, keys):
    with app.test_request_context(method="POST"):
        yield Scene(session, keys)


def test_a_draft_may_be_empty_and_only_sending_wants_all_of_it(scene):
    offer = scene.write(service.Content())
    with pytest.raises(Invalid) as refused:
        service.send(scene.session, offer=offer, by=scene.by(scene.focal), now=scene.now)
    assert refused.value.problems == {
        "themes": "Choose at least one theme.",
        "capacities": "Choose at least one capacity.",
        "types": "Choose at least one form of exchange.",
        "languages": "Choose at least one language.",
        "per_year": "Say how many exchanges a year you can take on.",
    }
    assert (offer.state, scene.public()) == (OfferState.DRAFT, None)


def test_nothing_is_public_before_the_state_consents_and_all_of_it_is_at_once_after(scene):
    offer = scene.send()
    assert (scene.settle(offer), scene.public(), scene.open()) == (OfferState.WAITING, None, [])
    assert scene.consent(offer) is OfferState.PUBLISHED
    assert (scene.public(), scene.open()) == (offer.id, [offer.id])
    assert scene.facts() == ["OfferSent", "OfferPublished"]


def test_a_state_that_wants_all_its_officers_waits_for_all(scene):
    consents.set_rule(
        scene.session,
        state_id=scene.state.id,
        need=Need.ALL,
        by=scene.by(scene.officer),
        now=scene.now,
    )
    offer = scene.send()
    assert scene.consent(offer) is OfferState.WAITING
    assert queries.voiced(scene.session, offer.id, scene.officer.seat_id, scene.now)
    assert scene.consent(offer, scene.other) is OfferState.PUBLISHED


def test_changed_words_need_consent_anew_and_the_old_ones_stay_until_then(scene):
    first = scene.publish()
    changed = service.Content(**{**asdict(WHOLE), "themes": ("women", "health")})
    second = scene.send(changed)
    assert (second.version, second.state, scene.public()) == (2, OfferState.WAITING, first.id)
    assert scene.consent(second) is OfferState.PUBLISHED
    assert (first.state, scene.public()) == (OfferState.REPLACED, second.id)


def test_words_that_were_sent_never_change_under_a_consent(scene):
    consents.set_rule(
        scene.session,
        state_id=scene.state.id,
        need=Need.ALL,
        by=scene.by(scene.officer),
        now=scene.now,
    )
    first = scene.send()
    scene.consent(first)
    second = scene.write(service.Content(themes=("health",)))
    assert (first.state, first.themes) == (OfferState.REPLACED, ["women"])
    assert (second.id != first.id, second.state) == (True, OfferState.DRAFT)
    assert scene.consent(first, scene.other) is OfferState.REPLACED
    assert scene.public() is None


def test_the_same_words_again_change_nothing(scene):
    offer = scene.send()
    assert scene.write() is offer
    assert offer.state is OfferState.WAITING


def test_an_officer_sends_it_back_with_a_reason(scene):
    offer = scene.send()
    draft = service.send_back(
        scene.session, offer=offer, reason="Fewer.", by=scene.by(scene.officer), now=scene.now
    )
    assert (offer.state, draft.state, draft.version) == (OfferState.REPLACED, OfferState.DRAFT, 2)
    assert (draft.sent_back, service.content_of(draft)) == ("Fewer.", WHOLE)
    assert scene.facts() == ["OfferSent", "OfferSentBack"]
    with pytest.raises(MoveRefused):
        service.send_back(
            scene.session, offer=offer, reason="Again.", by=scene.by(scene.officer), now=scene.now
        )


def test_a_published_offer_cannot_be_sent_back(scene):
    offer = scene.publish()
    with pytest.raises(Conflict):
        service.send_back(
            scene.session, offer=offer, reason="No.", by=scene.by(scene.officer), now=scene.now
        )


def test_a_withdrawal_hides_at_once_even_before_the_offer_follows(scene):
    offer = scene.publish()
    scene.withdraw(offer, scene.other)
    assert (offer.state, scene.public(), scene.open()) == (OfferState.PUBLISHED, None, [])
    assert queries.public_offers(scene.session) == []
    assert scene.settle(offer) is OfferState.WITHDRAWN
    assert scene.facts()[-1] == "OfferWithdrawn"


def test_a_consent_given_again_does_not_bring_a_withdrawn_offer_back(scene):
    offer = scene.publish()
    scene.withdraw(offer)
    scene.settle(offer)
    assert scene.consent(offer) is OfferState.WITHDRAWN
    again = scene.publish()
    assert (again.version, scene.public()) == (2, again.id)


def test_a_pause_and_its_end_need_nobody(scene):
    offer = scene.publish()
    scene.pause(days=10)
    tenth, after = scene.today + timedelta(days=10), scene.today + timedelta(days=11)
    assert (scene.open(), scene.open(tenth), scene.open(after)) == ([], [], [offer.id])
    assert scene.public() == offer.id
    service.resume(
        scene.session, mechanism=scene.mechanism, by=scene.by(scene.focal), now=scene.now
    )
    assert (scene.open(), offer.state, offer.pause_reason) == (
        [offer.id],
        OfferState.PUBLISHED,
        None,
    )


def test_a_pause_goes_over_to_the_next_version(scene):
    scene.publish()
    scene.pause(days=10)
    changed = service.Content(**{**asdict(WHOLE), "per_year": 9})
    second = scene.send(changed)
    scene.consent(second)
    assert (second.state, second.is_paused(scene.today)) == (OfferState.PUBLISHED, True)
    assert scene.open() == []


@pytest.mark.parametrize("days", [-1, 1_000])
def test_a_pause_ends_on_a_day_that_makes_sense(scene, days):
    scene.publish()
    with pytest.raises(Invalid):
        scene.pause(days=days)


def test_fewer_a_year_hold_at_once_and_more_never_do(scene):
    offer = scene.publish()
    act = {"by": scene.by(scene.focal), "now": scene.now}
    service.lower(scene.session, offer=offer, per_year=2, **act)
    assert (offer.per_year, offer.state, scene.public()) == (2, OfferState.PUBLISHED, offer.id)
    for many in (2, 3, 0):
        with pytest.raises(Invalid):
            service.lower(scene.session, offer=offer, per_year=many, **act)
    assert offer.per_year == 2


def test_only_members_make_offers(app, session, keys):
    with app.test_request_context(method="POST"):
        scene = Scene(session, keys)
        offer = scene.write()
        later = scene.now - timedelta(days=2)
        with pytest.raises(Refused, match="member States"):
            service.send(session, offer=offer, by=scene.by(scene.focal), now=later)


def test_open_offers_come_whole_in_the_same_three_statements(scene, session, keys):
    scene.publish()
    session.add(Classification(state=scene.state, kind="flag", word="sids", source="invented"))
    with counted() as one:
        [found] = queries.open_offers(session, scene.today)
    assert (found.state_id, found.classified) == (scene.state.id, {"flag": {"sids"}})
    Scene(session, keys, "XAB", "XB").publish()
    Scene(session, keys, "XAC", "XC").publish()
    session.flush()
    session.expire_all()
    with counted() as three:
        found = queries.open_offers(session, scene.today)
    assert [(offer.key, offer.facts) for offer in found] == [("xaa", {}), ("xab", {}), ("xac", {})]
    assert len(three) == len([line for line in one if line.startswith("SELECT")]) == 3


def test_every_act_is_in_the_audit_trail(scene, session):
    offer = scene.publish()
    scene.pause(days=1)
    service.take_down(session, offer=offer, by=scene.by(scene.focal), now=scene.now)
    words = session.scalars(
        select(AuditEntry.word).where(AuditEntry.subject_kind == "offer").order_by(AuditEntry.id)
    )
    assert sorted(words) == sorted(
        ["offer.drafted", "offer.sent", "offer.published", "offer.paused", "offer.withdrawn"]
    )


def test_the_table_has_no_way_out_of_the_end():
    assert [state for state in OfferState if OFFER.is_final(state)] == [
        OfferState.REPLACED,
        OfferState.WITHDRAWN,
    ]
