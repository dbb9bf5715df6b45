"""What speaks for and against a bid, in sentences: its own words beside what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core import clock
from core.db import db
from core.languages import _, localized
from core.web.filters import days, language_names
from network.exchanges import reasons
from network.exchanges.candidates import suggestions
from network.exchanges.matching import Part, Reason, Suggestion
from network.exchanges.models_case import Bid
from network.exchanges.queries import Case
from network.exchanges.words import TYPES
from network.taxonomy.queries import themes


@dataclass(frozen=True, kw_only=True)
class Suited:
    """Reasons for and against, each a sentence."""

    pro: list[str] = field(default_factory=list)
    con: list[str] = field(default_factory=list)


SAID_BY_THE_BID = frozenset({Reason.TYPE, Reason.NO_TYPE, Reason.LANGUAGE, Reason.NO_LANGUAGE})
"""Reasons of a standing offer that the bid's own words answer better."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of those who bid, read once for all of them."""

    case: Case
    offers: Mapping[UUID, Suggestion]
    themes: Mapping[str, str]

    def of(self, bid: Bid) -> Suited:
        """The reasons for one bid; the order of bids says nothing."""
        found = Suited()
        _form(self.case, bid, found)
        _languages(self.case, bid, found)
        _days(self.case, bid, found)
        offer = self.offers.get(bid.state_id)
        if offer is not None:
            found.pro.extend(self._sentences(offer.reasons_for))
            found.con.extend(self._sentences(offer.reasons_against))
        return found

    def _sentences(self, parts: Iterable[Part]) -> list[str]:
        return [
            reasons.words(part, self.themes) for part in parts if part.code not in SAID_BY_THE_BID
        ]


def suited(case: Case) -> Known:
    """What is known of the bidders of a case, from their standing offers where they have one."""
    session = db.session()
    offers = (
        {one.state_id: one for one in suggestions(session, case.exchange, clock.now())}
        if case.exchange is not None and case.bids
        else {}
    )
    return Known(
        case=case,
        offers=offers,
        themes={theme.key: localized(theme.names) for theme in themes(session)},
    )


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
