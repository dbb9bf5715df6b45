"""A stage for whole journeys: a real database, real mails, and time that moves when told to.

`Stage.settle` does what dispatcher and workers do, in this process and in their order: facts to
their handlers, then each mail to the server with the one key that its worker holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

import html5lib
import icalendar
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import files
from core.context import SYSTEM
from core.db import db
from core.house import House, house
from core.mail.senders import SmtpSender
from events.programme import service as programme
from events.programme.models import Event, Mode, Policy, Seats, Status
from events.registrations.models import Registration
from network.notifications import service as notifications
from network.notifications.models import Delivery
from network.notifications.states import WAITING
from tests.walls.application import Clock, Keys, Live
from tests.walls.cast import Cast, enter
from tests.walls.mailbox import Mailbox
from workers.clock_table import CLOCKS
from workers.dispatcher import Dispatcher

GENEVA = ZoneInfo("Europe/Zurich")
CODE = re.compile(r"^(\d{6})$", re.MULTILINE)
LINK = re.compile(r"^(http\S+/[rc]/\S+)$", re.MULTILINE)
WHO = {"name": "Ana Tavake", "organisation": "Reef Watch", "category": "ngo", "mode": "room"}
HOW = {"language": "en", "listing": "unlisted", "wants_summary": "y", "form_version": "1"}


@dataclass
class Stage:
    """One database with its meeting, and whatever follows from what is done there."""

    live: Live
    keys: Keys
    mailbox: Mailbox
    clock: Clock

    @cached_property
    def desk(self) -> Flask:
        """The protection desk."""
        return self.live.make(
            database_url=self.live.url, relais_role="protection", vault_key=self.keys.vault
        )

    def meeting(self, key: str = "panel", **changes: Any) -> UUID:
        """Set up a meeting that one may register for: two seats in the room, any number online."""
        now = self.clock.now()
        starts = (now.astimezone(GENEVA) + timedelta(days=40)).replace(
            hour=10, minute=0, second=0, microsecond=0
        )
        basis = {
            "kind": "panel",
            "format": "hybrid",
            "title": {"en": "Panel on reporting", "fr": "Réunion-débat sur les rapports"},
            "about": {},
            "starts_on": starts.date(),
            "ends_on": starts.date(),
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "timezone": "Europe/Zurich",
            "place": {"en": "Room D, Geneva", "fr": "Salle D, Genève"},
            "organiser": "Relais",
            "status": Status.PUBLISHED,
            "policy": Policy.AUTOMATIC,
            "languages": ["en", "fr"],
            "seats": {Mode.ROOM: 2, Mode.ONLINE: None},
            "joining": {"en": "Doors open at 09:30.", "fr": "Ouverture des portes à 9 h 30."},
            "is_demo": True,
        }
        plan = programme.Plan(key=key, **(basis | changes))
        with self.live.app.app_context(), self.live.session() as session:
            store = files.Disk(house().files)
            return programme.set_up(session, plan, store=store, by=SYSTEM, now=now).id

    def change(self, key: str = "panel", **values: Any) -> None:
        """Change a meeting as the secretariat would."""
        with self.live.session() as session:
            event = session.scalars(select(Event).where(Event.key == key)).one()
            for name, value in values.items():
                setattr(event, name, value)

    def settle(self) -> None:
        """Take every fact to its handlers and every mail that is due to its server."""
        dispatcher = Dispatcher(self.live.app, lambda _fresh: None)
        while dispatcher.handle_next():
            pass
        with self.live.app.app_context():
            self._send({"codes", "mail"}, replace(house(), mail_key=self.keys.mail))
            self._send({"vault"}, replace(house(), vault_key=self.keys.vault))

    def _send(self, queues: set[str], worker: House) -> None:
        """Send what is due in some queues, as a worker that holds only the key for them."""
        session, now = db.session(), self.clock.now()
        due = session.scalars(
            select(Delivery.id)
            .where(Delivery.state.in_(WAITING), Delivery.queue.in_(queues), Delivery.due_at <= now)
            .order_by(Delivery.queued_at)
        ).all()
        sender = SmtpSender(worker.smtp_url, worker.mail_from)
        for one in due:
            notifications.deliver(session, delivery_id=one, sender=sender, house=worker, now=now)
            session.commit()
        sender.close()

    def tick(self) -> None:
        """One round of every clock, and what follows from it."""
        with self.live.app.app_context():
            for clock in CLOCKS:
                clock.run(db.session(), self.clock.now())
                db.session.commit()
        self.settle()

    def signed_in(self, role: str) -> FlaskClient:
        """A browser of somebody in that seat who has just shown their own factor.

        A protection officer is at the desk, which is an application of its own.
        """
        is_desk = role == "protection"
        app = self.desk if is_desk else self.live.app
        with self.live.session() as session, app.app_context():
            cast = Cast(session, self.keys, at=self.clock.now())
            visit = cast.visit(cast.holder(role), proved=timedelta(seconds=1), is_desk=is_desk)
        client = app.test_client()
        enter(client, visit)
        return client

    def states(self) -> dict[str, int]:
        """How many registrations stand where."""
        counted: dict[str, int] = {}
        with self.live.session() as session:
            for state in session.scalars(select(Registration.state)):
                counted[state.value] = counted.get(state.value, 0) + 1
        return counted

    def registration(self, registration_id: UUID) -> Registration:
        """The row as it is now."""
        with self.live.session() as session:
            return session.get_one(Registration, registration_id)

    def shown(self, key: str = "panel") -> dict[str, str]:
        """The word on seats that the public reads, by mode."""
        with self.live.session() as session:
            rows = session.scalars(select(Seats).join(Event).where(Event.key == key))
            return {row.mode.value: row.shown for row in rows}


@dataclass
class Participant:
    """A person with a browser and a mailbox."""

    stage: Stage
    address: str
    client: FlaskClient
    registration_id: UUID | None = None

    def form(self, **changes: Any) -> dict[str, Any]:
        """What they type; a field given as None is left out."""
        typed = WHO | HOW | {"email": self.address} | changes
        return {name: value for name, value in typed.items() if value is not None}

    def send(self, key: str = "panel", **changes: Any) -> TestResponse:
        """Send the form and let the mails go."""
        answer = self.client.post(f"/events/{key}/register", data=self.form(**changes))
        if answer.status_code == 303:
            self.registration_id = UUID(answer.location.split("/")[-2])
        self.stage.settle()
        return answer

    def confirm(self, code: str | None = None) -> TestResponse:
        """Type the code, the latest one unless told which, and let the mails go."""
        answer = self.client.post(
            f"/registrations/{self.registration_id}/confirm", data={"code": code or self.code()}
        )
        self.stage.settle()
        return answer

    def registered(self, key: str = "panel", **changes: Any) -> Participant:
        """Send the form and confirm it."""
        assert self.send(key, **changes).status_code == 303
        assert self.confirm().location == "/my-registration"
        return self

    def act(self, act: str, /, **data: Any) -> TestResponse:
        """Press a button of the personal page, or send one of its forms."""
        answer = self.client.post(f"/my-registration/{act}", data=data)
        self.stage.settle()
        return answer

    def edited(self, **changes: Any) -> dict[str, Any]:
        """The form for changes as the page gives it, with other answers in it."""
        given = fields(self.client.get("/my-registration/edit")) | changes
        return {name: value for name, value in given.items() if value is not None}

    def mails(self) -> list[Any]:
        """What they were sent, oldest first."""
        return self.stage.mailbox.to(self.address)

    def subjects(self) -> list[str]:
        """The subjects of what they were sent, oldest first."""
        return [str(mail["Subject"]) for mail in self.mails()]

    def code(self) -> str:
        """The code in the latest mail that holds one."""
        return [found[1] for mail in self.mails() if (found := CODE.search(text_of(mail)))][-1]

    def link(self) -> str:
        """The personal link in the latest mail that holds one, without its host."""
        found = [LINK.search(text_of(mail)) for mail in self.mails()]
        return [one[1].partition("localhost")[2] for one in found if one][-1]

    def follow(self) -> TestResponse:
        """Open the latest link in a fresh browser and go where it leads."""
        self.client = self.stage.live.client()
        return self.client.get(self.link(), follow_redirects=True)

    def page(self) -> TestResponse:
        """The personal page."""
        return self.client.get("/my-registration")

    def status(self) -> str:
        """What the personal page says of where things stand."""
        return words(find(self.page(), ".//h2[@id='status']"))

    def state(self) -> str:
        """Where the registration stands."""
        assert self.registration_id is not None
        return self.stage.registration(self.registration_id).state.value


def tree(answer: TestResponse) -> Element:
    """A page as a tree."""
    return html5lib.parse(answer.text, namespaceHTMLElements=False)


def find(answer: TestResponse, path: str) -> Element:
    """The first element at `path`; there must be one."""
    found = tree(answer).find(path)
    assert found is not None, path
    return found


def words(element: Element) -> str:
    """The text inside, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def main(answer: TestResponse) -> str:
    """The text of a page between header and footer."""
    return words(find(answer, ".//main"))


def problems(answer: TestResponse) -> dict[str, str]:
    """The sentence at each field; each also stands above the form, as a link to its field."""
    page = tree(answer)
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    above = {}
    for link in page.iterfind(".//div[@id='problems']//li"):
        anchor = link.find("a")
        target = "" if anchor is None else (anchor.get("href") or "")[1:]
        assert target in ids | {""}, f"a link to #{target}, which is not there"
        above[target.removesuffix("-0")] = words(link)
    beside = {
        (element.get("id") or "").removesuffix("-problem"): words(element).removeprefix("Problem: ")
        for element in page.iterfind(".//p[@class='problem']")
    }
    assert beside == {name: sentence for name, sentence in above.items() if name}
    return above


def fields(answer: TestResponse) -> dict[str, Any]:
    """What the controls of the page's forms hold, as a browser would send it."""
    held: dict[str, Any] = {}
    for control in tree(answer).iter():
        name = control.get("name")
        if not name or control.tag not in {"input", "select", "textarea"}:
            continue
        if control.tag == "textarea":
            held[name] = (control.text or "").removeprefix("\n")
        elif control.tag == "select":
            options = control.findall("option")
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            held[name] = chosen[0].get("value")
        elif control.get("type") in {"checkbox", "radio"}:
            if control.get("checked") is not None:
                _add(held, name, control.get("value"), many=control.get("type") == "checkbox")
        elif control.get("type") != "file":
            held[name] = control.get("value") or ""
    return held


def _add(held: dict[str, Any], name: str, value: Any, *, many: bool) -> None:
    if many and name in held:
        before = held[name] if isinstance(held[name], list) else [held[name]]
        held[name] = [*before, value]
    else:
        held[name] = value


def text_of(mail: Any) -> str:
    """The plain words of a mail."""
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def calendars(mail: Any) -> list[bytes]:
    """Every calendar part of a mail."""
    return [
        part.get_payload(decode=True)
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    ]


def entry_of(mail: Any) -> tuple[Any, str]:
    """The one calendar entry of a mail, and the method of its calendar."""
    (first, *others) = calendars(mail)
    assert all(other == first for other in others)
    calendar = icalendar.Calendar.from_ical(first)
    (entry,) = calendar.walk("VEVENT")
    return entry, str(calendar["METHOD"])
