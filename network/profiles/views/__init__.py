"""Pages on which a State looks after its own profile and gives its consent to it."""

from __future__ import annotations

from network.profiles.views import confirm, consent, own, versions
from network.profiles.views.page import pages

__all__ = ["confirm", "consent", "own", "pages", "versions"]
