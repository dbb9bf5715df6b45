"""Who registers discreetly is found nowhere outside the vault: not in rows, files, logs, mails,
exports, the broker, cookies, or on any page of anybody. Somebody who registers openly is the
control: a search that cannot find them proves nothing.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import secrets
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, text

from core import clock as core_clock
from core.context import SYSTEM
from events.programme import service as programme
from events.programme.models import Event, Mode, Seats
from events.registrations.models import Registration
from network.accounts import service as accounts
from network.seats.models import Role, Seat
from tests.events.participant import CODE, HOW, LINK, fields, find, main, problems, text_of, words
from tests.walls.mailbox import Mailbox
from tests.walls.needles import Needles, folder, rows
from tests.walls.over_http import Answer, Web
from tests.walls.processes import Site
from tests.walls.routes import addresses

pytestmark = pytest.mark.timeout(300)

ONCE = secrets.token_hex(3)
PDF = b"%PDF-1.7\nQanariBrief " + ONCE.encode() + b"\n%%EOF\n"
WAIT_SECONDS = 20
PEOPLE = {
    "focal point": "mechanism@yendor.example",
    "authorising": "consent@yendor.example",
    "secretariat": "noor@secretariat.example",
    "administrator": "ida@platform.example",
    "organisation": "desk@listening-post.example",
}
OFFICER = "amara@protection.example"


@dataclass
class Somebody:
    """A person of this test, and every word that tells who they are."""

    word: str
    kind: dict[str, str]
    web: Web
    mailbox: Mailbox
    registrations: list[UUID] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"zephyrine.{self.word.lower()}{ONCE}@{self.word.lower()}.example"

    @property
    def typed(self) -> dict[str, str]:
        return HOW | {
            "name": f"Zéphyrine {self.word}öva-{ONCE}",
            "organisation": f"Ligue “{self.word}{ONCE}” & Cie",
            "needs_note": f"Besoin {self.word}note{ONCE}",
            "needs": "captions",
            "category": "ngo",
            "mode": "room",
            "email": self.address,
            **self.kind,
        }

    @property
    def file_name(self) -> str:
        return f"{self.word.lower()}-lettre{ONCE}.pdf"

    def needles(self) -> Needles:
        """Words, each telling by itself, so that a part of a text is found too."""
        return Needles.of(
            f"Zéphyrine {self.word}öva-{ONCE}",
            f"{self.word}öva-{ONCE}",
            f"{self.word}{ONCE}",
            f"{self.word}note{ONCE}",
            self.address,
            self.address.partition("@")[0],
            f"{self.word.lower()}.example",
            self.file_name.removesuffix(".pdf"),
        )

    def register(self, key: str, **files: tuple[str, str, bytes]) -> None:
        """From the form to the confirmed registration, with a slip on the way."""
        slip = self.web.post(f"/events/{key}/register", self.typed | {"category": ""})
        assert problems(slip) == {"category": "Choose in which capacity you take part."}
        before = len(self.mails())
        sent = self.web.post(f"/events/{key}/register", self.typed, files or None)
        assert sent.status_code == 303, main(sent)
        self.registrations.append(UUID(sent.location.split("/")[-2]))
        code = self.code(before)
        wrong = self.web.post(sent.location, {"code": f"{(int(code) + 1) % 10**6:06d}"})
        assert wrong.status_code == 422
        assert self.web.post(sent.location, {"code": code}).location == "/my-registration"
        self.mailbox.wait(to=self.address, count=before + 2)

    def code(self, before: int) -> str:
        """The code among the mails that came since; word of something earlier may come between."""
        count = before
        while True:
            count += 1
            mails = self.mailbox.wait(to=self.address, count=count)
            found = [one[1] for mail in mails[before:] if (one := CODE.search(text_of(mail)))]
            if found:
                return found[-1]

    def mails(self) -> list:
        return self.mailbox.to(self.address)

    def act(self, path: str, **data: str) -> Answer:
        """Press a button of the personal page, with the token it has."""
        is_page = path in {"edit", "cancel", "discreet", "pass-on"}
        page = self.web.get(f"/my-registration/{path}" if is_page else "/my-registration")
        return self.web.post(f"/my-registration/{path}", fields(page) | data)

    def link(self) -> str:
        found = [LINK.search(text_of(mail)) for mail in self.mails()]
        return [re.sub(r"^https?://[^/]+", "", one[1]) for one in found if one][-1]

    def status(self) -> str:
        return words(find(self.web.get("/my-registration"), ".//h2[@id='status']"))


def until(true: Callable[[], bool]) -> None:
    """Wait for the workers."""
    end = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@dataclass
class Monitor:
    """Everything that is said to the broker."""

    heard: bytearray = field(default_factory=bytearray)
    ended: threading.Event = field(default_factory=threading.Event)

    def listen(self, address: str) -> None:
        """Take down every command until told to end."""
        with socket.socket(socket.AF_UNIX) as broker:
            broker.connect(address)
            broker.settimeout(0.2)
            broker.sendall(b"MONITOR\r\n")
            while not self.ended.is_set():
                with contextlib.suppress(TimeoutError):
                    self.heard += broker.recv(1 << 16)


@pytest.fixture
def monitor(own_site: Site) -> Iterator[Monitor]:
    note = json.loads((own_site.home / "run" / "servers.json").read_text())
    address = note["environment"]["BROKER_URL"].partition("://")[2].partition("?")[0]
    made = Monitor()
    thread = threading.Thread(target=made.listen, args=(address,), daemon=True)
    thread.start()
    yield made
    made.ended.set()
    thread.join(5)


def change(site: Site, key: str, capacity: int) -> None:
    with site.live.session() as session:
        event = session.scalars(select(Event).where(Event.key == key)).one()
        seats = session.scalars(select(Seats).where(Seats.event_id == event.id)).all()
        next(row for row in seats if row.mode is Mode.ROOM).capacity = capacity


def publish(site: Site) -> None:
    """A summary, as the secretariat would publish it."""
    with site.live.app.app_context(), site.live.session() as session:
        event = session.scalars(select(Event).where(Event.key == "demo-panel")).one()
        texts = {"en": "What was said."}
        programme.publish_summary(session, event, texts=texts, by=SYSTEM, now=core_clock.now())


def sign_in(site: Site, url: str, person: dict[str, str], mailbox: Mailbox) -> Web:
    """A demo person at their workspace, with their own code shown where the role asks for it."""
    web, before = Web(url), len(mailbox.to(person["email"]))
    form = fields(web.get("/sign-in"))
    assert web.post("/sign-in", form | {"address": person["email"]}).location == "/sign-in/code"
    mail = mailbox.wait(to=person["email"], count=before + 1)[-1]
    form = fields(web.get("/sign-in/code"))
    web.post("/sign-in/code", form | {"code": CODE.search(text_of(mail))[1]})
    page = web.get("/prove")
    if person.get("totp_secret") and page.status_code == 200:
        code = pyotp.TOTP(person["totp_secret"]).now()
        assert web.post("/prove", fields(page) | {"code": code}).status_code == 303
    return web


def paths(app: Flask, site: Site, somebody: list[UUID]) -> list[str]:
    """Every address that one can read."""
    with site.live.session() as session:
        return addresses(app, session, somebody)


def read_all(web: Web, name: str, addresses: list[str]) -> dict[str, bytes]:
    """Every page of one reader, its headers and its cookies, opened as far as anybody can."""
    found = {}
    for path in addresses:
        answer = web.get(path)
        assert answer.status_code != 500, f"{path} as {name}"
        found[f"{path} as {name}"] = answer.data + repr(answer.headers).encode()
    for cookie, value in web.cookies.items():
        body = value.split(".")[1 if value.startswith(".") else 0]
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)) if "." in value else b""
        opened = zlib.decompress(raw) if value.startswith(".") else raw
        found[f"cookie {cookie} of {name}"] = value.encode() + b" " + opened
    return found


def inside(mail) -> bytes:
    """A mail with every part and header decoded, but for the address it goes to."""
    parts = [part.get_payload(decode=True) or b"" for part in mail.walk()]
    heads = [f"{name}: {value}" for name, value in mail.items() if name != "To"]
    return b"\n".join([*parts, "\n".join(heads).encode()])


def posts(mailbox: Mailbox) -> dict[str, bytes]:
    return {
        f"mail {number} ({mail['Subject']}) to {mail['To']}": inside(mail)
        for number, mail in enumerate(mailbox.messages)
    }


def everywhere(site: Site) -> dict[str, bytes]:
    """Rows, then, once all is stopped and written: database, broker, logs and stored files."""
    with site.live.session() as session:
        kept = rows(session)
        number = session.scalar(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        )
    site.stop()
    patterns = (
        f"pg/base/{number}/*", "pg/pg_wal/*", "pg/global/*", "pg/log/*", "broker/**/*", "log/*",
        "files/**/*", "run/*", "mail/*", "said", "*.json",
    )  # fmt: skip
    return kept | folder(site.home, *patterns)


def read_as_everybody(site: Site, mailbox: Mailbox, known: list[Somebody]) -> dict[str, bytes]:
    """Every page of every role, and the API as every kind of program."""
    people = {one["email"]: one for one in json.loads((site.home / "people.json").read_text())}
    ids = [one for somebody in known for one in somebody.registrations]
    web_paths = paths(site.live.app, site, ids)
    desk_app = site.live.make(
        database_url=site.live.url,
        relais_role="protection",
        vault_key=site.environment["VAULT_KEY"],
    )
    readers = {"nobody": Web(site.url)}
    for somebody in known:
        readers[f"{somebody.word} with their link"] = somebody.web
        token = somebody.link().rpartition("/")[2]
        readers[f"{somebody.word}’s program"] = Web(site.url, {"Authorization": f"Bearer {token}"})
    for role, address in PEOPLE.items():
        readers[role] = sign_in(site, site.url, people[address], mailbox)
    with site.live.session() as session:
        for role in (Role.SECRETARIAT, Role.FOCAL_POINT):
            seat = session.scalars(select(Seat).where(Seat.role == role).limit(1)).one()
            _row, token = accounts.make_token(
                session, seat=seat, label="canary", by=SYSTEM, now=core_clock.now()
            )
            readers[f"a {role} token"] = Web(site.url, {"Authorization": f"Bearer {token}"})
    found = {}
    for name, web in readers.items():
        only_api = name.endswith(("token", "program"))
        found |= read_all(web, name, [p for p in web_paths if not only_api or "/api/" in p])
    officer = sign_in(site, site.desk_url, people[OFFICER], mailbox)
    return found | read_all(officer, "protection", paths(desk_app, site, ids))


@pytest.fixture
def canary(own_site, mailbox) -> Somebody:
    return Somebody("Qanari", {"discreet": "y"}, Web(own_site.url), mailbox)


@pytest.fixture
def control(own_site, mailbox) -> Somebody:
    return Somebody("Qontrol", {"listing": "full"}, Web(own_site.url), mailbox)


def test_a_discreet_person_is_found_nowhere(own_site, mailbox, monitor, canary, control):
    change(own_site, "demo-panel", 1)
    control.register("demo-panel")
    canary.register("demo-panel")
    assert canary.status() == "You are on the waiting list"
    canary.web.post("/events/demo-panel/link", {"email": canary.address.upper()})
    mailbox.wait(to=canary.address, count=3)
    canary.web = Web(own_site.url)
    assert canary.web.get(canary.link(), follow=True).path == "/my-registration"
    assert canary.act("edit", language="en", category="academia").status_code == 303
    control.act("cancel")
    mailbox.wait(to=canary.address, count=4)
    assert canary.act("accept").status_code == 303
    mailbox.wait(to=canary.address, count=5)
    assert canary.status() == "You have a seat"
    publish(own_site)
    mailbox.wait(to=canary.address, count=6)
    for one in (control, canary):
        one.register("demo-seminar", letter=(one.file_name, "application/pdf", PDF))

    pages = read_as_everybody(own_site, mailbox, [canary, control])
    kept, mails = everywhere(own_site), posts(mailbox)
    told = {"what the broker was told": bytes(monitor.heard)}
    for where in (pages, kept, told, mails):
        assert canary.needles().found(where) == []
    assert Needles({PDF: "the letter"}).found(kept) != []  # the control's own, in the open

    search_works(control, pages=pages, kept=kept, told=told, mails=mails)


def search_works(
    control: Somebody,
    *,
    pages: dict[str, bytes],
    kept: dict[str, bytes],
    told: dict[str, bytes],
    mails: dict[str, bytes],
) -> None:
    """The control is found where an open registration has to be, and in no log or queue."""
    found = control.needles().found
    assert {"table registration_details", "table stored_file"} <= {
        line.rpartition(" in ")[2] for line in found(kept)
    }
    for place in ("file pg/base", "file pg/pg_wal"):
        assert any(place in line for line in found(kept)), place
    assert any("as secretariat" in line for line in found(pages))
    assert any("mail" in line for line in found(mails))
    logs = {
        name: body for name, body in kept.items() if name.startswith(("file log/", "file said"))
    }
    assert b'"route"' in b"".join(logs.values())
    assert found(logs) == []
    assert found(told) == []
    assert Needles.of("messages.deliver").found(told) != []
    assert found({name: body for name, body in pages.items() if name.endswith(" as nobody")}) == []


def test_who_becomes_discreet_later_is_scrubbed(own_site, mailbox, control):
    control.register("demo-seminar", letter=(control.file_name, "application/pdf", PDF))
    before = len(control.mails())
    assert control.act("discreet").status_code == 303
    mailbox.wait(to=control.address, count=before + 1)
    assert control.needles().found({"mail": inside(control.mails()[-1])}) == []
    until(lambda: PDF not in b"".join(folder(own_site.home, "files/**/*").values()))
    with own_site.live.session() as session:
        kept = rows(session) | folder(own_site.home, "files/**/*", "log/*")
        assert session.scalars(select(Registration.discreet)).all() == [True]
    assert control.needles().found(kept) == []
