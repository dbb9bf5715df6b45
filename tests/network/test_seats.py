"""Seats: who holds them, what ends with a holding and what stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from core import clock as core_clock
from core.context import SYSTEM
from core.errors import Conflict, NotAllowed
from network.accounts import service as accounts
from network.accounts.models import Reader
from network.seats import service
from network.seats.models import BodyKind, Holder, Role, Seat
from network.seats.queries import holder_of, is_assigned, seat_name, seats_of
from tests.walls.cast import Cast, acts, enter

DAY = timedelta(days=1)


@pytest.fixture
def now():
    return core_clock.now()


@pytest.fixture
def cast(session, keys, now):
    return Cast(session, keys, at=now)


def test_a_right_begins_and_ends_with_the_holding(session, cast, now):
    holder = cast.holder("focal_point", at=now)
    service.end(session, holder=holder, at=now + DAY, by=SYSTEM, now=now)
    held = [
        bool(seats_of(session, holder.person_id, moment))
        for moment in (now - DAY, now, now + DAY - timedelta(seconds=1), now + DAY)
    ]
    assert held == [False, True, True, False]


def test_a_seat_has_one_holder_at_a_time(session, cast, now):
    holder = cast.holder("focal_point")
    other = cast.person("Another")
    with pytest.raises(Conflict):
        service.appoint(session, seat=holder.seat, person_id=other.id, by=SYSTEM, now=now)


def test_the_database_refuses_two_holders_at_once(session, cast, now):
    holder = cast.holder("focal_point")
    other = cast.person("Another")
    session.add(Holder(seat=holder.seat, person_id=other.id, since=now + DAY))
    with pytest.raises(IntegrityError, match="ex_holder_one_at_a_time"):
        session.flush()


def test_handing_over_leaves_the_seat_as_it_is(session, cast, now):
    holder = cast.holder("focal_point")
    heir = cast.person("Successor")
    later = now + DAY
    new = service.hand_over(
        session, holder=holder, to_person_id=heir.id, at=later, by=SYSTEM, now=now
    )
    assert new.seat_id == holder.seat_id
    assert holder_of(session, holder.seat_id, now).person_id == holder.person_id
    assert holder_of(session, holder.seat_id, later).person_id == heir.id
    assert list(seats_of(session, holder.person_id, later)) == []


@pytest.mark.parametrize("role", ["protection"])
def test_naming_an_officer_takes_two_people(session, cast, now, role):
    holder = cast.holder(role, confirmed=False)
    assert list(seats_of(session, holder.person_id, now)) == []
    with pytest.raises(NotAllowed):
        service.confirm(session, holder=holder, by=acts(holder.person_id), now=now)
    with pytest.raises(NotAllowed):
        service.confirm(session, holder=holder, by=SYSTEM, now=now)
    second = cast.person("Second")
    service.confirm(session, holder=holder, by=acts(second.id), now=now)
    session.flush()
    assert [one.id for one in seats_of(session, holder.person_id, now)] == [holder.id]


def test_who_named_an_officer_does_not_confirm_them(session, cast, now):
    namer, nominee = cast.person("Namer"), cast.person("Nominee")
    holder = service.appoint(
        session, seat=cast.seat("protection"), person_id=nominee.id, by=acts(namer.id), now=now
    )
    with pytest.raises(NotAllowed):
        service.confirm(session, holder=holder, by=acts(namer.id), now=now)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.AUTHORISING, BodyKind.ORGANISATION),
        (Role.AUTHORISING, BodyKind.MECHANISM),
        (Role.SECRETARIAT, BodyKind.STATE),
        (Role.PROTECTION, BodyKind.SECRETARIAT),
        (Role.ADMINISTRATOR, BodyKind.STATE),
        (Role.FOCAL_POINT, BodyKind.PLATFORM),
    ],
)
def test_a_role_exists_only_where_it_belongs(session, now, role, kind):
    with pytest.raises(NotAllowed):
        service.open_seat(session, body_kind=kind, body_id=uuid4(), role=role, by=SYSTEM, now=now)


def test_the_database_refuses_an_authorising_seat_of_an_organisation(session, now):
    session.add(
        Seat(
            body_kind=BodyKind.ORGANISATION,
            body_id=uuid4(),
            role=Role.AUTHORISING,
            opened_at=now,
        )
    )
    with pytest.raises(IntegrityError, match="only_states_authorise"):
        session.flush()


def test_a_task_ends_by_itself(session, cast, now):
    seat, event = cast.holder("triage").seat, uuid4()
    service.assign(
        session,
        seat=seat,
        role=Role.TRIAGE,
        scope_kind="event",
        scope_id=event,
        by=SYSTEM,
        now=now,
        until=now + DAY,
    )

    def asked(moment, scope=event):
        return is_assigned(
            session,
            seat_id=seat.id,
            role=Role.TRIAGE,
            scope_kind="event",
            scope_id=scope,
            now=moment,
        )

    assert [asked(now), asked(now + DAY), asked(now, uuid4())] == [True, False, False]


def test_a_seat_is_called_as_people_say_it(app, session, cast):
    seat = cast.holder("focal_point").seat
    with app.test_request_context():
        assert seat_name(session, seat) == "Focal point, Xandria"


def signed_in(client, cast, holder):
    enter(client, cast.visit(holder, proved=timedelta(minutes=1)))
    return client


def test_an_ended_holder_loses_the_seat_with_the_next_click(client, session, cast, now):
    holder = cast.holder("secretariat")
    signed_in(client, cast, holder)
    assert client.get("/seats/naming").status_code == 200
    service.end(session, holder=holder, at=now, by=SYSTEM, now=now)
    session.commit()
    assert client.get("/seats/naming").status_code == 403
    assert "You hold no seat at present" in client.get("/workspace").text


def test_an_ended_reader_is_signed_out(client, session, cast, now):
    holder = cast.holder("focal_point")
    signed_in(client, cast, holder)
    assert client.get("/workspace").status_code == 200
    for reader in session.query(Reader).filter_by(person_id=holder.person_id):
        accounts.end_reader(session, reader=reader, by=SYSTEM, now=now)
    session.commit()
    assert client.get("/workspace").location == "/sign-in?then=/workspace"


def test_one_switches_between_the_seats_one_holds(client, session, cast, now):
    first = cast.holder("focal_point")
    second = service.appoint(
        session, seat=cast.seat("secretariat"), person_id=first.person_id, by=SYSTEM, now=now
    )
    signed_in(client, cast, first)
    assert client.get("/seats/naming").status_code == 403
    page = client.get("/workspace").text
    assert "Secretariat officer" in page
    assert client.post("/seats/switch", data={"seat": str(second.id)}).status_code == 303
    assert client.get("/seats/naming").status_code == 200


def test_nobody_switches_to_a_seat_of_another(client, session, cast):
    mine, other = cast.holder("focal_point"), cast.holder("secretariat")
    signed_in(client, cast, mine)
    assert client.post("/seats/switch", data={"seat": str(other.id)}).status_code == 403
    assert client.post("/seats/switch", data={"seat": "nothing"}).status_code == 403
    assert client.get("/seats/naming").status_code == 403


def test_a_second_person_confirms_on_the_page(client, session, cast):
    waiting = cast.holder("protection", name="Amara Invented", confirmed=False)
    session.commit()
    signed_in(client, cast, cast.holder("secretariat"))
    assert "Confirm a nomination" in client.get("/workspace").text
    assert "Amara Invented" in client.get("/seats/naming").text
    assert client.post(f"/seats/naming/{waiting.id}").status_code == 303
    assert "Confirm a nomination" not in client.get("/workspace").text
    assert "Amara Invented" not in client.get("/seats/naming").text
    session.refresh(waiting)
    assert waiting.confirmed_at is not None
    assert client.post(f"/seats/naming/{waiting.id}").status_code == 404


def test_nobody_confirms_themselves(client, session, cast, now):
    clerk = cast.holder("secretariat")
    waiting = service.appoint(
        session, seat=cast.seat("protection"), person_id=clerk.person_id, by=SYSTEM, now=now
    )
    session.commit()
    signed_in(client, cast, clerk)
    assert client.post(f"/seats/naming/{waiting.id}").status_code == 403
