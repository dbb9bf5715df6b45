"""The audit trail: sealed in batches, and every change to what was sealed is seen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import audit, audit_chain
from core.audit import AuditEntry, AuditPersonal
from core.audit_chain import Break, Broken, Verification, seal, verify
from core.context import SYSTEM

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SUBJECT = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    return audit_chain.heads_file(tmp_path)


def write(session: Session, word: str = "exchange.opened", **more) -> AuditEntry:
    return audit.write(
        session, word, by=SYSTEM, now=NOW, subject_kind="exchange", subject_id=SUBJECT, **more
    )


def trail(session: Session, heads: Path, count: int = 5) -> list[AuditEntry]:
    """`count` sealed entries, in order; the second has personal values."""
    entries = [
        write(
            session,
            f"trial.{number}",
            details={"number": number, "words": ["é", "ع"]},
            personal={"name": "Ana Trial"} if number == 1 else None,
        )
        for number in range(count)
    ]
    session.commit()
    assert seal(session, heads=heads) == count
    session.commit()
    session.expire_all()
    return entries


def test_an_untouched_chain_is_whole_and_says_how_long_its_tail_is(session, heads) -> None:
    trail(session, heads)
    write(session)
    session.commit()
    assert verify(session, heads=heads) == Verification(sealed=5, unsealed=1, heads=1, broken=None)


def test_batches_link_up(session, heads) -> None:
    trail(session, heads, 2)
    trail(session, heads, 3)
    assert seal(session, heads=heads) == 0
    assert verify(session, heads=heads) == Verification(sealed=5, unsealed=0, heads=2, broken=None)


@pytest.mark.parametrize(
    "change",
    [
        {"word": "trial.other"},
        {"at": NOW.replace(microsecond=1)},
        {"subject_id": uuid4()},
        {"details": {"number": 3, "words": ["é", "x"]}},
        {"person_id": uuid4()},
        {"personal_hash": "0" * 64},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
        {"request_id": "another"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_changing_one_stored_row_breaks_at_that_row(session, heads, change) -> None:
    entries = trail(session, heads)
    session.execute(update(AuditEntry).where(AuditEntry.id == entries[2].id).values(**change))
    assert verify(session, heads=heads).broken == Broken(3, entries[2].id, Break.CHANGED)


def test_a_removed_row_is_a_gap(session, heads) -> None:
    entries = trail(session, heads)
    session.execute(delete(AuditEntry).where(AuditEntry.id == entries[2].id))
    assert verify(session, heads=heads).broken == Broken(4, entries[3].id, Break.GAP)


def test_a_chain_cut_short_is_seen_against_the_file(session, heads) -> None:
    entries = trail(session, heads)
    session.execute(delete(AuditEntry).where(AuditEntry.id.in_([e.id for e in entries[3:]])))
    assert verify(session, heads=heads).broken == Broken(4, None, Break.CUT)


def test_a_chain_written_anew_is_seen_against_the_file(session, heads, tmp_path) -> None:
    trail(session, heads)
    session.execute(update(AuditEntry).values(position=None, previous=None, hash=None))
    session.execute(update(AuditEntry).where(AuditEntry.word == "trial.2").values(word="other"))
    session.expire_all()
    seal(session, heads=tmp_path / "other" / "heads.log")
    session.commit()
    found = verify(session, heads=heads)
    assert (found.broken.position, found.broken.how) == (5, Break.REWRITTEN)


def test_erasing_personal_values_leaves_the_chain_whole(session, heads) -> None:
    trail(session, heads)
    session.execute(delete(AuditPersonal))
    assert verify(session, heads=heads).whole


def test_changing_personal_values_is_seen(session, heads) -> None:
    entries = trail(session, heads)
    session.execute(update(AuditPersonal).values(values={"name": "Somebody Else"}))
    assert verify(session, heads=heads).broken == Broken(2, entries[1].id, Break.PERSONAL)


def test_the_chain_holds_no_personal_value(session, heads) -> None:
    trail(session, heads)
    rows = session.scalars(select(AuditEntry)).all()
    assert not [row for row in rows if "Ana" in str(vars(row))]


def test_a_head_is_written_only_once_its_batch_is_committed(session, heads) -> None:
    write(session)
    session.commit()
    seal(session, heads=heads)
    assert not heads.exists()
    session.rollback()
    assert not heads.exists()
    seal(session, heads=heads)
    session.commit()
    assert len(heads.read_text().splitlines()) == 1


def test_a_head_that_was_not_written_is_made_up_for(session, heads) -> None:
    trail(session, heads)
    known = heads.read_text()
    heads.unlink()
    seal(session, heads=heads)
    assert heads.read_text() == known


def test_the_command_says_whole_or_names_the_entry(app, session) -> None:
    write(session)
    session.commit()
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "seal"]).output == "1 entries sealed.\n"
    good = runner.invoke(args=["audit", "verify"])
    assert (good.exit_code, good.output.splitlines()[0]) == (0, "The chain is whole.")
    session.execute(update(AuditEntry).values(word="other"))
    session.commit()
    bad = runner.invoke(args=["audit", "verify"])
    assert (bad.exit_code, bad.output.splitlines()[0][:17]) == (1, "BROKEN at entry 1")
    audit_chain.heads_file(app.extensions["relais"].home).unlink()
