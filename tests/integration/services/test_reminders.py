"""Who has not judged a held reading is asked again, once a day and by day. Rule 3.5."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.db.engine import Database
from bot.domain.service_kind import BillingType
from bot.services.held import ReminderReport, Reminders
from bot.services.store import Notice, NoticeKind
from tests.building import Building, House, at, build, lakeside
from tests.integration.services.test_reading_entry import change_sheet, read


def reminders(building: Building) -> Reminders:
    return Reminders(building.transactions, building.clock, building.doorbell)


async def jumped(building: Building) -> House:
    """Return a room whose reading of 23:59 on 12 November is held."""
    house = await building.let()
    building.clock.set(at(12))
    building.device(house).use("400")
    await building.deductions.run()
    return house


async def asked(building: Building) -> list[Notice]:
    """Return the questions that the manager was asked, oldest first."""
    return await building.notices(NoticeKind.READING_HELD, to=building.manager)


async def run_at(building: Building, day: int, clock: str) -> ReminderReport:
    building.clock.set(at(day, clock))
    return await reminders(building).run()


async def test_nothing_is_said_where_nothing_is_held(building: Building) -> None:
    await building.let()

    assert await run_at(building, 13, "09:00") == ReminderReport(held=0, reminded=0)


async def test_everybody_who_was_asked_is_asked_again_every_day_once(building: Building) -> None:
    await jumped(building)
    (first,) = await asked(building)

    for day in (13, 14):
        for clock in ("09:00", "09:01", "17:00"):
            assert (await run_at(building, day, clock)).held == 1

    again = (await asked(building))[1:]
    assert [each.created_at for each in again] == [at(13, "09:00"), at(14, "09:00")]
    assert [dict(each.facts) for each in again] == [{**first.facts, "is_reminder": True}] * 2
    told = await building.notices(NoticeKind.READING_HELD)
    assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
    assert len(told) == 6


@pytest.mark.parametrize("clock", ["00:10", "07:59", "21:00", "23:59"])
async def test_nobody_is_asked_again_at_night(building: Building, clock: str) -> None:
    await jumped(building)

    assert await run_at(building, 14, clock) == ReminderReport(held=1, reminded=0)
    assert len(await asked(building)) == 1


async def test_the_night_is_that_of_the_place(database: Database) -> None:
    building = await build(database, place=replace(lakeside(), zone=ZoneInfo("America/Lima")))
    await jumped(building)

    assert (await run_at(building, 13, "09:00")).reminded == 0  # 22:30 of the day before there
    assert (await run_at(building, 13, "18:00")).reminded == 0
    assert (await run_at(building, 13, "19:31")).reminded == 1


async def test_who_was_asked_today_is_not_reminded_today(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(13, "08:30"))
    building.device(house).use("600")
    await building.deductions.run()

    assert await run_at(building, 13, "09:00") == ReminderReport(held=1, reminded=0)
    assert await run_at(building, 14, "09:00") == ReminderReport(held=1, reminded=1)


@pytest.mark.parametrize("accept", [True, False])
async def test_a_judged_reading_is_left_alone(building: Building, accept: bool) -> None:
    await jumped(building)
    await run_at(building, 13, "09:00")
    (_, reminder) = await asked(building)
    await building.readings.judge(
        cause=await building.cause(),
        reading_id=int(str(reminder.facts["reading_id"])),
        accept=accept,
    )

    assert await run_at(building, 14, "09:00") == ReminderReport(held=0, reminded=0)
    assert len(await asked(building)) == 2


async def test_a_meter_that_no_lease_has_is_asked_about_by_its_name(building: Building) -> None:
    house = await building.let()
    await change_sheet(building, house, billing_type=BillingType.SHARED, name="Pump")
    await read(building, house, "1850", at(12))

    assert (await run_at(building, 13, "09:00")).reminded == 1
    facts = (await asked(building))[-1].facts
    assert (facts["meter"], facts["lease_id"], facts["is_reminder"]) == ("Pump", None, True)
