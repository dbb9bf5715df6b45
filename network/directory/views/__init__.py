"""The pages of the directory, on one blueprint."""

from network.directory.views import consent, contacts, directory
from network.directory.views.page import pages

__all__ = ["consent", "contacts", "directory", "pages"]
