"""A mail as a value, and the table of those who write them.

A slice's `messages.py` registers one builder a message: it finds the address, writes the words
in the recipient's language and hands back a `Message`. Addresses live in this value for as long
as one sending takes and are kept nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from core.house import House

CALENDAR = "text/calendar"


class Order(Protocol):
    """What a builder is told: which message, for whom, about what. Ids only."""

    id: UUID
    message: str
    recipient_kind: str
    recipient_id: UUID | None
    subject_id: UUID | None
    locale: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file in a mail. `params` go beside the type, as `method=REQUEST` for an invitation."""

    name: str
    mime: str
    body: bytes = field(repr=False)
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One mail to one person. `after_sending` runs in the transaction that marks it sent."""

    to: str = field(repr=False)
    language: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    message_id: str = ""
    after_sending: Callable[[], None] | None = field(default=None, repr=False)

    def as_mime(self, *, sender: str, now: datetime) -> EmailMessage:
        """The mail as it goes over the wire: text and HTML, then what is attached."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = sender
        mail["To"] = wire_address(self.to)
        mail["Subject"] = " ".join(self.subject.split())
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = self.message_id
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        for name, value in self.headers.items():
            mail[name] = value
        mail.set_content(self.text)
        mail.add_alternative(self.html, subtype="html")
        for attachment in self.attachments:
            _attach(mail, attachment)
        mail["Content-Language"] = self.language  # last: setting a content drops such headers
        return mail


def wire_address(address: str) -> str:
    """An address as servers write it, its domain in ASCII. `ValueError` if it is none."""
    local, _, domain = address.rpartition("@")
    if (
        not local
        or not domain
        or any(sign.isspace() or sign in '<>"@,;' for sign in local + domain)
    ):
        raise ValueError("not an address")
    return f"{local}@{domain.encode('idna').decode()}"


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    """Attach a file; an invitation also stands beside the text, where calendars look for it."""
    if attachment.mime == CALENDAR and "method" in attachment.params:
        mail.add_alternative(
            attachment.body.decode(),
            subtype="calendar",
            charset="utf-8",
            params=dict(attachment.params),
        )
    main, _, sub = attachment.mime.partition("/")
    if main == "text":
        mail.add_attachment(
            attachment.body.decode(),
            subtype=sub,
            filename=attachment.name,
            params=dict(attachment.params),
        )
    else:
        mail.add_attachment(
            attachment.body,
            maintype=main,
            subtype=sub,
            filename=attachment.name,
            params=dict(attachment.params),
        )


Builder = Callable[[Session, Order, House, datetime], "Message | None"]
B = TypeVar("B", bound=Builder)

BUILDERS: dict[str, Builder] = {}


def builder(name: str) -> Callable[[B], B]:
    """Register the writer of message `name`, which is also its folder in templates/mail/.

    A builder answers None when there is nothing to say any more, or nobody to say it to.
    """

    def register(write: B) -> B:
        if name in BUILDERS:
            message = f"two builders for {name}"
            raise ValueError(message)
        BUILDERS[name] = write
        return write

    return register
