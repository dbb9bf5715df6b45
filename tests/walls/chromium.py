"""Chromium, where there is one. `python -m tests.walls.chromium` asks whether there is."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str | None:
    """The program: `CHROMIUM` names it, or it is on the PATH, or Playwright downloaded one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    downloads = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")
    programs = sorted(Path(downloads).expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return str(programs[-1]) if programs else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the tests marked `browser` are left out, unless REQUIRE_BROWSER says no."""
    if found() or os.environ.get("REQUIRE_BROWSER"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="browser tests not run: there is no Chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium per xdist worker."""
    from playwright.sync_api import sync_playwright

    program = found()
    assert program, "REQUIRE_BROWSER is set and there is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader with no history; English, a laptop's screen."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that reader."""
    return context.new_page()


if __name__ == "__main__":
    sys.exit(0 if found() else 1)
