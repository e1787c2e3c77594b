"""Remember former names."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import WHOLE

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember former names."""
    op.create_table(
        "former_name",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("room_id", WHOLE, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_former_name_place_id_place")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_former_name_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_name")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("former_name")
