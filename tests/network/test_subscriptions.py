"""What a seat wants to hear of hangs on the seat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotAllowed
from network.notifications.subscriptions import How, Topic, choose, subscribed
from tests.events.participant import Stage
from tests.network.country import Country


@pytest.fixture
def stage(live, keys, mailbox, clock) -> Stage:
    return Stage(live, keys, mailbox, clock)


@pytest.fixture
def country(stage) -> Country:
    return Country(stage)


def wanting(stage, topic, **about):
    with stage.live.session() as session:
        return set(subscribed(session, topic, stage.clock.now(), **about))


def chosen(country, holder, topic, how, **more):
    now = country.stage.clock.now()
    with country.stage.live.session() as session, country.stage.live.app.app_context():
        choose(
            session,
            seat_id=holder.seat_id,
            topic=topic,
            how=how,
            by=country.by(holder),
            now=now,
            **more,
        )


def test_without_a_choice_focal_points_hear_of_news_and_all_of_their_own_cases(country, stage):
    spoken_to = {country.focal.seat_id, country.deputy.seat_id}
    officers = {country.justice.seat_id, country.abroad.seat_id}
    assert wanting(stage, Topic.REQUESTS) == spoken_to
    assert wanting(stage, Topic.DIRECTORY) == spoken_to
    assert wanting(stage, Topic.OWN_CASES) == spoken_to | officers


def test_a_seat_narrows_what_it_hears_of(country, stage):
    chosen(country, country.focal, Topic.REQUESTS, How.NOW, themes=["a2"], types=["workshop"])
    focal = country.focal.seat_id
    assert focal in wanting(stage, Topic.REQUESTS)
    assert focal in wanting(stage, Topic.REQUESTS, themes=["a2", "b1"], types=["workshop"])
    assert focal not in wanting(stage, Topic.REQUESTS, themes=["b1"], types=["workshop"])
    assert focal not in wanting(stage, Topic.REQUESTS, themes=["a2"], types=["mentoring"])


def test_mails_about_ones_own_cases_cannot_be_switched_off(country, stage):
    with pytest.raises(NotAllowed):
        chosen(country, country.focal, Topic.OWN_CASES, How.NEVER)
    assert country.focal.seat_id in wanting(stage, Topic.OWN_CASES)


def test_only_who_holds_the_seat_chooses(country, stage):
    now = stage.clock.now()
    with stage.live.session() as session, stage.live.app.app_context(), pytest.raises(NotAllowed):
        choose(
            session,
            seat_id=country.focal.seat_id,
            topic=Topic.REQUESTS,
            how=How.NEVER,
            by=country.by(country.deputy),
            now=now,
        )


def test_a_successor_finds_the_choice_and_an_empty_seat_hears_nothing(country, stage, clock):
    chosen(country, country.focal, Topic.REQUESTS, How.NEVER)
    clock.forward(seconds=5)
    country.handed(country.client(country.justice), country.focal.seat_id)
    country.end(country.deputy)
    assert wanting(stage, Topic.REQUESTS) == set()
    successor = country.client(country.holders(country.focal.seat_id)[1], proved=None)
    assert 'value="never" checked' in successor.get("/mails").text


def test_the_choice_is_made_on_a_page(country, stage):
    client = country.client(country.focal, proved=None)
    page = client.get("/mails").text
    assert "always come" in page
    sent = client.post(
        "/mails", data={"requests": "now", "types": ["workshop"], "directory": "never"}
    )
    assert sent.location == "/mails"
    assert country.focal.seat_id not in wanting(stage, Topic.DIRECTORY)
    assert country.focal.seat_id not in wanting(stage, Topic.REQUESTS, types=["mentoring"])
    assert 'value="workshop" checked' in client.get("/mails").text
    wrong = client.post("/mails", data={"requests": "sometimes", "directory": "never"})
    assert (wrong.status_code, "Choose one of the answers offered." in wrong.text) == (422, True)
    assert client.get("/hand-over").text.count("Narrowed to some themes or types.") == 1
    assert country.client(country.noor).get("/mails").status_code == 403
    later = stage.clock.now() + timedelta(days=1)
    with stage.live.session() as session:
        assert country.deputy.seat_id in subscribed(session, Topic.REQUESTS, later)
