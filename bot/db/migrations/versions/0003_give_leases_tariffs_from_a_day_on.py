"""Give leases tariffs from a day on."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.columns import DAY, WHOLE
from bot.db.migrations.rebuilding import anew

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give leases tariffs from a day on."""
    op.create_table(
        "lease_tariff",
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("from_on", DAY, nullable=False),
        sa.Column("tariff_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_lease_tariff_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_lease_tariff_tariff_id_tariff")
        ),
        sa.PrimaryKeyConstraint("lease_id", "from_on", name=op.f("pk_lease_tariff")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("charge_line", **anew()) as batch_op:
        batch_op.add_column(sa.Column("since_on", DAY, nullable=True))
    guard_append_only(op.get_bind(), ["charge_line"])


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("charge_line", **anew()) as batch_op:
        batch_op.drop_column("since_on")
    guard_append_only(op.get_bind(), ["charge_line"])
    op.drop_table("lease_tariff")
