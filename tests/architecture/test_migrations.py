"""The migrations make the tables that the code speaks of."""

from __future__ import annotations

import flask_migrate
from alembic.script import ScriptDirectory


def test_the_migrated_database_is_what_the_models_say(app):
    with app.app_context():
        flask_migrate.check()


def test_there_is_one_newest_migration(app):
    assert len(ScriptDirectory(f"{app.root_path}/migrations").get_heads()) == 1
