"""What a file is, by its bytes, against what its name claims."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from core.languages import _

TEXT_SAMPLE = 4096


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A type of file that Relais knows: its ending, MIME type, name for people and first bytes."""

    ending: str
    mime: str
    title: str
    starts: bytes = b""
    inside: str = ""


PDF = Kind(ending="pdf", mime="application/pdf", title="PDF", starts=b"%PDF-")
PNG = Kind(ending="png", mime="image/png", title="PNG", starts=b"\x89PNG\r\n\x1a\n")
JPEG = Kind(ending="jpg", mime="image/jpeg", title="JPEG", starts=b"\xff\xd8\xff")
DOCX = Kind(
    ending="docx",
    mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    title="Word",
    starts=b"PK\x03\x04",
    inside="word/document.xml",
)
XLSX = Kind(
    ending="xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    title="Excel",
    starts=b"PK\x03\x04",
    inside="xl/workbook.xml",
)
ODT = Kind(
    ending="odt",
    mime="application/vnd.oasis.opendocument.text",
    title="OpenDocument",
    starts=b"PK\x03\x04",
    inside="content.xml",
)
TEXT = Kind(ending="txt", mime="text/plain", title="plain text")

KINDS = (PDF, PNG, JPEG, DOCX, XLSX, ODT, TEXT)
ALSO = {"jpeg": "jpg", "text": "txt"}
DOCUMENTS = (PDF, DOCX, ODT)
LETTERS = (PDF, PNG, JPEG, DOCX, ODT)


class NotThisFile(ValueError):
    """The file cannot be taken; the text is a sentence for the person who chose it."""


def claimed(name: str) -> Kind | None:
    """The kind that a file's name claims, None for an ending nobody here knows."""
    ending = PurePath(name).suffix.lstrip(".").lower()
    ending = ALSO.get(ending, ending)
    return next((kind for kind in KINDS if kind.ending == ending), None)


def found(body: bytes) -> Kind | None:
    """The kind that the bytes themselves show, None if they show none of ours."""
    for kind in KINDS:
        if (
            kind.starts
            and body.startswith(kind.starts)
            and (not kind.inside or _holds(body, kind.inside))
        ):
            return kind
    return TEXT if _is_text(body) else None


def check(name: str, body: bytes, allowed: tuple[Kind, ...], largest: int) -> Kind:
    """The kind of an upload, or `NotThisFile` with what is wrong and what to do."""
    if not body:
        raise NotThisFile(_("This file is empty."))
    if len(body) > largest:
        raise NotThisFile(
            _(
                "This file is larger than %(most)s MB. Make it smaller and choose it again.",
                most=largest // (1024 * 1024),
            )
        )
    says = claimed(name)
    if says is None or says not in allowed:
        endings = ", ".join(kind.title for kind in allowed)
        raise NotThisFile(
            _("This kind of file is not taken here. Taken are: %(kinds)s.", kinds=endings)
        )
    if found(body) is not says:
        raise NotThisFile(
            _(
                "The name says that this is a %(kind)s file, but it is not. Save it as one and choose it again.",
                kind=says.title,
            )
        )
    return says


def _holds(body: bytes, member: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as box:
            return member in box.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _is_text(body: bytes) -> bool:
    """UTF-8 without control signs; a sample may end inside a sign."""
    sample = body[:TEXT_SAMPLE]
    try:
        text = sample.decode("utf-8", errors="strict" if len(body) <= TEXT_SAMPLE else "ignore")
    except UnicodeDecodeError:
        return False
    return all(
        sign.isprintable() or sign in "\n\r\t\f\u2028\u2029\ufeff" or _joins(sign) for sign in text
    )


def _joins(sign: str) -> bool:
    """Signs that scripts need although they print nothing themselves."""
    return (
        sign
        in "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
