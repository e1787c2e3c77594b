"""Remember what photos may show."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember what photos may show."""
    with op.batch_alter_table("photo", **_anew()) as batch_op:
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
    with op.batch_alter_table("photo", **_anew()) as batch_op:
        batch_op.drop_column("proposal")


def _anew() -> dict[str, Any]:
    """Return how SQLite, which alters little in place, makes the table anew."""
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    return {"recreate": recreate, "table_kwargs": {"sqlite_strict": True}}
