"""The consent of States: who gives it, what it covers, what ends it, whatever was done before."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import clock as core_clock
from core.audit import AuditEntry
from core.context import SYSTEM, Actor
from core.errors import Conflict, NotAllowed, ProofNeeded
from network.consents import service
from network.consents.listing import kept_by, to_look_through
from network.consents.models import Basis, Consent, ConsentRule, Need, Withdrawal
from network.consents.queries import may_stay_public
from network.mechanisms.service import invent_mechanism
from network.seats import service as seats
from network.seats.models import BodyKind, Role
from tests.walls.cast import Cast, acts
from tests.walls.consents import KIND, TODAY, asked, fresh, scope_of, withdraw


@pytest.fixture
def cast(session, keys, now):
    return Cast(session, keys, at=now)


@pytest.fixture
def now():
    return core_clock.now()


@pytest.fixture
def state(cast):
    return cast.state()


@pytest.fixture
def officer(cast, state):
    return cast.holder("authorising", body_id=state.id)


def test_without_a_consent_nothing_moves(session, state, officer, now):
    assert asked(session, scope_of(state), now) == "consent-none-given"


def test_an_authorising_officer_gives_by_their_own_factor(session, state, officer, now):
    scope = scope_of(state)
    consent = service.give(session, scope=scope, by=fresh(officer, now), now=now)
    assert asked(session, scope, now) is None
    assert (consent.seat_id, consent.person_id, consent.proved, consent.basis) == (
        officer.seat_id,
        officer.person_id,
        "totp",
        Basis.OWN_FACTOR,
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.word == "consent.given")).one()
    assert (entry.person_id, entry.seat_id, entry.proved) == (
        officer.person_id,
        officer.seat_id,
        "totp",
    )


def test_a_consent_is_for_its_subject_alone(session, state, officer, now):
    service.give(session, scope=scope_of(state), by=fresh(officer, now), now=now)
    assert asked(session, scope_of(state), now) == "consent-none-given"


def test_a_consent_is_of_its_state_alone(session, cast, state, officer, now):
    scope = scope_of(state)
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    other = cast.state("XAB", "XB", "Yendor")
    cast.holder("authorising", body_id=other.id)
    same = service.Scope(
        state_id=other.id, kind=KIND, subject_kind="agreement", subject_id=scope.subject_id
    )
    assert asked(session, same, now) == "consent-none-given"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"on": date(2027, 5, 31)}, "consent-out-of-scope"),
        ({"on": date(2027, 7, 1)}, "consent-out-of-scope"),
        ({"publish": "summary"}, None),
        ({"publish": "photographs"}, "consent-out-of-scope"),
        ({"partner_id": UUID(int=8)}, "consent-out-of-scope"),
        ({"partner_id": None}, "consent-out-of-scope"),
    ],
)
def test_a_consent_covers_its_days_partner_and_publications(
    session, state, officer, now, changes, code
):
    scope = scope_of(
        state,
        partner_id=UUID(int=7),
        from_on=date(2027, 6, 1),
        until_on=date(2027, 6, 30),
        publish=("summary",),
    )
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    assert asked(session, scope, now, **({"partner_id": UUID(int=7)} | changes)) == code


def test_any_one_withdraws_and_withdrawal_wins(session, cast, state, officer, now):
    other = cast.holder("authorising", body_id=state.id)
    scope = scope_of(state)
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    withdraw(session, scope, fresh(other, now), now)
    assert asked(session, scope, now) == "consent-withdrawn"
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    assert asked(session, scope, now) == "consent-withdrawn"
    service.give(session, scope=scope, by=fresh(other, now), now=now)
    assert asked(session, scope, now) is None


def test_a_state_may_want_all_its_seats(session, cast, state, officer, now):
    other = cast.holder("authorising", body_id=state.id)
    service.set_rule(session, state_id=state.id, need=Need.ALL, by=fresh(officer, now), now=now)
    scope = scope_of(state)
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    assert asked(session, scope, now) == "consent-not-all-given"
    service.give(session, scope=scope, by=fresh(other, now), now=now)
    assert asked(session, scope, now) is None


def test_with_no_filled_seat_cases_stand_on_hold(session, state, officer, now):
    scope = scope_of(state, publish=("summary",))
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    seats.end(session, holder=officer, at=now, by=SYSTEM, now=now)
    assert asked(session, scope, now) == "consent-vacant"
    assert may_stay_public(
        session,
        state_id=state.id,
        kind=KIND,
        subject_id=scope.subject_id,
        publish="summary",
        on=TODAY,
        now=now,
    )


def test_a_consent_survives_its_holder(session, cast, state, officer, now):
    scope = scope_of(state)
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    heir = cast.person("Successor")
    later = now + timedelta(days=1)
    seats.hand_over(session, holder=officer, to_person_id=heir.id, at=later, by=SYSTEM, now=later)
    assert asked(session, scope, later) is None
    with pytest.raises(NotAllowed):
        withdraw(session, scope, fresh(officer, later), later)
    withdraw(session, scope, acts(heir.id, officer.seat_id, proved_at=later), later)
    assert asked(session, scope, later) == "consent-withdrawn"


def test_what_was_withdrawn_is_no_longer_public(session, state, officer, now):
    scope = scope_of(state, publish=("summary",))
    service.give(session, scope=scope, by=fresh(officer, now), now=now)
    withdraw(session, scope, fresh(officer, now), now)
    assert not may_stay_public(
        session,
        state_id=state.id,
        kind=KIND,
        subject_id=scope.subject_id,
        publish="summary",
        on=TODAY,
        now=now,
    )


@pytest.mark.parametrize("age", [timedelta(minutes=15), timedelta(hours=11), timedelta(minutes=-1)])
def test_a_factor_that_is_not_fresh_does_not_suffice(session, state, officer, now, age):
    stale = acts(officer.person_id, officer.seat_id, proved_at=now - age)
    with pytest.raises(ProofNeeded):
        service.give(session, scope=scope_of(state), by=stale, now=now)


def strangers(cast, state, officer, now):
    """Everybody who may not speak for the State, each with the best proof they can have."""
    other = cast.state("XAB", "XB", "Yendor")
    past = cast.holder("authorising", body_id=state.id)
    seats.end(cast.session, holder=past, at=now, by=SYSTEM, now=now)
    organisation = cast.organisation_holder()
    yield "nobody", SYSTEM
    yield "program", Actor(kind="token", seat_id=officer.seat_id, subject_id=uuid4())
    yield "past holder", fresh(past, now)
    yield "another State", fresh(cast.holder("authorising", body_id=other.id), now)
    yield "organisation", fresh(organisation, now)
    yield "someone in the officer's seat", acts(uuid4(), officer.seat_id, proved_at=now)
    for role in ("focal_point", "deputy", "secretariat", "administrator", "protection", "triage"):
        yield role, fresh(cast.holder(role), now)


def test_nobody_else_speaks_for_a_state(session, cast, state, officer, now):
    scope = scope_of(state)
    for who, by in strangers(cast, state, officer, now):
        for act in (
            lambda by: service.give(session, scope=scope, by=by, now=now),
            lambda by: withdraw(session, scope, by, now),
            lambda by: service.set_rule(session, state_id=state.id, need=Need.ALL, by=by, now=now),
        ):
            with pytest.raises(NotAllowed):
                act(by)
            assert session.scalar(select(func.count()).select_from(Consent)) == 0, who
            assert session.scalar(select(func.count()).select_from(Withdrawal)) == 0, who
            assert session.scalar(select(func.count()).select_from(ConsentRule)) == 0, who


def test_a_mailbox_code_is_never_enough(session, state, officer, now):
    scope = scope_of(state)
    by = acts(officer.person_id, officer.seat_id)
    for act in (
        lambda: service.give(session, scope=scope, by=by, now=now),
        lambda: withdraw(session, scope, by, now),
    ):
        with pytest.raises(ProofNeeded):
            act()


def test_the_database_refuses_a_consent_by_mailbox_code(session, state, officer, now):
    session.add(
        Consent(
            state_id=state.id,
            kind=KIND,
            subject_kind="agreement",
            subject_id=uuid4(),
            basis=Basis.OWN_FACTOR,
            given_at=now,
            seat_id=officer.seat_id,
            person_id=officer.person_id,
            proved="mailbox",
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_one_person_in_both_seats_is_said_on_the_record(session, cast, state, officer, now):
    seat = cast.seat("focal_point", body_id=state.id)
    seats.appoint(session, seat=seat, person_id=officer.person_id, by=SYSTEM, now=now)
    consent = service.give(session, scope=scope_of(state), by=fresh(officer, now), now=now)
    assert consent.has_both_seats is True


def test_the_seat_of_a_mechanism_counts_as_the_second_seat_too(session, cast, state, officer, now):
    mechanism = invent_mechanism(
        session,
        state,
        name="Standing Committee",
        acronym="",
        facts={},
        source_url="https://xandria.example/committee",
        now=now,
    )
    seat = seats.open_seat(
        session,
        body_kind=BodyKind.MECHANISM,
        body_id=mechanism.id,
        role=Role.FOCAL_POINT,
        by=SYSTEM,
        now=now,
    )
    seats.appoint(session, seat=seat, person_id=officer.person_id, by=SYSTEM, now=now)
    consent = service.give(session, scope=scope_of(state), by=fresh(officer, now), now=now)
    assert consent.has_both_seats is True


def test_what_a_predecessor_gave_is_kept_by_the_successor_alone(session, cast, state, officer, now):
    consent = service.give(session, scope=scope_of(state), by=fresh(officer, now), now=now)
    colleague = cast.holder("authorising", body_id=state.id)
    later = now + timedelta(days=1)
    heir = seats.hand_over(
        session,
        holder=officer,
        to_person_id=cast.person("Successor").id,
        at=later,
        by=SYSTEM,
        now=later,
    )
    with pytest.raises(NotAllowed):
        service.keep(session, consent_id=consent.id, by=fresh(colleague, later), now=later)
    with pytest.raises(NotAllowed):
        service.keep(session, consent_id=consent.id, by=fresh(officer, later), now=later)
    assert list(to_look_through(session, heir, later)) == [consent]
    for _time in range(2):
        service.keep(session, consent_id=consent.id, by=fresh(heir, later), now=later)
    assert list(to_look_through(session, heir, later)) == []
    assert [person for _at, person in kept_by(session, consent.id)] == [heir.person_id]


@pytest.fixture
def desk(cast):
    return SimpleNamespace(one=cast.holder("secretariat"), two=cast.holder("secretariat"))


def test_a_paper_takes_two_people(session, state, officer, desk, now):
    scope = scope_of(state)
    paper = service.enter_on_paper(
        session, scope=scope, document_id=uuid4(), by=fresh(desk.one, now), now=now
    )
    assert asked(session, scope, now) == "consent-none-given"
    with pytest.raises(NotAllowed):
        service.confirm_paper(session, consent_id=paper.id, by=fresh(desk.one, now), now=now)
    assert asked(session, scope, now) == "consent-none-given"
    service.confirm_paper(session, consent_id=paper.id, by=fresh(desk.two, now), now=now)
    assert asked(session, scope, now) is None
    assert paper.contestable_until == now + timedelta(days=10)


def test_only_the_secretariat_enters_papers(session, cast, state, officer, desk, now):
    stale = acts(desk.one.person_id, desk.one.seat_id)
    with pytest.raises(ProofNeeded):
        service.enter_on_paper(
            session, scope=scope_of(state), document_id=uuid4(), by=stale, now=now
        )
    for role in ("focal_point", "administrator", "triage", "protection"):
        with pytest.raises(NotAllowed):
            service.enter_on_paper(
                session,
                scope=scope_of(state),
                document_id=uuid4(),
                by=fresh(cast.holder(role), now),
                now=now,
            )


def test_a_state_contests_a_paper_within_ten_days(session, state, officer, desk, now):
    scope = scope_of(state)
    paper = service.enter_on_paper(
        session, scope=scope, document_id=uuid4(), by=fresh(desk.one, now), now=now
    )
    service.confirm_paper(session, consent_id=paper.id, by=fresh(desk.two, now), now=now)
    late = now + timedelta(days=10)
    with pytest.raises(Conflict):
        service.contest(session, consent_id=paper.id, by=fresh(officer, late), now=late)
    assert asked(session, scope, late) is None
    soon = now + timedelta(days=9)
    service.contest(session, consent_id=paper.id, by=fresh(officer, soon), now=soon)
    assert asked(session, scope, soon) == "consent-none-given"


def test_a_paper_does_not_outrun_a_withdrawal(session, state, officer, desk, now):
    scope = scope_of(state)
    paper = service.enter_on_paper(
        session, scope=scope, document_id=uuid4(), by=fresh(desk.one, now), now=now
    )
    withdraw(session, scope, fresh(officer, now), now)
    with pytest.raises(Conflict):
        service.confirm_paper(session, consent_id=paper.id, by=fresh(desk.two, now), now=now)
    assert asked(session, scope, now) == "consent-withdrawn"
