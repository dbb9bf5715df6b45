"""Consents on pages: read by their State alone, acted on by its officers, told to all of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import encode_multipart

from core.outbox import OutboxEntry
from network.accounts import service as accounts
from network.consents import subjects
from network.consents.models import Consent, ConsentKind, Withdrawal
from network.consents.subjects import Subject, Waiting
from network.seats.models import Seat
from tests.events.participant import Stage
from tests.network.country import PDF, Country, letter

KIND = ConsentKind.AGREEMENT
OFFICERS = ("justice@xandria.example", "abroad@xandria.example", "mechanism@xandria.example")


@pytest.fixture
def stage(live, keys, mailbox, clock) -> Stage:
    return Stage(live, keys, mailbox, clock)


@pytest.fixture
def country(stage) -> Country:
    return Country(stage)


@pytest.fixture
def waiting(country, monkeypatch) -> Waiting:
    """One thing that waits for Xandria's consent, as a slice would tell."""
    one = Waiting(
        kind=KIND,
        subject_kind="trial",
        subject_id=uuid4(),
        title="Terms of a study visit",
        href="/nowhere",
        publish=("summary",),
    )
    monkeypatch.setattr(
        subjects,
        "WAITING_FOR_CONSENT",
        [lambda _session, state_id, _now: [one] if state_id == country.state_id else []],
    )
    return one


def tasks(client) -> str:
    return client.get("/workspace").text


def enter_paper(country, client, waiting, **typed):
    basis = {"subject": f"{KIND.value}:{waiting.subject_id}", "note": letter()}
    kept = {name: value for name, value in (basis | typed).items() if value is not None}
    boundary, body = encode_multipart(kept)
    return client.post(
        f"/consents/paper?state={country.iso3}",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def test_a_consent_is_read_by_its_state_and_the_secretariat(country, stage):
    one = country.give(country.justice)
    other = Country(stage, "XAB", "Yendor")
    path = f"/consents/{one.id}"
    for holder in (country.focal, country.justice, country.noor):
        client = country.client(holder)
        assert path in client.get("/consents").text
        assert "Justa Justice" in client.get(path).text
    stranger = other.client(other.justice)
    assert path not in stranger.get("/consents").text
    assert [stranger.get(path + more).status_code for more in ("", "/withdraw", "/document")] == [
        404,
        404,
        404,
    ]
    sent = stranger.post(f"{path}/withdraw", data={"reason": "Not ours."})
    assert sent.status_code == 404


def test_all_are_told_once_of_what_one_of_them_does(country, stage):
    one = country.give(country.justice)
    stage.settle()
    assert [country.subjects(where) for where in OFFICERS] == [
        ["A consent of your State was given"]
    ] * 3
    client = country.client(country.abroad)
    sent = client.post(f"/consents/{one.id}/withdraw", data={"reason": "The visit is too soon."})
    assert sent.location == f"/consents/{one.id}"
    stage.settle()
    stage.settle()
    assert [country.subjects(where)[1:] for where in OFFICERS] == [
        ["A consent of your State was withdrawn", "Two authorising officers disagree"]
    ] * 3
    page = client.get(f"/consents/{one.id}").text
    for words in ("Withdrawn", "The visit is too soon.", "Two authorising seats disagree."):
        assert words in page


def facts(stage, kind="ConsentsConflict"):
    with stage.live.session() as session:
        return session.scalars(select(OutboxEntry).where(OutboxEntry.kind == kind)).all()


def test_a_contradiction_is_recorded_once_and_a_change_of_mind_is_none(country, stage, clock):
    subject = uuid4()
    country.give(country.justice, subject)
    clock.forward(days=10, seconds=1)
    first = country.client(country.abroad)
    with stage.live.session() as session:
        one = session.scalars(select(Consent)).one()
    first.post(f"/consents/{one.id}/withdraw", data={"reason": "Years later."})
    assert len(facts(stage, "ConsentWithdrawn")) == 1
    assert facts(stage) == []
    for _time in range(2):
        country.give(country.justice, subject)
    (conflict,) = facts(stage)
    with stage.live.session() as session:
        withdrawal = session.scalars(select(Withdrawal)).one()
    assert conflict.body["withdrawal_id"] == str(withdrawal.id)
    assert conflict.body["kind"] == "agreement"
    country.give(country.abroad, subject)
    assert len(facts(stage)) == 1


def test_a_withdrawal_says_before_what_it_will_do(country, clock, monkeypatch):
    one = country.give(country.justice)
    path = f"/consents/{one.id}/withdraw"
    client = country.client(country.justice)
    assert "stands still at once" in client.get(path).text
    held = Subject(title="Visit to Yendor", held_at=clock.now(), published=["Summary of the visit"])
    monkeypatch.setitem(subjects.SUBJECTS, "agreement", lambda _session, _id: held)
    page = client.get(path).text
    assert "What was published of it with your State’s consent is hidden at once" in page
    assert "Summary of the visit" in page
    assert "Give the reason in a sentence." in client.post(path, data={"reason": ""}).text


def test_withdrawing_asks_for_a_fresh_code_and_an_officer(country):
    one = country.give(country.justice)
    path = f"/consents/{one.id}/withdraw"
    sleepy = country.client(country.justice, proved=timedelta(hours=1))
    assert sleepy.get(path).location == f"/prove?then={path}"
    focal = country.client(country.focal)
    assert focal.post(path, data={"reason": "Me too."}).status_code == 403


def test_what_waits_for_consent_stands_on_the_desks_of_officers(country, waiting):
    officer = country.client(country.justice)
    assert "Terms of a study visit" in tasks(officer)
    assert "Terms of a study visit" not in tasks(country.client(country.focal))
    country.give(country.justice, waiting.subject_id)
    assert "Terms of a study visit" not in tasks(officer)
    assert "Terms of a study visit" in tasks(country.client(country.abroad))


def test_a_paper_takes_two_officers_and_the_state_contests_it(country, stage, waiting, clock):
    noor, paulo = country.client(country.noor), country.client(country.paulo)
    assert "Terms of a study visit" in noor.get("/consents/paper?state=XAA").text
    sent = enter_paper(country, noor, waiting)
    path = sent.location
    assert "Confirm a consent that came on paper" not in tasks(noor)
    assert "Confirm a consent that came on paper" in tasks(paulo)
    assert noor.post(f"{path}/confirm").status_code == 403
    assert "it does not count" in noor.get(path).text
    assert "Confirm this paper?" in paulo.get(f"{path}/confirm").text
    assert paulo.post(f"{path}/confirm").location == path
    stage.settle()
    assert country.subjects("justice@xandria.example") == [
        "A consent of your State was entered from a paper"
    ]
    officer = country.client(country.justice)
    assert "Check a consent that came on paper" in tasks(officer)
    assert officer.get(f"{path}/document").data == PDF
    clock.forward(days=9)
    officer = country.client(country.justice)
    assert "Contest this paper?" in officer.get(f"{path}/contest").text
    assert officer.post(f"{path}/contest").location == path
    assert "Contested" in officer.get(path).text
    assert "Check a consent that came on paper" not in tasks(officer)
    stage.settle()
    contested = "A consent on paper was contested"
    assert country.subjects("abroad@xandria.example")[-1] == contested
    assert country.subjects("noor-xaa@secretariat.example") == [contested]


def test_after_ten_days_a_paper_is_withdrawn_and_not_contested(country, waiting, clock):
    path = enter_paper(country, country.client(country.noor), waiting).location
    country.client(country.paulo).post(f"{path}/confirm")
    clock.forward(days=10)
    officer = country.client(country.justice)
    assert "This is not our word" not in officer.get(path).text
    assert officer.post(f"{path}/contest").status_code == 409
    assert officer.post(f"{path}/withdraw", data={"reason": "No."}).status_code == 303


def test_a_paper_that_was_contested_first_is_not_confirmed(country, waiting):
    path = enter_paper(country, country.client(country.noor), waiting).location
    assert country.client(country.justice).post(f"{path}/contest").status_code == 303
    assert country.client(country.paulo).post(f"{path}/confirm").status_code == 409


def test_a_paper_against_a_standing_withdrawal_is_a_conflict(country, stage, waiting):
    one = country.give(country.justice, waiting.subject_id)
    country.client(country.justice).post(f"/consents/{one.id}/withdraw", data={"reason": "No."})
    path = enter_paper(country, country.client(country.noor), waiting).location
    assert facts(stage) == []
    country.client(country.paulo).post(f"{path}/confirm")
    assert len(facts(stage)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"note": None}, "Choose the file of the paper."),
        ({"note": letter(b"", "note.pdf")}, "This file is empty."),
        ({"subject": None}, "Choose what it consents to."),
        ({"subject": f"agreement:{UUID(int=7)}"}, "Choose one of the answers offered."),
    ],
)
def test_a_paper_that_will_not_do_is_told_at_its_field(country, waiting, typed, words):
    answer = enter_paper(country, country.client(country.noor), waiting, **typed)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_state_sets_its_rule_and_everybody_of_it_reads_it(country):
    officer, focal = country.client(country.justice), country.client(country.focal)
    assert "The consent of any one authorising seat is enough." in focal.get("/consents/rule").text
    assert officer.post("/consents/rule", data={"need": "all"}).location == "/consents"
    assert "all its authorising seats" in focal.get("/consents").text
    assert officer.post("/consents/rule", data={"need": "none"}).status_code == 422
    assert focal.post("/consents/rule", data={"need": "any_one"}).status_code == 403


def test_an_officer_whose_seat_ended_yesterday_acts_no_more(country, clock):
    one = country.give(country.justice)
    officer = country.client(country.justice)
    country.end(country.justice)
    clock.forward(days=1)
    for path in ("withdraw", "keep", "contest"):
        sent = officer.post(f"/consents/{one.id}/{path}", data={"reason": "Still me."})
        assert sent.status_code == 403
    assert officer.get("/consents").status_code == 403


# Programs


def asked(country, holder, path, method="GET"):
    with country.stage.live.session() as session:
        seat = session.get_one(Seat, holder.seat_id)
        _row, token = accounts.make_token(
            session, seat=seat, label="", by=country.by(holder), now=country.stage.clock.now()
        )
    return country.stage.live.client().open(
        path, method=method, headers={"Authorization": f"Bearer {token}"}
    )


def test_a_program_reads_the_consents_of_its_own_state(country, stage):
    one = country.give(country.justice, publish=("summary",))
    other = Country(stage, "XAB", "Yendor")
    theirs = other.give(other.justice)
    answer = asked(country, country.focal, "/api/v1/consents").json
    assert [row["id"] for row in answer["items"]] == [str(one.id)]
    assert answer["next"] is None
    row = answer["items"][0]
    assert (row["state"], row["kind"], row["status"], row["publish"], row["proved"]) == (
        "XAA",
        "agreement",
        "in force",
        ["summary"],
        "totp",
    )
    assert "Justa" not in str(answer)
    assert asked(country, country.focal, f"/api/v1/consents/{one.id}").json == row
    assert asked(country, country.focal, f"/api/v1/consents/{theirs.id}").status_code == 404
    assert asked(country, country.focal, "/api/v1/consents?state=XAB").status_code == 404
    both = asked(country, country.noor, "/api/v1/consents?limit=1").json
    assert len(both["items"]) == 1
    rest = asked(country, country.noor, both["next"]).json
    assert {both["items"][0]["id"], rest["items"][0]["id"]} == {str(one.id), str(theirs.id)}
    only = asked(country, country.noor, "/api/v1/consents?state=xab").json
    assert [row["id"] for row in only["items"]] == [str(theirs.id)]


@pytest.mark.parametrize("who", ["justice", "focal", "noor"])
def test_no_program_gives_a_consent(country, stage, who):
    answer = asked(country, getattr(country, who), "/api/v1/consents", "POST")
    assert (answer.status_code, answer.json["code"]) == (403, "own-factor-needed")
    with stage.live.session() as session:
        assert session.scalars(select(Consent)).all() == []


def test_the_command_lists_and_gives_nothing(country):
    one = country.give(country.justice)
    runner = country.stage.live.app.test_cli_runner()
    found = runner.invoke(args=["consents", "list", "--state", "XAA"])
    assert str(one.id) in found.output
    assert found.output.rstrip().endswith("in force")
    assert runner.invoke(args=["consents", "list", "--state", "ZZZ"]).exit_code == 1
    assert sorted(country.stage.live.app.cli.commands["consents"].commands) == ["list"]
