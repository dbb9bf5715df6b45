"""Reference data of all slices, checked as a whole before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from core.documents.csvfile import Line, Problem, read, repeated
from core.web import pages
from events.programme import schemas as programme
from events.programme import service as programme_service
from network.mechanisms import schemas as mechanisms
from network.mechanisms import service as mechanisms_service
from network.taxonomy import schemas as taxonomy
from network.taxonomy import service as taxonomy_service
from network.taxonomy.models import Flag, Group, Proposal
from network.taxonomy.service import Loading

Row = TypeVar("Row", bound=BaseModel)


class Faulty(ValueError):
    """Files with problems; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)


@dataclass
class Files:
    """The checked lines of every file of a folder, and every problem found in them."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.states = self._keyed("states.csv", taxonomy.StateRow, "iso3")
        self.classifications = self._read("classifications.csv", taxonomy.ClassificationRow)
        self.themes = self._keyed("themes.csv", taxonomy.ThemeRow, "key")
        self.themes_fr = self._keyed("themes_fr.csv", taxonomy.FrenchRow, "key")
        self.persons = self._keyed("affected_persons.csv", taxonomy.AffectedPersonsRow, "key")
        self.persons_fr = self._keyed("affected_persons_fr.csv", taxonomy.FrenchRow, "key")
        self.bodies = self._keyed("review_bodies.csv", taxonomy.ReviewBodyRow, "key")
        self.bodies_fr = self._keyed("review_bodies_fr.csv", taxonomy.FrenchRow, "key")
        self.mechanisms = self._read("mechanisms.csv", mechanisms.MechanismRow)
        self.spoken = self._keyed("mechanisms_languages.csv", mechanisms.LanguagesRow, "iso3")
        self.mechanisms_fr = self._keyed("mechanisms_fr.csv", mechanisms.FrenchFactsRow, "iso3")
        self.events = self._keyed("events.csv", programme.EventRow, "key")
        self.events_fr = self._keyed("events_fr.csv", programme.FrenchEventRow, "key")
        self._check_links()

    def _read(self, name: str, kind: type[Row]) -> list[Line[Row]]:
        lines, problems = read(self.folder / name, kind)
        self.problems += problems
        return lines

    def _keyed(self, name: str, kind: type[Row], key: str) -> list[Line[Row]]:
        lines = self._read(name, kind)
        self.problems += repeated(name, lines, key)
        return lines

    def _check_links(self) -> None:
        """Whatever speaks of a line of another file finds it there."""
        states = {line.row.iso3 for line in self.states}
        flagged = {(line.row.iso3, word) for line in self.states for word in line.row.classified}
        known = {("group", word) for word in Group} | {("flag", word) for word in Flag}
        self._linked("mechanisms.csv", self.mechanisms, "iso3", states, "states.csv")
        self._linked("classifications.csv", self.classifications, "iso3", states, "states.csv")
        for dated in self.classifications:
            pair = (dated.row.kind, dated.row.word)
            if pair not in known or (dated.row.iso3, pair) not in flagged:
                sentence = f"states.csv does not have {dated.row.iso3} in {dated.row.word}."
                self._say("classifications.csv", dated.number, "word", sentence)
        ours: tuple[tuple[str, Any, str, Any, str], ...] = (
            ("themes_fr.csv", self.themes_fr, "key", self.themes, "themes.csv"),
            (
                "affected_persons_fr.csv",
                self.persons_fr,
                "key",
                self.persons,
                "affected_persons.csv",
            ),
            ("review_bodies_fr.csv", self.bodies_fr, "key", self.bodies, "review_bodies.csv"),
            ("events_fr.csv", self.events_fr, "key", self.events, "events.csv"),
            ("mechanisms_fr.csv", self.mechanisms_fr, "iso3", self.mechanisms, "mechanisms.csv"),
            ("mechanisms_languages.csv", self.spoken, "iso3", self.mechanisms, "mechanisms.csv"),
        )
        for name, lines, key, others, other_name in ours:
            keys = {getattr(line.row, key) for line in others}
            self._linked(name, lines, key, keys, other_name)

    def _linked(
        self, name: str, lines: Iterable[Line[Any]], column: str, known: set[str], other: str
    ) -> None:
        for line in lines:
            value = getattr(line.row, column)
            if value not in known:
                self._say(name, line.number, column, f"{value} is not in {other}.")

    def _say(self, name: str, line: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(name, line, column, sentence))


def load(session: Session, folder: Path, *, now: datetime) -> Loading:
    """Bring every row to its file, except where a person edited it. Raises `Faulty`, changing nothing."""
    files = Files(folder)
    if files.problems:
        raise Faulty(sorted(files.problems, key=lambda found: (found.file, found.line)))
    run = Loading(session=session, now=now)
    taxonomy_service.load_states(run, files.states, files.classifications)
    taxonomy_service.load_themes(run, files.themes, _names(files.themes_fr))
    taxonomy_service.load_affected_persons(run, files.persons, _names(files.persons_fr))
    taxonomy_service.load_review_bodies(run, files.bodies, _names(files.bodies_fr))
    session.flush()
    mechanisms_service.load_mechanisms(
        run,
        files.mechanisms,
        _by(files.spoken, lambda row: row.iso3),
        _by(files.mechanisms_fr, lambda row: row.iso3),
    )
    programme_service.load_events(run, files.events, _by(files.events_fr, lambda row: row.key))
    session.flush()
    if run.touched:
        pages.drop(session)
    return run


def _names(lines: Iterable[Line[taxonomy.FrenchRow]]) -> dict[str, str]:
    return {line.row.key: line.row.name_fr for line in lines}


def _by(lines: Iterable[Line[Row]], key: Callable[[Row], str]) -> dict[str, Row]:
    return {key(line.row): line.row for line in lines}


def told(proposal: Proposal) -> str:
    """A proposal as one line."""
    where = f"{proposal.record} {proposal.record_key}, {proposal.field}"
    return f"{where}: here {_short(proposal.old)}, {proposal.source} says {_short(proposal.new)}"


def _short(text: str) -> str:
    longest = 120
    return f"“{text if len(text) <= longest else text[: longest - 1] + '…'}”"
