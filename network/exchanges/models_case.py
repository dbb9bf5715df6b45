"""What is said and done in a case: bids, declines, messages, dates, agreement, what came of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Identified, Model, by_value
from network.exchanges.models import LINE_MOST, TEXT_MOST
from network.exchanges.states import ExchangeState
from network.offers.models import ExchangeType


class BidState(StrEnum):
    """Where a bid stands. Its State's consent takes it from `waiting` to `sent`."""

    DRAFT = "draft"
    WAITING = "waiting"
    SENT = "sent"
    CHOSEN = "chosen"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"


class DeclineReason(StrEnum):
    """Why a member does not bid. The requester sees this word and never the note."""

    NO_CAPACITY = "no_capacity"
    NO_EXPERTISE = "no_expertise"
    DATES = "dates"
    LANGUAGE = "language"
    FUNDING = "funding"
    OTHER = "other"


class Audience(StrEnum):
    """Who reads a line of the timeline or the thread, besides the helpdesk."""

    PARTIES = "parties"
    REQUESTER = "requester"
    BIDDER = "bidder"
    HELPDESK = "helpdesk"


class MessageKind(StrEnum):
    """What a message in a case's thread is."""

    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"


class ProposalState(StrEnum):
    """Where proposed dates stand."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


class ReportState(StrEnum):
    """Where one side's short report stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    GIVEN = "given"
    WAIVED = "waived"


class Change(StrEnum):
    """What has changed six months later."""

    YES = "yes"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NO = "no"


class Bid(Identified, Model):
    """A State's answer to one request. Read by its author, the requester and the helpdesk only.

    `text_id` changes with its words, and the State's consent is to one of them. `round` is how
    often the case had been recirculated when the bid was made.
    """

    __tablename__ = "exchange_bid"
    __table_args__ = (
        Index(
            "uq_exchange_bid_one_choice",
            "exchange_id",
            unique=True,
            postgresql_where=text("state IN ('chosen', 'selected')"),
        ),
        Index(
            "uq_exchange_bid_one_each",
            "exchange_id",
            "state_id",
            "round",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_exchange_bid_state", "state_id", "state"),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    round: Mapped[int] = mapped_column(default=0)
    state: Mapped[BidState] = mapped_column(by_value(BidState), default=BidState.DRAFT)
    text_id: Mapped[UUID] = mapped_column(default_factory=uuid4, unique=True)
    type: Mapped[ExchangeType | None] = mapped_column(by_value(ExchangeType), default=None)
    offer: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    from_on: Mapped[date | None] = mapped_column(default=None)
    until_on: Mapped[date | None] = mapped_column(default=None)
    experts: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    costs: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    chosen_at: Mapped[datetime | None] = mapped_column(default=None)


class Decline(Identified, Model):
    """A member says that it will not bid this time. The note stays with the member."""

    __tablename__ = "exchange_decline"
    __table_args__ = (UniqueConstraint("exchange_id", "state_id", "round"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    round: Mapped[int] = mapped_column(default=0)
    reason: Mapped[DeclineReason] = mapped_column(by_value(DeclineReason))
    note: Mapped[str] = mapped_column(String(TEXT_MOST), default="", repr=False)
    at: Mapped[datetime]


class CaseEntry(Identified, Model):
    """One line of a case's timeline: what happened, by which person in which seat.

    `state_id` is the State it was done for; `bid_id` marks a line that only the bid's author,
    the requester and the helpdesk may read. `text` is the reason given, if any.
    """

    __tablename__ = "exchange_entry"
    __table_args__ = (Index("ix_exchange_entry", "exchange_id", "position"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    position: Mapped[int] = mapped_column(BigInteger, Identity(), init=False)
    at: Mapped[datetime]
    word: Mapped[str] = mapped_column(String(60))
    old: Mapped[ExchangeState | None] = mapped_column(by_value(ExchangeState), default=None)
    new: Mapped[ExchangeState | None] = mapped_column(by_value(ExchangeState), default=None)
    audience: Mapped[Audience] = mapped_column(by_value(Audience), default=Audience.PARTIES)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)
    state_id: Mapped[UUID | None] = mapped_column(ForeignKey("state.id"), default=None)
    bid_id: Mapped[UUID | None] = mapped_column(ForeignKey("exchange_bid.id"), default=None)
    text: Mapped[str] = mapped_column(String(TEXT_MOST), default="")


class CaseMessage(Identified, Model):
    """One message of the thread between the requester, the helpdesk and later the partner."""

    __tablename__ = "exchange_message"
    __table_args__ = (Index("ix_exchange_message", "exchange_id", "position"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    position: Mapped[int] = mapped_column(BigInteger, Identity(), init=False)
    at: Mapped[datetime]
    kind: Mapped[MessageKind] = mapped_column(by_value(MessageKind))
    text: Mapped[str] = mapped_column(String(TEXT_MOST), repr=False)
    audience: Mapped[Audience] = mapped_column(by_value(Audience), default=Audience.REQUESTER)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)


class Agreement(Identified, Model):
    """The terms, one row a version. Both States consent to the id of the newest one."""

    __tablename__ = "exchange_agreement"
    __table_args__ = (
        UniqueConstraint("exchange_id", "version"),
        CheckConstraint(
            "from_on IS NULL OR until_on IS NULL OR from_on <= until_on", name="days_in_order"
        ),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_bid.id"))
    version: Mapped[int]
    made_at: Mapped[datetime]
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)
    purpose: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    activities: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    outputs: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    costs: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    confidentiality: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    publish: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    from_on: Mapped[date | None] = mapped_column(default=None)
    until_on: Mapped[date | None] = mapped_column(default=None)
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), default=None)


class DateProposal(Identified, Model):
    """Dates that one side proposes and the other accepts or not. The newest open one counts."""

    __tablename__ = "exchange_dates"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="in_order"),
        Index(
            "uq_exchange_dates_open",
            "exchange_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(LINE_MOST), default="")
    note: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    state: Mapped[ProposalState] = mapped_column(
        by_value(ProposalState), default=ProposalState.OPEN
    )
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class Report(Identified, Model):
    """One side's short report. It counts once its State consents to these words (`text_id`)."""

    __tablename__ = "exchange_report"
    __table_args__ = (
        UniqueConstraint("exchange_id", "state_id"),
        CheckConstraint("(state = 'waived') = (waiver <> '')", name="waived_with_reason"),
        CheckConstraint("days IS NULL OR days BETWEEN 0 AND 999", name="days"),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)
    state: Mapped[ReportState] = mapped_column(by_value(ReportState), default=ReportState.DRAFT)
    text_id: Mapped[UUID] = mapped_column(default_factory=uuid4, unique=True)
    learned: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    decision: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    evidence_url: Mapped[str] = mapped_column(String(1_000), default="")
    days: Mapped[int | None] = mapped_column(default=None)
    costs: Mapped[str] = mapped_column(String(LINE_MOST), default="")
    would_repeat: Mapped[bool | None] = mapped_column(default=None)
    summary: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    waiver: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    changed_at: Mapped[datetime]
    given_at: Mapped[datetime | None] = mapped_column(default=None)


class FollowUp(Identified, Model):
    """One side's answer to the one question after six months."""

    __tablename__ = "exchange_follow_up"
    __table_args__ = (UniqueConstraint("exchange_id", "state_id"),)

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    change: Mapped[Change] = mapped_column(by_value(Change))
    text: Mapped[str] = mapped_column(String(TEXT_MOST), default="")
    at: Mapped[datetime]
