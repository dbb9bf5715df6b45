"""Commands on cases, for whoever looks after an installation. No command gives a State's consent."""

from __future__ import annotations

from uuid import UUID

import click
from flask.cli import AppGroup

from core import clock
from core.context import Actor
from core.db import db
from core.errors import Invalid, MoveRefused, Refused
from network.exchanges import service
from network.exchanges.models import Exchange
from network.exchanges.states import ExchangeState
from network.seats.queries import holder_of

exchanges = AppGroup("exchanges", help="Peer exchanges.")
commands = (exchanges,)


@exchanges.command("show")
@click.argument("exchange_id", type=click.UUID)
def show(exchange_id: UUID) -> None:
    """Say where a case stands."""
    exchange = db.session().get(Exchange, exchange_id)
    if exchange is None:
        raise click.ClickException("There is no such case.")
    due = exchange.due_at.isoformat() if exchange.due_at else "no clock"
    click.echo(f"{exchange.reference} {exchange.state.value}, due: {due}")


@exchanges.command("move")
@click.argument("exchange_id", type=click.UUID)
@click.argument("to", type=click.Choice([state.value for state in ExchangeState]))
@click.option("--seat", type=click.UUID, required=True, help="In which seat; its holder is named.")
@click.option("--reason", default="", help="Why; some moves need it.")
def move(exchange_id: UUID, to: str, seat: UUID, reason: str) -> None:
    """Move a case in somebody's seat, under the same rules and consents as everywhere.

    The act stands on the timeline under that seat's holder, without a factor of theirs.
    """
    now = clock.now()
    holder = holder_of(db.session(), seat, now)
    if holder is None:
        raise click.ClickException("Nobody holds this seat.")
    by = Actor(kind="person", person_id=holder.person_id, seat_id=seat)
    try:
        exchange = service.move(
            db.session(),
            exchange_id=exchange_id,
            to=ExchangeState(to),
            by=by,
            now=now,
            reason=reason,
        )
    except MoveRefused as refusal:
        allowed = f" Allowed: {', '.join(refusal.allowed)}." if refusal.allowed else ""
        raise click.ClickException(f"{refusal.sentence}{allowed}") from refusal
    except Invalid as refusal:
        said = " ".join(f"{name}: {text}" for name, text in refusal.problems.items())
        raise click.ClickException(said) from refusal
    except Refused as refusal:
        raise click.ClickException(refusal.sentence or refusal.code) from refusal
    db.session.commit()
    click.echo(f"{exchange.reference} {exchange.state.value}")
