"""Create every table of the first release."""

from alembic import op

from bot.db.guard import guard_append_only
from bot.db.metadata import APPEND_ONLY
from bot.db.schema import all_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and their guards."""
    all_tables().create_all(op.get_bind())
    guard_append_only(op.get_bind(), APPEND_ONLY)


def downgrade() -> None:
    """Drop the tables."""
    all_tables().drop_all(op.get_bind())
