"""The pages of accounts, on one blueprint."""

from network.accounts.views import hand_over, naming, nomination, prove, seats, sign_in, workspace
from network.accounts.views.page import pages, seat_pages

__all__ = [
    "hand_over",
    "naming",
    "nomination",
    "pages",
    "prove",
    "seat_pages",
    "seats",
    "sign_in",
    "workspace",
]
