"""Every workflow of the house, drawn into docs/workflows/ from the table that the code obeys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from core.workflow import Workflow
from events.registrations.states import REGISTRATION
from network.applications.states import APPLICATION
from network.exchanges.states import EXCHANGE
from network.notifications.states import DELIVERY
from network.offers.states import OFFER
from network.practices.states import PRACTICE
from network.profiles.states import PART

WORKFLOWS: tuple[Workflow[Any], ...] = (
    REGISTRATION,
    APPLICATION,
    EXCHANGE,
    DELIVERY,
    PART,
    OFFER,
    PRACTICE,
)

workflow_commands = AppGroup("workflows", help="The tables that say what may follow what.")


def drawn() -> dict[str, str]:
    """The text of each diagram by its file name."""
    return {f"{table.name.lower()}.md": table.diagram() for table in WORKFLOWS}


@workflow_commands.command("draw")
@click.option("--into", type=click.Path(path_type=Path), help="A folder; docs/workflows if none.")
def draw(into: Path | None) -> None:
    """Write every diagram."""
    folder = into or Path(current_app.root_path) / "docs" / "workflows"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in drawn().items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(name)
