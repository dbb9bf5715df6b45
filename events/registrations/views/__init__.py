"""The pages of registrations, on one blueprint."""

from events.registrations.views import letter, links, mine, register, summary, triage
from events.registrations.views.page import pages

__all__ = ["letter", "links", "mine", "pages", "register", "summary", "triage"]
