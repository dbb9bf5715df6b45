"""What happens outside the database once a transaction has been committed, and only then."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

ACTS = "after_commit"

Act = Callable[[], None]


def after_commit(session: Session, act: Act) -> None:
    """Call `act` when the whole transaction is committed; forget it if any part around it is not."""
    around = []
    transaction = session.get_nested_transaction() or session.get_transaction()
    while transaction is not None:
        around.append(transaction)
        transaction = transaction.parent
    session.info.setdefault(ACTS, []).append((around, act))


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    """A savepoint ends with the same signal, while it is still the innermost part."""
    if not session.in_nested_transaction():
        for _around, act in session.info.pop(ACTS, []):
            act()


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(session: Session, part: SessionTransaction) -> None:
    acts = session.info.pop(ACTS, [])
    kept = [(around, act) for around, act in acts if part.nested and part not in around]
    if kept:
        session.info[ACTS] = kept
