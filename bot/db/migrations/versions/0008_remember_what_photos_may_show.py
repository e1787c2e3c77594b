"""Remember what photos may show."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.rebuilding import anew

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember what photos may show."""
    with op.batch_alter_table("photo", **anew()) as batch_op:
        batch_op.add_column(sa.Column("proposal", sa.Text(), nullable=True))
    op.create_index(
        "ix_reading_photo",
        "reading",
        ["photo_id"],
        unique=False,
        sqlite_where=sa.text("photo_id IS NOT NULL"),
        postgresql_where=sa.text("photo_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_reading_photo", table_name="reading")
    with op.batch_alter_table("photo", **anew()) as batch_op:
        batch_op.drop_column("proposal")
