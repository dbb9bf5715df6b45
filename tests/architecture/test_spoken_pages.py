"""No English on French pages, and no Latin letters on pages in the right-to-left trial language.

Whatever stays English there was never handed to a translator, or is data without its language.
Every route is asked with GET and sent everything wrong with POST, as several visitors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from core import clock as core_clock
from core.languages import COOKIE, PSEUDO
from core.web.access import rule_of
from events.programme.models import Event
from network.accounts.models import Person, Visit
from network.mechanisms.models import Mechanism, ProfileFact
from network.taxonomy.models import State, Theme
from tests.events.participant import WHO, Participant, Stage
from tests.walls.cast import Cast, enter
from workers import demo, reference

DATA = Path(__file__).parents[2] / "data"
PROVED = timedelta(minutes=1)
ROLES = ("focal_point", "authorising", "secretariat", "triage", "administrator", "protection")
NOT_READ = {"script", "style", "code", "head"}
READ_OUT = ("alt", "title", "aria-label", "placeholder")
ENGLISH = re.compile(
    r"\b(?:the|and|of|you|your|is|are|was|were|be|been|not|with|from|this|that|these|those|have|has"
    r"|will|what|when|who|which|only|their|they|there|here|can|cannot|may|if|it|its|for|to|by|at|in"
    r"|we|us|our|no|any|all|some|must|should|please|choose|field|required|invalid|missing|sign|back"
    r"|next|open|closed|see|more|long|short|small|yes|before|after|until|since|time|seat|meeting)\b",
    re.IGNORECASE,
)
LATIN = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
FOREIGN = {"fr": ENGLISH, PSEUDO: LATIN}
NAMES = {
    "Relais", "UTC", "JSON", "CSV", "OpenAPI", "OHCHR", "UNTERM", "TOTP", "JavaScript", "NMIRF",
    "PDF", "Word", "OpenDocument", "Excel", "JPEG", "PNG", "MB", "AA", "name@example.org", "HTML",
    WHO["name"], WHO["organisation"], "ana@people.example", "Ada Invented", "ATOM", "P14D", "PT2H",
    "English", "Français", "français", "NHRIs", "Kolkata", "Kathmandu",
}  # fmt: skip
"""What stays as it is in every language: names, formats, and what the participant typed."""

WRONG = {
    "name": "9" * 500, "organisation": "1\n2", "email": "1 2@", "category": "0", "mode": "0",
    "language": "0", "listing": "0", "needs": "0", "needs_note": "9" * 5000, "form_version": "0",
    "code": "0", "receipt": "0", "address": "0", "person": "0", "event": "0", "number": "0",
    "reason": "", "version": "0",
}  # fmt: skip
"""Sent to every form: nothing in it can be taken, and nothing in it is a word."""

BODIES = (
    None, "{", "[]", "1", "{}", '{"0": 0}',
    *(json.dumps(dict.fromkeys(sorted(set(WRONG) - {"form_version"}), value))
      for value in (None, 0, "", [], {}, "9" * 6000, ["0"] * 500, True, "1 2")),
)  # fmt: skip
"""Sent to every address of the interface: none of it can be taken."""

ODD_SEARCHES = (
    "?q=1",
    "?q=111111",
    "?group=0&region=0&flag=0",
    f"?q={'1' * 300}",
    "?has=mechanism",
)
STATES = ("XAA", "XAD", "PRT", "MAR", "PRY", "CHE", "BRA", "UZB")
LEAVES = {"accounts.sign_out", "registrations.act"}
"""Routes that would end what the other routes need; asked last, by nobody here."""


@dataclass(frozen=True)
class Walk:
    """Every page as one visitor in one language sees it, and what is foreign on it.

    What anyone may see is asked for by the unknown visitor alone.
    """

    app: Flask
    client: FlaskClient
    language: str
    kept: list[str]
    registration_id: UUID
    is_known: bool = True

    def faults(self) -> Iterator[str]:
        """A line for each foreign text."""
        self.client.set_cookie(COOKIE, self.language)
        for route in self.app.url_map.iter_rules():
            if route.endpoint in LEAVES or route.rule.startswith(("/api/", "/dev/", "/metrics")):
                continue
            rule = rule_of(self.app.view_functions[route.endpoint])
            if self.is_known and rule is not None and rule.name == "anyone":
                continue
            for method in sorted((route.methods or set()) & {"GET", "POST"}):
                for path in self.paths(route):
                    yield from self.asked(method, path)

    def paths(self, route: Rule) -> list[str]:
        """Real places of this route, and one that is nowhere."""
        path = route.rule
        if "<iso3>" in path:
            return [path.replace("<iso3>", iso3) for iso3 in (*STATES, "XYZ")]
        if route.endpoint == "mechanisms.directory":
            return [path, *(path + search for search in ODD_SEARCHES)]
        path = path.replace("<uuid:registration_id>", str(self.registration_id))
        path = re.sub(r"<uuid:\w+>", str(uuid4()), path).replace("<token>", "0")
        if "<key>" in path:
            keys = ("panel", "demo-seminar", "demo-past", "panel-hrc65", "0")
            return [path.replace("<key>", key) for key in keys]
        return [path]

    def asked(self, method: str, path: str) -> Iterator[str]:
        """What is foreign on one page."""
        answer = self.client.open(path, method=method, data=WRONG if method == "POST" else None)
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            for text in foreign(answer.text, self.language, self.kept):
                yield f"{self.language} {method} {path} ({answer.status_code}): {text}"


def foreign(html: str, language: str, kept: list[str]) -> list[str]:
    """Texts of a page in `language` that hold a word which is none of that language."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    assert page.get("lang") == language
    found = []
    title = "".join(page.findtext(".//title") or "")
    for text in (title, *read(page, language, language)):
        rest = text
        for name in kept:
            rest = rest.replace(name, "")
        if FOREIGN[language].search(rest):
            found.append(" ".join(text.split()))
    return found


def read(element: Element, language: str, here: str) -> Iterator[str]:
    """What is shown or read out in `language`; parts in other languages say so themselves."""
    here = element.get("lang") or here
    if element.tag not in NOT_READ and isinstance(element.tag, str) and element.get("dir") != "ltr":
        if here == language:
            yield from (element.get(name) or "" for name in READ_OUT)
            yield element.text or ""
        for child in element:
            yield from read(child, language, here)
            if here == language:
                yield child.tail or ""


@pytest.fixture
def stage(live, keys, mailbox, clock) -> Stage:
    """The reference data, the demonstration and one more meeting that somebody registered for."""
    made = Stage(live, keys, mailbox, clock)
    made.meeting()
    with live.app.app_context(), live.session() as session:
        reference.load(session, DATA, now=clock.now())
        demo.fill(session, now=clock.now())
    return made


def names_in_data(stage: Stage) -> list[str]:
    """Names, titles and sources, which are shown as the data has them, the longest first."""
    with stage.live.session() as session:
        texts = [
            *session.scalars(select(Event.title)),
            *session.scalars(select(Event.place)),
            *session.scalars(select(State.names).where(State.is_invented)),
            *session.scalars(select(Theme.names)),
        ]
        found = {
            *(text for by_language in texts for text in (by_language or {}).values()),
            *session.scalars(select(Person.name)),
            *session.scalars(select(Event.organiser)),
            *session.scalars(select(Event.mandate)),
            *session.scalars(select(Event.source)),
            *session.scalars(select(Mechanism.acronym)),
            *session.scalars(select(Mechanism.name).where(Mechanism.name_language.is_(None))),
            *(site(url) for url in session.scalars(select(Mechanism.source_url))),
            *(site(url) for url in session.scalars(select(ProfileFact.source_url))),
        }
    return sorted(NAMES | {name for name in found if name}, key=len, reverse=True)


def site(url: str | None) -> str:
    """The host of an address, as pages show it."""
    return (url or "").partition("//")[2].partition("/")[0].removeprefix("www.")


def visits(stage: Stage, *, is_desk: bool) -> dict[str, Visit]:
    """One visitor a role, who has shown an own factor."""
    with stage.live.app.app_context(), stage.live.session() as session:
        cast = Cast(session, stage.keys, at=core_clock.now() - timedelta(minutes=5))
        return {
            role: cast.visit(cast.holder(role), proved=PROVED, is_desk=is_desk) for role in ROLES
        }


@pytest.mark.parametrize("language", list(FOREIGN))
@pytest.mark.timeout(300)
def test_every_page_of_the_site_is_in_its_readers_language(stage, language):
    ana = Participant(stage, "ana@people.example", stage.live.client()).registered(language="fr")
    kept = names_in_data(stage)
    found = []
    browsers = {"anonymous": stage.live.client(), "participant": ana.client}
    for role, visit in visits(stage, is_desk=False).items():
        browsers[role] = stage.live.client()
        enter(browsers[role], visit)
    for name, browser in browsers.items():
        is_known = name != "anonymous"
        found += Walk(
            stage.live.app, browser, language, kept, ana.registration_id, is_known
        ).faults()
    assert sorted(set(found)) == []


@pytest.mark.parametrize("language", list(FOREIGN))
def test_every_page_of_the_desk_is_in_its_readers_language(stage, language):
    ana = Participant(stage, "ana@people.example", stage.live.client())
    ana.registered(language="fr", discreet="y")
    kept = names_in_data(stage)
    browser = stage.desk.test_client()
    enter(browser, visits(stage, is_desk=True)["protection"])
    walk = Walk(stage.desk, browser, language, kept, ana.registration_id)
    assert sorted(set(walk.faults())) == []


@pytest.mark.parametrize("language", list(FOREIGN))
def test_every_sentence_of_the_interface_is_in_its_readers_language(stage, language):
    client = stage.live.client()
    client.set_cookie(COOKIE, language)
    kept, found = [*NAMES, "Authorization: Bearer", "Content-Type: application/json"], set()
    heard: set[str] = set()
    for route in stage.live.app.url_map.iter_rules():
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            path = re.sub(r"<(?:uuid:)?\w+>", str(uuid4()), route.rule)
            for body in BODIES if path.startswith("/api/v1/") else ():
                headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
                answer = client.open(path, method=method, data=body, headers=headers)
                if answer.status_code >= 400:
                    sentences = {answer.json["title"], *answer.json.get("errors", {}).values()}
                    heard |= sentences
                    found |= set(unspoken(sentences, language, kept))
    assert sorted(found) == []
    assert len(heard) > 15, heard


def unspoken(sentences: set[str], language: str, kept: list[str]) -> Iterator[str]:
    """Sentences that hold a word of another language."""
    for sentence in sentences:
        rest = sentence
        for name in sorted(kept, key=len, reverse=True):
            rest = rest.replace(name, "")
        if FOREIGN[language].search(rest):
            yield sentence


def test_mails_are_in_their_recipients_language(stage):
    ana = Participant(stage, "ana@people.example", stage.live.client())
    ana.registered(language="fr")
    kept = names_in_data(stage)
    assert ana.subjects() == [
        "Votre code d’inscription",
        "Votre place est confirmée",
    ]
    for mail in ana.mails():
        html = str(mail.get_body(("html",)).get_content())
        assert foreign(html, "fr", kept) == []
