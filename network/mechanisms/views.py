"""The directory of States and mechanisms, and the page of each State."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock, languages
from core.db import db
from core.documents import csvfile
from core.errors import NotVisible
from core.web.access import access, anyone
from network.mechanisms import queries
from network.mechanisms.forms import CONTACT_KINDS, FIELDS, NAME_NOTES, read_filters
from network.mechanisms.members import EVERYBODY, contacts_of
from network.mechanisms.rules import is_to_confirm
from network.mechanisms.schemas import FACT_COLUMNS, as_fact_rows, as_open
from network.taxonomy import queries as taxonomy
from network.taxonomy import rules
from network.taxonomy.forms import FLAGS, GROUPS
from network.taxonomy.models import State

pages = Blueprint("mechanisms", __name__)


@pages.get("/network")
@access(anyone)
def directory() -> str:
    """All States and what is publicly known of their mechanisms, to be searched and narrowed."""
    now = clock.now()
    g.keep, g.keep_until = True, rules.next_day(now)
    filters = read_filters(request.args)
    found = queries.directory(db.session(), filters, language=languages.current(), today=now.date())
    return render_template(
        "mechanisms/directory.html",
        rows=found.rows,
        filters=filters,
        pager=found,
        notes=NAME_NOTES,
        group_of=group_of,
    )


@pages.get("/network/<iso3>")
@access(anyone)
def mechanism(iso3: str) -> ResponseReturnValue:
    """A State and its mechanisms, each fact with its source. No mechanism is an answer too."""
    if iso3 != iso3.upper():
        return redirect(url_for("mechanisms.mechanism", iso3=iso3.upper()), code=301)
    now = clock.now()
    g.keep, g.keep_until = True, rules.next_day(now)
    state = taxonomy.state(db.session(), iso3)
    if state is None:
        raise NotVisible
    profiles = queries.profiles(db.session(), state, language=languages.current())
    return render_template(
        "mechanisms/mechanism.html",
        state=state,
        profiles=profiles,
        is_compiled=any(profile.is_compiled for profile in profiles),
        contacts=contacts_of(db.session(), [state.id], EVERYBODY)[state.id],
        contact_kinds=CONTACT_KINDS,
        names=FIELDS,
        notes=NAME_NOTES,
        old={
            fact.id
            for profile in profiles
            for fact in profile.facts
            if is_to_confirm(fact, now.date())
        },
        group=group_of(state),
        flags=[
            (FLAGS[row.word], row, rules.leaving_is_unconfirmed(row, now.date()))
            for row in sorted(state.classifications, key=lambda row: row.word)
            if row.kind == "flag" and rules.holds_on(row, now.date())
        ],
    )


@pages.get("/open-data/mechanisms.json")
@access(anyone)
def open_json() -> Response:
    """All visible mechanisms with their facts."""
    return jsonify([as_open(mechanism) for mechanism in queries.published(db.session())])


@pages.get("/open-data/mechanisms.csv")
@access(anyone)
def open_csv() -> Response:
    """The same for spreadsheets, one line per fact."""
    rows = (row for found in queries.published(db.session()) for row in as_fact_rows(found))
    return csvfile.download("mechanisms.csv", FACT_COLUMNS, rows)


def group_of(state: State) -> str:
    """The name of the regional group a State is in today; empty for the few that are in none."""
    today = clock.now().date()
    for row in state.classifications:
        if row.kind == "group" and rules.holds_on(row, today):
            return str(GROUPS[row.word])
    return ""
