"""The demonstration's exchanges: one at each stage, added once, and never in production."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from sqlalchemy import func, select, update

from core import clock
from core.house import house
from core.outbox import OutboxEntry
from network.accounts import seed
from network.exchanges import listing
from network.exchanges.models import Exchange
from network.exchanges.states import ExchangeState
from network.exchanges.waiting import waiting
from network.offers.models import ExchangeType
from network.seats.models import Holder
from network.taxonomy.models import State, Theme
from network.taxonomy.service import invent_state
from workers import demo, demo_texts
from workers.demo_exchanges import CASES, seed_exchanges

S = ExchangeState
STATES = {
    "DEMO-TOOL": S.DRAFT,
    "DEMO-CHILDREN": S.SUBMITTED,
    "DEMO-PLAN": S.CONFIRMATION,
    "DEMO-CLUSTERS": S.CIRCULATED,
    "DEMO-QUIET": S.CIRCULATED,
    "DEMO-DISABILITY": S.AGREED,
    "DEMO-MISSION": S.SCHEDULED,
    "DEMO-FIRST-YEAR": S.FINISHED,
}


@pytest.fixture
def filled(app, session, tmp_path):
    with app.test_request_context(method="POST"):
        words = vars(demo_texts).values()
        keys = {key for one in words if isinstance(one, demo_texts.Words) for key in one.themes}
        known = set(session.scalars(select(Theme.key)))
        session.add_all(
            Theme(key=key, family="demo", names={"en": key}) for key in sorted(keys - known)
        )
        fill(session, tmp_path)
        yield session


def fill(session, folder):
    now = clock.now()
    demo.invent_states(session, now=now)
    demo.seed_members(session, [iso3 for iso3, _iso2, _names in demo.STATES], now=now)
    seed.seed_demo(session, now, folder)
    seed_exchanges(session, now=now)


def there(session):
    return dict(session.execute(select(Exchange.reference, Exchange.state)).all())


def test_there_is_one_exchange_at_each_stage(filled):
    assert there(filled) == STATES
    assert set(STATES) == set(CASES)
    types = set(filled.scalars(select(Exchange.type)))
    assert types == set(ExchangeType)


def test_a_second_filling_adds_nothing_and_a_lost_one_comes_back(filled, tmp_path):
    counts = [filled.scalar(select(func.count()).select_from(kind)) for kind in (Holder, Exchange)]
    people = (tmp_path / seed.FILE).read_text()
    fill(filled, tmp_path)
    again = [filled.scalar(select(func.count()).select_from(kind)) for kind in (Holder, Exchange)]
    assert (again, (tmp_path / seed.FILE).read_text()) == (counts, people)
    filled.execute(
        update(Exchange).where(Exchange.reference == "DEMO-PLAN").values(reference="2026-ABCDE")
    )
    fill(filled, tmp_path)
    assert there(filled) == STATES | {"2026-ABCDE": S.CONFIRMATION}


def test_nobody_is_mailed_about_the_invented_past(filled):
    waiting = filled.scalars(
        select(OutboxEntry.kind).where(
            OutboxEntry.done_at.is_(None), OutboxEntry.request_id.like("demonstration-%")
        )
    ).all()
    assert waiting == []


def test_the_visitor_finds_something_to_consent_to_and_something_to_bid_for(filled):
    now = clock.now()
    ids = dict(filled.execute(select(State.iso3, State.id)).all())
    waits = waiting(filled, ids["XAA"], now)
    assert [one.exchange.reference for one in waits] == ["DEMO-PLAN"]
    open_to_yendor, _more = listing.circulated_to(filled, state_id=ids["XAB"], now=now)
    assert {case.reference for case in open_to_yendor} == {"DEMO-CLUSTERS", "DEMO-QUIET"}


def test_where_a_seat_is_empty_its_cases_are_left_out(app, session, tmp_path, monkeypatch):
    for reference in list(CASES):
        if reference != "DEMO-PLAN":
            monkeypatch.delitem(CASES, reference)
    with app.test_request_context(method="POST"):
        invent_state(session, iso3="XAA", iso2="XA", names={"en": "Xandria"})
        seed_exchanges(session, now=clock.now())
        assert there(session) == {}


def test_older_demonstrations_get_the_new_people_and_keep_the_old_keys(
    app, session, tmp_path, monkeypatch
):
    with app.test_request_context(method="POST"):
        now, everybody = clock.now(), seed.PEOPLE
        monkeypatch.setattr(seed, "PEOPLE", everybody[:12])
        seed.seed_demo(session, now, tmp_path)
        old = json.loads((tmp_path / seed.FILE).read_text())
        monkeypatch.setattr(seed, "PEOPLE", everybody)
        seed.seed_demo(session, now, tmp_path)
        new = json.loads((tmp_path / seed.FILE).read_text())
        assert new[: len(old)] == old
        assert [row["name"] for row in new] == [one.name for one in everybody]
        roles = Counter(row["role"] for row in new)
        assert (roles["helpdesk"], roles["authorising"]) == (1, 5)


def test_invented_exchanges_never_enter_production(app, session, monkeypatch):
    with app.test_request_context(method="POST"):
        monkeypatch.setattr(type(house()), "is_production", True)
        with pytest.raises(RuntimeError):
            seed_exchanges(session, now=clock.now())
