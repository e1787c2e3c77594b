"""Tenants are reminded of the meters that they read: twice in a window at most, and by day."""

import pytest_asyncio

from bot.domain.meter import BillingType
from bot.domain.reading_window import ReadingWindow
from bot.services.reading_reminder import DueReport, ReadingReminders
from bot.services.store import NoticeKind
from tests.building import Building, House, at
from tests.handread import add_gas_meter, set_window, was_read

WINDOW = ReadingWindow(first_day=25, last_day=28)


@pytest_asyncio.fixture
async def house(building: Building) -> House:
    """Return a room with a meter of gas besides, in a place with a window."""
    building.place = await set_window(building.transactions, building.place, WINDOW)
    return await building.let()


async def gas(
    building: Building, house: House, billing_type: BillingType = BillingType.INCLUDED
) -> int:
    return await add_gas_meter(
        building.transactions,
        building.place,
        "Gas",
        at=at(1),
        room_id=house.room.id,
        lease_id=house.lease.id,
        billing_type=billing_type,
    )


async def run(building: Building, day: int, clock: str = "09:00") -> DueReport:
    building.clock.set(at(day, clock))
    reminders = ReadingReminders(building.transactions, building.clock, building.doorbell)
    return await reminders.run()


async def told(building: Building, house: House) -> list[object]:
    notices = await building.notices(NoticeKind.READING_DUE, to=house.tenant)
    return [each.facts["is_last"] for each in notices]


async def test_once_at_the_start_and_once_on_the_last_day(building: Building, house: House) -> None:
    meter_id = await gas(building, house)
    for day in (24, 25, 26, 27, 28, 29):
        for clock in ("09:00", "12:00"):
            await run(building, day, clock)
    assert await told(building, house) == [False, True]
    (first, _) = await building.notices(NoticeKind.READING_DUE)
    assert first.facts["meters"] == [{"id": meter_id, "name": "Gas"}]
    assert (first.facts["room"], first.facts["last_on"]) == ("Room 302", "2025-11-28")
    assert "balance_paise" not in first.facts
    assert first.facts["may_be_estimated"] is True


async def test_a_prepaid_tenant_hears_of_no_estimate(building: Building, house: House) -> None:
    await gas(building, house, BillingType.INDIVIDUAL)
    await run(building, 25)
    (told_of,) = await building.notices(NoticeKind.READING_DUE)
    assert told_of.facts["may_be_estimated"] is False


async def test_the_report_says_how_many_are_due(building: Building, house: House) -> None:
    await gas(building, house)
    assert await run(building, 25) == DueReport(meters=1, leases=1)
    assert await run(building, 24) == DueReport(meters=0, leases=0)


async def test_the_start_is_made_up_for_after_a_stop(building: Building, house: House) -> None:
    await gas(building, house)
    await run(building, 26)
    assert await told(building, house) == [False]


async def test_nobody_is_woken(building: Building, house: House) -> None:
    await gas(building, house)
    await run(building, 25, "07:59")
    await run(building, 25, "21:00")
    assert await told(building, house) == []


async def test_who_has_read_is_not_reminded(building: Building, house: House) -> None:
    meter_id = await gas(building, house)
    await run(building, 25)
    await was_read(building.transactions, meter_id, "5", at(26))
    await run(building, 28)
    assert await told(building, house) == [False]


async def test_a_shared_meter_is_left_to_the_staff(building: Building, house: House) -> None:
    await gas(building, house, BillingType.SHARED)
    assert await run(building, 25) == DueReport(meters=0, leases=0)


async def test_a_meter_with_a_device_reminds_nobody(building: Building, house: House) -> None:
    assert await run(building, 25) == DueReport(meters=0, leases=0)
    assert await told(building, house) == []


async def test_a_round_that_was_left_ends_with_the_next_window(
    building: Building, house: House
) -> None:
    await gas(building, house)
    async with building.transactions.begin() as unit:
        await unit.rounds.begin(
            place_id=building.place.id, since_on=at(25).date(), person_id=None, at=at(25)
        )
    await run(building, 27)
    async with building.transactions.read() as unit:
        assert len(await unit.rounds.under_way()) == 1
    building.clock.set(at(25, "09:00", month=12))
    await ReadingReminders(building.transactions, building.clock, building.doorbell).run()
    async with building.transactions.read() as unit:
        assert await unit.rounds.under_way() == []
