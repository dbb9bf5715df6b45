"""Alembic's view of our tables: one dialect, one head, every model imported by the application."""

from __future__ import annotations

from alembic import context
from flask import current_app

from core.model import Model

config = context.config


def run() -> None:
    """Migrate with the application's own engine."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
