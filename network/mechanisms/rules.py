"""What everybody may read of a profile, and when it wants to be confirmed by its State."""

from __future__ import annotations

from datetime import date

from network.mechanisms.models import ProfileFact, Visibility

LEAP_DAY = (2, 29)


def a_year_before(day: date) -> date:
    """The same day twelve months earlier; the last of February for a leap day."""
    if (day.month, day.day) == LEAP_DAY:
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def last_known(fact: ProfileFact) -> date:
    """The latest day for which anybody said that a fact holds."""
    return max(fact.confirmed_on or date.min, fact.as_of or fact.recorded_on)


def is_to_confirm(fact: ProfileFact, today: date) -> bool:
    """Whether nobody has said for more than twelve months that a fact still holds."""
    return last_known(fact) < a_year_before(today)


def is_public(fact: ProfileFact) -> bool:
    """Whether everybody may read a fact; `members.visible_to` says the same to the database."""
    return not fact.is_hidden and fact.visibility is Visibility.PUBLIC
