"""${message}."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.columns import DAY, FLAG, INSTANT, WHOLE

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}
    # guards


def downgrade() -> None:
    """Undo it."""
    ${downgrades if downgrades else "pass"}
    # guards
