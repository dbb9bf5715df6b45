"""The pages of standing offers: written by one seat, decided by another, read by everybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from network.notifications.models import Delivery
from network.offers import queries
from network.offers.models import Offer
from network.offers.states import OfferState
from network.taxonomy.models import Theme
from tests.network.offering import WHOLE, Scene
from tests.walls.cast import enter
from tests.walls.statements import counted
from workers import offer_handlers
from workers.handlers import SUBSCRIPTIONS, merged

JUST_NOW = timedelta(minutes=1)
TYPED = {
    "capacities": ["coordination", "consultation"],
    "themes": ["women"],
    "types": ["study_visit"],
    "languages": ["fr", "pt"],
    "per_year": "3",
    "note": "Venez voir.",
    "note_language": "fr",
    "more": "Come and see.",
    "more_language": "en",
}


@pytest.fixture
def scene(app, session, keys, themes):
    with app.test_request_context(method="POST"):
        made = Scene(session, keys)
        session.flush()
    made.app = app
    return made


@pytest.fixture
def themes(session):
    rows = [
        Theme(key=key, family="persons and groups", names={"en": key.title(), "fr": f"{key} (fr)"})
        for key in ("women", "health")
    ]
    session.add_all(rows)
    session.flush()
    return rows


def as_holder(app, scene, holder, *, proved=JUST_NOW):
    client = app.test_client()
    enter(client, scene.cast.visit(holder, proved=proved))
    return client


@pytest.fixture
def focal(app, scene):
    return as_holder(app, scene, scene.focal, proved=None)


@pytest.fixture
def officer(app, scene):
    return as_holder(app, scene, scene.officer)


def edit_path(scene):
    return f"/offers/{scene.mechanism.id}"


def test_a_focal_point_writes_sends_and_an_officer_consents(scene, focal, officer, client, session):
    assert "No offer yet" in focal.get("/offers").text
    assert focal.post(edit_path(scene), data=TYPED | {"send": "y"}).status_code == 303
    offer = session.query(Offer).one()
    assert (offer.state, offer.languages, offer.note) == (
        OfferState.WAITING,
        ["fr", "pt"],
        {"fr": "Venez voir.", "en": "Come and see."},
    )
    assert "What it offers to others" not in client.get("/network/XAA").text
    workspace = officer.get("/workspace").text
    assert f"/offers/versions/{offer.id}" in workspace
    page = officer.get(f"/offers/versions/{offer.id}").text
    shown = ("Coordination · Consultation", "Women", "Study visit", "French · Portuguese")
    assert [words for words in (*shown, "Come and see.", "at most 3") if words not in page] == []
    assert officer.post(f"/offers/versions/{offer.id}/consent").status_code == 303
    public = client.get("/network/XAA").text
    assert [words for words in (*shown, "Come and see.") if words not in public] == []
    assert "Public since" in focal.get("/offers").text


def test_a_half_done_draft_is_kept_and_sending_lists_all_that_is_missing(scene, focal, session):
    answer = focal.post(edit_path(scene), data={"note": "Half", "note_language": "en", "send": "y"})
    assert answer.status_code == 303
    page = focal.get(answer.location).text
    assert "5 things need your attention" in page
    assert [name for name in ("#capacities-0", "#per_year") if f'href="{name}"' not in page] == []
    assert "Half</textarea>" in page
    assert session.query(Offer).one().state is OfferState.DRAFT


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"per_year": "0"}, "Give a whole number from 1 to 50."),
        ({"per_year": "many"}, "Give a whole number from 1 to 50."),
        ({"per_year": "9" * 19}, "Give a whole number from 1 to 50."),
        ({"themes": ["nonsense"]}, "Choose one of the answers offered."),
        ({"languages": ["tlh"]}, "Choose one of the answers offered."),
        ({"note": "x" * 1001}, "This is 1001 characters long; 1000 fit."),
        ({"more_language": "fr"}, "Choose another language than that of the first text."),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_typed_is_lost(
    scene, focal, session, typed, sentence
):
    answer = focal.post(edit_path(scene), data=TYPED | typed)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert typed.get("note", "Venez voir.") in answer.text
    assert session.query(Offer).count() == 0


def test_an_officer_sends_it_back_and_the_focal_point_finds_the_reason(
    scene, focal, officer, session
):
    focal.post(edit_path(scene), data=TYPED | {"send": "y"})
    offer = session.query(Offer).one()
    path = f"/offers/versions/{offer.id}/send-back"
    assert officer.post(path, data={"reason": " "}).status_code == 422
    assert officer.post(path, data={"reason": "Please offer two."}).status_code == 303
    assert "Please offer two." in focal.get(edit_path(scene)).text
    assert "An authorising officer has sent it back." in focal.get("/workspace").text
    assert officer.post(f"/offers/versions/{offer.id}/consent").status_code == 409


def test_pausing_and_lowering_hold_at_once_on_the_mailbox_alone(scene, focal, client, session):
    offer = published(scene, session)
    key = scene.mechanism.key
    until = (scene.today + timedelta(days=30)).isoformat()
    typed = {f"{key}-pause-until": until, f"{key}-pause-reason": "staff_change"}
    assert focal.post(f"{edit_path(scene)}/pause", data=typed).status_code == 303
    page = client.get("/network/XAA").text
    assert "Paused until" in page
    assert "Changes in our team" not in page
    assert "Changes in our team" in focal.get("/offers").text
    assert focal.post(f"{edit_path(scene)}/resume").status_code == 303
    assert "Paused until" not in client.get("/network/XAA").text
    assert (
        focal.post(f"{edit_path(scene)}/fewer", data={f"{key}-fewer-fewer": "2"}).status_code == 303
    )
    session.refresh(offer)
    assert (offer.per_year, offer.state) == (2, OfferState.PUBLISHED)


@pytest.mark.parametrize(
    ("act", "field", "typed", "sentence"),
    [
        ("pause", "pause-until", "2001-01-01", "This day has passed."),
        ("pause", "pause-until", "2027-02-30", "Give a day of the calendar"),
        ("pause", "pause-until", "", "Choose a day."),
        ("fewer", "fewer-fewer", "7", "Choose a number from 1 to 3."),
        ("fewer", "fewer-fewer", "", "Say how many a year."),
    ],
)
def test_a_pause_or_number_that_cannot_be_gets_its_sentence(
    scene, focal, session, act, field, typed, sentence
):
    published(scene, session)
    name = f"{scene.mechanism.key}-{field}"
    more = {f"{scene.mechanism.key}-pause-reason": "other"} if act == "pause" else {}
    answer = focal.post(f"{edit_path(scene)}/{act}", data={name: typed} | more)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert f'href="#{name}"' in answer.text


def test_a_withdrawn_consent_hides_the_offer_everywhere(scene, officer, client, session):
    offer = published(scene, session)
    assert [one["mechanism"] for one in client.get("/api/v1/offers").json["items"]] == ["xaa"]
    assert "Withdraw the consent?" in officer.get(f"/offers/versions/{offer.id}/withdraw").text
    assert officer.post(f"/offers/versions/{offer.id}/withdraw").status_code == 303
    assert "What it offers to others" not in client.get("/network/XAA").text
    assert client.get("/api/v1/offers").json == {"items": [], "next": None}


def test_the_focal_point_takes_the_offer_back(scene, focal, client, session):
    published(scene, session)
    path = f"{edit_path(scene)}/take-down"
    assert "Take the offer back?" in focal.get(path).text
    assert focal.post(path).status_code == 303
    assert client.get("/api/v1/offers").json["items"] == []
    assert focal.get(path).status_code == 404


def test_nobody_reaches_the_offer_of_another_state(app, scene, session, keys):
    offer = published(scene, session)
    with app.test_request_context(method="POST"):
        other = Scene(session, keys, "XAB", "XB")
        session.flush()
    foreign = as_holder(app, other, other.focal)
    stranger = as_holder(app, other, other.officer)
    assert {
        foreign.get(edit_path(scene)).status_code,
        foreign.post(edit_path(scene), data=TYPED).status_code,
        foreign.post(f"{edit_path(scene)}/resume").status_code,
        foreign.post(f"{edit_path(scene)}/take-down").status_code,
        stranger.get(f"/offers/versions/{offer.id}").status_code,
        stranger.post(f"/offers/versions/{offer.id}/consent").status_code,
        stranger.post(f"/offers/versions/{offer.id}/withdraw").status_code,
        stranger.get(f"/offers/versions/{uuid4()}").status_code,
    } == {404}


def test_an_organisation_has_nothing_to_offer_for_a_state(app, scene):
    holder = scene.cast.organisation_holder()
    page = as_holder(app, scene, holder).get("/offers").text
    assert "No mechanism is recorded for your State" in page


def test_programs_read_public_offers(app, scene, client, session, keys):
    offer = published(scene, session)
    with app.test_request_context(method="POST"):
        Scene(session, keys, "XAB", "XB").publish(WHOLE)
        session.flush()
    first = client.get("/api/v1/offers?limit=1").json
    assert first == {
        "items": [
            {
                "id": str(offer.id),
                "mechanism": "xaa",
                "state": "XAA",
                "state_names": {"en": "Land XAA"},
                "themes": ["women"],
                "capacities": ["coordination"],
                "types": ["study_visit", "mentoring"],
                "languages": ["en", "fr"],
                "per_year": 4,
                "paused_until": None,
                "note": {"en": "Come and see."},
                "version": 1,
                "mechanism_url": f"/api/v1/mechanisms/{scene.mechanism.id}",
            }
        ],
        "next": "/api/v1/offers?limit=1&after=xaa",
    }
    rest = client.get(first["next"]).json
    assert ([one["mechanism"] for one in rest["items"]], rest["next"]) == (["xab"], None)
    with counted() as sent:
        client.get("/api/v1/offers")
    assert len(sent) == 1


def published(scene, session):
    """An offer that everybody reads."""
    with scene.app.test_request_context(method="POST"):
        offer = scene.publish(WHOLE)
        session.flush()
    return offer


def test_each_fact_tells_the_seats_it_concerns_once(app, scene, session, keys):
    with app.test_request_context(method="POST"):
        offer = scene.send()
        sent = offer_handlers.OfferSent(offer_id=offer.id, state_id=scene.state.id)
        for _again in range(2):
            offer_handlers.ask_officers(session, sent, scene.now)
        scene.consent(offer)
        public = offer_handlers.OfferPublished(offer_id=offer.id, state_id=scene.state.id)
        offer_handlers.tell_published(session, public, scene.now)
    told = sorted(one.message for one in session.query(Delivery))
    assert told == ["offer_published", "offer_waiting", "offer_waiting"]


def test_a_consent_that_comes_in_elsewhere_moves_the_offer(app, scene, session):
    with app.test_request_context(method="POST"):
        offer = scene.send()
        scene.session.flush()
        given = scene.consent_elsewhere(offer)
        offer_handlers.follow_consent(session, given, scene.now)
        assert offer.state is OfferState.PUBLISHED
        scene.withdraw(offer)
        gone = offer_handlers.ConsentWithdrawn(
            withdrawal_id=uuid4(),
            state_id=scene.state.id,
            kind=queries.KIND.value,
            subject_id=offer.id,
        )
        offer_handlers.follow_withdrawal(session, gone, scene.now)
        assert offer.state is OfferState.WITHDRAWN


def test_a_fact_in_two_tables_has_the_handlers_of_both():
    given = offer_handlers.ConsentGiven

    def another(*_any):
        return None

    both = merged(offer_handlers.OFFER_SUBSCRIPTIONS, {given: (another,)})
    assert both[given] == (offer_handlers.follow_consent, another)
    assert offer_handlers.follow_consent in SUBSCRIPTIONS[given]
