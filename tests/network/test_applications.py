"""Joining: a letter, questions, two different people who admit, and reasons for a no."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.audit import AuditEntry
from core.context import SYSTEM, Actor
from core.errors import NotAllowed
from core.files import StoredFile
from core.house import house
from network.accounts.models import Visit
from network.applications import admissions, queries, service
from network.applications.models import Application, ApplicationQuestion, Membership
from network.seats import service as seats
from network.seats.models import BodyKind, Holder, Organisation, Role, Seat
from tests.events.participant import Stage, find, main, problems, words
from tests.network.applicant import PDF, Applicant, Officer
from tests.walls.cast import Cast


@pytest.fixture
def stage(live, keys, mailbox, clock) -> Stage:
    """A database with two invented States and nobody in the network."""
    made = Stage(live, keys, mailbox, clock)
    with live.session() as session:
        cast = Cast(session, keys, at=clock.now())
        cast.state()
        cast.state("XAB", "XB", "Yendor")
    return made


@pytest.fixture
def noor(stage) -> Officer:
    return Officer(stage, "Noor Lindahl")


@pytest.fixture
def paulo(stage) -> Officer:
    return Officer(stage, "Paulo Sernine")


def test_a_state_applies_and_answers_a_question(stage, noor):
    state = Applicant(stage)
    assert state.send().status_code == 303
    assert state.subjects() == ["Your code for the application"]
    assert noor.tasks("for-you") == []
    assert state.confirm().location == "/my-application"
    assert state.status() == "The secretariat looks at your application"
    assert state.subjects()[1:] == ["Your application has been received"]
    assert noor.tasks("for-you") == ["Look at an application: Xandria"]
    assert noor.client.get(f"/applications/{state.application_id}/letter").data == PDF

    assert noor.act(state, "question", question="Who signs for the State?").status_code == 303
    assert "Who signs for the State?" in state.last()
    assert noor.tasks("for-you") == []
    assert noor.tasks("for-others") == ["An applicant has a question to answer: Xandria"]
    assert state.status() == "The secretariat has a question"
    assert state.answer("The Minister of Justice.").location == "/my-application"
    assert noor.tasks("for-you") == ["Look at an application: Xandria"]
    assert "The Minister of Justice." in main(noor.read(state))


def test_two_people_admit_and_the_code_is_shown_to_the_second_one_alone(stage, noor, paulo):
    state = Applicant(stage).applied()
    assert noor.act(state, "propose").status_code == 303
    assert (noor.tasks("for-you"), noor.tasks("for-others")) == (
        [],
        ["A second person of the secretariat must admit: Xandria"],
    )
    assert [line.partition("Somebody")[0] for line in paulo.tasks("for-you")] == [
        "Admit, as the second person: Xandria"
    ]
    assert state.row().state == "proposed"
    shown = paulo.act(state, "admit")
    assert shown.status_code == 200
    code = words(find(shown, ".//strong[@class='code']"))
    assert re.fullmatch(r"[A-Z0-9]{5}(-[A-Z0-9]{5})+", code)
    assert state.subjects()[-1] == "Welcome to the network"
    assert state.status() == "Welcome to the network"
    elsewhere = (state.last(), state.page().text, paulo.read(state).text, noor.read(state).text)
    assert [code in text for text in elsewhere] == [False] * 4
    assert paulo.act(state, "admit").status_code == 409


def test_an_admission_opens_membership_and_seat_and_names_both_people(stage, noor, paulo, clock):
    state = Applicant(stage).applied()
    noor.act(state, "propose")
    paulo.act(state, "admit")
    both = (noor.holder.person_id, paulo.holder.person_id)
    letter_id, state_id = state.row().letter_id, state.row().state_id
    with stage.live.session() as session:
        membership = queries.membership_of(session, state_id, clock.now())
        assert (membership.status, membership.document_id) == ("member", letter_id)
        assert (membership.admitted_by, membership.second_by) == both
        assert queries.member_states(session, clock.now()) == [state_id]
        assert not queries.is_observer(session, state_id, clock.now())
        seat = session.get_one(Seat, state.row().seat_id)
        assert (seat.body_kind, seat.body_id, seat.role) == (
            BodyKind.STATE,
            state_id,
            Role.FOCAL_POINT,
        )
        holder = session.scalars(select(Holder).where(Holder.seat_id == seat.id)).one()
        assert holder.document_id == letter_id
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.word == "application.admitted")
        ).one()
        assert entry.details == dict(
            zip(("proposed_by", "admitted_by"), map(str, both), strict=True)
        )
        assert (entry.person_id, entry.proved) == (paulo.holder.person_id, "totp")


def test_the_focal_point_signs_in_with_the_mailbox_after_admission_and_not_before(
    stage, noor, paulo
):
    state = Applicant(stage).applied()
    browser = stage.live.client()

    def sign_in() -> str:
        browser.post("/sign-in", data={"address": state.address})
        stage.settle()
        return browser.post("/sign-in/code", data={"code": state.code()}).location or ""

    assert sign_in() == ""
    noor.act(state, "propose")
    paulo.act(state, "admit")
    assert sign_in() == "/workspace"
    page = browser.get("/workspace").text
    assert "Leila Barzani" in page
    assert "Focal point, Xandria" in page


def test_an_organisation_joins_with_a_seat_that_never_authorises(stage, noor, paulo):
    body = Applicant(stage, "desk@listening.example", "organisation").applied()
    assert body.subjects()[-1]
    noor.act(body, "propose")
    assert paulo.act(body, "admit").status_code == 200
    with stage.live.session() as session:
        found = session.scalars(select(Organisation)).one()
        assert (found.kind, found.name) == (
            "ngo",
            {"en": "Listening Post", "fr": "Poste d’écoute"},
        )
        held = session.scalars(select(Seat).where(Seat.body_id == found.id)).all()
        assert [(seat.body_kind, seat.role) for seat in held] == [
            (BodyKind.ORGANISATION, Role.FOCAL_POINT)
        ]
        assert session.scalars(select(Membership)).all() == []


def test_whoever_proposed_cannot_admit_in_any_seat(stage, noor, clock):
    state = Applicant(stage).applied()
    noor.act(state, "propose")
    refused = noor.act(state, "admit")
    assert refused.status_code == 403
    assert "A second person of the secretariat has to admit." in main(refused)
    with stage.live.session() as session:
        cast = Cast(session, stage.keys, at=clock.now())
        second = seats.appoint(
            session,
            seat=cast.seat("secretariat"),
            person_id=noor.holder.person_id,
            by=SYSTEM,
            now=clock.now(),
        )
        session.flush()
        visit = session.scalars(select(Visit).where(Visit.person_id == noor.holder.person_id)).one()
        visit.holder_id = second.id
    assert "You proposed to admit." in main(noor.read(state))
    assert noor.act(state, "admit").status_code == 403
    assert noor.tasks("for-you") == []
    assert state.row().state == "proposed"


def test_the_database_itself_wants_two_people(stage, noor):
    state = Applicant(stage).applied()
    noor.act(state, "propose")
    with stage.live.session() as session:
        row = session.get_one(Application, state.application_id)
        row.second_by = row.proposed_by
        with pytest.raises(IntegrityError, match="second_person_admits"):
            session.flush()
        session.rollback()


def test_an_old_proof_and_other_seats_admit_nobody(stage, noor):
    state = Applicant(stage).applied()
    noor.act(state, "propose")
    this_morning = Officer(stage, "Slow Officer", proved=timedelta(hours=3))
    asked = this_morning.act(state, "admit")
    assert (asked.status_code, asked.location.partition("?")[0]) == (303, "/prove")
    for role in ("focal_point", "triage", "helpdesk", "administrator"):
        other = Officer(stage, "Other Person", role)
        statuses = [other.act(state, act).status_code for act in ("propose", "admit", "refuse")]
        assert (role, statuses) == (role, [403, 403, 403])
        assert other.read(state).status_code == 403
    assert state.row().state == "proposed"


def test_a_refusal_needs_a_reason_which_goes_to_the_applicant(stage, noor):
    state = Applicant(stage).applied()
    for nothing in ({}, {"reason": "  "}):
        answer = noor.act(state, "refuse", **nothing)
        assert (answer.status_code, problems(answer)) == (
            422,
            {"reason": "Write a reason: it is sent to the applicant as it stands."},
        )
    noor.act(state, "refuse", reason="The letter names nobody. Please send one that does.")
    assert state.subjects()[-1] == "Your application was not accepted"
    assert "The letter names nobody. Please send one that does." in state.last()
    assert "The letter names nobody." in main(state.page())
    assert noor.act(state, "propose").status_code == 409


def test_one_question_at_a_time_and_an_old_page_answers_no_new_one(stage, noor):
    state = Applicant(stage).applied()
    noor.act(state, "question", question="First question?")
    assert noor.act(state, "question", question="Second question?").status_code == 409
    first = find(state.page(), ".//input[@name='question']").get("value")
    empty = state.answer(" ")
    assert (empty.status_code, problems(empty)) == (422, {"answer": "Write your answer."})
    state.answer("First answer")
    noor.act(state, "question", question="Second question?")
    late = state.answer("Meant for the first", question=first)
    assert late.status_code == 409
    assert "Meant for the first" in late.text
    state.answer("Second answer")
    with stage.live.session() as session:
        found = session.scalars(
            select(ApplicationQuestion).order_by(ApplicationQuestion.asked_at)
        ).all()
        assert [one.answer for one in found] == ["First answer", "Second answer"]


def test_a_question_takes_back_what_was_proposed(stage, noor, paulo):
    state = Applicant(stage).applied()
    noor.act(state, "propose")
    paulo.act(state, "question", question="Is the letter signed?")
    assert state.row().proposed_by is None
    state.answer("Yes.")
    paulo.act(state, "propose")
    assert noor.act(state, "admit").status_code == 200


def test_an_applicant_takes_it_back(stage, noor):
    state = Applicant(stage).applied()
    assert "Take the application back?" in main(state.client.get("/my-application/withdraw"))
    assert state.client.post("/my-application/withdraw").status_code == 303
    assert state.status() == "You have taken the application back"
    assert noor.act(state, "propose").status_code == 409
    assert state.client.post("/my-application/withdraw").status_code == 409


def test_two_applications_of_one_state_make_one_member(stage, noor, paulo, clock):
    first, second = Applicant(stage), Applicant(stage, "other@xandria.example")
    for one in (first, second):
        one.applied()
        assert noor.act(one, "propose").status_code == 303
    assert "Other applications of this State" in main(noor.read(first))
    assert paulo.act(first, "admit").status_code == 200
    late = paulo.act(second, "admit")
    assert late.status_code == 409
    assert "This State has joined in the meantime." in main(late)
    with stage.live.session() as session:
        assert len(session.scalars(select(Membership)).all()) == 1


def test_an_observer_becomes_a_member_in_the_same_seat(stage, noor, paulo, clock):
    for wants in ("observer", "member"):
        state = Applicant(stage).applied(wants=wants)
        noor.act(state, "propose")
        assert paulo.act(state, "admit").status_code == 200
    with stage.live.session() as session:
        rows = session.scalars(select(Membership).order_by(Membership.since)).all()
        assert [row.status for row in rows] == ["observer", "member"]
        assert rows[0].until == rows[1].since
        assert queries.is_member(session, rows[0].state_id, clock.now())
        focal = select(Seat).where(Seat.role == Role.FOCAL_POINT)
        assert len(session.scalars(focal).all()) == 1


def test_what_is_no_person_neither_proposes_nor_admits(stage, noor, clock):
    state = Applicant(stage).applied()
    token = Actor(kind="token", seat_id=noor.holder.seat_id)
    how = {"application_id": state.application_id, "by": token, "now": clock.now()}
    with stage.live.app.app_context():
        with stage.live.session() as session, pytest.raises(NotAllowed):
            service.propose(session, **how)
        noor.act(state, "propose")
        with stage.live.session() as session, pytest.raises(NotAllowed):
            admissions.admit(session, house=house(), **how)


def test_the_letter_stays_with_the_application(stage):
    state = Applicant(stage).applied()
    with stage.live.session() as session:
        row = session.get_one(StoredFile, state.row().letter_id)
        assert (row.owner_kind, row.owner_id, row.name, row.mime) == (
            "application",
            state.application_id,
            "letter.pdf",
            "application/pdf",
        )


def test_two_applications_of_one_state_admitted_in_the_same_second(stage, noor, paulo):
    both = [Applicant(stage), Applicant(stage, "other@xandria.example")]
    for one in both:
        noor.act(one.applied(), "propose")
    start = Barrier(2)

    def admit(one: Applicant) -> int:
        browser = stage.live.client()
        with paulo.client.session_transaction() as cookie, browser.session_transaction() as own:
            own.update(cookie)
        start.wait()
        return browser.post(f"/applications/{one.application_id}/admit").status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(admit, both)) == [200, 409]
    with stage.live.session() as session:
        assert len(session.scalars(select(Membership)).all()) == 1
