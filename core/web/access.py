"""Access is declared on each route, as a value that a test can compare with a table.

`@access(anyone)` and its like only mark a view; `guard` (before every request) asks the rule.
A view without a mark cannot be served.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """Who may come in. `check` raises a refusal of `core.errors`, or returns."""

    name: str
    check: Callable[[], None]


def _nothing() -> None:
    return None


anyone = Rule("anyone", _nothing)


def access(rule: Rule) -> Callable[[View], View]:
    """Mark a view with the rule that guards it."""

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # a mark on the function itself
        return view

    return mark


def rule_of(view: object) -> Rule | None:
    """The rule a view was marked with, looking through decorators that keep `__wrapped__`."""
    while view is not None:
        rule = getattr(view, "access_rule", None)
        if isinstance(rule, Rule):
            return rule
        view = getattr(view, "__wrapped__", None)
    return None


def guard() -> None:
    """Ask the rule of the view that is about to run."""
    if request.endpoint is None:
        return
    rule = rule_of(current_app.view_functions.get(request.endpoint))
    if rule is None:
        message = f"{request.endpoint} says nothing about who may come in"
        raise RuntimeError(message)
    rule.check()


def install(app: Flask) -> None:
    """Guard every route of `app`; an unmarked one is found when the application is made."""
    unmarked = [name for name, view in app.view_functions.items() if rule_of(view) is None]
    if unmarked:
        message = f"Routes without an access rule: {sorted(unmarked)}"
        raise RuntimeError(message)
    app.before_request(guard)
