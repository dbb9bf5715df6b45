"""A practice comes out of a finished exchange: its words, who reads it, who changes it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core.context import SYSTEM
from core.errors import Conflict, Invalid, NotAllowed, NotVisible
from network.accounts.models import Person
from network.exchanges import outcomes
from network.exchanges.states import ExchangeState
from network.practices import queries, service
from network.practices.models import Practice
from network.practices.service import Words
from network.practices.states import PRACTICE, PracticeState
from network.seats.models import Seat
from tests.walls.cast import Cast, enter
from tests.walls.exchanges import Table

S = ExchangeState
P = PracticeState


@pytest.fixture
def table(session, keys):
    cast = Cast(session, keys)
    return Table(session, cast, cast.at)


@pytest.fixture
def draft(session, table):
    """The draft out of an exchange between Xandria, which asked, and Yendor, which gave."""
    exchange = table.finished()
    made = service.draft_from(session, exchange_id=exchange.id, by=SYSTEM, now=table.now)
    return queries.one(session, made.id, session.get_one(Seat, table.desk.seat_id))


def seat(session, holder) -> Seat:
    return session.get_one(Seat, holder.seat_id)


def test_the_draft_holds_what_both_sides_have_written(session, table) -> None:
    focal = session.get_one(Person, table.states["XAB"].focal.person_id)
    focal.language = "fr"
    exchange = table.held()
    table.report(exchange, "XAA")
    outcomes.save_report(
        session,
        exchange_id=exchange.id,
        learned=outcomes.Learned(
            learned="On apprend en montrant.",
            decision="Rien encore.",
            costs="200 EUR",
            would_repeat=True,
        ),
        by=table.focal("XAB"),
        now=table.now,
    )
    made = service.draft_from(session, exchange_id=exchange.id, by=SYSTEM, now=table.now)
    assert made.result == {"en": "One list for all bodies.\n\nA decree is drafted."}

    other = table.finished()
    made = service.draft_from(session, exchange_id=other.id, by=SYSTEM, now=table.now)
    session.refresh(made, ["states"])
    assert made.title == {"en": "Clustering recommendations"}
    assert made.problem == {
        "en": "We want to see how others cluster what they receive.\n\nA register in a spreadsheet."
    }
    assert made.what_was_done == {"en": "Three days in the capital of XAB."}
    assert made.result == {
        "en": "One list for all bodies.\n\nA decree is drafted.",
        "fr": "One list for all bodies.\n\nA decree is drafted.",
    }
    assert (made.what_did_not_work, made.themes, made.capacities) == (
        {},
        other.themes,
        ["coordination"],
    )
    assert [one.state_id for one in made.states] == [table.state_id("XAA"), table.state_id("XAB")]
    assert (made.state, made.exchange_id) == (P.DRAFT, other.id)


def test_there_is_one_draft_however_often_it_is_made(session, table, draft) -> None:
    again = service.draft_from(
        session, exchange_id=draft.exchange_id, by=SYSTEM, now=table.now + timedelta(days=1)
    )
    assert again.id == draft.id
    assert session.scalar(select(func.count()).select_from(Practice)) == 1
    assert len(again.states) == 2


def test_both_sides_and_the_secretariat_read_it_and_nobody_else(session, table, draft) -> None:
    states = table.states
    reads = [states["XAA"].focal, states["XAA"].capital, states["XAB"].focal, table.desk]
    for holder in reads:
        assert queries.one(session, draft.id, seat(session, holder)) is draft
        found = queries.readable_of_exchange(session, draft.exchange_id, seat(session, holder))
        assert found is draft
    for holder in (states["XAC"].focal, states["XAD"].capital, table.cast.holder("triage")):
        with pytest.raises(NotVisible):
            queries.one(session, draft.id, seat(session, holder))
        found = queries.readable_of_exchange(session, draft.exchange_id, seat(session, holder))
        assert found is None
    with pytest.raises(NotVisible):
        queries.one(session, uuid4(), seat(session, table.desk))


def revise(session, table, draft, **changes):
    values = {
        "practice_id": draft.id,
        "language": "en",
        "words": Words(title="One list", themes=("cooperation-with-mechanisms",)),
        "revision": draft.revision,
        "by": table.focal("XAB"),
        "now": table.now,
    }
    return service.revise(session, **(values | changes))


def test_focal_points_of_both_sides_change_the_draft_in_any_language(session, table, draft) -> None:
    before = draft.text_id
    revise(session, table, draft)
    assert draft.text_id != before
    revise(
        session,
        table,
        draft,
        language="ar",
        words=Words(title="قائمة واحدة"),
        by=table.focal("XAA"),
    )
    assert draft.title == {"en": "One list", "ar": "قائمة واحدة"}
    assert (draft.problem, draft.revision) == ({}, 3)


def test_others_do_not_and_bad_words_are_refused(session, table, draft) -> None:
    for by in (table.capital("XAA"), table.helpdesk()):
        with pytest.raises(NotAllowed):
            revise(session, table, draft, by=by)
    with pytest.raises(NotVisible):
        revise(session, table, draft, by=table.focal("XAC"))
    with pytest.raises(Invalid) as refusal:
        revise(session, table, draft, words=Words(title=" "), language="tlh")
    assert set(refusal.value.problems) == {"title", "language"}
    with pytest.raises(Conflict):
        revise(session, table, draft, revision=draft.revision - 1)
    draft.state = P.REVIEW
    session.flush()
    with pytest.raises(NotAllowed):
        revise(session, table, draft)


def test_the_table_leads_to_publication_through_consent_and_review() -> None:
    assert list(PRACTICE.allowed(P.DRAFT)) == [P.VALIDATION, P.ARCHIVED]
    assert P.PUBLISHED in PRACTICE.allowed(P.REVIEW)
    assert P.PUBLISHED not in PRACTICE.allowed(P.VALIDATION)
    assert PRACTICE.allowed(P.PUBLISHED) == [P.REVERIFICATION, P.ARCHIVED]
    assert PRACTICE.is_final(P.ARCHIVED)


def test_the_page_shows_the_draft_and_its_focal_points_change_it(
    session, client, table, draft
) -> None:
    address = f"/practices/{draft.id}"
    enter(client, table.cast.visit(table.states["XAB"].focal))
    page = client.get(address)
    assert page.status_code == 200
    assert "One list for all bodies." in page.text
    assert f"/exchanges/{draft.exchange_id}" in page.text
    assert "Change the draft" in page.text

    assert f'href="{address}"' in client.get(f"/exchanges/{draft.exchange_id}").text

    form = client.get(f"{address}/edit?language=fr")
    assert form.status_code == 200
    typed = {"title": "Une seule liste", "problem": "Trop de listes.", "revision": draft.revision}
    empty = client.post(f"{address}/edit?language=fr", data=typed | {"title": ""})
    assert empty.status_code == 422
    assert "Trop de listes." in empty.text

    kept = client.post(f"{address}/edit?language=fr", data=typed)
    assert (kept.status_code, kept.location) == (303, f"{address}?language=fr")
    assert "Une seule liste" in client.get(kept.location).text

    stale = client.post(f"{address}/edit?language=fr", data=typed | {"title": "Autre"})
    assert stale.status_code == 409
    assert "Autre" in stale.text


def test_others_find_no_such_page(client, table, draft) -> None:
    enter(client, table.cast.visit(table.states["XAC"].focal))
    assert client.get(f"/practices/{draft.id}").status_code == 404
    assert client.get(f"/practices/{draft.id}/edit").status_code == 404
    enter(client, table.cast.visit(table.desk, proved=timedelta()))
    page = client.get(f"/practices/{draft.id}")
    assert page.status_code == 200
    assert "Change the draft" not in page.text
