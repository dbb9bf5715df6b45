"""The pages of exchanges, on one blueprint."""

from network.exchanges.views import (
    bids,
    case,
    consent,
    dates,
    declines,
    desk,
    files,
    lists,
    outcome,
    parties,
    partners,
    request,
    subjects,
    terms,
    terms_of_time,
)
from network.exchanges.views.page import pages

__all__ = [
    "bids",
    "case",
    "consent",
    "dates",
    "declines",
    "desk",
    "files",
    "lists",
    "outcome",
    "pages",
    "parties",
    "partners",
    "request",
    "subjects",
    "terms",
    "terms_of_time",
]
