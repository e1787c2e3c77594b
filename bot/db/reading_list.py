"""Readings as people look through them, in the store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.meter import meter, sheet_from
from bot.db.place import place, room
from bot.db.reading import reading, reading_from
from bot.db.types import AnyRow, written_out
from bot.domain.meter import MeterStatus
from bot.domain.metering import Reading, ReadingStatus, ReadingType
from bot.services.stores.meter_sheet import MeterLine
from bot.services.stores.reading_list import HeldLine, ReadingQuery

_METERS = (
    select(meter, place.c.name.label("place_name"), room.c.name.label("room_name"))
    .join(place, place.c.id == meter.c.place_id)
    .outerjoin(room, room.c.id == meter.c.room_id)
)


class ReadingLists:
    """Readings, page by page."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self, wanted: ReadingQuery, *, limit: int, before: Reading | None = None
    ) -> Sequence[Reading]:
        """Return readings, newest first, those that come before one if it is given."""
        query = select(reading).where(*_conditions(wanted))
        if before is not None:
            at = tuple_(reading.c.taken_at, reading.c.id)
            query = query.where(
                reading.c.taken_at <= before.point.at, at < (before.point.at, before.id)
            )
        newest = query.order_by(reading.c.taken_at.desc(), reading.c.id.desc())
        rows = await self._connection.execute(newest.limit(limit))
        return [reading_from(row) for row in rows]

    async def correction_of(self, was: Reading) -> Reading | None:
        """Return the reading that took the place of another."""
        rows = await self._connection.execute(
            select(reading)
            .where(reading.c.corrects_id == was.id)
            .order_by(reading.c.id.desc())
            .limit(1)
        )
        row = rows.first()
        return None if row is None else reading_from(row)

    async def held(
        self, place_ids: frozenset[int] | None, *, limit: int, offset: int = 0
    ) -> Sequence[HeldLine]:
        """Return the readings of these places (None: of all) that wait, oldest first."""
        query = (
            select(reading)
            .join(meter, meter.c.id == reading.c.meter_id)
            .where(reading.c.status == written_out(ReadingStatus.HELD))
            .order_by(reading.c.taken_at, reading.c.id)
        )
        if place_ids is not None:
            query = query.where(meter.c.place_id.in_(place_ids))
        rows = await self._connection.execute(query.offset(offset).limit(limit))
        found = [reading_from(row) for row in rows]
        of = meter.c.id.in_({each.meter_id for each in found})
        lines = {each.sheet.id: each for each in await self._meters(_METERS.where(of))}
        return [HeldLine(reading=each, meter=lines[each.meter_id]) for each in found]

    async def find_meters(
        self, words: Sequence[str], place_ids: frozenset[int] | None, *, limit: int, offset: int
    ) -> Sequence[MeterLine]:
        """Return the meters in use that have every word in a name: their own, their room's, their
        place's, or a number; those with the shortest names first."""
        query = _METERS.where(
            meter.c.status == written_out(MeterStatus.ACTIVE), *map(_holds, words)
        )
        if place_ids is not None:
            query = query.where(meter.c.place_id.in_(place_ids))
        named = func.coalesce(room.c.name, "")
        shortest = (place.c.name, func.length(named), named, meter.c.id)
        return await self._meters(query.order_by(*shortest).offset(offset).limit(limit))

    async def _meters(self, query: Select[Any]) -> list[MeterLine]:
        return [_line_from(row) for row in await self._connection.execute(query)]


def _conditions(wanted: ReadingQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [reading.c.meter_id == wanted.meter_id]
    if wanted.type is not None:
        found.append(reading.c.type == wanted.type.value)
    if wanted.type not in {None, ReadingType.AUTOMATIC}:
        found.append(reading.c.type != written_out(ReadingType.AUTOMATIC))  # as the index says it
    if wanted.is_billing is not None:
        is_billing: ColumnElement[bool] = literal_column("reading.is_billing")
        found.append(is_billing if wanted.is_billing else ~is_billing)
    if wanted.statuses is not None:
        found.append(reading.c.status.in_([each.value for each in wanted.statuses]))
    if wanted.from_at is not None:
        found.append(reading.c.taken_at >= wanted.from_at)
    if wanted.to_at is not None:
        found.append(reading.c.taken_at < wanted.to_at)
    return found


def _holds(word: str) -> ColumnElement[bool]:
    names = (
        meter.c.name,
        meter.c.serial_number,
        meter.c.udf1,
        room.c.name,
        place.c.name,
    )
    return or_(*(name.icontains(word, autoescape=True) for name in names))


def _line_from(row: AnyRow) -> MeterLine:
    return MeterLine(sheet=sheet_from(row), place=row.place_name, room=row.room_name)
