"""Follow charges through corrections."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.columns import WHOLE

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ADJUSTMENTS = sa.text("kind = 'adjustment'")
# One correction is one transaction, and all of it was recorded at one instant.
CORRECTED_BEFORE = """
INSERT INTO heir (entry_id, heir_id)
SELECT undone.id, anew.id
FROM entry AS undo
JOIN entry AS undone ON undone.id = undo.reverses_id AND undone.kind = 'deduction'
JOIN entry AS anew
ON anew.lease_id = undo.lease_id AND anew.recorded_at = undo.recorded_at
AND anew.kind = 'deduction' AND anew.id > undo.id
ORDER BY undone.id, anew.id
"""


def upgrade() -> None:
    """Follow charges through corrections, also those that were made before."""
    op.create_table(
        "heir",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("heir_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_heir_entry_id_entry")),
        sa.ForeignKeyConstraint(["heir_id"], ["entry.id"], name=op.f("fk_heir_heir_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heir")),
        sa.UniqueConstraint("entry_id", "heir_id", name=op.f("uq_heir_entry_id_heir_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_heir_heir", "heir", ["heir_id"], unique=False)
    op.create_index(
        "ix_entry_adjustment",
        "entry",
        ["lease_id", "id"],
        unique=False,
        sqlite_where=ADJUSTMENTS,
        postgresql_where=ADJUSTMENTS,
    )
    op.execute(CORRECTED_BEFORE)
    guard_append_only(op.get_bind(), ["heir"])


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_entry_adjustment", table_name="entry")
    op.drop_table("heir")
