"""Handing a mail to a server, and understanding its answer.

Failures are sorted into those that pass (try again by plan) and those that stay. A server's own
words are never kept: they repeat the address.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
import time
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from core.mail.message import Message, wire_address

TIMEOUT_SECONDS = 20
IDLE_SECONDS = 30
FIRST_ERROR_CODE = 400
FIRST_PERMANENT_CODE = 500


class TemporaryFailure(Exception):
    """It may work later. `word` names the kind of failure and nothing else."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class PermanentFailure(Exception):
    """It will not work for this mail. `word` names the kind of failure and nothing else."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Sender(Protocol):
    """Whoever takes a mail over."""

    def send(self, message: Message, *, now: datetime) -> None:
        """Return once the server has taken the mail; else raise one of the two failures."""


@dataclass
class SmtpSender:
    """One connection to the server named by `url`, kept open between mails of one process.

    `url` is `smtp://user:password@host:port?starttls=1`, or `smtps://` for TLS from the start.
    """

    url: str = field(repr=False)
    mail_from: str
    timeout: float = TIMEOUT_SECONDS
    _server: smtplib.SMTP | None = field(default=None, init=False, repr=False)
    _used: float = field(default=0.0, init=False, repr=False)

    def send(self, message: Message, *, now: datetime) -> None:
        """Send over the open connection, or a new one if it has gone stale."""
        try:
            mail = message.as_mime(sender=self.mail_from, now=now)
        except (ValueError, UnicodeError) as error:
            raise PermanentFailure("address") from error
        try:
            server = self._open()
            server.send_message(mail, parseaddr(self.mail_from)[1], [wire_address(message.to)])
            self._used = time.monotonic()
        except (smtplib.SMTPException, OSError) as error:
            if not isinstance(error, smtplib.SMTPRecipientsRefused):
                self.close()
            raise failure_of(error) from None

    def close(self) -> None:
        """Forget the connection; it may be gone already."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.close()

    def _open(self) -> smtplib.SMTP:
        if self._server is not None:
            if time.monotonic() - self._used < IDLE_SECONDS and _answers(self._server):
                return self._server
            self.close()
        self._server = connect(self.url, self.timeout)
        return self._server


def _answers(server: smtplib.SMTP) -> bool:
    with contextlib.suppress(smtplib.SMTPException, OSError):
        return server.noop()[0] < FIRST_ERROR_CODE
    return False


def connect(url: str, timeout: float) -> smtplib.SMTP:
    """A signed-in connection to the server that `url` names."""
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    host = parts.hostname or "127.0.0.1"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=timeout, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=timeout)
    try:
        if options.get("starttls", ["0"])[0] not in {"", "0"}:
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def failure_of(error: smtplib.SMTPException | OSError) -> TemporaryFailure | PermanentFailure:
    """What an answer means for the mail.

    A refusal of the recipient or of the content with 5xx stays. Everything that speaks of our
    own house (sign-in, sender, connection) passes, whatever its number: a wrong password must
    not end every mail of that hour.
    """
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return PermanentFailure("address")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return _by_code("recipient", max(codes, default=FIRST_PERMANENT_CODE))
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code("content", error.smtp_code)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return TemporaryFailure("sign-in")
    if isinstance(error, smtplib.SMTPResponseException):
        return TemporaryFailure(f"server-{error.smtp_code // 100}xx")
    return TemporaryFailure("unreachable")


def _by_code(what: str, code: int) -> TemporaryFailure | PermanentFailure:
    kind = PermanentFailure if code >= FIRST_PERMANENT_CODE else TemporaryFailure
    return kind(f"{what}-{code // 100}xx")
