"""Another tariff for a room, from a day on. Rules 1.4, 4.1 and 4.3."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.db.audit import audit
from bot.domain.service_kind import ServiceKind
from bot.domain.tariff import Slab, TariffVersion
from bot.services.cause import ButtonSpent
from bot.services.check import CheckOutcome
from bot.services.deduction import Deductions
from bot.services.lease_tariff import RoomTariffs
from bot.services.lease_tariff_change import (
    HaveItAlready,
    NoRoomChosen,
    RoomChargedAlready,
    RoomTariffChanges,
    TariffBeginsLater,
)
from bot.services.payment import LeaseUnknown
from bot.services.store import Transactions
from bot.services.tariff import ChargedAlready, PriceLists, TariffUnknown
from tests.building import CHECK_TIME, Building, House, at, flat
from tests.integration.services.test_tariff_change import (
    A_WHILE_S,
    Slow,
    change,
    charge,
    charged,
    on,
)

SLABS = (
    Slab(up_to=Decimal(20), rate_paise=Decimal(100)),
    Slab(up_to=None, rate_paise=Decimal(300)),
)


async def a_tariff(building: Building, version: TariffVersion, name: str = "Shops") -> int:
    async with building.transactions.begin() as unit:
        return await unit.tariffs.add(place_id=building.place.id, name=name, versions=[version])


def desk(building: Building, transactions: Transactions | None = None) -> RoomTariffChanges:
    return RoomTariffChanges(
        transactions or building.transactions, building.clock, building.doorbell
    )


def rooms(building: Building) -> RoomTariffs:
    return RoomTariffs(building.transactions, building.clock)


async def give(
    building: Building,
    tariff_id: int,
    from_on: date,
    *houses: House,
    nonce: str | None = None,
    transactions: Transactions | None = None,
) -> None:
    """Let the manager use a tariff for rooms."""
    await desk(building, transactions).give(
        cause=await building.cause(nonce=nonce),
        tariff_id=tariff_id,
        lease_ids=[house.lease.id for house in houses],
        from_on=from_on,
    )


async def given(building: Building, house: House) -> list[tuple[int, date]]:
    """Return which tariffs a room has, and since when."""
    book = await building.book(house)
    return [
        (each.tariff.id, each.from_on) for each in book.timelines[ServiceKind.ELECTRICITY].given[1:]
    ]


class TestGive:
    """Rule 4.1: each day by its own tariff."""

    async def test_days_before_are_charged_by_the_old_one_and_others_not_at_all_changed(
        self, building: Building
    ) -> None:
        house, other = await building.let("1"), await building.let("2")
        shops = await a_tariff(building, flat("900"))
        await charge(building, house, "11.8", day=12)
        await give(building, shops, on(14), house)
        for each in (house, other):
            building.device(each).close((on(12), "1461.8"), (on(13), "1471.8"))
            building.device(each).energy_kwh = Decimal("1481.8")
        building.clock.set(at(14))
        await building.deductions.run()
        assert (await charged(building, house))[1:] == [
            ("10", "650", 6_500),
            ("10", "900", 9_000),
        ]
        assert {rate for _, rate, _ in await charged(building, other)} == {"650"}
        named = [
            (each.why["tariff"], each.why["tariff_from"]) for each in await building.entries(house)
        ]
        assert named[-2:] == [("Home", "2025-01-01"), ("Shops", "2025-11-14")]

    async def test_there_and_back_within_a_month_counts_the_slabs_on(
        self, building: Building
    ) -> None:
        """1.4 and 4.2: 30 + 10 + 10 kWh, of which the month's first 20 are cheap."""
        slabs = TariffVersion(id=0, from_on=on(1, 1), slabs=SLABS)
        house = await building.let(versions=[slabs])
        shops = await a_tariff(building, flat("900"))
        own = house.lease.tariff_id
        await charge(building, house, "15", day=12)
        await give(building, shops, on(13), house)
        building.device(house).close((on(12), "1465"))
        await charge(building, house, "10", day=13)
        await give(building, own, on(14), house)
        building.device(house).close((on(13), "1475"))
        await charge(building, house, "10", day=14)
        assert await charged(building, house) == [
            ("15", "100", 1_500),
            ("10", "900", 9_000),
            ("10", "300", 3_000),
        ]
        assert await given(building, house) == [(shops, on(13)), (own, on(14))]
        assert await building.flaws() == 0

    async def test_days_offline_are_charged_by_the_closes_each_by_its_tariff(
        self, building: Building
    ) -> None:
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        device = building.device(house)
        device.is_online = False
        building.clock.set(at(14))
        await building.deductions.run()
        await give(building, shops, on(13), house)
        device.close((on(11), "1450"), (on(12), "1453"), (on(13), "1460"))
        await building.deductions.run()
        assert await charged(building, house) == [("3", "650", 1_950), ("7", "900", 6_300)]

    async def test_a_price_change_of_the_old_tariff_still_counts_for_days_before(
        self, building: Building
    ) -> None:
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        building.device(house).is_online = False
        await give(building, shops, on(15), house)
        await change(building, flat("700", on(13)))
        building.device(house).close((on(12), "1451"), (on(13), "1452"), (on(14), "1453"))
        building.device(house).close((on(15), "1454"))
        building.clock.set(at(16))
        await building.deductions.run()
        rates = [rate for _, rate, _ in await charged(building, house)]
        assert rates == ["650", "700", "700", "900"]

    async def test_a_tariff_is_charged_only_as_long_as_rooms_have_it(
        self, building: Building
    ) -> None:
        """Rule 4.3: days after the room left say nothing about the tariff that it left."""
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        await charge(building, house, "1", day=12)
        await give(building, shops, on(13), house)
        building.device(house).close((on(12), "1451"))
        await charge(building, house, "1", day=13)
        await charge(building, house, "1", day=14)
        await change(building, flat("700", on(13)))
        actor = (await building.cause()).actor
        card = await PriceLists(building.transactions, building.clock).card(
            actor=actor, tariff_id=shops
        )
        assert (card.charged_through_on, card.rooms) == (on(14), ("Room 302",))

    async def test_it_is_on_record_and_counts_once(self, building: Building) -> None:
        house, other = await building.let("1"), await building.let("2")
        shops = await a_tariff(building, flat("900"))
        await give(building, shops, on(13), house, other, nonce="n")
        with pytest.raises(ButtonSpent):
            await give(building, shops, on(12), house, other, nonce="n")
        async with building.database.reader.connect() as connection:
            (row,) = (await connection.execute(select(audit))).all()
        assert (row.action, row.facts["from_on"]) == ("tariff.give", "2025-11-13")
        assert row.facts["leases"] == {str(house.lease.id): "1", str(other.lease.id): "2"}


class TestScheduled:
    """What is to come can be replaced, and taken back by giving the old one."""

    async def test_the_newest_word_holds_from_its_day_on(self, building: Building) -> None:
        house = await building.let()
        shops, garages = [
            await a_tariff(building, flat("900"), name) for name in ("Shops", "Garages")
        ]
        await give(building, shops, on(20), house)
        preview = await desk(building).preview(
            actor=(await building.cause()).actor,
            tariff_id=garages,
            lease_ids=[house.lease.id],
            from_on=on(15),
        )
        assert preview.dropped == ("Room 302",)
        assert (preview.before_paise, preview.after_paise) == (78_000, 108_000)
        await give(building, garages, on(15), house)
        assert await given(building, house) == [(garages, on(15))]

    async def test_the_old_tariff_again_leaves_no_trace(self, building: Building) -> None:
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        await give(building, shops, on(20), house)
        await give(building, building.tariff_id, on(13), house)
        assert await given(building, house) == []
        with pytest.raises(HaveItAlready):
            await give(building, building.tariff_id, on(13), house)

    async def test_rooms_that_have_it_are_left_alone(self, building: Building) -> None:
        house, other = await building.let("1"), await building.let("2")
        shops = await a_tariff(building, flat("900"))
        await give(building, shops, on(13), house)
        await give(building, shops, on(15), house, other)
        assert await given(building, house) == [(shops, on(13))]
        assert await given(building, other) == [(shops, on(15))]


class TestRefused:
    """Rule 4.3, and what makes no sense."""

    async def test_a_charged_day_keeps_its_tariff(self, building: Building) -> None:
        house, other = await building.let("1"), await building.let("2")
        shops = await a_tariff(building, flat("900"))
        building.device(other).is_online = False
        await charge(building, house, "1", day=12)
        with pytest.raises(RoomChargedAlready) as refused:
            await give(building, shops, on(12), other, house)
        assert (refused.value.room, refused.value.through_on) == ("1", on(12))
        await give(building, shops, on(12), other)
        await give(building, shops, on(13), house)

    async def test_a_tariff_that_has_no_price_yet_cannot_be_given(self, building: Building) -> None:
        house = await building.let()
        late = await a_tariff(building, flat("900", on(20)))
        with pytest.raises(TariffBeginsLater) as refused:
            await give(building, late, on(19), house)
        assert refused.value.from_on == on(20)

    async def test_no_rooms_and_unknown_rooms_and_strangers(self, building: Building) -> None:
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        with pytest.raises(NoRoomChosen):
            await give(building, shops, on(13))
        with pytest.raises(LeaseUnknown):
            await desk(building).give(
                cause=await building.cause(), tariff_id=shops, lease_ids=[99], from_on=on(13)
            )
        tenant = await building.cause(house.tenant)
        with pytest.raises(TariffUnknown):
            await desk(building).give(
                cause=tenant, tariff_id=shops, lease_ids=[house.lease.id], from_on=on(13)
            )
        with pytest.raises(TariffUnknown):
            await rooms(building).rooms(actor=tenant.actor, tariff_id=shops)
        with pytest.raises(LeaseUnknown):
            await rooms(building).of_lease(actor=tenant.actor, lease_id=house.lease.id)
        assert await given(building, house) == []


class TestAtOnce:
    """A sweep at the same time."""

    async def test_a_room_being_charged_is_waited_for(self, building: Building) -> None:
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        building.device(house).use("10")
        building.clock.set(at(12))
        slow = Slow(building.transactions)
        sweep = Deductions(
            slow,
            building.gateway,
            building.clock,
            building.swaps,
            building.doorbell,
            check_time=CHECK_TIME,
        )
        sweeping = asyncio.create_task(sweep.run())
        await slow.written.wait()
        giving = asyncio.create_task(give(building, shops, on(12), house))
        _, waiting = await asyncio.wait({giving}, timeout=A_WHILE_S)
        assert waiting == {giving}
        slow.released.set()
        await sweeping
        with pytest.raises(RoomChargedAlready):
            await giving

    async def test_a_sweep_that_read_before_the_change_reads_again(
        self, building: Building
    ) -> None:
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        building.device(house).use("10")
        building.device(house).close((on(11), "1450.5"))
        building.clock.set(at(12))
        pause = building.gateway.pause("metrics", house.device_id)
        sweeping = asyncio.create_task(building.deductions.run())
        await pause.arrived.wait()
        await give(building, shops, on(12), house)
        pause.released.set()
        assert [each.outcome for each in (await sweeping).lines] == [CheckOutcome.OUTDATED]
        await building.deductions.run(only_due=True)
        assert await charged(building, house) == [("0.5", "650", 325), ("9.5", "900", 8_550)]

    async def test_a_price_cannot_slip_under_a_room_that_comes_to_the_tariff(
        self, building: Building
    ) -> None:
        house = await building.let()
        shops = await a_tariff(building, flat("900"))
        await give(building, shops, on(12), house)
        await charge(building, house, "1", day=12)
        own = building.tariff_id
        building.tariff_id = shops
        with pytest.raises(ChargedAlready) as refused:
            await change(building, flat("950", on(12)))
        assert (refused.value.tariff, refused.value.through_on) == ("Shops", on(12))
        building.tariff_id = own
        await change(building, flat("700", on(12)))
