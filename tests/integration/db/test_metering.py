"""Meters, the devices in them, and what they showed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from bot.db.unit_of_work import SqlTransactions
from bot.domain.metering import Installation, MeterTerms, MeterType, ReadingStatus, ReadingType
from bot.domain.service_kind import ServiceKind
from bot.services.ports import DeviceMode
from bot.services.store import LastSeen
from tests.integration.db.world import (
    AT,
    DAY,
    HOUR,
    a_device,
    a_meter,
    a_place,
    a_reading,
    furnish,
)


async def test_a_meter_comes_back_with_all_its_terms(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        place = await unit.places.add(a_place())
        room = await unit.places.add_room(place_id=place.id, name="101")
        water = replace(
            a_meter(place, None, udf1=None),
            type=MeterType.WATER_HOT,
            unit="m³",
            terms=MeterTerms(
                multiplier=Decimal("0.001"),
                max_value=Decimal(100_000),
                limit_per_hour=Decimal("2.5"),
            ),
        )
        stored = await unit.metering.add_meter(water)
        named = await unit.metering.add_meter(a_meter(place, None, udf1="A"))
        await unit.metering.add_meter(a_meter(place, None, udf1=None))
        await unit.metering.place_meter(meter_id=named.id, room_id=room.id)
    async with transactions.read() as unit:
        assert await unit.metering.meters([stored.id, 99]) == {
            stored.id: replace(water, id=stored.id, service=ServiceKind.HOT_WATER)
        }
        assert await unit.metering.by_udf1(["A", "B"]) == {"A": replace(named, room_id=room.id)}


async def test_a_udf_names_one_meter(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.metering.add_meter(a_meter(world.place, world.room, world.meter.udf1))


async def test_a_device_is_stored_new_or_changed(transactions: SqlTransactions) -> None:
    new = replace(a_device(), is_online=None, has_relay=None, space_id=None)
    changed = replace(
        new,
        space_id=3,
        name="Other",
        udf1=None,
        mode=DeviceMode.PREPAID,
        is_online=False,
        has_relay=True,
        online_changed_at=AT,
        seen_at=AT + HOUR,
        gone_at=AT + DAY,
    )
    async with transactions.begin() as unit:
        await unit.metering.save_device(new)
        assert await unit.metering.device(new.id) == new
        await unit.metering.save_device(changed)
        await unit.metering.save_device(a_device("b"))
        assert await unit.metering.device("c") is None
        assert await unit.metering.devices() == {new.id: changed, "b": a_device("b")}


async def test_only_a_change_says_since_when_a_device_is_offline(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        await unit.metering.save_device(replace(a_device("new"), is_online=None))
        await unit.metering.save_device(a_device("was-on"))
        await unit.metering.save_device(
            replace(a_device("was-off"), is_online=False, online_changed_at=AT)
        )
        await unit.metering.set_online([], online=False, at=AT)
        await unit.metering.set_online(["new", "was-on", "was-off"], online=False, at=AT + HOUR)
        devices = await unit.metering.devices()
    assert {each.is_online for each in devices.values()} == {False}
    assert devices["new"].online_changed_at == AT + HOUR
    assert devices["was-on"].online_changed_at == AT + HOUR
    assert devices["was-off"].online_changed_at == AT


async def test_a_meter_has_one_device_at_a_time(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        meter_id = world.meter.id
        assert await unit.metering.open_installation(meter_id) == world.installation
        await unit.metering.uninstall(installation_id=world.installation.id, at=AT)
        assert await unit.metering.open_installation(meter_id) is None
        following = await unit.metering.install(meter_id=meter_id, device_id=None, at=AT)
        await unit.metering.save_device(a_device("dev-9"))
        for device_id in ("dev-9", "dev-1"):
            await unit.metering.identify(installation_id=following.id, device_id=device_id)
        assert await unit.metering.open_installation(meter_id) == Installation(
            id=following.id, meter_id=meter_id, device_id="dev-9", opened_at=AT
        )
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.metering.install(meter_id=meter_id, device_id=None, at=AT)


async def test_a_reading_is_stored_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        known = a_reading(world.installation)
        later = a_reading(world.installation, at=AT + HOUR, value="1451")
        photo = replace(later, type=ReadingType.PHOTO)
        ids = await unit.metering.add_readings([later, known, photo, later])
        assert await unit.metering.add_readings([photo, later]) == [ids[2], ids[0]]
        assert await unit.metering.add_readings([]) == []
    assert ids[1] == world.anchor_id
    assert ids[0] == ids[3]
    assert len(set(ids)) == 3


async def test_a_reading_comes_back_with_what_is_known_of_it(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        full = replace(
            a_reading(world.installation, at=AT + HOUR, value="0.001"),
            type=ReadingType.PHOTO,
            status=ReadingStatus.HELD,
            previous_value=Decimal("1450.125"),
            consumption=Decimal("0.000123"),
            is_anomalous=True,
            lease_id=world.lease.id,
        )
        (reading_id,) = await unit.metering.add_readings([full])
        assert await unit.metering.reading(reading_id) == replace(full, id=reading_id)
        assert await unit.metering.reading(99) is None


async def test_the_latest_reading_is_an_accepted_one(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        empty = await unit.metering.add_meter(a_meter(world.place, None, udf1=None))
        assert await unit.metering.latest(empty.id) is None
        held = a_reading(world.installation, at=AT + HOUR, status=ReadingStatus.HELD)
        older = a_reading(world.installation, at=AT - HOUR)
        (held_id, _) = await unit.metering.add_readings([held, older])
        latest = await unit.metering.latest(world.meter.id)
        assert latest is not None
        assert latest.id == world.anchor_id
        assert await unit.metering.judge(reading_id=held_id, status=ReadingStatus.ACCEPTED)
        latest = await unit.metering.latest(world.meter.id)
        assert latest is not None
        assert latest.id == held_id


async def test_a_held_reading_is_judged_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        held = a_reading(world.installation, at=AT + HOUR, status=ReadingStatus.HELD)
        (held_id,) = await unit.metering.add_readings([held])
        assert await unit.metering.judge(reading_id=held_id, status=ReadingStatus.REJECTED)
        assert not await unit.metering.judge(reading_id=held_id, status=ReadingStatus.ACCEPTED)
        judged = await unit.metering.reading(held_id)
    assert judged is not None
    assert judged.status is ReadingStatus.REJECTED


async def test_a_lease_is_charged_up_to_its_anchor(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        first, second = await furnish(unit, 1), await furnish(unit, 2)
        (later,) = await unit.metering.add_readings([a_reading(first.installation, at=AT + HOUR)])
        await unit.metering.move_anchors([])
        await unit.metering.move_anchors(
            [(first.lease.id, first.meter.id, later), (second.lease.id, second.meter.id, None)]
        )
        await unit.metering.save_last_seen([])
        await unit.metering.save_last_seen(
            [
                LastSeen(
                    lease_id=first.lease.id,
                    meter_id=first.meter.id,
                    value=Decimal("1451.5"),
                    power_w=Decimal("320.25"),
                    at=AT + HOUR,
                )
            ]
        )
        books = await unit.books.load([first.lease.id, second.lease.id], now=AT, lock=True)
    (one,), (two,) = books[first.lease.id].meters, books[second.lease.id].meters
    assert one.anchor is not None
    assert one.anchor.id == later
    assert (one.last_value, one.last_power_w, one.last_read_at) == (
        Decimal("1451.5"),
        Decimal("320.25"),
        AT + HOUR,
    )
    assert (two.anchor, two.last_value) == (None, None)
