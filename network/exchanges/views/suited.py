"""What speaks for and against a bid, in sentences: its own words beside what was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core.languages import _
from core.web.filters import days, language_names
from network.exchanges.models_case import Bid
from network.exchanges.queries import Case
from network.exchanges.words import TYPES


@dataclass(frozen=True, kw_only=True)
class Suited:
    """Reasons for and against, each a sentence."""

    pro: list[str] = field(default_factory=list)
    con: list[str] = field(default_factory=list)


def suited(case: Case, bid: Bid) -> Suited:
    """The reasons for one bid; the order of bids says nothing."""
    found = Suited()
    _form(case, bid, found)
    _languages(case, bid, found)
    _days(case, bid, found)
    return found


def _form(case: Case, bid: Bid, found: Suited) -> None:
    asked = case.circulated.type
    if asked is None or bid.type is None:
        return
    if bid.type is asked:
        found.pro.append(_("Offers the form you asked for: %(type)s.", type=TYPES[bid.type]))
    else:
        found.con.append(_("Offers another form: %(type)s.", type=TYPES[bid.type]))


def _languages(case: Case, bid: Bid, found: Suited) -> None:
    if not case.circulated.languages:
        return
    common = [code for code in case.circulated.languages if code in bid.languages]
    if common:
        found.pro.append(
            _("You share a working language: %(names)s.", names=language_names(common))
        )
    else:
        found.con.append(_("You share no working language: interpretation would be needed."))


def _days(case: Case, bid: Bid, found: Suited) -> None:
    windows = [(one, two) for one, two in case.circulated.windows if one and two]
    if not windows or bid.from_on is None or bid.until_on is None:
        return
    shared = [
        (max(first, bid.from_on), min(last, bid.until_on))
        for first, last in windows
        if max(first, bid.from_on) <= min(last, bid.until_on)
    ]
    if shared:
        found.pro.append(_("The dates meet: %(days)s.", days=_earliest(shared)))
    else:
        found.con.append(_("The dates do not meet any of those you named."))


def _earliest(spans: list[tuple[date, date]]) -> str:
    return days(*spans[0])
