"""A first visit over a slow line: every page with all it needs in less than 30 kB."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.walls.over_http import Web

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

MOST_BYTES = 30_000
MOST_STYLE = 8 * 1024
PAGES = ("/", "/events/demo-panel", "/events/demo-panel/register", "/network")
PARTS = re.compile(r'<(?:link|script|img|source|iframe)\b[^>]*?(?:href|src)="([^"]+)"')


@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_is_light(platform: Any, browser: Any, path: str) -> None:
    weight, asked = first_visit(browser, platform.url + path)
    style, icon = (
        next(len(fetched(platform, one)) for one in parts(platform, path) if one.endswith(ending))
        for ending in (".css", ".svg")
    )
    # A browser without a window asks for no icon: it is weighed apart.
    whole = weight + (0 if any(one.endswith(".svg") for one in asked) else icon)
    assert 0 < whole < MOST_BYTES
    assert style <= MOST_STYLE
    assert {one.partition(platform.url)[2] for one in asked} <= {path, *parts(platform, path)}


def parts(platform: Any, path: str) -> list[str]:
    """What the page asks a browser to load."""
    return PARTS.findall(Web(platform.url).get(path).text)


def fetched(platform: Any, path: str) -> bytes:
    """A part as a browser gets it, compressed."""
    return Web(platform.url, {"Accept-Encoding": "br"}).get(path).data


def first_visit(browser: Any, address: str) -> tuple[float, list[str]]:
    """Bytes over the wire in a browser that has never been here, headers included; what it asked."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    arrived: list[float] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    context.close()
    assert len(arrived) == len(asked) >= 2
    return sum(arrived), asked
