"""Tell more of meters and readings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import DAY, FLAG, INSTANT, WHOLE
from bot.db.migrations.rebuilding import anew

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = ("service", "billing_type", "status")
SERVICES = {
    "ELECTRICITY": "electricity",
    "GAS": "gas",
    "WATER_HOT": "hot_water",
    "WATER_COLD": "water",
    "HEATING": "heating",
    "COOLING": "cooling",
}


def upgrade() -> None:
    """Tell more of meters and readings."""
    _create_photo()
    with op.batch_alter_table("lease_meter", **anew()) as batch_op:
        batch_op.add_column(sa.Column("share_ppm", WHOLE, nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_lease_meter_share_range"), "share_ppm BETWEEN 1 AND 1000000"
        )
    _tell_more_of_meters()
    _tell_more_of_readings()
    _fill()
    _require()


def _create_photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("taken_by", WHOLE, nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_photo_taken_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("file_name", name=op.f("uq_photo_file_name")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_photo_kept",
        "photo",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def _tell_more_of_meters() -> None:
    with op.batch_alter_table("meter", **anew()) as batch_op:
        batch_op.add_column(sa.Column("name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("service", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("billing_type", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("status", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("is_main", FLAG, nullable=True))
        batch_op.add_column(sa.Column("decimals", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("serial_number", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("installed_on", DAY, nullable=True))
        batch_op.add_column(sa.Column("manufacturer", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("model_reference", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("last_inspection_on", DAY, nullable=True))
        batch_op.add_column(sa.Column("next_inspection_on", DAY, nullable=True))
        batch_op.add_column(sa.Column("parent_id", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("split_key", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("notes", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("created_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("updated_at", INSTANT, nullable=True))
        batch_op.create_index("ix_meter_parent", ["parent_id"], unique=False)
        batch_op.create_index("ix_meter_place", ["place_id"], unique=False)
        batch_op.create_index("ix_meter_room", ["room_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_meter_serial_number"), ["serial_number"])
        batch_op.create_foreign_key(
            batch_op.f("fk_meter_parent_id_meter"), "meter", ["parent_id"], ["id"]
        )


def _tell_more_of_readings() -> None:
    with op.batch_alter_table("reading", **anew()) as batch_op:
        batch_op.add_column(sa.Column("revision", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("corrects_id", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("is_billing", FLAG, nullable=True))
        batch_op.add_column(sa.Column("reader_name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("reader_id", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("notes", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("photo_id", WHOLE, nullable=True))
        batch_op.add_column(sa.Column("proposed_value", WHOLE, nullable=True))
        batch_op.drop_constraint(
            batch_op.f("uq_reading_installation_id_taken_at_type"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_reading_installation_id_taken_at_type_revision"),
            ["installation_id", "taken_at", "type", "revision"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_reading_reader_id_person"), "person", ["reader_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_reading_corrects_id_reading"), "reading", ["corrects_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_reading_photo_id_photo"), "photo", ["photo_id"], ["id"]
        )


def _fill() -> None:
    """What was there before is the usual: metered for one lease, active, read once."""
    whens = " ".join(f"WHEN '{kind}' THEN '{service}'" for kind, service in SERVICES.items())
    op.execute(
        f"UPDATE meter SET service = CASE type {whens} END, billing_type = 'INDIVIDUAL',"
        f" status = 'ACTIVE', is_main = {_no()}, decimals = 1"
    )
    op.execute(f"UPDATE reading SET revision = 0, is_billing = {_no()}")


def _no() -> str:
    return "0" if op.get_bind().dialect.name == "sqlite" else "false"


def _require() -> None:
    required: dict[str, tuple[tuple[str, Any], ...]] = {
        "meter": (*((name, sa.Text()) for name in TEXTS), ("is_main", FLAG), ("decimals", WHOLE)),
        "reading": (("revision", WHOLE), ("is_billing", FLAG)),
    }
    for table, columns in required.items():
        with op.batch_alter_table(table, **anew()) as batch_op:
            for name, kind in columns:
                batch_op.alter_column(name, existing_type=kind, nullable=False)
            if table == "meter":
                batch_op.create_check_constraint(
                    op.f("ck_meter_decimals_range"), "decimals BETWEEN 0 AND 3"
                )
                batch_op.create_check_constraint(
                    op.f("ck_meter_not_above_itself"), "parent_id <> id"
                )


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("reading", **anew()) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_reading_photo_id_photo"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_reading_corrects_id_reading"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_reading_reader_id_person"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("uq_reading_installation_id_taken_at_type_revision"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_reading_installation_id_taken_at_type"),
            ["installation_id", "taken_at", "type"],
        )
        batch_op.drop_column("proposed_value")
        batch_op.drop_column("photo_id")
        batch_op.drop_column("notes")
        batch_op.drop_column("reader_id")
        batch_op.drop_column("reader_name")
        batch_op.drop_column("is_billing")
        batch_op.drop_column("corrects_id")
        batch_op.drop_column("revision")

    with op.batch_alter_table("meter", **anew()) as batch_op:
        batch_op.drop_constraint(op.f("ck_meter_decimals_range"), type_="check")
        batch_op.drop_constraint(op.f("ck_meter_not_above_itself"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_meter_parent_id_meter"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_meter_serial_number"), type_="unique")
        batch_op.drop_index("ix_meter_room")
        batch_op.drop_index("ix_meter_place")
        batch_op.drop_index("ix_meter_parent")
        batch_op.drop_column("updated_at")
        batch_op.drop_column("created_at")
        batch_op.drop_column("notes")
        batch_op.drop_column("split_key")
        batch_op.drop_column("parent_id")
        batch_op.drop_column("next_inspection_on")
        batch_op.drop_column("last_inspection_on")
        batch_op.drop_column("model_reference")
        batch_op.drop_column("manufacturer")
        batch_op.drop_column("installed_on")
        batch_op.drop_column("serial_number")
        batch_op.drop_column("decimals")
        batch_op.drop_column("is_main")
        batch_op.drop_column("status")
        batch_op.drop_column("billing_type")
        batch_op.drop_column("service")
        batch_op.drop_column("name")

    with op.batch_alter_table("lease_meter", **anew()) as batch_op:
        batch_op.drop_constraint(op.f("ck_lease_meter_share_range"), type_="check")
        batch_op.drop_column("share_ppm")

    op.drop_table("photo")
