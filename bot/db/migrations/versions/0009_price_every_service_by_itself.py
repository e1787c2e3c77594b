"""Price every service by itself."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.rebuilding import anew

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ADDED = {
    "charge_line": {"service": "electricity"},
    "lease_tariff": {"service": "electricity"},
    "tariff": {"service": "electricity", "unit": "kWh"},
}


def upgrade() -> None:
    """Price every service by itself: what was there before was electricity.

    Rows that are never changed get their value as the table's default, which then goes.
    """
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, **anew()) as batch_op:
            for name, value in columns.items():
                batch_op.add_column(
                    sa.Column(name, sa.Text(), nullable=False, server_default=value)
                )
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, **anew()) as batch_op:
            for name in columns:
                batch_op.alter_column(name, existing_type=sa.Text(), server_default=None)
    _key("lease_id", "service", "from_on")
    guard_append_only(op.get_bind(), ["charge_line"])


def downgrade() -> None:
    """Undo it: only electricity has tariffs from a day on."""
    op.execute("DELETE FROM lease_tariff WHERE service <> 'electricity'")
    _key("lease_id", "from_on")
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, **anew()) as batch_op:
            for name in columns:
                batch_op.drop_column(name)
    guard_append_only(op.get_bind(), ["charge_line"])


def _key(*columns: str) -> None:
    """Tell the rows of lease_tariff apart by these columns."""
    with op.batch_alter_table("lease_tariff", **anew()) as batch_op:
        batch_op.drop_constraint("pk_lease_tariff", type_="primary")
        batch_op.create_primary_key("pk_lease_tariff", list(columns))
