"""tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "affected_persons",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affected_persons")),
        sa.UniqueConstraint("key", name=op.f("uq_affected_persons_key")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("proved", sa.String(length=20), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("personal_hash", sa.String(length=64), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_entry_position")),
    )
    op.create_index(
        "ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_id"], unique=False
    )
    op.create_index(
        "ix_audit_entry_unsealed",
        "audit_entry",
        ["sequence"],
        unique=False,
        postgresql_where=sa.text("hash IS NULL"),
    )
    op.create_table(
        "code",
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_key", sa.String(length=12), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
    )
    op.create_index(op.f("ix_code_subject_id"), "code", ["subject_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=80), nullable=False),
        sa.Column("queue", sa.String(length=10), nullable=False),
        sa.Column("recipient_kind", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("fact_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "retrying",
                "sent",
                "failed",
                "refused",
                "suppressed",
                "cancelled",
                name="deliverystate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("queue IN ('codes', 'mail', 'vault')", name=op.f("ck_delivery_queue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'retrying')"),
    )
    op.create_index(
        "ix_delivery_recipient", "delivery", ["recipient_kind", "recipient_id"], unique=False
    )
    op.create_index("ix_delivery_state_queue", "delivery", ["state", "queue"], unique=False)
    op.create_table(
        "event",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("date_precision", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("place", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("mandate", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "announced",
                "published",
                "postponed",
                "cancelled",
                "held",
                "reported",
                "due",
                name="status",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "policy",
            sa.Enum(
                "none",
                "interest",
                "automatic",
                "moderated",
                name="policy",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("joining", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "date_precision IN ('day', 'month')", name=op.f("ck_event_date_precision")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_event_ends_after_start")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("key", name=op.f("uq_event_key")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "kept_answer",
        sa.Column("act", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ids", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("act", name=op.f("uq_kept_answer_act")),
    )
    op.create_index(op.f("ix_kept_answer_expires_at"), "kept_answer", ["expires_at"], unique=False)
    op.create_table(
        "mailbox",
        sa.Column("look_up", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
        sa.UniqueConstraint("look_up", name=op.f("uq_mailbox_look_up")),
    )
    op.create_table(
        "organisation",
        sa.Column(
            "kind",
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
            nullable=False,
        ),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "outbox",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["sequence"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "proposal",
        sa.Column("record", sa.String(length=60), nullable=False),
        sa.Column("record_key", sa.String(length=120), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('taken', 'declined')",
            name=op.f("ck_proposal_decision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "record",
            "record_key",
            "field",
            "new",
            name=op.f("uq_proposal_record_record_key_field_new"),
        ),
    )
    op.create_table(
        "review_body",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("acronym", sa.String(length=20), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("adopted", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_body")),
        sa.UniqueConstraint("key", name=op.f("uq_review_body_key")),
    )
    op.create_table(
        "seat",
        sa.Column(
            "body_kind",
            sa.Enum(
                "state",
                "mechanism",
                "organisation",
                "secretariat",
                "platform",
                name="bodykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body_id", sa.Uuid(), nullable=True),
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
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(body_id IS NULL) = (body_kind IN ('secretariat', 'platform'))",
            name=op.f("ck_seat_body"),
        ),
        sa.CheckConstraint(
            "role <> 'authorising' OR body_kind = 'state'",
            name=op.f("ck_seat_only_states_authorise"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('protection', 'administrator') OR body_kind = 'platform'",
            name=op.f("ck_seat_platform_roles"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('secretariat', 'triage', 'rapporteur', 'service_desk', 'helpdesk') OR body_kind = 'secretariat'",
            name=op.f("ck_seat_secretariat_roles"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index("ix_seat_body", "seat", ["body_kind", "body_id"], unique=False)
    op.create_index(op.f("ix_seat_role"), "seat", ["role"], unique=False)
    op.create_table(
        "state",
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("iso2", sa.String(length=2), nullable=False),
        sa.Column("m49", sa.String(length=3), nullable=False),
        sa.Column(
            "un_status",
            sa.Enum(
                "member", "observer", "non-member", name="unstatus", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("orders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("subregion", sa.String(length=60), nullable=False),
        sa.Column("is_invented", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT is_invented OR iso3 LIKE 'X%%'", name=op.f("ck_state_invented_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state")),
        sa.UniqueConstraint("iso2", name=op.f("uq_state_iso2")),
        sa.UniqueConstraint("iso3", name=op.f("uq_state_iso3")),
    )
    op.create_index(
        "ix_state_sought",
        "state",
        ["sought"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.create_table(
        "stored_file",
        sa.Column("owner_kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_key", sa.String(length=12), nullable=True),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index("ix_stored_file_owner", "stored_file", ["owner_kind", "owner_id"], unique=False)
    op.create_table(
        "theme",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("family", sa.String(length=80), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("key", name=op.f("uq_theme_key")),
    )
    op.create_table(
        "api_token",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_api_token_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index("ix_api_token_seat", "api_token", ["seat_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
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
        sa.Column("scope_kind", sa.String(length=40), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            '"until" IS NULL OR "until" >= since', name=op.f("ck_assignment_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_assignment_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_scope", "assignment", ["scope_kind", "scope_id"], unique=False)
    op.create_index("ix_assignment_seat", "assignment", ["seat_id"], unique=False)
    op.create_table(
        "audit_personal",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_personal_entry_id_audit_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_personal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_personal_entry_id")),
    )
    op.create_table(
        "consent",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "exchange_request",
                "bid",
                "selection",
                "agreement",
                "outcome",
                "profile_part",
                "practice",
                "standing_offer",
                name="consentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("publish", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("own factor", "paper", name="basis", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("proved", sa.String(length=20), nullable=True),
        sa.Column("has_both_seats", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contestable_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contested_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "basis <> 'own factor' OR proved IN ('totp', 'passkey', 'printed')",
            name=op.f("ck_consent_own_factor"),
        ),
        sa.CheckConstraint(
            "basis <> 'own factor' OR seat_id IS NOT NULL", name=op.f("ck_consent_seat_speaks")
        ),
        sa.CheckConstraint(
            "basis <> 'paper' OR (document_id IS NOT NULL AND entered_by IS NOT NULL)",
            name=op.f("ck_consent_paper_is_kept"),
        ),
        sa.CheckConstraint(
            "basis <> 'paper' OR seat_id IS NULL", name=op.f("ck_consent_paper_has_no_seat")
        ),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_consent_second_has_moment")
        ),
        sa.CheckConstraint(
            "from_on IS NULL OR until_on IS NULL OR from_on <= until_on",
            name=op.f("ck_consent_days_in_order"),
        ),
        sa.CheckConstraint(
            "second_by IS NULL OR second_by <> entered_by",
            name=op.f("ck_consent_paper_takes_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["contested_by"], ["person.id"], name=op.f("fk_consent_contested_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_consent_entered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["person.id"], name=op.f("fk_consent_revoked_by_person")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_consent_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["second_by"], ["person.id"], name=op.f("fk_consent_second_by_person")
        ),
        sa.ForeignKeyConstraint(["state_id"], ["state.id"], name=op.f("fk_consent_state_id_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(
        "ix_consent_subject", "consent", ["state_id", "kind", "subject_id"], unique=False
    )
    op.create_index(
        "uq_consent_voice",
        "consent",
        ["kind", "subject_id", "seat_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL AND seat_id IS NOT NULL"),
    )
    op.create_table(
        "consent_rule",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column(
            "need",
            sa.Enum("any_one", "all", name="need", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by"], ["person.id"], name=op.f("fk_consent_rule_set_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_consent_rule_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_rule")),
        sa.UniqueConstraint("state_id", name=op.f("uq_consent_rule_state_id")),
    )
    op.create_table(
        "consent_withdrawal",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "exchange_request",
                "bid",
                "selection",
                "agreement",
                "outcome",
                "profile_part",
                "practice",
                "standing_offer",
                name="consentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("proved", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_withdrawal_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_consent_withdrawal_seat_id_seat")
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_consent_withdrawal_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_withdrawal")),
    )
    op.create_index(
        "ix_consent_withdrawal_subject",
        "consent_withdrawal",
        ["state_id", "kind", "subject_id"],
        unique=False,
    )
    op.create_index(
        "uq_consent_withdrawal_standing",
        "consent_withdrawal",
        ["kind", "subject_id", "seat_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "event_document",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_document_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_document")),
    )
    op.create_index(
        op.f("ix_event_document_event_id"), "event_document", ["event_id"], unique=False
    )
    op.create_table(
        "event_need",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("room", "online", name="mode", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "need",
            sa.Enum(
                "captions",
                "sign",
                "step_free",
                "companion",
                "large_print",
                "braille",
                "remote",
                name="need",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_need_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_need")),
    )
    op.create_index("ix_event_need_event", "event_need", ["event_id", "mode"], unique=False)
    op.create_table(
        "event_seats",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("room", "online", name="mode", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("shown", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity >= 0", name=op.f("ck_event_seats_capacity_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_seats_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_seats")),
        sa.UniqueConstraint("event_id", "mode", name=op.f("uq_event_seats_event_id_mode")),
    )
    op.create_table(
        "factor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "totp",
                "passkey",
                "printed",
                "enrolment",
                name="factorkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked", sa.LargeBinary(), nullable=True),
        sa.Column("lock_id", sa.String(length=12), nullable=True),
        sa.Column("last_counter", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'totp') = (locked IS NOT NULL)", name=op.f("ck_factor_totp_is_locked")
        ),
        sa.CheckConstraint(
            "(kind IN ('printed', 'enrolment')) = (digest IS NOT NULL)",
            name=op.f("ck_factor_code_is_digest"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_factor_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
    )
    op.create_index("ix_factor_person", "factor", ["person_id"], unique=False)
    op.create_table(
        "holder",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.Column("needs_confirmation", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("seat_id"), "="),
            (sa.text('tstzrange(since, "until")'), "&&"),
            using="gist",
            name="ex_holder_one_at_a_time",
        ),
        sa.CheckConstraint(
            '"until" IS NULL OR "until" >= since', name=op.f("ck_holder_ends_after_start")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> person_id AND confirmed_by IS DISTINCT FROM named_by)",
            name=op.f("ck_holder_second_person_confirms"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_holder_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["person.id"], name=op.f("fk_holder_named_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_holder_person_id_person")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_holder_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
    )
    op.create_index("ix_holder_person", "holder", ["person_id"], unique=False)
    op.create_table(
        "mechanism",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("name_language", sa.String(length=8), nullable=False),
        sa.Column("translations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "name_status",
            sa.Enum(
                "formal",
                "description",
                "unnamed",
                "no_mechanism_yet",
                "nhri_like",
                name="namestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("acronym", sa.String(length=40), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(length=1000), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_mechanism_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mechanism")),
        sa.UniqueConstraint("key", name=op.f("uq_mechanism_key")),
    )
    op.create_index(
        "ix_mechanism_sought",
        "mechanism",
        ["sought"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_mechanism_state_id"), "mechanism", ["state_id"], unique=False)
    op.create_index(
        "uq_mechanism_lead",
        "mechanism",
        ["state_id"],
        unique=True,
        postgresql_where=sa.text("is_lead"),
    )
    op.create_table(
        "published_summary",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checksum", sa.LargeBinary(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_published_summary_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_summary")),
        sa.UniqueConstraint(
            "event_id",
            "language",
            "version",
            name=op.f("uq_published_summary_event_id_language_version"),
        ),
    )
    op.create_table(
        "reader",
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            '"until" IS NULL OR "until" >= since', name=op.f("ck_reader_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name=op.f("fk_reader_mailbox_id_mailbox")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reader_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
    )
    op.create_index("ix_reader_mailbox", "reader", ["mailbox_id"], unique=False)
    op.create_index("ix_reader_person", "reader", ["person_id"], unique=False)
    op.create_table(
        "registration",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unconfirmed",
                "interested",
                "pending",
                "waiting",
                "offered",
                "confirmed",
                "rechecked",
                "passed",
                "refused",
                "cancelled",
                "lapsed",
                name="registrationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "state",
                "observer",
                "mechanism",
                "nhri",
                "un",
                "regional",
                "ngo",
                "academia",
                "parliament",
                "local",
                "statistics",
                "mandate",
                "other",
                name="category",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum("room", "online", name="mode", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "listing",
            sa.Enum(
                "full", "organisation", "unlisted", name="listing", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("wants_summary", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("look_up", sa.LargeBinary(length=32), nullable=True),
        sa.Column("receipt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "NOT discreet OR listing = 'unlisted'",
            name=op.f("ck_registration_discreet_is_unlisted"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_registration_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_registration_event_id_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_registration_receipt")),
    )
    op.create_index(
        "ix_registration_double",
        "registration",
        ["fingerprint"],
        unique=False,
        postgresql_where=sa.text("state = 'unconfirmed'"),
    )
    op.create_index(
        "ix_registration_due",
        "registration",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('unconfirmed', 'offered')"),
    )
    op.create_index(op.f("ix_registration_look_up"), "registration", ["look_up"], unique=False)
    op.create_index(
        "ix_registration_seats", "registration", ["event_id", "mode", "state"], unique=False
    )
    op.create_index(
        "ix_registration_waiting",
        "registration",
        ["event_id", "mode", "waiting_since"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "state_classification",
        sa.Column("state_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("expected_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('group', 'flag')", name=op.f("ck_state_classification_kind")),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until > since",
            name=op.f("ck_state_classification_until_after_since"),
        ),
        sa.ForeignKeyConstraint(
            ["state_id"], ["state.id"], name=op.f("fk_state_classification_state_id_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_classification")),
        sa.UniqueConstraint(
            "state_id",
            "kind",
            "word",
            "since",
            name=op.f("uq_state_classification_state_id_kind_word_since"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        op.f("ix_state_classification_state_id"), "state_classification", ["state_id"], unique=False
    )
    op.create_table(
        "profile_fact",
        sa.Column("mechanism_id", sa.Uuid(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "type",
                "host",
                "year",
                "legal_basis",
                "tracking_tool",
                name="field",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("is_translation", sa.Boolean(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("public_source", "state", name="basis", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("source_url", sa.String(length=1000), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "basis <> 'public_source' OR source_url <> ''",
            name=op.f("ck_profile_fact_public_has_source"),
        ),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["mechanism.id"], name=op.f("fk_profile_fact_mechanism_id_mechanism")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_fact")),
        sa.UniqueConstraint(
            "mechanism_id",
            "field",
            "language",
            name=op.f("uq_profile_fact_mechanism_id_field_language"),
        ),
    )
    op.create_index(
        op.f("ix_profile_fact_mechanism_id"), "profile_fact", ["mechanism_id"], unique=False
    )
    op.create_index(
        "ix_profile_fact_sought",
        "profile_fact",
        ["sought"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.create_table(
        "registration_details",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("needs_note", sa.String(length=1000), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_details_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_details")),
        sa.UniqueConstraint(
            "registration_id", name=op.f("uq_registration_details_registration_id")
        ),
    )
    op.create_table(
        "registration_farewell",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_key", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_farewell_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_farewell")),
    )
    op.create_index(
        op.f("ix_registration_farewell_registration_id"),
        "registration_farewell",
        ["registration_id"],
        unique=False,
    )
    op.create_table(
        "vault_contact",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_vault_contact_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_contact")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_vault_contact_registration_id")),
    )
    op.create_table(
        "vault_identity",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_vault_identity_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_vault_identity_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_identity")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_vault_identity_event_id_number")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_vault_identity_registration_id")),
    )
    op.create_table(
        "vault_opening",
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_vault_opening_registration_id_registration"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_opening")),
    )
    op.create_index(
        op.f("ix_vault_opening_registration_id"), "vault_opening", ["registration_id"], unique=False
    )
    op.create_table(
        "visit",
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("is_desk", sa.Boolean(), nullable=False),
        sa.Column(
            "proved",
            sa.Enum(
                "mailbox",
                "totp",
                "passkey",
                "printed",
                "enrolment",
                name="proof",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(proved = 'mailbox') = (proved_at IS NULL)", name=op.f("ck_visit_proof_has_its_moment")
        ),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR holder_id IS NULL", name=op.f("ck_visit_holder_is_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_visit_holder_id_holder")
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name=op.f("fk_visit_mailbox_id_mailbox")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_visit_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_mailbox", "visit", ["mailbox_id"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_visit_mailbox", table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_vault_opening_registration_id"), table_name="vault_opening")
    op.drop_table("vault_opening")
    op.drop_table("vault_identity")
    op.drop_table("vault_contact")
    op.drop_index(
        op.f("ix_registration_farewell_registration_id"), table_name="registration_farewell"
    )
    op.drop_table("registration_farewell")
    op.drop_table("registration_details")
    op.drop_index(
        "ix_profile_fact_sought",
        table_name="profile_fact",
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_profile_fact_mechanism_id"), table_name="profile_fact")
    op.drop_table("profile_fact")
    op.drop_index(op.f("ix_state_classification_state_id"), table_name="state_classification")
    op.drop_table("state_classification")
    op.drop_index(
        "ix_registration_waiting",
        table_name="registration",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_registration_seats", table_name="registration")
    op.drop_index(op.f("ix_registration_look_up"), table_name="registration")
    op.drop_index(
        "ix_registration_due",
        table_name="registration",
        postgresql_where=sa.text("state IN ('unconfirmed', 'offered')"),
    )
    op.drop_index(
        "ix_registration_double",
        table_name="registration",
        postgresql_where=sa.text("state = 'unconfirmed'"),
    )
    op.drop_table("registration")
    op.drop_index("ix_reader_person", table_name="reader")
    op.drop_index("ix_reader_mailbox", table_name="reader")
    op.drop_table("reader")
    op.drop_table("published_summary")
    op.drop_index("uq_mechanism_lead", table_name="mechanism", postgresql_where=sa.text("is_lead"))
    op.drop_index(op.f("ix_mechanism_state_id"), table_name="mechanism")
    op.drop_index(
        "ix_mechanism_sought",
        table_name="mechanism",
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.drop_table("mechanism")
    op.drop_index("ix_holder_person", table_name="holder")
    op.drop_table("holder")
    op.drop_index("ix_factor_person", table_name="factor")
    op.drop_table("factor")
    op.drop_table("event_seats")
    op.drop_index("ix_event_need_event", table_name="event_need")
    op.drop_table("event_need")
    op.drop_index(op.f("ix_event_document_event_id"), table_name="event_document")
    op.drop_table("event_document")
    op.drop_index(
        "uq_consent_withdrawal_standing",
        table_name="consent_withdrawal",
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_index("ix_consent_withdrawal_subject", table_name="consent_withdrawal")
    op.drop_table("consent_withdrawal")
    op.drop_table("consent_rule")
    op.drop_index(
        "uq_consent_voice",
        table_name="consent",
        postgresql_where=sa.text("revoked_at IS NULL AND seat_id IS NOT NULL"),
    )
    op.drop_index("ix_consent_subject", table_name="consent")
    op.drop_table("consent")
    op.drop_table("audit_personal")
    op.drop_index("ix_assignment_seat", table_name="assignment")
    op.drop_index("ix_assignment_scope", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index("ix_api_token_seat", table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("theme")
    op.drop_index("ix_stored_file_owner", table_name="stored_file")
    op.drop_table("stored_file")
    op.drop_index(
        "ix_state_sought",
        table_name="state",
        postgresql_using="gin",
        postgresql_ops={"sought": "gin_trgm_ops"},
    )
    op.drop_table("state")
    op.drop_index(op.f("ix_seat_role"), table_name="seat")
    op.drop_index("ix_seat_body", table_name="seat")
    op.drop_table("seat")
    op.drop_table("review_body")
    op.drop_table("proposal")
    op.drop_table("person")
    op.drop_index(
        "ix_outbox_pending", table_name="outbox", postgresql_where=sa.text("done_at IS NULL")
    )
    op.drop_table("outbox")
    op.drop_table("organisation")
    op.drop_table("mailbox")
    op.drop_index(op.f("ix_kept_answer_expires_at"), table_name="kept_answer")
    op.drop_table("kept_answer")
    op.drop_table("heartbeat")
    op.drop_table("event")
    op.drop_index("ix_delivery_state_queue", table_name="delivery")
    op.drop_index("ix_delivery_recipient", table_name="delivery")
    op.drop_index(
        "ix_delivery_due",
        table_name="delivery",
        postgresql_where=sa.text("state IN ('queued', 'retrying')"),
    )
    op.drop_table("delivery")
    op.drop_index(op.f("ix_code_subject_id"), table_name="code")
    op.drop_table("code")
    op.drop_index(
        "ix_audit_entry_unsealed",
        table_name="audit_entry",
        postgresql_where=sa.text("hash IS NULL"),
    )
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("affected_persons")
