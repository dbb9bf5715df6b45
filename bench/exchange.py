"""Exchanges at two sizes: pages of those who ask and give, suggestions, and one run of the clocks."""

from __future__ import annotations

import os
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import flask_migrate
import psycopg
from flask import Flask
from flask.cli import ScriptInfo
from psycopg import sql
from sqlalchemy import make_url, select

from app import create_app
from bench.cases import Played, fill_cases
from bench.client import say
from bench.network import Network, Sits, fill_network
from bench.pages import counted
from core import clock
from core.db import db
from network.accounts.models import Person, Proof, Visit
from network.exchanges.candidates import suggestions
from network.exchanges.clocks import run_clocks, watch_consents
from network.exchanges.drafting import whole
from network.exchanges.states import ExchangeState
from network.seats.models import Holder
from network.taxonomy.models import Theme

SIZES = ((200, 2_000), (2_000, 20_000))
RENDERS = 40
RUNS = 5
S = ExchangeState


def main(_arguments: Sequence[str]) -> None:
    """Measure in databases made for it on the same server, and drop them."""
    for mechanisms, cases in SIZES:
        with database_of_its_own() as url:
            app = create_app(log_level="error", database_url=url)
            network, played = fill(app, url, mechanisms=mechanisms, cases=cases)
            measure(app, network, played, f"{mechanisms}x{cases}")
            with app.app_context():
                db.engine.dispose()


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """A new database beside the platform's own."""
    address = make_url(os.environ["DATABASE_URL"])
    name = f"bench_{secrets.token_hex(4)}"
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def fill(app: Flask, url: str, *, mechanisms: int, cases: int) -> tuple[Network, Sequence[Played]]:
    """Tables, reference data, an invented network and its exchanges."""
    with app.app_context():
        flask_migrate.upgrade()
    load = ScriptInfo(create_app=lambda: app)
    app.cli.main(args=["data", "load"], standalone_mode=False, obj=load)
    with app.app_context():
        themes = list(db.session.scalars(select(Theme.key).order_by(Theme.key)))
        db.session.rollback()
    now = clock.now()
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        network = fill_network(connection, mechanisms=mechanisms, themes=themes, now=now)
        played = fill_cases(connection, network, cases=cases)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return network, played


def measure(app: Flask, network: Network, played: Sequence[Played], size: str) -> None:
    """Every page as its reader sees it, then the work behind."""
    busy = network.delegations[0]
    own = next(one for one in played if one.asks is busy and one.state is S.CHOOSING)
    others = next(
        one
        for one in played
        if one.state is S.CIRCULATED and busy not in {one.asks, one.gives, one.also_bids}
    )
    pages = {
        "workspace": "/workspace",
        "list": "/exchanges",
        "open": "/exchanges/open",
        "case-requester": f"/exchanges/{own.id}",
        "case-member": f"/exchanges/{others.id}",
        "partners": f"/exchanges/{own.id}/partners",
        "directory": "/directory",
        "directory-filtered": "/directory?q=council&offer=expert_mission",
    }
    client = app.test_client()
    visit = signed_in(app, busy.focal)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(visit)
    for case, path in pages.items():

        def render(path: str = path) -> int:
            answer = client.get(path)
            if answer.status_code != 200:  # noqa: PLR2004 -- the plain word for "it worked"
                message = f"{path} answered {answer.status_code}"
                raise RuntimeError(message)
            return len(answer.data)

        timed(app, f"{case}/{size}", RENDERS, render)
    with app.test_request_context(method="POST"):
        behind(app, own.id, size)


def behind(app: Flask, exchange_id: UUID, size: str) -> None:
    """What pages and workers do, without a page around it."""
    session = db.session()

    def suggested() -> int:
        found = suggestions(session, whole(session, exchange_id), clock.now())
        session.rollback()
        return len(found)

    timed(app, f"suggestions/{size}", RENDERS, suggested, word="found")
    for name, run in {"clocks": run_clocks, "consents": watch_consents}.items():

        def once(run: Callable[..., int] = run) -> int:
            done = run(session, clock.now())
            session.rollback()
            return done

        timed(app, f"{name}/{size}", RUNS, once, word="done")


def timed(app: Flask, case: str, runs: int, act: Callable[[], int], *, word: str = "bytes") -> None:
    """Do it once to warm up and then so often; say what it took and what it answered."""
    act()
    times: list[float] = []
    statements: list[int] = []
    answers: list[int] = []
    for _turn in range(runs):
        with counted(app) as seen:
            began = time.perf_counter()
            answers.append(act())
            times.append((time.perf_counter() - began) * 1000)
        statements.append(len(seen))
    more = {word: round(statistics.median(answers))}
    say("exchange", case, runs, times, statements=max(statements), **more)


def signed_in(app: Flask, sits: Sits) -> UUID:
    """A visit of somebody in their seat, an own factor shown a moment ago."""
    now = clock.now()
    with app.app_context():
        session = db.session()
        visit = Visit(
            mailbox_id=sits.mailbox_id,
            person=session.get_one(Person, sits.person_id),
            holder=session.get_one(Holder, sits.holder_id),
            at=now,
            proved=Proof.TOTP,
            proved_at=now,
        )
        session.add(visit)
        session.commit()
        return visit.id
