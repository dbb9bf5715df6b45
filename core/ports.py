"""Free ports on this machine."""

from __future__ import annotations

import socket

LOWEST, HIGHEST = 1, 65_535
HOST = "127.0.0.1"


class Taken(Exception):
    """A port cannot be used. The text is a sentence for the person at the keyboard."""


def number(text: str) -> int:
    """A port number as typed. Raises `Taken` for anything else."""
    if not text.isascii() or not text.isdigit() or not LOWEST <= int(text) < HIGHEST:
        raise Taken(f"PORT is “{text}”, which is no number between {LOWEST} and {HIGHEST - 1}.")
    return int(text)


def is_free(port: int) -> bool:
    """Whether nothing listens on `port`."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True


def next_free(start: int, *, step: int = 1) -> int:
    """The first free port at `start` or after it."""
    for port in range(start, HIGHEST, step):
        if is_free(port):
            return port
    raise Taken(f"No port from {start} upwards is free.")


def any_free() -> int:
    """A port that the system picks."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
        return port
