"""Finds meters by what they are, page by page, without counting them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.meter import meter, sheet_from
from bot.db.place import place, room
from bot.db.types import written_out
from bot.domain.meter import MeterSheet, MeterStatus
from bot.services.stores.meter_sheet import MeterLine, MeterQuery

LAST = "\uf8ff"
"""Comes after every letter that a serial number has."""

_ORDER = (meter.c.place_id, meter.c.id)
_LINES = (
    select(meter, place.c.name.label("place_name"), room.c.name.label("room_name"))
    .join(place, place.c.id == meter.c.place_id)
    .outerjoin(room, room.c.id == meter.c.room_id)
)


class MeterLists:
    """Meters with their place and room."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self,
        wanted: MeterQuery,
        *,
        limit: int,
        after: MeterSheet | None = None,
        before: MeterSheet | None = None,
    ) -> Sequence[MeterLine]:
        """Return meters by place and age, those next to one if that is given."""
        query, at = _LINES.where(*_conditions(wanted)).limit(limit), tuple_(*_ORDER)
        if before is not None:
            query = query.where(at < (before.place_id, before.id))
            found = await self._lines(query.order_by(*(each.desc() for each in _ORDER)))
            return found[::-1]
        if after is not None:
            query = query.where(at > (after.place_id, after.id))
        return await self._lines(query.order_by(*_ORDER))

    async def starting_with(
        self, number: str, *, place_ids: frozenset[int] | None, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters whose serial number begins so."""
        begins_so = meter.c.serial_number.between(number, number + LAST)
        wanted = _conditions(MeterQuery(place_ids=place_ids))
        query = _LINES.where(begins_so, *wanted).order_by(meter.c.serial_number)
        return await self._lines(query.limit(limit))

    async def to_inspect(
        self, *, place_ids: frozenset[int] | None, through_on: date, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters in use whose next inspection is due by a day, the most urgent first."""
        query = _LINES.where(
            meter.c.next_inspection_on <= through_on,
            meter.c.status != written_out(MeterStatus.RETIRED),
            *_conditions(MeterQuery(place_ids=place_ids)),
        )
        return await self._lines(
            query.order_by(meter.c.next_inspection_on, meter.c.id).limit(limit)
        )

    async def _lines(self, query: Select[Any]) -> list[MeterLine]:
        rows = await self._connection.execute(query)
        return [
            MeterLine(sheet=sheet_from(row), place=row.place_name, room=row.room_name)
            for row in rows
        ]


def _conditions(wanted: MeterQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.place_ids is not None:
        found.append(meter.c.place_id.in_(wanted.place_ids))
    if wanted.room_id is not None:
        found.append(meter.c.room_id == wanted.room_id)
    for column, value in (
        (meter.c.service, wanted.service),
        (meter.c.type, wanted.type),
        (meter.c.status, wanted.status),
        (meter.c.billing_type, wanted.billing_type),
    ):
        if value is not None:
            found.append(column == value.value)
    if wanted.is_main is not None:
        is_main: ColumnElement[bool] = literal_column("meter.is_main")  # as the index says it
        found.append(is_main if wanted.is_main else ~is_main)
    return found
