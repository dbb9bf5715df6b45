"""Standing offers for programs: what everybody may read of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from core import clock
from core.db import db
from core.web.access import access, anyone
from core.web.api import PREFIX, Api, Given, Paged, following
from network.mechanisms.answers import KEY, KEY_MOST
from network.offers import queries
from network.offers.models import Capacity, ExchangeType, Offer

api = Api("offers_api", "Offers", "What mechanisms offer to others, with their States' consent.")


class OffersAsked(Paged):
    """Which offers to answer."""

    after: Annotated[str, Field(max_length=KEY_MOST, pattern=KEY)] | None = Field(
        default=None, description="The key of the mechanism after which the list goes on."
    )


class OfferAnswer(Given):
    """A standing offer."""

    id: UUID = Field(description="The id of this version.")
    mechanism: str = Field(description="The key of the mechanism.")
    state: str = Field(description="The three letters of the State.")
    state_names: dict[str, str] = Field(description="Short names by language.")
    themes: list[str] = Field(description="Keys of themes.")
    capacities: list[Capacity]
    types: list[ExchangeType]
    languages: list[str]
    per_year: int = Field(description="How many exchanges a year it takes on.")
    paused_until: date | None = Field(description="The last day on which it takes none.")
    note: dict[str, str] = Field(description="The mechanism's own words, by language.")
    version: int
    mechanism_url: str


class OffersPage(Given):
    """Some offers, by the keys of their mechanisms."""

    items: list[OfferAnswer]
    next: str | None = Field(description="Where the list goes on; null at its end.")


@api.get("/offers")
@access(anyone)
@api.asked(OffersAsked)
@api.output(OffersPage)
@api.doc(operation_id="listOffers")
def offers(asked: OffersAsked) -> OffersPage:
    """List standing offers.

    Those that are public, paused ones too. Go on with `next` until it is null.
    """
    today = clock.now().date()
    found = queries.public_offers(db.session(), after=asked.after or "", most=asked.limit + 1)
    shown = found[: asked.limit]
    return OffersPage(
        items=[_answered(one, today) for one in shown],
        next=following(asked, shown[-1].mechanism.key) if len(found) > asked.limit else None,
    )


def _answered(offer: Offer, today: date) -> OfferAnswer:
    mechanism = offer.mechanism
    return OfferAnswer(
        id=offer.id,
        mechanism=mechanism.key,
        state=mechanism.state.iso3,
        state_names=mechanism.state.names,
        themes=offer.themes,
        capacities=[Capacity(key) for key in offer.capacities],
        types=[ExchangeType(key) for key in offer.types],
        languages=offer.languages,
        per_year=offer.per_year or 0,
        paused_until=offer.paused_until if offer.is_paused(today) else None,
        note=offer.note,
        version=offer.version,
        mechanism_url=f"{PREFIX}/mechanisms/{mechanism.id}",
    )
