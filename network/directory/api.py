"""Mechanisms for programs: what is public, and with a token what its seat may see beside that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core import clock, search
from core.db import db
from core.errors import NotVisible
from core.languages import _
from core.web.access import access, anyone
from core.web.api import Api, following
from network.accounts.access import current_token
from network.directory.rules import audience_of
from network.mechanisms import queries
from network.mechanisms.answers import (
    Facets,
    MechanismAnswer,
    MechanismsAsked,
    MechanismsPage,
    answered,
)
from network.mechanisms.members import EVERYBODY, Audience, contacts_of
from network.mechanisms.models import Mechanism
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

    By their keys. `facets` counts what was found in all. Go on with `next` until it is null. A
    token of a State of the network, or of the secretariat, gives what its seat may know beside
    what is public; `q` then looks in that too.
    """
    today = clock.now().date()
    audience = _audience()
    wanted = Wanted(
        words=tuple(search.words(asked.q)),
        group=asked.group,
        region=asked.region,
        flag=asked.flag,
        name_status=asked.name_status,
        today=today,
        audience=audience or EVERYBODY,
        in_contacts=audience is not None,
    )
    found = queries.listed(db.session(), wanted, after=asked.after or "", most=asked.limit + 1)
    shown = found[: asked.limit]
    counted = queries.facets(db.session(), wanted)
    return MechanismsPage(
        items=_answers(shown, audience, today),
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
    audience = _audience()
    found = queries.one(db.session(), wanted_one(id_or_iso3), audience=audience or EVERYBODY)
    if found is None:
        raise NotVisible(_("No mechanism is known here under this id or code."))
    return _answers([found], audience, clock.now().date())[0]


def _audience() -> Audience | None:
    """What the token of this request may see; None without a token that counts now."""
    token = current_token()
    return audience_of(db.session(), token.seat, clock.now()) if token else None


def _answers(
    found: Sequence[Mechanism], audience: Audience | None, today: date
) -> list[MechanismAnswer]:
    if audience is None:
        return [answered(one, today) for one in found]
    contacts = contacts_of(db.session(), {one.state_id for one in found}, audience)
    return [answered(one, today, contacts[one.state_id]) for one in found]


def wanted_one(ref: str) -> UUID | str:
    """An id, or what may be a State's code in capitals."""
    try:
        return UUID(ref)
    except ValueError:
        return ref.upper()
