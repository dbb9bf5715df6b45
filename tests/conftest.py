"""The real parts, for every test. What there is to ask for:

- `app`: the application (RELAIS_ENV=test) on this xdist worker's own database; `make_app(**settings)`
  makes another, e.g. `make_app(relais_role="protection", vault_key=keys.vault)`.
- `session`: a session on that database whose work, commits included, is undone after the test.
- `client`: a browser without JavaScript on `app`; shares what `session` did. Every HTML answer is
  parsed strictly and checked (tests/walls/pages.py). `app.test_client()` is the same kind.
- `live`: a database of the test's own, freshly cloned, where commits are commits: `live.url`,
  `live.app`, `live.client()`, `live.session()` (a context manager; commits at its end). For
  races, mailed codes (they commit by themselves), workers and whole journeys.
- `clock`: `clock.now()`, `clock.forward(days=14)` for every process of this test's home.
- `mailbox`: a real SMTP server: `mailbox.messages`, `mailbox.wait(to=…, count=1)`, `mailbox.clear()`.
- `broker_url`, `keys` (vault, vault_public, mail, mail_public, …), `home`: this worker's own.
- `worker`: `worker("codes", "mail")` starts a real Celery worker on `live`.
- `site`: the whole platform (web, workers, dispatcher, desk) on `live`: `site.url`, `site.desk_url`.
- `own_site`: the same with a database and a broker of its own, so that these can be killed.
- `browser`, `context`, `page`: Chromium where there is one (marker `browser`).

Sockets are shut, except loopback and Unix sockets. One PostgreSQL and one broker serve all xdist
workers; each worker's database is a clone of one template that was migrated once.
"""

from __future__ import annotations

import os

import pytest

os.environ["RELAIS_ENV"] = "test"  # before the application is imported: production is the default

from tests.walls import servers

pytest_plugins = [
    "tests.walls.mailbox",
    "tests.walls.pages",
    "tests.walls.application",
    "tests.walls.processes",
    "tests.walls.chromium",
]


def pytest_configure_node(node: object) -> None:
    """Start the servers once, before the first xdist worker, and tell each where they are."""
    node.workerinput["relais_servers"] = servers.shared().as_words()  # type: ignore[attr-defined] -- xdist's node


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    servers.stop()
