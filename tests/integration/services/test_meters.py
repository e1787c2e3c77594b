"""Meters are listed page by page, as a tree, and when they are to be inspected."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.meter import MeterSheet, MeterStatus
from bot.domain.metering import MeterType
from bot.domain.people import Actor, NotAllowed
from bot.services.inspection import Inspections
from bot.services.meter import MeterUnknown
from bot.services.meter_tree import MeterTrees
from bot.services.meters import PAGE_METERS, MeterFilters, MeterLists, MeterPage
from bot.services.store import NoticeKind
from tests.building import Building, lakeside
from tests.integration.services.test_meter_edit import changed, made

STRANGER = Actor(person_id=99)


def lists(building: Building) -> MeterLists:
    return MeterLists(building.transactions, building.clock)


async def page(building: Building, filters: MeterFilters | None = None, **at: int) -> MeterPage:
    actor = (await building.cause()).actor
    return await lists(building).page(actor=actor, filters=filters or MeterFilters(), **at)


def names(found: MeterPage) -> list[str]:
    return [each.sheet.name for each in found.lines]


async def elsewhere(building: Building, like: MeterSheet) -> MeterSheet:
    """Put a meter into a place that the manager does not see."""
    async with building.transactions.begin() as unit:
        place = await unit.places.add(replace(lakeside(), name="Hilltop", space_id=None))
        hidden = replace(like, place_id=place.id, serial_number="HIDDEN", room_id=None)
        return await unit.sheets.add(hidden, at=building.clock.now())


async def test_pages_follow_each_other_and_lead_back(building: Building) -> None:
    for number in range(2 * PAGE_METERS + 1):
        await made(building, name=f"Gas {number:02}")

    first = await page(building)
    second = await page(building, after_id=first.lines[-1].sheet.id)
    third = await page(building, after_id=second.lines[-1].sheet.id)
    back = await page(building, before_id=third.lines[0].sheet.id)
    begin = await page(building, before_id=second.lines[0].sheet.id)

    assert names(first) + names(second) + names(third) == [f"Gas {n:02}" for n in range(17)]
    assert names(back) == names(second)
    assert [(each.has_before, each.has_after) for each in (first, second, third)] == [
        (False, True),
        (True, True),
        (True, False),
    ]
    assert (back.has_before, back.has_after) == (True, True)
    assert (names(begin), begin.has_before) == (names(first), False)


async def test_a_filter_narrows_and_other_places_are_not_seen(building: Building) -> None:
    house = await building.let()
    gas = await made(building, room=house.room.id)
    hidden = await elsewhere(building, gas)

    assert len((await page(building)).lines) == 2
    found = await page(building, MeterFilters(type=MeterType.GAS, room_id=house.room.id))
    assert (names(found), found.room) == ([gas.name], house.room.name)
    assert names(await page(building, MeterFilters(status=MeterStatus.FAULTY))) == []
    assert names(await page(building, MeterFilters(place_id=hidden.place_id))) == []
    owner = (await building.cause(building.owner)).actor
    seen = await lists(building).page(actor=owner, filters=MeterFilters(place_id=hidden.place_id))
    assert names(seen) == [gas.name]
    none = await lists(building).page(actor=STRANGER, filters=MeterFilters())
    assert names(none) == []


async def test_a_serial_number_finds_its_meter(building: Building) -> None:
    gas = await made(building, serial="G-4711")
    await elsewhere(building, gas)
    actor = (await building.cause()).actor

    for text, ids in ((" g-47 ", [gas.id]), ("G-4712", []), ("hid", []), (" ", [])):
        found = await lists(building).numbered(actor=actor, text=text)
        assert [each.sheet.id for each in found] == ids


async def test_the_tree_tells_what_no_sub_meter_counted(building: Building) -> None:
    one, two = await building.let("1"), await building.let("2")
    top = await building.let("Main")
    async with building.transactions.begin() as unit:
        for house in (one, two, top):
            sheet = await unit.sheets.get(house.meter.id)
            assert sheet is not None
            parent_id = None if house is top else top.meter.id
            await unit.sheets.save(
                replace(sheet, parent_id=parent_id, is_main=house is top), at=building.clock.now()
            )
    building.clock.advance(timedelta(days=1))
    for house, used in ((one, "10"), (two, "20.5"), (top, "33")):
        building.device(house).use(used)
    await building.deductions.run()
    actor = (await building.cause()).actor
    trees = MeterTrees(building.transactions)

    tops = await trees.tops(actor=actor, place_id=building.place.id)
    branch = await trees.branch(actor=actor, meter_id=top.meter.id)

    assert [each.id for each in tops.tops] == [top.meter.id]
    assert [each.used for each in branch.below] == [Decimal(10), Decimal("20.5")]
    assert branch.residual is not None
    assert branch.residual.left == Decimal("2.5")
    leaf = await trees.branch(actor=actor, meter_id=one.meter.id)
    assert (leaf.residual, leaf.parent and leaf.parent.id) == (None, top.meter.id)
    with pytest.raises(MeterUnknown):
        await trees.branch(actor=STRANGER, meter_id=top.meter.id)
    with pytest.raises(NotAllowed):
        await trees.tops(actor=STRANGER, place_id=building.place.id)


async def test_inspections_are_listed_and_told_once_a_week(building: Building) -> None:
    today = building.clock.now().date()
    since: dict[str, Any] = {"installed": date(2020, 1, 1)}
    await made(building, name="Far", next_inspection=today + timedelta(days=60), **since)
    await made(building, name="Soon", next_inspection=today + timedelta(days=20), **since)
    late = await made(building, name="Late", next_inspection=today - timedelta(days=3), **since)
    await elsewhere(building, late)
    actor = (await building.cause()).actor
    inspections = Inspections(building.transactions, building.clock, building.doorbell)

    due = await lists(building).inspections(actor=actor)
    assert [each.sheet.name for each in due.lines] == ["Late", "Soon"]
    report = await inspections.run()
    assert (report.meters, report.places) == (3, 2)
    await inspections.run()
    (told,) = await building.notices(NoticeKind.INSPECTIONS, to=building.manager)
    assert told.facts["count"] == 2
    assert len(await building.notices(NoticeKind.INSPECTIONS, to=building.owner)) == 2

    building.clock.advance(timedelta(days=7))
    await changed(building, late.id, status=MeterStatus.RETIRED)
    await inspections.run()
    _, again = await building.notices(NoticeKind.INSPECTIONS, to=building.manager)
    assert again.facts["count"] == 1
