"""What a supervisor and a monitoring system are told."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import health


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_names_every_part_that_is_missing(client: FlaskClient) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "checks": {
            "beat": "not seen",
            "broker": "ok",
            "database": "ok",
            "dispatcher": "not seen",
            "vault": "not seen",
            "worker": "not seen",
        },
    }


def test_ready_when_all_processes_live(client: FlaskClient, session: Session) -> None:
    for name in health.WATCHED:
        health.alive(session, name)
    session.commit()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_a_silent_process_is_named(client: FlaskClient, session: Session) -> None:
    for name in health.WATCHED:
        health.alive(session, name)
    session.get_one(health.Heartbeat, "beat").at -= timedelta(minutes=2)
    session.commit()
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert {name: word for name, word in answer.json["checks"].items() if word != "ok"} == {
        "beat": "silent"
    }


def test_ready_answers_when_broker_and_database_are_gone(make_app) -> None:
    app = make_app(
        broker_url="redis://127.0.0.1:1/0",
        database_url="postgresql+psycopg://relais@127.0.0.1:1/relais",
    )
    answer = app.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert (answer.json["checks"]["broker"], answer.json["checks"]["database"]) == (
        "unreachable",
        "unreachable",
    )


def test_a_database_behind_the_code_is_not_ready(app, session: Session) -> None:
    assert health.database_word(session, f"{app.root_path}/migrations") == "ok"
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert health.database_word(session, f"{app.root_path}/migrations") == "not at head"
