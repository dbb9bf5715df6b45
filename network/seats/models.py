"""Seats and who holds them, from when until when. Rights come from here and from nowhere else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model import Identified, Model, by_value

NAME_MOST = 200


class BodyKind(StrEnum):
    """What a seat belongs to."""

    STATE = "state"
    MECHANISM = "mechanism"
    ORGANISATION = "organisation"
    SECRETARIAT = "secretariat"
    PLATFORM = "platform"


class Role(StrEnum):
    """What a seat is for."""

    FOCAL_POINT = "focal_point"
    DEPUTY = "deputy"
    AUTHORISING = "authorising"
    SECRETARIAT = "secretariat"
    TRIAGE = "triage"
    RAPPORTEUR = "rapporteur"
    SERVICE_DESK = "service_desk"
    HELPDESK = "helpdesk"
    PROTECTION = "protection"
    ADMINISTRATOR = "administrator"


class OrganisationKind(StrEnum):
    """Who takes part without being a State or a mechanism."""

    NHRI = "nhri"
    UN_ENTITY = "un_entity"
    OHCHR_PRESENCE = "ohchr_presence"
    REGIONAL = "regional"
    NETWORK = "network"
    NGO = "ngo"
    UNIVERSITY = "university"


class Organisation(Identified, Model):
    """A supporter, registrant or contributor with its own seats. It never consents for a State."""

    __tablename__ = "organisation"

    kind: Mapped[OrganisationKind] = mapped_column(by_value(OrganisationKind))
    name: Mapped[dict[str, str]]
    is_demo: Mapped[bool] = mapped_column(default=False)


class Seat(Identified, Model):
    """A post that outlives its holders. `body_id` is None for the secretariat and the platform.

    `title` tells seats of one body apart (a ministry, a unit) and says nothing about a person.
    """

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint(
            "(body_id IS NULL) = (body_kind IN ('secretariat', 'platform'))", name="body"
        ),
        CheckConstraint(
            "role <> 'authorising' OR body_kind = 'state'", name="only_states_authorise"
        ),
        CheckConstraint(
            "role NOT IN ('secretariat', 'triage', 'rapporteur', 'service_desk', 'helpdesk')"
            " OR body_kind = 'secretariat'",
            name="secretariat_roles",
        ),
        CheckConstraint(
            "role NOT IN ('protection', 'administrator') OR body_kind = 'platform'",
            name="platform_roles",
        ),
        Index("ix_seat_body", "body_kind", "body_id"),
    )

    body_kind: Mapped[BodyKind] = mapped_column(by_value(BodyKind))
    body_id: Mapped[UUID | None] = mapped_column(default=None)
    role: Mapped[Role] = mapped_column(by_value(Role), index=True)
    title: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)


class Holder(Identified, Model):
    """One person in one seat from `since` until `until` (None: still).

    A nomination that takes two people counts only once `confirmed_at` is set.
    """

    __tablename__ = "holder"
    __table_args__ = (
        CheckConstraint('"until" IS NULL OR "until" >= since', name="ends_after_start"),
        CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> person_id"
            " AND confirmed_by IS DISTINCT FROM named_by)",
            name="second_person_confirms",
        ),
        ExcludeConstraint(
            ("seat_id", "="),
            (func.tstzrange(text("since"), text('"until"')), "&&"),
            name="ex_holder_one_at_a_time",
            using="gist",
        ),
        Index("ix_holder_person", "person_id"),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), init=False)
    seat: Mapped[Seat] = relationship(lazy="raise", repr=False)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)
    named_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    needs_confirmation: Mapped[bool] = mapped_column(default=False)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    document_id: Mapped[UUID | None] = mapped_column(default=None)


class Nomination(Identified, Model):
    """Who is to hold a seat from when on, with the letter that names them; an act once settled.

    Either a `seat_id` is given or a new seat is opened for `role` and `title` at the State. The
    successor is `person_id`, or somebody new called `name`; either is reached at `mailbox_id`.
    `since` None means from the moment it is settled. `name` is emptied once it is settled.
    """

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint("settled_at IS NULL OR dropped_at IS NULL", name="one_end"),
        CheckConstraint("(settled_at IS NULL) = (holder_id IS NULL)", name="settled_has_holder"),
        Index("ix_nomination_state", "state_id"),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    role: Mapped[Role] = mapped_column(by_value(Role))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), default=None)
    title: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    name: Mapped[str] = mapped_column(String(NAME_MOST), default="", repr=False)
    language: Mapped[str] = mapped_column(String(8), default="en")
    mailbox_id: Mapped[UUID] = mapped_column(ForeignKey("mailbox.id"))
    since: Mapped[datetime | None] = mapped_column(default=None)
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    document_id: Mapped[UUID | None] = mapped_column(default=None)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("holder.id"), default=None)
    dropped_at: Mapped[datetime | None] = mapped_column(default=None)


class Vacancy(Identified, Model):
    """A State has nobody in its lead seat, or nobody who may consent, until `filled_at`."""

    __tablename__ = "vacancy"
    __table_args__ = (
        CheckConstraint("role IN ('focal_point', 'authorising')", name="lead_roles"),
        Index(
            "uq_vacancy_open",
            "state_id",
            "role",
            unique=True,
            postgresql_where=text("filled_at IS NULL"),
        ),
    )

    state_id: Mapped[UUID] = mapped_column(ForeignKey("state.id"))
    role: Mapped[Role] = mapped_column(by_value(Role))
    noticed_at: Mapped[datetime]
    filled_at: Mapped[datetime | None] = mapped_column(default=None)


class Assignment(Identified, Model):
    """A task within a scope (the triage of one event) given to a seat, from–to; it ends by itself."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint('"until" IS NULL OR "until" >= since', name="ends_after_start"),
        Index("ix_assignment_scope", "scope_kind", "scope_id"),
        Index("ix_assignment_seat", "seat_id"),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    role: Mapped[Role] = mapped_column(by_value(Role))
    scope_kind: Mapped[str] = mapped_column(String(40))
    scope_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)
