"""A mailbox for laptops: takes every mail the platform sends and keeps it as a file.

Nothing is delivered to anyone. One file a message, named by its arrival, complete or absent.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from core import clock

LARGEST = 40 * 1024 * 1024


@dataclass(frozen=True)
class Folder:
    """Keeps messages in a folder."""

    path: Path

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        """Keep one message with whom it was really sent to, which the header need not say."""
        content = envelope.original_content or b""
        rcpt = ", ".join(envelope.rcpt_tos).encode("utf-8", "surrogateescape")
        name = f"{clock.now():%Y%m%dT%H%M%S.%f}-{uuid.uuid4().hex[:8]}"
        fresh = self.path / f".{name}.new"
        fresh.write_bytes(b"X-Envelope-To: " + rcpt + b"\r\n" + content)
        fresh.rename(self.path / f"{name}.eml")
        return "250 Kept"


async def serve(folder: Path, port: int) -> None:
    """Take mail on 127.0.0.1:`port` until told to stop."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    server = await loop.create_server(
        lambda: SMTP(Folder(folder), data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop),
        host="127.0.0.1",
        port=port,
    )
    async with server:
        await stopping.wait()


if __name__ == "__main__":
    os.umask(0o077)
    caught = Path(sys.argv[1])
    clock.shift_from(caught.parent / "clock")
    asyncio.run(serve(caught, int(sys.argv[2])))
