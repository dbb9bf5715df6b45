"""Reading the vocabularies. All of it is public."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from network.taxonomy.models import (
    AffectedPersons,
    Classification,
    Proposal,
    ReviewBody,
    State,
    Theme,
)


def state(session: Session, iso3: str) -> State | None:
    """A State by its three letters, with its groups and lists."""
    return session.scalar(
        select(State).where(State.iso3 == iso3.upper()).options(selectinload(State.classifications))
    )


def states(session: Session, language: str) -> list[State]:
    """All States in the order of their names in `language`; for choice lists."""
    return list(session.scalars(select(State).order_by(*name_order(language))))


def name_order(language: str) -> tuple[Any, ...]:
    """How a list of States is ordered in `language`: by folded name, then by code."""
    return (order_key(language), State.iso3)


def order_key(language: str) -> ColumnElement[str]:
    """The folded name in `language`; in English for a State that has no name in it."""
    return func.coalesce(State.orders[language].astext, State.orders["en"].astext, State.iso3)


def classified(kind: str, word: str, day: date) -> ColumnElement[bool]:
    """Whether a State is in a group or on a list on `day`; to be used in a query on State."""
    return State.classifications.any(
        and_(Classification.kind == kind, Classification.word == word, holding(day))
    )


def holding(day: date) -> ColumnElement[bool]:
    """Whether a classification holds on `day`, as far as is known; as `rules.holds_on` says it."""
    return and_(
        or_(Classification.since.is_(None), Classification.since <= day),
        or_(Classification.until.is_(None), Classification.until > day),
    )


def themes(session: Session) -> list[Theme]:
    """All themes in their own order."""
    return list(session.scalars(select(Theme).order_by(Theme.position)))


def affected_persons(session: Session) -> list[AffectedPersons]:
    """All groups of affected persons in their own order."""
    return list(session.scalars(select(AffectedPersons).order_by(AffectedPersons.position)))


def review_bodies(session: Session) -> list[ReviewBody]:
    """All review bodies in their own order."""
    return list(session.scalars(select(ReviewBody).order_by(ReviewBody.position)))


def open_proposals(session: Session) -> list[Proposal]:
    """Differences between files and edited rows that nobody has decided, oldest first."""
    return list(
        session.scalars(
            select(Proposal)
            .where(Proposal.decision.is_(None))
            .order_by(
                Proposal.proposed_at,
                Proposal.record,
                Proposal.record_key,
                Proposal.field,
            )
        )
    )
