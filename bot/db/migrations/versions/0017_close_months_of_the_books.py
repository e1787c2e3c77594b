"""Close months of the books."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.columns import DAY, INSTANT, WHOLE

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Close months of the books."""
    op.create_table(
        "period_close",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("through_on", DAY, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("last_entry_id", WHOLE, nullable=False),
        sa.Column("actor_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_period_close_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["last_entry_id"], ["entry.id"], name=op.f("fk_period_close_last_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_period_close_place_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_close")),
        sa.UniqueConstraint(
            "place_id", "through_on", name=op.f("uq_period_close_place_id_through_on")
        ),
        sqlite_strict=True,
    )
    guard_append_only(op.get_bind(), ["period_close"])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("period_close")
