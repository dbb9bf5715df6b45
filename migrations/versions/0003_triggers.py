"""A new fact wakes the dispatcher at commit."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION outbox_wakes() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NOTIFY relais_outbox; RETURN NULL; END $$
        """
    )
    op.execute(
        "CREATE TRIGGER outbox_wakes AFTER INSERT ON outbox "
        "FOR EACH STATEMENT EXECUTE FUNCTION outbox_wakes()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER outbox_wakes ON outbox")
    op.execute("DROP FUNCTION outbox_wakes()")
