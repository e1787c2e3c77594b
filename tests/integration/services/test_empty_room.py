"""What is used after a tenant has left is neither theirs nor the next one's. Rules 1.5 and 3."""

import logging
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.lease import Lease, Occupancy
from bot.domain.ledger import EntryKind
from bot.services.check import CheckOutcome
from bot.services.store import NoticeKind
from tests.building import Building, House, at


def on(day: int) -> date:
    return date(2025, 11, day)


async def leaving(building: Building) -> House:
    """Return a room whose tenant leaves with the close of 12 November."""
    return await building.let(occupancy=Occupancy(start_on=on(1), end_on=on(13)))


async def charged(building: Building, lease: Lease) -> list[str]:
    """Return the quantities that a lease was charged for, oldest first."""
    async with building.transactions.read() as unit:
        page = await unit.ledger.page(lease.id, limit=100)
    entries = [each for each in reversed(page) if each.kind is EntryKind.DEDUCTION]
    return [f"{Decimal(str(each.why['quantity'])).normalize():f}" for each in entries]


async def sweep(building: Building, day: int, clock: str = "23:59") -> list[CheckOutcome]:
    building.clock.set(at(day, clock))
    return [line.outcome for line in (await building.deductions.run()).lines]


async def let_again(building: Building, house: House, *, start_on: date) -> Lease:
    """Let the room to somebody else, whose lease begins with what the meter shows next."""
    async with building.transactions.begin() as unit:
        ended = await unit.leases.get(house.lease.id)
        assert ended is not None
        new = replace(ended, tenant_name="Next", occupancy=Occupancy(start_on=start_on))
        lease = await unit.leases.add(new)
        await unit.metering.link(lease_id=lease.id, meter_id=house.meter.id, anchor_reading_id=None)
    return lease


async def test_a_check_that_comes_after_the_end_waits_for_the_last_close(
    building: Building,
) -> None:
    house = await leaving(building)
    device = building.device(house)
    device.use("24.5")
    assert await sweep(building, 13, "00:09") == [CheckOutcome.NOTHING_USED]
    device.use("5")
    device.close((on(12), "1474.2"), (on(13), "1479.5"))
    assert await sweep(building, 13) == [CheckOutcome.CHARGED]
    device.use("5")
    assert await sweep(building, 14) == []

    assert await charged(building, house.lease) == ["24.2"]


async def test_without_history_the_rest_is_asked_for_a_week_and_then_let_be(
    building: Building,
) -> None:
    house = await leaving(building)
    building.device(house).use("24.5")
    outcomes = [await sweep(building, day, "12:00") for day in (13, 16, 20, 21)]

    assert outcomes == [[CheckOutcome.NOTHING_USED]] * 3 + [[]]
    assert await charged(building, house.lease) == []


async def test_what_a_stop_of_the_bot_left_open_is_charged_to_the_last_close_of_the_lease(
    building: Building,
) -> None:
    house = await leaving(building)
    device = building.device(house)
    device.close((on(11), "1450.5"), (on(12), "1460"), (on(13), "1470"), (on(14), "1490"))
    device.energy_kwh = Decimal(1500)

    assert await sweep(building, 15, "10:00") == [CheckOutcome.CHARGED]
    assert await sweep(building, 15, "11:00") == []
    assert await charged(building, house.lease) == ["0.5", "9.5"]


async def test_an_empty_room_changes_nothing_for_who_has_left(building: Building) -> None:
    house = await leaving(building)
    building.device(house).use("10")
    await sweep(building, 12)
    balance_paise = await building.balance(house)
    building.device(house).energy_kwh = Decimal(3)  # nobody's fall either
    for day in (13, 14, 15, 16):
        await sweep(building, day)

    assert await building.balance(house) == balance_paise
    assert not await building.notices(NoticeKind.READING_FELL)


async def test_the_next_tenant_is_not_charged_for_the_empty_room_and_the_log_tells_of_it(
    building: Building, caplog: pytest.LogCaptureFixture
) -> None:
    house = await leaving(building)
    building.device(house).use("10")
    await sweep(building, 12)
    building.device(house).use("7.5")
    lease = await let_again(building, house, start_on=on(20))

    with caplog.at_level(logging.INFO):
        assert CheckOutcome.OPENED in await sweep(building, 20)
    building.device(house).use("2")
    await sweep(building, 21)

    assert await charged(building, lease) == ["2"]
    assert await charged(building, house.lease) == ["10"]
    (told,) = [each for each in caplog.messages if "nobody's" in each]
    assert "7.5 kWh" in told
    assert at(12).isoformat() in told


async def test_a_lease_that_begins_where_the_last_one_ended_has_nothing_to_tell(
    building: Building, caplog: pytest.LogCaptureFixture
) -> None:
    house = await leaving(building)
    building.device(house).use("10")
    await sweep(building, 12)
    await let_again(building, house, start_on=on(13))

    with caplog.at_level(logging.INFO):
        await sweep(building, 13, "08:00")

    assert not [each for each in caplog.messages if "nobody's" in each]
