"""Many people at the same moment: nobody gets a seat twice, nobody is forgotten, nothing breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.codes import Code
from core.context import link
from core.db import db
from core.house import house
from core.seal import Sealed, unseal
from events.programme.models import Event, Mode
from events.registrations import changes, service
from events.registrations.entries import Entry
from events.registrations.models import Category, Listing, Registration
from events.registrations.states import RegistrationState
from tests.events.participant import Stage
from tests.walls.statements import counted

S = RegistrationState


def entry(number: int, mode: Mode = Mode.ROOM, **changed) -> Entry:
    basis = {
        "name": f"Person {number}",
        "organisation": "Reef Watch",
        "address": f"p{number}@people.example",
        "category": Category.NGO,
        "mode": mode,
        "language": "en",
        "listing": Listing.UNLISTED,
        "discreet": False,
    }
    return Entry(**(basis | changed))


def started(stage: Stage, many: int) -> list[tuple[UUID, str]]:
    """Forms sent by that many people: each registration, and its code in clear."""
    with stage.live.app.app_context():
        session = db.session()
        event = session.scalars(select(Event)).one()
        session.refresh(event, ["seats"])
        sent = [
            service.register(
                session, event=event, entry=entry(number), house=house(), now=stage.clock.now()
            )
            for number in range(many)
        ]
        session.flush()
        codes = [session.get_one(Code, one.code_id) for one in sent]
        opened = [unseal(stage.keys.mail, Sealed(c.sealed_key, c.sealed))["code"] for c in codes]
        found = [(one.registration.id, code) for one, code in zip(sent, opened, strict=True)]
        session.commit()
        return found


def seated(stage: Stage, many: int) -> list[UUID]:
    """That many people who have confirmed one after the other, a minute apart."""
    people = [registration_id for registration_id, _code in started(stage, many)]
    with stage.live.app.app_context():
        for registration_id in people:
            service.confirm(
                db.session(), registration_id=registration_id, now=stage.clock.forward(minutes=1)
            )
            db.session.commit()
    return people


def together(acts: list[Callable[[], object]]) -> list[object]:
    """Every act in a thread of its own, all let go at the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait(20)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def in_app(stage: Stage, verb: Callable[[Session], object]) -> Callable[[], object]:
    """A verb in a transaction of its own, as a worker would run it."""

    def act() -> object:
        with stage.live.app.app_context():
            verb(db.session())
            db.session.commit()

    return act


def test_two_hundred_confirm_at_once_and_fifty_get_a_seat(live, keys, mailbox, clock):
    stage = Stage(live, keys, mailbox, clock)
    stage.meeting(seats={Mode.ROOM: 50, Mode.ONLINE: None})
    people = started(stage, 200)
    sites = [live.make(database_url=live.url, web_threads=8) for _worker in range(2)]

    def confirm(numbered: tuple[int, tuple[UUID, str]]) -> int:
        number, (registration_id, code) = numbered
        client = sites[number % len(sites)].test_client()
        path = f"/registrations/{registration_id}/confirm"
        return client.post(path, data={"code": code}).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(confirm, enumerate(people)))
    assert answers == {303: 200}
    assert stage.states() == {"confirmed": 50, "waiting": 150}
    assert stage.shown() == {"room": "full", "online": "open"}
    stage.settle()
    subjects = Counter(str(mail["Subject"]) for mail in mailbox.messages)
    assert (subjects["Your seat is confirmed"], subjects["You are on the waiting list"]) == (
        50,
        150,
    )


def test_two_hundred_forms_at_once_are_two_hundred_registrations(live, keys, mailbox, clock):
    stage = Stage(live, keys, mailbox, clock)
    stage.meeting()
    site = live.make(database_url=live.url, web_threads=8)
    form = {
        "name": "Ana",
        "organisation": "Reef Watch",
        "category": "ngo",
        "mode": "room",
        "language": "en",
        "listing": "unlisted",
        "form_version": "1",
    }

    def send(number: int) -> int:
        own = {"email": f"p{number}@people.example", "discreet": "y" if number % 2 else ""}
        return site.test_client().post("/events/panel/register", data=form | own).status_code

    with ThreadPoolExecutor(12) as pool:
        assert Counter(pool.map(send, range(200))) == {303: 200}
    assert stage.states() == {"unconfirmed": 200}


def test_two_people_never_draw_one_number(stage, monkeypatch):
    drawn = iter([417, 418, 419, 420] * 4 + [421] * 100)
    monkeypatch.setattr(service.secrets, "randbelow", lambda _most: next(drawn))
    with stage.live.app.app_context():
        event = db.session.scalars(select(Event)).one()
        db.session.refresh(event, ["seats"])
        with stage.live.app.app_context():
            other = db.session.get_one(Event, event.id)
            db.session.refresh(other, ["seats"])
            first = service.register(
                db.session(), event=other, entry=entry(1), house=house(), now=stage.clock.now()
            ).registration.number
            db.session.flush()
            with stage.live.session() as beside:
                there = beside.get_one(Event, event.id)
                beside.refresh(there, ["seats"])
                second = service.register(
                    beside, event=there, entry=entry(2), house=house(), now=stage.clock.now()
                ).registration.number
            db.session.commit()
    assert first != second


def test_the_same_form_sent_eight_times_at_once_is_one_registration(stage, person):
    people = [person("ana") for _tab in range(8)]
    form = people[0].form()
    answers = together(
        [lambda one=one: one.client.post("/events/panel/register", data=form) for one in people]
    )
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    stage.settle()
    assert (stage.states(), len(people[0].mails())) == ({"unconfirmed": 1}, 1)


def test_one_code_sent_eight_times_at_once_takes_one_seat_and_ends_in_no_error(stage):
    ((registration_id, code),) = started(stage, 1)
    clients = [stage.live.client() for _tab in range(8)]
    path = f"/registrations/{registration_id}/confirm"
    answers = together(
        [lambda one=one: one.post(path, data={"code": code}).status_code for one in clients]
    )
    assert Counter(answers) in [{303: n, 422: 8 - n} for n in range(1, 8)] + [{303: 8}]
    assert stage.states() == {"confirmed": 1}
    stage.settle()
    assert [mail["Subject"] for mail in stage.mailbox.messages] == ["Your seat is confirmed"]


@pytest.mark.parametrize("_round", range(3))
def test_two_cancellations_and_three_waiters_under_parallel_workers_are_two_offers(stage, _round):
    ana, ben, *line = seated(stage, 5)
    now = stage.clock.now()

    def cancels(one: UUID) -> Callable[[], object]:
        def verb(session: Session) -> object:
            return service.cancel(session, registration_id=one, by=link(one), now=now)

        return in_app(stage, verb)

    def tick(session: Session) -> int:
        return changes.end_due(session, house=house(), now=now)

    together([cancels(ana), cancels(ben), *(in_app(stage, tick) for _worker in range(4))])
    assert [stage.registration(one).state for one in line] == [S.OFFERED, S.OFFERED, S.WAITING]
    stage.settle()
    subjects = Counter(str(mail["Subject"]) for mail in stage.mailbox.messages)
    assert subjects["A seat has become free for you"] == 2


def test_offers_that_run_out_under_parallel_workers_pass_on_once_each(stage):
    ana, ben, *line = seated(stage, 7)
    with stage.live.app.app_context():
        for one in (ana, ben):
            service.cancel(db.session(), registration_id=one, by=link(one), now=stage.clock.now())
        db.session.commit()
    now = stage.clock.forward(hours=48)
    together(
        [
            in_app(stage, lambda session: changes.end_due(session, house=house(), now=now))
            for _worker in range(5)
        ]
    )
    states = [stage.registration(one).state for one in line]
    assert states == [S.PASSED, S.PASSED, S.OFFERED, S.OFFERED, S.WAITING]


def test_taking_an_offer_as_it_runs_out_has_one_outcome(stage):
    ana, _ben, first, second = seated(stage, 4)
    with stage.live.app.app_context():
        service.cancel(db.session(), registration_id=ana, by=link(ana), now=stage.clock.now())
        db.session.commit()
    before = stage.clock.now() + timedelta(hours=48) - timedelta(seconds=1)
    after = before + timedelta(seconds=2)

    def take(session: Session) -> object:
        try:
            return service.accept(session, registration_id=first, by=link(first), now=before)
        except service.Refused:
            session.rollback()
            return None

    def tick(session: Session) -> int:
        return changes.end_due(session, house=house(), now=after)

    together([in_app(stage, take), in_app(stage, tick), in_app(stage, tick)])
    states = [stage.registration(one).state for one in (first, second)]
    assert states in [[S.CONFIRMED, S.WAITING], [S.PASSED, S.OFFERED]]


@pytest.mark.parametrize("act", ["cancel", "pass-on", "discreet"])
def test_two_tabs_at_the_same_moment_never_lock_each_other_out(stage, person, act):
    ana = person().registered()
    ben = person("ben").registered()
    cleo = person("cleo").registered()
    other = stage.live.client()
    other.get(ana.link())
    move = ana.edited(mode="online")
    more = {"name": "Dina", "email": "dina@people.example"} if act == "pass-on" else {}
    first, second = together(
        [
            lambda: ana.client.post("/my-registration/edit", data=move).status_code,
            lambda: other.post(f"/my-registration/{act}", data=more).status_code,
        ]
    )
    assert {first, second} <= {200, 303, 401, 409, 422}
    held = sum(one.state() in {"confirmed", "offered"} for one in (ben, cleo))
    mine = stage.registration(ana.registration_id)
    if mine.mode is Mode.ROOM and mine.state is S.CONFIRMED:
        assert (held, cleo.state()) == (1, "waiting")
    else:
        assert (held, cleo.state()) == (2, "offered")


def test_seats_are_always_locked_before_the_registration(stage):
    """Two orders of locking are a deadlock that waits for its day."""
    ana, _ben, _cleo = seated(stage, 3)
    now = stage.clock.now()
    verbs = {
        "cancel": lambda s: service.cancel(s, registration_id=ana, by=link(ana), now=now),
        "edit": lambda s: changes.edit(
            s,
            registration_id=ana,
            change=changes.Edit(
                version=s.get_one(Registration, ana).version,
                mode=Mode.ONLINE,
                language="en",
                listing=Listing.UNLISTED,
                wants_summary=True,
            ),
            by=link(ana),
            now=now,
        ),
        "clock": lambda s: changes.end_due(s, house=house(), now=now + timedelta(days=30)),
    }
    for name, verb in verbs.items():
        with stage.live.app.app_context(), counted() as sent:
            if name == "clock":
                service.cancel(db.session(), registration_id=ana, by=link(ana), now=now)
                sent.clear()
            verb(db.session())
            db.session.rollback()
        locks = [line for line in sent if "FOR UPDATE" in line and "'unconfirmed'" not in line]
        kinds = ["seats" if "event_seats" in line else "registration" for line in locks]
        assert kinds[0] == "seats" or name == "clock", (name, kinds)
        assert "seats" in kinds, (name, kinds)
        if name == "clock":
            assert kinds[1:3] == ["seats", "registration"], kinds
