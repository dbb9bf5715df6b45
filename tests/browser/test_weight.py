"""A first visit over a slow line: every page with all it needs in less than 30 kB."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

MOST_BYTES = 30_000


PAGES = ("/", "/events/demo-panel", "/events/demo-panel/register", "/network")


def test_a_first_visit_is_light(site: Any, browser: Any) -> None:
    weights = {path: _weight(browser, site.url + path) for path in PAGES}
    assert {path: weight for path, weight in weights.items() if not 0 < weight < MOST_BYTES} == {}


def _weight(browser: Any, address: str) -> float:
    """Bytes over the wire in a browser that has never been here."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    arrived: list[float] = []
    session.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    assert len(arrived) >= 2
    context.close()
    return sum(arrived)
