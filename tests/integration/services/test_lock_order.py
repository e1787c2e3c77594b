"""Units of work lock leases, then orders, then devices: nobody waits for one another.

A third transaction holds a row to let two units overlap as they would once in a thousand days.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.db.relay import relay_order
from bot.domain.deduction import Sighting
from bot.domain.metering import RegisterPoint
from bot.services.arrivals import note_devices
from bot.services.check import Observation
from bot.services.ports import (
    DeviceDetails,
    DeviceListing,
    DeviceMode,
    DeviceUnreachable,
    SpaceListing,
)
from bot.services.posting import post
from bot.services.store import OrderStatus
from bot.services.world import World
from tests.building import Building, House, at

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PATIENCE_S = 30
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def cut_off_line(building: Building, room: str) -> House:
    """Return a room whose order to be cut waits, because its device is offline."""
    house = await building.let(room, balance_paise=12_000)
    building.clock.set(at(12))
    building.device(house).use("11.8")
    await building.deductions.run()
    building.device(house).is_online = False
    await building.reconciler.run()
    order = await building.open_order(house)
    assert order is not None
    assert order.status is OrderStatus.WAITING
    return house


@asynccontextmanager
async def held_order(building: Building, house: House) -> AsyncIterator[None]:
    """Keep everybody from the order of a room."""
    async with building.database.writer.begin() as connection:
        await connection.execute(
            select(relay_order.c.id)
            .where(relay_order.c.meter_id == house.meter.id)
            .with_for_update()
        )
        yield


async def waits(building: Building, *tasks: asyncio.Task[Any]) -> None:
    """Return when each of the tasks waits for a lock, or is done."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with building.database.reader.connect() as connection:
                waiting = int((await connection.execute(WAITING)).scalar_one())
            if waiting + sum(task.done() for task in tasks) >= len(tasks):
                return


def shown(building: Building, *houses: House) -> World:
    """Return what the vendor lists of the rooms' devices."""
    listings = tuple(
        DeviceListing(
            device_id=house.device_id,
            name=house.device_id,
            mode=DeviceMode.MEASUREMENT,
            udf1=house.meter.udf1,
        )
        for house in houses
    )
    details = {
        house.device_id: DeviceDetails(
            device_id=house.device_id,
            name=house.device_id,
            is_online=building.device(house).is_online,
            has_relay=True,
            mode=DeviceMode.MEASUREMENT,
            udf1=house.meter.udf1,
            energy_kwh=building.device(house).energy_kwh,
        )
        for house in houses
    }
    return World.of([SpaceListing(space_id=7, name="Lakeside", devices=listings)], details=details)


async def synced(building: Building, *houses: House) -> None:
    """Store what the vendor lists, as `sync` does."""
    async with building.transactions.begin() as unit:
        await note_devices(unit, shown(building, *houses), now=building.clock.now())


async def swept(building: Building, *houses: House) -> None:
    """Store what a sweep saw of the rooms, as `deduct` does."""
    async with building.transactions.begin() as unit:
        await post(unit, [seen(building, house) for house in houses], now=building.clock.now())


def seen(building: Building, house: House) -> Observation:
    now, device = building.clock.now(), building.device(house)
    point = RegisterPoint(at=now, value=device.energy_kwh)
    return Observation(
        lease_id=house.lease.id,
        meter_id=house.meter.id,
        device_id=house.device_id,
        at=now,
        sightings=(Sighting(point=point),) if device.is_online else (),
        relay_on=device.relay_on if device.is_online else None,
        is_live=device.is_online,
        failure=None if device.is_online else DeviceUnreachable(code="offline", detail=""),
    )


async def test_a_sync_and_the_loop_over_relays_do_not_wait_for_one_another(
    building: Building,
) -> None:
    first, second = [await cut_off_line(building, room) for room in ("1", "2")]
    for house in (first, second):
        building.device(house).is_online = True
    building.clock.advance(timedelta(minutes=6))
    async with held_order(building, first):
        syncing = asyncio.create_task(synced(building, first, second))
        await waits(building, syncing)
        looping = asyncio.create_task(building.reconciler.run())
        await waits(building, syncing, looping)
    await asyncio.gather(syncing, looping)

    await building.reconciler.run()
    for house in (first, second):
        assert not building.device(house).relay_on
        assert (await building.book(house)).meters[0].is_online is True


async def test_a_sync_and_a_sweep_do_not_wait_for_one_another(building: Building) -> None:
    back = await cut_off_line(building, "back")
    lost = await building.let("lost")
    building.device(back).is_online = True
    building.device(lost).is_online = False
    building.clock.set(at(13))
    async with held_order(building, back):
        sweeping = asyncio.create_task(swept(building, back, lost))
        await waits(building, sweeping)
        syncing = asyncio.create_task(synced(building, lost, back))
        await waits(building, sweeping, syncing)
    await asyncio.gather(sweeping, syncing)

    assert (await building.book(back)).meters[0].is_online is True
    assert (await building.book(lost)).meters[0].is_online is False
