"""A meter counts for one lease, or for several with shares that sum to one. Rule 8.1."""

from dataclasses import replace

import pytest

from bot.domain.meter import BillingType, MeterSheet
from bot.domain.meter_share import LeaseShare, SharesDoNotSum
from bot.domain.people import NotAllowed, Role
from bot.services.cause import ButtonSpent
from bot.services.meter_link import CountsForAll, CountsForOne, MeterLinks, SharedByOne, Shares
from bot.services.meter_rule import MeterCharges, NothingToChange
from bot.services.payment import LeaseUnknown
from tests.building import Building
from tests.integration.services.test_meter_edit import made


def links(building: Building) -> MeterLinks:
    return MeterLinks(building.transactions, building.clock)


async def link(
    building: Building, sheet: MeterSheet, shares: Shares, *, nonce: str | None = None
) -> None:
    await links(building).link(
        cause=await building.cause(nonce=nonce), meter_id=sheet.id, shares=shares
    )


async def linked(building: Building, sheet: MeterSheet) -> dict[str, int | None]:
    """Return the share of each room that a meter counts for."""
    async with building.transactions.read() as unit:
        return {each.room: each.share_ppm for each in await unit.sheets.shares(sheet.id)}


async def test_a_meter_of_one_tenant_goes_from_one_lease_to_another(building: Building) -> None:
    one, two = await building.let("1"), await building.let("2")
    sheet = await made(building)
    await link(building, sheet, {one.lease.id: None})
    assert await linked(building, sheet) == {"1": None}
    with pytest.raises(NothingToChange):
        await link(building, sheet, {one.lease.id: None})

    await link(building, sheet, {two.lease.id: None})

    assert await linked(building, sheet) == {"2": None}
    action, facts = (await building.trail())[-1]
    assert action == "meter.link"
    assert (facts["before"], facts["after"]) == (
        {str(one.lease.id): None},
        {str(two.lease.id): None},
    )
    with pytest.raises(CountsForOne):
        await link(building, sheet, {one.lease.id: None, two.lease.id: None})
    with pytest.raises(CountsForOne):
        await link(building, sheet, {one.lease.id: 1_000_000})
    await link(building, sheet, {})
    assert await linked(building, sheet) == {}


async def test_shares_sum_to_one_exactly(building: Building) -> None:
    one, two = await building.let("1"), await building.let("2")
    sheet = await made(building, billing=BillingType.SHARED)
    for shares in ((500_000, 499_999), (500_000, 500_001), (1_000_000, 0)):
        with pytest.raises(SharesDoNotSum):
            await link(
                building, sheet, dict(zip((one.lease.id, two.lease.id), shares, strict=True))
            )
    with pytest.raises(SharedByOne):
        await link(building, sheet, {one.lease.id: 1_000_000})

    await link(building, sheet, {one.lease.id: 333_333, two.lease.id: 666_667})
    await link(building, sheet, {two.lease.id: 500_000, one.lease.id: 500_000})

    assert await linked(building, sheet) == {"1": 500_000, "2": 500_000}
    assert [each.meter.id for each in (await building.book(one)).meters] == [one.meter.id]


async def test_a_collective_meter_counts_for_no_lease_by_name(building: Building) -> None:
    house = await building.let()
    sheet = await made(building, billing=BillingType.COLLECTIVE)
    with pytest.raises(CountsForAll):
        await link(building, sheet, {house.lease.id: None})


async def test_a_lease_that_was_charged_by_a_meter_keeps_it(building: Building) -> None:
    house, other = await building.let("1"), await building.let("2")
    async with building.transactions.read() as unit:
        sheet = await unit.sheets.get(house.meter.id)
    assert sheet is not None
    for shares in ({}, {other.lease.id: None}):
        with pytest.raises(MeterCharges) as refused:
            await link(building, sheet, shares)
        assert [each.room for each in refused.value.shares] == ["1"]


async def test_only_leases_of_the_place_that_run_are_there_to_choose(building: Building) -> None:
    house = await building.let("1")
    sheet = await made(building)
    choice = await links(building).choice(actor=(await building.cause()).actor, meter_id=sheet.id)
    tenant = house.lease.tenant_name
    assert choice.leases == (LeaseShare(lease_id=house.lease.id, room="1", tenant=tenant),)
    with pytest.raises(LeaseUnknown):
        await link(building, sheet, {999: None})


async def test_a_caretaker_links_nothing_and_a_button_counts_once(building: Building) -> None:
    house = await building.let("1")
    sheet = await made(building)
    cause = await building.cause()
    caretaker = replace(
        cause, actor=replace(cause.actor, roles=((building.place.id, Role.CARETAKER),))
    )
    with pytest.raises(NotAllowed):
        await links(building).link(
            cause=caretaker, meter_id=sheet.id, shares={house.lease.id: None}
        )
    await link(building, sheet, {house.lease.id: None}, nonce="once")
    with pytest.raises(ButtonSpent):
        await link(building, sheet, {}, nonce="once")
