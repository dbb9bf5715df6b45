"""The pages of accounts, on one blueprint."""

from network.accounts.views import naming, prove, sign_in, workspace
from network.accounts.views.page import pages

__all__ = ["naming", "pages", "prove", "sign_in", "workspace"]
