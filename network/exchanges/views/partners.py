"""Who could help with a request, and why: explanation and order, for the State that asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import NotVisible
from core.languages import _, localized
from core.web.access import access
from network.accounts.access import seat
from network.exchanges import reasons
from network.exchanges.candidates import suggestions
from network.exchanges.matching import Suggestion
from network.exchanges.queries import READS_ALL
from network.exchanges.views.page import READS, case_here, names_for, pages, shared
from network.taxonomy.queries import themes

PAGE = 10


@pages.get("/<uuid:exchange_id>/partners")
@access(seat(*READS))
def partners(exchange_id: UUID) -> ResponseReturnValue:
    """The members that could be asked, the best fit first, each with what speaks for and against."""
    case = case_here(exchange_id)
    exchange = case.exchange
    if exchange is None or case.side not in READS_ALL:
        raise NotVisible(_("There is nothing here that you may read."))
    session = db.session()
    found = suggestions(session, exchange, clock.now())
    first = _first(request.args.get("skip"), len(found))
    piece = found[first : first + PAGE]
    of_themes = {theme.key: localized(theme.names) for theme in themes(session)}
    more = first + PAGE < len(found)
    return render_template(
        "exchanges/partners.html",
        **shared(case) | {"name": names_for(*(one.state_id for one in piece))},
        rows=[_row(one, of_themes) for one in piece],
        newer=_at(case.id, first - PAGE) if first else "",
        older=_at(case.id, first + PAGE) if more else "",
    )


def _row(one: Suggestion, of_themes: dict[str, str]) -> dict[str, Any]:
    """A suggestion in words, with the points of each reason."""
    return {
        "state_id": one.state_id,
        "score": one.score,
        "pro": [(reasons.words(part, of_themes), part.points) for part in one.reasons_for],
        "con": [(reasons.words(part, of_themes), part.points) for part in one.reasons_against],
    }


def _at(exchange_id: UUID, first: int) -> str:
    return url_for(".partners", exchange_id=exchange_id, skip=max(0, first))


def _first(typed: str | None, many: int) -> int:
    number = int(typed) if typed and typed.isascii() and typed.isdecimal() else 0
    return number if number < many else 0
