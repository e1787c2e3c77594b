"""Remember by what devices counted."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import WHOLE
from bot.db.migrations.rebuilding import anew

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# A reading's use is in millionths, its values are in thousandths: so is what is between them.
FOUND = """
SELECT r.consumption / (r.value - r.previous_value) FROM reading r
WHERE r.installation_id = installation.id AND r.value > r.previous_value AND r.consumption > 0
AND r.consumption % (r.value - r.previous_value) = 0
ORDER BY r.id DESC LIMIT 1
"""


def upgrade() -> None:
    """Remember by what devices counted."""
    with op.batch_alter_table("installation", **anew()) as batch_op:
        batch_op.add_column(sa.Column("multiplier", WHOLE, nullable=True))
    op.execute(f"UPDATE installation SET multiplier = ({FOUND}) WHERE closed_at IS NOT NULL")


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("installation", **anew()) as batch_op:
        batch_op.drop_column("multiplier")
