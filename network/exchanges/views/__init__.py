"""The pages of exchanges, on one blueprint."""

from network.exchanges.views.page import pages

__all__ = ["pages"]
