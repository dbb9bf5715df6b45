"""The pages of registrations, on one blueprint."""

from events.registrations.views import links, mine, register, summary, triage
from events.registrations.views.page import pages

__all__ = ["links", "mine", "pages", "register", "summary", "triage"]
