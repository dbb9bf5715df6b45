"""Mailbox, clock and people of demonstrations and tests."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest

from core import ports

ROOT = Path(__file__).parents[2]


@pytest.fixture
def catcher(home):
    """The real mail catcher, keeping its files in this home."""
    for old in (home / "mail").glob("*"):
        old.unlink()
    port = ports.any_free()
    command = [sys.executable, "-m", "core.mail.catcher", str(home / "mail"), str(port)]
    with subprocess.Popen(command, cwd=ROOT) as running:
        yield port
        running.terminate()
    for old in (home / "mail").glob("*"):
        old.unlink()


def send(port: int, *messages: EmailMessage) -> None:
    for _ in range(200):
        try:
            server = smtplib.SMTP("127.0.0.1", port)
            break
        except ConnectionRefusedError:
            threading.Event().wait(0.05)
    with server:
        for message in messages:
            server.send_message(message)


def letter(to: str, subject: str, text: str = "Words.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Relais <no-reply@relais.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<one@relais.example>"
    message.set_content(text)
    return message


def test_a_caught_mail_is_read_as_it_was_sent(client, catcher):
    message = letter("amina@one.example", "Réunion – ملخص", "Bonjour,\nà demain.\n")
    message.add_alternative("<p style='color:#000'>Bonjour</p>", subtype="html")
    message.add_attachment(
        b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="a.ics"
    )
    send(catcher, message)

    (found,) = client.get("/dev/mail.json").get_json()

    assert found["from"] == "Relais <no-reply@relais.example>"
    assert found["to"] == "amina@one.example"
    assert found["subject"] == "Réunion – ملخص"
    assert found["headers"]["Message-ID"] == "<one@relais.example>"
    assert found["text"] == "Bonjour,\nà demain.\n"
    assert found["html"] == "<p style='color:#000'>Bonjour</p>\n"
    (part,) = found["attachments"]
    assert (part["name"], part["type"], part["size"]) == ("a.ics", "text/calendar", 15)
    assert client.get(part["url"]).data == b"BEGIN:VCALENDAR"
    assert "à demain." in client.get(f"/dev/mail/{found['id']}").text
    shown = client.get(f"/dev/mail/{found['id']}/html")
    assert shown.text == "<p style='color:#000'>Bonjour</p>\n"
    assert "script-src" not in shown.headers["Content-Security-Policy"]


def test_mails_are_listed_newest_first_and_by_recipient(client, catcher):
    send(catcher, letter("a@one.example", "First"), letter("b@one.example", "Second"))

    everything = client.get("/dev/mail.json").get_json()
    of_a = client.get("/dev/mail.json?to=A@one.example").get_json()

    assert [one["subject"] for one in everything] == ["Second", "First"]
    assert [one["subject"] for one in of_a] == ["First"]
    assert "First" in client.get("/dev/mail?to=a@one.example").text


def test_an_empty_mailbox_says_what_to_do(client, home):
    assert client.get("/dev/mail.json").get_json() == []
    assert "No mail yet" in client.get("/dev/mail").text


@pytest.mark.parametrize("name", ["nothing", "../clock", "20260101T000000.000000-00000000"])
def test_what_is_no_message_is_not_found(client, name):
    assert client.get(f"/dev/mail/{name}").status_code == 404


def test_the_clock_moves_forward_for_every_process(client, clock):
    before = clock.now()

    answer = client.post("/dev/clock", json={"forward": "P14DT1H"})

    assert answer.status_code == 200
    assert answer.get_json()["shift_seconds"] == (14 * 24 + 1) * 3600
    assert (clock.now() - before).days == 14
    assert float(clock.file.read_text()) == (14 * 24 + 1) * 3600


@pytest.mark.parametrize(
    "wrong", ["", "14", "P", "PT", "P1M", "P-1D", "P9999999999D", None, 14, ["P1D"]]
)
def test_the_clock_refuses_what_is_no_duration(client, clock, wrong):
    assert client.post("/dev/clock", json={"forward": wrong}).status_code == 422
    assert not clock.file.exists()


def test_the_people_of_the_demonstration_are_listed(client, home):
    file = home / "people.json"
    file.unlink(missing_ok=True)  # a test before this one may have filled the home
    assert client.get("/dev/people.json").get_json() == []
    person = {"role": "secretariat", "seat": None, "email": "s@one.example", "totp_secret": "ABC"}
    file.write_text(json.dumps([person]))
    try:
        assert client.get("/dev/people.json").get_json() == [person]
    finally:
        file.unlink()


@pytest.mark.parametrize("named", [{"RELAIS_ENV": "production"}, {}])
def test_production_cannot_even_import_it(named):
    environment = {name: value for name, value in os.environ.items() if name != "RELAIS_ENV"}
    ran = subprocess.run(
        [sys.executable, "-c", "import core.web.dev"],
        env=environment | named,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "core.web.dev is for demonstrations and tests only." in ran.stderr


def test_production_has_no_such_pages(make_app):
    safe = {"relais_env": "production", "public_url": "https://relais.example", "rate_limits": "on"}
    app = make_app(**safe)
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev")]
