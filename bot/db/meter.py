"""Meters, the devices in them, and the leases that they count for, as rows."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, text

from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Flag, Id, LocalDate, RegisterValue, UtcDateTime
from bot.domain.meter import BillingType, MeterSheet, MeterStatus, ServiceKind, SplitKey
from bot.domain.metering import Meter, MeterTerms, MeterType

meter = table(
    "meter",
    row_id(),
    to("place", "place_id"),
    to("room", "room_id", optional=True),
    Column("udf1", Text, unique=True),
    Column("type", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("multiplier", RegisterValue, nullable=False),
    Column("max_value", RegisterValue),
    Column("limit_per_hour", RegisterValue, nullable=False),
    Column("name", Text),
    Column("service", Text, nullable=False),
    Column("billing_type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("is_main", Flag, nullable=False),
    Column("decimals", Id, nullable=False),
    Column("serial_number", Text, unique=True),
    Column("installed_on", LocalDate),
    Column("manufacturer", Text),
    Column("model_reference", Text),
    Column("last_inspection_on", LocalDate),
    Column("next_inspection_on", LocalDate),
    to("meter", "parent_id", optional=True),
    Column("split_key", Text),
    Column("notes", Text),
    Column("created_at", UtcDateTime),
    Column("updated_at", UtcDateTime),
    CheckConstraint("multiplier > 0", name="multiplier_positive"),
    CheckConstraint("decimals BETWEEN 0 AND 3", name="decimals_range"),
    CheckConstraint("parent_id <> id", name="not_above_itself"),
    Index("ix_meter_place", "place_id", "id"),
    Index("ix_meter_type", "type", "place_id", "id"),
    Index("ix_meter_service", "service", "place_id", "id"),
    Index("ix_meter_billing", "billing_type", "place_id", "id"),
    Index("ix_meter_status", "status", "place_id", "id"),
    Index(
        "ix_meter_main",
        "place_id",
        "id",
        sqlite_where=text("is_main"),
        postgresql_where=text("is_main"),
    ),
    Index("ix_meter_room", "room_id"),
    Index("ix_meter_parent", "parent_id"),
    Index(
        "ix_meter_inspection",
        "next_inspection_on",
        sqlite_where=text("status <> 'RETIRED'"),
        postgresql_where=text("status <> 'RETIRED'"),
    ),
)

installation = table(
    "installation",
    row_id(),
    to("meter", "meter_id"),
    Column("device_id", Text, ForeignKey("device.id")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("multiplier", RegisterValue),
    Index(
        "uq_installation_open",
        "meter_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

lease_meter = table(
    "lease_meter",
    to("lease", "lease_id", key=True),
    to("meter", "meter_id", key=True),
    to("reading", "anchor_reading_id", optional=True),
    Column("last_value", RegisterValue),
    Column("last_power_w", RegisterValue),
    Column("last_read_at", UtcDateTime),
    Column("share_ppm", Id),
    CheckConstraint("share_ppm BETWEEN 1 AND 1000000", name="share_range"),
    Index("ix_lease_meter_meter", "meter_id"),
)


def meter_from(row: AnyRow, prefix: str = "") -> Meter:
    """Return the meter of a row whose meter columns have the prefix."""
    values = row._mapping
    return Meter(
        id=values[f"{prefix}id"],
        place_id=values[f"{prefix}place_id"],
        room_id=values[f"{prefix}room_id"],
        udf1=values[f"{prefix}udf1"],
        type=MeterType(values[f"{prefix}type"]),
        unit=values[f"{prefix}unit"],
        terms=terms_from(row, prefix),
        name=values[f"{prefix}name"],
        service=ServiceKind(values[f"{prefix}service"]),
        billing_type=BillingType(values[f"{prefix}billing_type"]),
        decimals=values[f"{prefix}decimals"],
    )


def terms_from(row: AnyRow, prefix: str = "") -> MeterTerms:
    """Return how to read the counter of a row whose meter columns have the prefix."""
    values = row._mapping
    return MeterTerms(
        multiplier=values[f"{prefix}multiplier"],
        max_value=values[f"{prefix}max_value"],
        limit_per_hour=values[f"{prefix}limit_per_hour"],
    )


def sheet_from(row: AnyRow) -> MeterSheet:
    """Return the meter of a row that holds the meter's columns."""
    key = row.split_key
    return MeterSheet(
        id=row.id,
        place_id=row.place_id,
        room_id=row.room_id,
        name=row.name or row.udf1 or f"#{row.id}",
        type=MeterType(row.type),
        unit=row.unit,
        service=ServiceKind(row.service),
        terms=terms_from(row),
        billing_type=BillingType(row.billing_type),
        status=MeterStatus(row.status),
        is_main=row.is_main,
        decimals=row.decimals,
        udf1=row.udf1,
        serial_number=row.serial_number,
        installed_on=row.installed_on,
        manufacturer=row.manufacturer,
        model_reference=row.model_reference,
        last_inspection_on=row.last_inspection_on,
        next_inspection_on=row.next_inspection_on,
        parent_id=row.parent_id,
        split_key=None if key is None else SplitKey(key),
        notes=row.notes,
    )


def sheet_columns(values: MeterSheet) -> dict[str, Any]:
    """Return the columns that hold what is known of a meter."""
    terms, key = values.terms, values.split_key
    return {
        "place_id": values.place_id,
        "room_id": values.room_id,
        "name": values.name,
        "type": values.type.value,
        "unit": values.unit,
        "service": values.service.value,
        "multiplier": terms.multiplier,
        "max_value": terms.max_value,
        "limit_per_hour": terms.limit_per_hour,
        "billing_type": values.billing_type.value,
        "status": values.status.value,
        "is_main": values.is_main,
        "decimals": values.decimals,
        "udf1": values.udf1,
        "serial_number": values.serial_number,
        "installed_on": values.installed_on,
        "manufacturer": values.manufacturer,
        "model_reference": values.model_reference,
        "last_inspection_on": values.last_inspection_on,
        "next_inspection_on": values.next_inspection_on,
        "parent_id": values.parent_id,
        "split_key": None if key is None else key.value,
        "notes": values.notes,
    }
