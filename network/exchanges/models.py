"""The case of one peer exchange: what is asked, by whom, with whom, and where it stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Interval,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value
from network.exchanges.states import ExchangeState
from network.offers.models import ExchangeType
from network.taxonomy.models import State

TITLE_MOST = 200
TEXT_MOST = 4_000
LINE_MOST = 300
WINDOWS = 3
MOST_ATTENDEES = 12
MOST_FILES = 5


class Funding(StrEnum):
    """Who could pay."""

    OWN = "own"
    SOUGHT = "sought"
    PARTNER = "partner"
    NONE_NEEDED = "none_needed"


class HoldReason(StrEnum):
    """Why a case stands still."""

    ASKED = "asked"
    WITHDRAWN = "consent_withdrawn"
    CONFLICT = "consents_conflict"
    ENDED = "consent_ended"
    VACANT = "seat_vacant"


class PartyRole(StrEnum):
    """What a party is in an exchange."""

    REQUESTER = "requester"
    PROVIDER = "provider"
    SUPPORTER = "supporter"
    OBSERVER = "observer"


class PartyKind(StrEnum):
    """What a party is in the world. Only a State has a consent to give."""

    STATE = "state"
    ORGANISATION = "organisation"


class PartyState(StrEnum):
    """Whether a party belongs to the case yet, or still."""

    INVITED = "invited"
    JOINED = "joined"
    LEFT = "left"


class WishKind(StrEnum):
    """What a requester privately wishes of a possible partner."""

    PREFERRED = "preferred"
    EXCLUDED = "excluded"


class Exchange(Identified, Model):
    """One case. `state_id` is the State that asks first; all parties stand in `party`.

    `text_id` names the words of the request: it changes with them, and a State's consent is to
    one `text_id`. `turn` counts the states entered, so that a reminder of one turn goes once.
    `look_at` is when its clock next has something to say. On hold `held_from` and `held_rest` keep where it stood and what was left of its clock.
    `neutral` is what members read where the case is confidential; `sequence` is the calendar
    entry's.
    """

    __tablename__ = "exchange"
    __table_args__ = (
        CheckConstraint("(state = 'on_hold') = (held_from IS NOT NULL)", name="hold_keeps_place"),
        CheckConstraint("starts_at IS NULL OR starts_at < ends_at", name="dates_in_order"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="dates_together"),
        CheckConstraint("recirculated BETWEEN 0 AND 2", name="recirculated_twice_at_most"),
        Index("ix_exchange_look", "look_at", postgresql_where=text("look_at IS NOT NULL")),
        Index("ix_exchange_state_since", "state", "state_since"),
    )

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    made_at: Mapped[datetime]
    state: Mapped[ExchangeState] = mapped_column(
        by_value(ExchangeState), default=ExchangeState.DRAFT
    )
    state_since: Mapped[datetime]
    turn: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    look_at: Mapped[datetime | None] = mapped_column(default=None)
    held_from: Mapped[ExchangeState | None] = mapped_column(by_value(ExchangeState), default=None)
    held_rest: Mapped[timedelta | None] = mapped_column(Interval, default=None)
    hold_reason: Mapped[HoldReason | None] = mapped_column(by_value(HoldReason), default=None)
    recirculated: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    text_id: Mapped[UUID] = mapped_column(default_factory=uuid4, unique=True)

    type: Mapped[ExchangeType | None] = mapped_column(by_value(ExchangeType), default=None)
    title: Mapped[str] = mapped_column(String(TITLE_MOST), default="")
    need: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    what_exists: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    wanted_outcome: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    is_confidential: Mapped[bool] = mapped_column(default=False)
    neutral: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    themes: Mapped[list[str]] = mapped_column(default_factory=list)
    capacities: Mapped[list[str]] = mapped_column(default_factory=list)
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    funding: Mapped[Funding | None] = mapped_column(by_value(Funding), default=None)
    funding_note: Mapped[str] = mapped_column(String(TEXT_MOST), default="")

    starts_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    place: Mapped[str] = mapped_column(String(LINE_MOST), default="")
    sequence: Mapped[int] = mapped_column(default=0)

    asking: Mapped[State] = relationship(lazy="raise", init=False, repr=False, viewonly=True)
    windows: Mapped[list[DateWindow]] = relationship(
        lazy="raise",
        default_factory=list,
        repr=False,
        cascade="all, delete-orphan",
        order_by="DateWindow.position",
    )
    attendees: Mapped[list[Attendee]] = relationship(
        lazy="raise",
        default_factory=list,
        repr=False,
        cascade="all, delete-orphan",
        order_by="Attendee.position",
    )
    wishes: Mapped[list[PartnerWish]] = relationship(
        lazy="raise", default_factory=list, repr=False, cascade="all, delete-orphan"
    )
    parties: Mapped[list[Party]] = relationship(
        lazy="raise", init=False, repr=False, viewonly=True, order_by="Party.invited_at"
    )

    @property
    def public_title(self) -> str:
        """What a member that is no party reads as its title; empty for a confidential case."""
        return "" if self.is_confidential else self.title


class DateWindow(Identified, Model):
    """Days on which the exchange could take place, the best one first."""

    __tablename__ = "exchange_window"
    __table_args__ = (
        UniqueConstraint("exchange_id", "position"),
        CheckConstraint("from_on IS NULL OR until_on IS NULL OR from_on <= until_on", name="order"),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), init=False)
    position: Mapped[int]
    from_on: Mapped[date | None] = mapped_column(default=None)
    until_on: Mapped[date | None] = mapped_column(default=None)


class Attendee(Identified, Model):
    """Who would take part for the requester: a post, and who steps in. Names may stay away."""

    __tablename__ = "exchange_attendee"
    __table_args__ = (UniqueConstraint("exchange_id", "position"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), init=False)
    position: Mapped[int]
    post: Mapped[str] = mapped_column(String(LINE_MOST), default="")
    name: Mapped[str] = mapped_column(String(LINE_MOST), default="", repr=False)
    substitute: Mapped[str] = mapped_column(String(LINE_MOST), default="", repr=False)


class PartnerWish(Identified, Model):
    """A State the requester would like, or wants kept out. Read by the requester and helpdesk only."""

    __tablename__ = "exchange_wish"
    __table_args__ = (UniqueConstraint("exchange_id", "state_id"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), init=False)
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"), index=True)
    kind: Mapped[WishKind] = mapped_column(by_value(WishKind))


class Party(Identified, Model):
    """A State or an organisation with a role in the case, from `joined_at` until `left_at`.

    A State that is added later joins once it and every other State party consent to this row.
    """

    __tablename__ = "exchange_party"
    __table_args__ = (
        Index(
            "uq_exchange_party_once",
            "exchange_id",
            "body_id",
            unique=True,
            postgresql_where=text("state <> 'left'"),
        ),
        Index("ix_exchange_party_body", "body_id", "exchange_id"),
        CheckConstraint(
            "kind = 'state' OR role IN ('supporter', 'observer')", name="organisations_support"
        ),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    kind: Mapped[PartyKind] = mapped_column(by_value(PartyKind), default=PartyKind.STATE)
    body_id: Mapped[UUID]
    role: Mapped[PartyRole] = mapped_column(by_value(PartyRole))
    state: Mapped[PartyState] = mapped_column(by_value(PartyState), default=PartyState.JOINED)
    needs_consent: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]
    joined_at: Mapped[datetime | None] = mapped_column(default=None)
    left_at: Mapped[datetime | None] = mapped_column(default=None)


class Attachment(Identified, Model):
    """A file that goes with a case. `for_members`: read by every member the case goes to."""

    __tablename__ = "exchange_attachment"
    __table_args__ = (Index("ix_exchange_attachment", "exchange_id"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    title: Mapped[str] = mapped_column(String(LINE_MOST), default="")
    for_members: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)


class Notice(Identified, Model):
    """That a reminder or an escalation of one turn has been given. One row, one mail each."""

    __tablename__ = "exchange_notice"
    __table_args__ = (UniqueConstraint("exchange_id", "turn", "word"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    turn: Mapped[int]
    word: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class Term(Identified, Model):
    """How long a state lasts where the secretariat has said something else than the table."""

    __tablename__ = "exchange_term"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 730", name="days"),)

    state: Mapped[ExchangeState] = mapped_column(by_value(ExchangeState), unique=True)
    days: Mapped[int]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
