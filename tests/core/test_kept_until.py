"""A kept page goes when the clock alone would change it."""

from __future__ import annotations

from datetime import timedelta

from core.web.pages import Shelf

KEY = ("/events/panel", "en")


def test_a_page_is_kept_until_the_clock_changes_it(clock):
    shelf = Shelf()
    shelf.open = True
    shelf.put(KEY, shelf.generation, [], b"open", clock.now() + timedelta(hours=1))
    assert shelf.get(KEY) is not None
    clock.forward(hours=2)
    assert shelf.get(KEY) is None


def test_a_page_without_such_a_moment_is_kept(clock):
    shelf = Shelf()
    shelf.open = True
    shelf.put(KEY, shelf.generation, [], b"always")
    clock.forward(days=400)
    assert shelf.get(KEY) is not None
