"""Let tenants question amounts."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.columns import INSTANT, WHOLE

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let tenants question amounts."""
    op.create_table(
        "dispute",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("serial", WHOLE, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("item_id", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=True),
        sa.Column("opened_by", WHOLE, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("disputed_paise", WHOLE, nullable=False),
        sa.Column("held_paise", WHOLE, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("decided_by", WHOLE, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("credited_paise", WHOLE, nullable=False),
        sa.Column("nudged", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "credited_paise BETWEEN 0 AND disputed_paise",
            name=op.f("ck_dispute_gives_what_is_questioned"),
        ),
        sa.CheckConstraint(
            "disputed_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_dispute_disputed_paise_range"),
        ),
        sa.CheckConstraint(
            "held_paise BETWEEN 0 AND disputed_paise",
            name=op.f("ck_dispute_holds_what_is_questioned"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_dispute_decided_by_person")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_dispute_entry_id_entry")),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name=op.f("fk_dispute_lease_id_lease")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name=op.f("fk_dispute_opened_by_person")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_dispute_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("place_id", "serial", name=op.f("uq_dispute_place_id_serial")),
        sqlite_strict=True,
    )
    op.create_index("ix_dispute_entry", "dispute", ["entry_id"], unique=False)
    op.create_index("ix_dispute_lease", "dispute", ["lease_id"], unique=False)
    op.create_index(
        "uq_dispute_open",
        "dispute",
        ["lease_id", "item", "item_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'asked')"),
        postgresql_where=sa.text("state IN ('open', 'asked')"),
    )
    _keep_steps()
    guard_append_only(op.get_bind(), ["dispute_step"])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("dispute_step")
    op.drop_table("dispute")
    op.execute("DELETE FROM invoice_serial WHERE kind = 'dispute'")
    op.execute("UPDATE lease SET disputed_paise = 0")


def _keep_steps() -> None:
    op.create_table(
        "dispute_step",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("dispute_id", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("photo_id", WHOLE, nullable=True),
        sa.Column("amount_paise", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_step_dispute_id_dispute")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_dispute_step_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_dispute_step_photo_id_photo")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_step")),
        sqlite_strict=True,
    )
    op.create_index("ix_dispute_step_dispute", "dispute_step", ["dispute_id"], unique=False)
    op.create_index("ix_dispute_step_photo", "dispute_step", ["photo_id"], unique=False)
