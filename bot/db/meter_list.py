"""Finds meters by what they are, page by page, without counting them."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.meter import meter, sheet_from
from bot.db.place import place, room
from bot.db.types import written_out
from bot.domain.meter import BillingType, MeterSheet, MeterStatus
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
        query = _LINES.where(*self._conditions(wanted)).limit(limit)
        if before is not None:
            nearest_first = query.order_by(*(each.desc() for each in _ORDER))
            return (await self._next(nearest_first, _before(before), limit))[::-1]
        parts = [true()] if after is None else _after(after)
        return await self._next(query.order_by(*_ORDER), parts, limit)

    async def _next(
        self, query: Select[Any], parts: Sequence[ColumnElement[bool]], limit: int
    ) -> list[MeterLine]:
        """Return the rows of one part of the order after another, until there are enough.

        A part is a stretch of an index; a comparison of pairs is none to every database.
        """
        found: list[MeterLine] = []
        for part in parts:
            if len(found) < limit:
                found += await self._lines(query.where(part).limit(limit - len(found)))
        return found

    async def starting_with(
        self, number: str, *, place_ids: frozenset[int] | None, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters whose serial number begins so."""
        begins_so = meter.c.serial_number.between(number, number + LAST)
        wanted = self._conditions(MeterQuery(place_ids=place_ids))
        query = _LINES.where(begins_so, *wanted).order_by(meter.c.serial_number)
        return await self._lines(query.limit(limit))

    async def called(
        self, text: str, *, place_ids: frozenset[int] | None, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters whose names hold a text, by place and age."""
        name = func.coalesce(meter.c.name, meter.c.udf1)
        wanted = self._conditions(MeterQuery(place_ids=place_ids))
        query = _LINES.where(name.icontains(text, autoescape=True), *wanted)
        return await self._lines(query.order_by(*_ORDER).limit(limit))

    async def to_inspect(
        self, *, place_ids: frozenset[int] | None, through_on: date, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters in use whose next inspection is due by a day, the most urgent first."""
        query = _LINES.where(
            meter.c.next_inspection_on <= through_on,
            meter.c.status != written_out(MeterStatus.RETIRED),
            *self._conditions(MeterQuery(place_ids=place_ids)),
        )
        return await self._lines(
            query.order_by(meter.c.next_inspection_on, meter.c.id).limit(limit)
        )

    def _conditions(self, wanted: MeterQuery) -> list[ColumnElement[bool]]:
        """SQLite knows nothing of how many rows have a value: we say which index to use."""
        found: list[ColumnElement[bool]] = []
        if wanted.place_ids is not None:
            found.append(meter.c.place_id.in_(wanted.place_ids))
        is_sqlite = self._connection.dialect.name == "sqlite"
        for number, (name, value) in enumerate(_facets(wanted)):
            found.append(_asked(name, value, "+" if number and is_sqlite else ""))
        return found

    async def _lines(self, query: Select[Any]) -> list[MeterLine]:
        rows = await self._connection.execute(query)
        return [
            MeterLine(sheet=sheet_from(row), place=row.place_name, room=row.room_name)
            for row in rows
        ]


def _after(sheet: MeterSheet) -> Sequence[ColumnElement[bool]]:
    place_id, meter_id = _ORDER
    same = and_(place_id == sheet.place_id, meter_id > sheet.id)
    return same, and_(place_id > sheet.place_id)


def _before(sheet: MeterSheet) -> Sequence[ColumnElement[bool]]:
    place_id, meter_id = _ORDER
    same = and_(place_id == sheet.place_id, meter_id < sheet.id)
    return same, and_(place_id < sheet.place_id)


def _facets(wanted: MeterQuery) -> Iterator[tuple[str, object]]:
    """Yield the columns that are asked for with their values, those that leave least first."""
    if wanted.room_id is not None:
        yield "room_id", wanted.room_id
    if wanted.is_main:
        yield "is_main", True
    if wanted.status not in {None, MeterStatus.ACTIVE}:
        yield "status", wanted.status
    if wanted.billing_type not in {None, BillingType.INDIVIDUAL}:
        yield "billing_type", wanted.billing_type
    if wanted.type is not None:
        yield "type", wanted.type
    if wanted.service is not None:
        yield "service", wanted.service
    if wanted.billing_type is BillingType.INDIVIDUAL:
        yield "billing_type", wanted.billing_type
    if wanted.status is MeterStatus.ACTIVE:
        yield "status", wanted.status
    if wanted.is_main is False:
        yield "is_main", False


def _asked(name: str, value: object, mark: str) -> ColumnElement[bool]:
    """Return a condition on a column; a mark before it keeps SQLite from its index."""
    if name == "is_main":
        is_main: ColumnElement[bool] = literal_column(f"{mark}meter.is_main")
        return is_main if value else ~is_main
    column: ColumnElement[Any] = literal_column(f"{mark}meter.{name}", meter.c[name].type)
    return column == (value.value if isinstance(value, Enum) else value)
