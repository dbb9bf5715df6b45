"""Each step of an exchange tells exactly the right people, once."""

from __future__ import annotations

import pytest

from core.mail.senders import SmtpSender
from network.consents.models import ConsentKind
from network.exchanges.states import ExchangeState
from tests.walls.cast import Cast
from tests.walls.exchanges import Table
from tests.workers.exchange_post import Post

S = ExchangeState


@pytest.fixture
def table(session, keys, clock):
    cast = Cast(session, keys, clock.now())
    return Table(session, cast, cast.at)


@pytest.fixture
def post(app, session, table, clock, mailbox):
    sender = SmtpSender(mailbox.url, "Relais <no-reply@relais.example>", timeout=5)
    yield Post(app, session, table, clock, mailbox, sender)
    sender.close()


def test_the_way_to_an_agreement_tells_exactly_the_right_people(table, post) -> None:
    exchange = table.draft()
    assert post.brings() == []

    table.move(exchange, S.SUBMITTED, table.focal())
    assert post.brings() == [("Desk", "case_moved_desk")]

    table.move(exchange, S.CLARIFICATION, table.helpdesk(), "Which ministries?")
    assert post.brings() == [("Focal XAA", "case_message")]

    table.move(exchange, S.SUBMITTED, table.focal(), "Justice and health.")
    assert post.brings() == [("Desk", "case_message_desk")]

    table.move(exchange, S.CONFIRMATION, table.helpdesk())
    assert post.brings() == [
        ("Capital XAA", "case_consent_exchange_request"),
        ("Focal XAA", "case_moved_requester"),
    ]

    table.consent(exchange, "XAA", ConsentKind.EXCHANGE_REQUEST)
    assert post.brings() == [
        ("Focal XAA", "case_moved_requester"),
        ("Focal XAB", "case_circulated"),
        ("Focal XAC", "case_circulated"),
        ("Focal XAD", "case_circulated"),
    ]
