"""What follows from what: the one place that says which fact leads to which effects.

A handler takes `(session, fact, now)`, runs in the dispatcher's transaction and may run again
after a crash, so each of its effects has a unique key. It queues mails and calls verbs; it calls
no broker and no mail server. Two slices that must not know each other meet here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.outbox import Fact

Handler = Callable[[Session, Any, datetime], None]

SUBSCRIPTIONS: dict[type[Fact], tuple[Handler, ...]] = {}

FOR_THE_RECORD: frozenset[type[Fact]] = frozenset()
"""Facts that nothing follows from yet; named here so that none is forgotten by accident."""
