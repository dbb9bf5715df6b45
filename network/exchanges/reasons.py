"""The reasons of a suggestion in sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from babel.lists import format_list

from core.languages import _, _n, shape
from network.exchanges.matching import Part, Reason
from network.offers.forms import CAPACITIES, TYPES, language_name
from network.taxonomy.forms import GROUPS

Names = Mapping[str, str]


def words(part: Part, themes: Names) -> str:
    """One sentence for one reason. `themes`: names of themes by key, in the reader's language."""
    return SENTENCES[part.code](part.params, themes)


def _themes(params: Mapping[str, Any], themes: Names) -> str:
    shared = [themes.get(key, key) for key in params["shared"]]
    return _n(
        "Offers %(num)s of the themes you ask about: %(names)s.",
        "Offers %(num)s of the themes you ask about: %(names)s.",
        len(shared),
        names=_list(shared),
    )


def _capacities(params: Mapping[str, Any], _themes: Names) -> str:
    shared = [str(CAPACITIES[key]) for key in params["shared"]]
    return _("Can show what you ask for: %(names)s.", names=_list(shared))


def _type(params: Mapping[str, Any], _themes: Names) -> str:
    return _("Offers this form of exchange: %(type)s.", type=TYPES[params["type"]])


def _no_type(params: Mapping[str, Any], _themes: Names) -> str:
    return _(
        "Does not offer this form of exchange (%(type)s); another form may suit both.",
        type=TYPES[params["type"]],
    )


def _language(params: Mapping[str, Any], _themes: Names) -> str:
    names = _list([language_name(code) for code in params["languages"]])
    return _("You share a working language: %(names)s.", names=names)


def _group(params: Mapping[str, Any], _themes: Names) -> str:
    return _("Same regional group: %(name)s.", name=GROUPS[params["group"]])


def _held(params: Mapping[str, Any], _themes: Names) -> str:
    return _n(
        "Has given %(num)s exchange before.",
        "Has given %(num)s exchanges before.",
        params["held"],
    )


def _load(params: Mapping[str, Any], _themes: Names) -> str:
    return _(
        "Has agreed to %(busy)s of the %(per_year)s exchanges it takes on this year, and has"
        " %(bids)s bids open.",
        busy=params["busy"],
        per_year=params["per_year"],
        bids=params["bids"],
    )


def _hours_near(params: Mapping[str, Any], _themes: Names) -> str:
    return _n(
        "Working hours are close: %(num)s hour apart.",
        "Working hours are close: %(num)s hours apart.",
        params["hours"],
    )


def _hours_far(params: Mapping[str, Any], _themes: Names) -> str:
    return _n(
        "Clocks are %(num)s hour apart; calls would need an early or a late hour.",
        "Clocks are %(num)s hours apart; calls would need an early or a late hour.",
        params["hours"],
    )


def _list(names: list[str]) -> str:
    return str(format_list(names, locale=shape()))


SENTENCES: dict[Reason, Callable[[Mapping[str, Any], Names], str]] = {
    Reason.THEMES: _themes,
    Reason.NO_THEMES: lambda _p, _t: _(
        "Its offer names none of your themes; its way of working may still help."
    ),
    Reason.CAPACITIES: _capacities,
    Reason.NO_CAPACITIES: lambda _p, _t: _("Its offer names none of the capacities you ask for."),
    Reason.TYPE: _type,
    Reason.NO_TYPE: _no_type,
    Reason.LANGUAGE: _language,
    Reason.NO_LANGUAGE: lambda _p, _t: _(
        "You share no working language: interpretation would be needed."
    ),
    Reason.GROUP: _group,
    Reason.SIDS: lambda _p, _t: _("Both are small island developing States."),
    Reason.LDC: lambda _p, _t: _("Both are least developed countries."),
    Reason.LLDC: lambda _p, _t: _("Both are landlocked developing countries."),
    Reason.MECHANISM_TYPE: lambda _p, _t: _("Both mechanisms are of the same type."),
    Reason.BOTH_TOOLS: lambda _p, _t: _("Both work with a tracking tool."),
    Reason.TOOL_TO_SHOW: lambda _p, _t: _("Has a tracking tool to show."),
    Reason.PREFERRED: lambda _p, _t: _("You named it as a preferred partner. Only you see this."),
    Reason.HELD: _held,
    Reason.FIRST_TIME: lambda _p, _t: _("It knows how an exchange goes, and this is your first."),
    Reason.NONE_HELD: lambda _p, _t: _("Has given no exchange through the network before."),
    Reason.SATISFIED: lambda _p, _t: _("Those it worked with were satisfied."),
    Reason.DISSATISFIED: lambda _p, _t: _("Those it worked with had hoped for more."),
    Reason.LOAD: _load,
    Reason.SHOWN: lambda _p, _t: _(
        "Has been suggested to many others lately; somebody else may have more time."
    ),
    Reason.HOURS_NEAR: _hours_near,
    Reason.HOURS_FAR: _hours_far,
}
