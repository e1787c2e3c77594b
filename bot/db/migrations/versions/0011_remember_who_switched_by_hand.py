"""Remember who switched by hand."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import WHOLE
from bot.db.migrations.rebuilding import anew

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TO_METERS = "status IN ('PENDING', 'WAITING')"
OPEN = "status IN ('PENDING', 'WAITING', 'BY_HAND')"
BY_HAND = "status = 'BY_HAND'"


def upgrade() -> None:
    """Remember who switched by hand."""
    op.drop_index("uq_relay_order_open", table_name="relay_order")
    _remember("relay_order")
    _remember("supply")
    _index("uq_relay_order_open", OPEN, unique=True)
    _index("ix_relay_order_by_hand", BY_HAND)


def downgrade() -> None:
    """Undo it; what people were asked to switch is forgotten."""
    op.drop_index("ix_relay_order_by_hand", table_name="relay_order")
    op.drop_index("uq_relay_order_open", table_name="relay_order")
    op.execute(f"UPDATE relay_order SET status = 'OBSOLETE' WHERE {BY_HAND}")
    _forget("supply")
    _forget("relay_order")
    _index("uq_relay_order_open", TO_METERS, unique=True)


def _remember(table: str) -> None:
    with op.batch_alter_table(table, **anew()) as batch_op:
        batch_op.add_column(sa.Column("confirmed_by", WHOLE, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f(f"fk_{table}_confirmed_by_person"), "person", ["confirmed_by"], ["id"]
        )


def _forget(table: str) -> None:
    with op.batch_alter_table(table, **anew()) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"fk_{table}_confirmed_by_person"), type_="foreignkey")
        batch_op.drop_column("confirmed_by")


def _index(name: str, only: str, *, unique: bool = False) -> None:
    where = sa.text(only)
    op.create_index(
        name,
        "relay_order",
        ["meter_id"],
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
    )
