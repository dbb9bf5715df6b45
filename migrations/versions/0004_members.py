"""members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "application",
        sa.Column(
            "kind",
            sa.Enum("state", "organisation", name="applicantkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "unconfirmed",
                "received",
                "question",
                "answered",
                "proposed",
                "admitted",
                "refused",
                "withdrawn",
                "lapsed",
                name="applicationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_id", sa.Uuid(), nullable=True),
        sa.Column(
            "wants",
            sa.Enum(
                "member",
                "observer",
                "dormant",
                "withdrawn",
                name="membershipstatus",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("organisation_name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "organisation_kind",
            sa.Enum(
                "nhri",
                "un_entity",
                "ohchr_presence",
                "regional",
                "network",
                "ngo",
                "university",
                name="organisationkind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("look_up", sa.LargeBinary(length=32), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudges", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'organisation') = (organisation_kind IS NOT NULL)",
            name=op.f("ck_application_organisation_kind"),
        ),
        sa.CheckConstraint(
            "(kind = 'state') = (state_id IS NOT NULL)", name=op.f("ck_application_state_is_named")
        ),
        sa.CheckConstraint(
            "(kind = 'state') = (wants IS NOT NULL)", name=op.f("ck_application_state_wants")
        ),
        sa.CheckConstraint(
            "state <> 'admitted' OR second_by IS NOT NULL",
            name=op.f("ck_application_two_people_admit"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_application_refusal_has_reason")
        ),
        sa.CheckConstraint(
            "wants IN ('member', 'observer')", name=op.f("ck_application_wants_to_join")
        ),
        sa.CheckConstraint(
            "second_by IS NULL OR (proposed_by IS NOT NULL AND second_by <> proposed_by)",
            name=op.f("ck_application_second_person_admits"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_application_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_application_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["second_by"], ["person.id"], name=op.f("fk_application_second_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_application_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index(op.f("ix_application_look_up"), "application", ["look_up"], unique=False)
    op.create_index("ix_application_state", "application", ["state", "due_at"], unique=False)
    op.create_index("ix_application_state_id", "application", ["state_id"], unique=False)
    op.create_table(
        "exchange",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "clarification",
                "confirmation",
                "circulated",
                "choosing",
                "selected",
                "agreed",
                "scheduled",
                "held",
                "finished",
                "follow_up",
                "closed",
                "on_hold",
                "answered",
                "no_taker",
                "withdrawn",
                "declined",
                "expired",
                name="exchangestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "held_from",
            sa.Enum(
                "draft",
                "submitted",
                "clarification",
                "confirmation",
                "circulated",
                "choosing",
                "selected",
                "agreed",
                "scheduled",
                "held",
                "finished",
                "follow_up",
                "closed",
                "on_hold",
                "answered",
                "no_taker",
                "withdrawn",
                "declined",
                "expired",
                name="exchangestate",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("held_rest", sa.Interval(), nullable=True),
        sa.Column(
            "hold_reason",
            sa.Enum(
                "asked",
                "consent_withdrawn",
                "consents_conflict",
                "consent_ended",
                "seat_vacant",
                name="holdreason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("recirculated", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "expert_mission",
                "study_visit",
                "workshop",
                "online_clinic",
                "document_review",
                "mentoring",
                name="exchangetype",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("need", sa.String(length=4000), nullable=False),
        sa.Column("what_exists", sa.String(length=4000), nullable=False),
        sa.Column("wanted_outcome", sa.String(length=4000), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("neutral", sa.String(length=4000), nullable=False),
        sa.Column("themes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("capacities", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "funding",
            sa.Enum(
                "own",
                "sought",
                "partner",
                "none_needed",
                name="funding",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("funding_note", sa.String(length=4000), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'on_hold') = (held_from IS NOT NULL)",
            name=op.f("ck_exchange_hold_keeps_place"),
        ),
        sa.CheckConstraint(
            "(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_exchange_dates_together")
        ),
        sa.CheckConstraint(
            "recirculated BETWEEN 0 AND 2", name=op.f("ck_exchange_recirculated_twice_at_most")
        ),
        sa.CheckConstraint(
            "starts_at IS NULL OR starts_at < ends_at", name=op.f("ck_exchange_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_exchange_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("reference", name=op.f("uq_exchange_reference")),
        sa.UniqueConstraint("text_id", name=op.f("uq_exchange_text_id")),
    )
    op.create_index(
        "ix_exchange_look",
        "exchange",
        ["look_at"],
        unique=False,
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_exchange_state_id"), "exchange", ["state_id"], unique=False)
    op.create_index("ix_exchange_state_since", "exchange", ["state", "state_since"], unique=False)
    op.create_table(
        "exchange_term",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "clarification",
                "confirmation",
                "circulated",
                "choosing",
                "selected",
                "agreed",
                "scheduled",
                "held",
                "finished",
                "follow_up",
                "closed",
                "on_hold",
                "answered",
                "no_taker",
                "withdrawn",
                "declined",
                "expired",
                name="exchangestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 730", name=op.f("ck_exchange_term_days")),
        sa.ForeignKeyConstraint(
            ["set_by"], ["person.id"], name=op.f("fk_exchange_term_set_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_term")),
        sa.UniqueConstraint("state", name=op.f("uq_exchange_term_state")),
    )
    op.create_table(
        "membership",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "member",
                "observer",
                "dormant",
                "withdrawn",
                name="membershipstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("admitted_by", sa.Uuid(), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("state_id"), "="),
            (sa.text('tstzrange(since, "until")'), "&&"),
            using="gist",
            name="ex_membership_one_at_a_time",
        ),
        sa.CheckConstraint(
            '"until" IS NULL OR "until" >= since', name=op.f("ck_membership_ends_after_start")
        ),
        sa.CheckConstraint(
            "second_by IS NULL OR second_by <> admitted_by",
            name=op.f("ck_membership_second_person_admits"),
        ),
        sa.ForeignKeyConstraint(
            ["admitted_by"], ["person.id"], name=op.f("fk_membership_admitted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["second_by"], ["person.id"], name=op.f("fk_membership_second_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_membership_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_status", "membership", ["status"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "requests", "own_cases", "directory", name="topic", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "how", sa.Enum("now", "never", name="how", native_enum=False, length=40), nullable=False
        ),
        sa.Column("themes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("types", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_subscription_seat_id_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("seat_id", "topic", name=op.f("uq_subscription_seat_id_topic")),
    )
    op.create_table(
        "vacancy",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "focal_point",
                "deputy",
                "authorising",
                "secretariat",
                "triage",
                "rapporteur",
                "service_desk",
                "helpdesk",
                "protection",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('focal_point', 'authorising')", name=op.f("ck_vacancy_lead_roles")
        ),
        sa.ForeignKeyConstraint(["state_id"], ["state.id"], name=op.f("fk_vacancy_state_id_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy")),
    )
    op.create_index(
        "uq_vacancy_open",
        "vacancy",
        ["state_id", "role"],
        unique=True,
        postgresql_where=sa.text("filled_at IS NULL"),
    )
    op.create_table(
        "application_question",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=2000), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_application_question_answer_has_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_question_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_application_question_asked_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_question")),
    )
    op.create_index(
        op.f("ix_application_question_application_id"),
        "application_question",
        ["application_id"],
        unique=False,
    )
    op.create_index(
        "uq_application_question_open",
        "application_question",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "consent_conflict",
        sa.Column("withdrawal_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_conflict_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"],
            ["consent_withdrawal.id"],
            name=op.f("fk_consent_conflict_withdrawal_id_consent_withdrawal"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_conflict")),
        sa.UniqueConstraint("withdrawal_id", name=op.f("uq_consent_conflict_withdrawal_id")),
    )
    op.create_index(
        op.f("ix_consent_conflict_consent_id"), "consent_conflict", ["consent_id"], unique=False
    )
    op.create_table(
        "consent_kept",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_kept_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_consent_kept_holder_id_holder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_kept")),
        sa.UniqueConstraint(
            "consent_id", "holder_id", name=op.f("uq_consent_kept_consent_id_holder_id")
        ),
    )
    op.create_table(
        "contact",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("mechanism_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mailbox",
                "telephone",
                "address",
                "website",
                "person",
                name="contactkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "members", "secretariat", name="visibility", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum("public_source", "state", name="basis", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("source_url", sa.String(length=1000), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "basis <> 'public_source' OR source_url <> ''",
            name=op.f("ck_contact_public_has_source"),
        ),
        sa.CheckConstraint(
            "kind <> 'person' OR visibility <> 'public'",
            name=op.f("ck_contact_no_person_in_public"),
        ),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["mechanism.id"], name=op.f("fk_contact_mechanism_id_mechanism")
        ),
        sa.ForeignKeyConstraint(["state_id"], ["state.id"], name=op.f("fk_contact_state_id_state")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_contact_written_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("line_id", "version", name=op.f("uq_contact_line_id_version")),
    )
    op.create_index(op.f("ix_contact_mechanism_id"), "contact", ["mechanism_id"], unique=False)
    op.create_index(
        "ix_contact_sought",
        "contact",
        ["sought"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_contact_state_id"), "contact", ["state_id"], unique=False)
    op.create_index(
        "uq_contact_shown",
        "contact",
        ["line_id"],
        unique=True,
        postgresql_where=sa.text("shown_at IS NOT NULL AND NOT is_hidden"),
    )
    op.create_index(
        "uq_contact_waiting",
        "contact",
        ["line_id"],
        unique=True,
        postgresql_where=sa.text("shown_at IS NULL AND NOT is_hidden"),
    )
    op.create_table(
        "exchange_attachment",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("for_members", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_exchange_attachment_exchange_id_exchange"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_exchange_attachment_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_attachment_seat_id_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_attachment")),
    )
    op.create_index("ix_exchange_attachment", "exchange_attachment", ["exchange_id"], unique=False)
    op.create_table(
        "exchange_attendee",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("substitute", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_attendee_exchange_id_exchange")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_attendee")),
        sa.UniqueConstraint(
            "exchange_id", "position", name=op.f("uq_exchange_attendee_exchange_id_position")
        ),
    )
    op.create_table(
        "exchange_bid",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "sent",
                "chosen",
                "selected",
                "not_selected",
                "withdrawn",
                name="bidstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "expert_mission",
                "study_visit",
                "workshop",
                "online_clinic",
                "document_review",
                "mentoring",
                name="exchangetype",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("offer", sa.String(length=4000), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("experts", sa.String(length=4000), nullable=False),
        sa.Column("costs", sa.String(length=4000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_bid_exchange_id_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_bid_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_bid_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_bid")),
        sa.UniqueConstraint("text_id", name=op.f("uq_exchange_bid_text_id")),
    )
    op.create_index("ix_exchange_bid_state", "exchange_bid", ["state_id", "state"], unique=False)
    op.create_index(
        "uq_exchange_bid_one_choice",
        "exchange_bid",
        ["exchange_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('chosen', 'selected')"),
    )
    op.create_index(
        "uq_exchange_bid_one_each",
        "exchange_bid",
        ["exchange_id", "state_id", "round"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "exchange_dates",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "replaced",
                name="proposalstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_exchange_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_dates_exchange_id_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_dates_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_dates_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_dates")),
    )
    op.create_index(
        "uq_exchange_dates_open",
        "exchange_dates",
        ["exchange_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "exchange_decline",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "no_capacity",
                "no_expertise",
                "dates",
                "language",
                "funding",
                "other",
                name="declinereason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_decline_exchange_id_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_decline_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_decline_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_decline")),
        sa.UniqueConstraint(
            "exchange_id",
            "state_id",
            "round",
            name=op.f("uq_exchange_decline_exchange_id_state_id_round"),
        ),
    )
    op.create_table(
        "exchange_follow_up",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column(
            "change",
            sa.Enum("yes", "partly", "not_yet", "no", name="change", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_exchange_follow_up_exchange_id_exchange"),
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_follow_up_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_follow_up_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_follow_up")),
        sa.UniqueConstraint(
            "exchange_id", "state_id", name=op.f("uq_exchange_follow_up_exchange_id_state_id")
        ),
    )
    op.create_table(
        "exchange_message",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("question", "answer", "note", name="messagekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "parties",
                "requester",
                "bidder",
                "helpdesk",
                name="audience",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_message_exchange_id_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exchange_message_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_message_seat_id_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_message")),
    )
    op.create_index(
        "ix_exchange_message", "exchange_message", ["exchange_id", "position"], unique=False
    )
    op.create_table(
        "exchange_notice",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_notice_exchange_id_exchange")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_notice")),
        sa.UniqueConstraint(
            "exchange_id", "turn", "word", name=op.f("uq_exchange_notice_exchange_id_turn_word")
        ),
    )
    op.create_table(
        "exchange_party",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("state", "organisation", name="partykind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "requester",
                "provider",
                "supporter",
                "observer",
                name="partyrole",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("invited", "joined", "left", name="partystate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("needs_consent", sa.Boolean(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind = 'state' OR role IN ('supporter', 'observer')",
            name=op.f("ck_exchange_party_organisations_support"),
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_party_exchange_id_exchange")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_party")),
    )
    op.create_index(
        "ix_exchange_party_body", "exchange_party", ["body_id", "exchange_id"], unique=False
    )
    op.create_index(
        "uq_exchange_party_once",
        "exchange_party",
        ["exchange_id", "body_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'left'"),
    )
    op.create_table(
        "exchange_report",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "given",
                "waived",
                name="reportstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("learned", sa.String(length=4000), nullable=False),
        sa.Column("decision", sa.String(length=4000), nullable=False),
        sa.Column("evidence_url", sa.String(length=1000), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("costs", sa.String(length=300), nullable=False),
        sa.Column("would_repeat", sa.Boolean(), nullable=True),
        sa.Column("summary", sa.String(length=4000), nullable=False),
        sa.Column("waiver", sa.String(length=4000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waived') = (waiver <> '')",
            name=op.f("ck_exchange_report_waived_with_reason"),
        ),
        sa.CheckConstraint(
            "days IS NULL OR days BETWEEN 0 AND 999", name=op.f("ck_exchange_report_days")
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_report_exchange_id_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_report_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_report_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_report")),
        sa.UniqueConstraint(
            "exchange_id", "state_id", name=op.f("uq_exchange_report_exchange_id_state_id")
        ),
        sa.UniqueConstraint("text_id", name=op.f("uq_exchange_report_text_id")),
    )
    op.create_table(
        "exchange_window",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "from_on IS NULL OR until_on IS NULL OR from_on <= until_on",
            name=op.f("ck_exchange_window_order"),
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_window_exchange_id_exchange")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_window")),
        sa.UniqueConstraint(
            "exchange_id", "position", name=op.f("uq_exchange_window_exchange_id_position")
        ),
    )
    op.create_table(
        "exchange_wish",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("preferred", "excluded", name="wishkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_wish_exchange_id_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_wish_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_wish")),
        sa.UniqueConstraint(
            "exchange_id", "state_id", name=op.f("uq_exchange_wish_exchange_id_state_id")
        ),
    )
    op.create_index(op.f("ix_exchange_wish_state_id"), "exchange_wish", ["state_id"], unique=False)
    op.create_table(
        "nomination",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "focal_point",
                "deputy",
                "authorising",
                "secretariat",
                "triage",
                "rapporteur",
                "service_desk",
                "helpdesk",
                "protection",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_seat_id", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (holder_id IS NULL)",
            name=op.f("ck_nomination_settled_has_holder"),
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR dropped_at IS NULL", name=op.f("ck_nomination_one_end")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_nomination_holder_id_holder")
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name=op.f("fk_nomination_mailbox_id_mailbox")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_nomination_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_nomination_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_seat_id"], ["seat.id"], name=op.f("fk_nomination_proposed_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_nomination_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_nomination_settled_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_nomination_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    op.create_index("ix_nomination_state", "nomination", ["state_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("mechanism_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "published",
                "replaced",
                "withdrawn",
                name="offerstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("themes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("capacities", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("types", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("per_year", sa.Integer(), nullable=True),
        sa.Column("note", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column(
            "pause_reason",
            sa.Enum(
                "own_review",
                "staff_change",
                "government_change",
                "other_exchanges",
                "other",
                name="pausereason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back", sa.String(length=500), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR per_year IS NOT NULL", name=op.f("ck_offer_complete")
        ),
        sa.CheckConstraint(
            "(paused_until IS NULL) = (pause_reason IS NULL)",
            name=op.f("ck_offer_pause_has_reason"),
        ),
        sa.CheckConstraint(
            "per_year IS NULL OR per_year BETWEEN 1 AND 50", name=op.f("ck_offer_per_year")
        ),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["mechanism.id"], name=op.f("fk_offer_mechanism_id_mechanism")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["person.id"], name=op.f("fk_offer_updated_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("mechanism_id", "version", name=op.f("uq_offer_mechanism_id_version")),
    )
    op.create_index(
        "uq_offer_in_work",
        "offer",
        ["mechanism_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'waiting')"),
    )
    op.create_index(
        "uq_offer_published",
        "offer",
        ["mechanism_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "part_version",
        sa.Column("mechanism_id", sa.Uuid(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "name",
                "acronym",
                "type",
                "host",
                "year",
                "legal_basis",
                "composition",
                "secretariat",
                "meetings",
                "engagement",
                "coordination",
                "consultation",
                "information",
                "tracking_tool",
                "tool_address",
                "tool_state",
                "languages",
                name="field",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "published",
                "replaced",
                "refused",
                "withdrawn",
                name="partstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source_url", sa.String(length=1000), nullable=False),
        sa.Column("source_name", sa.String(length=400), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "members", "secretariat", name="visibility", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'replaced') OR (value <> '' AND language <> '' AND as_of IS NOT NULL AND (source_url <> '' OR source_name <> ''))",
            name=op.f("ck_part_version_complete"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_part_version_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["mechanism.id"], name=op.f("fk_part_version_mechanism_id_mechanism")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_part_version_seat_id_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_version")),
        sa.UniqueConstraint(
            "mechanism_id",
            "field",
            "number",
            name=op.f("uq_part_version_mechanism_id_field_number"),
        ),
    )
    op.create_index(
        "uq_part_version_open",
        "part_version",
        ["mechanism_id", "field"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'waiting')"),
    )
    op.create_index(
        "uq_part_version_published",
        "part_version",
        ["mechanism_id", "field", "language"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "practice",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exchange_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "validation",
                "review",
                "published",
                "reverification",
                "archived",
                name="practicestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("what_was_done", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("what_did_not_work", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("themes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("capacities", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bodies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_practice_exchange_id_exchange")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_practice_exchange_id")),
        sa.UniqueConstraint("key", name=op.f("uq_practice_key")),
        sa.UniqueConstraint("text_id", name=op.f("uq_practice_text_id")),
    )
    op.create_index("ix_practice_state", "practice", ["state", "key"], unique=False)
    op.create_table(
        "exchange_agreement",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=4000), nullable=False),
        sa.Column("activities", sa.String(length=4000), nullable=False),
        sa.Column("outputs", sa.String(length=4000), nullable=False),
        sa.Column("costs", sa.String(length=4000), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("confidentiality", sa.String(length=4000), nullable=False),
        sa.Column("publish", sa.String(length=4000), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "from_on IS NULL OR until_on IS NULL OR from_on <= until_on",
            name=op.f("ck_exchange_agreement_days_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["bid_id"], ["exchange_bid.id"], name=op.f("fk_exchange_agreement_bid_id_exchange_bid")
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchange.id"],
            name=op.f("fk_exchange_agreement_exchange_id_exchange"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_exchange_agreement_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_agreement_seat_id_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_agreement")),
        sa.UniqueConstraint(
            "exchange_id", "version", name=op.f("uq_exchange_agreement_exchange_id_version")
        ),
    )
    op.create_table(
        "exchange_entry",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column(
            "old",
            sa.Enum(
                "draft",
                "submitted",
                "clarification",
                "confirmation",
                "circulated",
                "choosing",
                "selected",
                "agreed",
                "scheduled",
                "held",
                "finished",
                "follow_up",
                "closed",
                "on_hold",
                "answered",
                "no_taker",
                "withdrawn",
                "declined",
                "expired",
                name="exchangestate",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "new",
            sa.Enum(
                "draft",
                "submitted",
                "clarification",
                "confirmation",
                "circulated",
                "choosing",
                "selected",
                "agreed",
                "scheduled",
                "held",
                "finished",
                "follow_up",
                "closed",
                "on_hold",
                "answered",
                "no_taker",
                "withdrawn",
                "declined",
                "expired",
                name="exchangestate",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "parties",
                "requester",
                "bidder",
                "helpdesk",
                name="audience",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("state_id", sa.Uuid(), nullable=True),
        sa.Column("bid_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bid_id"], ["exchange_bid.id"], name=op.f("fk_exchange_entry_bid_id_exchange_bid")
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_entry_exchange_id_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exchange_entry_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_exchange_entry_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_exchange_entry_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_entry")),
    )
    op.create_index(
        "ix_exchange_entry", "exchange_entry", ["exchange_id", "position"], unique=False
    )
    op.create_table(
        "practice_state",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_practice_state_practice_id_practice")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_practice_state_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_state")),
        sa.UniqueConstraint(
            "practice_id", "state_id", name=op.f("uq_practice_state_practice_id_state_id")
        ),
    )
    op.create_index("ix_practice_state_of", "practice_state", ["state_id"], unique=False)
    op.create_index(
        "ix_consent_until",
        "consent",
        ["until_on"],
        unique=False,
        postgresql_where=sa.text("until_on IS NOT NULL AND revoked_at IS NULL"),
    )
    op.add_column(
        "mechanism",
        sa.Column(
            "sourced_status",
            sa.Enum(
                "formal",
                "description",
                "unnamed",
                "no_mechanism_yet",
                "nhri_like",
                "withheld",
                name="namestatus",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "mechanism",
        sa.Column("is_described", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("mechanism", sa.Column("asked_on", sa.Date(), nullable=True))
    op.add_column(
        "profile_fact",
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "members", "secretariat", name="visibility", native_enum=False, length=40
            ),
            server_default="public",
            nullable=False,
        ),
    )
    op.add_column(
        "profile_fact",
        sa.Column("source_name", sa.String(length=400), server_default="", nullable=False),
    )
    op.add_column("profile_fact", sa.Column("confirmed_on", sa.Date(), nullable=True))
    op.add_column("profile_fact", sa.Column("confirmed_by", sa.Uuid(), nullable=True))
    op.add_column("profile_fact", sa.Column("version_id", sa.Uuid(), nullable=True))
    op.drop_constraint(
        op.f("uq_profile_fact_mechanism_id_field_language"), "profile_fact", type_="unique"
    )
    op.create_unique_constraint(
        op.f("uq_profile_fact_mechanism_id_field_language_basis"),
        "profile_fact",
        ["mechanism_id", "field", "language", "basis"],
    )
    op.create_foreign_key(
        op.f("fk_profile_fact_confirmed_by_person"),
        "profile_fact",
        "person",
        ["confirmed_by"],
        ["id"],
    )


def downgrade() -> None:

    op.drop_constraint(
        op.f("fk_profile_fact_confirmed_by_person"), "profile_fact", type_="foreignkey"
    )
    op.drop_constraint(
        op.f("uq_profile_fact_mechanism_id_field_language_basis"), "profile_fact", type_="unique"
    )
    op.create_unique_constraint(
        op.f("uq_profile_fact_mechanism_id_field_language"),
        "profile_fact",
        ["mechanism_id", "field", "language"],
        postgresql_nulls_not_distinct=False,
    )
    op.drop_column("profile_fact", "version_id")
    op.drop_column("profile_fact", "confirmed_by")
    op.drop_column("profile_fact", "confirmed_on")
    op.drop_column("profile_fact", "source_name")
    op.drop_column("profile_fact", "visibility")
    op.drop_column("mechanism", "asked_on")
    op.drop_column("mechanism", "is_described")
    op.drop_column("mechanism", "sourced_status")
    op.drop_index(
        "ix_consent_until",
        table_name="consent",
        postgresql_where=sa.text("until_on IS NOT NULL AND revoked_at IS NULL"),
    )
    op.drop_index("ix_practice_state_of", table_name="practice_state")
    op.drop_table("practice_state")
    op.drop_index("ix_exchange_entry", table_name="exchange_entry")
    op.drop_table("exchange_entry")
    op.drop_table("exchange_agreement")
    op.drop_index("ix_practice_state", table_name="practice")
    op.drop_table("practice")
    op.drop_index(
        "uq_part_version_published",
        table_name="part_version",
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_index(
        "uq_part_version_open",
        table_name="part_version",
        postgresql_where=sa.text("state IN ('draft', 'waiting')"),
    )
    op.drop_table("part_version")
    op.drop_index(
        "uq_offer_published", table_name="offer", postgresql_where=sa.text("state = 'published'")
    )
    op.drop_index(
        "uq_offer_in_work",
        table_name="offer",
        postgresql_where=sa.text("state IN ('draft', 'waiting')"),
    )
    op.drop_table("offer")
    op.drop_index("ix_nomination_state", table_name="nomination")
    op.drop_table("nomination")
    op.drop_index(op.f("ix_exchange_wish_state_id"), table_name="exchange_wish")
    op.drop_table("exchange_wish")
    op.drop_table("exchange_window")
    op.drop_table("exchange_report")
    op.drop_index(
        "uq_exchange_party_once",
        table_name="exchange_party",
        postgresql_where=sa.text("state <> 'left'"),
    )
    op.drop_index("ix_exchange_party_body", table_name="exchange_party")
    op.drop_table("exchange_party")
    op.drop_table("exchange_notice")
    op.drop_index("ix_exchange_message", table_name="exchange_message")
    op.drop_table("exchange_message")
    op.drop_table("exchange_follow_up")
    op.drop_table("exchange_decline")
    op.drop_index(
        "uq_exchange_dates_open",
        table_name="exchange_dates",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("exchange_dates")
    op.drop_index(
        "uq_exchange_bid_one_each",
        table_name="exchange_bid",
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.drop_index(
        "uq_exchange_bid_one_choice",
        table_name="exchange_bid",
        postgresql_where=sa.text("state IN ('chosen', 'selected')"),
    )
    op.drop_index("ix_exchange_bid_state", table_name="exchange_bid")
    op.drop_table("exchange_bid")
    op.drop_table("exchange_attendee")
    op.drop_index("ix_exchange_attachment", table_name="exchange_attachment")
    op.drop_table("exchange_attachment")
    op.drop_index(
        "uq_contact_waiting",
        table_name="contact",
        postgresql_where=sa.text("shown_at IS NULL AND NOT is_hidden"),
    )
    op.drop_index(
        "uq_contact_shown",
        table_name="contact",
        postgresql_where=sa.text("shown_at IS NOT NULL AND NOT is_hidden"),
    )
    op.drop_index(op.f("ix_contact_state_id"), table_name="contact")
    op.drop_index(
        "ix_contact_sought",
        table_name="contact",
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_contact_mechanism_id"), table_name="contact")
    op.drop_table("contact")
    op.drop_table("consent_kept")
    op.drop_index(op.f("ix_consent_conflict_consent_id"), table_name="consent_conflict")
    op.drop_table("consent_conflict")
    op.drop_index(
        "uq_application_question_open",
        table_name="application_question",
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_index(op.f("ix_application_question_application_id"), table_name="application_question")
    op.drop_table("application_question")
    op.drop_index(
        "uq_vacancy_open", table_name="vacancy", postgresql_where=sa.text("filled_at IS NULL")
    )
    op.drop_table("vacancy")
    op.drop_table("subscription")
    op.drop_index("ix_membership_status", table_name="membership")
    op.drop_table("membership")
    op.drop_table("exchange_term")
    op.drop_index("ix_exchange_state_since", table_name="exchange")
    op.drop_index(op.f("ix_exchange_state_id"), table_name="exchange")
    op.drop_index(
        "ix_exchange_look", table_name="exchange", postgresql_where=sa.text("look_at IS NOT NULL")
    )
    op.drop_table("exchange")
    op.drop_index("ix_application_state_id", table_name="application")
    op.drop_index("ix_application_state", table_name="application")
    op.drop_index(op.f("ix_application_look_up"), table_name="application")
    op.drop_table("application")
