"""An applicant with a browser and a mailbox, and the two officers who decide."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from network.applications.models import Application
from network.seats.models import Holder
from tests.events.participant import CODE, Stage, find, text_of, words
from tests.walls.cast import Cast, enter

PDF = b"%PDF-1.7\nThe letter itself\n%%EOF\n"
LINK = re.compile(r"^http\S+(/jc?/\S+)$", re.MULTILINE)
STATE = {"state": "XAA", "wants": "member", "contact_name": "Leila Barzani", "language": "en"}
ORGANISATION = {
    "organisation_kind": "ngo",
    "name_en": "Listening Post",
    "name_fr": "Poste d’écoute",
    "contact_name": "Rafael Quent",
    "language": "fr",
}


def letter(body: bytes = PDF, name: str = "letter.pdf") -> FileStorage:
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(body), name)


@dataclass
class Applicant:
    """Somebody who applies."""

    stage: Stage
    address: str = "mechanism@xandria.example"
    kind: str = "state"
    application_id: UUID | None = None

    @cached_property
    def client(self) -> FlaskClient:
        """Their browser."""
        return self.stage.live.client()

    def send(self, **changes: Any) -> TestResponse:
        """Send the form and let the mails go; a field given as None is left out."""
        basis = STATE if self.kind == "state" else ORGANISATION
        typed = basis | {"email": self.address, "letter": letter()} | changes
        kept = {name: value for name, value in typed.items() if value is not None}
        # One body, since the test client would put a large file into a temporary one.
        boundary, body = encode_multipart(kept)
        answer = self.client.post(
            f"/network/join/{self.kind}",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )
        if answer.status_code == 303:
            self.application_id = UUID(answer.location.split("/")[-2])
        self.stage.settle()
        return answer

    def confirm(self, code: str | None = None) -> TestResponse:
        """Type the code and let the mails go."""
        answer = self.client.post(
            f"/network/join/{self.application_id}/confirm", data={"code": code or self.code()}
        )
        self.stage.settle()
        return answer

    def applied(self, **changes: Any) -> Applicant:
        """Send the form and confirm it."""
        assert self.send(**changes).status_code == 303
        assert self.confirm().location == "/my-application"
        return self

    def mails(self) -> list[Any]:
        """What they were sent, oldest first."""
        return self.stage.mailbox.to(self.address)

    def subjects(self) -> list[str]:
        """The subjects of what they were sent."""
        return [str(mail["Subject"]) for mail in self.mails()]

    def last(self) -> str:
        """The words of the latest mail."""
        return text_of(self.mails()[-1])

    def code(self) -> str:
        """The code in the latest mail that holds one."""
        return [found[1] for mail in self.mails() if (found := CODE.search(text_of(mail)))][-1]

    def link(self) -> str:
        """The link in the latest mail that holds one."""
        found = [LINK.search(text_of(mail)) for mail in self.mails()]
        return [one[1] for one in found if one][-1]

    def page(self) -> TestResponse:
        """The personal page."""
        return self.client.get("/my-application")

    def status(self) -> str:
        """What the personal page says of where things stand."""
        return words(find(self.page(), ".//h2[@id='status']"))

    def answer(self, text: str, question: str | None = None) -> TestResponse:
        """Answer the question on the page."""
        shown = find(self.page(), ".//input[@name='question']").get("value")
        data = {"question": question or shown, "answer": text}
        sent = self.client.post("/my-application/answer", data=data)
        self.stage.settle()
        return sent

    def row(self) -> Application:
        """The row as it is now."""
        with self.stage.live.session() as session:
            return session.get_one(Application, self.application_id)


@dataclass
class Officer:
    """A named person of the secretariat who has just shown their own factor."""

    stage: Stage
    name: str
    role: str = "secretariat"
    proved: timedelta = timedelta(seconds=1)
    holder: Holder = field(init=False)
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        """Put the person in a seat and sign them in."""
        address = f"{self.name.split()[0].lower()}@secretariat.example"
        with self.stage.live.session() as session, self.stage.live.app.app_context():
            cast = Cast(session, self.stage.keys, at=self.stage.clock.now())
            self.holder = cast.holder(self.role, name=self.name, address=address)
            visit = cast.visit(self.holder, proved=self.proved)
        self.client = self.stage.live.client()
        enter(self.client, visit)

    def act(self, applicant: Applicant, act: str, **data: Any) -> TestResponse:
        """Press a button of the page of an application."""
        answer = self.client.post(f"/applications/{applicant.application_id}/{act}", data=data)
        self.stage.settle()
        return answer

    def read(self, applicant: Applicant) -> TestResponse:
        """The page of an application."""
        return self.client.get(f"/applications/{applicant.application_id}")

    def tasks(self, heading: str) -> list[str]:
        """The lines below one heading of the workspace."""
        section = find(self.client.get("/workspace"), f".//section[@aria-labelledby='{heading}']")
        return [words(line) for line in section.iterfind(".//li//div[@class='what']")]
