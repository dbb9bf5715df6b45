"""What is written for people is true of the code: names, files, commands, settings, links."""

from __future__ import annotations

import ast
import hashlib
import re
from functools import cache
from pathlib import Path

import click
import pytest
from flask.cli import FlaskGroup, ScriptInfo
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import RequestRedirect

from bench.__main__ import NAMES as BENCHES
from config import Settings
from core.model import Model
from workers.diagrams import drawn
from workers.queues import LISTENS

ROOT = Path(__file__).parents[2]
FLOORS = ("core", "network", "events", "workers")
PAPERS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
NAMED = [path.relative_to(ROOT).as_posix() for path in PAPERS]
OFFICIAL_LICENCE = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
LARGEST_PICTURE = 150_000
FORM = ["Context", "Decision", "Consequences", "Alternatives", "Held by"]
SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FLASK = re.compile(r"(?<![\w-])flask(?: --app app:create_app)? ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
MADE_UP = {"…", "<message>", "<slice>", "<floor>", "<code>", "NAME"}


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(name: str) -> list[str]:
    """All that stands as code: words between backticks, and the lines of blocks."""
    blocks = [block for _language, block in FENCE.findall(text(name))]
    spans = SPAN.findall(FENCE.sub("", text(name)))
    return spans + [line.strip() for block in blocks for line in block.splitlines()]


def rows(name: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading."""
    below = text(name).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@cache
def defined() -> set[str]:
    """Every name that a module of ours defines at its top."""
    names: set[str] = set()
    for path in (file for floor in FLOORS for file in ROOT.glob(f"{floor}/**/*.py")):
        names.add(path.stem)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [node]
            found = (getattr(one, "id", getattr(one, "name", None)) for one in targets)
            names |= {name for name in found if name}
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return names


def is_module(dotted: str) -> bool:
    path = ROOT / dotted.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").exists()


def test_every_setting_is_explained_to_operators() -> None:
    explained = {SPAN.findall(row[0])[0] for row in rows("docs/operations.md", "3. Settings")}
    assert explained == {name.upper() for name in Settings.model_fields}


def test_every_word_of_the_glossary_that_names_code_exists() -> None:
    last = [line.strip("|").split("|") for line in text("docs/glossary.md").splitlines()]
    names = [name for cells in last if len(cells) == 4 for name in SPAN.findall(cells[3])]
    assert [name for name in names if name not in defined() and not is_module(name)] == []
    assert len(names) > 50


@pytest.mark.parametrize("heading", ["The house", "Where to change what"])
def test_every_place_that_the_readme_names_exists(heading: str) -> None:
    cells = [cell for row in rows("README.md", heading) for cell in row]
    places = [one for cell in cells for one in SPAN.findall(cell) if "/" in one or "." in one]
    assert [one for one in places if not (ROOT / one).exists() and one not in MADE_UP] == []


def test_every_slice_is_in_the_readme() -> None:
    said = " ".join(cell for row in rows("README.md", "The house") for cell in row)
    slices = [
        path.parent.name for f in ("network", "events") for path in ROOT.glob(f"{f}/*/__init__.py")
    ]
    assert [name for name in slices if f"`{name}`" not in said] == []


def test_every_package_is_explained() -> None:
    explained = [SPAN.findall(row[0])[0] for row in rows("docs/architecture.md", "2. Every folder")]
    packages = {
        path.parent.relative_to(ROOT).as_posix()
        for floor in (*FLOORS, "bench")
        for path in ROOT.glob(f"{floor}/**/__init__.py")
    }
    floors_of_slices = {"network", "events"}
    assert packages - floors_of_slices - set(explained) == set()
    assert [name for name in explained if not (ROOT / name).is_dir()] == []


def test_every_workflow_is_named_where_it_matters() -> None:
    links = LINK.findall(text("docs/architecture.md"))
    assert [name for name in drawn() if f"workflows/{name}" not in links] == []


@pytest.mark.parametrize("name", NAMED)
def test_links_lead_somewhere(name: str) -> None:
    here = (ROOT / name).parent
    inside = [link for link in LINK.findall(text(name)) if "://" not in link]
    assert [link for link in inside if not (here / link.split("#")[0]).exists()] == []


@pytest.mark.parametrize("name", NAMED)
def test_files_and_tests_that_are_named_exist(name: str) -> None:
    missing = []
    for span in SPAN.findall(FENCE.sub("", text(name))):
        path, _, test = span.partition("::")
        if not re.fullmatch(r"(?:\w+/)+[\w.-]+\.\w+", path) or any(x in path for x in MADE_UP):
            continue
        is_there = (ROOT / path).exists() and (not test or f"def {test}(" in text(path))
        if not is_there and "audit/" not in path:  # `audit/` lies in an installation's home
            missing.append(span)
    assert missing == []


@pytest.mark.parametrize("name", NAMED)
def test_flask_commands_that_are_quoted_exist(name: str, app) -> None:
    group = FlaskGroup(create_app=lambda: app)
    unknown = []
    with click.Context(group, obj=ScriptInfo(create_app=lambda: app)) as context:
        for first, second in (pair for line in code(name) for pair in FLASK.findall(line)):
            command = group.get_command(context, first)
            if command is None or (
                isinstance(command, click.Group) and second and second not in command.commands
            ):
                unknown.append(f"{first} {second}")
    assert unknown == []


@pytest.mark.parametrize("name", NAMED)
def test_other_commands_that_are_quoted_exist(name: str) -> None:
    lines = "\n".join(code(name))
    own = set(re.findall(r"(?<![\w.])\./(run|test)\b ?([a-z]*)", lines))
    known = {"run": {"", "flask", "bench", "help"}, "test": {"", "quick", "faults"}}
    assert [(one, word) for one, word in own if word not in known[one]] == []
    assert set(re.findall(r"\./run bench ([a-z]+)", lines)) <= set(BENCHES)
    programs = set(re.findall(r"\.venv/bin/([\w-]+)", lines))
    assert [one for one in programs if not (ROOT / ".venv/bin" / one).exists()] == []


@pytest.mark.parametrize("name", NAMED)
def test_addresses_that_are_quoted_are_served(name: str, app) -> None:
    whole = re.findall(r"http://localhost:8000(/[^\s'\"`>)?]*)", text(name))
    spans = [
        span.split("?")[0]
        for span in SPAN.findall(text(name))
        if re.fullmatch(r"/\w[\w./-]*", span)
    ]
    served = app.url_map.bind("localhost")
    missing = []
    for path in {*whole, *spans} - {"/api/v1"}:
        try:
            served.match(path, method="GET")
        except (RequestRedirect, MethodNotAllowed):
            continue
        except Exception:  # noqa: BLE001 -- whatever it is, nobody is served there
            missing.append(path)
    assert missing == []


def test_operators_are_told_the_queues_of_each_worker() -> None:
    told = {row[2].strip("`"): row[1] for row in rows("docs/operations.md", "4. Processes")[2:4]}
    said = {
        role: set(re.findall(r"-Q ([\w,]+)", line)[0].split(",")) for role, line in told.items()
    }
    assert said == {role: {queue.value for queue in queues} for role, queues in LISTENS.items()}


def test_tables_and_measurements_that_operators_are_told_of_exist() -> None:
    paper = text("docs/operations.md")
    sql = "\n".join(block for language, block in FENCE.findall(paper) if language == "sql")
    tables = set(re.findall(r"(?:ON|FROM|INTO|UPDATE) ([a-z_]{4,})\b", sql)) - {"relais_app"}
    assert tables - set(Model.metadata.tables) - {"alembic_version"} == set()
    code_of_ours = "".join(p.read_text() for f in FLOORS for p in ROOT.glob(f"{f}/**/*.py"))
    measured = set(re.findall(r"`(relais_[a-z_]+)", paper)) - {"relais_app", "relais_owner"}
    assert [name for name in measured if f'"{name}"' not in code_of_ours] == []


def test_decisions_have_one_form_and_stand_in_their_list() -> None:
    listed = set(LINK.findall(text("docs/adr/README.md")))
    files = sorted(path.name for path in ROOT.glob("docs/adr/0*.md"))
    assert listed == set(files)
    forms = {
        name: re.findall(r"^## (.+)$", text(f"docs/adr/{name}"), re.MULTILINE) for name in files
    }
    assert {name: form for name, form in forms.items() if form != FORM} == {}
    numbers = [int(name[:4]) for name in files]
    assert numbers == list(range(1, len(files) + 1))


def test_every_dependency_has_its_reason() -> None:
    paper = text("docs/adr/0012-dependencies.md")
    first = [line.strip("|").split("|")[0] for line in paper.splitlines() if line.startswith("| `")]
    reasoned = {re.split(r"[\[<>=]", one)[0] for cell in first for one in SPAN.findall(cell)}
    asked = {
        re.split(r"[\[<>=]", line)[0]
        for path in ROOT.glob("requirements/*.in")
        for line in path.read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    }
    assert reasoned == asked


def test_the_licence_is_the_official_text() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == OFFICIAL_LICENCE
    assert "AGPL-3.0-or-later" in text("README.md")
    assert text("pyproject.toml").startswith("# SPDX-License-Identifier: AGPL-3.0-or-later\n")


def test_pictures_are_small_and_shown() -> None:
    pictures = sorted(ROOT.glob("docs/pictures/*"))
    assert [path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE] == []
    assert [p.name for p in pictures if f"pictures/{p.name}" not in "".join(map(text, NAMED))] == []
