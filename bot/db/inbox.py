"""What waits for somebody's hands, in the store."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.device import device
from bot.db.lease import lease
from bot.db.meter import installation, meter
from bot.db.place import place, room
from bot.db.relay import OPEN, relay_order
from bot.domain.meter import MeterStatus
from bot.services.stores.inbox import DarkRoom, OfflineMeter


class Inboxes:
    """Troubles of meters and relays."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def dark(
        self, place_ids: frozenset[int] | None, *, ordered_before: datetime, limit: int
    ) -> Sequence[DarkRoom]:
        """Return rooms of these places (None: of all) that wait for power since an instant."""
        query = (
            select(
                relay_order.c.lease_id,
                relay_order.c.created_at,
                place.c.name.label("place"),
                room.c.name.label("room"),
            )
            .join(lease, lease.c.id == relay_order.c.lease_id)
            .join(room, room.c.id == lease.c.room_id)
            .join(place, place.c.id == lease.c.place_id)
            .where(
                relay_order.c.status.in_(OPEN),
                relay_order.c.turn_on.in_([True]),
                relay_order.c.created_at <= ordered_before,
            )
            .order_by(relay_order.c.created_at)
            .limit(limit)
        )
        if place_ids is not None:
            query = query.where(lease.c.place_id.in_(place_ids))
        return [
            DarkRoom(lease_id=row.lease_id, place=row.place, room=row.room, since_at=row.created_at)
            for row in await self._connection.execute(query)
        ]

    async def offline(
        self, place_ids: frozenset[int] | None, *, limit: int
    ) -> Sequence[OfflineMeter]:
        """Return meters in use whose devices are offline, the longest first."""
        runs = and_(lease.c.room_id == room.c.id, lease.c.end_on.is_(None))
        query = (
            select(
                meter.c.id.label("meter_id"),
                lease.c.id.label("lease_id"),
                place.c.name.label("place"),
                room.c.name.label("room"),
                func.coalesce(meter.c.name, meter.c.udf1).label("meter"),
                device.c.online_changed_at,
            )
            .select_from(meter)
            .join(place, place.c.id == meter.c.place_id)
            .outerjoin(room, room.c.id == meter.c.room_id)
            .outerjoin(lease, runs)
            .join(installation, installation.c.meter_id == meter.c.id)
            .join(device, device.c.id == installation.c.device_id)
            .where(
                installation.c.closed_at.is_(None),
                device.c.is_online.in_([False]),
                meter.c.status == MeterStatus.ACTIVE.value,
            )
            .order_by(device.c.online_changed_at, meter.c.id)
            .limit(limit)
        )
        if place_ids is not None:
            query = query.where(meter.c.place_id.in_(place_ids))
        return [
            OfflineMeter(
                meter_id=row.meter_id,
                lease_id=row.lease_id,
                place=row.place,
                room=row.room,
                meter=row.meter or "",
                since_at=row.online_changed_at,
            )
            for row in await self._connection.execute(query)
        ]
