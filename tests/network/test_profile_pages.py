"""The pages on which a State looks after its profile, as people use them without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest

from core import clock as core_clock
from core.context import SYSTEM
from network.mechanisms.models import Field
from network.profiles.states import PartState
from network.seats import service as seats
from tests.network.profile import Play
from tests.walls.cast import enter

NOW = timedelta(minutes=1)
HOST = "/mechanism/xaa/parts/host"


@pytest.fixture
def now():
    return core_clock.now()


@pytest.fixture
def play(session, keys, now):
    return Play(session, keys, now)


def as_(client, play, holder, proved=None):
    play.cast.at = play.now
    enter(client, play.cast.visit(holder, proved=proved))
    return client


def main(answer):
    body = html5lib.parse(answer.text, namespaceHTMLElements=False).find(".//main")
    return " ".join(" ".join(body.itertext()).split())


def form_of(play, **changes):
    newest = play.newest()
    return {
        "seen": str(newest.id) if newest else "",
        "value": "Office of the Prime Minister",
        "language": "en",
        "source_url": "https://xandria.example/law",
        "source_name": "",
        "as_of": f"{play.now.year}-01-15",
        "visibility": "public",
    } | changes


def test_a_focal_point_sees_each_part_with_basis_source_and_date(client, play):
    shown = main(as_(client, play, play.focal).get("/mechanism"))
    assert "Host Ministry of Tides Public source: xandria.example" in shown
    assert "Structure and composition Nothing yet" in shown
    assert "Our mechanism" in client.get("/workspace").text


def test_from_draft_to_the_public_page(client, session, play):
    as_(client, play, play.focal)
    assert "Ministry of Tides" in client.get(f"{HOST}/edit").text  # to start from
    answer = client.post(f"{HOST}/edit", data=form_of(play) | {"send": "y"})
    assert (answer.status_code, answer.location) == (303, HOST)
    version = play.newest()
    assert version.state is PartState.WAITING
    assert "Waits for consent" in main(client.get(HOST))
    assert "to “Host” on your profile" in main(client.get("/workspace"))
    as_(client, play, play.justice, NOW)
    assert "“Host” on the profile of Standing Committee" in main(client.get("/workspace"))
    page = f"/profile-consents/{version.id}"
    shown = main(client.get(page))
    assert "exactly the words" in shown
    assert "Office of the Prime Minister" in shown
    assert "Consent for Xandria" in shown
    assert client.post(f"{page}/agree").location == "/workspace"
    shown = main(client.get("/network/XAA"))
    assert "Host Office of the Prime Minister Given by the State. Source: xandria.example" in shown
    assert "Ministry of Tides" not in shown


def test_an_officer_says_no_with_a_reason_that_the_writer_reads(client, session, play):
    version = play.sent()
    as_(client, play, play.justice, NOW)
    page = f"/profile-consents/{version.id}"
    empty = client.post(f"{page}/say-no", data={"reason": " "})
    assert (empty.status_code, "Give the reason." in empty.text) == (422, True)
    assert client.post(f"{page}/say-no", data={"reason": "Name the decree."}).status_code == 303
    as_(client, play, play.focal)
    assert "Write anew “Host” on your profile" in main(client.get("/workspace"))
    assert "Name the decree." in main(client.get(HOST))


def test_an_old_proof_opens_no_consent_page(client, play):
    version = play.sent()
    page = f"/profile-consents/{version.id}"
    as_(client, play, play.justice, timedelta(hours=3))
    assert client.get(page).location.startswith("/prove")
    assert client.post(f"{page}/agree").location.startswith("/prove")
    assert version.state is PartState.WAITING


def test_sending_what_is_incomplete_keeps_it_and_names_every_gap(client, play):
    as_(client, play, play.focal)
    gaps = {"value": "", "language": "", "source_url": "", "as_of": ""}
    answer = client.post(f"{HOST}/edit", data=form_of(play, **gaps) | {"send": "y"})
    assert answer.location == f"{HOST}/edit?missing=1"
    assert "4 things need your attention" in main(client.get(answer.location))
    assert play.states() == ["draft"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"as_of": "2999-01-01"}, "This day lies in the future."),
        ({"as_of": "2026-02-31"}, "This is no day of the calendar."),
        ({"source_url": "ftp://x"}, "This is not a web address."),
        ({"language": "tlh"}, "Choose one of the answers offered."),
        ({"visibility": "nobody"}, "Choose one of the answers offered."),
        ({"value": "x" * 2_001}, "2000 fit."),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(client, play, changes, sentence):
    as_(client, play, play.focal)
    answer = client.post(f"{HOST}/edit", data=form_of(play, value="Kept text") | changes)
    assert (answer.status_code, sentence in main(answer)) == (422, True)
    assert changes.get("value", "Kept text") in answer.text
    assert play.newest() is None


def test_the_second_of_two_writers_sees_both_texts(client, session, play):
    start = form_of(play)
    play.draft(play.words("Her text"), holder=play.focal)
    as_(client, play, play.deputy)
    answer = client.post(f"{HOST}/edit", data=start | {"value": "His text"})
    assert answer.status_code == 409
    assert "Their text Her text" in main(answer)
    assert "Written by Lea" not in main(answer)
    assert "His text" in answer.text
    assert str(play.newest().id) in answer.text
    again = client.post(f"{HOST}/edit", data=form_of(play, value="His text"))
    assert (again.status_code, play.states()) == (303, ["replaced", "draft"])


def test_two_versions_are_compared_and_one_is_taken_up_again(client, session, play):
    first = play.published(play.words("It meets twice a year."))
    second = play.draft(play.words("It meets four times a year."))
    as_(client, play, play.focal)
    compared = client.get(f"{HOST}/compare?old={second.id}&new={first.id}")
    assert "Versions 1 and 2" in main(compared)
    assert '<del><span class="hide">[removed: </span>twice' in compared.text
    assert '<ins><span class="hide">[added: </span>four times' in compared.text
    play.published(play.words("It meets."))
    assert "Take up again" in main(client.get(HOST))
    answer = client.post(f"{HOST}/restore", data={"version": str(first.id)})
    assert (answer.status_code, play.states()) == (
        303,
        ["replaced", "replaced", "published", "draft"],
    )


def test_old_parts_ask_to_be_confirmed_and_rest_for_a_year(client, session, play, now):
    last_year = now.date() - timedelta(days=400)
    version = play.published(play.words(as_of=last_year))
    assert "To confirm: older than twelve months" in main(client.get("/network/XAA"))
    as_(client, play, play.focal)
    assert "Confirm one fact on your mechanism’s profile" in main(client.get("/workspace"))
    assert "Still right" in main(client.get("/mechanism"))
    assert client.post(f"{HOST}/confirm").location == "/mechanism/xaa"
    fact = next(one for one in play.again().facts if one.version_id == version.id)
    assert (fact.confirmed_on, fact.confirmed_by) == (now.date(), play.focal.person_id)
    assert "Confirm one fact" not in main(client.get("/workspace"))
    shown = main(client.get("/network/XAA"))
    assert "To confirm" not in shown
    assert "Given by the State. Confirmed on" in shown


def test_an_old_public_source_is_hidden_or_taken_over_and_not_confirmed(client, session, play, now):
    for fact in play.again().facts:
        fact.recorded_on = now.date() - timedelta(days=400)
    session.flush()
    as_(client, play, play.focal)
    assert "Confirm 2 facts on your mechanism’s profile" in main(client.get("/workspace"))
    assert client.post(f"{HOST}/confirm").status_code == 409
    shown = main(client.get(HOST))
    assert "Take it over as our own words" in shown
    assert "Have it hidden" in shown
    assert client.post(f"{HOST}/hide", data={"reason": "Wrong"}).location == HOST
    assert "Ministry of Tides" not in client.get("/network/XAA").text
    assert client.post(f"{HOST}/show").location == HOST
    assert "Ministry of Tides" in client.get("/network/XAA").text


def test_nobody_reads_or_writes_the_profile_of_another_state(client, session, play):
    version = play.sent()
    other = play.cast.state("XAB", "XB", "Yendor")
    stranger = play.cast.holder("focal_point", body_id=other.id)
    officer = play.cast.holder("authorising", body_id=other.id)
    as_(client, play, stranger)
    assert "No mechanism of Yendor is described here yet" in main(client.get("/mechanism"))
    for path in ("/mechanism/xaa", HOST, f"{HOST}/edit", f"{HOST}/compare?old=x&new=y"):
        assert client.get(path).status_code == 404, path
    for path in ("edit", "send", "restore", "confirm", "hide", "show"):
        assert client.post(f"{HOST}/{path}", data=form_of(play)).status_code == 404, path
    as_(client, play, officer, NOW)
    page = f"/profile-consents/{version.id}"
    assert client.get(page).status_code == 404
    for path in ("agree", "say-no"):
        assert client.post(f"{page}/{path}", data={"reason": "No."}).status_code == 404
    assert play.states() == ["waiting"]


def test_an_organisation_has_no_mechanism_here(client, session, play):
    as_(client, play, play.cast.organisation_holder())
    assert client.get("/mechanism").status_code == 403


def test_a_seat_that_ended_yesterday_opens_nothing(client, session, play, now):
    yesterday = now - timedelta(days=1)
    seats.end(session, holder=play.focal, at=yesterday, by=SYSTEM, now=yesterday)
    as_(client, play, play.focal)
    assert client.get("/mechanism").status_code == 403
    assert client.post(f"{HOST}/edit", data=form_of(play)).status_code == 403
    assert play.newest() is None


def test_a_state_without_a_mechanism_begins_one(client, session, play):
    state = play.cast.state("XAC", "XC", "Zembla")
    as_(client, play, play.cast.holder("focal_point", body_id=state.id))
    answer = client.post("/mechanism")
    assert answer.location == "/mechanism/xac/parts/name/edit"
    assert "Who may read it" not in main(client.get(answer.location))
    assert "This mechanism is not on the public pages yet" in main(client.get("/mechanism"))
    assert "No mechanism is known to us" in main(client.get("/network/XAC"))


def test_unknown_parts_and_versions_are_not_there(client, play):
    as_(client, play, play.focal)
    assert client.get("/mechanism/xaa/parts/nonsense").status_code == 404
    assert client.get(f"{HOST}/compare").status_code == 404
    assert client.get(f"{HOST}/compare?old=1&new=2").status_code == 404
    year = play.draft(play.words("2020"), field=Field.YEAR)
    assert client.get(f"{HOST}/compare?old={year.id}&new={year.id}").status_code == 404
    assert client.post(f"{HOST}/restore", data={"version": str(year.id)}).status_code == 404
