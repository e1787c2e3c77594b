"""Finds rooms for staff: by words, by what is the matter with them, page by page."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.device import device
from bot.db.lease import lease
from bot.db.meter import installation, lease_meter, meter
from bot.db.place import place, room
from bot.db.reading import reading
from bot.db.relay import BY_HAND, TO_METERS, relay_order, supply
from bot.db.types import AnyRow, written_out
from bot.domain.lease import BillingMode
from bot.domain.metering import ReadingStatus
from bot.services.room_name import RoomName
from bot.services.stores.rooms import RoomFilter, RoomQuery, RoomTally

_NUMBERED = (place.c.name, func.length(room.c.name), room.c.name, room.c.id)


class RoomLists:
    """Rooms with their present lease, page by page."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(self, wanted: RoomQuery, *, offset: int, limit: int) -> Sequence[RoomName]:
        """Return rooms by place and number."""
        return await self._named(_found(wanted).order_by(*_NUMBERED).offset(offset).limit(limit))

    async def count(self, wanted: RoomQuery) -> int:
        """Return how many rooms a query finds."""
        found = _found(wanted).with_only_columns(func.count())
        return int((await self._connection.execute(found)).scalar_one())

    async def shortest(self, wanted: RoomQuery, *, limit: int) -> Sequence[RoomName]:
        """Return rooms, those with the shortest names first: exact ones are among them."""
        by_length = (func.length(room.c.name), room.c.name, place.c.name, room.c.id)
        return await self._named(_found(wanted).order_by(*by_length).limit(limit))

    async def tally(self, wanted: RoomQuery) -> RoomTally:
        """Return how many of the places' rooms each filter leaves."""
        kinds = [only for only in RoomFilter if only is not RoomFilter.ALL]
        counted = [func.sum(case((_is(only), 1), else_=0)).label(only.value) for only in kinds]
        rows = await self._connection.execute(
            _found(wanted).with_only_columns(func.count().label("rooms"), *counted)
        )
        return RoomTally(**{name: int(value or 0) for name, value in rows.one()._mapping.items()})

    async def of_leases(self, lease_ids: Collection[int]) -> Sequence[RoomName]:
        """Return the rooms of leases, by place and number."""
        found = _rooms(lease.c.room_id == room.c.id).where(lease.c.id.in_(lease_ids))
        return await self._named(found.order_by(*_NUMBERED))

    async def one(self, room_id: int, *, on: date) -> RoomName | None:
        """Return one room with the lease of a day."""
        found = await self._named(_rooms(_current(on)).where(room.c.id == room_id))
        return found[0] if found else None

    async def held_readings(self, place_ids: frozenset[int] | None) -> int:
        """Return how many readings of meters of these places a manager has yet to judge."""
        is_held = reading.c.status == written_out(ReadingStatus.HELD)
        found = select(func.count()).select_from(reading).where(is_held)
        if place_ids is not None:
            found = found.join(meter, meter.c.id == reading.c.meter_id).where(
                meter.c.place_id.in_(place_ids)
            )
        return int((await self._connection.execute(found)).scalar_one())

    async def waiting_orders(self, place_ids: frozenset[int] | None) -> int:
        """Return how many orders to relays of these places are open."""
        found = (
            select(func.count())
            .select_from(relay_order)
            .join(lease, lease.c.id == relay_order.c.lease_id)
            .where(relay_order.c.status.in_(TO_METERS))
        )
        if place_ids is not None:
            found = found.where(lease.c.place_id.in_(place_ids))
        return int((await self._connection.execute(found)).scalar_one())

    async def _named(self, query: Select[*tuple[Any, ...]]) -> Sequence[RoomName]:
        return [_name_from(row) for row in await self._connection.execute(query)]


def _rooms(let: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            room.c.id.label("room_id"),
            room.c.name.label("room"),
            place.c.id.label("place_id"),
            place.c.name.label("place"),
            lease.c.id.label("lease_id"),
            lease.c.tenant_name.label("tenant"),
        )
        .select_from(room)
        .join(place, place.c.id == room.c.place_id)
        .outerjoin(lease, let)
    )


def _current(on: date) -> ColumnElement[bool]:
    runs = lease.c.end_on.is_(None) | (lease.c.end_on > on)
    return and_(lease.c.room_id == room.c.id, runs)


def _found(wanted: RoomQuery) -> Select[*tuple[Any, ...]]:
    conditions = [_is(wanted.only), *(_holds(word) for word in wanted.words)]
    if wanted.place_ids is not None:
        conditions.append(room.c.place_id.in_(wanted.place_ids))
    return _rooms(_current(wanted.on)).where(*conditions)


def _holds(word: str) -> ColumnElement[bool]:
    """Return whether a room may be called so; databases fold the case of ASCII letters only."""
    if not word.isascii() and word.lower() != word.upper():
        return true()
    names = (room.c.name, place.c.name, lease.c.tenant_name)
    return or_(*(name.icontains(word, autoescape=True) for name in names))


def _is(only: RoomFilter) -> ColumnElement[bool]:
    if only is RoomFilter.VACANT:
        return and_(lease.c.id.is_(None))
    if only is RoomFilter.OWING:
        return and_(lease.c.balance_paise < 0)
    if only is RoomFilter.OFFLINE:
        return _is_offline()
    if only is RoomFilter.CUT:
        return _is_off()
    if only is RoomFilter.LOW:
        return and_(
            lease.c.mode == BillingMode.PREPAID.value,
            _is_below(lease.c.low_balance_paise, place.c.low_balance_paise)
            | _is_below(lease.c.cut_off_paise, place.c.cut_off_paise),
            ~_is_off(),
        )
    return true()


def _is_below(own: Column[int], of_place: Column[int]) -> ColumnElement[bool]:
    """Return whether the balance is below a mark of the lease, else of its place."""
    return and_(lease.c.balance_paise < func.coalesce(own, of_place))


def _is_off() -> ColumnElement[bool]:
    """Return whether a room is or should be off, or waits for somebody who switches by hand."""
    off = supply.c.desired_on.in_([False]) | supply.c.actual_on.in_([False])
    awaits_hand = exists().where(
        relay_order.c.meter_id == supply.c.meter_id, relay_order.c.status == BY_HAND
    )
    return exists().where(
        lease_meter.c.lease_id == lease.c.id,
        supply.c.meter_id == lease_meter.c.meter_id,
        off | awaits_hand,
    )


def _is_offline() -> ColumnElement[bool]:
    return exists().where(
        lease_meter.c.lease_id == lease.c.id,
        installation.c.meter_id == lease_meter.c.meter_id,
        installation.c.closed_at.is_(None),
        device.c.id == installation.c.device_id,
        device.c.is_online.in_([False]),
    )


def _name_from(row: AnyRow) -> RoomName:
    return RoomName(
        room_id=row.room_id,
        room=row.room,
        place=row.place,
        tenant=row.tenant or "",
        place_id=row.place_id,
        lease_id=row.lease_id,
    )
