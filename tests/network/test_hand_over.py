"""Naming and handing over: who may, to the second, with everything that hangs on the seat."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock as core_clock
from core.audit import AuditEntry
from core.context import SYSTEM
from core.db import db
from core.errors import NotAllowed
from core.files import StoredFile
from network.accounts import service as accounts
from network.accounts.models import Person
from network.accounts.queries import token_at
from network.consents import service as consents
from network.notifications.models import Delivery
from network.notifications.subscriptions import How, Topic, choose
from network.seats.models import Seat, Vacancy
from tests.events.participant import Stage
from tests.network.country import PDF, Country, letter
from workers import sweep_table

DAY = timedelta(days=1)


@pytest.fixture
def stage(live, keys, mailbox, clock) -> Stage:
    return Stage(live, keys, mailbox, clock)


@pytest.fixture
def country(stage) -> Country:
    return Country(stage)


def tasks(client) -> str:
    return client.get("/workspace").text


def test_an_authorising_officer_hands_a_seat_over_on_a_page_that_asks_first(country, stage):
    client = country.client(country.justice)
    sent = country.name(client, country.focal.seat_id)
    page = client.get(sent.location).text
    assert "Fanny Focal leaves the seat at that moment" in page
    assert "cannot be undone" in page
    assert len(country.holders(country.focal.seat_id)) == 1
    done = client.post(sent.location)
    assert done.location == "/seats/of/XAA"
    first, second = country.holders(country.focal.seat_id)
    assert first.until == second.since
    shown = client.get(done.location).text
    assert "Sunniva Successor" in shown
    assert client.get(f"/seats/letters/{second.id}").data == PDF
    stage.settle()
    assert sorted(country.subjects("mechanism@xandria.example")) == [
        "A seat was handed over",
        "A seat was handed over to somebody at this mailbox",
    ]
    stage.settle()
    assert len(country.subjects("mechanism@xandria.example")) == 2


def test_the_predecessor_with_an_open_page_is_out_to_the_second(country, stage, clock):
    predecessor = country.client(country.justice)
    consent = country.give(country.justice)
    with stage.live.session() as session:
        seat = session.get_one(Seat, country.justice.seat_id)
        _row, token = accounts.make_token(session, seat=seat, label="", by=SYSTEM, now=clock.now())
    clock.forward(seconds=5)
    moment = (clock.now() + DAY).replace(second=0, microsecond=0)
    answer = country.handed(
        country.client(country.noor),
        country.justice.seat_id,
        address="justice@xandria.example",
        moment="later",
        day=f"{moment:%Y-%m-%d}",
        hour=f"{moment:%H:%M}",
    )
    assert answer.status_code == 200
    code = re.search(r'class="code" dir="ltr">([0-9A-Z-]{17})<', answer.text)
    assert code is not None
    stage.settle()
    assert country.subjects("justice@xandria.example") == [
        "A consent of your State was given",
        "A seat will be handed over",
        "Somebody at this mailbox was named to a seat",
    ]
    path = f"/consents/{consent.id}/withdraw"
    assert predecessor.get(f"/consents/{consent.id}").status_code == 200
    with stage.live.session() as session:
        before, at = moment - timedelta(seconds=1), moment
        assert [token_at(session, token, when) is not None for when in (before, at)] == [
            True,
            False,
        ]
    clock.forward(seconds=(moment - clock.now()).total_seconds())
    sent = predecessor.post(path, data={"reason": "I am still here."})
    assert (sent.status_code, sent.location) == (303, "/sign-in")
    assert predecessor.get("/workspace").location == "/sign-in?then=/workspace"
    with (
        stage.live.session() as session,
        stage.live.app.app_context(),
        pytest.raises(NotAllowed),
    ):
        consents.withdraw(
            session,
            state_id=country.state_id,
            kind=consent.kind,
            subject_id=consent.subject_id,
            by=country.by(country.justice),
            now=clock.now(),
        )
    stage.settle()
    assert country.subjects("justice@xandria.example")[3:] == [
        "A seat was handed over",
        "A seat was handed over to somebody at this mailbox",
    ]


def test_a_hand_over_that_has_not_come_is_called_off_and_nobody_is_told_it_came(
    country, stage, clock
):
    client = country.client(country.justice)
    moment = clock.now() + 2 * DAY
    country.handed(
        client,
        country.focal.seat_id,
        moment="later",
        day=f"{moment:%Y-%m-%d}",
        hour=f"{moment:%H:%M}",
    )
    successor = country.holders(country.focal.seat_id)[1]
    assert client.post(f"/seats/called-off/{successor.id}").location == "/seats/of/XAA"
    stage.settle()
    clock.forward(days=3)
    stage.settle()
    assert country.subjects("mechanism@xandria.example") == []
    assert "Fanny Focal" in country.client(country.focal, proved=None).get("/workspace").text
    late = country.client(country.justice).post(f"/seats/called-off/{successor.id}")
    assert late.status_code == 409


def test_the_successor_finds_everything_that_hangs_on_the_seat(country, stage, clock):
    consent = country.give(country.justice)
    with stage.live.session() as session, stage.live.app.app_context():
        choose(
            session,
            seat_id=country.justice.seat_id,
            topic=Topic.DIRECTORY,
            how=How.NOW,
            by=country.by(country.justice),
            now=clock.now(),
        )
    clock.forward(minutes=1)
    country.handed(
        country.client(country.abroad), country.justice.seat_id, address="justice@xandria.example"
    )
    clock.forward(minutes=1)
    successor = country.client(country.holders(country.justice.seat_id)[1])
    page = successor.get("/hand-over").text
    for words in (
        "Justa Justice held this seat before you",
        "Open tasks",
        "Keep or withdraw",
        "Consents given in this seat",
        "Mails this seat gets",
        "Letter of nomination",
    ):
        assert words in page
    assert "This seat was handed over to you" in tasks(successor)
    assert "Keep or withdraw what your predecessor gave" in tasks(successor)
    assert successor.post(f"/consents/{consent.id}/keep").location == "/consents"
    assert "Keep or withdraw what your predecessor gave" not in tasks(successor)
    assert "Kept by a successor" in successor.get(f"/consents/{consent.id}").text
    assert country.client(country.abroad).post(f"/consents/{consent.id}/keep").status_code == 403


def test_a_focal_point_proposes_and_an_officer_decides(country, stage):
    focal = country.client(country.focal, proved=None)
    sent = country.name(focal, country.deputy.seat_id)
    page = focal.get(sent.location).text
    assert "This waits for an authorising officer of the State" in page
    assert focal.post(sent.location).status_code == 403
    stage.settle()
    assert country.subjects("justice@xandria.example") == ["A nomination waits for a decision"]
    assert country.subjects("noor-xaa@secretariat.example") == []
    officer = country.client(country.abroad)
    assert "Decide on a nomination" in tasks(officer)
    assert "Decide on a nomination" not in tasks(country.client(country.noor))
    assert officer.post(sent.location).status_code == 303
    assert officer.post(sent.location).status_code == 409
    assert "Decide on a nomination" not in tasks(officer)
    words = [row.word for row in audit(stage) if row.word.startswith("seat.proposed")]
    assert words == ["seat.proposed"]


def audit(stage):
    with stage.live.session() as session:
        return session.scalars(select(AuditEntry)).all()


def test_a_proposal_can_be_dropped_and_then_settles_nothing(country):
    focal = country.client(country.focal, proved=None)
    path = country.name(focal, country.deputy.seat_id).location
    assert focal.post(f"{path}/drop").status_code == 303
    assert country.client(country.justice).post(path).status_code == 409
    assert len(country.holders(country.deputy.seat_id)) == 1


def test_naming_asks_for_a_fresh_own_code(country):
    sleepy = country.client(country.justice, proved=timedelta(hours=2))
    path = country.name(sleepy, country.focal.seat_id).location
    assert sleepy.get(path).location == f"/prove?then={path}"
    assert sleepy.post(path).location == "/prove"
    assert len(country.holders(country.focal.seat_id)) == 1


def test_nobody_of_another_state_sees_or_names(country, stage):
    other = Country(stage, "XAB", "Yendor")
    stranger = other.client(other.justice)
    sent = country.name(country.client(country.justice), country.focal.seat_id)
    holder = country.holders(country.focal.seat_id)[0]
    for answer in (
        stranger.get("/seats/of/XAA"),
        country.name(stranger, country.focal.seat_id),
        stranger.get(sent.location),
        stranger.get(f"{sent.location}/letter"),
        stranger.post(sent.location),
        stranger.post(f"{sent.location}/drop"),
        stranger.get(f"/seats/letters/{holder.id}"),
    ):
        assert answer.status_code == 404
    assert len(country.nominations()) == 1


def test_what_is_wrong_with_the_form_is_said_at_once_and_nothing_typed_is_lost(country, clock):
    client = country.client(country.justice)
    before = clock.now() - DAY
    answer = country.name(client, country.focal.seat_id, name="", address="no", letter=None)
    for words in (
        "Give the name of the new person.",
        "An e-mail address has one @, as in name@example.org.",
        "Choose the file of the letter.",
        'value="no"',
    ):
        assert words in answer.text
    assert answer.status_code == 422
    answer = country.name(
        client,
        country.focal.seat_id,
        moment="later",
        day=f"{before:%Y-%m-%d}",
        hour="10:00",
    )
    assert "This moment has passed." in answer.text
    answer = country.name(client, country.focal.seat_id, moment="later", day="soon", hour="")
    assert "Write the date as year-month-day" in answer.text
    assert "Give the time of day." in answer.text
    answer = country.name(client, country.focal.seat_id, letter=letter(b"MZ", "letter.exe"))
    assert "This kind of file is not taken here." in answer.text
    assert country.nominations() == []


def test_a_new_authorising_seat_is_opened_with_its_holder(country, stage):
    client = country.client(country.noor)
    sent = country.name(
        client, role="authorising", title="Parliament", address="parliament@xandria.example"
    )
    answer = client.post(sent.location)
    assert "Enrolment code for Sunniva Successor" in answer.text
    assert "Authorising officer, Parliament, Xandria" in client.get("/seats/of/XAA").text
    with stage.live.session() as session:
        assert session.scalar(select(func.count(Seat.id)).where(Seat.role == "authorising")) == 3


def test_somebody_known_behind_the_mailbox_takes_over(country):
    client = country.client(country.justice)
    country.handed(client, country.focal.seat_id, person=str(country.deputy.person_id))
    assert [one.person_id for one in country.holders(country.focal.seat_id)] == [
        country.focal.person_id,
        country.deputy.person_id,
    ]
    again = country.name(client, country.focal.seat_id, person=str(country.deputy.person_id))
    assert "Choose one of the answers offered." in again.text


def test_an_empty_lead_seat_is_one_task_and_one_mail_until_it_is_filled(country, stage, clock):
    with stage.live.session() as session:
        row = session.merge(country.focal)
        row.until = clock.now() + DAY
    for _round in range(3):
        stage.tick()
    noor = country.client(country.noor)
    assert "Find a focal point" not in tasks(noor)
    clock.forward(days=2)
    for _round in range(3):
        stage.tick()
    noor = country.client(country.noor)
    assert tasks(noor).count("Find a focal point") == 1
    assert country.subjects("noor-xaa@secretariat.example") == ["A lead seat is empty"]
    country.handed(country.client(country.justice), country.focal.seat_id)
    assert "Find a focal point" not in tasks(noor)
    stage.tick()
    with stage.live.session() as session:
        row = session.scalars(select(Vacancy)).one()
        assert row.filled_at is not None
    stage.tick()
    assert country.subjects("noor-xaa@secretariat.example") == ["A lead seat is empty"]


def test_no_filled_authorising_seat_is_noticed_once(country, stage):
    country.end(country.justice)
    stage.tick()
    assert "Find an authorising officer" not in tasks(country.client(country.noor))
    country.end(country.abroad)
    for _round in range(2):
        stage.tick()
    assert "Find an authorising officer" in tasks(country.client(country.noor))
    with stage.live.session() as session:
        found = session.scalars(
            select(Delivery.key).where(Delivery.message == "seat_left_empty")
        ).all()
        assert len(found) == 2
    focal = country.client(country.focal, proved=None)
    country.name(focal, country.justice.seat_id, address="justice@xandria.example")
    assert "Decide on a nomination" in tasks(country.client(country.noor))


def test_two_officers_who_settle_at_once_make_one_holder(country, stage):
    one, two = country.client(country.justice), country.client(country.abroad)
    path = country.name(one, country.focal.seat_id).location
    other = country.name(two, country.focal.seat_id, name="Other Successor").location
    assert one.post(path).status_code == 303
    second = two.post(other)
    assert second.status_code == 303
    holders = country.holders(country.focal.seat_id)
    assert len(holders) == 3
    assert sum(one.until is None for one in holders) == 1
    with stage.live.session() as session:
        name = session.get_one(Person, holders[-1].person_id).name
    assert name == "Other Successor"
    assert core_clock.now() >= holders[-1].since


def test_one_follower_at_a_time(country, clock):
    client = country.client(country.justice)
    later = clock.now() + 2 * DAY
    when = {"moment": "later", "day": f"{later:%Y-%m-%d}", "hour": "12:00"}
    country.handed(client, country.focal.seat_id, **when)
    again = country.name(client, country.focal.seat_id, name="Third Person")
    assert again.status_code == 409
    assert "Somebody is named to follow in this seat already." in again.text
    assert 'value="Third Person"' in again.text


def test_whoever_holds_another_seat_still_works_behind_the_mailbox(country, stage, clock):
    other = country.client(country.justice)
    country.handed(other, country.focal.seat_id, person=str(country.deputy.person_id))
    both = country.client(country.holders(country.focal.seat_id)[1], proved=None)
    country.handed(other, country.deputy.seat_id)
    assert both.get("/workspace").status_code == 200
    gone = country.client(country.focal, proved=None)
    assert gone.get("/workspace").location == "/sign-in?then=/workspace"


def test_proposals_that_came_to_nothing_are_erased_with_their_letters(country, stage, clock):
    client = country.client(country.justice)
    country.handed(client, country.focal.seat_id)
    sent = country.name(client, country.deputy.seat_id)
    clock.forward(days=91)
    with stage.live.app.app_context():
        assert sweep_table.SWEEPS["proposals"](db.session(), clock.now()) == 1
        db.session.commit()
    kept = country.nominations()
    assert [one.settled_at is not None for one in kept] == [True]
    assert country.client(country.justice).get(sent.location).status_code == 404
    with stage.live.session() as session:
        assert len(session.scalars(select(StoredFile)).all()) == 1


def test_the_secretariat_finds_a_state_in_a_list(country):
    noor = country.client(country.noor)
    assert "Every member has a focal point" in noor.get("/seats/states").text
    assert noor.get("/seats/states?state=XAA").location == "/seats/of/XAA"
    assert noor.get("/seats/of/ZZZ").status_code == 404
    assert country.client(country.focal).get("/seats").location == "/seats/of/XAA"
