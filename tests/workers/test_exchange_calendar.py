"""The calendar entry of a case: one UID a mailbox, a higher SEQUENCE at each change, an end."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from icalendar import Calendar

from network.accounts.models import Person
from network.exchanges.states import ExchangeState
from tests.workers.exchange_post import whole

S = ExchangeState


def entries(mails: list[EmailMessage]) -> dict[str, tuple[str, str, int, str]]:
    """By address: method, UID, SEQUENCE and status of the entry in each mail that has one."""
    found = {}
    for mail in mails:
        for part in mail.walk():
            if part.get_content_type() == "text/calendar" and not part.get_filename():
                calendar = Calendar.from_ical(part.get_content())
                (event,) = calendar.walk("VEVENT")
                found[str(mail["To"])] = (
                    str(calendar["METHOD"]),
                    str(event["UID"]),
                    int(event["SEQUENCE"]),
                    str(event["STATUS"]),
                )
    return found


def test_dates_that_move_keep_their_entry_and_dates_that_fall_take_it_back(table, post) -> None:
    exchange = table.scheduled()
    post.handle()
    first = entries(post.deliver())
    assert len(first) == 4
    assert {(method, sequence) for method, _uid, sequence, _status in first.values()} == {
        ("REQUEST", 1)
    }
    assert len({uid for _method, uid, _sequence, _status in first.values()}) == 4

    table.now += timedelta(minutes=5)
    table.set_dates(exchange, days=70)
    post.handle()
    moved = entries(post.deliver())
    assert moved == {
        to: ("REQUEST", uid, 2, "CONFIRMED") for to, (_m, uid, _s, _st) in first.items()
    }

    table.move(exchange, S.AGREED, table.focal("XAB"), "A storm.")
    post.handle()
    off = entries(post.deliver())
    assert off == {to: ("CANCEL", uid, 3, "CANCELLED") for to, (_m, uid, _s, _st) in first.items()}

    table.now += timedelta(minutes=5)
    table.set_dates(exchange, days=75)
    post.handle()
    again = entries(post.deliver())
    assert again == {
        to: ("REQUEST", uid, 4, "CONFIRMED") for to, (_m, uid, _s, _st) in first.items()
    }


def test_a_partner_that_goes_loses_the_dates_also_when_others_are_set_meanwhile(
    table, post
) -> None:
    exchange = table.scheduled()
    post.handle()
    post.deliver()
    table.move(exchange, S.WITHDRAWN, table.focal())
    post.handle()
    assert len(entries(post.deliver())) == 4


def test_two_moves_before_the_post_comes_are_one_mail(table, post) -> None:
    exchange = table.scheduled()
    table.now += timedelta(minutes=5)
    table.set_dates(exchange, days=70)
    post.handle()
    found = entries(post.deliver())
    assert {(method, sequence) for method, _uid, sequence, _status in found.values()} == {
        ("REQUEST", 2)
    }
    assert [message for _name, message in post.told() if message == "dates_set"] == [
        "dates_set"
    ] * 4


def test_dates_are_told_on_the_clock_of_whoever_reads(session, table, post) -> None:
    person = session.get_one(Person, table.states["XAA"].focal.person_id)
    person.zone = "America/Bogota"
    table.scheduled()
    post.handle()
    texts = [whole(mail) for mail in post.deliver() if "dates are set" in mail["Subject"]]
    assert sum("(Bogota)" in text for text in texts) == 1
    assert all("(Fiji)" in text for text in texts)
