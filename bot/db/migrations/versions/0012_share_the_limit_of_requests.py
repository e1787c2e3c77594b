"""Share the limit of requests."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import INSTANT

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Share the limit of requests."""
    op.create_table(
        "request_budget",
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("paused_until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_request_budget")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("request_budget")
