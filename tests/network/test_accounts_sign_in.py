"""Signing in by a code sent to a mailbox."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.event import listen

from core.codes import CODE_TRIES, Code
from core.db import db
from core.outbox import OutboxEntry
from core.seal import Sealed, unseal
from network.accounts.models import Visit
from tests.walls.cast import Cast


@pytest.fixture
def shared(live, keys):
    """A mailbox with two people behind it."""
    with live.session() as session:
        cast = Cast(session, keys)
        cast.holder("focal_point", name="Leila First", address="both@xandria.example")
        cast.holder("deputy", name="Idris Second", address="both@xandria.example")
    return live


@pytest.fixture
def alone(live, keys):
    """A mailbox with one person behind it."""
    with live.session() as session:
        Cast(session, keys).holder("focal_point", name="Solo Person", address="one@yendor.example")
    return live


def plain_code(live, keys):
    """The newest code in clear, as the mail worker reads it."""
    with live.session() as session:
        row = session.scalars(select(Code).order_by(Code.made_at.desc())).first()
        return unseal(keys.mail, Sealed(row.sealed_key, row.sealed))["code"]


def counts(live):
    with live.session() as session:
        tables = (Code, OutboxEntry, Visit)
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in tables)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_opens_a_visit_once(alone, keys):
    client = alone.client()
    asked = client.post("/sign-in", data={"address": " One@Yendor.example "})
    assert (asked.status_code, asked.location) == (303, "/sign-in/code")
    code = plain_code(alone, keys)
    entered = client.post("/sign-in/code", data={"code": f"{code[:3]} {code[3:]}"})
    assert (entered.status_code, entered.location) == (303, "/workspace")
    page = client.get("/workspace")
    assert page.status_code == 200
    assert "Solo Person" in page.text
    other = alone.client()
    other.post("/sign-in", data={"address": "one@yendor.example"})
    again = other.post("/sign-in/code", data={"code": code})
    assert again.status_code == 422


def test_a_known_and_an_unknown_address_get_the_same_answer_and_the_same_work(alone):
    answers, rows, work = [], [], []
    with alone.app.app_context():
        engine = db.engine
    listen(
        engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: work[-1].append(statement),
    )
    for address in ("one@yendor.example", "nobody@yendor.example"):
        before = counts(alone)
        client = alone.client()
        work.append([])
        answer = client.post("/sign-in", data={"address": address})
        rows.append(tuple(b - a for a, b in zip(before, counts(alone), strict=True)))
        page = client.get(answer.location)
        own = {"set-cookie", "x-request-id"}
        headers = {k: v for k, v in answer.headers if k.lower() not in own}
        answers.append((answer.status_code, answer.data, headers, page.status_code, page.data))
    assert answers[0] == answers[1]
    assert rows == [(1, 1, 0), (1, 1, 0)]
    assert work[0] == work[1]


def test_five_wrong_tries_end_a_code(alone, keys):
    client = alone.client()
    client.post("/sign-in", data={"address": "one@yendor.example"})
    code = plain_code(alone, keys)
    statuses = [
        client.post("/sign-in/code", data={"code": wrong(code)}).status_code
        for _number in range(CODE_TRIES)
    ]
    assert statuses == [422] * CODE_TRIES
    assert client.post("/sign-in/code", data={"code": code}).status_code == 422


def test_a_wrong_code_is_explained_at_its_field_and_kept(alone):
    client = alone.client()
    client.post("/sign-in", data={"address": "one@yendor.example"})
    answer = client.post("/sign-in/code", data={"code": "12 ab"})
    assert answer.status_code == 422
    assert 'value="12 ab"' in answer.text
    assert "This code is not right, or too old, or used." in answer.text


def test_an_old_code_is_refused(alone, keys, clock):
    client = alone.client()
    client.post("/sign-in", data={"address": "one@yendor.example"})
    code = plain_code(alone, keys)
    clock.forward(hours=24, seconds=1)
    assert client.post("/sign-in/code", data={"code": code}).status_code == 422


def test_the_first_of_two_codes_still_works(alone, keys):
    client = alone.client()
    client.post("/sign-in", data={"address": "one@yendor.example"})
    first = plain_code(alone, keys)
    client.post("/sign-in", data={"address": "one@yendor.example"})
    assert client.post("/sign-in/code", data={"code": first}).status_code == 303


def test_a_code_works_only_in_the_browser_that_asked(alone, keys):
    asking = alone.client()
    asking.post("/sign-in", data={"address": "one@yendor.example"})
    code = plain_code(alone, keys)
    assert alone.client().post("/sign-in/code", data={"code": code}).status_code == 422


def test_behind_a_shared_mailbox_one_says_who_one_is(shared, keys):
    client = shared.client()
    client.post("/sign-in", data={"address": "both@xandria.example"})
    entered = client.post("/sign-in/code", data={"code": plain_code(shared, keys)})
    assert entered.location == "/who-are-you"
    refused = client.get("/workspace")
    assert (refused.status_code, refused.location) == (303, "/who-are-you?then=/workspace")
    page = client.get("/who-are-you")
    people = dict(re.findall(r'value="([0-9a-f-]{36})"[^>]*><span>([^<]+)<', page.text))
    assert sorted(people.values()) == ["Idris Second", "Leila First"]
    idris = next(key for key, name in people.items() if name == "Idris Second")
    said = client.post("/who-are-you?then=/workspace", data={"person": idris})
    assert (said.status_code, said.location) == (303, "/workspace")
    assert "Welcome, Idris Second" in client.get("/workspace").text


def test_nobody_becomes_a_person_of_another_mailbox(shared, keys):
    with shared.session() as session:
        stranger = Cast(session, keys).person("Stranger").id
    client = shared.client()
    client.post("/sign-in", data={"address": "both@xandria.example"})
    client.post("/sign-in/code", data={"code": plain_code(shared, keys)})
    answer = client.post("/who-are-you", data={"person": str(stranger)})
    assert answer.status_code == 422
    assert client.get("/workspace").status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type your e-mail address."),
        ("one two@yendor.example", "This address has a space in it."),
        ("one@yendor.example\nbcc: all@yendor.example", "Write this on one line."),
        ("nobody", "An e-mail address has one @, as in name@example.org."),
    ],
)
def test_a_bad_address_gets_a_sentence_at_its_field(client, typed, sentence):
    answer = client.post("/sign-in", data={"address": typed})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_cookie_holds_the_visit_and_nothing_else(alone, keys):
    client = alone.client()
    client.post("/sign-in", data={"address": "one@yendor.example"})
    client.post("/sign-in/code", data={"code": plain_code(alone, keys)})
    with client.session_transaction() as cookie:
        assert sorted(cookie) == ["_fresh", "_user_id"]


def test_signing_out_ends_every_copy_of_the_cookie(alone, keys):
    client, thief = alone.client(), alone.client()
    client.post("/sign-in", data={"address": "one@yendor.example"})
    client.post("/sign-in/code", data={"code": plain_code(alone, keys)})
    with client.session_transaction() as cookie, thief.session_transaction() as copy:
        copy.update(cookie)
    assert thief.get("/workspace").status_code == 200
    assert client.post("/sign-out").status_code == 303
    assert thief.get("/workspace").location == "/sign-in?then=/workspace"


def test_where_one_wanted_to_go_is_kept_and_stays_here(alone, keys):
    client = alone.client()
    refused = client.get("/workspace")
    assert refused.location == "/sign-in?then=/workspace"
    asked = client.post("/sign-in?then=//evil.example", data={"address": "one@yendor.example"})
    entered = client.post(asked.location, data={"code": plain_code(alone, keys)})
    assert entered.location == "/workspace"
