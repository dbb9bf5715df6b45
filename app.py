"""Assembles the house: every floor is put together here, and nothing imports this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from core import clock, health, languages, logs, metrics
from core.db import Relais, db, engine_options, hold_reads_read_only
from core.house import House
from core.web import about, access, assets, filters, limits, pages, security
from core.web import api as web_api
from core.web import errors as web_errors
from events.programme import api as programme_api
from events.programme import views as programme
from events.protection import views as protection
from events.registrations import api_holders as registrations_api
from events.registrations import views as registrations
from events.registrations.views import page as registration_page
from network.accounts import cli as people
from network.accounts import views as accounts
from network.applications import views as applications
from network.consents import api as consents_api
from network.consents import cli as consents_cli
from network.consents import views as consents
from network.directory import api as mechanisms_api
from network.directory import views as members
from network.exchanges import api_steps as exchanges_api
from network.exchanges import cli as exchanges_cli
from network.exchanges import views as exchanges
from network.mechanisms import views as mechanisms
from network.notifications import api as deliveries_api
from network.notifications import subscriptions_views as mails
from network.offers import api as offers_api
from network.offers import views as offers
from network.practices import views as practices
from network.profiles import views as profiles
from workers import cli as workers
from workers import data, diagrams

ROOT = Path(__file__).parent
SPARE_CONNECTIONS = 2
LARGEST_REQUEST = 12 * 1024 * 1024


def create_app(settings: config.Settings | None = None, **overrides: Any) -> Flask:
    """The application for one process. Without arguments the environment decides."""
    known = settings or config.Settings(**overrides)
    app = Relais(
        "relais",
        root_path=str(ROOT),
        json_errors=False,
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]  # None: core.web.assets serves them
    )
    configure(app, known)
    db.init_app(app)
    Migrate(app, db, directory=f"{app.root_path}/migrations")
    app.extensions["shelf"] = pages.install(app)  # first, so that it sees what all others add
    logs.install(app, level=known.log_level)
    languages.install(app, with_pseudo=not known.is_production)
    security.install(app, https=known.public_url.startswith("https://"))
    web_errors.install(app)
    web_api.install(app)
    filters.install(app)
    limits.install(app, known.rate_limit_storage)
    register(app, known)
    access.install(app)
    stand_in_front(app, known)
    return app


def configure(app: Flask, known: config.Settings) -> None:
    """Hand checked settings to Flask and to the floors below."""
    clock.shift_from(known.clock_file)
    pool = known.web_threads + SPARE_CONNECTIONS
    app.config.update(
        SECRET_KEY=known.secret_key,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(pool=pool),
        SQLALCHEMY_DATABASE_URI=known.database_url,
        SESSION_COOKIE_SECURE=known.public_url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="relais_desk" if known.relais_role == "protection" else "relais",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        OPENAPI_VERSION="3.1.0",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,  # every sentence is ours, and theirs would be read anew for each form
        BROKER_URL=known.broker_url,
    )
    app.extensions["relais"] = House(
        environment=known.relais_env,
        role=known.relais_role,
        home=known.relais_home.absolute(),
        public_url=known.public_url.rstrip("/"),
        protection_url=known.protection_url.rstrip("/"),
        smtp_url=known.smtp_url,
        mail_from=known.mail_from,
        secret_key=known.secret_key,
        index_key=known.index_key,
        vault_public_key=known.vault_public_key,
        vault_key=known.vault_key,
        mail_public_key=known.mail_public_key,
        mail_key=known.mail_key,
        limits_on=known.rate_limits == "on",
    )
    if not known.is_production:
        hold_reads_read_only()


def register(app: Flask, known: config.Settings) -> None:
    """Pages, API, commands and handlers of every slice, by the role of this process."""
    access.access(access.anyone)(app.view_functions["openapi.spec"])
    app.register_blueprint(health.pages)
    app.register_blueprint(metrics.pages)
    app.cli.add_command(workers.outbox_commands)
    app.cli.add_command(workers.audit_commands)
    app.cli.add_command(diagrams.workflow_commands)
    app.cli.add_command(data.data_commands)
    app.cli.add_command(consents_cli.consents)
    app.register_blueprint(accounts.pages)
    for commands in (*people.commands, *exchanges_cli.commands):
        app.cli.add_command(commands)
    if known.relais_role == "protection":
        app.register_blueprint(protection.pages)
        app.jinja_env.filters.update(registration_page.FILTERS)
    else:
        app.register_blueprint(about.pages)
        app.register_blueprint(accounts.seat_pages)
        app.register_blueprint(consents.pages)
        app.register_blueprint(exchanges.pages)
        app.register_blueprint(mails.pages)
        app.register_blueprint(programme.pages)
        app.register_blueprint(mechanisms.pages)
        app.register_blueprint(members.pages)
        app.register_blueprint(applications.pages)
        app.register_blueprint(registrations.pages)
        app.register_blueprint(offers.pages)
        app.register_blueprint(profiles.pages)
        app.register_blueprint(practices.pages)
        for slice_api in (
            programme_api,
            mechanisms_api,
            registrations_api,
            deliveries_api,
            offers_api,
            consents_api,
            exchanges_api,
        ):
            app.register_blueprint(slice_api.api)
        register_for_trials(app, known)


def register_for_trials(app: Flask, known: config.Settings) -> None:
    """Mailbox, clock and demo people, outside production only."""
    if not known.is_production:
        from core.web import dev  # noqa: PLC0415 -- refuses to be imported in production

        app.register_blueprint(dev.pages)


def stand_in_front(app: Flask, known: config.Settings) -> None:
    """What answers before Flask: kept pages, static files, the proxy's word."""
    shelf = app.extensions["shelf"]
    kept = pages.KeptPages(
        app.wsgi_app,
        shelf,
        app.config["KNOWN_LANGUAGES"],
        lambda: listening(known.database_url),
        visit_cookie=app.config["SESSION_COOKIE_NAME"],
    )
    app.extensions["ear"] = kept.ear
    app.wsgi_app = kept  # type: ignore[method-assign, assignment]  # Flask's own way to put something in front
    assets.install(app, ROOT / "static")
    if known.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # as above


def listening(url: str) -> psycopg.Connection[Any]:
    """A connection that hears of changes as they are committed."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=5)
