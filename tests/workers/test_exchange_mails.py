"""Each step of an exchange tells exactly the right people, once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from core import files
from core.context import SYSTEM
from network.accounts import service as accounts
from network.accounts.models import Person
from network.consents.models import ConsentKind
from network.exchanges import bidding, consenting, meeting, outcomes, parties, service
from network.exchanges.meeting import Dates
from network.exchanges.models import PartyKind, PartyRole
from network.exchanges.models_case import DeclineReason
from network.exchanges.states import ExchangeState
from network.notifications.models import Delivery
from network.notifications.subscriptions import How, Topic, choose
from network.practices.models import Practice
from network.seats import service as seats

S = ExchangeState
K = ConsentKind


def test_the_way_to_the_members_tells_exactly_the_right_people(table, post) -> None:
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

    table.consent(exchange, "XAA", K.EXCHANGE_REQUEST)
    assert post.brings() == [
        ("Focal XAA", "case_moved_requester"),
        ("Focal XAB", "case_circulated"),
        ("Focal XAC", "case_circulated"),
        ("Focal XAD", "case_circulated"),
    ]


def test_bids_and_the_choice_tell_exactly_the_right_people(table, post) -> None:
    exchange = table.circulated()
    post.brings()
    at = {"exchange_id": exchange.id, "now": table.now}

    bid = table.bid(exchange, "XAB")
    assert post.brings() == [("Focal XAA", "bid_sent")]
    other = table.bid(exchange, "XAC")
    bidding.decline(
        table.session,
        reason=DeclineReason.NO_CAPACITY,
        note_to_self="Two people left.",
        by=table.focal("XAD"),
        **at,
    )
    assert post.brings() == [("Focal XAA", "bid_sent"), ("Focal XAA", "case_declined")]

    bidding.withdraw_bid(table.session, by=table.focal("XAC"), **at)
    assert post.brings() == [("Focal XAA", "bid_withdrawn")]
    other = table.bid(exchange, "XAC")
    post.brings()

    table.choose(exchange, bid)
    assert post.brings() == [("Capital XAA", "case_consent_selection")]

    table.consent(exchange, "XAA", K.SELECTION)
    assert post.brings() == [
        ("Capital XAA", "case_consent_agreement"),
        ("Capital XAB", "case_consent_agreement"),
        ("Focal XAA", "case_moved_requester"),
        ("Focal XAB", "case_moved_provider"),
        ("Focal XAC", "bid_not_selected"),
    ]
    assert other.sent_at is not None

    table.consent(exchange, "XAA", K.AGREEMENT)
    assert post.brings() == []

    table.consent(exchange, "XAB", K.AGREEMENT)
    assert post.brings() == [
        ("Capital XAA", "case_moved_requester"),
        ("Capital XAB", "case_moved_provider"),
        ("Focal XAA", "case_moved_requester"),
        ("Focal XAB", "case_moved_provider"),
    ]


def test_a_bid_that_waits_asks_its_own_capital_alone(table, post) -> None:
    exchange = table.circulated()
    post.brings()
    bidding.save_bid(
        table.session,
        exchange_id=exchange.id,
        wording=bid_wording(table),
        by=table.focal("XAB"),
        now=table.now,
    )
    bidding.hand_in_bid(
        table.session, exchange_id=exchange.id, by=table.focal("XAB"), now=table.now
    )
    assert post.brings() == [("Capital XAB", "case_consent_bid")]


def bid_wording(table) -> bidding.BidWording:
    first = table.now.date() + timedelta(days=60)
    return bidding.BidWording(
        type=table.wording().type,
        offer="Three days.",
        languages=["en"],
        from_on=first,
        until_on=first + timedelta(days=30),
    )


def test_dates_and_what_follows_tell_exactly_the_right_people(session, table, post) -> None:
    exchange = table.agreed()
    post.brings()
    starts = table.now + timedelta(days=70)
    proposal = meeting.propose_dates(
        session,
        exchange_id=exchange.id,
        dates=Dates(starts_at=starts, ends_at=starts + timedelta(days=1), zone="Pacific/Fiji"),
        by=table.focal("XAB"),
        now=table.now,
    )
    assert post.brings() == [("Focal XAA", "dates_proposed")]

    meeting.decline_dates(
        session,
        exchange_id=exchange.id,
        proposal_id=proposal.id,
        by=table.focal(),
        now=table.now,
        reason="A session of ours.",
    )
    assert post.brings() == [("Focal XAB", "dates_declined")]

    table.set_dates(exchange)
    everybody = [
        ("Capital XAA", "dates_set"),
        ("Capital XAB", "dates_set"),
        ("Focal XAA", "dates_set"),
        ("Focal XAB", "dates_set"),
    ]
    assert post.brings() == everybody

    table.now += timedelta(days=65)
    table.move(exchange, S.HELD, table.focal())
    assert post.brings() == [
        ("Focal XAA", "case_moved_requester"),
        ("Focal XAB", "case_moved_provider"),
    ]

    table.report(exchange, "XAA")
    assert post.brings() == [("Focal XAB", "case_report")]

    table.report(exchange, "XAB")
    assert post.brings() == [
        ("Focal XAA", "practice_drafted"),
        ("Focal XAB", "practice_drafted"),
    ]

    table.now += timedelta(days=183)
    table.move(exchange, S.FOLLOW_UP, SYSTEM)
    both = [("Focal XAA", "case_moved_requester"), ("Focal XAB", "case_moved_provider")]
    assert post.brings() == both
    table.answer(exchange, "XAA")
    assert post.brings() == []
    table.answer(exchange, "XAB")
    assert post.brings() == both


def test_a_report_that_waits_asks_the_capital(session, table, post) -> None:
    exchange = table.held()
    post.brings()
    outcomes.save_report(
        session,
        exchange_id=exchange.id,
        learned=outcomes.Learned(learned="Much.", decision="None yet.", would_repeat=True),
        by=table.focal(),
        now=table.now,
    )
    outcomes.hand_in_report(session, exchange_id=exchange.id, by=table.focal(), now=table.now)
    assert post.brings() == [("Capital XAA", "case_consent_outcome")]


def test_dates_that_fall_with_the_case_are_told_once(table, post) -> None:
    exchange = table.scheduled()
    post.brings()
    table.move(exchange, S.WITHDRAWN, table.focal())
    assert post.brings() == [
        ("Capital XAA", "dates_off"),
        ("Capital XAB", "dates_off"),
        ("Desk", "case_moved_desk"),
        ("Focal XAA", "dates_off"),
        ("Focal XAB", "dates_off"),
    ]


def test_a_hold_is_told_to_both_sides_and_the_helpdesk(table, post) -> None:
    exchange = table.agreed()
    post.brings()
    everybody = [
        ("Capital XAA", "case_moved_requester"),
        ("Capital XAB", "case_moved_provider"),
        ("Desk", "case_moved_desk"),
        ("Focal XAA", "case_moved_requester"),
        ("Focal XAB", "case_moved_provider"),
    ]
    table.move(exchange, S.ON_HOLD, table.focal("XAB"), "Our elections.")
    assert post.brings() == everybody
    table.move(exchange, S.AGREED, table.focal("XAB"))
    assert post.brings() == everybody


def test_a_case_circulated_again_parts_from_its_partner(table, post) -> None:
    exchange = table.agreed()
    post.brings()
    table.move(exchange, S.CIRCULATED, table.focal(), "They cannot any more.")
    assert post.brings() == [
        ("Focal XAA", "case_moved_requester"),
        ("Focal XAB", "case_circulated"),
        ("Focal XAB", "case_moved_provider"),
        ("Focal XAC", "case_circulated"),
        ("Focal XAD", "case_circulated"),
    ]


def test_members_hear_as_they_subscribed_and_excluded_ones_never(session, table, post) -> None:
    for iso3, how, themes in (("XAB", How.NEVER, []), ("XAC", How.NOW, ["b1"])):
        choose(
            session,
            seat_id=table.states[iso3].focal.seat_id,
            topic=Topic.REQUESTS,
            how=how,
            themes=themes,
            by=table.focal(iso3),
            now=table.now,
        )
    table.circulated(excluded=[table.state_id("XAD")])
    assert [name for name, message in post.brings() if message == "case_circulated"] == []


def test_an_organisation_is_invited_and_joins(session, table, post) -> None:
    exchange = table.agreed()
    post.brings()
    holder = table.cast.organisation_holder()
    body_id = holder.seat.body_id
    party = parties.invite(
        session,
        exchange_id=exchange.id,
        kind=PartyKind.ORGANISATION,
        body_id=body_id,
        role=PartyRole.SUPPORTER,
        by=table.focal(),
        now=table.now,
    )
    assert post.brings() == [
        ("Capital XAA", "case_consent_agreement"),
        ("Capital XAB", "case_consent_agreement"),
        ("Of An Organisation", "case_invited"),
    ]
    for iso3 in ("XAA", "XAB"):
        want = consenting.for_party(party, table.state_id(iso3))
        service.consent(
            session, exchange_id=exchange.id, want=want, by=table.capital(iso3), now=table.now
        )
    assert post.brings() == [
        ("Focal XAA", "case_joined"),
        ("Focal XAB", "case_joined"),
        ("Of An Organisation", "case_joined"),
    ]


def test_every_fact_handled_twice_changes_nothing(session, app, table, post) -> None:
    exchange = table.finished()
    post.brings()
    count = select(func.count()).select_from(Delivery)
    before = session.scalar(count)
    agreement = consenting.newest_agreement(session, exchange.id)
    kept = agreement.file_id

    post.again()

    assert session.scalar(count) == before
    assert post.brings() == []
    assert session.scalar(select(func.count()).select_from(Practice)) == 1
    session.refresh(agreement)
    assert agreement.file_id == kept
    stored = session.get_one(files.StoredFile, kept)
    assert stored.name == f"{exchange.reference}-1.docx"
    body = files.read(files.Disk(app.extensions["relais"].files), stored)
    assert body.startswith(b"PK")


def test_who_has_left_the_seat_gets_nothing_any_more(session, table, post) -> None:
    exchange = table.submitted()
    post.handle()
    seats.end(session, holder=table.desk, at=table.now, by=SYSTEM, now=table.now)
    post.deliver()
    assert post.told() == []
    assert exchange.state is S.SUBMITTED


def test_a_mailbox_behind_both_seats_gets_each_mail_once(session, table, post) -> None:
    both = table.cast.holder("deputy", name="Focal XAA", body_id=table.state_id("XAA"))
    accounts.add_reader(
        session,
        mailbox=table.cast.mailbox("shared@xaa.example"),
        person=session.get_one(Person, both.person_id),
        by=SYSTEM,
        now=table.now,
    )
    accounts.add_reader(
        session,
        mailbox=table.cast.mailbox("shared@xaa.example"),
        person=session.get_one(Person, table.states["XAA"].capital.person_id),
        by=SYSTEM,
        now=table.now,
    )
    table.agreed()
    post.handle()
    mails = post.deliver()
    shared = [mail for mail in mails if mail["To"] == "shared@xaa.example"]
    agreed = [mail for mail in shared if "agreed" in mail["Subject"]]
    assert len(agreed) == 1
