"""What follows from the dates of groups and lists."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from network.taxonomy import queries, rules
from network.taxonomy.models import Classification, State
from network.taxonomy.service import invent_state, naming

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("since", "until", "expected_until", "holds", "unconfirmed"),
    [
        (None, None, None, True, False),
        (DAY, None, None, True, False),
        (date(2026, 11, 25), None, None, False, False),
        (None, DAY, None, False, False),
        (None, date(2026, 11, 25), None, True, False),
        (None, None, DAY, True, True),
        (None, None, date(2026, 11, 25), True, False),
        (None, DAY, DAY, False, False),
    ],
)
def test_a_rule_and_its_query_say_the_same(
    session, since, until, expected_until, holds, unconfirmed
):
    at = invent_state(session, iso3="XAA", iso2="XA", names={"en": "Xandria"})
    row = Classification(
        state=at,
        kind="flag",
        word="ldc",
        since=since,
        until=until,
        expected_until=expected_until,
        source="x",
    )
    session.add(row)
    session.flush()
    found = session.scalars(select(State.iso3).where(queries.classified("flag", "ldc", DAY))).all()
    assert (rules.holds_on(row, DAY), rules.leaving_is_unconfirmed(row, DAY)) == (
        holds,
        unconfirmed,
    )
    assert found == (["XAA"] if holds else [])


def test_a_state_without_a_name_in_a_language_is_ordered_by_its_english_one(session):
    invent_state(session, iso3="XAB", iso2="XB", names={"en": "Yendor", "fr": "Autre"})
    invent_state(session, iso3="XAA", iso2="XA", names={"en": "Bendor"})
    assert [state.iso3 for state in queries.states(session, "fr")] == ["XAB", "XAA"]
    assert [state.iso3 for state in queries.states(session, "en")] == ["XAA", "XAB"]


def test_an_invented_state_needs_a_user_assigned_code(session):
    session.add(State(iso3="QAA", iso2="QA", is_invented=True, **naming({"en": "x"}, "QAA")))
    with pytest.raises(IntegrityError):
        session.flush()


def test_inventing_a_state_twice_makes_one(session):
    first = invent_state(session, iso3="XAA", iso2="XA", names={"en": "Xandria"})
    assert invent_state(session, iso3="XAA", iso2="XA", names={"en": "Other"}) is first
