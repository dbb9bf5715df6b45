"""Personal links: a token from a mail, exchanged for a short cookie and an address without it.

The cookie holds the row's id, the link's generation and when it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import session
from sqlalchemy.orm import Session
from wtforms import StringField

from core import clock, tokens
from core.db import db
from core.errors import Refused
from core.house import house
from core.languages import _l
from core.web.forms import PublicForm, Required

COOKIE_VALID = timedelta(hours=2)


class PersonalLinkNeeded(Refused):
    """The personal link was not opened in this browser, has ended, or is an older one."""

    status = 401
    code = "link-needed"


class CodeForm(PublicForm):
    """The code from the mail."""

    code = StringField(
        _l("Code"),
        [Required(_l("Type the six digits of the code."))],
        description=_l("Six digits"),
    )


@dataclass(frozen=True, kw_only=True)
class PersonalLinks:
    """The links to rows of one kind: what the visit remembers of them, and what their tokens are for.

    `generation_of` says which generation of a row's links is good, None if no link is.
    """

    cookie: str
    confirming: str
    purpose: str
    confirm_purpose: str
    generation_of: Callable[[Session, UUID], int | None]

    def remember(self, subject_id: UUID, generation: int) -> None:
        """Put a short cookie in the place of a link."""
        ends = (clock.now() + COOKIE_VALID).timestamp()
        session[self.cookie] = [str(subject_id), generation, ends]

    def remembers(self, subject_id: UUID) -> bool:
        """Whether the cookie names this row and has not ended."""
        known = self._remembered()
        return known is not None and known[0] == subject_id

    def holder(self) -> UUID | None:
        """The row of the link in this browser, None if the link or its cookie has ended."""
        known = self._remembered()
        if known is None or self.generation_of(db.session(), known[0]) != known[1]:
            return None
        return known[0]

    def exchange(self, token: str) -> bool:
        """Put a cookie in the place of a good link; False for any other."""
        link = tokens.read(house().secret_key, token, purpose=self.purpose)
        if link is None or self.generation_of(db.session(), link.subject_id) != link.generation:
            return False
        self.remember(link.subject_id, link.generation)
        return True

    def exchange_to_confirm(self, token: str) -> bool:
        """Keep what the link beside a code is about until its button is pressed; False if not genuine."""
        link = tokens.read(house().secret_key, token, purpose=self.confirm_purpose)
        if link is None:
            return False
        session[self.confirming] = [str(link.subject_id), link.generation]
        return True

    def to_confirm(self) -> UUID | None:
        """The row whose button this browser may press, None if its link has ended."""
        value = session.get(self.confirming)
        if not value:
            return None
        subject_id = UUID(value[0])
        is_good = self.generation_of(db.session(), subject_id) == value[1]
        return subject_id if is_good else None

    def _remembered(self) -> tuple[UUID, int] | None:
        value = session.get(self.cookie)
        if not value or value[2] < clock.now().timestamp():
            return None
        return UUID(value[0]), int(value[1])
