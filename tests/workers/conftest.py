"""Real processes on a test's own database, and a mail server that can be slow."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from flask import Flask
from sqlalchemy.orm import Session

from core.mail.senders import SmtpSender
from tests.walls.application import Clock, Keys, Live
from tests.walls.cast import Cast
from tests.walls.exchanges import Table
from tests.walls.mailbox import Mailbox
from tests.workers.exchange_post import Post

ROOT = Path(__file__).parents[2]


class SlowMailbox(Mailbox):
    """A mail server that can hold a mail at the recipient's name, or after its last line."""

    def __init__(self) -> None:
        super().__init__()
        self.hold_at = ""
        self.holding = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's names
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take the recipient, perhaps later."""
        await self._hold("recipient")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        """Keep the mail, and answer perhaps later."""
        answer = await super().handle_DATA(server, session, envelope)
        await self._hold("end")
        return answer

    def hold(self, at: str) -> None:
        """Hold the next mail at `recipient` or `end`."""
        self.hold_at = at
        self.holding.clear()
        self.go_on.clear()

    async def _hold(self, here: str) -> None:
        if self.hold_at == here:
            self.hold_at = ""
            self.holding.set()
            await asyncio.to_thread(self.go_on.wait)


class Processes:
    """Processes of the platform, each in a group of its own, that end with the test."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str, role: str, **more: str) -> subprocess.Popen[bytes]:
        """Start `python -m …`; its log goes where pytest shows it."""
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environment | {"RELAIS_ROLE": role} | more,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def worker(self, *queues: str, role: str = "worker") -> subprocess.Popen[bytes]:
        """A Celery worker with one child."""
        words = ["celery", "-A", "tests.workers.trial", "worker", "-c", "1", "-Q", ",".join(queues)]
        keys = {"VAULT_KEY": ""} if role == "worker" else {"MAIL_KEY": ""}
        return self.start(*words, "--without-gossip", "--without-mingle", role=role, **keys)

    def beat(self) -> subprocess.Popen[bytes]:
        """A beat."""
        return self.start("celery", "-A", "tests.workers.trial", "beat", role="beat")

    def dispatcher(self) -> subprocess.Popen[bytes]:
        """A dispatcher."""
        return self.start(
            "flask",
            "--app",
            "tests.workers.trial:application",
            "outbox",
            "dispatch",
            role="command",
        )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process and its children at once, as a power cut does."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        self.running.remove(process)

    def stop(self) -> None:
        """End whatever still runs."""
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


@pytest.fixture
def slow_mailbox() -> Iterator[SlowMailbox]:
    """A mail server of this test's own."""
    server = SlowMailbox()
    server.start()
    yield server
    server.go_on.set()
    server.stop()


@pytest.fixture
def processes(
    live: Live,
    keys: Keys,
    home: Path,
    broker_url: str,
    broker_number: int,
    slow_mailbox: SlowMailbox,
) -> Iterator[Processes]:
    """Start real processes on `live`, sending to `slow_mailbox`."""
    socket = broker_url.removeprefix("redis+socket://").partition("?")[0]
    client = redis.Redis(unix_socket_path=socket, db=broker_number)
    client.flushdb()
    made = Processes(
        {
            "PATH": os.environ["PATH"],
            "PYTHONWARNINGS": "ignore",
            "RELAIS_TRIAL": "1",
            "RELAIS_ENV": "test",
            "RELAIS_HOME": str(home),
            "DATABASE_URL": live.url,
            "BROKER_URL": broker_url,
            "SMTP_URL": slow_mailbox.url,
            "PUBLIC_URL": "http://localhost",
            "SECRET_KEY": keys.secret,
            "INDEX_KEY": keys.index,
            "VAULT_PUBLIC_KEY": keys.vault_public,
            "VAULT_KEY": keys.vault,
            "MAIL_PUBLIC_KEY": keys.mail_public,
            "MAIL_KEY": keys.mail,
            "RATE_LIMITS": "off",
        }
    )
    yield made
    made.stop()
    client.flushdb()
    client.close()


@pytest.fixture
def table(session: Session, keys: Keys, clock: Clock) -> Table:
    """Delegations of invented States, at the time that all processes have."""
    cast = Cast(session, keys, clock.now())
    return Table(session, cast, cast.at)


@pytest.fixture
def post(
    app: Flask, session: Session, table: Table, clock: Clock, mailbox: Mailbox
) -> Iterator[Post]:
    """Takes facts to handlers and mails to mailboxes."""
    sender = SmtpSender(mailbox.url, "Relais <no-reply@relais.example>", timeout=5)
    yield Post(app, session, table, clock, mailbox, sender)
    sender.close()
