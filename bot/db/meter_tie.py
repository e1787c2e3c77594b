"""What hangs on meters: leases with their shares, readings, orders."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.lease import lease
from bot.db.meter import lease_meter, meter
from bot.db.place import room
from bot.db.reading import reading
from bot.db.relay import relay_order, supply
from bot.domain.meter_share import LeaseShare
from bot.domain.metering import ReadingStatus
from bot.services.stores.meter_sheet import MeterTies


class MeterTiesKept:
    """What is tied to meters."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ties(self, meter_id: int) -> MeterTies:
        """Return what is tied to a meter."""
        child = meter.alias("child")
        rows = await self._connection.execute(
            select(
                exists().where(reading.c.meter_id == meter_id).label("readings"),
                exists().where(lease_meter.c.meter_id == meter_id).label("leases"),
                exists().where(child.c.parent_id == meter_id).label("meters_below"),
                (
                    exists().where(supply.c.meter_id == meter_id)
                    | exists().where(relay_order.c.meter_id == meter_id)
                ).label("orders"),
            )
        )
        row = rows.one()
        return MeterTies(**{name: bool(value) for name, value in row._mapping.items()})

    async def shares(self, meter_id: int) -> Sequence[LeaseShare]:
        """Return the running leases that a meter counts for, by room."""
        rows = await self._connection.execute(
            select(
                lease.c.id,
                lease.c.tenant_name,
                room.c.name,
                lease_meter.c.share_ppm,
                lease_meter.c.anchor_reading_id,
            )
            .join(lease, lease.c.id == lease_meter.c.lease_id)
            .join(room, room.c.id == lease.c.room_id)
            .where(lease_meter.c.meter_id == meter_id, lease.c.end_on.is_(None))
            .order_by(room.c.name, lease.c.id)
        )
        return [
            LeaseShare(
                lease_id=row.id,
                room=row.name,
                tenant=row.tenant_name,
                share_ppm=row.share_ppm,
                is_charged=row.anchor_reading_id is not None,
            )
            for row in rows
        ]

    async def set_shares(self, meter_id: int, shares: Mapping[int, int | None]) -> None:
        """Let a meter count for these leases, and of the running ones for no others."""
        running = {each.lease_id for each in await self.shares(meter_id)}
        of_meter = lease_meter.c.meter_id == meter_id
        await self._connection.execute(
            delete(lease_meter).where(of_meter, lease_meter.c.lease_id.in_(running - shares.keys()))
        )
        for lease_id, share_ppm in sorted(shares.items()):
            if lease_id in running:
                one = update(lease_meter).where(of_meter, lease_meter.c.lease_id == lease_id)
                await self._connection.execute(one.values(share_ppm=share_ppm))
            else:
                await self._connection.execute(
                    insert(lease_meter).values(
                        lease_id=lease_id, meter_id=meter_id, share_ppm=share_ppm
                    )
                )

    async def counted_from(self, meter_id: int, at: datetime) -> datetime | None:
        """Return when a meter was read last up to an instant, or else first; accepted readings."""
        taken_at = (
            select(reading.c.taken_at)
            .where(
                reading.c.meter_id == meter_id,
                reading.c.status == ReadingStatus.ACCEPTED.value,
            )
            .limit(1)
        )
        before = taken_at.where(reading.c.taken_at <= at).order_by(reading.c.taken_at.desc())
        found = (await self._connection.execute(before)).scalar_one_or_none()
        if found is None:
            first = taken_at.order_by(reading.c.taken_at)
            found = (await self._connection.execute(first)).scalar_one_or_none()
        return found

    async def counted(
        self, meter_ids: Collection[int], *, from_at: datetime, to_at: datetime
    ) -> Mapping[int, Decimal]:
        """Return what meters counted by their accepted readings of a time, in their units."""
        rows = await self._connection.execute(
            select(reading.c.meter_id, func.sum(reading.c.consumption).label("used"))
            .where(
                reading.c.meter_id.in_(meter_ids),
                reading.c.taken_at > from_at,
                reading.c.taken_at <= to_at,
                reading.c.status == ReadingStatus.ACCEPTED.value,
                reading.c.consumption.is_not(None),
            )
            .group_by(reading.c.meter_id)
        )
        return {row.meter_id: row.used for row in rows}
