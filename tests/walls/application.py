"""The application on a real database: undone after the test, or the test's own."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask, current_app, has_app_context
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import create_app
from config import Settings
from core import clock as core_clock
from core import seal
from core.db import db
from tests.walls.mailbox import Mailbox
from tests.walls.pages import StrictClient
from tests.walls.servers import Servers, shared, told

TEMPLATE = "relais_template"


@dataclass(frozen=True)
class Keys:
    """Secrets of one test run."""

    secret: str
    index: str
    vault: str
    vault_public: str
    mail: str
    mail_public: str


@dataclass
class Clock:
    """The clock of every process that shares this test's home."""

    file: Path

    def now(self) -> datetime:
        """The present moment as the application sees it."""
        return core_clock.now()

    def forward(self, **by: float) -> datetime:
        """Move time: `forward(days=14, hours=1)`."""
        return core_clock.forward(timedelta(**by))


@dataclass
class Live:
    """A database of one test's own, with an application on it."""

    url: str
    make: Callable[..., Flask]

    @cached_property
    def app(self) -> Flask:
        """The application on this database."""
        return self.make(database_url=self.url)

    def client(self) -> FlaskClient:
        """A browser without JavaScript; several may work side by side."""
        return self.app.test_client()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session beside the application's; commits at the end."""
        engine = create_engine(self.url, hide_parameters=True)
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            engine.dispose()


@pytest.fixture(autouse=True)
def no_application_left_behind() -> Iterator[None]:
    """A context that a test leaves open would be found by the next, with its application in it."""
    yield
    assert not has_app_context(), "this test has left an application context open"


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Servers:
    """PostgreSQL and the broker of this run, with the migrated template."""
    words = getattr(request.config, "workerinput", {}).get("relais_servers")
    found = told(words) if words else shared()
    with (found.folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = found.folder / "template.done"
        if not done.exists():
            _make_template(found)
            done.touch()
    return found


def _make_template(found: Servers) -> None:
    found.drop(TEMPLATE)
    found.clone(TEMPLATE, "template1")
    home = Path(tempfile.mkdtemp(dir=found.folder))
    app = create_app(
        _settings(home, _keys(), database_url=found.url(TEMPLATE), relais_role="command")
    )
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


def _keys() -> Keys:
    vault, vault_public = seal.new_pair()
    mail, mail_public = seal.new_pair()
    return Keys(
        secrets.token_hex(32), secrets.token_hex(32), vault, vault_public, mail, mail_public
    )


def _settings(home: Path, keys: Keys, **changes: Any) -> Settings:
    known: dict[str, Any] = {
        "relais_env": "test",
        "relais_home": home,
        "broker_url": "redis://127.0.0.1:1/0",
        "secret_key": keys.secret,
        "index_key": keys.index,
        "vault_public_key": keys.vault_public,
        "mail_public_key": keys.mail_public,
        "public_url": "http://localhost",
        "rate_limits": "off",
    }
    return Settings(**(known | changes))


@pytest.fixture(scope="session")
def keys() -> Keys:
    """The secrets of this run, private keys included."""
    return _keys()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """RELAIS_HOME of this xdist worker."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("files", "log", "mail", "run"):
        (folder / name).mkdir()
    return folder


@pytest.fixture(scope="session")
def broker_number(worker_id: str) -> int:
    """Which of the broker's queue spaces belongs to this xdist worker."""
    return int(worker_id.removeprefix("gw")) + 1 if worker_id != "master" else 0


@pytest.fixture(scope="session")
def broker_url(servers: Servers, broker_number: int) -> str:
    """The broker, as Celery writes its address."""
    return servers.broker_url(broker_number)


@pytest.fixture(scope="session")
def make_app(
    servers: Servers,
    home: Path,
    keys: Keys,
    broker_url: str,
    mail_server: Mailbox,
    worker_database: str,
) -> Iterator[Callable[..., Flask]]:
    """Make an application; settings by name, as in `config.Settings`."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        basis = {
            "database_url": worker_database,
            "broker_url": broker_url,
            "smtp_url": mail_server.url,
        }
        app = create_app(_settings(home, keys, **(basis | changes)))
        app.test_client_class = StrictClient
        app.testing = True
        app.config["WTF_CSRF_ENABLED"] = False
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["ear"].close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def worker_database(servers: Servers, worker_id: str) -> str:
    """The database that the tests of this xdist worker share, each undoing its work."""
    servers.drop(worker_id)
    servers.clone(worker_id, TEMPLATE)
    return servers.url(worker_id)


@pytest.fixture(scope="session")
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application of most tests."""
    return make_app()


@pytest.fixture(autouse=True)
def settings_as_before(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test changes in the application that all share is changed back."""
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    before = dict(app.config), app.testing
    yield
    app.config.clear()
    app.config.update(before[0])
    app.testing = before[1]


@pytest.fixture
def session(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session whose work is undone, also when the code under test commits."""
    with app.app_context():
        engine = db.engine
    connection = engine.connect()
    outer = connection.begin()
    untouched = dict(db.session.session_factory.kw)
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    elsewhere = FlaskSession.get_bind

    # Flask-SQLAlchemy's session asks the application's engines and overlooks `bind`.
    def get_bind(asking: FlaskSession, *args: Any, **kwargs: Any) -> Any:
        here = current_app._get_current_object() is app  # type: ignore[attr-defined] -- Flask's own way
        return connection if here else elsewhere(asking, *args, **kwargs)

    monkeypatch.setattr(FlaskSession, "get_bind", get_bind)
    own = Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
    try:
        yield own
    finally:
        own.close()
        db.session.session_factory.kw.clear()
        db.session.session_factory.kw.update(untouched)
        outer.rollback()
        connection.close()


@pytest.fixture
def client(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser without JavaScript that sees what `session` flushed.

    Nothing is kept for it: work that is undone sends no word of its changes.
    """
    monkeypatch.setattr(app.extensions["shelf"], "get", lambda _key: None)
    return app.test_client()


@pytest.fixture
def live(servers: Servers, make_app: Callable[..., Flask], worker_id: str) -> Iterator[Live]:
    """A database of this test's own, where a commit is a commit."""
    name = f"{worker_id}_{os.urandom(4).hex()}"
    servers.clone(name, TEMPLATE)
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        made.append(make_app(**changes))
        return made[-1]

    yield Live(servers.url(name), make)
    for app in made:
        app.extensions["ear"].close()
        with app.app_context():
            db.engine.dispose()
    servers.drop(name)


@pytest.fixture
def clock(app: Flask, home: Path) -> Iterator[Clock]:
    """A clock that starts at the real time and can be moved."""
    file = home / "clock"
    core_clock.shift_from(file)
    file.unlink(missing_ok=True)
    yield Clock(file)
    file.unlink(missing_ok=True)
