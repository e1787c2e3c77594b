"""Meters and their installations in the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.db.device import Devices
from bot.db.lease import lease
from bot.db.meter import installation, lease_meter, meter, meter_from
from bot.db.reading import Readings
from bot.domain.meter import SERVICES_OF, MeterStatus
from bot.domain.metering import Installation, Meter, MeterTerms
from bot.services.store import LastSeen


class Metering(Devices, Readings):
    """Measuring points and what they showed."""

    async def meters(self, meter_ids: Collection[int]) -> Mapping[int, Meter]:
        """Return meters by id."""
        rows = await self._connection.execute(select(meter).where(meter.c.id.in_(meter_ids)))
        return {row.id: meter_from(row) for row in rows}

    async def by_udf1(self, udf1s: Collection[str]) -> Mapping[str, Meter]:
        """Return the meters that have these stable names."""
        rows = await self._connection.execute(select(meter).where(meter.c.udf1.in_(udf1s)))
        return {row.udf1: meter_from(row) for row in rows}

    async def hand_read(self, place_id: int) -> Sequence[Meter]:
        """Return the meters of a place that no device tells, oldest first."""
        rows = await self._connection.execute(
            select(meter)
            .where(meter.c.place_id == place_id, meter.c.udf1.is_(None))
            .order_by(meter.c.id)
        )
        return [meter_from(row) for row in rows]

    async def named_meters(self) -> Mapping[str, Meter]:
        """Return every meter that the vendor has, by its stable name."""
        rows = await self._connection.execute(
            select(meter).where(meter.c.udf1.is_not(None)).order_by(meter.c.udf1)
        )
        return {row.udf1: meter_from(row) for row in rows}

    async def running_leases(self, meter_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return the leases without end that each meter counts for, not those that share one."""
        rows = await self._connection.execute(
            select(lease_meter.c.meter_id, lease_meter.c.lease_id)
            .join(lease, lease.c.id == lease_meter.c.lease_id)
            .where(
                lease_meter.c.meter_id.in_(meter_ids),
                lease_meter.c.share_ppm.is_(None),
                lease.c.end_on.is_(None),
            )
            .order_by(lease_meter.c.meter_id, lease_meter.c.lease_id)
        )
        found: dict[int, tuple[int, ...]] = {}
        for meter_id, lease_id in rows:
            found[meter_id] = (*found.get(meter_id, ()), lease_id)
        return found

    async def add_meter(self, new: Meter) -> Meter:
        """Store a new meter, whose id is ignored; of its service unless that cannot be."""
        services = SERVICES_OF[new.type]
        service = new.service if new.service in services else services[0]
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
                name=new.name,
                service=service.value,
                billing_type=new.billing_type.value,
                status=MeterStatus.ACTIVE.value,
                is_main=False,
                decimals=new.decimals,
            )
            .returning(meter.c.id)
        )
        return replace(new, id=rows.scalar_one(), service=service)

    async def place_meter(self, *, meter_id: int, room_id: int) -> None:
        """Say which room a meter is in."""
        await self._connection.execute(
            update(meter).where(meter.c.id == meter_id).values(room_id=room_id)
        )

    async def save_terms(self, *, meter_id: int, terms: MeterTerms) -> None:
        """Store how a meter's counter is read."""
        await self._connection.execute(
            update(meter)
            .where(meter.c.id == meter_id)
            .values(
                multiplier=terms.multiplier,
                max_value=terms.max_value,
                limit_per_hour=terms.limit_per_hour,
            )
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

    async def open_installation(self, meter_id: int) -> Installation | None:
        """Return the installation that a meter has now."""
        rows = await self._connection.execute(
            select(installation).where(
                installation.c.meter_id == meter_id, installation.c.closed_at.is_(None)
            )
        )
        row = rows.first()
        return None if row is None else Installation(**row._mapping)

    async def installation(self, installation_id: int) -> Installation | None:
        """Return one installation, open or closed."""
        rows = await self._connection.execute(
            select(installation).where(installation.c.id == installation_id)
        )
        row = rows.first()
        return None if row is None else Installation(**row._mapping)

    async def installation_before(self, later: Installation) -> Installation | None:
        """Return what the meter had before an installation."""
        rows = await self._connection.execute(
            select(installation)
            .where(installation.c.meter_id == later.meter_id, installation.c.id < later.id)
            .order_by(installation.c.id.desc())
            .limit(1)
        )
        row = rows.first()
        return None if row is None else Installation(**row._mapping)

    async def installed(self) -> Mapping[int, str | None]:
        """Return the device of every open installation, None where it is not known, by meter."""
        rows = await self._connection.execute(
            select(installation.c.meter_id, installation.c.device_id).where(
                installation.c.closed_at.is_(None)
            )
        )
        return {row.meter_id: row.device_id for row in rows}

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
        """Close an installation, which has counted by what its meter counts by now."""
        multiplier = (
            select(meter.c.multiplier)
            .where(meter.c.id == installation.c.meter_id)
            .scalar_subquery()
        )
        await self._connection.execute(
            update(installation)
            .where(installation.c.id == installation_id)
            .values(closed_at=at, multiplier=multiplier)
        )
