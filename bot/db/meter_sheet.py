"""Meters with all that is known of them in the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from bot.db.meter import installation, meter, sheet_columns, sheet_from
from bot.db.meter_list import MeterLists
from bot.db.meter_tie import MeterTiesKept
from bot.domain.meter import MeterSheet


class MeterSheets(MeterLists, MeterTiesKept):
    """Meters as people describe them."""

    async def get(self, meter_id: int) -> MeterSheet | None:
        """Return one meter."""
        return next(iter(await self._sheets(meter.c.id == meter_id)), None)

    async def of_place(self, place_id: int) -> Sequence[MeterSheet]:
        """Return all meters of a place, oldest first."""
        return await self._sheets(meter.c.place_id == place_id)

    async def below(self, parent_id: int) -> Sequence[MeterSheet]:
        """Return the sub-meters that hang right below a meter."""
        return await self._sheets(meter.c.parent_id == parent_id)

    async def with_subs(self, meter_ids: Collection[int]) -> Collection[int]:
        """Return which of some meters have sub-meters."""
        rows = await self._connection.execute(
            select(meter.c.parent_id).where(meter.c.parent_id.in_(meter_ids)).distinct()
        )
        return set(rows.scalars())

    async def roots(self, place_id: int, *, limit: int) -> Sequence[MeterSheet]:
        """Return the meters of a place that have sub-meters, or are main, and none above them."""
        child = meter.alias("child")
        has_subs = meter.c.id.in_(
            select(child.c.parent_id).where(
                child.c.place_id == place_id, child.c.parent_id.is_not(None)
            )
        )
        rows = await self._connection.execute(
            select(meter)
            .where(
                meter.c.place_id == place_id,
                meter.c.parent_id.is_(None),
                meter.c.is_main | has_subs,
            )
            .order_by(meter.c.id)
            .limit(limit)
        )
        return [sheet_from(row) for row in rows]

    async def names(self, place_id: int) -> Mapping[int, str]:
        """Return what the meters of a place are called."""
        rows = await self._connection.execute(
            select(meter.c.id, meter.c.name, meter.c.udf1).where(meter.c.place_id == place_id)
        )
        return {row.id: row.name or row.udf1 or "" for row in rows}

    async def by_serial_number(self, numbers: Collection[str]) -> Mapping[str, MeterSheet]:
        """Return the meters that have these serial numbers."""
        found = await self._sheets(meter.c.serial_number.in_(numbers))
        return {each.serial_number: each for each in found if each.serial_number is not None}

    async def lock(self, place_id: int) -> None:
        """Let nobody else change the meters of a place, or read them in, before this unit is over.

        Leases are locked before, where both are.
        """
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                select(meter.c.id)
                .where(meter.c.place_id == place_id)
                .order_by(meter.c.id)
                .with_for_update()
            )

    async def add(self, new: MeterSheet, *, at: datetime) -> MeterSheet:
        """Store a new meter, whose id is ignored, and return it with its id."""
        rows = await self._connection.execute(
            insert(meter)
            .values(**sheet_columns(new), created_at=at, updated_at=at)
            .returning(meter.c.id)
        )
        return replace(new, id=rows.scalar_one())

    async def save(self, changed: MeterSheet, *, at: datetime) -> None:
        """Store what has changed of a meter."""
        await self._connection.execute(
            update(meter)
            .where(meter.c.id == changed.id)
            .values(**sheet_columns(changed), updated_at=at)
        )

    async def delete(self, meter_id: int) -> None:
        """Delete a meter to which nothing is tied."""
        await self._connection.execute(
            delete(installation).where(installation.c.meter_id == meter_id)
        )
        await self._connection.execute(delete(meter).where(meter.c.id == meter_id))

    async def _sheets(self, condition: ColumnElement[bool]) -> Sequence[MeterSheet]:
        rows = await self._connection.execute(select(meter).where(condition).order_by(meter.c.id))
        return [sheet_from(row) for row in rows]
