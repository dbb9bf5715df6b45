"""What an offer needs before it goes to its State's consent, and what may change without it."""

from __future__ import annotations

from datetime import date, timedelta

from core.errors import Invalid
from core.languages import _
from network.offers.models import Offer

LONGEST_PAUSE = timedelta(days=2 * 366)


def missing(offer: Offer) -> dict[str, str]:
    """One sentence for each part that is still empty; by field."""
    wanted = {
        "themes": (offer.themes, _("Choose at least one theme.")),
        "capacities": (offer.capacities, _("Choose at least one capacity.")),
        "types": (offer.types, _("Choose at least one form of exchange.")),
        "languages": (offer.languages, _("Choose at least one language.")),
        "per_year": (offer.per_year, _("Say how many exchanges a year you can take on.")),
    }
    return {field: sentence for field, (value, sentence) in wanted.items() if not value}


def check_complete(offer: Offer) -> None:
    """Raise Invalid with a sentence for each part that is missing."""
    problems = missing(offer)
    if problems:
        raise Invalid(problems)


def check_pause(until: date, today: date) -> None:
    """Raise Invalid unless a pause ends today or later, and not in a far future."""
    if until < today:
        raise Invalid({"until": _("This day has passed. Choose today or a later day.")})
    if until > today + LONGEST_PAUSE:
        raise Invalid({"until": _("Choose a day within the next two years.")})


def check_lower(offer: Offer, per_year: int) -> None:
    """Raise Invalid unless it is fewer a year than now: more needs the State's consent anew."""
    if offer.per_year is not None and not 1 <= per_year < offer.per_year:
        raise Invalid(
            {
                "fewer": _(
                    "Choose a number from 1 to %(most)s. More than now needs your State’s consent:"
                    " change the offer and send it.",
                    most=max(offer.per_year - 1, 1),
                )
            }
        )
