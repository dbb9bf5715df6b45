"""The pages of exchanges, on one blueprint."""

from network.exchanges.views import bids, consent, dates, declines, outcome, parties, terms
from network.exchanges.views.page import pages

__all__ = ["bids", "consent", "dates", "declines", "outcome", "pages", "parties", "terms"]
