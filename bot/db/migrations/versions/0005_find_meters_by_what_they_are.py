"""Find meters by what they are."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW = {
    "ix_meter_place": ["place_id", "id"],
    "ix_meter_type": ["type", "place_id", "id"],
    "ix_meter_service": ["service", "place_id", "id"],
    "ix_meter_billing": ["billing_type", "place_id", "id"],
    "ix_meter_status": ["status", "place_id", "id"],
    "ix_meter_main": ["place_id", "id"],
    "ix_meter_inspection": ["next_inspection_on"],
}
ONLY = {"ix_meter_main": "is_main", "ix_meter_inspection": "status <> 'RETIRED'"}


def upgrade() -> None:
    """Find meters by what they are."""
    op.drop_index("ix_meter_place", table_name="meter")
    for name, columns in NEW.items():
        only = sa.text(ONLY[name]) if name in ONLY else None
        op.create_index(name, "meter", columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Undo it."""
    for name in NEW:
        op.drop_index(name, table_name="meter")
    op.create_index("ix_meter_place", "meter", ["place_id"])
