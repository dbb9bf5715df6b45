"""Commands that keep the machinery going."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from core import audit_chain
from core.db import db
from core.house import house
from workers import broker, celery_app, dispatcher

outbox_commands = AppGroup("outbox", help="Facts and their effects.")
audit_commands = AppGroup("audit", help="The audit trail.")


@outbox_commands.command("dispatch")
def dispatch() -> None:
    """Take facts to their handlers until told to stop."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- Flask's own way to the application
    celery_app.make(application)
    running = dispatcher.Dispatcher(application, broker.publish)
    running.stop_on_signals()
    running.run()


@audit_commands.command("verify")
def verify() -> None:
    """Walk the whole chain; say the first broken entry, if any, and the unsealed tail."""
    found = audit_chain.verify(db.session(), heads=audit_chain.heads_file(house().home))
    for line in found.lines():
        click.echo(line)
    if not found.whole:
        raise SystemExit(1)


@audit_commands.command("seal")
def seal() -> None:
    """Link what was committed since the last time, without waiting for the worker."""
    linked = audit_chain.seal(db.session(), heads=audit_chain.heads_file(house().home))
    db.session.commit()
    click.echo(f"{linked} entries sealed.")
