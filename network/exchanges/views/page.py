"""What the pages of exchanges share: the blueprint, the seat one acts in, the case it may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, url_for
from flask.blueprints import BlueprintSetupState

from core import clock
from core.db import db
from core.errors import NotAllowed, Refused
from core.languages import _
from network.accounts.access import current_seat, current_visit
from network.accounts.forms import Press
from network.exchanges import queries, words
from network.exchanges.listing import state_names
from network.exchanges.queries import Case
from network.seats.models import Seat

pages = Blueprint("exchanges", __name__, url_prefix="/exchanges")

WRITES = ("focal_point", "deputy")
OF_STATE = (*WRITES, "authorising")
READS = (*OF_STATE, "helpdesk", "secretariat")


@pages.record_once
def _tell_templates(state: BlueprintSetupState) -> None:
    env = cast("Flask", state.app).jinja_env
    env.filters["in_zone"] = words.at
    env.filters["case_name"] = words.case_name


def acting() -> Seat:
    """The seat behind a page whose rule has let it in."""
    mine = current_seat()
    if mine is None:
        raise NotAllowed(_("The seat you act in may not do this."))
    return mine


def case_here(exchange_id: UUID) -> Case:
    """The case as the seat one acts in may read it, or NotVisible."""
    return queries.case(db.session(), exchange_id, acting(), clock.now())


def reader_zone() -> str:
    """The time zone of whoever reads."""
    visit = current_visit()
    return visit.person.zone if visit is not None and visit.person is not None else "UTC"


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of the States that a page speaks of."""

    known: dict[UUID, dict[str, str]]

    def __call__(self, state_id: UUID | None) -> str:
        """One of them in the reader's language."""
        return words.state_name(state_id, self.known)


def names_for(*state_ids: UUID | None) -> Names:
    """Names of these States, in one statement."""
    return Names(known=state_names(db.session(), [one for one in state_ids if one]))


def states_in(case: Case) -> set[UUID]:
    """Every State that a case's page may name to this reader."""
    ids: set[UUID | None] = {case.stands.state_id, case.circulated.requester_id}
    ids |= {entry.state_id for entry in case.timeline}
    if case.exchange is not None:
        ids |= {case.exchange.state_id, *(party.body_id for party in case.exchange.parties)}
        ids |= {bid.state_id for bid in case.bids} | {one.state_id for one in case.declines}
        ids |= {line.want.state_id for line in case.consents}
        ids |= {wish.state_id for wish in case.wishes}
    return {one for one in ids if one}


def title_of(case: Case) -> str:
    """What the page of a case is headed: neutral words where the reader is to know no more."""
    if case.exchange is not None:
        return words.case_name(case.exchange)
    return words.heading(case.circulated)


def trail_of(case: Case) -> list[tuple[str, str]]:
    """The way to the pages below a case's own, for breadcrumbs."""
    return [
        (_("Exchanges"), url_for("exchanges.cases")),
        (title_of(case), url_for("exchanges.case", exchange_id=case.id)),
    ]


def check_pressed() -> None:
    """Raise unless a button was pressed on a page of this visit."""
    if not Press().validate_on_submit():
        raise Refused(
            _("This page was open for too long. Go back, reload it and try again."), code="stale"
        )


def shared(case: Case) -> dict[str, Any]:
    """What every page about one case shows."""
    return {
        "case": case,
        "exchange": case.exchange,
        "heading_of_case": title_of(case),
        "trail": trail_of(case),
        "zone": reader_zone(),
        "words": words,
        "name": names_for(*states_in(case)),
    }
