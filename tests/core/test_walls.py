"""The walls around the tests hold."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import text

from tests.walls.pages import problems

GOOD = """<!doctype html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>عنوان</title>
<link rel="stylesheet" href="/a.css"><script src="/a.js" type="module"></script></head>
<body><h1>عنوان</h1><form method="post"><input type="hidden" name="t" value="1">
<label for="a">A</label><input id="a" name="a" aria-describedby="hint"><p id="hint">Hint</p>
<label>B <select name="b"><option>1</option></select></label>
<textarea name="c" aria-labelledby="hint"></textarea><img src="/a.png" alt="">
<button>Send</button></form></body></html>"""


def test_a_good_page_passes():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lang="ar" ', "", "<html> has no lang"),
        (' dir="rtl"', "", "<html> has no dir"),
        ("<title>عنوان</title>", "<title> </title>", "no title"),
        ("<h1>عنوان</h1>", "<h1>a</h1><h1>b</h1>", "2 h1 instead of one with words"),
        ("<h1>عنوان</h1>", "<p>a</p>", "0 h1 instead of one with words"),
        ('<label for="a">A</label>', "", "input 'a' has no label"),
        ('<label for="a">A</label>', '<label for="a"></label>', "input 'a' has no label"),
        (' aria-labelledby="hint"', "", "textarea 'c' has no label"),
        ('id="hint"', 'id="other"', "aria-describedby names 'hint', which is not there"),
        ('<p id="hint">', '<p id="hint"></p><p id="hint">', "id 'hint' stands 2 times"),
        (' alt=""', "", "image without alt: /a.png"),
        ("<h1>", '<h1 style="color:red">', "h1 has an inline style"),
        ("<button>", '<button onclick="a()">', "button has an inline onclick"),
        ("<h1>عنوان</h1>", '<h1><a href=" JavaScript:a()">a</a></h1>', "a has an inline href"),
        ("</head>", "<style>p{}</style></head>", "a <style> element"),
        ("</head>", "<script>a()</script></head>", "an inline script"),
    ],
)
def test_what_is_wrong_with_a_page_is_said(old, new, said):
    assert old in GOOD
    assert said in problems(GOOD.replace(old, new))


@pytest.mark.parametrize(
    "broken", [GOOD.replace("<!doctype html>", ""), GOOD.replace("</form>", ""), GOOD + "<p>"]
)
def test_sloppy_html_is_refused(broken):
    (said,) = problems(broken)
    assert said.startswith("not well-formed HTML: ")


def test_no_socket_leads_out():
    with pytest.raises((SocketConnectBlockedError, UserWarning)):  # the warning comes first
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.parametrize("_again", [1, 2])
def test_what_a_test_commits_is_undone(session, _again):
    assert session.scalar(text("SELECT count(*) FROM heartbeat")) == 0
    session.execute(text("INSERT INTO heartbeat VALUES ('one', now())"))
    session.commit()


def test_a_page_sees_what_the_session_flushed_and_keeps_nothing(session, client):
    session.execute(text("INSERT INTO heartbeat VALUES ('beat', now())"))
    assert client.get("/health/ready").get_json()["checks"]["beat"] == "ok"


@pytest.mark.parametrize("_again", [1, 2])
def test_a_live_database_is_the_tests_own(live, _again):
    with live.session() as session:
        assert session.scalar(text("SELECT count(*) FROM heartbeat")) == 0
        session.execute(text("INSERT INTO heartbeat VALUES ('beat', now())"))
    assert live.client().get("/health/ready").get_json()["checks"]["beat"] == "ok"


def test_the_clock_starts_right_and_moves(clock):
    first = clock.now()
    clock.forward(days=3)
    assert (clock.now() - first).days == 3
