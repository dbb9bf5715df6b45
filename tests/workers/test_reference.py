"""Reference files become rows, and never undo what a person did."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from core.context import Actor
from events.programme.models import Event, Policy
from network.mechanisms import service as mechanisms
from network.mechanisms.models import Field, Mechanism, NameStatus, ProfileFact
from network.taxonomy import service as taxonomy
from network.taxonomy.models import (
    AffectedPersons,
    Classification,
    Proposal,
    ReviewBody,
    State,
    Theme,
)
from workers import reference

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EDITOR = Actor(kind="person", person_id=uuid4(), proved="mailbox")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files that a test may change."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def counts(session: Session) -> dict[str, int]:
    kinds = (
        State,
        Classification,
        Theme,
        AffectedPersons,
        ReviewBody,
        Mechanism,
        ProfileFact,
        Event,
    )
    return {
        kind.__tablename__: session.scalar(select(func.count()).select_from(kind)) or 0
        for kind in kinds
    }


def mechanism(session: Session, key: str) -> Mechanism:
    found = session.scalar(
        select(Mechanism).where(Mechanism.key == key).options(selectinload(Mechanism.facts))
    )
    assert found is not None
    return found


def test_all_files_are_taken_up_and_a_second_run_changes_nothing(session):
    first = reference.load(session, DATA, now=NOW)
    held = counts(session)
    second = reference.load(session, DATA, now=NOW)
    assert held == counts(session)
    assert held == {
        "state": 197,
        "state_classification": 193 + 44 + 32 + 40,
        "theme": 39,
        "affected_persons": 36,
        "review_body": 17,
        "mechanism": 38,
        "profile_fact": held["profile_fact"],
        "event": 9,
    }
    assert (first.added, first.changed, first.removed) == (sum(held.values()), 0, 0)
    assert (second.added, second.changed, second.removed, second.proposals) == (0, 0, 0, [])


def test_blanks_stay_blank(session):
    reference.load(session, DATA, now=NOW)
    ecuador = mechanism(session, "ecu")
    assert (ecuador.name, ecuador.acronym, ecuador.name_status) == ("", "", NameStatus.UNNAMED)
    assert [(fact.field, fact.value) for fact in ecuador.facts] == [
        (Field.TRACKING_TOOL, "SIDERECHOS")
    ]


def test_apostrophes_are_of_one_kind(session):
    reference.load(session, DATA, now=NOW)
    names = session.scalar(select(State.names).where(State.iso3 == "CIV"))
    assert (names["en"], names["fr"], names["ru"]) == (
        "Côte d’Ivoire",
        "Côte d’Ivoire",
        "Кот-д’Ивуар",
    )


def test_a_leaving_that_was_announced_is_kept_as_announced(session):
    reference.load(session, DATA, now=NOW)
    rows = session.execute(
        select(State.iso3, Classification.until, Classification.expected_until)
        .join(State)
        .where(Classification.expected_until.is_not(None))
        .order_by(State.iso3)
    ).all()
    assert rows == [(iso3, None, date(2026, 11, 24)) for iso3 in ("BGD", "LAO", "NPL")]


def test_the_panel_has_a_month_and_takes_interest_only(session):
    reference.load(session, DATA, now=NOW)
    panel = session.scalar(select(Event).where(Event.key == "panel-hrc65"))
    assert (panel.date_precision, panel.starts_on, panel.ends_on, panel.policy) == (
        "month",
        date(2027, 6, 1),
        date(2027, 7, 31),
        Policy.INTEREST,
    )
    report = session.scalar(select(Event).where(Event.key == "report-hrc66"))
    assert (report.kind, report.policy) == ("document", Policy.NONE)


def test_rows_that_nobody_edited_follow_their_file(session, folder):
    reference.load(session, folder, now=NOW)
    change(folder / "mechanisms.csv", ",CNDH,", ",CNDH2,")
    change(folder / "mechanisms.csv", ",2010,", ",,")
    run = reference.load(session, folder, now=NOW)
    portugal = mechanism(session, "prt")
    assert portugal.acronym == "CNDH2"
    assert "cndh2" in portugal.sought
    assert Field.YEAR not in {fact.field for fact in portugal.facts}
    assert (run.added, run.changed, run.removed, run.proposals) == (0, 1, 1, [])


def test_what_a_person_edited_stays_and_the_difference_becomes_a_proposal(session, folder):
    reference.load(session, folder, now=NOW)
    italy = mechanism(session, "ita")
    year = next(fact for fact in italy.facts if fact.field is Field.YEAR)
    mechanisms.correct_fact(
        session, year, value="1979", source_url="https://source.example/", by=EDITOR, now=NOW
    )
    session.flush()
    change(folder / "mechanisms.csv", ",1978,", ",1980,")
    run = reference.load(session, folder, now=NOW)
    again = reference.load(session, folder, now=NOW)
    assert year.value == "1979"
    assert {(p.record, p.record_key, p.field, p.old, p.new) for p in run.proposals} == {
        ("profile_fact", "ita/year/en", "value", "1979", "1980"),
        (
            "profile_fact",
            "ita/year/en",
            "source_url",
            "https://source.example/",
            italy.source_url,
        ),
    }
    assert sorted(map(id, run.proposals)) == sorted(map(id, again.proposals))
    assert session.scalar(select(func.count()).select_from(Proposal)) == 2
    assert reference.told(next(p for p in run.proposals if p.field == "value")) == (
        "profile_fact ita/year/en, value: here “1979”, mechanisms.csv, line 5 says “1980”"
    )


def test_a_proposal_that_was_declined_is_not_made_again(session, folder):
    reference.load(session, folder, now=NOW)
    state = session.scalar(select(State).where(State.iso3 == "TUR"))
    taxonomy.edit_state_names(session, state, names={"en": "Another name"}, by=EDITOR, now=NOW)
    session.flush()
    (proposal,) = reference.load(session, folder, now=NOW).proposals
    assert (proposal.field, proposal.record_key) == ("names", "TUR")
    proposal.decision, proposal.decided_at = "declined", NOW
    session.flush()
    assert reference.load(session, folder, now=NOW).proposals == []
    assert state.names["en"] == "Another name"


def test_a_hidden_fact_stays_hidden_in_every_language(session, folder):
    reference.load(session, folder, now=NOW)
    egypt = mechanism(session, "egy")
    mechanisms.hide_field(
        session, egypt, Field.HOST, reason="asked by the State", by=EDITOR, now=NOW
    )
    session.flush()
    change(folder / "mechanisms.csv", "Minister of Foreign Affairs (chair)", "Somebody else")
    reference.load(session, folder, now=NOW)
    hosts = [fact for fact in egypt.facts if fact.field is Field.HOST]
    assert [(fact.language, fact.is_hidden) for fact in hosts] == [("en", True), ("fr", True)]
    assert hosts[0].value == "Minister of Foreign Affairs (chair)"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "states.csv",
            "AFG,AF,004,member,APG",
            "AFG,AF,4,member,APG",
            "states.csv, line 2, column m49: An M49 code has three digits.",
        ),
        (
            "states.csv",
            "AFG,AF,004,member,APG",
            "ALB,AF,004,member,APG",
            "states.csv, line 4, column iso3: ALB is already on line 2.",
        ),
        (
            "mechanisms.csv",
            "PRT,Portugal",
            "QQQ,Portugal",
            "mechanisms.csv, line 2, column iso3: QQQ is not in states.csv.",
        ),
        (
            "mechanisms.csv",
            "https://sschr.gov.eg/en/about/reference-texts/",
            "sschr",
            "mechanisms.csv, line 20, column source_url: This is not a web address.",
        ),
        (
            "events.csv",
            "2023-06-23,2023-06-23",
            "2023-06-31,2023-06-31",
            (
                "events.csv, line 5, column starts: "
                "A date is written 2027-06-14, or 2027-06 when only its month is known."
            ),
        ),
        (
            "events.csv",
            "2022-12-07,2022-12-08",
            "2022-12-08,2022-12-07",
            "events.csv, line 4: The end lies before the start.",
        ),
        (
            "events.csv",
            "Africa/Casablanca",
            "Africa/Nowhere",
            (
                "events.csv, line 4, column timezone: "
                "This is not a time zone of the IANA list, such as Europe/Zurich."
            ),
        ),
        (
            "themes.csv",
            "key,group,name_en",
            "key,family,name_en",
            "themes.csv, line 1, column group: The column is missing.",
        ),
        (
            "themes.csv",
            "health,",
            "health,,",
            "themes.csv, line 28: The line has more or fewer cells than the header.",
        ),
    ],
)
def test_a_problem_is_told_with_its_place_and_nothing_is_changed(
    session, folder, file, old, new, told
):
    change(folder / file, old, new)
    with pytest.raises(reference.Faulty) as refusal:
        reference.load(session, folder, now=NOW)
    assert told in map(str, refusal.value.problems)
    assert set(counts(session).values()) == {0}


def test_a_file_that_is_no_text_is_said_and_so_is_one_that_is_missing(session, folder):
    (folder / "themes.csv").write_bytes(b"\xff\xfe\x00")
    (folder / "events_fr.csv").unlink()
    with pytest.raises(reference.Faulty) as refusal:
        reference.load(session, folder, now=NOW)
    told = list(map(str, refusal.value.problems))
    assert "themes.csv, line 0: The file is not UTF-8 text." in told
    assert "events_fr.csv, line 0: The file is missing." in told


def test_the_commands_say_what_they_did(live):
    runner = live.app.test_cli_runner()
    first = runner.invoke(args=["data", "load"])
    assert first.exit_code == 0
    assert first.output.endswith("rows added, 0 changed, 0 removed.\n")
    assert runner.invoke(args=["data", "load"]).output == "0 rows added, 0 changed, 0 removed.\n"
    assert runner.invoke(args=["data", "demo"]).exit_code == 0
    with live.session() as session:
        held = counts(session)
    assert runner.invoke(args=["data", "demo"]).exit_code == 0
    with live.session() as session:
        assert counts(session) == held
        assert session.scalars(
            select(State.iso3).where(State.is_invented).order_by(State.iso3)
        ).all() == ["XAA", "XAB", "XAC", "XAD"]
        assert session.scalar(select(Proposal)) is None
