"""What each process of a home is told, and what the supervisor does with what it is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import supervisor
from core.home import Home
from core.supervisor import Platform, web_server

ROOT = Path(__file__).parents[2]
UNSAFE = {
    "DATABASE_URL": "sqlite://",
    "BROKER_URL": "redis://b",
    "SECRET_KEY": "canary",
    "INDEX_KEY": "canary",
    "VAULT_PUBLIC_KEY": "canary",
    "MAIL_PUBLIC_KEY": "canary",
    "RATE_LIMITS": "off",
}
GIVEN = {"PATH": "/bin", "DATABASE_URL": "postgresql+psycopg://a", "BROKER_URL": "redis://b"}


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "var")
    made.make()
    return made


def platform(home: Home, **given: str) -> Platform:
    made = Platform(
        home, GIVEN | given, web_port=8100, desk_port=8101, meanwhile=lambda _settings: None
    )
    made.known = made._settings()
    return made


def keys(made: Platform, role: str) -> set[str]:
    return {name for name in made.settings(role) if name in supervisor.PRIVATE}


@pytest.mark.parametrize("given", [{}, {"VAULT_KEY": "v", "MAIL_KEY": "m"}])
@pytest.mark.parametrize(
    ("role", "held"),
    [
        ("web", set()),
        ("command", set()),
        ("beat", set()),
        ("worker", {"MAIL_KEY"}),
        ("vault", {"VAULT_KEY"}),
        ("protection", {"VAULT_KEY"}),
    ],
)
def test_private_keys_reach_only_the_roles_that_need_them(home, given, role, held):
    assert keys(platform(home, **given), role) == held
    assert platform(home, **given).settings(role)["RELAIS_ROLE"] == role


def test_each_process_is_started_with_its_own_role(home):
    roles = {
        child.name: child.environment()["RELAIS_ROLE"]
        for child in platform(home)._platform_children()
    }
    assert roles == {
        "web": "web",
        "desk": "protection",
        "worker": "worker",
        "vault": "vault",
        "beat": "beat",
        "dispatcher": "worker",
        "mailbox": "command",
    }


def test_what_others_run_is_not_started(home):
    made = platform(home, SMTP_URL="smtp://mail.example")
    assert list(made._server_children()) == []
    assert "mailbox" not in {child.name for child in made._platform_children()}
    assert made.known["DATABASE_URL"] == GIVEN["DATABASE_URL"]


def test_production_gets_nothing_that_was_not_given(home):
    made = platform(home, RELAIS_ENV="production", SMTP_URL="smtp://mail.example")
    ours = {"RELAIS_HOME", "PYTHONUNBUFFERED", supervisor.SHARED_METRICS}
    assert set(made.known) - set(GIVEN) == {"RELAIS_ENV", "SMTP_URL", *ours}
    assert not list((home.path / "secrets").iterdir())


def test_servers_hear_no_secret(home, monkeypatch):
    made = Platform(
        home,
        {"PATH": "/bin", "SECRET_KEY": "s", "VAULT_KEY": "v"},
        web_port=8100,
        desk_port=8101,
        meanwhile=lambda _settings: None,
    )
    made.known = made._settings()
    assert [child.name for child in made._server_children()] == ["pg", "broker"]
    assert [child.environment() for child in made._server_children()] == [{"PATH": "/bin"}] * 2
    made.stop()


def test_waitress_serves_where_granian_does_not_run(monkeypatch):
    assert web_server({}, 8100, "2")[0] == "granian"
    monkeypatch.setattr(supervisor, "_imports", lambda _name: False)
    assert web_server({"WEB_THREADS": "3"}, 8100, "2") == [
        "waitress",
        "--listen=127.0.0.1:8100",
        "--threads=3",
        "--call",
        "app:create_app",
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "DATABASE_URL is missing; BROKER_URL is missing; SECRET_KEY is missing; "),
        (UNSAFE, "PUBLIC_URL does not start with https://; RATE_LIMITS is off; "),
    ],
)
def test_production_says_in_one_sentence_what_is_missing_or_unsafe(tmp_path, settings, said):
    known = {"PATH": os.environ["PATH"], "RELAIS_HOME": str(tmp_path), "RELAIS_ENV": "production"}
    ran = subprocess.run(
        [sys.executable, "-m", "serve"],
        cwd=ROOT,
        env=known | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("Relais cannot start: These settings are missing or unsafe: ")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert "canary" not in ran.stderr + (tmp_path / "log" / "prepare.log").read_text()
