"""A program that registers people through the API, and what its answers say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from tests.events.participant import CODE, Stage, text_of

CANARY = "Zuleika Canary"
BASIS = {
    "event": "panel",
    "email": "ana@people.example",
    "name": "Ana Tavake",
    "organisation": "Reef Watch",
    "category": "ngo",
    "mode": "room",
    "language": "en",
}


@dataclass
class Program:
    """A program that registers people."""

    stage: Stage
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        client = self.stage.live.client()
        answer = client.post(
            path if path.startswith("/") else f"/api/v1/{path}",
            json=body,
            headers=self.headers
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        self.stage.settle()
        return answer

    def register(self, key: str | None = None, **changes: Any) -> Any:
        headers = {"Idempotency_Key": key} if key else {}
        return self.post("registrations", BASIS | changes, **headers)

    def code(self, address: str = "ana@people.example") -> str:
        mails = self.stage.mailbox.to(address)
        return [found[1] for mail in mails if (found := CODE.search(text_of(mail)))][-1]

    def registered(self, **changes: Any) -> Holder:
        answer = self.register(**changes)
        assert answer.status_code == 202, answer.json
        code = self.code(changes.get("email", BASIS["email"]))
        confirmed = self.post(answer.json["confirm"], {"code": code})
        assert confirmed.status_code == 200, confirmed.json
        return Holder(self.stage, UUID(answer.json["id"]), confirmed.json["token"])


@dataclass
class Holder:
    """A program with the token of one registration."""

    stage: Stage
    id: UUID
    token: str

    def ask(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        answer = self.stage.live.client().open(
            f"/api/v1/registrations/{self.id}{path}",
            method=method,
            headers=sent,
            **({} if body is None else {"json": body}),
        )
        self.stage.settle()
        return answer

    def read(self) -> dict[str, Any]:
        answer = self.ask("GET")
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def change(self, **changes: Any) -> Any:
        return self.ask("PATCH", body={"version": self.read()["version"]} | changes)

    def move(self, to: str, **headers: str) -> Any:
        return self.ask("POST", "/moves", {"to": to}, **headers)


def known(answer: Any) -> dict[str, Any]:
    """A problem without the number of its request."""
    assert answer.content_type == "application/problem+json"
    body = dict(answer.json)
    assert re.fullmatch(r"[0-9a-f]{32}", body.pop("request"))
    return body


def sentences(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.json
    return dict(known(answer)["errors"])


def count(stage: Stage, model: Any) -> int:
    with stage.live.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
