"""A real SMTP server that keeps what it is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class OnFreePort(Controller):
    """A server that takes any free port and knows which."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mailbox:
    """Every message that reached the server, oldest first."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse_with: str | None = None
        self._arrived = threading.Condition()
        self._controller = OnFreePort(self, hostname="127.0.0.1", port=0)

    @property
    def url(self) -> str:
        """Where to send."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        """Listen on a free port."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        """Keep one message; `refuse_with` makes the server answer an error instead."""
        if self.refuse_with:
            return self.refuse_with
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        message = cast("EmailMessage", message_from_bytes(raw, policy=policy.default))
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()
        return "250 Kept"

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to `address`."""
        return [message for message in self.messages if address in str(message["To"])]

    def wait(self, *, to: str = "", count: int = 1, seconds: float = 20) -> list[EmailMessage]:
        """The messages to `to` once there are `count` of them; fails when time is up."""
        end = time.monotonic() + seconds
        with self._arrived:
            while len(found := self.to(to)) < count:
                left = end - time.monotonic()
                assert left > 0, (
                    f"{len(found)} of {count} messages to {to or 'anyone'} in {seconds} s"
                )
                self._arrived.wait(left)
        return found

    def clear(self) -> None:
        """Forget all messages and answer normally."""
        self.messages.clear()
        self.refuse_with = None


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mailbox]:
    """The server itself, one per xdist worker."""
    server = Mailbox()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(mail_server: Mailbox) -> Iterator[Mailbox]:
    """An empty mailbox."""
    mail_server.clear()
    yield mail_server
    mail_server.clear()
