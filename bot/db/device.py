"""Devices as the vendor showed them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Column, Index, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import table
from bot.db.types import AnyRow, Flag, Id, UtcDateTime
from bot.db.upsert import upsert
from bot.services.ports import DeviceMode
from bot.services.store import Device

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


class Devices:
    """Replaceable hardware."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

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
            "id": changed.id,
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
        await upsert(self._connection, device, [values])

    async def lock_devices(self, device_ids: Collection[str]) -> None:
        """Let nobody else change devices before this unit is over; in one order for everybody.

        Leases are locked before the orders to their relays, and those before devices: units that
        took them in another order would wait for one another.
        """
        if device_ids and self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                select(device.c.id)
                .where(device.c.id.in_(device_ids))
                .order_by(device.c.id)
                .with_for_update(key_share=True)
            )

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
