"""Reading CSV files line by line with a sentence for every problem, and writing safe ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from flask import Response
from pydantic import BaseModel, ValidationError

Row = TypeVar("Row", bound=BaseModel)

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: file name, line (the header is line 1), column, one sentence."""

    file: str
    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        where = f", column {self.column}" if self.column else ""
        return f"{self.file}, line {self.line}{where}: {self.sentence}"


@dataclass(frozen=True)
class Line(Generic[Row]):
    """One checked row and the line it stands on."""

    number: int
    row: Row


def read(path: Path, kind: type[Row]) -> tuple[list[Line[Row]], list[Problem]]:
    """All rows of `path` as `kind`, and all problems. Cells are trimmed; nothing is guessed."""
    name = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return [], [Problem(name, 0, "", "The file is missing.")]
    except UnicodeDecodeError:
        return [], [Problem(name, 0, "", "The file is not UTF-8 text.")]
    reader = csv.DictReader(io.StringIO(text), strict=True)
    wrong = _header(name, reader.fieldnames or [], kind)
    if wrong:
        return [], wrong
    lines: list[Line[Row]] = []
    problems: list[Problem] = []
    try:
        for cells in reader:
            checked = _row(name, reader.line_num, cells, kind)
            if isinstance(checked, list):
                problems += checked
            else:
                lines.append(Line(reader.line_num, checked))
    except csv.Error:
        problems.append(Problem(name, reader.line_num, "", "The line cannot be read as CSV."))
    return lines, problems


def _header(name: str, found: Sequence[str], kind: type[BaseModel]) -> list[Problem]:
    wanted = [field.alias or key for key, field in kind.model_fields.items()]
    missing = [
        Problem(name, 1, column, "The column is missing.")
        for column in wanted
        if column not in found
    ]
    unknown = [
        Problem(name, 1, column, "The column is not known.")
        for column in found
        if column not in wanted
    ]
    return missing + unknown


def _row(
    name: str, line: int, cells: Mapping[str | None, object], kind: type[Row]
) -> Row | list[Problem]:
    if None in cells or any(value is None for value in cells.values()):
        return [Problem(name, line, "", "The line has more or fewer cells than the header.")]
    trimmed = {str(key): str(value).strip() for key, value in cells.items()}
    try:
        return kind.model_validate(trimmed)
    except ValidationError as error:
        return [
            Problem(
                name,
                line,
                ".".join(map(str, found["loc"])),
                found["msg"].removeprefix("Value error, "),
            )
            for found in error.errors(include_url=False, include_input=False)
        ]


def repeated(name: str, lines: Iterable[Line[Row]], column: str) -> list[Problem]:
    """A problem for each line whose `column` was already used further up."""
    seen: dict[str, int] = {}
    problems = []
    for line in lines:
        value = str(getattr(line.row, column))
        if value in seen:
            problems.append(
                Problem(
                    name,
                    line.number,
                    column,
                    f"{value} is already on line {seen[value]}.",
                )
            )
        seen.setdefault(value, line.number)
    return problems


def safe_cell(value: object) -> str:
    """Text that a spreadsheet shows and never runs: a leading =, +, - or @ gets an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV file in UTF-8 with a byte order mark, so that spreadsheets read every script."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def download(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Response:
    """A CSV file to save."""
    answer = Response(write(columns, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
