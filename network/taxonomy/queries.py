"""Reading the vocabularies. All of it is public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from network.taxonomy.models import (
    AffectedPersons,
    Classification,
    Proposal,
    ReviewBody,
    State,
    Theme,
)

LAST = chr(0x10FFFF)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some States of a list, and the codes at which it goes on (`after`) and back (`before`)."""

    states: Sequence[State]
    after: str = ""
    before: str = ""


def piece(
    session: Session,
    wanted: Select[State],
    language: str,
    *,
    before: str,
    after: str,
    most: int,
) -> Piece:
    """At most `most` of the States wanted, in the order of their names, from one code on."""
    found = list(
        session.scalars(_placed(wanted, language, before=before, after=after).limit(most + 1))
    )
    more = len(found) > most
    cut = found[:most]
    if before:
        cut.reverse()
    return Piece(
        states=cut,
        after=cut[-1].iso3 if cut and (more or before) else "",
        before=cut[0].iso3 if cut and ((more and before) or after) else "",
    )


def _placed(wanted: Select[State], language: str, *, before: str, after: str) -> Select[State]:
    key = tuple_(order_key(language), State.iso3)
    edge = before or after
    order: tuple[Any, ...] = name_order(language)
    if not edge:
        return wanted.order_by(*order)
    known = select(order_key(language)).where(State.iso3 == edge).scalar_subquery()
    place = tuple_(func.coalesce(known, LAST if before else ""), literal(edge))
    if before:
        return wanted.where(key < place).order_by(*(column.desc() for column in order))
    return wanted.where(key > place).order_by(*order)


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
