"""Commands about consents. They read; none gives or withdraws, since no command proves a person."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from core import clock
from core.db import db
from network.consents import listing
from network.taxonomy.queries import state as state_called

consents = AppGroup("consents", help="Consents of States, to read.")


@consents.command("list")
@click.option("--state", "iso3", required=True, help="The three letters of the State.")
@click.option("--most", default=listing.PAGE, show_default=True, type=click.IntRange(1, 1000))
def list_consents(iso3: str, most: int) -> None:
    """Print a State's consents, the newest first: id, day, kind, subject, where it stands."""
    state = state_called(db.session(), iso3)
    if state is None:
        raise click.ClickException(f"There is no State {iso3}.")
    for row in listing.listed(db.session(), state_id=state.id, now=clock.now(), most=most):
        one = row.consent
        click.echo(
            f"{one.id}  {one.given_at:%Y-%m-%d}  {one.kind.value}  {one.subject_id}  {row.status.value}"
        )
