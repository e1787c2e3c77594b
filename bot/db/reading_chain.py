"""Readings in their order, and what was charged on them, in the store."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.lease import lease
from bot.db.meter import installation, lease_meter, meter, sheet_from
from bot.db.place import place, room
from bot.db.reading import reading, reading_columns, reading_from
from bot.db.reading_charge import ReadingCharges
from bot.db.types import written_out
from bot.domain.meter import MeterStatus
from bot.domain.metering import Installation, Reading, ReadingStatus, ReadingType
from bot.services.stores.meter_sheet import MeterLine
from bot.services.stores.reading_chain import Relinked

ACCEPTED = reading.c.status == written_out(ReadingStatus.ACCEPTED)
MEMBER = and_(ACCEPTED, or_(reading.c.type != ReadingType.ESTIMATED.value, reading.c.is_billing))
OLDEST = (reading.c.taken_at, reading.c.id)
NEWEST = (reading.c.taken_at.desc(), reading.c.id.desc())


class ReadingChains(ReadingCharges):
    """The accepted readings of an installation, and the charges that rest on them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, meter_id: int) -> None:
        """Let nobody else put readings into the chains of a meter before this unit is over."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                select(meter.c.id).where(meter.c.id == meter_id).with_for_update()
            )

    async def installations(self, meter_id: int) -> Sequence[Installation]:
        """Return what a meter had, and has, oldest first."""
        rows = await self._connection.execute(
            select(installation)
            .where(installation.c.meter_id == meter_id)
            .order_by(installation.c.id)
        )
        return [Installation(**row._mapping) for row in rows]

    async def open_earlier(self, installation_id: int, *, at: datetime) -> None:
        """Let an installation have begun earlier."""
        await self._connection.execute(
            update(installation).where(installation.c.id == installation_id).values(opened_at=at)
        )

    async def before(
        self,
        installation_id: int,
        at: datetime,
        *,
        lease_id: int | None = None,
        but: Collection[int] = (),
    ) -> Reading | None:
        """Return the last member before an instant, with `lease_id` of that lease,
        leaving some out."""
        query = _members(installation_id, lease_id, but).where(reading.c.taken_at < at)
        return await self._first(query.order_by(*NEWEST))

    async def after(
        self,
        installation_id: int,
        at: datetime,
        *,
        lease_id: int | None = None,
        but: Collection[int] = (),
    ) -> Reading | None:
        """Return the first member after an instant, with `lease_id` of that lease,
        leaving some out."""
        query = _members(installation_id, lease_id, but).where(reading.c.taken_at > at)
        return await self._first(query.order_by(*OLDEST))

    async def at(
        self, installation_id: int, at: datetime, *, but: Collection[int] = ()
    ) -> Reading | None:
        """Return the member at an instant, leaving some out."""
        query = _members(installation_id, None, but).where(reading.c.taken_at == at)
        return await self._first(query.order_by(*NEWEST))

    async def members(
        self, installation_id: int, *, lease_id: int, from_at: datetime, to_at: datetime | None
    ) -> Sequence[Reading]:
        """Return the members of a lease in [from_at, to_at], oldest first; None: to the end."""
        query = _members(installation_id, lease_id).where(reading.c.taken_at >= from_at)
        if to_at is not None:
            query = query.where(reading.c.taken_at <= to_at)
        return await self._all(query.order_by(*OLDEST))

    async def between(
        self, installation_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[Reading]:
        """Return every reading in (from_at, to_at], whatever became of it, oldest first."""
        query = select(reading).where(
            reading.c.installation_id == installation_id,
            reading.c.taken_at > from_at,
            reading.c.taken_at <= to_at,
        )
        return await self._all(query.order_by(*OLDEST))

    async def taken_before(self, meter_id: int, at: datetime, *, limit: int) -> Sequence[Reading]:
        """Return the last members of all installations that were really read, oldest first."""
        query = select(reading).where(
            reading.c.meter_id == meter_id,
            reading.c.taken_at < at,
            reading.c.type != ReadingType.ESTIMATED.value,
            ACCEPTED,
        )
        return (await self._all(query.order_by(*NEWEST).limit(limit)))[::-1]

    async def same(
        self, meter_id: int, value: Decimal, *, from_at: datetime, to_at: datetime
    ) -> Reading | None:
        """Return a member, or a held reading, of that value in [from_at, to_at)."""
        query = select(reading).where(
            reading.c.meter_id == meter_id,
            reading.c.value == value,
            reading.c.taken_at >= from_at,
            reading.c.taken_at < to_at,
            reading.c.type != ReadingType.ESTIMATED.value,
            reading.c.status.in_([ReadingStatus.ACCEPTED.value, ReadingStatus.HELD.value]),
        )
        return await self._first(query.order_by(*NEWEST))

    async def next_revision(self, installation_id: int, at: datetime) -> int:
        """Return the number for one more reading of an instant."""
        rows = await self._connection.execute(
            select(func.max(reading.c.revision)).where(
                reading.c.installation_id == installation_id, reading.c.taken_at == at
            )
        )
        last = rows.scalar_one()
        return 0 if last is None else int(last) + 1

    async def has_held(self, meter_id: int) -> bool:
        """Return whether a reading of the meter waits to be judged."""
        rows = await self._connection.execute(
            select(reading.c.id)
            .where(
                reading.c.meter_id == meter_id,
                reading.c.status == written_out(ReadingStatus.HELD),
            )
            .limit(1)
        )
        return rows.first() is not None

    async def add(self, new: Reading) -> int:
        """Store a reading, whose id is ignored, and return its id."""
        rows = await self._connection.execute(
            insert(reading).values(**reading_columns(new)).returning(reading.c.id)
        )
        return int(rows.scalar_one())

    async def read_by_devices(self, place_id: int) -> Sequence[MeterLine]:
        """Return the meters in use of a place that a device reads, by room."""
        rows = await self._connection.execute(
            select(meter, place.c.name.label("place_name"), room.c.name.label("room_name"))
            .join(place, place.c.id == meter.c.place_id)
            .outerjoin(room, room.c.id == meter.c.room_id)
            .where(
                meter.c.place_id == place_id,
                meter.c.status == MeterStatus.ACTIVE.value,
                meter.c.udf1.is_not(None),
            )
            .order_by(room.c.name, meter.c.id)
        )
        return [
            MeterLine(sheet=sheet_from(row), place=row.place_name, room=row.room_name)
            for row in rows
        ]

    async def flag(self, reading_ids: Collection[int]) -> None:
        """Note that the use up to readings is off the habit of their meters."""
        if reading_ids:
            await self._connection.execute(
                update(reading).where(reading.c.id.in_(reading_ids)).values(is_anomalous=True)
            )

    async def set_status(self, reading_ids: Collection[int], status: ReadingStatus) -> None:
        """Say what became of readings."""
        if reading_ids:
            await self._connection.execute(
                update(reading).where(reading.c.id.in_(reading_ids)).values(status=status.value)
            )

    async def relink(self, changed: Sequence[Relinked]) -> None:
        """Store what readings tell of the use before them."""
        if changed:
            await self._connection.execute(
                update(reading).where(reading.c.id == bindparam("of_reading")),
                [
                    {
                        "of_reading": each.reading_id,
                        "previous_value": each.previous_value,
                        "consumption": each.consumption,
                    }
                    for each in changed
                ],
            )

    async def leases_on(self, meter_id: int, on: date) -> Sequence[int]:
        """Return the leases that a meter counts for on a local day."""
        rows = await self._connection.execute(
            select(lease.c.id)
            .join(lease_meter, lease_meter.c.lease_id == lease.c.id)
            .where(
                lease_meter.c.meter_id == meter_id,
                lease.c.start_on <= on,
                lease.c.end_on.is_(None) | (lease.c.end_on > on),
            )
            .order_by(lease.c.id)
        )
        return list(rows.scalars())

    async def _first(self, query: Select[Any]) -> Reading | None:
        found = await self._all(query.limit(1))
        return found[0] if found else None

    async def _all(self, query: Select[Any]) -> list[Reading]:
        return [reading_from(row) for row in await self._connection.execute(query)]


def _members(installation_id: int, lease_id: int | None, but: Collection[int] = ()) -> Select[Any]:
    """The meter is named too: its readings are in order of time in an index."""
    of_meter: ColumnElement[bool] = reading.c.meter_id == (
        select(installation.c.meter_id)
        .where(installation.c.id == installation_id)
        .scalar_subquery()
    )
    query = select(reading).where(of_meter, reading.c.installation_id == installation_id, MEMBER)
    if but:
        query = query.where(reading.c.id.not_in(but))
    return query if lease_id is None else query.where(reading.c.lease_id == lease_id)
