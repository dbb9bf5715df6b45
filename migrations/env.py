"""Alembic's view of our tables: one dialect, one head, every model of every slice."""

from __future__ import annotations

import importlib
from pathlib import Path

from alembic import context
from flask import current_app

from core.model import Model

config = context.config

# A slice that no page uses yet is not imported by the application; its tables must not look dropped.
for path in sorted(Path(current_app.root_path).glob("[!.]*/*/models*.py")):
    importlib.import_module(f"{path.parts[-3]}.{path.parts[-2]}.models")


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
