"""For programs: what the holder of a registration does with its link. On the blueprint of `api`."""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.context import link
from core.db import db
from core.errors import Invalid, NotVisible
from core.house import house
from core.languages import _
from core.web.access import access, anyone
from core.web.idempotency import Ids, Outcome, once
from core.web.limits import per_sender, per_target
from events.programme import queries as programme
from events.registrations import changes
from events.registrations.api import api, link_bearer, personal_token
from events.registrations.schemas import (
    Confirmed,
    LinkAskedFor,
    LinkWanted,
    PassedOn,
    Sealing,
    Substitute,
)

__all__ = ["ask_link", "pass_on", "seal"]


@api.post("/registrations/links")
@access(anyone)
@per_sender("60 per hour")
@per_target("email", "4 per hour", act="link")
@api.takes(LinkWanted)
@api.output(LinkAskedFor, 202, description="If there is one, it is on its way.")
@api.doc(operation_id="askLink")
@once()
def ask_link(sent: LinkWanted) -> Outcome:
    """Have a lost link sent again.

    It goes by mail to the address, for every registration of that event that has it. Answer and
    work are the same whether there is one or not.
    """
    try:
        event = programme.event(db.session(), sent.event)
    except NotVisible:
        raise Invalid({"event": _("There is no event with this key.")}) from None
    changes.ask_link(db.session(), event=event, address=sent.email, house=house(), now=clock.now())
    return Outcome(body=LinkAskedFor(event=event.key))


@api.post("/registrations/<uuid:registration_id>/substitute")
@access(link_bearer)
@per_sender("120 per hour")
@per_target("email", "4 per hour", act="pass-on")
@api.takes(Substitute)
@api.output(PassedOn, 200, description="The seat has another holder.")
@api.doc(security=["link"], responses=[409], operation_id="passOn")
@once()
def pass_on(registration_id: UUID, sent: Substitute) -> Outcome:
    """Give a confirmed seat to another person.

    They get a link of their own by mail; this token ends. A moderated event checks them while the
    seat is held.
    """
    made = changes.pass_on(
        db.session(),
        registration_id=registration_id,
        name=sent.name,
        organisation=sent.organisation,
        address=sent.email,
        house=house(),
        by=link(registration_id),
        now=clock.now(),
    )
    return Outcome(body=PassedOn(id=made.id, state=made.state))


@api.post("/registrations/<uuid:registration_id>/seal")
@access(link_bearer)
@per_sender("120 per hour")
@api.takes(Sealing)
@api.output(Confirmed, 200, description="Sealed.")
@api.doc(security=["link"], responses=[409], operation_id="sealRegistration")
@once(renew=personal_token)
def seal(registration_id: UUID, sent: Sealing) -> Outcome:  # noqa: ARG001 -- saying it is the point
    """Go discreet from now on.

    Everything but category, mode and language is sealed and taken out of every open place. Older
    links and tokens end; the answer holds the new one.
    """
    made = changes.become_discreet(
        db.session(),
        registration_id=registration_id,
        house=house(),
        by=link(registration_id),
        now=clock.now(),
    )
    ids: Ids = {"registration": str(made.id), "generation": made.generation}
    return Outcome(
        body=Confirmed(id=made.id, state=made.state, **personal_token(ids)),
        unkept=frozenset({"token"}),
        ids=ids,
    )
