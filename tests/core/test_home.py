"""The folder of one installation."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from core import ports, seal
from core.home import Home, is_writable


@pytest.fixture
def place(tmp_path):
    made = Home(tmp_path / "var")
    made.make()
    return made


def test_folders_and_secrets_are_for_us_alone(place):
    known = place.secrets()

    assert set(known) == {"SECRET_KEY", "INDEX_KEY", "VAULT_PUBLIC_KEY", "MAIL_PUBLIC_KEY"}
    for folder in place.path.iterdir():
        assert folder.stat().st_mode & 0o077 == 0
    for secret in (place.path / "secrets").iterdir():
        assert secret.stat().st_mode & 0o777 == 0o600


def test_secrets_are_made_once(place):
    assert place.secrets() == place.secrets() == Home(place.path).secrets()


def test_a_private_key_opens_what_its_public_key_closed(place):
    known = place.secrets()
    private = place.private_keys(["VAULT_KEY"])
    sealed = seal.seal(known["VAULT_PUBLIC_KEY"], {"name": "Ana"})
    assert seal.unseal(private["VAULT_KEY"], sealed) == {"name": "Ana"}


def test_only_one_process_at_a_time_has_the_home(place):
    ask = "import sys; from pathlib import Path; from core.home import Home\n"
    ask += "with Home(Path(sys.argv[1])).alone() as mine: print(mine)"
    command = [sys.executable, "-c", ask, str(place.path)]
    with place.alone() as mine:
        assert mine
        beside = subprocess.run(command, capture_output=True, text=True, check=True)
    after = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (beside.stdout, after.stdout) == ("False\n", "True\n")


def test_a_fork_that_lives_on_does_not_keep_the_home(place):
    with place.alone():
        pid = os.fork()
        if pid == 0:
            os.read(os.pipe()[0], 1)  # waits until it is killed
            os._exit(0)
    ask = "import sys; from pathlib import Path; from core.home import Home\n"
    ask += "with Home(Path(sys.argv[1])).alone() as mine: print(mine)"
    said = subprocess.run(
        [sys.executable, "-c", ask, str(place.path)], capture_output=True, text=True, check=True
    )
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    assert said.stdout == "True\n"


def test_what_runs_is_noted_for_other_commands(place):
    assert place.noted() == {}
    place.note(url="http://localhost:1", environment={"A": "b"})
    assert place.noted() == {"url": "http://localhost:1", "environment": {"A": "b"}}
    place.forget_note()
    assert place.noted() == {}


def test_a_folder_that_can_be_made_is_writable(tmp_path):
    assert is_writable(tmp_path / "not" / "yet")


@pytest.mark.parametrize("typed", ["", "eighty", "-1", "0", "65535", "99999", "8000 ", "٨٠"])
def test_what_is_no_port_is_refused_with_a_sentence(typed):
    with pytest.raises(ports.Taken, match="PORT is “"):
        ports.number(typed)


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert not ports.is_free(number)
        assert ports.next_free(number) > number
