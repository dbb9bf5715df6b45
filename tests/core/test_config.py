"""Production refuses what would not protect the people in it."""

from __future__ import annotations

import base64

import pytest
from pydantic import ValidationError

from config import Settings

KEY = base64.b64encode(b"k" * 32).decode()
SAFE = {
    "relais_env": "production",
    "database_url": "postgresql+psycopg://relais@db/relais",
    "broker_url": "redis://broker",
    "public_url": "https://relais.example",
    "secret_key": "s" * 32,
    "index_key": "i" * 32,
    "vault_public_key": KEY,
    "mail_public_key": KEY,
    "rate_limits": "on",
    "vault_key": "",
    "mail_key": "",
}


def test_safe_settings_are_taken_as_they_are() -> None:
    settings = Settings(**SAFE)
    assert settings.is_production
    assert settings.clock_file is None


def test_production_is_what_nothing_said_means(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RELAIS_ENV", raising=False)
    assert Settings(**{k: v for k, v in SAFE.items() if k != "relais_env"}).is_production


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("secret_key", "short", "SECRET_KEY is shorter than 32 characters"),
        ("index_key", "short", "INDEX_KEY is shorter than 32 characters"),
        ("index_key", "s" * 32, "SECRET_KEY and INDEX_KEY are the same"),
        ("public_url", "http://relais.example", "PUBLIC_URL does not start with https://"),
        ("rate_limits", "off", "RATE_LIMITS is off"),
        ("database_url", "sqlite:///relais.db", "DATABASE_URL is not a PostgreSQL address"),
        ("vault_public_key", "no key", "VAULT_PUBLIC_KEY is not a key of 32 bytes in base64"),
        ("mail_public_key", KEY[:20], "MAIL_PUBLIC_KEY is not a key of 32 bytes in base64"),
        (
            "vault_key",
            KEY,
            "VAULT_KEY is set for a web process, which must not be able to open the vault",
        ),
    ],
)
def test_each_unsafe_value_is_named_and_not_shown(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(**SAFE | {name: value})
    problems = [str(error["ctx"]["error"]) for error in refusal.value.errors()]
    assert problems == [sentence]


def test_the_key_of_the_vault_is_refused_for_web_outside_production_too() -> None:
    with pytest.raises(ValidationError):
        Settings(**SAFE | {"relais_env": "demo", "vault_key": KEY})


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(**SAFE | {"secret_key": "a", "index_key": "b", "public_url": "http://x"})
    assert str(refusal.value.errors()[0]["ctx"]["error"]).count(";") == 2


def test_a_refusal_shows_no_value_of_any_setting() -> None:
    secrets = {"secret_key": "s3cret" * 4, "index_key": "ind3x" * 8, "mail_key": "n0 key" * 8}
    with pytest.raises(ValidationError) as refusal:
        Settings(**SAFE | secrets)
    assert [value for value in secrets.values() if value[:6] in str(refusal.value)] == []
