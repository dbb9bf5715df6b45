"""Looking for what must be nowhere, in every form in which it might have been written down."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import quopri
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import text
from sqlalchemy.orm import Session

BASE64_STARTS = (0, 2, 3)


def written(plain: str) -> dict[bytes, str]:
    """Every form of `plain`, with the name of the form."""
    found: dict[bytes, str] = {}
    for shape, word in _shapes(plain).items():
        raw = word.encode()
        forms = {
            "utf-8": [raw],
            "utf-16": [word.encode("utf-16-le"), word.encode("utf-16-be")],
            "json": [json.dumps(word)[1:-1].encode()],
            "html": [html.escape(word).encode()],
            "percent": [
                quote(word).encode(),
                quote_plus(word).encode(),
                quote(word).lower().encode(),
            ],
            "quoted-printable": [quopri.encodestring(raw)],
            "hex": [raw.hex().encode(), raw.hex().upper().encode()],
            "escaped": ["".join(map(_escaped, raw)).encode()],
            "base64": [*_base64(raw), *_base64(json.dumps(word)[1:-1].encode())],
            "sum": [
                hashlib.new(kind, raw).hexdigest().encode() for kind in ("sha256", "sha1", "md5")
            ],
        }
        for form, values in forms.items():
            for value in values:
                found.setdefault(value, f"{shape} {form}")
    return found


def _shapes(plain: str) -> dict[str, str]:
    return {
        "as typed": plain,
        "decomposed": unicodedata.normalize("NFD", plain),
        "lower": plain.casefold(),
        "upper": plain.upper(),
        "without marks": "".join(
            sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign)
        ),
        "lower without marks": "".join(
            sign
            for sign in unicodedata.normalize("NFD", plain.casefold())
            if not unicodedata.combining(sign)
        ),
    }


def _escaped(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}"


def _base64(raw: bytes) -> Iterator[bytes]:
    """What every base64 of a text with `raw` in it must hold, wherever it begins."""
    for before, start in enumerate(BASE64_STARTS):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * before + raw)[start : (before + len(raw)) * 8 // 6]


@dataclass(frozen=True)
class Needles:
    """Words to look for, each in every form."""

    forms: dict[bytes, str]

    @classmethod
    def of(cls, *words: str) -> Needles:
        """The needles for these words."""
        return cls(
            {form: f"{word} ({name})" for word in words for form, name in written(word).items()}
        )

    def found(self, hay: dict[str, bytes]) -> list[str]:
        """Where which word lies, in what form; empty if nowhere."""
        return [
            f"{what} in {place}"
            for place, body in hay.items()
            for form, what in self.forms.items()
            if form in body
        ]


def rows(session: Session) -> dict[str, bytes]:
    """Every row of every table as PostgreSQL writes it; bytes come as hexadecimal digits."""
    tables = session.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    ).all()
    return {
        f"table {name}": "\n".join(
            session.scalars(text(f'SELECT row::text FROM "{name}" AS row'))  # noqa: S608 -- a name of the catalogue
        ).encode()
        for name in tables
    }


def folder(root: Path, *patterns: str) -> dict[str, bytes]:
    """Every file below `root`, its name included; what vanishes meanwhile is passed over."""
    found = {}
    for path in _paths(root, patterns or ("**/*",)):
        try:
            if path.is_file():
                found[f"file {path.relative_to(root)}"] = path.name.encode() + path.read_bytes()
        except (FileNotFoundError, PermissionError):
            continue
    return found


def _paths(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from root.glob(pattern)
