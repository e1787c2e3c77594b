"""What a device counts in a day is held against its habit when the day is over. Rule 3.6."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from bot.domain.lease import CheckInterval
from bot.services.store import NoticeKind
from bot.services.unusual import UnusualReport, UnusualUses
from tests.building import Building, House, at

HABIT = (10, 10, 10, 10)


async def use(building: Building, house: House, kwh: list[int], *, since: int = 12) -> None:
    """Let days go by, each with its use and its check at its end."""
    for number, each in enumerate(kwh):
        building.clock.set(at(since + number))
        building.device(house).use(str(each))
        await building.deductions.run()


async def look(building: Building, day: int) -> UnusualReport:
    building.clock.set(at(day, "09:00"))
    unusual = UnusualUses(building.transactions, building.clock, building.doorbell)
    return await unusual.run()


async def test_a_days_use_off_the_habit_is_flagged_and_told_once(building: Building) -> None:
    house = await building.let()
    await use(building, house, [*HABIT, 16])

    assert await look(building, 17) == UnusualReport(unusual=1, meters=1)
    await look(building, 17)

    (told,) = await building.notices(NoticeKind.UNUSUAL_USES, to=building.manager)
    (meter,) = cast("list[dict[str, Any]]", told.facts["meters"])
    assert (told.facts["count"], told.facts["on"]) == (1, "2025-11-16")
    assert meter["room"] == "Room 302"
    assert Decimal(meter["per_day"]) == 16
    assert Decimal(meter["mean_per_day"]) == 10
    assert meter["percent"] == 60
    async with building.transactions.read() as unit:
        reading = await unit.metering.reading(meter["reading_id"])
    assert reading is not None
    assert reading.is_anomalous
    assert reading.point.at == at(16)


async def test_a_usual_day_and_too_short_a_habit_are_no_news(building: Building) -> None:
    house = await building.let()
    await use(building, house, [10, 10, 40])
    assert (await look(building, 15)).unusual == 0
    await use(building, house, [20], since=15)
    assert (await look(building, 16)).unusual == 0
    assert not await building.notices(NoticeKind.UNUSUAL_USES)


async def test_a_day_that_was_not_read_is_no_news(building: Building) -> None:
    house = await building.let()
    await use(building, house, [*HABIT, 16])
    assert (await look(building, 18)).unusual == 0


async def test_hourly_checks_are_held_against_days_too(building: Building) -> None:
    house = await building.let(interval=CheckInterval.HOURLY)
    for hour in range(1, 24 * 5 + 1):
        building.clock.set(at(11) + timedelta(hours=hour))
        building.device(house).use("3" if hour > 24 * 4 else "1")
        await building.deductions.run()

    assert (await look(building, 17)).unusual == 1

    (told, *_) = await building.notices(NoticeKind.UNUSUAL_USES)
    (meter,) = cast("list[dict[str, Any]]", told.facts["meters"])
    assert Decimal(meter["mean_per_day"]) == 24


async def test_a_room_whose_power_is_off_uses_nothing_as_it_should(building: Building) -> None:
    house = await building.let()
    await use(building, house, [*HABIT, 0])
    async with building.transactions.begin() as unit:
        ((_, state),) = (await unit.supplies.states([house.meter.id])).items()
        await unit.supplies.save([replace(state, desired_on=False, decided_at=at(16))])

    assert (await look(building, 17)).unusual == 0


async def test_a_room_with_power_that_uses_nothing_is_unusual(building: Building) -> None:
    house = await building.let()
    await use(building, house, [*HABIT, 0])

    assert (await look(building, 17)).unusual == 1
