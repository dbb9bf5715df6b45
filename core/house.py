"""What a process knows of the installation it runs in, handed over by `app.py`.

Floors below `app.py` never read the environment: they ask `house()` for values that were
checked at start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app


@dataclass(frozen=True, kw_only=True)
class House:
    """Checked settings that code below the edge may need. Keys are never printed."""

    environment: str
    role: str
    home: Path
    public_url: str
    protection_url: str
    smtp_url: str
    mail_from: str
    secret_key: str = field(repr=False)
    index_key: str = field(repr=False)
    vault_public_key: str = field(repr=False)
    vault_key: str = field(repr=False)
    mail_public_key: str = field(repr=False)
    mail_key: str = field(repr=False)
    limits_on: bool = True

    @property
    def is_production(self) -> bool:
        """Whether real people are behind this process."""
        return self.environment == "production"

    @property
    def files(self) -> Path:
        """Where uploaded and compiled files lie."""
        return self.home / "files"


def house() -> House:
    """The installation of the running application; needs an application context."""
    known: House = current_app.extensions["relais"]
    return known
