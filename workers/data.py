"""Commands that fill a home: reference data everywhere, invented data in demo and tests only."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from core import clock
from core.db import db
from core.house import house
from network.accounts.seed import seed_demo
from network.offers.seed import seed_offer
from workers import demo as invented
from workers import reference
from workers.demo_exchanges import seed_exchanges

data_commands = AppGroup("data", help="Reference data and demonstration data.")


@data_commands.command("load")
@click.option("--from", "folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def load(folder: Path | None) -> None:
    """Bring States, vocabularies, mechanisms and events to their files; edited rows get proposals."""
    session = db.session()
    try:
        run = reference.load(
            session, folder or Path(current_app.root_path) / "data", now=clock.now()
        )
    except reference.Faulty as faulty:
        for problem in faulty.problems:
            click.echo(problem, err=True)
        click.echo(f"Nothing was changed: {len(faulty.problems)} problems.", err=True)
        raise SystemExit(1) from None
    session.commit()
    click.echo(f"{run.added} rows added, {run.changed} changed, {run.removed} removed.")
    for proposal in run.proposals:
        click.echo(reference.told(proposal))
    if run.proposals:
        click.echo(f"{len(run.proposals)} differences wait for a decision.")


@data_commands.command("demo")
def demo() -> None:
    """Add invented States, meetings, people and exchanges. Refused in production."""
    if house().is_production:
        click.echo("Demonstration data is not for production: nothing was added.", err=True)
        raise SystemExit(1)
    session = db.session()
    invented.fill(session, now=clock.now())
    seed_demo(session, clock.now(), house().home)
    seed_offer(session, now=clock.now())
    seed_exchanges(session, now=clock.now())
    session.commit()
    click.echo("The demonstration data is there.")
