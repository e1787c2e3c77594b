"""Months of main meters are held against their sub-meters, and staff are told once. Rule 8.4."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.meter import BillingType, MeterSheet, MeterStatus
from bot.domain.metering import ReadingType
from bot.domain.place import Place
from bot.services.loss import Losses, LossReport
from bot.services.meter_history import MeterHistories
from bot.services.ports import GatewayUnavailable
from bot.services.room_size import RoomSizes
from bot.services.store import NoticeKind
from tests.building import Building, House, at
from tests.commons import allocations, shared_meter, wish

FIRST, LAST = date(2025, 11, 30), date(2025, 12, 31)
BEGUN = {FIRST: "1000.0", LAST: "1100.0"}
NEW_YEAR = at(31, "23:59", month=12) + timedelta(hours=10)


@pytest.fixture
async def main(building: Building) -> MeterSheet:
    """Return the building's meter, which counted 100 kWh in December, with two rooms below it."""
    main = await shared_meter(building, "Main", closes=BEGUN, is_main=True)
    for house in (await building.let("Room 301"), await building.let("Room 302")):
        await change(building, house.meter.id, parent_id=main.id)
    building.clock.set(NEW_YEAR)
    return main


async def change(building: Building, meter_id: int, **to: object) -> None:
    async with building.transactions.begin() as unit:
        sheet = await unit.sheets.get(meter_id)
        assert sheet is not None
        await unit.sheets.save(replace(sheet, **to), at=building.clock.now())  # type: ignore[arg-type]


def used(building: Building, *kwh: str) -> None:
    """Let the rooms have used something in December."""
    for house, each in zip(building.houses, kwh, strict=True):
        upto = Decimal("1450.0") + Decimal(each)
        building.device(house).close((FIRST, "1450.0"), (LAST, str(upto)))


async def look(building: Building) -> LossReport:
    losses = Losses(
        building.transactions,
        MeterHistories(building.gateway, building.swaps),
        building.clock,
        building.doorbell,
    )
    return await losses.run()


async def told(building: Building) -> Sequence[dict[str, object]]:
    return [dict(each.facts) for each in await building.notices(NoticeKind.LOSS)]


def left(report: LossReport) -> list[tuple[str, str | None, bool]]:
    return [
        (
            each.sheet.name,
            None if each.left is None else f"{each.left.left.normalize():f}",
            each.is_loss,
        )
        for each in report.lines
    ]


async def test_a_loss_of_the_last_month_is_told_once_to_each_of_the_staff(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    for _ in range(2):
        assert left(await look(building)) == [("Main", "20", True)]
        building.clock.advance(timedelta(days=3))
    notices = await building.notices(NoticeKind.LOSS)
    assert sorted(each.person_id for each in notices) == [building.owner.id, building.manager.id]
    facts = notices[0].facts
    assert (facts["left"], facts["main"], facts["limit_percent"]) == ("20", "100", 15)
    assert (facts["from_on"], facts["to_on"]) == ("2025-12-01", "2025-12-31")


async def test_a_split_of_that_month_and_the_job_tell_it_once(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    report = await look(building)
    wanted = wish(building, main, is_residual=True, span=report.lines[0].span)
    plan = await allocations(building).preview(actor=(await building.cause()).actor, wish=wanted)
    await allocations(building).carry_out(cause=await building.cause(), wish=wanted, seal=plan.seal)
    assert len(await told(building)) == 2


async def test_each_month_has_its_own_word(building: Building, main: MeterSheet) -> None:
    used(building, "30", "50")
    await look(building)
    january = date(2026, 1, 31)
    building.gateway.devices["dev-COMMON-Main"].close((january, "1200.0"))
    for house, upto in zip(building.houses, ("1500.0", "1510.0"), strict=True):
        building.device(house).close((january, upto))
    building.clock.advance(timedelta(days=31))
    assert left(await look(building)) == [("Main", "70", True)]
    assert [each["left"] for each in await told(building)] == ["20", "20", "70", "70"]


async def test_what_is_within_the_limit_is_not_told(building: Building, main: MeterSheet) -> None:
    used(building, "35", "50")
    assert left(await look(building)) == [("Main", "15", False)]
    assert await told(building) == []


async def test_a_place_that_wants_no_word_is_not_looked_at(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    await limit(building, None)
    assert left(await look(building)) == []
    await limit(building, 20)
    assert left(await look(building)) == [("Main", "20", False)]


async def limit(building: Building, percent: int | None) -> Place:
    return await RoomSizes(building.transactions, building.clock).set_loss(
        cause=await building.cause(building.owner), place_id=building.place.id, percent=percent
    )


async def test_without_all_readings_nothing_is_said_until_they_are_there(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    silent = building.houses[0].device_id
    building.gateway.fail("day_closes", silent, GatewayUnavailable(code="503", detail="down"))
    assert left(await look(building)) == [("Main", None, False)]
    assert await told(building) == []
    building.clock.advance(timedelta(days=1))
    assert left(await look(building)) == [("Main", "20", True)]
    assert len(await told(building)) == 2


async def test_a_month_in_which_a_sub_meter_was_first_read_says_nothing(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    building.clock.set(at(30, month=11) + timedelta(hours=10))
    building.gateway.devices["dev-COMMON-Main"].close((date(2025, 10, 31), "900.0"))
    assert left(await look(building)) == [("Main", None, False)]


async def test_a_meter_that_is_broken_or_was_taken_away_in_the_month_explains_it(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    house = building.houses[0]
    await change(building, house.meter.id, status=MeterStatus.FAULTY)
    assert left(await look(building)) == [("Main", None, False)]
    await change(building, house.meter.id, status=MeterStatus.RETIRED)
    assert left(await look(building)) == [("Main", "50", True)]
    await read(building, house, 10, "1460.0")
    assert left(await look(building)) == [("Main", None, False)]


async def read(
    building: Building, house: House, day: int, value: str, kind: ReadingType = ReadingType.MANUAL
) -> None:
    """Store what a room's meter showed in the morning of a day of December."""
    async with building.transactions.begin() as unit:
        latest = await unit.metering.latest(house.meter.id)
        assert latest is not None
        point = replace(latest.point, at=at(day, "09:00", month=12), value=Decimal(value))
        await unit.metering.add_readings([replace(latest, id=0, point=point, type=kind)])


async def test_a_meter_that_was_taken_away_has_counted_up_to_its_last_reading(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    house = building.houses[0]
    await read(building, house, 10, "1460.0")
    await read(building, house, 1, "1450.0")
    await change(building, house.meter.id, status=MeterStatus.RETIRED)
    wanted = wish(building, main, is_residual=True, span=(await look(building)).lines[0].span)
    plan = await allocations(building).preview(actor=(await building.cause()).actor, wish=wanted)
    assert plan.use.quantity == Decimal("40.0")


async def test_what_was_estimated_is_no_loss(building: Building, main: MeterSheet) -> None:
    used(building, "30", "50")
    house = building.houses[0]
    await change(building, house.meter.id, udf1=None)
    for day, kind in ((1, ReadingType.MANUAL), (31, ReadingType.ESTIMATED)):
        await read(building, house, day, "1450.0", kind)
    assert left(await look(building)) == [("Main", None, False)]


async def test_what_hangs_below_a_tenants_own_meter_is_the_tenants(
    building: Building, main: MeterSheet
) -> None:
    used(building, "30", "50")
    own, below = (each.meter.id for each in building.houses)
    await change(building, below, parent_id=own)
    assert [name for name, _, _ in left(await look(building))] == ["Main"]
    await change(building, own, billing_type=BillingType.COLLECTIVE)
    assert len((await look(building)).lines) == 2
