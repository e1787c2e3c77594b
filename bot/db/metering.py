"""Meters, devices, installations and readings in the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Consumed, Flag, Id, RegisterValue, UtcDateTime
from bot.domain.metering import (
    Installation,
    Meter,
    MeterTerms,
    MeterType,
    Reading,
    ReadingStatus,
    ReadingType,
    RegisterPoint,
)
from bot.services.ports import DeviceMode
from bot.services.store import Device, LastSeen

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
    CheckConstraint("multiplier > 0", name="multiplier_positive"),
)

device = table(
    "device",
    Column("id", Text, primary_key=True),
    Column("space_id", Id),
    Column("name", Text, nullable=False),
    Column("udf1", Text),
    Column("mode", Text, nullable=False),
    Column("is_online", Flag),
    Column("has_relay", Flag),
    Column("online_changed_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("gone_at", UtcDateTime),
    Index("ix_device_udf1", "udf1"),
)

installation = table(
    "installation",
    row_id(),
    to("meter", "meter_id"),
    Column("device_id", Text, ForeignKey("device.id")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Index(
        "uq_installation_open",
        "meter_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

reading = table(
    "reading",
    row_id(),
    to("meter", "meter_id"),
    to("installation", "installation_id"),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("value", RegisterValue, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("previous_value", RegisterValue),
    Column("consumption", Consumed),
    Column("is_anomalous", Flag, nullable=False),
    to("lease", "lease_id", optional=True),
    UniqueConstraint("installation_id", "taken_at", "type"),
    Index("ix_reading_meter_taken", "meter_id", "taken_at"),
)

lease_meter = table(
    "lease_meter",
    to("lease", "lease_id", key=True),
    to("meter", "meter_id", key=True),
    to("reading", "anchor_reading_id", optional=True),
    Column("last_value", RegisterValue),
    Column("last_power_w", RegisterValue),
    Column("last_read_at", UtcDateTime),
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
        terms=MeterTerms(
            multiplier=values[f"{prefix}multiplier"],
            max_value=values[f"{prefix}max_value"],
            limit_per_hour=values[f"{prefix}limit_per_hour"],
        ),
    )


def reading_from(row: AnyRow) -> Reading:
    """Return the reading of a row that holds the reading's columns."""
    return Reading(
        id=row.id,
        meter_id=row.meter_id,
        installation_id=row.installation_id,
        point=RegisterPoint(at=row.taken_at, value=row.value),
        type=ReadingType(row.type),
        status=ReadingStatus(row.status),
        previous_value=row.previous_value,
        consumption=row.consumption,
        is_anomalous=row.is_anomalous,
        lease_id=row.lease_id,
    )


def _device_from(row: AnyRow) -> Device:
    return Device(
        id=row.id,
        space_id=row.space_id,
        name=row.name,
        udf1=row.udf1,
        mode=DeviceMode(row.mode),
        is_online=row.is_online,
        has_relay=row.has_relay,
        online_changed_at=row.online_changed_at,
        seen_at=row.seen_at,
        gone_at=row.gone_at,
    )


class Metering:
    """Measuring points and what they showed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def meters(self, meter_ids: Collection[int]) -> Mapping[int, Meter]:
        """Return meters by id."""
        rows = await self._connection.execute(select(meter).where(meter.c.id.in_(meter_ids)))
        return {row.id: meter_from(row) for row in rows}

    async def by_udf1(self, udf1s: Collection[str]) -> Mapping[str, Meter]:
        """Return the meters that have these stable names."""
        rows = await self._connection.execute(select(meter).where(meter.c.udf1.in_(udf1s)))
        return {row.udf1: meter_from(row) for row in rows}

    async def add_meter(self, new: Meter) -> Meter:
        """Store a new meter, whose id is ignored."""
        rows = await self._connection.execute(
            insert(meter)
            .values(
                place_id=new.place_id,
                room_id=new.room_id,
                udf1=new.udf1,
                type=new.type.value,
                unit=new.unit,
                multiplier=new.terms.multiplier,
                max_value=new.terms.max_value,
                limit_per_hour=new.terms.limit_per_hour,
            )
            .returning(meter.c.id)
        )
        return replace(new, id=rows.scalar_one())

    async def place_meter(self, *, meter_id: int, room_id: int) -> None:
        """Say which room a meter is in."""
        await self._connection.execute(
            update(meter).where(meter.c.id == meter_id).values(room_id=room_id)
        )

    async def link(self, *, lease_id: int, meter_id: int, anchor_reading_id: int | None) -> None:
        """Give a lease a meter, charged up to a reading."""
        await self._connection.execute(
            insert(lease_meter).values(
                lease_id=lease_id, meter_id=meter_id, anchor_reading_id=anchor_reading_id
            )
        )

    async def move_anchors(self, anchors: Sequence[tuple[int, int, int | None]]) -> None:
        """Store up to which reading (lease, meter, reading) all is charged."""
        if anchors:
            await self._connection.execute(
                update(lease_meter).where(
                    lease_meter.c.lease_id == bindparam("of_lease"),
                    lease_meter.c.meter_id == bindparam("of_meter"),
                ),
                [
                    {"of_lease": lease_id, "of_meter": meter_id, "anchor_reading_id": reading_id}
                    for lease_id, meter_id, reading_id in anchors
                ],
            )

    async def save_last_seen(self, seen: Sequence[LastSeen]) -> None:
        """Store what meters showed last, for people to look at."""
        if seen:
            await self._connection.execute(
                update(lease_meter).where(
                    lease_meter.c.lease_id == bindparam("of_lease"),
                    lease_meter.c.meter_id == bindparam("of_meter"),
                ),
                [
                    {
                        "of_lease": each.lease_id,
                        "of_meter": each.meter_id,
                        "last_value": each.value,
                        "last_power_w": each.power_w,
                        "last_read_at": each.at,
                    }
                    for each in seen
                ],
            )

    async def devices(self) -> Mapping[str, Device]:
        """Return every device that was ever seen, by its id."""
        rows = await self._connection.execute(select(device))
        return {row.id: _device_from(row) for row in rows}

    async def device(self, device_id: str) -> Device | None:
        """Return one device."""
        rows = await self._connection.execute(select(device).where(device.c.id == device_id))
        row = rows.first()
        return None if row is None else _device_from(row)

    async def save_device(self, changed: Device) -> None:
        """Store a device, new or changed."""
        values = {
            "space_id": changed.space_id,
            "name": changed.name,
            "udf1": changed.udf1,
            "mode": changed.mode.value,
            "is_online": changed.is_online,
            "has_relay": changed.has_relay,
            "online_changed_at": changed.online_changed_at,
            "seen_at": changed.seen_at,
            "gone_at": changed.gone_at,
        }
        updated = await self._connection.execute(
            update(device).where(device.c.id == changed.id).values(values)
        )
        if updated.rowcount == 0:
            await self._connection.execute(insert(device).values(id=changed.id, **values))

    async def set_online(self, device_ids: Collection[str], *, online: bool, at: datetime) -> None:
        """Note that devices were found online or offline, and since when."""
        if device_ids:
            await self._connection.execute(
                update(device)
                .where(
                    device.c.id.in_(device_ids),
                    device.c.is_online.is_distinct_from(online),
                )
                .values(is_online=online, online_changed_at=at)
            )

    async def open_installation(self, meter_id: int) -> Installation | None:
        """Return the installation that a meter has now."""
        rows = await self._connection.execute(
            select(installation).where(
                installation.c.meter_id == meter_id, installation.c.closed_at.is_(None)
            )
        )
        row = rows.first()
        return None if row is None else Installation(**row._mapping)

    async def install(self, *, meter_id: int, device_id: str | None, at: datetime) -> Installation:
        """Open an installation; the meter must have none open."""
        rows = await self._connection.execute(
            insert(installation)
            .values(meter_id=meter_id, device_id=device_id, opened_at=at)
            .returning(installation.c.id)
        )
        return Installation(
            id=rows.scalar_one(), meter_id=meter_id, device_id=device_id, opened_at=at
        )

    async def identify(self, *, installation_id: int, device_id: str) -> None:
        """Say which device an installation turned out to have."""
        await self._connection.execute(
            update(installation)
            .where(installation.c.id == installation_id, installation.c.device_id.is_(None))
            .values(device_id=device_id)
        )

    async def uninstall(self, *, installation_id: int, at: datetime) -> None:
        """Close an installation."""
        await self._connection.execute(
            update(installation).where(installation.c.id == installation_id).values(closed_at=at)
        )

    async def add_readings(self, new: Sequence[Reading]) -> Sequence[int]:
        """Store readings, whose ids are ignored; return the ids in the same order.

        A reading that is stored already (same installation, instant and type) keeps its id.
        """
        if not new:
            return []
        known = await self._known(new)
        missing = [each for each in new if _identity(each) not in known]
        if missing:
            rows = await self._connection.execute(
                insert(reading).returning(reading.c.id, sort_by_parameter_order=True),
                [_reading_columns(each) for each in missing],
            )
            known |= dict(zip(map(_identity, missing), rows.scalars(), strict=True))
        return [known[_identity(each)] for each in new]

    async def _known(self, new: Sequence[Reading]) -> dict[tuple[int, datetime, str], int]:
        rows = await self._connection.execute(
            select(
                reading.c.id, reading.c.installation_id, reading.c.taken_at, reading.c.type
            ).where(
                reading.c.installation_id.in_({each.installation_id for each in new}),
                reading.c.taken_at.in_({each.point.at for each in new}),
            )
        )
        return {(row.installation_id, row.taken_at, row.type): row.id for row in rows}

    async def reading(self, reading_id: int) -> Reading | None:
        """Return one reading."""
        rows = await self._connection.execute(select(reading).where(reading.c.id == reading_id))
        row = rows.first()
        return None if row is None else reading_from(row)

    async def latest(self, meter_id: int) -> Reading | None:
        """Return the latest accepted reading of a meter."""
        rows = await self._connection.execute(
            select(reading)
            .where(
                reading.c.meter_id == meter_id,
                reading.c.status == ReadingStatus.ACCEPTED.value,
            )
            .order_by(reading.c.taken_at.desc(), reading.c.id.desc())
            .limit(1)
        )
        row = rows.first()
        return None if row is None else reading_from(row)

    async def judge(self, *, reading_id: int, status: ReadingStatus) -> bool:
        """Accept or reject a held reading; return False when it is held no longer."""
        done = await self._connection.execute(
            update(reading)
            .where(reading.c.id == reading_id, reading.c.status == ReadingStatus.HELD.value)
            .values(status=status.value)
        )
        return done.rowcount == 1


def _identity(each: Reading) -> tuple[int, datetime, str]:
    return each.installation_id, each.point.at, each.type.value


def _reading_columns(each: Reading) -> dict[str, Any]:
    return {
        "meter_id": each.meter_id,
        "installation_id": each.installation_id,
        "taken_at": each.point.at,
        "value": each.point.value,
        "type": each.type.value,
        "status": each.status.value,
        "previous_value": each.previous_value,
        "consumption": each.consumption,
        "is_anomalous": each.is_anomalous,
        "lease_id": each.lease_id,
    }
