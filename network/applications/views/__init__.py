"""The pages of applications, on one blueprint."""

from network.applications.views import desk, join, mine
from network.applications.views.page import pages

__all__ = ["desk", "join", "mine", "pages"]
