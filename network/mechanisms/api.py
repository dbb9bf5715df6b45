"""Mechanisms for programs: what the directory and its pages show."""

from __future__ import annotations

from uuid import UUID

from core import clock, search
from core.db import db
from core.errors import NotVisible
from core.languages import _
from core.web.access import access, anyone
from core.web.api import Api, following
from network.mechanisms import queries
from network.mechanisms.answers import (
    Facets,
    MechanismAnswer,
    MechanismsAsked,
    MechanismsPage,
    answered,
)
from network.mechanisms.queries import Wanted

api = Api(
    "mechanisms_api", "Mechanisms", "National mechanisms, each fact with its source and basis."
)


@api.get("/mechanisms")
@access(anyone)
@api.asked(MechanismsAsked)
@api.output(MechanismsPage)
@api.doc(operation_id="listMechanisms")
def mechanisms(asked: MechanismsAsked) -> MechanismsPage:
    """List mechanisms.

    By their keys. `facets` counts what was found in all. Go on with `next` until it is null.
    """
    today = clock.now().date()
    wanted = Wanted(
        words=tuple(search.words(asked.q)),
        group=asked.group,
        region=asked.region,
        flag=asked.flag,
        name_status=asked.name_status,
        today=today,
    )
    found = queries.listed(db.session(), wanted, after=asked.after or "", most=asked.limit + 1)
    shown = found[: asked.limit]
    counted = queries.facets(db.session(), wanted)
    return MechanismsPage(
        items=[answered(one, today) for one in shown],
        total=sum(counted["name_status"].values()),
        facets=Facets(**counted),
        next=following(asked, shown[-1].key) if len(found) > asked.limit else None,
    )


@api.get("/mechanisms/<id_or_iso3>")
@access(anyone)
@api.output(MechanismAnswer)
@api.doc(operation_id="readMechanism")
def mechanism(id_or_iso3: str) -> MechanismAnswer:
    """Read one mechanism.

    By its id, or by the three letters of its State: then the one that leads.
    """
    found = queries.one(db.session(), wanted_one(id_or_iso3))
    if found is None:
        raise NotVisible(_("No mechanism is known here under this id or code."))
    return answered(found, clock.now().date())


def wanted_one(ref: str) -> UUID | str:
    """An id, or what may be a State's code in capitals."""
    try:
        return UUID(ref)
    except ValueError:
        return ref.upper()
