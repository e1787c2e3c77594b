"""Find readings that people took."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEW = {
    "ix_reading_by_people": ["meter_id", "type", "taken_at"],
    "ix_reading_billing": ["meter_id", "taken_at"],
    "ix_reading_corrects": ["corrects_id"],
}
ONLY = {
    "ix_reading_by_people": "type <> 'AUTOMATIC'",
    "ix_reading_billing": "is_billing",
    "ix_reading_corrects": "corrects_id IS NOT NULL",
}


def upgrade() -> None:
    """Find readings that people took."""
    for name, columns in NEW.items():
        only = sa.text(ONLY[name])
        op.create_index(name, "reading", columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Undo it."""
    for name in NEW:
        op.drop_index(name, table_name="reading")
