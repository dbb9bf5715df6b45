"""What demonstrations and tests may do beyond everybody's pages: read the mailbox, move the clock.

Production cannot even import this module; the check reads the environment itself so that no
setting handed over by mistake opens it.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Response, jsonify, render_template, request, send_file

from core import clock
from core.db import db
from core.errors import Invalid, NotVisible
from core.house import house
from core.languages import _
from core.web import pages as kept_pages
from core.web.access import access, anyone

if os.environ.get("RELAIS_ENV", "production") == "production":
    raise ImportError("core.web.dev is for demonstrations and tests only.")

pages = Blueprint("dev", __name__, url_prefix="/dev")

DURATION = re.compile(
    r"P(?=[\dT])(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
FARTHEST = timedelta(days=3660)
MESSAGE_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}-[0-9a-f]{8}")
STAMP = "%Y%m%dT%H%M%S.%f"
# A mail is styled inline by nature. It runs nothing, loads nothing and stands in no frame of others.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@dataclass(frozen=True)
class Attachment:
    """A part of a mail that is neither its text nor its HTML; `url` gives its bytes."""

    name: str
    type: str
    size: int
    url: str


@dataclass(frozen=True)
class Mail:
    """One message that the catcher kept."""

    id: str
    at: str
    sender: str
    to: str
    subject: str
    headers: dict[str, str]
    text: str
    html: str
    attachments: list[Attachment]

    def as_json(self) -> dict[str, Any]:
        """The message by the names that `/dev/mail.json` promises."""
        words = asdict(self)
        words["from"] = words.pop("sender")
        return words


@pages.get("/mail")
@access(anyone)
def mail() -> str:
    """Every message, newest first."""
    return render_template("dev/mail.html", mails=kept(request.args.get("to", "")))


@pages.get("/mail.json")
@access(anyone)
def mail_json() -> Response:
    """Every message, newest first; `?to=` narrows it to one address."""
    return jsonify([one.as_json() for one in kept(request.args.get("to", ""))])


@pages.get("/mail/<name>")
@access(anyone)
def message(name: str) -> str:
    """One message as text, with its headers and attachments."""
    return render_template("dev/message.html", mail=read(file_of(name)))


@pages.get("/mail/<name>/html")
@access(anyone)
def message_html(name: str) -> Response:
    """One message as its reader's program shows it."""
    answer = Response(read(file_of(name)).html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


@pages.get("/mail/<name>/parts/<int:number>")
@access(anyone)
def attachment(name: str, number: int) -> Response:
    """The bytes of one attachment."""
    parts = list(attached(parsed(file_of(name))))
    if number >= len(parts):
        raise NotVisible
    part = parts[number]
    return send_file(
        BytesIO(_bytes(part)),
        mimetype=part.get_content_type(),
        as_attachment=True,
        download_name=part.get_filename() or f"part-{number}",
    )


@pages.post("/clock")
@access(anyone)
def move_clock() -> Response:
    """Move the time of every process: `{"forward": "P14D"}`."""
    asked = request.get_json(silent=True)
    text = asked.get("forward") if isinstance(asked, dict) else None
    now = clock.forward(duration(text))
    kept_pages.drop(db.session())
    return jsonify(now=now.isoformat(), shift_seconds=clock.shift().total_seconds())


@pages.get("/people.json")
@access(anyone)
def people() -> Response:
    """Who may sign in here: role, seat, email, totp_secret."""
    try:
        found = json.loads((house().home / "people.json").read_text())
    except FileNotFoundError:
        found = []
    return jsonify(found)


def duration(text: object) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds, e.g. `P1DT12H`."""
    found = DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid({"forward": _("Say how far, for example P14D or PT2H.")})
    numbers = {name: int(value) for name, value in found.groupdict().items() if value}
    if any(value > FARTHEST.total_seconds() for value in numbers.values()) or (
        clock.shift() + timedelta(**numbers) > FARTHEST
    ):
        raise Invalid({"forward": _("The clock moves ten years at most.")})
    return timedelta(**numbers)


def kept(to: str) -> list[Mail]:
    """The messages that were sent to the address `to`, or all of them; newest first."""
    files = sorted((house().home / "mail").glob("*.eml"), reverse=True)
    wanted = to.strip().casefold()
    found = (parsed(file) for file in files)
    return [
        read(file, one)
        for file, one in zip(files, found, strict=True)
        if not wanted or wanted in addresses(one)
    ]


def file_of(name: str) -> Path:
    """The file of one message."""
    file = house().home / "mail" / f"{name}.eml"
    if not MESSAGE_NAME.fullmatch(name) or not file.exists():
        raise NotVisible
    return file


def parsed(file: Path) -> EmailMessage:
    """A message as it arrived."""
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def addresses(one: EmailMessage) -> set[str]:
    """Whom a message went to, by its envelope and by what it says."""
    lines = [*map(str, one.get_all("To", [])), *map(str, one.get_all("X-Envelope-To", []))]
    return {address.casefold() for _name, address in getaddresses(lines)}


def read(file: Path, one: EmailMessage | None = None) -> Mail:
    """A message, taken apart."""
    one = one or parsed(file)
    at = datetime.strptime(file.stem.partition("-")[0], STAMP).replace(tzinfo=UTC)
    return Mail(
        id=file.stem,
        at=at.isoformat(),
        sender=str(one["From"] or ""),
        to=str(one["To"] or ""),
        subject=str(one["Subject"] or ""),
        headers={name: str(value) for name, value in one.items()},
        text=_body(one, "plain"),
        html=_body(one, "html"),
        attachments=[
            Attachment(
                part.get_filename() or f"part-{number}",
                part.get_content_type(),
                len(_bytes(part)),
                f"/dev/mail/{file.stem}/parts/{number}",
            )
            for number, part in enumerate(attached(one))
        ],
    )


def attached(one: EmailMessage) -> list[EmailMessage]:
    """Every part that is neither the text nor the HTML."""
    bodies = [one.get_body((kind,)) for kind in ("plain", "html")]
    parts = cast("list[EmailMessage]", list(one.walk()))
    return [part for part in parts if not part.is_multipart() and part not in bodies]


def _body(one: EmailMessage, kind: str) -> str:
    part = one.get_body((kind,))
    content = "" if part is None else str(cast("EmailMessage", part).get_content())
    return content.replace("\r\n", "\n")


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
