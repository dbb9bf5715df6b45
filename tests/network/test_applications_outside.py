"""What an applicant sees, what is said at the fields, what is the same for everybody, and the clock."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.event import listen

from core.codes import Code
from core.db import db
from core.files import StoredFile
from core.outbox import OutboxEntry
from network.applications.models import Application, Membership, MembershipStatus
from network.notifications.models import Delivery
from network.taxonomy.models import State
from tests.events.participant import Stage, main, problems, text_of
from tests.network.applicant import Applicant, Officer, letter
from tests.walls.cast import Cast
from workers import demo

MEMBERS_ONLY = (
    "/workspace",
    "/applications",
    "/triage",
    "/seats/naming",
)


@pytest.fixture
def stage(live, keys, mailbox, clock) -> Stage:
    """A database with two invented States; Yendor is a member."""
    made = Stage(live, keys, mailbox, clock)
    with live.session() as session:
        cast = Cast(session, keys, at=clock.now())
        cast.state()
        yendor = cast.state("XAB", "XB", "Yendor")
        session.add(
            Membership(state_id=yendor.id, status=MembershipStatus.MEMBER, since=clock.now())
        )
    return made


def warned(stage, name: str) -> int:
    """How many mails about a waiting application an officer has got."""
    mails = stage.mailbox.to(f"{name}@secretariat.example")
    return [str(mail["Subject"]) for mail in mails].count("An application waits")


def counts(stage) -> tuple[int, ...]:
    with stage.live.session() as session:
        tables = (Application, Code, OutboxEntry, Delivery, StoredFile)
        return tuple(session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)


def test_an_applicant_sees_public_pages_and_their_own_and_no_other(stage):
    state = Applicant(stage).applied()
    other = Applicant(stage, "desk@listening.example", "organisation").applied()
    for path in (*MEMBERS_ONLY, f"/applications/{state.application_id}"):
        answer = state.client.get(path)
        assert (path, answer.status_code, answer.location.partition("?")[0]) == (
            path,
            303,
            "/sign-in",
        )
    for act in ("question", "propose", "admit", "refuse"):
        path = f"/applications/{state.application_id}/{act}"
        assert state.client.post(path, data={"reason": "x"}).status_code == 303
    assert state.row().state == "received"
    assert [state.client.get(path).status_code for path in ("/", "/network", "/about")] == [200] * 3
    assert "Listening Post" not in state.page().text
    assert "Xandria" not in other.page().text
    assert other.client.get("/my-application").status_code == 200
    stranger = stage.live.client()
    assert stranger.get("/my-application").status_code == 401
    assert stranger.post("/my-application/withdraw").status_code == 401


def test_a_link_is_exchanged_for_an_address_without_it(stage):
    state = Applicant(stage).applied()
    browser = stage.live.client()
    answer = browser.get(state.link())
    assert (answer.status_code, answer.location) == (303, "/my-application")
    assert "Xandria" in main(browser.get("/my-application"))
    for token in ("nothing", "A" * 48, state.link().rpartition("/")[2] + "A"):
        assert stage.live.client().get(f"/j/{token}").status_code == 401
        assert stage.live.client().get(f"/jc/{token}").status_code == 401


def test_opening_the_link_in_the_mail_confirms_nothing_and_its_button_does(stage):
    state = Applicant(stage)
    state.send()
    browser = stage.live.client()
    assert browser.get(state.link()).location == "/network/join/confirm"
    page = browser.get("/network/join/confirm")
    assert "Press the button and the secretariat has your application." in main(page)
    assert state.row().state == "unconfirmed"
    assert browser.post("/network/join/confirm").location == "/my-application"
    assert state.row().state == "received"
    assert browser.get("/network/join/confirm").location == "/my-application"


def test_a_cookie_ends_after_two_hours_and_the_link_opens_it_again(stage, clock):
    state = Applicant(stage).applied()
    clock.forward(hours=2, seconds=1)
    assert state.page().status_code == 401
    state.client.get(state.link())
    assert state.page().status_code == 200


def test_known_and_unknown_mailboxes_get_the_same_bytes_and_the_same_work(stage):
    known = Applicant(stage).applied()
    with stage.live.app.app_context():
        engine = db.engine
    work: list[list[str]] = []
    listen(
        engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: work[-1].append(statement),
    )
    forms, links = [], []
    for address in (known.address, "nobody@yendor.example"):
        again = Applicant(stage, address)
        work.append([])
        before = counts(stage)
        sent = again.client.post(
            "/network/join/state",
            data={
                "state": "XAA",
                "wants": "member",
                "contact_name": "Leila Barzani",
                "language": "en",
                "email": address,
                "letter": (letter().stream, "letter.pdf"),
            },
        )
        did = work[-1]
        page = again.client.get(sent.location)
        rows = tuple(b - a for a, b in zip(before, counts(stage), strict=True))
        own = sent.location.split("/")[-2]
        forms.append((sent.status_code, page.text.replace(own, ""), rows, did))
        work.append([])
        asked = again.client.post("/network/join/link", data={"email": address})
        links.append((asked.status_code, asked.data, work[-1]))
    assert forms[0] == forms[1]
    assert forms[0][2] == (1, 1, 1, 0, 1)
    assert links[0] == links[1]


def test_a_lost_link_comes_again_to_its_mailbox_only(stage):
    state = Applicant(stage).applied()
    for address in (state.address, "nobody@yendor.example"):
        stage.live.client().post("/network/join/link", data={"email": address})
        stage.settle()
    assert state.subjects()[-1] == "The link to your application"
    assert stage.mailbox.to("nobody@yendor.example") == []
    empty = stage.live.client().post("/network/join/link", data={"email": "no address"})
    assert (empty.status_code, problems(empty)) == (
        422,
        {"email": "This address has a space in it."},
    )


def test_a_member_is_told_at_the_field_and_nothing_is_kept(stage):
    before = counts(stage)
    for wants in ("member", "observer"):
        answer = Applicant(stage).send(state="XAB", wants=wants)
        assert (answer.status_code, problems(answer)) == (
            422,
            {
                "state": "This State is a member already. Its focal point can sign in; if nobody"
                " holds that seat, write to the secretariat.",
                "letter": "Choose your letter again: browsers send a file only once.",
            },
        )
        assert 'value="Leila Barzani"' in answer.text
    assert counts(stage) == before


def test_an_application_tells_nothing_about_others_of_the_same_state(stage):
    first = Applicant(stage).applied()
    second = Applicant(stage, "other@xandria.example")
    assert second.send().status_code == 303
    assert second.confirm().location == "/my-application"
    assert (first.status(), first.row().state) == (second.status(), second.row().state)


def test_everything_wrong_with_a_form_is_said_at_once_and_nothing_typed_is_lost(stage):
    nothing = Applicant(stage).send(
        state="", wants=None, contact_name="", email="", language="", letter=None
    )
    assert (nothing.status_code, problems(nothing)) == (
        422,
        {
            "state": "Choose your State.",
            "wants": "Choose member or observer.",
            "contact_name": "Write the name of the person you nominate.",
            "email": "Write the address of the mailbox.",
            "language": "Choose a language.",
            "letter": "Choose the file of your letter.",
        },
    )
    wrong = Applicant(stage).send(
        state="QQQ", wants="dormant", contact_name="A\nB", email="a@b", text="x" * 4001
    )
    assert wrong.status_code == 422
    assert problems(wrong) == {
        "state": "Choose one of the answers offered.",
        "wants": "Choose one of the answers offered.",
        "contact_name": "Write this on one line.",
        "email": "This address is not complete. It should look like name@example.org.",
        "text": "This is 4001 characters long; 4000 fit.",
        "letter": "Choose your letter again: browsers send a file only once.",
    }
    assert 'value="a@b"' in wrong.text
    body = Applicant(stage, "desk@listening.example", "organisation").send(
        name_en="", name_fr="", organisation_kind="sect"
    )
    assert problems(body) == {
        "organisation_kind": "Choose one of the answers offered.",
        "name_en": "Write the name of the organisation in one language at least.",
        "letter": "Choose your letter again: browsers send a file only once.",
    }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((b"", "letter.pdf"), "This file is empty."),
        (
            (b"MZ a program", "letter.pdf"),
            "The name says that this is a PDF file, but it is not. Save it as one and choose it again.",
        ),
        (
            (b"plain words", "letter.exe"),
            "This kind of file is not taken here. Taken are: PDF, PNG, JPEG, Word, OpenDocument.",
        ),
        (
            (b"%PDF-" + b"x" * (10 * 1024 * 1024), "letter.pdf"),
            "This file is larger than 10 MB. Make it smaller and choose it again.",
        ),
    ],
    ids=["empty", "no PDF", "a program", "too large"],
)
def test_what_is_no_letter_gets_a_sentence_at_its_field(stage, given, sentence):
    answer = Applicant(stage).send(letter=letter(*given))
    assert (answer.status_code, problems(answer)) == (422, {"letter": sentence})
    with stage.live.session() as session:
        assert session.scalars(select(StoredFile)).all() == []


def test_a_wrong_code_is_explained_and_an_old_application_lapses_and_is_forgotten(stage, clock):
    state = Applicant(stage)
    state.send()
    wrong = state.confirm("12 ab")
    assert wrong.status_code == 422
    assert 'value="12 ab"' in wrong.text
    clock.forward(hours=24, seconds=1)
    assert state.confirm().status_code == 422
    stage.tick()
    row = state.row()
    assert (row.state, row.contact_name, row.address, row.look_up, row.letter_id) == (
        "lapsed",
        "",
        "",
        None,
        None,
    )
    with stage.live.session() as session:
        assert session.scalars(select(StoredFile)).all() == []


def test_silence_is_told_once_to_each_level_however_often_the_worker_runs(stage, clock):
    noor = Officer(stage, "Noor Lindahl")
    Officer(stage, "Ida Marekova", "administrator")
    state = Applicant(stage).applied()

    def told() -> dict[str, int]:
        for _run in range(3):
            stage.tick()
        return {name: warned(stage, name) for name in ("noor", "ida")}

    assert told() == {"noor": 0, "ida": 0}
    clock.forward(days=14)
    assert told() == {"noor": 1, "ida": 0}
    clock.forward(days=7)
    assert told() == {"noor": 1, "ida": 1}
    clock.forward(days=200)
    assert told() == {"noor": 1, "ida": 1}
    assert all(
        "Xandria" not in text_of(mail)
        for mail in stage.mailbox.to("noor@secretariat.example")
        if mail["Subject"] == "An application waits"
    )

    noor = Officer(stage, "Noor Lindahl")
    assert noor.act(state, "question", question="Is the letter signed?").status_code == 303
    asked = len(state.mails())
    clock.forward(days=14)
    told()
    assert state.subjects()[asked:] == ["Your application waits for your answer"]
    assert "Is the letter signed?" in state.last()
    before = warned(stage, "noor")
    clock.forward(days=7)
    told()
    assert state.subjects()[asked:] == ["Your application waits for your answer"]
    assert warned(stage, "noor") == before + 1


def test_a_worker_that_slept_through_both_moments_tells_each_level_once(stage, clock):
    for name, role in (("Noor Lindahl", "secretariat"), ("Ida Marekova", "administrator")):
        Officer(stage, name, role)
    Applicant(stage).applied()
    clock.forward(days=90)
    for _run in range(4):
        stage.tick()
    assert [warned(stage, name) for name in ("noor", "ida")] == [1, 1]


def test_an_answer_in_time_leaves_nobody_reminded(stage, clock):
    noor = Officer(stage, "Noor Lindahl")
    state = Applicant(stage).applied()
    clock.forward(days=13)
    noor = Officer(stage, "Noor Lindahl")
    noor.act(state, "refuse", reason="The State asked us to wait.")
    clock.forward(days=30)
    stage.tick()
    assert warned(stage, "noor") == 0


def test_who_was_refused_is_forgotten_after_a_year(stage, clock):
    state = Applicant(stage).applied()
    Officer(stage, "Noor Lindahl").act(state, "refuse", reason="Not a State's letter.")
    clock.forward(days=364)
    stage.tick()
    assert state.row().address == state.address
    clock.forward(days=2)
    stage.tick()
    assert (state.row().address, state.row().contact_name, state.row().reason) == (
        "",
        "",
        "Not a State's letter.",
    )
    assert stage.live.client().get(state.link()).status_code == 401
    page = Officer(stage, "Paulo Sernine").read(state)
    assert "Forgotten, as promised" in main(page)


def test_mails_come_in_the_applicants_language(stage):
    body = Applicant(stage, "desk@listening.example", "organisation").applied()
    assert {str(mail["Content-Language"]) for mail in body.mails()} == {"fr"}


def test_the_queue_is_paged_by_key_and_ended_ones_stand_apart(stage, monkeypatch):
    noor = Officer(stage, "Noor Lindahl")
    for number in range(3):
        Applicant(stage, f"desk{number}@listening.example", "organisation").applied()
    monkeypatch.setattr("network.applications.queries.PAGE", 2)
    first = noor.client.get("/applications")
    assert first.text.count("Listening Post") == 2
    after = first.text.partition("after=")[2].partition('"')[0]
    assert noor.client.get(f"/applications?after={after}").text.count("Listening Post") == 1
    assert noor.client.get("/applications?after=nonsense").status_code == 200
    assert "Nothing here yet" in main(noor.client.get("/applications?show=ended"))


def test_demo_states_are_members_from_the_first_start(stage):
    with stage.live.app.app_context(), stage.live.session() as session:
        for _time in range(2):
            demo.fill(session, now=stage.clock.now())
        rows = session.execute(
            select(State.iso3, Membership.status)
            .join(Membership, Membership.state_id == State.id)
            .order_by(State.iso3)
        ).all()
        assert [tuple(row) for row in rows] == [
            (iso3, "member") for iso3 in ("XAA", "XAB", "XAC", "XAD")
        ]
