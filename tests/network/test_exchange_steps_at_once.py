"""Two browsers at the same second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from network.exchanges.models_case import Bid, BidState
from tests.walls.case_pages import People
from tests.walls.cast import Cast
from tests.walls.exchanges import Table

TIMES = 3
CLICKS = 2


@pytest.mark.parametrize("_time", range(TIMES))
def test_of_two_bids_chosen_in_the_same_second_one_stands(live, keys, _time):
    with live.session() as session, live.app.test_request_context(method="POST"):
        cast = Cast(session, keys)
        table = Table(session, cast, cast.at)
        exchange = table.circulated()
        bids = [table.bid(exchange, iso3) for iso3 in ("XAB", "XAC")]
        paths = [f"/exchanges/{exchange.id}/bids/{bid.id}/choose" for bid in bids]
        people = People(live.app, table)
        browsers = [people.another("XAA", "focal") for _path in paths]
    ready = Barrier(CLICKS)

    def click(browser, path):
        ready.wait()
        return browser.post(path)

    with ThreadPoolExecutor(CLICKS) as hands:
        answers = list(hands.map(click, browsers, paths))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "Another bid was chosen a moment ago. Take that choice back first." in late.text
    with live.session() as session:
        states = sorted(bid.state for bid in session.scalars(select(Bid)))
    assert states == [BidState.CHOSEN, BidState.SENT]
