"""Public pages know a signed-in reader, and never show one reader's page to another."""

from __future__ import annotations

import time

from sqlalchemy import select

from core.codes import Code
from core.seal import Sealed, unseal
from tests.walls.cast import Cast


def signed_in(live, keys):
    """A client whose cookie belongs to one named person."""
    with live.session() as session:
        Cast(session, keys).holder("focal_point", name="Solo Person", address="one@yendor.example")
    client = live.client()
    client.post("/sign-in", data={"address": "one@yendor.example"})
    with live.session() as session:
        row = session.scalars(select(Code).order_by(Code.made_at.desc())).first()
        code = unseal(keys.mail, Sealed(row.sealed_key, row.sealed))["code"]
    client.post("/sign-in/code", data={"code": code})
    return client


def kept(live, path):
    """An anonymous client's page once it comes from the shelf."""
    client = live.client()
    for _try in range(50):
        answer = client.get(path)
        if live.app.extensions["shelf"].get((path, "en")) is not None:
            return client.get(path)
        time.sleep(0.1)
    return answer


def test_each_reader_sees_their_own_head_of_a_page_that_is_kept(live, keys):
    person = signed_in(live, keys)
    before = person.get("/privacy")
    anonymous = kept(live, "/privacy")
    after = person.get("/privacy")
    assert ["Solo Person" in page.text for page in (before, anonymous, after)] == [
        True,
        False,
        True,
    ]
    assert ["Sign in" in page.text for page in (before, anonymous, after)] == [False, True, False]
    assert (anonymous.headers["Cache-Control"], after.headers["Cache-Control"]) == (
        "no-cache",
        "no-store",
    )
    assert "Set-Cookie" not in anonymous.headers
