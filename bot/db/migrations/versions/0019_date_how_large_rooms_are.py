"""Date how large rooms are."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import DAY, WHOLE
from bot.db.migrations.rebuilding import anew

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

THOUSANDTHS = {"headcount": 1000, "floor_area": 1}
"""What makes thousandths of what rooms knew."""


def upgrade() -> None:
    """Date how large rooms are."""
    op.create_table(
        "room_size",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("room_id", WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("from_on", DAY, nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_room_size_no_less_than_nothing")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_size_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_size")),
        sa.UniqueConstraint(
            "room_id", "key", "from_on", name=op.f("uq_room_size_room_id_key_from_on")
        ),
        sqlite_strict=True,
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    always = "'0001-01-01'" if is_sqlite else "DATE '0001-01-01'"
    for key, thousandths in THOUSANDTHS.items():
        op.execute(
            "INSERT INTO room_size (room_id, key, from_on, value) "
            f"SELECT id, '{key}', {always}, {key} * {thousandths} FROM room "
            f"WHERE {key} IS NOT NULL ORDER BY id"
        )
    with op.batch_alter_table("allocation_part", **anew()) as batch_op:
        batch_op.add_column(sa.Column("stretches", sa.Text(), nullable=True))
    with op.batch_alter_table("room", **anew()) as batch_op:
        batch_op.drop_column("floor_area")
        batch_op.drop_column("headcount")


def downgrade() -> None:
    """Undo it; what rooms were before is forgotten."""
    with op.batch_alter_table("room", **anew()) as batch_op:
        batch_op.add_column(sa.Column("headcount", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("floor_area", WHOLE, nullable=True))
    for key, thousandths in THOUSANDTHS.items():
        op.execute(
            f"UPDATE room SET {key} = (SELECT value / {thousandths} FROM room_size "
            f"WHERE room_id = room.id AND key = '{key}' ORDER BY from_on DESC LIMIT 1)"
        )
    with op.batch_alter_table("allocation_part", **anew()) as batch_op:
        batch_op.drop_column("stretches")
    op.drop_table("room_size")
