"""Readings that jump are held until a manager has looked. Rule 3.5."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.metering import ReadingStatus
from bot.domain.people import NotAllowed
from bot.services.check import CheckOutcome
from bot.services.ports import DeviceMode
from bot.services.readings import Judgement, ReadingJudged, ReadingUnknown
from bot.services.store import Device, NoticeKind
from bot.services.swap import Found, put_device
from tests.building import Building, House, at

JUMP = "400"  # 24 h at 15 kW are 360


async def jump(building: Building, house: House, day: int = 12, kwh: str = JUMP) -> None:
    building.clock.set(at(day))
    building.device(house).use(kwh)
    await building.deductions.run()


async def held_id(building: Building) -> int:
    """Return the held reading that the manager was told of last."""
    told = (await building.notices(NoticeKind.READING_HELD, to=building.manager))[-1]
    return int(str(told.facts["reading_id"]))


async def judge(building: Building, reading_id: int, *, accept: bool) -> Judgement:
    building.clock.advance(timedelta(minutes=1))
    return await building.readings.judge(
        cause=await building.cause(), reading_id=reading_id, accept=accept
    )


async def test_a_jump_is_held_told_once_and_charges_nothing_until_it_is_judged(
    building: Building,
) -> None:
    house = await building.let()
    await jump(building, house)
    await jump(building, house, 13, "1")
    assert [each.outcome for each in (await building.deductions.run()).lines] == [CheckOutcome.HELD]
    assert await building.balance(house) == 300_000
    told = await building.notices(NoticeKind.READING_HELD)
    assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
    assert len(told) == 2
    facts = told[0].facts
    assert (Decimal(str(facts["consumption"])), facts["hours"]) == (Decimal(400), 24)
    assert Decimal(str(facts["previous_value"])) == 1450


async def test_at_the_limit_nothing_is_held(building: Building) -> None:
    house = await building.let()
    await jump(building, house, kwh="360")
    assert await building.balance(house) == 300_000 - 360 * 650


async def test_accepting_charges_it_once_and_goes_on_from_there(building: Building) -> None:
    house = await building.let()
    await jump(building, house)
    reading_id = await held_id(building)
    done = await judge(building, reading_id, accept=True)
    assert (done.amount_paise, done.balance_paise, done.room) == (260_000, 40_000, "Room 302")
    assert done.reading.status is ReadingStatus.ACCEPTED
    assert await building.balance(house) == 40_000
    (entry,) = await building.entries(house)
    assert entry.why["reading_to"] == reading_id
    with pytest.raises(ReadingJudged):
        await judge(building, reading_id, accept=True)
    await jump(building, house, 13, "1")
    assert await building.balance(house) == 39_350


async def test_accepting_cuts_if_it_takes_the_money(building: Building) -> None:
    house = await building.let(balance_paise=260_000)
    await jump(building, house)
    await judge(building, await held_id(building), accept=True)
    await building.reconciler.run()
    assert not building.device(house).relay_on


async def test_rejecting_sets_it_aside_and_the_next_reading_is_judged_by_itself(
    building: Building,
) -> None:
    house = await building.let()
    await jump(building, house)
    done = await judge(building, await held_id(building), accept=False)
    assert (done.accepted, done.amount_paise) == (False, 0)
    building.device(house).energy_kwh = Decimal(1455)
    building.clock.set(at(13))
    await building.deductions.run()
    assert await building.balance(house) == 300_000 - 5 * 650


async def test_a_close_that_was_set_aside_is_not_asked_about_again(building: Building) -> None:
    house = await building.let()
    device = building.device(house)
    device.is_online = False
    device.close((date(2025, 11, 12), "2450"))
    building.clock.set(at(13, "10:00"))
    await building.deductions.run()
    await judge(building, await held_id(building), accept=False)
    device.close((date(2025, 11, 13), "1470"))
    building.clock.set(at(14, "10:00"))
    (line,) = (await building.deductions.run()).lines
    assert line.outcome is CheckOutcome.CHARGED
    assert await building.balance(house) == 300_000 - 20 * 650


async def test_what_was_plausible_before_the_jump_is_charged(building: Building) -> None:
    house = await building.let()
    device = building.device(house)
    device.close((date(2025, 11, 12), "1460"))
    device.energy_kwh = Decimal(2460)
    building.clock.set(at(13))
    (line,) = (await building.deductions.run()).lines
    assert (line.outcome, line.amount_paise) == (CheckOutcome.CHARGED, 6_500)
    assert len(await building.notices(NoticeKind.READING_HELD, to=building.manager)) == 1


async def test_a_held_reading_of_a_device_that_was_replaced_is_still_charged_when_accepted(
    building: Building,
) -> None:
    house = await building.let()
    await jump(building, house)
    reading_id = await held_id(building)
    building.gateway.devices["dev-new"] = building.gateway.devices.pop(house.device_id)
    building.gateway.devices["dev-new"].energy_kwh = Decimal(0)
    building.swaps.new_device_ids[house.meter.id] = "dev-new"
    building.clock.set(at(13))
    await building.deductions.run()
    done = await judge(building, reading_id, accept=True)
    assert done.amount_paise == 260_000
    building.clock.set(at(14))
    (line,) = (await building.deductions.run()).lines
    assert line.outcome is CheckOutcome.OPENED
    assert await building.balance(house) == 40_000


@pytest.mark.parametrize("opening_kwh", [None, Decimal(3)])
async def test_accepting_charges_the_old_device_and_the_new_one_goes_on_from_its_opening(
    building: Building, opening_kwh: Decimal | None
) -> None:
    """Rule 3.4: nothing is lost with the old counter, and nothing is charged twice."""
    house = await building.let()
    await jump(building, house)
    reading_id = await held_id(building)
    building.clock.set(at(13))
    device = Device(
        id="dev-new",
        space_id=None,
        name="new",
        udf1=house.meter.udf1,
        mode=DeviceMode.MEASUREMENT,
        seen_at=at(13),
    )
    building.gateway.devices[device.id] = building.gateway.devices.pop(house.device_id)
    building.gateway.devices[device.id].energy_kwh = Decimal(3)
    async with building.transactions.begin() as unit:
        await unit.metering.save_device(device)
        found = Found(device_id=device.id, energy_kwh=opening_kwh)
        await put_device(unit, house.meter, found, now=at(13))
    done = await judge(building, reading_id, accept=True)
    assert done.amount_paise == 260_000
    building.clock.set(at(14))
    await building.deductions.run()
    building.gateway.devices[device.id].use("2")
    building.clock.set(at(15))
    (line,) = (await building.deductions.run()).lines
    assert (line.outcome, line.amount_paise) == (CheckOutcome.CHARGED, 1_300)
    assert await building.balance(house) == 300_000 - 260_000 - 1_300


async def test_only_staff_judge_and_only_what_there_is(building: Building) -> None:
    house = await building.let()
    await jump(building, house)
    with pytest.raises(NotAllowed):
        await building.readings.judge(
            cause=await building.cause(house.tenant),
            reading_id=await held_id(building),
            accept=True,
        )
    with pytest.raises(ReadingUnknown):
        await judge(building, 999, accept=True)
