"""Let leases follow their place."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import INSTANT
from bot.db.migrations.rebuilding import anew

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OF_PLACE = "(SELECT place.{name} FROM place WHERE place.id = lease.place_id)"
COPIED = ("cut_off_paise", "emergency_credit_paise")


def upgrade() -> None:
    """Let leases follow their place.

    Until now the values of the place were copied. What is still the same was hardly set for the
    lease itself, so it follows from now on; what holds today does not change by it.
    """
    with op.batch_alter_table("lease", **anew()) as batch_op:
        batch_op.add_column(sa.Column("protected_hours", sa.Text(), nullable=True))
        for name in (*COPIED, "low_balance_paise"):
            batch_op.alter_column(name, existing_type=sa.BigInteger(), nullable=True)
    with op.batch_alter_table("supply", **anew()) as batch_op:
        batch_op.add_column(sa.Column("review_at", INSTANT, nullable=True))
        batch_op.create_index("ix_supply_review", ["review_at"], unique=False)
    _let_go("low_balance_paise", _at_least_cut_off(OF_PLACE.format(name="low_balance_paise")))
    for name in COPIED:
        _let_go(name, OF_PLACE.format(name=name))
    op.execute(
        "UPDATE supply SET review_at = decided_at"
        " WHERE reason IN ('protected_hours', 'holiday', 'grace')"
    )
    op.execute("UPDATE supply SET review_at = hold_until WHERE hold = 'on'")


def downgrade() -> None:
    """Undo it."""
    for name in (*COPIED, "low_balance_paise"):
        of_place = OF_PLACE.format(name=name)
        op.execute(f"UPDATE lease SET {name} = {of_place} WHERE {name} IS NULL")
    low = _at_least_cut_off("low_balance_paise")
    op.execute(f"UPDATE lease SET low_balance_paise = {low}")
    with op.batch_alter_table("supply", **anew()) as batch_op:
        batch_op.drop_index("ix_supply_review")
        batch_op.drop_column("review_at")
    with op.batch_alter_table("lease", **anew()) as batch_op:
        for name in (*COPIED, "low_balance_paise"):
            batch_op.alter_column(name, existing_type=sa.BigInteger(), nullable=False)
        batch_op.drop_column("protected_hours")


def _at_least_cut_off(low: str) -> str:
    return f"CASE WHEN {low} < cut_off_paise THEN cut_off_paise ELSE {low} END"


def _let_go(name: str, copied: str) -> None:
    op.execute(f"UPDATE lease SET {name} = NULL WHERE {name} = {copied}")
