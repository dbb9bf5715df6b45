"""The directory as a table, one State's page, and the file to take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from core import clock, languages
from core.db import db
from core.documents import csvfile
from core.errors import NotVisible
from core.web.access import access
from network.accounts.access import seat
from network.directory import queries
from network.directory.facets import Facet, Reading
from network.directory.forms import LABELS, STANDINGS, choices, read_filters
from network.directory.rules import audience_of, check_reads
from network.directory.schemas import COLUMNS, as_rows
from network.directory.views.page import OF_STATE, acting, pages
from network.mechanisms.forms import CONTACT_KINDS, FIELDS, NAME_NOTES
from network.mechanisms.views import group_of
from network.taxonomy import queries as taxonomy

READS = (*OF_STATE, "secretariat", "helpdesk")


def _reading() -> Reading:
    now = clock.now()
    audience = audience_of(db.session(), acting(), now)
    check_reads(audience)
    return Reading(audience=audience, now=now)


@pages.get("/directory")
@access(seat(*READS))
def directory() -> ResponseReturnValue:
    """All States with a mechanism or in the network, to be searched and narrowed."""
    reading = _reading()
    offered = choices(taxonomy.themes(db.session()))
    filters = read_filters(request.args, offered)
    found = queries.page(db.session(), filters.wanted, reading, language=languages.current())
    return render_template(
        "directory/directory.html",
        pager=found,
        filters=filters,
        facets=[
            (facet, LABELS[facet], _counted(offered[facet], found.counts[facet])) for facet in Facet
        ],
        labels=LABELS,
        offered=offered,
        standings=STANDINGS,
        notes=NAME_NOTES,
        group_of=group_of,
    )


def _counted(names: Mapping[str, Any], counts: Mapping[str, int]) -> list[tuple[str, Any, int]]:
    """The words of a facet that anything has, each with its name and number."""
    return [(word, name, counts[word]) for word, name in names.items() if counts.get(word)]


@pages.get("/directory/<iso3>")
@access(seat(*READS))
def entry(iso3: str) -> ResponseReturnValue:
    """One State with everything that the reader may see of it."""
    reading = _reading()
    state = taxonomy.state(db.session(), iso3)
    if state is None:
        raise NotVisible
    [found] = queries.entries(db.session(), [state], reading, language=languages.current())
    return render_template(
        "directory/entry.html",
        entry=found,
        is_own=reading.audience.own_state == state.id,
        standings=STANDINGS,
        names=FIELDS,
        contact_kinds=CONTACT_KINDS,
        notes=NAME_NOTES,
        group=group_of(state),
    )


@pages.get("/directory.csv")
@access(seat(*READS))
def export() -> Response:
    """What the table holds, one line per fact and contact, for spreadsheets."""
    reading = _reading()
    filters = read_filters(request.args, choices(taxonomy.themes(db.session())))
    found = queries.everything(db.session(), filters.wanted, reading, language=languages.current())
    rows = (row for one in found for row in as_rows(one))
    return csvfile.download("directory.csv", COLUMNS, rows)
