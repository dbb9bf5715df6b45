"""A POST that is sent twice happens once: the second gets the first one's answer, for 24 hours.

A program names each act with an `Idempotency-Key`. What is kept of it is an HMAC of the caller
and the key, an HMAC of what was asked (keyed with the same key, so that two rows tell nothing of
whether their bodies were alike), and an answer of ids and plain words. What must not be kept, such
as a token, is left out and made anew by `renew`. A refusal changes nothing and is not kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from flask import request
from sqlalchemy import LargeBinary, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import db
from core.errors import Invalid
from core.house import house
from core.languages import _
from core.lookup import look_up
from core.model import Identified, Model
from core.web.api import Given

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=24)
_SHAPE = re.compile(r"[!-~]{1,200}")

Ids = Mapping[str, str | int]
Renew = Callable[[Ids], Mapping[str, Any]]


class KeptAnswer(Identified, Model):
    """What one act was answered with. `ids` is what `renew` needs, None if nothing was left out."""

    __tablename__ = "kept_answer"

    act: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    asked: Mapped[bytes] = mapped_column(LargeBinary(32), repr=False)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, repr=False)
    ids: Mapped[dict[str, Any] | None] = mapped_column(JSONB, default=None)


class KeyReused(Invalid):
    """The key stands for another act already. 422."""

    def __init__(self) -> None:
        super().__init__(
            {HEADER: _("This key was used for something else. Take a new key for a new act.")}
        )
        self.code = "idempotency-key-reused"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a view answers. The fields named in `unkept` are made anew from `ids` when asked again."""

    body: Given = field(repr=False)
    unkept: frozenset[str] = frozenset()
    ids: Ids | None = None


def once(renew: Renew | None = None) -> Callable[[Callable[..., Outcome]], Callable[..., Any]]:
    """Let a view happen once for each key; without a key it happens each time."""

    def mark(view: Callable[..., Outcome]) -> Callable[..., Any]:
        @wraps(view)
        def run(*args: Any, **kwargs: Any) -> Any:
            key = request.headers.get(HEADER)
            if key is None:
                return view(*args, **kwargs).body
            if not _SHAPE.fullmatch(key):
                raise Invalid({HEADER: _("A key has 1 to 200 letters, digits and signs of ASCII.")})
            secret, asked_by = house().index_key, request.headers.get("Authorization", "")
            act = look_up(secret, "act", asked_by, key)
            asked = look_up(secret, "asked", key, request.method, request.path, _said())
            session = db.session()
            new = begin(session, act=act, asked=asked, now=clock.now())
            if new is None:
                return _again(session, act, asked, renew)
            outcome = view(*args, **kwargs)
            keep(session, new, outcome)
            return outcome.body

        return run

    return mark


def _said() -> str:
    """The body in one spelling, so that only what it says counts."""
    sent = request.get_json() if request.content_length else None
    return json.dumps(sent, sort_keys=True, separators=(",", ":"))


def begin(session: Session, *, act: bytes, asked: bytes, now: datetime) -> UUID | None:
    """The id of a new row, or None if the act is known. Waits for one that is being done."""
    values = {"asked": asked, "expires_at": now + KEPT_FOR, "body": {}, "ids": None}
    row = insert(KeptAnswer).values(id=uuid4(), act=act, **values)
    return session.scalar(
        row.on_conflict_do_update(
            index_elements=[KeptAnswer.act], set_=values, where=KeptAnswer.expires_at <= now
        ).returning(KeptAnswer.id)
    )


def keep(session: Session, row_id: UUID, outcome: Outcome) -> None:
    """Write down what was answered, in the transaction of the act itself."""
    body = outcome.body.model_dump(mode="json", exclude=set(outcome.unkept))
    ids = dict(outcome.ids) if outcome.ids is not None else None
    session.execute(update(KeptAnswer).where(KeptAnswer.id == row_id).values(body=body, ids=ids))


def _again(
    session: Session, act: bytes, asked: bytes, renew: Renew | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The kept answer, and a header that says that nothing was done."""
    known = session.execute(
        select(KeptAnswer.asked, KeptAnswer.body, KeptAnswer.ids).where(KeptAnswer.act == act)
    ).one()
    if known.asked != asked:
        raise KeyReused
    body = dict(known.body)
    if renew is not None and known.ids is not None:
        body |= renew(known.ids)
    return body, {REPLAYED: "true"}


def forget(session: Session, *, now: datetime) -> int:
    """Delete answers that have had their time; how many."""
    gone = session.execute(
        delete(KeptAnswer).where(KeptAnswer.expires_at <= now).returning(KeptAnswer.id)
    )
    return len(gone.all())
