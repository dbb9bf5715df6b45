"""The queues by name, and who may listen to which."""

from __future__ import annotations

from enum import StrEnum

from kombu import Exchange
from kombu import Queue as KombuQueue

EXCHANGE = Exchange("relais", type="direct")


class Queue(StrEnum):
    """Where work waits.

    Codes and links that somebody waits for at a page have a queue of their own, so that they do
    not stand behind a thousand confirmations. `vault` is listened to by the one worker that can
    open sealed records.
    """

    DEFAULT = "default"
    CODES = "codes"
    MAIL = "mail"
    VAULT = "vault"
    REPORTS = "reports"


LISTENS = {
    "worker": frozenset({Queue.DEFAULT, Queue.CODES, Queue.MAIL, Queue.REPORTS}),
    "vault": frozenset({Queue.VAULT}),
}


def declared() -> list[KombuQueue]:
    """Every queue as the broker knows it."""
    return [KombuQueue(name.value, EXCHANGE, routing_key=name.value) for name in Queue]


def refuse_wrong_ears(role: str, names: frozenset[str]) -> None:
    """Stop a worker that was started for queues its role must not hear."""
    wrong = names - LISTENS.get(role, frozenset())
    if wrong:
        message = f"A worker of role {role} must not listen to {', '.join(sorted(wrong))}."
        raise SystemExit(message)
