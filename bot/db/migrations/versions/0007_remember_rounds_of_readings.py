"""Remember rounds of readings."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import DAY, INSTANT, WHOLE

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember rounds of readings."""
    op.create_table(
        "reading_round",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("since_on", DAY, nullable=False),
        sa.Column("begun_by", WHOLE, nullable=True),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_reading_round_begun_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_reading_round_place_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_round")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_reading_round_open",
        "reading_round",
        ["place_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "round_stop",
        sa.Column("round_id", WHOLE, nullable=False),
        sa.Column("meter_id", WHOLE, nullable=False),
        sa.Column("claimed_by", WHOLE, nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("skip_reason", sa.Text(), nullable=True),
        sa.Column("skip_note", sa.Text(), nullable=True),
        sa.Column("skipped_by", WHOLE, nullable=True),
        sa.Column("skipped_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["person.id"], name=op.f("fk_round_stop_claimed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["meter_id"],
            ["meter.id"],
            name=op.f("fk_round_stop_meter_id_meter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["reading_round.id"], name=op.f("fk_round_stop_round_id_reading_round")
        ),
        sa.ForeignKeyConstraint(
            ["skipped_by"], ["person.id"], name=op.f("fk_round_stop_skipped_by_person")
        ),
        sa.PrimaryKeyConstraint("round_id", "meter_id", name=op.f("pk_round_stop")),
        sqlite_strict=True,
    )
    op.create_index("ix_round_stop_meter", "round_stop", ["meter_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("round_stop")
    op.drop_table("reading_round")
