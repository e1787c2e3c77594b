"""What nobody has read when a window closed is estimated, but never for prepaid. Rules 3.7, 5.4."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest_asyncio

from bot.domain.lease import BillingMode
from bot.domain.meter import BillingType, MeterStatus
from bot.domain.metering import Reading, ReadingStatus, ReadingType
from bot.domain.reading_window import ReadingWindow
from bot.services.estimate import EstimateReport, Estimates
from bot.services.reading_entry import NewReading, ReadingEntry
from tests.building import Building, House, at
from tests.handread import add_gas_meter, set_window, was_read

WINDOW = ReadingWindow(first_day=25, last_day=28, since_on=date(2025, 11, 1))
CLOSE = at(29, "00:00")


@pytest_asyncio.fixture
async def gas(building: Building) -> int:
    """Return a meter of a postpaid room that uses 2 m³ a day, read on the 1st and the 11th."""
    house = await building.let(mode=BillingMode.POSTPAID)
    return await read_twice(building, house, billing_type=BillingType.INDIVIDUAL)


async def read_twice(building: Building, house: House, *, billing_type: BillingType) -> int:
    building.place = await set_window(building.transactions, building.place, WINDOW)
    meter_id = await add_gas_meter(
        building.transactions,
        building.place,
        f"Gas {house.room.name}",
        at=at(1),
        room_id=house.room.id,
        lease_id=house.lease.id,
        billing_type=billing_type,
    )
    for value, day in (("100", 1), ("120", 11)):
        when = at(day, "00:00")
        await was_read(building.transactions, meter_id, value, when, lease_id=house.lease.id)
    return meter_id


async def run(building: Building) -> EstimateReport:
    return await Estimates(building.transactions, building.clock).run()


async def readings(building: Building, meter_id: int) -> list[Reading]:
    async with building.transactions.read() as unit:
        (installed,) = await unit.chains.installations(meter_id)
        return list(
            await unit.chains.between(installed.id, from_at=at(11, "00:00"), to_at=at(28, month=12))
        )


async def test_at_the_close_of_a_window_the_habit_goes_on(building: Building, gas: int) -> None:
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=1, unknown=0)
    (guess,) = await readings(building, gas)
    assert (guess.type, guess.is_billing) == (ReadingType.ESTIMATED, True)
    assert (guess.point.at, guess.point.value) == (CLOSE, Decimal(156))
    assert (guess.previous_value, guess.consumption) == (Decimal(120), Decimal(36))
    assert ("reading.estimated") in [action for action, _ in await building.trail()]


async def test_nothing_is_estimated_while_the_window_is_open(building: Building, gas: int) -> None:
    building.clock.set(at(28, "23:59"))
    assert await run(building) == EstimateReport(estimated=0, unknown=0)


async def test_twice_is_as_once(building: Building, gas: int) -> None:
    building.clock.set(CLOSE)
    await run(building)
    assert await run(building) == EstimateReport(estimated=0, unknown=0)
    assert len(await readings(building, gas)) == 1


async def test_windows_that_went_by_are_made_up_for(building: Building, gas: int) -> None:
    building.clock.set(at(29, "09:00", month=12))
    assert await run(building) == EstimateReport(estimated=2, unknown=0)
    values = [each.point.value for each in await readings(building, gas)]
    assert values == [Decimal(156)]
    async with building.transactions.read() as unit:
        latest = await unit.metering.latest(gas)
    assert latest is not None
    assert (latest.point.at, latest.point.value) == (at(29, "00:00", month=12), Decimal(216))


async def test_windows_from_before_it_was_set_are_not(building: Building, gas: int) -> None:
    late = replace(WINDOW, since_on=date(2025, 11, 29))
    await set_window(building.transactions, building.place, late)
    building.clock.set(at(30))
    assert await run(building) == EstimateReport(estimated=0, unknown=0)


async def test_what_was_read_in_the_window_is_not_guessed(building: Building, gas: int) -> None:
    await was_read(building.transactions, gas, "150", at(26))
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=0, unknown=0)


async def test_what_waits_for_a_manager_is_not_guessed(building: Building, gas: int) -> None:
    await was_read(building.transactions, gas, "900", at(26), status=ReadingStatus.HELD)
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=0, unknown=0)


async def test_a_reading_that_came_late_leaves_nothing_to_guess(
    building: Building, gas: int
) -> None:
    await was_read(building.transactions, gas, "160", at(30))
    building.clock.set(at(30))
    assert await run(building) == EstimateReport(estimated=0, unknown=0)


async def test_the_next_reading_trues_a_guess_up(building: Building, gas: int) -> None:
    building.clock.set(CLOSE)
    await run(building)
    building.clock.set(at(30))
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    new = NewReading(meter_id=gas, value=Decimal(130))
    await entry.record(cause=await building.cause(), new=new)

    standing = [r for r in await readings(building, gas) if r.status is ReadingStatus.ACCEPTED]
    used = [each.consumption or 0 for each in standing]
    assert (standing[0].type, standing[-1].point.value) == (ReadingType.ESTIMATED, Decimal(130))
    assert sum(used) == Decimal(10)
    assert all(each >= 0 for each in used)


async def test_for_prepaid_nothing_is_estimated(building: Building) -> None:
    house = await building.let()
    meter_id = await read_twice(building, house, billing_type=BillingType.INDIVIDUAL)
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=0, unknown=0)
    assert await readings(building, meter_id) == []


async def test_what_a_prepaid_room_is_not_charged_for_is(building: Building) -> None:
    house = await building.let()
    await read_twice(building, house, billing_type=BillingType.INCLUDED)
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=1, unknown=0)


async def test_a_meter_that_was_read_once_has_no_habit(building: Building, gas: int) -> None:
    other = await add_gas_meter(building.transactions, building.place, "New", at=at(1))
    await was_read(building.transactions, other, "5", at(2))
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=1, unknown=1)


async def test_a_meter_that_was_never_read_is_left_alone(building: Building, gas: int) -> None:
    await add_gas_meter(building.transactions, building.place, "New", at=at(1))
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=1, unknown=0)


async def test_a_faulty_meter_is_not_guessed(building: Building, gas: int) -> None:
    async with building.transactions.begin() as unit:
        sheet = await unit.sheets.get(gas)
        assert sheet is not None
        await unit.sheets.save(replace(sheet, status=MeterStatus.FAULTY), at=at(12))
    building.clock.set(CLOSE)
    assert await run(building) == EstimateReport(estimated=0, unknown=0)
