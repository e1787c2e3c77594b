"""Prices from a day on: who may set them, what stays, and who comes first. Rules 4.1 to 4.3."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.db.audit import audit
from bot.domain.ledger import EntryKind
from bot.domain.people import NotAllowed
from bot.domain.tariff import Slab, StandingCharge, StandingPer, Tariff, TariffVersion, Tax
from bot.services.cause import ButtonSpent
from bot.services.check import CheckOutcome
from bot.services.deduction import Deductions
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.tariff import ChargedAlready, PriceLists, SamePrice, TariffUnknown
from bot.services.tariff_change import NothingScheduled, PriceChanges, TariffMoved
from bot.services.tariff_name import BadName, NameTaken
from tests.building import CHECK_TIME, Building, House, at, flat

A_WHILE_S = 0.3


def on(day: int, month: int = 11) -> date:
    return date(2025, month, day)


def lists(building: Building) -> PriceLists:
    return PriceLists(building.transactions, building.clock)


def changes(building: Building, transactions: Transactions | None = None) -> PriceChanges:
    return PriceChanges(transactions or building.transactions, building.clock)


async def tariff(building: Building) -> Tariff:
    async with building.transactions.read() as unit:
        return (await unit.tariffs.get([building.tariff_id]))[building.tariff_id]


async def change(
    building: Building,
    version: TariffVersion,
    *,
    nonce: str | None = None,
    transactions: Transactions | None = None,
) -> None:
    """Let the manager set a price."""
    await changes(building, transactions).change(
        cause=await building.cause(nonce=nonce),
        tariff_id=building.tariff_id,
        version=version,
        seen=[each.id for each in (await tariff(building)).versions],
    )


async def charge(building: Building, house: House, kwh: str, *, day: int) -> None:
    """Let a room use something, and charge it at the check of a day."""
    building.clock.set(at(day))
    building.device(house).use(kwh)
    await building.deductions.run()


async def charged(building: Building, house: House) -> list[tuple[str, str, int]]:
    """Return quantity, rate and amount of every deduction, oldest first."""
    found = []
    for each in await building.entries(house, EntryKind.DEDUCTION):
        portions = each.why["portions"]
        assert isinstance(portions, list)
        rates = "+".join(rate for _, rate in portions)
        quantity = Decimal(str(each.why["quantity"])).normalize()
        found.append((f"{quantity:f}", rates, -each.tenant_paise))
    return found


class Slow:
    """Transactions that wait before their commit until the test lets them go on."""

    def __init__(self, real: Transactions) -> None:
        self._real = real
        self.read: Callable[[], AbstractAsyncContextManager[Unit]] = real.read
        self.written, self.released = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        """Wait once all is written."""
        async with self._real.begin() as unit:
            yield unit
            self.written.set()
            await self.released.wait()


class TestChange:
    """Rules 4.1 and 4.2."""

    async def test_days_before_keep_the_old_price_to_the_paisa(self, building: Building) -> None:
        house = await building.let()
        await charge(building, house, "11.8", day=12)
        dearer = replace(
            flat("725", on(14)),
            standing=StandingCharge(amount_paise=1_000, per=StandingPer.DAY),
            taxes=(Tax(name="GST", percent=Decimal(18)),),
        )
        await change(building, dearer)
        device = building.device(house)
        device.close((on(12), "1461.8"), (on(13), "1471.8"))
        device.energy_kwh = Decimal("1481.8")
        building.clock.set(at(14))
        await building.deductions.run()
        assert await charged(building, house) == [
            ("11.8", "650", 7_670),
            ("10", "650", 6_500),
            ("10", "725", 7_250 + 1_305 + 1_000),
        ]

    async def test_a_change_while_a_meter_was_offline_is_charged_by_its_daily_closes(
        self, building: Building
    ) -> None:
        house, other = await building.let("1"), await building.let("2")
        device = building.device(house)
        device.is_online = False
        await charge(building, other, "1", day=12)
        await change(building, flat("700", on(13)))
        await charge(building, other, "1", day=14)
        device.close((on(11), "1450"), (on(12), "1453"), (on(13), "1460"), (on(14), "1470.5"))
        building.clock.set(at(15, "09:00"))
        await building.deductions.run()
        device.is_online = True
        device.energy_kwh = Decimal(1471)
        await building.deductions.run()
        assert await charged(building, house) == [
            ("3", "650", 1_950),
            ("7", "700", 4_900),
            ("10.5", "700", 7_350),
            ("0.5", "700", 350),
        ]

    async def test_slabs_go_on_counting_through_a_change(self, building: Building) -> None:
        slabs = (
            Slab(up_to=Decimal(20), rate_paise=Decimal(100)),
            Slab(up_to=None, rate_paise=Decimal(300)),
        )
        house = await building.let()
        await charge(building, house, "15", day=12)
        await change(building, replace(flat("1", on(13)), slabs=slabs))
        building.device(house).close((on(12), "1465"))
        await charge(building, house, "10", day=13)
        assert (await charged(building, house))[-1] == ("10", "100+300", 5 * 100 + 5 * 300)

    async def test_the_preview_holds_two_months_against_each_other(
        self, building: Building
    ) -> None:
        await building.let()
        found = await lists(building).change(
            actor=(await building.cause()).actor,
            tariff_id=building.tariff_id,
            version=flat("725", on(1, 12)),
        )
        assert (found.before_paise, found.after_paise) == (78_000, 87_000)
        assert found.card.rooms == ("Room 302",)

    async def test_it_is_on_record(self, building: Building) -> None:
        await change(building, flat("725", on(1, 12)))
        async with building.database.reader.connect() as connection:
            (row,) = (await connection.execute(select(audit))).all()
        assert (row.actor_id, row.place_id) == (building.manager.id, building.place.id)
        assert row.action == "tariff.change"
        assert (row.facts["from_on"], row.facts["terms"]["slabs"]) == (
            "2025-12-01",
            [[None, "725"]],
        )

    async def test_one_confirmation_counts_once(self, building: Building) -> None:
        await change(building, flat("725", on(1, 12)), nonce="n")
        with pytest.raises(ButtonSpent):
            await change(building, flat("825", on(1, 12)), nonce="n")
        assert len((await tariff(building)).versions) == 2

    async def test_what_was_changed_since_it_was_shown_is_not_changed(
        self, building: Building
    ) -> None:
        shown = [each.id for each in (await tariff(building)).versions]
        await change(building, flat("725", on(1, 12)))
        with pytest.raises(TariffMoved):
            await changes(building).change(
                cause=await building.cause(),
                tariff_id=building.tariff_id,
                version=flat("800", on(1, 12)),
                seen=shown,
            )

    async def test_the_same_price_is_no_change(self, building: Building) -> None:
        with pytest.raises(SamePrice):
            await change(building, flat("650.0", on(1, 12)))

    async def test_who_is_not_of_the_place_learns_nothing_of_it(self, building: Building) -> None:
        house = await building.let()
        tenant = (await building.cause(house.tenant)).actor
        with pytest.raises(TariffUnknown):
            await lists(building).card(actor=tenant, tariff_id=building.tariff_id)
        with pytest.raises(NotAllowed):
            await lists(building).of_place(actor=tenant, place_id=building.place.id)
        with pytest.raises(TariffUnknown):
            await changes(building).change(
                cause=await building.cause(house.tenant),
                tariff_id=building.tariff_id,
                version=flat("1", on(1, 12)),
                seen=(),
            )


class TestCharged:
    """Rule 4.3: what was charged with stays."""

    async def test_a_price_cannot_begin_on_a_day_that_is_charged(self, building: Building) -> None:
        house = await building.let()
        await charge(building, house, "1", day=12)
        with pytest.raises(ChargedAlready) as refused:
            await change(building, flat("700", on(12)))
        assert refused.value.through_on == on(12)
        await change(building, flat("700", on(13)))

    async def test_the_room_that_is_charged_longest_counts(self, building: Building) -> None:
        ahead, behind = await building.let("1"), await building.let("2")
        building.device(behind).is_online = False
        await charge(building, ahead, "1", day=14)
        with pytest.raises(ChargedAlready) as refused:
            await change(building, flat("700", on(13)))
        assert refused.value.through_on == on(14)

    async def test_a_scheduled_price_is_replaced_on_its_day(self, building: Building) -> None:
        await change(building, flat("700", on(1, 12)))
        await change(building, flat("710", on(1, 12)))
        assert [str(each.slabs[0].rate_paise) for each in (await tariff(building)).versions] == [
            "650",
            "710",
        ]

    async def test_a_scheduled_price_can_be_withdrawn(self, building: Building) -> None:
        await change(building, flat("700", on(13)))
        version_id = (await tariff(building)).versions[-1].id
        cause = await building.cause()
        done = await changes(building).withdraw(
            cause=cause, tariff_id=building.tariff_id, version_id=version_id
        )
        assert (done.version.from_on, done.stays.from_on) == (on(13), on(1, 1))
        assert len((await tariff(building)).versions) == 1
        with pytest.raises(NothingScheduled):
            await changes(building).withdraw(
                cause=cause, tariff_id=building.tariff_id, version_id=version_id
            )

    async def test_neither_a_charged_price_nor_the_first_one_can_be_withdrawn(
        self, building: Building
    ) -> None:
        house = await building.let()
        await change(building, flat("700", on(12)))
        await charge(building, house, "1", day=12)
        first, second = (await tariff(building)).versions
        for version, error in ((first, NothingScheduled), (second, ChargedAlready)):
            with pytest.raises(error):
                await changes(building).withdraw(
                    cause=await building.cause(),
                    tariff_id=building.tariff_id,
                    version_id=version.id,
                )


class TestAtOnce:
    """A sweep and a change at the same time."""

    async def test_a_change_waits_for_a_sweep_and_then_finds_the_day_charged(
        self, building: Building
    ) -> None:
        house = await building.let()
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
        changing = asyncio.create_task(change(building, flat("700", on(12))))
        _, waiting = await asyncio.wait({changing}, timeout=A_WHILE_S)
        assert waiting == {changing}
        slow.released.set()
        await sweeping
        with pytest.raises(ChargedAlready):
            await changing
        assert await charged(building, house) == [("10", "650", 6_500)]

    async def test_a_sweep_waits_for_a_change_and_then_charges_by_it(
        self, building: Building
    ) -> None:
        house = await building.let()
        device = building.device(house)
        device.close((on(11), "1450.5"))
        device.use("10")
        building.clock.set(at(12))
        slow = Slow(building.transactions)
        changing = asyncio.create_task(change(building, flat("700", on(12)), transactions=slow))
        await slow.written.wait()
        sweeping = asyncio.create_task(building.deductions.run())
        _, waiting = await asyncio.wait({sweeping}, timeout=A_WHILE_S)
        assert waiting == {sweeping}
        slow.released.set()
        await changing
        assert [each.outcome for each in (await sweeping).lines] == [CheckOutcome.OUTDATED]
        assert await charged(building, house) == []
        await building.deductions.run(only_due=True)
        assert await charged(building, house) == [("0.5", "650", 325), ("9.5", "700", 6_650)]

    async def test_two_changes_at_once_are_one(self, building: Building) -> None:
        shown = [each.id for each in (await tariff(building)).versions]
        causes = [await building.cause(nonce=rate) for rate in ("700", "710")]
        done = await asyncio.gather(
            *(
                changes(building).change(
                    cause=cause,
                    tariff_id=building.tariff_id,
                    version=flat(cause.nonce or "", on(1, 12)),
                    seen=shown,
                )
                for cause in causes
            ),
            return_exceptions=True,
        )
        assert [type(each) for each in done].count(TariffMoved) == 1
        assert len((await tariff(building)).versions) == 2


class TestNames:
    """New tariffs, and other names for those there are."""

    async def test_a_new_tariff_has_a_name_of_its_own(self, building: Building) -> None:
        make, place_id = changes(building).create, building.place.id
        card = await make(
            cause=await building.cause(), place_id=place_id, name=" Shops  2026 ", version=flat()
        )
        assert (card.tariff.name, card.rooms) == ("Shops 2026", ())
        with pytest.raises(NameTaken) as refused:
            await make(
                cause=await building.cause(), place_id=place_id, name="SHOPS 2026", version=flat()
            )
        assert refused.value.name == "Shops 2026"
        for name in (" ", "x" * 41):
            with pytest.raises(BadName):
                await make(
                    cause=await building.cause(), place_id=place_id, name=name, version=flat()
                )
        found = await lists(building).of_place(
            actor=(await building.cause()).actor, place_id=place_id
        )
        assert [line.tariff.name for line in found.lines] == ["Home", "Shops 2026"]

    async def test_what_was_charged_keeps_the_old_name(self, building: Building) -> None:
        house = await building.let()
        await charge(building, house, "1", day=12)
        await changes(building).rename(
            cause=await building.cause(), tariff_id=building.tariff_id, name="Home 2026"
        )
        await charge(building, house, "1", day=13)
        named = [each.why["tariff"] for each in await building.entries(house)]
        assert named == ["Home", "Home 2026"]
        await changes(building).rename(
            cause=await building.cause(), tariff_id=building.tariff_id, name="HOME 2026"
        )


async def test_a_name_that_is_just_a_price_goes_when_the_price_does(building: Building) -> None:
    await building.let()
    await changes(building).rename(
        cause=await building.cause(), tariff_id=building.tariff_id, name="6.50/kWh (2)"
    )
    await change(building, flat("725", on(14)))

    assert (await tariff(building)).name == f"kWh #{building.tariff_id}"


async def test_a_name_that_people_gave_stays_when_the_price_changes(building: Building) -> None:
    await building.let()
    await changes(building).rename(
        cause=await building.cause(), tariff_id=building.tariff_id, name="Shops 6.50/kWh"
    )
    await change(building, flat("725", on(14)))

    assert (await tariff(building)).name == "Shops 6.50/kWh"
