"""A mail as it is written and as it goes over the wire."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import jinja2
import pytest

from core.mail.message import Attachment, Message
from core.mail.render import compose, tidy
from core.mail.senders import PermanentFailure, SmtpSender, TemporaryFailure

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FROM = "Relais <no-reply@relais.example>"
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def message(**changes) -> Message:
    known = {
        "to": "ana@ministry.example",
        "language": "en",
        "subject": "Your code",
        "text": "Your code is 123456.\n",
        "html": "<p>Your code is 123456.</p>",
        "message_id": "<one@relais.example>",
    }
    return Message(**(known | changes))


@pytest.fixture
def sender(mailbox):
    made = SmtpSender(mailbox.url, FROM, timeout=5)
    yield made
    made.close()


@pytest.fixture
def letters(app, tmp_path):
    """Templates of one message of this test's own."""
    folder = tmp_path / "mail" / "trial"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("{{ _('Sign in') }}:\n {{ title }}\n")
    (folder / "body.txt").write_text(
        '{% extends "mail/_base/body.txt" %}{% block body %}Hello {{ title }}\n\n\n{% endblock %}'
    )
    (folder / "body.html").write_text(
        '{% extends "mail/_base/body.html" %}{% block body %}<h1>{{ title }}</h1>'
        "{{ parts.button('https://relais.example/x', 'Go on') }}"
        "{{ parts.code('123456') }}{{ parts.facts([('When', 'Today'), ('Where', '')]) }}{% endblock %}"
    )
    own = app.jinja_env.loader
    app.jinja_env.loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(tmp_path), own])
    yield
    app.jinja_env.loader = own
    app.jinja_env.cache.clear()


def test_a_mail_has_text_first_and_says_that_a_machine_wrote_it(sender, mailbox) -> None:
    sender.send(message(), now=NOW)
    (mail,) = mailbox.messages
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    known = ("From", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language", "Date")
    assert [mail[name] for name in known] == [
        FROM,
        "ana@ministry.example",
        "Your code",
        "<one@relais.example>",
        "auto-generated",
        "en",
        "Tue, 24 Nov 2026 09:30:00 +0000",
    ]


def test_an_invitation_stands_beside_the_text_and_as_a_file(sender, mailbox) -> None:
    invitation = Attachment(
        name="invitation.ics", mime="text/calendar", body=ICS, params={"method": "REQUEST"}
    )
    paper = Attachment(name="résumé.pdf", mime="application/pdf", body=b"%PDF-1.7")
    sender.send(message(attachments=(invitation, paper)), now=NOW)
    (mail,) = mailbox.messages
    parts = [
        (part.get_content_type(), part.get_filename(), part.get_param("method"))
        for part in mail.walk()
        if not part.is_multipart()
    ]
    assert parts == [
        ("text/plain", None, None),
        ("text/html", None, None),
        ("text/calendar", None, "REQUEST"),
        ("text/calendar", "invitation.ics", "REQUEST"),
        ("application/pdf", "résumé.pdf", None),
    ]


def test_every_script_arrives_as_it_was_written(sender, mailbox) -> None:
    sender.send(message(subject="تسجيلك في 研讨会", text="مرحبا\n", html="<p>您好</p>"), now=NOW)
    (mail,) = mailbox.messages
    body = mail.get_body(("plain",)).get_content().splitlines()
    assert (mail["Subject"], body) == ("تسجيلك في 研讨会", ["مرحبا"])


def test_a_domain_in_any_script_is_written_in_ascii(sender, mailbox) -> None:
    sender.send(message(to="ana@bücher.example"), now=NOW)
    assert mailbox.messages[0]["To"] == "ana@xn--bcher-kva.example"


def test_one_connection_carries_many_mails_and_a_lost_one_is_made_anew(sender, mailbox) -> None:
    sender.send(message(), now=NOW)
    first = sender._server
    sender.send(message(), now=NOW)
    assert sender._server is first
    first.sock.shutdown(socket.SHUT_RDWR)
    sender.send(message(), now=NOW)
    assert len(mailbox.messages) == 3


@pytest.mark.parametrize(
    ("answer", "kind", "word"),
    [
        ("451 try later", TemporaryFailure, "content-4xx"),
        ("554 no ana@ministry.example here", PermanentFailure, "content-5xx"),
    ],
)
def test_an_answer_is_sorted_and_its_words_are_dropped(sender, mailbox, answer, kind, word) -> None:
    mailbox.refuse_with = answer
    with pytest.raises(kind) as refusal:
        sender.send(message(), now=NOW)
    assert str(refusal.value) == word
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("address", ["a\nb@x.example", "a b@x.example", "nobody", "a@b@c.example"])
def test_an_address_that_cannot_be_written_fails_for_good(sender, address) -> None:
    with pytest.raises(PermanentFailure, match="address"):
        sender.send(message(to=address, subject="x"), now=NOW)


def test_a_missing_server_is_tried_again() -> None:
    with pytest.raises(TemporaryFailure, match="unreachable"):
        SmtpSender("smtp://127.0.0.1:1", FROM, timeout=1).send(message(), now=NOW)


def scripted(*answers: str) -> tuple[str, threading.Thread]:
    """A server that gives these answers, one a line it hears, the first at once."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listening.accept()
        with connection, listening, connection.makefile("rwb") as stream:
            for answer in answers:
                stream.write(answer.encode() + b"\r\n")
                stream.flush()
                stream.readline()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return f"127.0.0.1:{listening.getsockname()[1]}", thread


@pytest.mark.parametrize(
    ("account", "answers", "kind", "word"),
    [
        ("", ("421 full",), TemporaryFailure, "server-4xx"),
        ("", ("554 not you",), TemporaryFailure, "server-5xx"),
        (
            "ana:wrong@",
            ("220 hi", "250-hi\r\n250 AUTH LOGIN", "334 dXNlcg==", "334 cGFzcw==", "535 no"),
            TemporaryFailure,
            "sign-in",
        ),
        ("", ("220 hi", "250 hi", "550 sender", "250 ok"), TemporaryFailure, "server-5xx"),
        (
            "",
            ("220 hi", "250 hi", "250 ok", "550 nobody", "250 ok"),
            PermanentFailure,
            "recipient-5xx",
        ),
        (
            "",
            ("220 hi", "250 hi", "250 ok", "450 busy", "250 ok"),
            TemporaryFailure,
            "recipient-4xx",
        ),
    ],
)
def test_what_speaks_of_our_own_house_passes_what_speaks_of_the_recipient_may_stay(
    account, answers, kind, word
) -> None:
    at, thread = scripted(*answers)
    own = SmtpSender(f"smtp://{account}{at}", FROM, timeout=5)
    with pytest.raises(kind) as refusal:
        own.send(message(), now=NOW)
    own.close()
    thread.join(5)
    assert str(refusal.value) == word


def test_a_message_is_never_printed_with_its_address_or_words() -> None:
    shown = repr(message())
    assert "ana@" not in shown
    assert "123456" not in shown


def test_a_mail_is_complete_as_text_and_inlined_as_html(app, letters) -> None:
    with app.app_context():
        mail = compose("trial", to="ana@ministry.example", language="en", title="A & B")
    assert (mail.language, mail.subject) == ("en", "Sign in: A & B")
    assert mail.text.startswith("Hello A & B\n\n--\nRelais · http://localhost\n")
    assert '<html lang="en" dir="ltr">' in mail.html
    assert "<h1 style=" in mail.html
    assert ">A &amp; B</h1>" in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert "Where" not in mail.html


def test_the_recipients_language_decides_direction_and_words(app, letters) -> None:
    with app.app_context():
        arabic = compose("trial", to="a@b.example", language="ar", title="x")
        unknown = compose("trial", to="a@b.example", language="xx", title="x")
    assert (arabic.language, unknown.language) == ("ar", "en")
    assert arabic.html.count('dir="rtl"') > 3
    assert 'lang="ar"' in arabic.html


def test_inlined_styles_work_in_both_directions(app) -> None:
    css = Path(app.root_path, "templates/mail/_base/mail.css").read_text()
    for word in ("-left", "-right", " left", " right", "float"):
        assert word not in css


def test_text_is_tidied() -> None:
    assert tidy("\n\na  \n\n\n\nb\n\n") == "a\n\nb\n"


def test_a_mime_round_trip_keeps_the_message_id(app) -> None:
    mail = message().as_mime(sender=FROM, now=NOW)
    again = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert again["Message-ID"] == "<one@relais.example>"
