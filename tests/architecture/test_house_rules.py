"""What holds everywhere: short files, reasons beside exceptions, one commit, quiet reads, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.web.security import HEADERS, TRANSPORT
from tests.events.participant import Participant, Stage
from tests.walls.routes import addresses
from workers import demo, reference

ROOT = Path(__file__).parents[2]
FLOORS = ("core", "network", "events", "workers")
OURS = (*FLOORS, "tests", "bench", "migrations", "templates", "static", "docs", "requirements")
ENDINGS = {".py", ".html", ".txt", ".css", ".js", ".svg", ".md", ".toml", ".cfg", ".sh"}
LONGEST = 400
MAY_BE_LONGER = re.compile(
    r"requirements/.*\.txt|migrations/versions/000[24]_\w+\.py|static/maps/.*"
)
"""Lock files, what is generated from the models, and drawings."""

MAY_COMMIT = {
    "bench/events.py": "fills its own database",
    "bench/exchange.py": "fills its own database",
    "core/db.py": "the edge of a request",
    "network/accounts/cli.py": "the edge of a command",
    "network/exchanges/cli.py": "the edge of a command",
    "workers/beat.py": "a heartbeat",
    "workers/celery_app.py": "a heartbeat",
    "workers/cli.py": "the edge of a command",
    "workers/data.py": "the edge of a command",
    "workers/dispatcher.py": "the edge of a fact",
    "workers/task.py": "the edge of a task",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
NOQA = re.compile(r"#\s*noqa\b(?P<rest>.*)", re.IGNORECASE)
NOQA_WITH_REASON = re.compile(r": [A-Z]+\d+(, [A-Z]+\d+)* -- \S.*")
IGNORE = re.compile(r"#\s*type:\s*ignore(?P<rest>.*)")
IGNORE_WITH_REASON = re.compile(r"\[[a-z-]+(, ?[a-z-]+)*\]\s*(#|--) *\S.*")
INLINE = re.compile(
    r"""<style|\sstyle=|\son\w+=["'{]|javascript:|<script(?![^>]*\ssrc=)""", re.IGNORECASE
)
UNCOMMON = re.compile(r"datetime\.(?:now|utcnow|today)\(|date\.today\(")


def texts(*endings: str) -> Iterator[tuple[str, str]]:
    """Path and content of every file of ours."""
    folders = [ROOT / name for name in OURS]
    paths = [*ROOT.iterdir(), *(path for folder in folders for path in folder.rglob("*"))]
    for path in sorted(paths):
        name = path.relative_to(ROOT).as_posix()
        is_text = path.suffix in (set(endings) or ENDINGS) or name in {"run", "test"}
        if path.is_file() and is_text and "__pycache__" not in name:
            yield name, path.read_text(encoding="utf-8")


def lines(pattern: re.Pattern[str], *endings: str) -> Iterator[tuple[str, re.Match[str]]]:
    for name, content in texts(*endings):
        for number, line in enumerate(content.splitlines(), 1):
            found = pattern.search(line)
            if found:
                yield f"{name}:{number}", found


def test_the_search_reads_the_whole_house():
    names = [name for name, _content in texts()]
    assert {"app.py", "core/db.py", "templates/layout.html", "README.md"} <= set(names)
    assert len(names) > 300


def test_no_file_passes_four_hundred_lines():
    long = {
        name: len(content.splitlines()) for name, content in texts(".py", ".html", ".css", ".js")
    }
    kept = {name: many for name, many in long.items() if not MAY_BE_LONGER.fullmatch(name)}
    assert {name: many for name, many in kept.items() if many > LONGEST} == {}


def test_nothing_is_left_for_later():
    here = Path(__file__).relative_to(ROOT).as_posix()
    said = {
        "CONTRIBUTING.md",
        "docs/architecture.md",
        here,
        "tests/architecture/test_translations.py",
    }
    found = [place for place, _match in lines(UNFINISHED) if place.partition(":")[0] not in said]
    assert found == []


@pytest.mark.parametrize(
    ("mark", "whole"),
    [(NOQA, NOQA_WITH_REASON), (IGNORE, IGNORE_WITH_REASON)],
    ids=["noqa", "ignore"],
)
def test_every_exception_to_a_check_has_its_code_and_its_reason(mark, whole):
    here = Path(__file__).relative_to(ROOT).as_posix()
    bare = [
        place
        for place, found in lines(mark, ".py")
        if not place.startswith(here)
        and not whole.match(found["rest"].split("  # noqa")[0].strip(" "))
        and not whole.match(found["rest"])
    ]
    assert bare == []


def test_only_edges_commit():
    found = {
        place.partition(":")[0]
        for place, _match in lines(re.compile(r"\.commit\("), ".py")
        if not place.startswith(("tests/", "migrations/"))
    }
    assert found == set(MAY_COMMIT)


def test_time_comes_from_one_clock():
    found = {
        place.partition(":")[0]
        for place, _match in lines(UNCOMMON, ".py")
        if place.startswith(FLOORS)
    }
    assert found == {"core/clock.py"}


def test_no_file_has_a_name_that_says_nothing():
    stems = {name for name, _content in texts(".py") if Path(name).stem in VAGUE}
    assert stems == set()


def test_every_module_says_what_it_is_for():
    silent = [
        name
        for name, content in texts(".py")
        if content.strip() and name.startswith(FLOORS) and not content.lstrip().startswith('"""')
    ]
    assert silent == []


def test_every_template_compiles_and_has_nothing_inline(app):
    names = app.jinja_env.list_templates(extensions=["html", "txt", "svg"])
    assert len(names) > 60
    wrong = []
    for name in names:
        app.jinja_env.get_template(name)
        source, _file, _fresh = app.jinja_env.loader.get_source(app.jinja_env, name)
        if name.endswith(".html") and not name.startswith("mail/") and INLINE.search(source):
            wrong.append(name)
    assert wrong == []


# Every address, read by many


ROLES = ("focal_point", "authorising", "secretariat", "triage", "administrator")
DATA = ROOT / "data"


@pytest.fixture
def stage(live, keys, mailbox, clock) -> Stage:
    """A database of the test's own with one meeting."""
    made = Stage(live, keys, mailbox, clock)
    made.meeting()
    return made


@pytest.fixture
def filled(stage: Stage) -> Stage:
    """Reference and demonstration data beside it."""
    with stage.live.app.app_context(), stage.live.session() as session:
        reference.load(session, DATA, now=stage.clock.now())
        demo.fill(session, now=stage.clock.now())
    return stage


def participants(stage: Stage) -> dict[str, Participant]:
    """One of each kind, in the meetings that `addresses` knows."""

    def one(name: str, key: str, **how: str) -> Participant:
        client = stage.live.client()
        return Participant(stage, f"{name}@people.example", client).registered(key, **how)

    return {
        "open": one("open", "demo-seminar", listing="full"),
        "discreet": one("discreet", "demo-seminar", discreet="y"),
        "seated": one("seated", "demo-panel"),
        "interested": one("interested", "panel-hrc65"),
    }


def readers(stage: Stage, people: dict[str, Participant]) -> dict[str, tuple[Flask, FlaskClient]]:
    """A browser for each kind of visitor of the site, and an officer's at the desk."""
    site, desk = stage.live.app, stage.desk
    found = {"nobody": (site, site.test_client()), "nobody at the desk": (desk, desk.test_client())}
    found |= {name: (site, one.client) for name, one in people.items()}
    found |= {role: (site, stage.signed_in(role)) for role in ROLES}
    return found | {"protection": (desk, stage.signed_in("protection"))}


def tables(session: Session) -> dict[str, list[tuple[str, str]]]:
    """For each table where its rows are and which transaction wrote each: a row that is written
    anew shows, even if it says the same."""
    names = session.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    ).all()
    return {
        name: [
            tuple(row)
            for row in session.execute(
                text(f'SELECT ctid::text, xmin::text FROM "{name}" ORDER BY ctid')  # noqa: S608 -- a name of the catalogue
            )
        ]
        for name in names
    }


@pytest.mark.timeout(300)
def test_reading_changes_nothing_and_every_answer_has_its_headers(filled):
    for app in (filled.live.app, filled.desk):
        app.test_client_class = FlaskClient  # every page is parsed elsewhere; here are too many
    people = participants(filled)
    ids = [one.registration_id for one in people.values()]
    found = readers(filled, people)
    with filled.live.session() as session:
        before = tables(session)
        paths = {app: addresses(app, session, ids) for app, _client in found.values()}
    wrong, asked = [], 0
    for name, (app, client) in found.items():
        for path in paths[app]:
            answer = client.get(path)
            asked += 1
            wrong += [f"{fault}: {path} as {name}" for fault in faults(answer)]
    with filled.live.session() as session:
        after = tables(session)
    assert [name for name in before if before[name] != after[name]] == []
    assert wrong == []
    assert asked > 500
    assert sum(map(len, before.values())) > 500


def faults(answer: TestResponse) -> Iterator[str]:
    """What an answer lacks, or that it is a failure."""
    if answer.status_code >= 500 and answer.request.path != "/health/ready":
        yield f"broken ({answer.status_code})"
    for name, value in HEADERS.items():
        if answer.headers.get(name) != value and not answer.request.path.startswith("/dev/mail"):
            yield f"no {name}"
    if "Cache-Control" not in answer.headers:
        yield "no Cache-Control"
    if not answer.headers.get("Set-Cookie", "HttpOnly; SameSite").count("SameSite"):
        yield "a cookie without SameSite"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing-here", 404),
        ("GET", "/events/nothing", 404),
        ("GET", "/events/%00", 404),
        ("POST", "/", 405),
        ("DELETE", "/events", 405),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/my-registration", 401),
        ("GET", "/triage", 303),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/registrations", 422),
        ("HEAD", "/", 200),
    ],
)
def test_refusals_have_the_same_headers(client, session, method, path, status):
    answer = client.open(path, method=method)
    assert answer.status_code == status or (path.startswith("/api") and answer.status_code >= 400)
    assert list(faults(answer)) == []


def test_the_answer_to_options_has_them_too(app, session):
    answer = FlaskClient(app, use_cookies=True).options("/events")
    assert list(faults(answer)) == []


def test_what_is_kept_ready_and_what_lies_in_files_has_the_same_headers(stage):
    client = stage.live.client()
    style = re.search(r'href="([^"]+\.css)"', client.get("/").text)[1]
    for path in ("/", "/", "/events/panel/register", "/events/panel/register", style):
        answer = client.get(path)
        assert (path, answer.status_code, list(faults(answer))) == (path, 200, [])
    kept = client.get("/", headers={"If-None-Match": client.get("/").headers["ETag"]})
    assert kept.status_code == 304
    assert list(faults(kept)) == []


def test_a_request_that_is_too_large_is_refused_with_the_same_headers(client, session):
    answer = client.post("/sign-in", data=b"a" * (13 * 1024 * 1024), content_type="text/plain")
    assert answer.status_code in {413, 422}
    assert list(faults(answer)) == []


def test_a_site_behind_https_asks_browsers_to_stay_there(make_app):
    app = make_app(public_url="https://relais.example")
    answer = app.test_client().get("/about", base_url="https://relais.example")
    assert answer.headers["Strict-Transport-Security"] == TRANSPORT
    client = app.test_client()
    client.get("/sign-in", base_url="https://relais.example")
    cookie = client.get("/sign-in", base_url="https://relais.example").headers.get("Set-Cookie", "")
    assert not cookie or {"Secure", "HttpOnly", "SameSite=Lax"} <= {
        part.strip() for part in cookie.split(";")
    }
