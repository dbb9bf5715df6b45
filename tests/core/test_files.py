"""Files: what they are, where they lie, and who can read them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import file_kinds, files, seal
from core.file_kinds import DOCX, KINDS, LETTERS, ODT, PDF, PNG, TEXT, XLSX, NotThisFile, check

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OWNER = uuid4()
LETTER = b"%PDF-1.7\nAna Trial\n"


def box(member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(member, "<x/>")
    return out.getvalue()


BODIES = {
    "pdf": LETTER,
    "png": b"\x89PNG\r\n\x1a\n....",
    "jpg": b"\xff\xd8\xff\xe0....",
    "docx": box("word/document.xml"),
    "xlsx": box("xl/workbook.xml"),
    "odt": box("content.xml"),
    "txt": "Étude, دراسة, 研究\r\n".encode(),
}


@pytest.fixture
def disk(tmp_path):
    return files.Disk(tmp_path / "files")


@pytest.fixture(autouse=True)
def _speaking(app):
    with app.app_context():
        yield


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.ending)
def test_a_file_that_is_what_it_says_is_taken(kind) -> None:
    assert check(f"a.{kind.ending.upper()}", BODIES[kind.ending], KINDS, 1000) is kind


@pytest.mark.parametrize("says", KINDS, ids=lambda kind: kind.ending)
@pytest.mark.parametrize("body", [*BODIES, "binary"])
def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(says, body) -> None:
    if body == says.ending:
        return
    with pytest.raises(NotThisFile) as refusal:
        check(f"a.{says.ending}", BODIES.get(body, b"\x00\x01\x02\xff"), KINDS, 1000)
    if not (body == "pdf" and says is TEXT):
        assert str(refusal.value) == (
            f"The name says that this is a {says.title} file, but it is not. "
            "Save it as one and choose it again."
        )


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("a.pdf", b"", "This file is empty."),
        (
            "a.pdf",
            LETTER + bytes(3 * 1024 * 1024),
            "This file is larger than 2 MB. Make it smaller and choose it again.",
        ),
        (
            "a.exe",
            b"MZ",
            "This kind of file is not taken here. Taken are: PDF, PNG, JPEG, Word, OpenDocument.",
        ),
        (
            "noending",
            LETTER,
            "This kind of file is not taken here. Taken are: PDF, PNG, JPEG, Word, OpenDocument.",
        ),
        (
            "a.txt",
            b"words",
            "This kind of file is not taken here. Taken are: PDF, PNG, JPEG, Word, OpenDocument.",
        ),
    ],
)
def test_each_refusal_says_what_to_do(name, body, sentence) -> None:
    with pytest.raises(NotThisFile) as refusal:
        check(name, body, LETTERS, 2 * 1024 * 1024)
    assert str(refusal.value) == sentence


def test_a_broken_box_is_no_document() -> None:
    assert file_kinds.found(b"PK\x03\x04 and nothing more") is None
    assert {file_kinds.found(BODIES[k.ending]) for k in (DOCX, XLSX, ODT, PNG)} == {
        DOCX,
        XLSX,
        ODT,
        PNG,
    }


def kept(session, disk, **more):
    row = files.keep(
        session,
        disk,
        body=LETTER,
        name="Ana's letter.pdf",
        mime=PDF.mime,
        owner_kind="trial",
        owner_id=OWNER,
        now=NOW,
        **more,
    )
    session.commit()
    return row


def test_an_open_file_comes_back_as_it_was(session, disk) -> None:
    row = kept(session, disk)
    assert files.read(disk, row) == LETTER
    assert (row.name, row.mime, row.size, row.is_sealed) == (
        "Ana's letter.pdf",
        "application/pdf",
        len(LETTER),
        False,
    )


def test_a_sealed_file_shows_neither_name_nor_type_nor_words(session, disk, keys) -> None:
    row = kept(session, disk, vault_public_key=keys.vault_public)
    on_disk = b"".join(path.read_bytes() for path in disk.root.rglob("*") if path.is_file())
    assert b"Ana" not in on_disk
    assert b"PDF" not in on_disk
    assert (row.name, row.mime, row.is_sealed) == ("", "application/octet-stream", True)
    assert b"Ana" not in row.sealed_name
    assert files.open_sealed(disk, row, vault_key=keys.vault) == files.Opened(
        "Ana's letter.pdf", "application/pdf", LETTER
    )
    with pytest.raises(seal.CannotOpen):
        files.open_sealed(disk, row, vault_key=keys.mail)


def test_bytes_changed_on_the_disk_are_not_handed_out(session, disk) -> None:
    row = kept(session, disk)
    disk.put(row.id, b"%PDF-other")
    with pytest.raises(OSError, match="not what was stored"):
        files.read(disk, row)


def test_erased_bytes_go_with_the_commit_and_stay_without_it(session, disk) -> None:
    row = kept(session, disk)
    files.erase(session, disk, row)
    session.rollback()
    assert files.read(disk, row) == LETTER
    session.commit()
    assert files.read(disk, row) == LETTER
    with session.begin_nested() as part:
        files.erase(session, disk, row)
        part.rollback()
    session.commit()
    assert files.read(disk, row) == LETTER
    with session.begin_nested():
        files.erase(session, disk, row)
    assert disk.get(row.id) == LETTER
    session.commit()
    with pytest.raises(FileNotFoundError):
        disk.get(row.id)
    assert session.scalars(select(files.StoredFile)).all() == []


def test_bytes_without_a_row_are_swept_away(session, disk) -> None:
    row = kept(session, disk)
    stray = uuid4()
    disk.put(stray, b"lost")
    later = datetime.now(UTC) + timedelta(days=1)
    assert files.forget_strays(session, disk, before=later - timedelta(days=2)) == 0
    assert files.forget_strays(session, disk, before=later) == 1
    assert files.read(disk, row) == LETTER


def test_a_download_is_always_saved_and_never_sniffed(app) -> None:
    with app.test_request_context():
        answer = files.download("été/../x.pdf", PDF.mime, LETTER)
    assert answer.headers["Content-Disposition"] == "attachment; filename=x.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    answer.close()


@pytest.mark.parametrize(
    ("typed", "kept_as"),
    [
        ("C:\\Users\\ana\\letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00\n\u202eb.pdf", "ab.pdf"),
        ("  رسالة.pdf ", "رسالة.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_lose_what_is_not_a_name(typed, kept_as) -> None:
    assert files.tidy_name(typed) == kept_as
