"""The pages of consents, on one blueprint, and what they put on the workspace."""

from network.consents.views import consents, desk, papers
from network.consents.views.consents import pages

__all__ = ["consents", "desk", "pages", "papers"]
