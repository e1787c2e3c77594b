"""What relays should be, and the orders that make them so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.lease import lease
from bot.db.meter import installation, lease_meter
from bot.db.place import place
from bot.db.relay import (
    OPEN,
    TO_METERS,
    order_from,
    relay_order,
    supply,
    supply_columns,
    supply_from,
)
from bot.db.types import AnyRow, written_out
from bot.db.upsert import upsert
from bot.domain.period import local_date
from bot.services.book import SupplyState
from bot.services.store import TAKEN_OVER, OrderStatus, RelayOrder


def _is_over(row: AnyRow, at: datetime) -> bool:
    """Return whether a lease has ended by the place's day. Rule 1.5."""
    return row.end_on is not None and local_date(at, ZoneInfo(row.timezone)) >= row.end_on


def _leased(due: RelayOrder, until: datetime) -> RelayOrder:
    return replace(due, due_at=until, attempts=due.attempts + 1)


class Supplies:
    """Desired states and relay orders."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def states(self, meter_ids: Collection[int]) -> Mapping[int, SupplyState]:
        """Return what is desired, by meter."""
        rows = await self._connection.execute(
            select(supply).where(supply.c.meter_id.in_(meter_ids))
        )
        return {row.meter_id: supply_from(row) for row in rows}

    async def save(self, states: Sequence[SupplyState]) -> None:
        """Store desired states, new or changed."""
        ordered = sorted(states, key=lambda state: state.meter_id)
        await upsert(self._connection, supply, [supply_columns(state) for state in ordered])

    async def to_decide_anew(self, at: datetime) -> Sequence[int]:
        """Return the leases whose power time alone may have changed by now: a hold has run out,
        or the hours, the holiday or the grace that put a cut off are over."""
        rows = await self._connection.execute(
            select(lease.c.id, lease.c.end_on, place.c.timezone)
            .join(place, place.c.id == lease.c.place_id)
            .join(lease_meter, lease_meter.c.lease_id == lease.c.id)
            .join(supply, supply.c.meter_id == lease_meter.c.meter_id)
            .where(supply.c.review_at <= at)
            .order_by(lease.c.id)
        )
        return [row.id for row in rows if not _is_over(row, at)]

    async def drop_open(self, meter_id: int, *, error: str) -> None:
        """Make the open order of a meter obsolete. Rule 6.5."""
        await self._connection.execute(
            update(relay_order)
            .where(relay_order.c.meter_id == meter_id, relay_order.c.status.in_(OPEN))
            .values(status=OrderStatus.OBSOLETE.value, error=error)
        )

    async def order(self, new: RelayOrder) -> RelayOrder:
        """Store a new open order, whose id is ignored; the meter must have no open one."""
        rows = await self._connection.execute(
            insert(relay_order)
            .values(
                meter_id=new.meter_id,
                lease_id=new.lease_id,
                turn_on=new.turn_on,
                reason=new.reason.value,
                thread=new.thread,
                status=new.status.value,
                lane=int(new.lane),
                created_at=new.created_at,
                due_at=new.due_at,
                attempts=0,
                requested_by=new.requested_by,
            )
            .returning(relay_order)
        )
        return order_from(rows.one())

    async def open_order(self, meter_id: int) -> RelayOrder | None:
        """Return the open order of a meter."""
        rows = await self._connection.execute(
            select(relay_order).where(
                relay_order.c.meter_id == meter_id, relay_order.c.status.in_(OPEN)
            )
        )
        row = rows.first()
        return None if row is None else order_from(row)

    async def standing(self, order_id: int) -> RelayOrder | None:
        """Return an order, or the last one of those that took it over."""
        asked = relay_order.alias("asked")
        rows = await self._connection.execute(
            select(relay_order)
            .join(asked, asked.c.meter_id == relay_order.c.meter_id)
            .where(
                asked.c.id == order_id,
                relay_order.c.id >= order_id,
                relay_order.c.error.is_distinct_from(TAKEN_OVER),
            )
            .order_by(relay_order.c.id)
            .limit(1)
        )
        row = rows.first()
        return None if row is None else order_from(row)

    async def threads_of(self, order: RelayOrder) -> Sequence[str]:
        """Return the threads that wait for an order: its own, and of those it took over."""
        earlier = select(func.max(relay_order.c.id)).where(
            relay_order.c.meter_id == order.meter_id,
            relay_order.c.id < order.id,
            relay_order.c.error.is_distinct_from(TAKEN_OVER),
        )
        rows = await self._connection.execute(
            select(relay_order.c.thread)
            .where(
                relay_order.c.meter_id == order.meter_id,
                relay_order.c.id > func.coalesce(earlier.scalar_subquery(), 0),
                relay_order.c.id <= order.id,
            )
            .order_by(relay_order.c.id)
        )
        return list(dict.fromkeys(rows.scalars()))

    async def get_order(self, order_id: int) -> RelayOrder | None:
        """Return one order."""
        rows = await self._connection.execute(
            select(relay_order).where(relay_order.c.id == order_id)
        )
        row = rows.first()
        return None if row is None else order_from(row)

    async def lease_due(
        self, now: datetime, *, until: datetime, limit: int
    ) -> Sequence[RelayOrder]:
        """Take due open orders for this worker alone until an instant, restores first.

        Rule 6.4.
        """
        rows = await self._connection.execute(
            select(relay_order)
            .where(relay_order.c.status.in_(TO_METERS), relay_order.c.due_at <= now)
            .order_by(relay_order.c.lane, relay_order.c.due_at, relay_order.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        orders = [_leased(order_from(row), until) for row in rows]
        if orders:
            await self._connection.execute(
                update(relay_order)
                .where(relay_order.c.id.in_([order.id for order in orders]))
                .values(due_at=until, attempts=relay_order.c.attempts + 1)
            )
        return orders

    async def save_order(self, changed: RelayOrder) -> None:
        """Store how an open order fares; one that was closed meanwhile stays as it is."""
        await self._connection.execute(
            update(relay_order)
            .where(relay_order.c.id == changed.id, relay_order.c.status.in_(OPEN))
            .values(
                status=changed.status.value,
                due_at=changed.due_at,
                attempts=changed.attempts,
                sent_at=changed.sent_at,
                confirmed_at=changed.confirmed_at,
                confirmed_by=changed.confirmed_by,
                error=changed.error,
                alerted_at=changed.alerted_at,
            )
        )

    async def still_dark(self, *, ordered_before: datetime) -> Sequence[RelayOrder]:
        """Return open orders to restore, given before an instant and not yet alerted of.

        Rule 6.5.
        """
        rows = await self._connection.execute(
            select(relay_order).where(
                relay_order.c.status.in_(OPEN),
                relay_order.c.turn_on.in_([True]),
                relay_order.c.created_at <= ordered_before,
                relay_order.c.alerted_at.is_(None),
            )
        )
        return [order_from(row) for row in rows]

    async def lock_waiting(self, device_ids: Collection[str]) -> None:
        """Let nobody else decide about the leases whose orders wait for devices before this unit
        is over."""
        if device_ids and self._connection.dialect.name == "postgresql":
            leases = _waiting_for(device_ids).with_only_columns(relay_order.c.lease_id)
            in_order = select(lease.c.id).where(lease.c.id.in_(leases)).order_by(lease.c.id)
            await self._connection.execute(in_order.with_for_update())

    async def wake(self, device_ids: Collection[str], *, at: datetime) -> None:
        """Make the waiting orders of devices that are back due at once. Rule 6.5."""
        if device_ids:
            orders = relay_order.c.id.in_(_waiting_for(device_ids))
            await self._connection.execute(update(relay_order).where(orders).values(due_at=at))


def _waiting_for(device_ids: Collection[str]) -> Select[*tuple[Any, ...]]:
    meters = select(installation.c.meter_id).where(
        installation.c.device_id.in_(device_ids), installation.c.closed_at.is_(None)
    )
    waits = relay_order.c.status == written_out(OrderStatus.WAITING)
    return select(relay_order.c.id).where(waits, relay_order.c.meter_id.in_(meters))
