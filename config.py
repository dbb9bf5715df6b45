"""Typed settings from the environment, read by `app.py` alone.

Production is the default and refuses unsafe values; `./run` says RELAIS_ENV=demo and the
tests say RELAIS_ENV=test.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Literal

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_BYTES = 32


class UnsafeSettings(ValueError):
    """Production was asked to start with values that would not protect the people in it."""


class Settings(BaseSettings):
    """Everything a process may know from outside. Names are the environment's, in lower case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    relais_env: Literal["production", "demo", "test"] = "production"
    relais_role: Literal["web", "protection", "worker", "vault", "beat", "command"] = "web"
    relais_home: Path = Path("var")

    database_url: str
    broker_url: str
    smtp_url: str = "smtp://127.0.0.1:1025"
    public_url: str = "http://localhost:8000"
    protection_url: str = ""

    secret_key: str
    index_key: str
    vault_public_key: str
    vault_key: str = ""
    mail_public_key: str
    mail_key: str = ""

    web_workers: int = 2
    web_threads: int = 4
    rate_limits: Literal["on", "off"] = "on"
    rate_limit_storage: str = ""
    mail_from: str = "Relais <no-reply@relais.example>"
    behind_proxy: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def is_production(self) -> bool:
        """Whether real people are behind this process."""
        return self.relais_env == "production"

    @property
    def files_path(self) -> Path:
        """Where uploaded and compiled files lie."""
        return self.relais_home / "files"

    @property
    def clock_file(self) -> Path | None:
        """The file that moves the clock in demo and tests; production has none."""
        return None if self.is_production else self.relais_home / "clock"

    @model_validator(mode="after")
    def refuse_unsafe(self) -> Settings:
        """Say every unsafe value at once, by name, without showing it."""
        problems = [
            f"{name} is not a key of {KEY_BYTES} bytes in base64" for name in self._bad_keys()
        ]
        if len(self.secret_key) < KEY_BYTES:
            problems.append("SECRET_KEY is shorter than 32 characters")
        if len(self.index_key) < KEY_BYTES:
            problems.append("INDEX_KEY is shorter than 32 characters")
        if self.vault_key and self.relais_role == "web":
            problems.append(
                "VAULT_KEY is set for a web process, which must not be able to open the vault"
            )
        if self.is_production:
            problems += self._unsafe_in_production()
        if problems:
            raise UnsafeSettings("; ".join(problems))
        return self

    def _bad_keys(self) -> list[str]:
        names = ["vault_public_key", "mail_public_key"]
        names += [name for name in ("vault_key", "mail_key") if getattr(self, name)]
        return [name.upper() for name in names if not _is_key(getattr(self, name))]

    def _unsafe_in_production(self) -> list[str]:
        problems = []
        if not self.public_url.startswith("https://"):
            problems.append("PUBLIC_URL does not start with https://")
        if self.rate_limits != "on":
            problems.append("RATE_LIMITS is off")
        if self.secret_key == self.index_key:
            problems.append("SECRET_KEY and INDEX_KEY are the same")
        if not self.database_url.startswith("postgresql"):
            problems.append("DATABASE_URL is not a PostgreSQL address")
        return problems


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) == KEY_BYTES
    except ValueError:
        return False
