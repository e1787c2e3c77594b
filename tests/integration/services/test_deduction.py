"""Sweeps: what is charged, once, and what is left alone. Rules 3, 4.1, 5.1 to 5.5."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.lease import CheckInterval, Occupancy
from bot.domain.ledger import EntryKind
from bot.domain.metering import MeterTerms, ReadingType
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.services.check import CheckOutcome
from bot.services.ports import (
    DeviceUnknown,
    DeviceUnplaced,
    GatewayUnavailable,
    KeyRejected,
    Refused,
)
from bot.services.reading_entry import NewReading, ReadingEntry
from bot.services.store import NoticeKind
from tests.building import Building, House, at, flat


def on(day: int, month: int = 11) -> date:
    return date(2025, month, day)


async def outcomes(building: Building, *, only_due: bool = False) -> list[CheckOutcome]:
    """Run the sweep and return how the rooms fared, by name of room."""
    return [each.outcome for each in (await building.deductions.run(only_due=only_due)).lines]


async def charges(building: Building, house: House) -> list[tuple[str, int]]:
    """Return quantity and amount of every deduction, oldest first."""
    return [
        (f"{Decimal(str(each.why['quantity'])).normalize():f}", -each.tenant_paise)
        for each in await building.entries(house, EntryKind.DEDUCTION)
    ]


class TestOnce:
    """Rules 2.3, 5.2 and 5.5."""

    async def test_a_second_sweep_finds_nothing_new(self, building: Building) -> None:
        house = await building.let()
        building.clock.set(at(12))
        building.device(house).use("11.8")
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        assert await outcomes(building) == [CheckOutcome.NOTHING_USED]
        building.clock.advance(timedelta(minutes=1))
        assert await outcomes(building) == [CheckOutcome.NOTHING_USED]
        assert await building.balance(house) == 292_330

    async def test_three_days_of_silence_are_charged_day_by_day_once(
        self, building: Building
    ) -> None:
        house = await building.let()
        device = building.device(house)
        device.close((on(11), "1450.2"), (on(12), "1460.2"), (on(13), "1480.2"), (on(14), "1490.2"))
        device.energy_kwh = Decimal("1491.2")
        building.clock.set(at(15, "09:00"))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        booked = [("0.2", 130), ("10", 6_500), ("20", 13_000), ("10", 6_500), ("1", 650)]
        assert await charges(building, house) == booked
        days = [each.occurred_at for each in await building.entries(house)]
        closes = [at(day, "00:00") for day in (12, 13, 14, 15)]
        assert days == [*closes, at(15, "09:00")]
        await building.deductions.run()
        assert await charges(building, house) == booked

    async def test_a_daily_check_asks_each_meter_once(self, building: Building) -> None:
        house = await building.let()
        building.clock.set(at(12))
        await building.deductions.run()
        assert [call.name for call in building.gateway.calls] == ["metrics"]
        assert building.gateway.asked("metrics") == [house.device_id]


class TestOffline:
    """Rule 5.4: what history proves, nothing else."""

    async def test_closed_days_are_charged_and_the_rest_later(self, building: Building) -> None:
        house = await building.let()
        device = building.device(house)
        device.is_online = False
        device.close((on(12), "1460"), (on(13), "1470"))
        device.energy_kwh = Decimal(1475)
        building.clock.set(at(14))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        assert await charges(building, house) == [("10", 6_500), ("10", 6_500)]
        device.is_online = True
        building.clock.set(at(15, "10:00"))
        device.close((on(14), "1475.5"))
        device.energy_kwh = Decimal(1476)
        await building.deductions.run()
        assert (await charges(building, house))[2:] == [("5.5", 3_575), ("0.5", 325)]
        types = {each.why["reading_type"] for each in await building.entries(house)}
        assert types == {ReadingType.AUTOMATIC.value}

    async def test_nothing_is_estimated(self, building: Building) -> None:
        house = await building.let()
        building.device(house).is_online = False
        building.clock.set(at(14))
        assert await outcomes(building) == [CheckOutcome.OFFLINE]
        assert await building.balance(house) == 300_000

    async def test_staff_are_told_once_an_outage(self, building: Building) -> None:
        house = await building.let()
        device = building.device(house)
        device.is_online = False
        for day in (12, 13):
            building.clock.set(at(day))
            await building.deductions.run()
        told = await building.notices(NoticeKind.DEVICE_OFFLINE)
        assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
        assert {each.facts["since"] for each in told} == {at(12).isoformat()}
        device.is_online = True
        building.clock.set(at(14))
        await building.deductions.run()
        device.is_online = False
        building.clock.set(at(15))
        await building.deductions.run()
        assert len(await building.notices(NoticeKind.DEVICE_OFFLINE)) == 4

    async def test_history_that_is_coarser_than_the_counter_raises_no_alarm(
        self, building: Building
    ) -> None:
        house = await building.let()
        device = building.device(house)
        building.clock.set(at(12))
        device.energy_kwh = Decimal("1461.87")
        await building.deductions.run()
        device.is_online = False
        device.close((on(12), "1461.8"))
        building.clock.set(at(13))
        assert await outcomes(building) == [CheckOutcome.OFFLINE]
        device.close((on(13), "1470.1"))
        building.clock.set(at(14))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        device.is_online = True
        device.energy_kwh = Decimal("1470.06")
        building.clock.set(at(14, "23:59:30"))
        assert await outcomes(building) == [CheckOutcome.NOTHING_USED]
        device.energy_kwh = Decimal("1480.5")
        building.clock.set(at(15))
        await building.deductions.run()
        assert not await building.notices(NoticeKind.READING_FELL)
        assert await charges(building, house) == [
            ("11.87", 7_716),
            ("8.23", 5_349),
            ("10.4", 6_760),
        ]
        assert await building.balance(house) == 300_000 - 19_825  # 30.5 kWh, rounded once

    async def test_a_device_that_was_never_online_is_told_of_once_too(
        self, building: Building
    ) -> None:
        house = await building.let()
        building.device(house).is_online = False
        async with building.transactions.begin() as unit:
            device = await unit.metering.device(house.device_id)
            assert device is not None
            await unit.metering.save_device(replace(device, is_online=False))
        for day in (12, 13):
            building.clock.set(at(day))
            await building.deductions.run()
        assert len(await building.notices(NoticeKind.DEVICE_OFFLINE, to=building.manager)) == 1

    async def test_a_cut_proven_by_history_is_decided_while_the_device_is_away(
        self, building: Building
    ) -> None:
        house = await building.let(balance_paise=12_000)
        device = building.device(house)
        device.is_online = False
        device.close((on(12), "1460"))
        building.clock.set(at(13))
        await building.deductions.run()
        assert await building.balance(house) == 5_500
        assert not (await building.supply(house)).desired_on

    async def test_a_history_that_is_refused_leaves_the_device_offline(
        self, building: Building
    ) -> None:
        house = await building.let()
        building.device(house).is_online = False
        building.gateway.fail("day_closes", house.device_id, Refused(code="no", detail=""))
        building.clock.set(at(13))
        assert await outcomes(building) == [CheckOutcome.OFFLINE]
        assert await building.notices(NoticeKind.DEVICE_TROUBLE) == []


class TestSpans:
    """Rules 1.4, 4.1: a span is cut where the terms change, and its sum stays exact."""

    async def test_a_new_month_begins_with_the_close_of_the_old_one(
        self, building: Building
    ) -> None:
        house = await building.let()
        device = building.device(house)
        building.clock.set(at(30, "12:00"))
        device.close(*((on(day), str(1450 + day - 11)) for day in range(11, 30)))
        device.energy_kwh = Decimal(1470)
        await building.deductions.run()
        device.close((on(30), "1475"))
        device.energy_kwh = Decimal(1476)
        building.clock.set(at(1, "11:00", month=12))
        await building.deductions.run()
        assert (await charges(building, house))[-2:] == [("5", 3_250), ("1", 650)]
        months = [
            (await building.book(house)).month(day).charged_paise for day in (on(1), on(1, 12))
        ]
        assert [sum(month.values()) for month in months] == [25 * 650, 650]

    async def test_a_new_price_begins_at_its_midnight(self, building: Building) -> None:
        house = await building.let(versions=[flat("650"), flat("700", on(13))])
        device = building.device(house)
        device.close((on(12), "1460"))
        device.energy_kwh = Decimal(1470)
        building.clock.set(at(13, "20:00"))
        await building.deductions.run()
        assert await charges(building, house) == [("10", 6_500), ("10", 7_000)]

    async def test_without_a_close_the_counter_is_interpolated_and_says_so(
        self, building: Building
    ) -> None:
        house = await building.let(versions=[flat("650"), flat("700", on(13))])
        building.device(house).use("10")
        building.clock.set(at(13, "00:01"))
        await building.deductions.run()
        entries = await building.entries(house)
        quantities = [Decimal(str(each.why["quantity"])) for each in entries]
        assert sum(quantities) == 10
        assert [each.why["reading_type"] for each in entries] == ["ESTIMATED", "AUTOMATIC"]
        assert quantities[1] == Decimal("0.007")

    async def test_a_history_that_is_refused_for_good_does_not_keep_a_live_meter_from_its_charge(
        self, building: Building
    ) -> None:
        house = await building.let()
        building.device(house).use("30")
        building.clock.set(at(14))
        building.gateway.fail("day_closes", house.device_id, Refused(code="no", detail=""))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        assert await building.balance(house) == 300_000 - 30 * 650

    @pytest.mark.parametrize("versions", ["one", "slabs"])
    async def test_hourly_daily_and_weekly_checks_come_to_the_same_paisa(
        self, building: Building, versions: str
    ) -> None:
        prices = [_odd_price()] if versions == "slabs" else [flat("651.37")]
        hourly = await building.let("1", interval=CheckInterval.HOURLY, versions=prices)
        daily = await building.let("2", interval=CheckInterval.DAILY, versions=prices)
        weekly = await building.let("3", interval=CheckInterval.WEEKLY, versions=prices)
        houses = (hourly, daily, weekly)
        now, register = at(11), Decimal("1450.0")
        while now < at(17):
            now += timedelta(hours=6, minutes=30)
            register += Decimal("1.237")
            building.clock.set(now)
            for house in houses:
                building.device(house).energy_kwh = register
                _close_days(building, house, now, register)
            await building.deductions.run(only_due=True)
        building.clock.set(at(18, "12:00"))
        await building.deductions.run()
        assert len({await building.balance(house) for house in houses}) == 1
        counts = [len(await building.entries(house)) for house in houses]
        assert counts[0] > counts[1] > 5
        assert await building.flaws() == 0


def _close_days(building: Building, house: House, now: datetime, register: Decimal) -> None:
    """Let the register stand still over midnight, so that its close is what it shows."""
    local = now.astimezone(building.place.zone)
    building.device(house).closes[local.date()] = register


def _odd_price() -> TariffVersion:
    return TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(
            Slab(up_to=Decimal(20), rate_paise=Decimal("333.33")),
            Slab(up_to=None, rate_paise=Decimal("711.1")),
        ),
        standing=StandingCharge(amount_paise=10_000, per=StandingPer.MONTH),
        taxes=(Tax(name="Duty", percent=Decimal("9.5")),),
    )


class TestPrices:
    """Charges that are nothing, or nothing but a fee."""

    async def test_what_is_free_is_booked_at_nothing_and_moves_on(self, building: Building) -> None:
        house = await building.let(versions=[flat("0")])
        building.device(house).use("10")
        building.clock.set(at(12))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        assert await charges(building, house) == [("10", 0)]
        assert await building.balance(house) == 300_000
        assert (await building.book(house)).meters[0].anchor is not None
        assert await building.flaws() == 0

    async def test_an_empty_room_pays_its_standing_charge(self, building: Building) -> None:
        standing = StandingCharge(amount_paise=1_000, per=StandingPer.DAY)
        version = TariffVersion(
            id=0,
            from_on=date(2025, 1, 1),
            slabs=(Slab(up_to=None, rate_paise=Decimal(650)),),
            standing=standing,
        )
        house = await building.let(versions=[version], start_on=on(11))
        building.clock.set(at(12))
        await building.deductions.run()
        assert await charges(building, house) == [("0", 2_000)]
        building.clock.set(at(13))
        await building.deductions.run()
        assert await charges(building, house) == [("0", 2_000), ("0", 1_000)]

    async def test_a_lease_that_lasts_longer_is_given_back_what_its_shorter_slabs_cost(
        self, building: Building
    ) -> None:
        """A charge may have a negative sum: rounding and proration are of the month so far."""
        house = await building.let(
            versions=[_odd_price()], occupancy=Occupancy(start_on=on(1), end_on=on(15))
        )
        building.device(house).use("20")
        building.clock.set(at(12))
        await building.deductions.run()
        first = await building.balance(house)
        async with building.transactions.begin() as unit:
            lease = await unit.leases.get(house.lease.id)
            assert lease is not None
            await unit.leases.save(replace(lease, occupancy=Occupancy(start_on=on(1))))
        building.device(house).use("0.001")
        building.clock.set(at(12) + timedelta(seconds=30))
        await building.deductions.run()
        assert await building.balance(house) > first
        assert await building.flaws() == 0

    async def test_a_lease_with_two_meters_pays_for_both_and_its_days_once(
        self, building: Building
    ) -> None:
        house = await building.let(versions=[_odd_price()], start_on=on(11))
        _, second = await building.add_meter(house.lease, "LAKE-AC", opening_kwh="10")
        alone = await building.let("alone", versions=[_odd_price()], start_on=on(11))
        building.device(house).use("15")
        building.gateway.devices[second].use("5")
        building.device(alone).use("20")
        building.clock.set(at(12))
        assert await outcomes(building) == [CheckOutcome.CHARGED] * 3
        assert await building.balance(house) == await building.balance(alone)
        assert len(await building.entries(house)) == 2


class TestAlone:
    """One meter's trouble is nobody else's."""

    async def test_a_value_that_fell_is_alerted_of_and_not_charged_rule_3_3(
        self, building: Building
    ) -> None:
        fallen = await building.let("1")
        fine = await building.let("2")
        building.device(fallen).energy_kwh = Decimal(3)
        building.device(fine).use("1")
        for day in (12, 13):
            building.clock.set(at(day))
            await building.deductions.run()
        assert await building.balance(fallen) == 300_000
        assert await building.balance(fine) == 299_350
        told = await building.notices(NoticeKind.READING_FELL)
        assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
        assert len(told) == 2
        assert Decimal(str(told[0].facts["value"])) == 3

    async def test_a_device_below_what_a_person_read_says_whose_reading_that_is(
        self, building: Building
    ) -> None:
        house = await building.let()
        building.clock.set(at(12, "18:00"))
        entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
        read = await entry.record(
            cause=await building.cause(house.tenant),
            new=NewReading(meter_id=house.meter.id, value=Decimal("1480.5")),
        )
        building.device(house).use("5")
        building.clock.set(at(12))
        assert await outcomes(building) == [CheckOutcome.FELL]
        (told, *_) = await building.notices(NoticeKind.READING_FELL)
        assert told.facts["reading_id"] == read.reading.id
        assert told.facts["reader"] == house.tenant.name

    async def test_a_counter_that_ran_through_is_charged_rule_3_2(self, building: Building) -> None:
        terms = MeterTerms(max_value=Decimal(100_000))
        house = await building.let(opening_kwh="99995.5", terms=terms)
        building.device(house).energy_kwh = Decimal("4.5")
        building.clock.set(at(12))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        assert await charges(building, house) == [("9", 5_850)]

    async def test_a_price_that_is_missing_fails_its_own_lease_alone(
        self, building: Building
    ) -> None:
        broken = await building.let("1", versions=[flat("650", date(2026, 1, 1))])
        fine = await building.let("2")
        for house in (broken, fine):
            building.device(house).use("1")
        for day in (12, 14):
            building.clock.set(at(day))
            assert await outcomes(building) == [CheckOutcome.FAILED, CheckOutcome.CHARGED]
            building.device(fine).use("1")
        assert await building.balance(broken) == 300_000
        told = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
        assert [each.facts["code"] for each in told] == ["no_tariff"] * 2

    async def test_a_changed_price_list_fails_its_own_lease_alone(self, building: Building) -> None:
        house = await building.let()
        building.device(house).use("1")
        building.clock.set(at(12))
        await building.deductions.run()
        async with building.transactions.begin() as unit:
            other = await unit.tariffs.add(
                place_id=building.place.id, name="Other", versions=[flat("100")]
            )
            await unit.leases.save(replace(house.lease, tariff_id=other))
        building.device(house).use("1")
        building.clock.set(at(13))
        assert await outcomes(building) == [CheckOutcome.FAILED]
        (told,) = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
        assert told.facts["code"] == "tariff_changed"

    @pytest.mark.parametrize("register", ["-1", "1461.8004"])
    async def test_a_register_that_no_counter_shows_stops_nobody(
        self, building: Building, register: str
    ) -> None:
        odd, fine = await building.let("1"), await building.let("2")
        building.device(odd).energy_kwh = Decimal(register)
        building.device(odd).power_w = Decimal("1.23456")
        building.device(fine).use("1")
        building.clock.set(at(12))
        first, second = await outcomes(building)
        assert second is CheckOutcome.CHARGED
        if register == "-1":
            assert first is CheckOutcome.FAILED
            assert await building.balance(odd) == 300_000
        else:
            assert await charges(building, odd) == [("11.8", 7_670)]

    async def test_a_vendor_that_is_busy_is_asked_again_at_the_next_tick(
        self, building: Building
    ) -> None:
        house = await building.let()
        building.device(house).use("1")
        building.clock.set(at(12))
        building.gateway.fail("metrics", house.device_id, GatewayUnavailable(code="x", detail=""))
        assert await outcomes(building, only_due=True) == [CheckOutcome.FAILED]
        assert await building.notices() == []
        assert await outcomes(building, only_due=True) == [CheckOutcome.CHARGED]
        assert await outcomes(building, only_due=True) == []

    async def test_a_device_that_is_not_ours_is_told_to_staff_once_a_day(
        self, building: Building
    ) -> None:
        house = await building.let()
        trouble = DeviceUnplaced(code="device_not_in_space", detail="x")
        building.gateway.fail("metrics", house.device_id, trouble, trouble, trouble)
        for instant in (at(12, "10:00"), at(12), at(13)):
            building.clock.set(instant)
            assert await outcomes(building) == [CheckOutcome.FAILED]
        told = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
        assert [each.facts["code"] for each in told] == ["device_not_in_space"] * 2

    async def test_a_device_that_is_gone_is_trouble(self, building: Building) -> None:
        house = await building.let()
        del building.gateway.devices[house.device_id]
        building.clock.set(at(12))
        assert await outcomes(building) == [CheckOutcome.FAILED]
        assert building.swaps.asked == [house.meter.id]
        (told,) = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
        assert told.facts["code"] == "device_not_found"

    async def test_more_rooms_than_a_batch_are_all_charged(self, building: Building) -> None:
        houses = [await building.let(str(number)) for number in range(60)]
        for house in houses:
            building.device(house).use("1")
        building.clock.set(at(12))
        report = await building.deductions.run()
        assert report.count(CheckOutcome.CHARGED) == 60
        assert {each.balance_paise for each in report.lines} == {299_350}


class TestKey:
    """A rejected key stops the work, not what was done."""

    async def test_what_was_read_before_is_charged_and_owners_are_told_once(
        self, building: Building
    ) -> None:
        read = await building.let("1")
        refused = await building.let("2")
        later = [await building.let(str(number)) for number in range(3, 22)]
        for house in (read, refused, *later):
            building.device(house).use("1")
        rejected = KeyRejected(code="authentication_error", detail="revoked")
        building.gateway.fail("metrics", refused.device_id, rejected, rejected)
        for day in (12, 12):
            building.clock.set(at(day))
            with pytest.raises(KeyRejected):
                await building.deductions.run()
        assert await building.balance(read) == 299_350
        assert await building.balance(refused) == 300_000
        asked = building.gateway.asked("metrics")
        assert len(asked) < 2 * len(building.houses)
        (told,) = await building.notices(NoticeKind.KEY_REJECTED)
        assert told.person_id == building.owner.id


class TestSwap:
    """Rule 3.4."""

    async def test_a_replaced_device_opens_with_its_first_reading(self, building: Building) -> None:
        house = await building.let()
        building.clock.set(at(12))
        building.device(house).use("10")
        await building.deductions.run()
        old = building.gateway.devices.pop(house.device_id)
        old.energy_kwh = Decimal(0)
        building.gateway.devices["dev-new"] = old
        building.swaps.new_device_ids[house.meter.id] = "dev-new"
        building.clock.set(at(13))
        assert await outcomes(building) == [CheckOutcome.OPENED]
        old.use("2")
        building.clock.set(at(14))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        assert await charges(building, house) == [("10", 6_500), ("2", 1_300)]

    async def test_a_device_lost_again_right_after_the_swap_is_trouble(
        self, building: Building
    ) -> None:
        house = await building.let()
        gone = DeviceUnknown(code="device_not_found", detail="x")
        building.gateway.devices["dev-new"] = building.gateway.devices[house.device_id]
        building.gateway.fail("metrics", house.device_id, gone)
        building.gateway.fail("metrics", "dev-new", gone)
        building.swaps.new_device_ids[house.meter.id] = "dev-new"
        building.clock.set(at(13))
        assert await outcomes(building) == [CheckOutcome.FAILED]


class TestWhen:
    """Rule 5.1, and leases that begin and end."""

    async def test_only_due_leases_are_checked_at_their_hour(self, building: Building) -> None:
        await building.let("hourly", interval=CheckInterval.HOURLY)
        await building.let("daily")
        building.clock.set(at(12, "00:00"))
        assert len(await outcomes(building, only_due=True)) == 2
        building.clock.set(at(12, "00:30"))
        assert await outcomes(building, only_due=True) == []
        building.clock.set(at(12, "01:00"))
        assert len(await outcomes(building, only_due=True)) == 1
        building.clock.set(at(12, "23:59"))
        assert len(await outcomes(building, only_due=True)) == 2

    async def test_a_lease_is_charged_through_its_last_day_of_the_place(
        self, building: Building
    ) -> None:
        house = await building.let(occupancy=Occupancy(start_on=on(1), end_on=on(13)))
        building.device(house).use("1")
        building.clock.set(at(12, "23:59"))
        assert await outcomes(building) == [CheckOutcome.CHARGED]
        building.device(house).close((on(12), "1451.0"))
        building.clock.set(at(14, "01:00"))
        assert await outcomes(building) == [CheckOutcome.NOTHING_USED]
        assert await outcomes(building) == []

    async def test_a_lease_that_has_not_begun_is_left_alone(self, building: Building) -> None:
        await building.let(start_on=on(13))
        building.clock.set(at(12, "23:59"))
        assert await outcomes(building) == []
        building.clock.set(at(13, "00:01"))
        assert await outcomes(building) == [CheckOutcome.NOTHING_USED]
