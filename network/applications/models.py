"""Who belongs to the network, and who applies to: memberships, applications, questions to applicants."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value
from network.applications.states import ApplicationState
from network.seats.models import OrganisationKind
from network.taxonomy.models import State

NAME_MOST = 200
ADDRESS_MOST = 254
TEXT_MOST = 4_000
QUESTION_MOST = 2_000
REASON_MOST = 2_000


class MembershipStatus(StrEnum):
    """How a State stands to the network."""

    MEMBER = "member"
    OBSERVER = "observer"
    DORMANT = "dormant"
    WITHDRAWN = "withdrawn"


class Membership(Identified, Model):
    """How one State stands to the network from `since` until `until` (None: still).

    Membership is the State's, whether or not it has a mechanism. A change of status ends one row
    and begins the next. `admitted_by` proposed the admission, `second_by` is another person.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint('"until" IS NULL OR "until" >= since', name="ends_after_start"),
        CheckConstraint(
            "second_by IS NULL OR second_by <> admitted_by", name="second_person_admits"
        ),
        ExcludeConstraint(
            ("state_id", "="),
            (func.tstzrange(text("since"), text('"until"')), "&&"),
            name="ex_membership_one_at_a_time",
            using="gist",
        ),
        Index("ix_membership_status", "status"),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    status: Mapped[MembershipStatus] = mapped_column(by_value(MembershipStatus))
    since: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)
    document_id: Mapped[UUID | None] = mapped_column(default=None)
    admitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


class ApplicantKind(StrEnum):
    """Who applies."""

    STATE = "state"
    ORGANISATION = "organisation"


class Application(Identified, Model):
    """A State or an organisation wishes to join.

    `contact_name` is the focal point that the letter names, `address` the mailbox they read;
    `look_up` finds the row by it. `generation` ends older links. `nudges` counts who has been
    reminded of the present state, `due_at` is when the next one would be. `proposed_by` and
    `second_by` are two different people of the secretariat.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("(kind = 'state') = (state_id IS NOT NULL)", name="state_is_named"),
        CheckConstraint("(kind = 'state') = (wants IS NOT NULL)", name="state_wants"),
        CheckConstraint(
            "(kind = 'organisation') = (organisation_kind IS NOT NULL)", name="organisation_kind"
        ),
        CheckConstraint("wants IN ('member', 'observer')", name="wants_to_join"),
        CheckConstraint(
            "second_by IS NULL OR (proposed_by IS NOT NULL AND second_by <> proposed_by)",
            name="second_person_admits",
        ),
        CheckConstraint("state <> 'admitted' OR second_by IS NOT NULL", name="two_people_admit"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refusal_has_reason"),
        Index("ix_application_state", "state", "due_at"),
        Index("ix_application_state_id", "state_id"),
    )

    kind: Mapped[ApplicantKind] = mapped_column(by_value(ApplicantKind))
    state: Mapped[ApplicationState] = mapped_column(
        by_value(ApplicationState), default=ApplicationState.UNCONFIRMED
    )
    state_id: Mapped[UUID | None] = mapped_column(ForeignKey("state.id"), default=None)
    of_state: Mapped[State | None] = relationship(lazy="raise", repr=False, init=False)
    wants: Mapped[MembershipStatus | None] = mapped_column(by_value(MembershipStatus), default=None)
    organisation_name: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    organisation_kind: Mapped[OrganisationKind | None] = mapped_column(
        by_value(OrganisationKind), default=None
    )
    contact_name: Mapped[str] = mapped_column(String(NAME_MOST), repr=False)
    address: Mapped[str] = mapped_column(String(ADDRESS_MOST), repr=False)
    look_up: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), default=None, index=True, repr=False
    )
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(TEXT_MOST), default="", repr=False)
    letter_id: Mapped[UUID | None] = mapped_column(default=None)
    generation: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    state_since: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    nudges: Mapped[int] = mapped_column(default=0)
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    proposed_at: Mapped[datetime | None] = mapped_column(default=None)
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    reason: Mapped[str] = mapped_column(String(REASON_MOST), default="", repr=False)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)


class ApplicationQuestion(Identified, Model):
    """One question of the secretariat and its answer. The next waits until this one is answered."""

    __tablename__ = "application_question"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_moment"),
        Index(
            "uq_application_question_open",
            "application_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    application_id: Mapped[UUID] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(String(QUESTION_MOST))
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(TEXT_MOST), default=None, repr=False)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
