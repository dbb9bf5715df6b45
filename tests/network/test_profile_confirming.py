"""Parts older than twelve months are asked about, once a year, and of those who can answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core import clock as core_clock
from core.context import SYSTEM
from core.house import house
from core.outbox import OutboxEntry
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Basis, Field, ProfileFact
from network.mechanisms.rules import a_year_before, is_to_confirm
from network.notifications.models import Delivery
from network.profiles import confirming, queries
from network.profiles.messages import profile_to_confirm
from network.seats import service as seats
from network.seats.models import Seat
from tests.network.profile import Play, drain, mails
from workers import reference
from workers.profile_handlers import keep_profiles

LATER = timedelta(days=366)


@pytest.fixture
def now():
    return core_clock.now()


@pytest.fixture
def play(session, keys, now):
    return Play(session, keys, now)


@pytest.mark.parametrize(
    ("as_of", "confirmed_on", "today", "asks"),
    [
        (date(2026, 1, 1), None, date(2027, 1, 1), False),
        (date(2026, 1, 1), None, date(2027, 1, 2), True),
        (date(2020, 1, 1), date(2026, 6, 1), date(2027, 6, 1), False),
        (date(2020, 1, 1), date(2026, 6, 1), date(2027, 6, 2), True),
        (date(2027, 1, 1), date(2026, 6, 1), date(2027, 6, 2), False),
        (None, None, date(2027, 3, 1), False),
        (None, None, date(2027, 3, 2), True),
        (date(2027, 2, 28), None, date(2028, 2, 29), False),
    ],
)
def test_a_part_asks_after_twelve_months(as_of, confirmed_on, today, asks):
    fact = ProfileFact(
        mechanism=None,
        field=Field.HOST,
        value="x",
        recorded_on=date(2026, 3, 1),
        as_of=as_of,
        confirmed_on=confirmed_on,
    )
    assert is_to_confirm(fact, today) is asks


def test_a_year_before_a_leap_day_is_the_last_of_february():
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def asked(session):
    return session.scalar(
        select(func.count()).select_from(OutboxEntry).where(OutboxEntry.kind == "ConfirmingAsked")
    )


def test_one_mail_a_year_however_often_the_clock_runs(session, play, now):
    assert keep_profiles(session, now) == 0
    for day in range(0, 800, 20):
        moment = now + LATER + timedelta(days=day)
        for _again in range(2):
            keep_profiles(session, moment)
            drain(session, moment)
    assert asked(session) == 3
    boxes = {box for _message, box in mails(session)}
    assert mails(session) == sorted(
        [("profile_to_confirm", box) for box in boxes for _year in range(3)]
    )
    assert len(boxes) == 2  # the focal point and the deputy


def test_nobody_is_asked_where_nobody_drafts_but_a_successor_is(session, play, now):
    for holder in (play.focal, play.deputy):
        seats.end(session, holder=holder, at=now, by=SYSTEM, now=now)
    moment = now + LATER
    keep_profiles(session, moment)
    assert asked(session) == 0
    person = play.cast.person("Successor")
    seat = session.get_one(Seat, play.focal.seat_id)
    seats.appoint(session, seat=seat, person_id=person.id, by=SYSTEM, now=moment)
    keep_profiles(session, moment)
    assert asked(session) == 1


def test_the_mail_says_how_many_and_is_not_sent_for_nothing(app, session, play, now):
    moment = now + LATER
    keep_profiles(session, moment)
    drain(session, moment)
    delivery = session.scalars(select(Delivery)).first()
    with app.app_context():
        mail = profile_to_confirm(session, delivery, house(), moment)
        assert mail.subject == "Confirm 2 facts on your mechanism’s profile"
        assert "/mechanism/xaa" in mail.text
        for fact in play.again().facts:
            fact.confirmed_on = moment.date()
        session.flush()
        assert profile_to_confirm(session, delivery, house(), moment) is None


def test_hidden_parts_ask_nothing(session, play, now):
    mechanisms.hide_field(
        session, play.again(), Field.HOST, reason="", by=play.by(play.focal), now=now
    )
    session.flush()
    old = queries.old_parts(session, [play.mechanism.id], (now + LATER).date())
    assert old == {play.mechanism.id: 1}


def test_the_clock_confirms_nothing_by_itself(session, play, now):
    confirming.ask_to_confirm(session, now=now + LATER)
    assert {fact.confirmed_on for fact in play.again().facts} == {None}


def test_the_file_only_proposes_beside_the_states_own_words(session, keys, now, tmp_path):
    made = Play(session, keys, now)
    made.published()
    run = reference.Loading(session=session, now=now)
    said = mechanisms.Said(row=row_of(made), languages=None, french=None, place="file, line 2")
    mechanism = made.again()
    mechanisms._load_facts(run, mechanism, said)
    session.flush()
    assert made.facts() == [
        ("public_source", "Ministry of Tides", True),
        ("state", "Office of the Prime Minister", False),
    ]
    assert [(one.record_key, one.field, one.new) for one in run.proposals] == [
        ("xaa/host/en", "value", "Ministry of Winds")
    ]
    assert all(
        fact.is_hidden is (fact.basis is Basis.PUBLIC_SOURCE)
        for fact in mechanism.facts
        if fact.field is Field.HOST
    )


def row_of(play):
    """A line of the file that says something else than the State."""
    return mechanisms.MechanismRow(
        iso3="XAA",
        country="Xandria",
        name="Standing Committee",
        name_status="formal",
        acronym="SC",
        type="",
        host="Ministry of Winds",
        year="2019",
        legal_basis="",
        tracking_tool="",
        source_url="https://xandria.example/mechanism",
    )
