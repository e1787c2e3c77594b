"""Split what rooms share."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import DAY, FLAG, INSTANT, WHOLE
from bot.db.migrations.rebuilding import anew

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Split what rooms share."""
    _keep_splits()
    _keep_parts()
    with op.batch_alter_table("room", **anew()) as batch_op:
        batch_op.add_column(sa.Column("headcount", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("floor_area", WHOLE, nullable=True))


def _keep_splits() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("meter_id", WHOLE, nullable=False),
        sa.Column("meter", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("from_on", DAY, nullable=False),
        sa.Column("to_on", DAY, nullable=False),
        sa.Column("is_residual", FLAG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tariff_id", WHOLE, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("net_paise", WHOLE, nullable=False),
        sa.Column("tax_paise", WHOLE, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("actor_id", WHOLE, nullable=True),
        sa.Column("reversed_at", INSTANT, nullable=True),
        sa.Column("reversed_by", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "net_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_allocation_net_paise_range"),
        ),
        sa.CheckConstraint(
            "tax_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_allocation_tax_paise_range"),
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_allocation_days_in_order")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_allocation_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["meter_id"], ["meter.id"], name=op.f("fk_allocation_meter_id_meter")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_allocation_place_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["reversed_by"], ["person.id"], name=op.f("fk_allocation_reversed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_allocation_tariff_id_tariff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sqlite_strict=True,
    )
    op.create_index("ix_allocation_place", "allocation", ["place_id", "id"], unique=False)
    op.create_index(
        "uq_allocation_standing",
        "allocation",
        ["meter_id", "from_on", "to_on"],
        unique=True,
        sqlite_where=sa.text("reversed_at IS NULL"),
        postgresql_where=sa.text("reversed_at IS NULL"),
    )


def _keep_parts() -> None:
    op.create_table(
        "allocation_part",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("room_id", WHOLE, nullable=True),
        sa.Column("lease_id", WHOLE, nullable=True),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=True),
        sa.Column("days", WHOLE, nullable=False),
        sa.Column("measure", WHOLE, nullable=False),
        sa.Column("weight", WHOLE, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("net_paise", WHOLE, nullable=False),
        sa.Column("tax_paise", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["allocation.id"],
            name=op.f("fk_allocation_part_allocation_id_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_allocation_part_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_allocation_part_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_allocation_part_room_id_room")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_part")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_allocation_part_entry_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_allocation_part_lease", "allocation_part", ["lease_id"], unique=False)
    op.create_index(
        "ix_allocation_part_of", "allocation_part", ["allocation_id", "id"], unique=False
    )


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("room", **anew()) as batch_op:
        batch_op.drop_column("floor_area")
        batch_op.drop_column("headcount")

    op.drop_table("allocation_part")
    op.drop_table("allocation")
