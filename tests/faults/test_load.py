"""Processes are killed while people register: what was answered is kept, and each mail comes once.

`FAULT_ROUNDS` says how often; `./test faults` takes ten.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

import pytest
from sqlalchemy import select

from events.programme.models import Mode
from events.registrations.models import Registration
from tests.events.participant import Stage
from tests.faults.test_restart import BACK_WITHIN_SECONDS, is_another, within
from tests.walls.mailbox import Mailbox
from tests.walls.processes import Site

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
CLIENTS = 4
CODE = re.compile(r"\d{6}")


@dataclass
class Crowd:
    """People who register one after the other, from a few threads, until they are told to stop."""

    site: Site
    name: str
    kept: dict[str, str] = field(default_factory=dict)
    failed: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        numbers = itertools.count()
        for _ in range(CLIENTS):
            self.threads.append(threading.Thread(target=self.register, args=(numbers,)))
            self.threads[-1].start()

    def register(self, numbers: itertools.count[int]) -> None:
        while not self.stopping.is_set():
            address = f"{self.name}{next(numbers)}@people.example"
            status, body = post(self.site, "registrations", {"email": address, **FORM})
            if status == http.client.ACCEPTED:
                self.kept[address] = body["id"]
            else:
                self.failed += 1
                self.stopping.wait(0.1)

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=30)


FORM = {
    "event": "panel",
    "name": "Ana Tavake",
    "organisation": "Reef Watch",
    "category": "ngo",
    "mode": "online",
    "language": "en",
    "listing": "unlisted",
    "discreet": False,
}


def post(site: Site, what: str, body: dict[str, object]) -> tuple[int, dict[str, str]]:
    """Status and answer; status 0 when there was none."""
    asking = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    try:
        asking.request("POST", f"/api/v1/{what}", json.dumps(body), headers)
        answer = asking.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return 0, {}
    finally:
        asking.close()


@pytest.fixture
def site(own_site, keys, mailbox, clock):
    """The platform with a meeting that anybody may join online."""
    Stage(own_site.live, keys, mailbox, clock).meeting(seats={Mode.ONLINE: None})
    return own_site


def codes_of(mailbox: Mailbox, address: str) -> Counter[str]:
    """Message-IDs of the codes that reached an address, each with how often."""
    return Counter(str(message["Message-ID"]) for message in mailbox.to(address))


def assert_nothing_is_lost(site: Site, crowd: Crowd, mailbox: Mailbox) -> None:
    with site.live.session() as session:
        rows = {str(one) for one in session.scalars(select(Registration.id))}
    assert set(crowd.kept.values()) <= rows
    expected = len(crowd.kept)
    arrived = within(90, lambda: all(codes_of(mailbox, address) for address in crowd.kept))
    missing = [address for address in crowd.kept if not codes_of(mailbox, address)]
    assert arrived, f"{len(missing)} of {expected} codes did not come: {missing[:3]}"
    time.sleep(2)
    assert [len(codes_of(mailbox, address)) for address in crowd.kept] == [1] * expected


@pytest.mark.parametrize("name", ["worker", "web", "dispatcher", "broker", "pg"])
def test_what_was_answered_is_kept_and_each_code_comes_once(site, mailbox, name):
    crowd = Crowd(site, name)
    crowd.start()
    try:
        for _ in range(ROUNDS):
            time.sleep(1)
            killed = site.kill(name)
            assert within(BACK_WITHIN_SECONDS, partial(is_another, site, name, killed))
            assert within(BACK_WITHIN_SECONDS, site.is_ready), site.said()
        time.sleep(1)
    finally:
        crowd.stop()

    assert len(crowd.kept) > CLIENTS * ROUNDS
    assert_nothing_is_lost(site, crowd, mailbox)


def test_a_code_on_its_way_through_a_killed_worker_can_be_used(site, mailbox):
    status, body = post(site, "registrations", {"email": "one@people.example", **FORM})
    site.kill("worker")

    assert status == http.client.ACCEPTED
    (message,) = mailbox.wait(to="one@people.example")
    lines = message.get_body(("plain",)).get_content().splitlines()
    (code,) = [line for line in lines if CODE.fullmatch(line)]
    status, confirmed = post(site, f"registrations/{body['id']}/confirmation", {"code": code})
    assert (status, confirmed["state"]) == (http.client.OK, "confirmed")
