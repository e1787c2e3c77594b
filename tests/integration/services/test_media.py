"""Gas, water and heat are charged by tariffs of their own, as people read them. Rules 1.4, 4."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.domain.meter import MeterSheet
from bot.domain.metering import Meter, MeterTerms, MeterType, Reading, ReadingType, RegisterPoint
from bot.domain.service_kind import ELECTRIC, BillingType, Medium, ServiceKind
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.services.book import ServiceWithoutTariff
from bot.services.cause import ButtonSpent
from bot.services.lease_tariff import RoomTariffs
from bot.services.lease_tariff_change import (
    NothingToPrice,
    ReadWithoutPrice,
    RoomChargedAlready,
    RoomTariffChanges,
)
from bot.services.reading_entry import EntryOutcome, NewReading, ReadingEntry, Recorded
from bot.services.report import Reports
from bot.services.store import NoticeKind
from bot.services.tariff_change import PriceChanges
from tests.building import Building, House, at, flat

GAS = Medium(service=ServiceKind.GAS, unit="m³")
WATER = Medium(service=ServiceKind.WATER, unit="L")
SLABS = (
    Slab(up_to=Decimal(10), rate_paise=Decimal(4_500)),
    Slab(up_to=None, rate_paise=Decimal(6_000)),
)
TYPES = {ServiceKind.GAS: MeterType.GAS, ServiceKind.WATER: MeterType.WATER_COLD}


def price(*slabs: Slab, from_on: date = date(2025, 1, 1), **more: object) -> TariffVersion:
    found = slabs or (Slab(up_to=None, rate_paise=Decimal(4_500)),)
    version = TariffVersion(id=0, from_on=from_on, slabs=found)
    return replace(version, **more)  # type: ignore[arg-type]


async def add_meter(
    building: Building,
    house: House,
    medium: Medium = GAS,
    *,
    opening: str | None = "100",
    opened_at: datetime | None = None,
    billing_type: BillingType = BillingType.INDIVIDUAL,
) -> Meter:
    """Give a room a meter that people read, with three decimals."""
    async with building.transactions.begin() as unit:
        meter = await unit.metering.add_meter(
            Meter(
                id=0,
                place_id=building.place.id,
                room_id=house.room.id,
                udf1=None,
                type=TYPES[medium.service],
                unit=medium.unit,
                terms=MeterTerms(limit_per_hour=Decimal(1_000)),
                name=f"{medium.service.value} of {house.room.name}",
                service=medium.service,
                billing_type=billing_type,
                decimals=3,
            )
        )
        anchor_id = None
        if opening is not None:
            when = opened_at or at(11)
            installed = await unit.metering.install(meter_id=meter.id, device_id=None, at=when)
            first = Reading(
                meter_id=meter.id,
                installation_id=installed.id,
                point=RegisterPoint(at=when, value=Decimal(opening)),
                type=ReadingType.MANUAL,
                lease_id=house.lease.id,
            )
            (anchor_id,) = await unit.metering.add_readings([first])
        await unit.metering.link(
            lease_id=house.lease.id, meter_id=meter.id, anchor_reading_id=anchor_id
        )
    return meter


async def make(
    building: Building, name: str, *versions: TariffVersion, medium: Medium = GAS
) -> int:
    async with building.transactions.begin() as unit:
        return await unit.tariffs.add(
            place_id=building.place.id, name=name, versions=versions, medium=medium
        )


def changes(building: Building) -> RoomTariffChanges:
    return RoomTariffChanges(building.transactions, building.clock, building.doorbell)


async def give(
    building: Building, tariff_id: int, *houses: House, from_on: date = date(2025, 11, 11)
) -> None:
    await changes(building).give(
        cause=await building.cause(),
        tariff_id=tariff_id,
        lease_ids=[house.lease.id for house in houses],
        from_on=from_on,
    )


async def read(
    building: Building, meter: Meter, value: str, when: datetime, *, nonce: str | None = None
) -> Recorded:
    """Read a meter as the manager."""
    if building.clock.now() < when:
        building.clock.set(when)
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    return await entry.record(
        cause=await building.cause(nonce=nonce),
        new=NewReading(meter_id=meter.id, value=Decimal(value), at=when),
    )


async def costs(building: Building, house: House, service: ServiceKind) -> list[int]:
    """Return what each deduction for a service took, oldest first, in paise."""
    return [
        -each.tenant_paise
        for each in await building.entries(house)
        if each.why.get("service") == service.value
    ]


async def test_a_gas_reading_is_charged_by_the_slabs_of_gas_alone(building: Building) -> None:
    house = await building.let(versions=[replace(flat(), slabs=SLABS)])
    meter = await add_meter(building, house)
    await give(building, await make(building, "Gas", price(*SLABS)), house)
    building.clock.set(at(12))
    building.device(house).use("9.5")
    await building.deductions.run()
    done = await read(building, meter, "112.345", at(13, "12:00"))

    assert done.outcome is EntryOutcome.CHARGED
    assert await costs(building, house, ServiceKind.ELECTRICITY) == [42_750]
    assert await costs(building, house, ServiceKind.GAS) == [10 * 4_500 + 14_070]
    assert await building.balance(house) == 300_000 - 42_750 - 59_070
    entry = (await building.entries(house))[-1]
    told = {key: entry.why[key] for key in ("meter", "service", "unit", "decimals", "tariff")}
    assert told == {
        "meter": "gas of Room 302",
        "service": "gas",
        "unit": "m³",
        "decimals": 3,
        "tariff": "Gas",
    }
    portions = entry.why["portions"]
    assert isinstance(portions, list)
    assert [(Decimal(used), rate) for used, rate in portions] == [
        (Decimal(10), "4500"),
        (Decimal("2.345"), "6000"),
    ]
    building.device(house).use("1")
    building.clock.set(at(13))
    await building.deductions.run()
    assert (await costs(building, house, ServiceKind.ELECTRICITY))[-1] == 2_250 + 3_000
    assert await building.flaws() == 0


async def test_standing_charge_and_taxes_are_those_of_the_service(building: Building) -> None:
    house = await building.let()
    meter = await add_meter(building, house)
    version = price(
        standing=StandingCharge(amount_paise=200, per=StandingPer.DAY),
        taxes=(Tax(name="VAT", percent=Decimal(5)),),
    )
    await give(building, await make(building, "Gas", version), house)
    building.clock.set(at(12))
    building.device(house).use("10")
    await building.deductions.run()
    await read(building, meter, "101", at(13, "12:00"))
    await read(building, meter, "102", at(14, "12:00"))
    assert await costs(building, house, ServiceKind.ELECTRICITY) == [6_500]
    assert await costs(building, house, ServiceKind.GAS) == [
        4_500 + 225 + 3 * 200,
        4_500 + 225 + 200,
    ]
    book = await building.book(house)
    assert sum(book.month(date(2025, 11, 1)).charged_paise.values()) == 6_500


async def test_a_late_reading_charges_no_day_of_another_service(building: Building) -> None:
    """The standing charge of gas runs to the last reading of gas, not of electricity."""
    house = await building.let()
    meter = await add_meter(building, house)
    standing = StandingCharge(amount_paise=200, per=StandingPer.DAY)
    await give(building, await make(building, "Gas", price(standing=standing)), house)
    await read(building, meter, "104", at(16, "12:00"))
    building.clock.set(at(20))
    building.device(house).use("10")
    await building.deductions.run()
    await read(building, meter, "101", at(13, "12:00"))
    assert sum((await costs(building, house, ServiceKind.GAS))[1:]) == 4 * 4_500 + 6 * 200
    assert await building.balance(house) == 300_000 - 6_500 - 4 * 4_500 - 6 * 200


async def test_what_is_included_in_the_rent_is_kept_and_never_charged(building: Building) -> None:
    house = await building.let()
    meter = await add_meter(building, house, billing_type=BillingType.INCLUDED)
    done = await read(building, meter, "112.3", at(13))
    assert done.outcome is EntryOutcome.RECORDED
    assert done.reading.lease_id == house.lease.id
    assert await building.entries(house) == []
    assert await building.notices(NoticeKind.PRICE_MISSING) == []


async def test_the_home_card_tells_media_apart(building: Building) -> None:
    house = await building.let()
    gas = await add_meter(building, house)
    water = await add_meter(building, house, WATER, billing_type=BillingType.INCLUDED)
    await give(building, await make(building, "Gas", price()), house)
    building.clock.set(at(12))
    building.device(house).use("10")
    await building.deductions.run()
    await read(building, gas, "102.5", at(13, "12:00"))
    await read(building, water, "340", at(13, "12:00"))
    building.clock.set(at(13))
    building.device(house).use("1")
    await building.deductions.run()
    reports = Reports(building.transactions, building.gateway, building.clock)
    card = await reports.home(actor=(await building.cause()).actor, lease_id=house.lease.id)
    assert (card.month.energy_kwh, card.month.cost_paise) == (Decimal(11), 7_150 + 11_250)
    assert card.today is not None
    assert (card.today.energy_kwh, card.today.cost_paise) == (Decimal(1), 650)
    assert [(each.medium, each.quantity, each.cost_paise) for each in card.others] == [
        (GAS, Decimal("2.5"), 11_250),
        (WATER, Decimal(240), None),
    ]


@pytest.mark.parametrize("billing_type", [BillingType.COLLECTIVE, BillingType.SHARED])
async def test_what_several_pay_is_kept_for_later(
    building: Building, billing_type: BillingType
) -> None:
    house = await building.let()
    meter = await add_meter(building, house, opening=None)
    await give(building, await make(building, "Gas", price()), house)
    async with building.transactions.begin() as unit:
        sheet = await unit.sheets.get(meter.id)
        assert isinstance(sheet, MeterSheet)
        await unit.sheets.save(replace(sheet, billing_type=billing_type), at=at(11))
    await read(building, meter, "100", at(12))
    assert (await read(building, meter, "112.3", at(13))).outcome is EntryOutcome.RECORDED
    assert await building.entries(house) == []


async def test_a_month_of_gas_is_no_cost_of_this_week_alone(building: Building) -> None:
    """Rule 5.7: the forecast goes by the mean of the last seven days."""
    house = await building.let()
    meter = await add_meter(building, house, opened_at=at(11, "00:00"))
    await give(building, await make(building, "Gas", price()), house)
    await read(building, meter, "128", at(9, "00:00", month=12))
    assert sum(await costs(building, house, ServiceKind.GAS)) == 28 * 4_500
    assert (await building.book(house)).week_cost_paise == 7 * 4_500


async def test_a_meter_that_people_read_is_not_swept(building: Building) -> None:
    house = await building.let()
    await add_meter(building, house)
    building.clock.set(at(12))
    async with building.transactions.read() as unit:
        targets = await unit.books.targets(on=building.clock.now())
    assert [each.meter_id for each in targets] == [house.meter.id]


@pytest.mark.parametrize("waits", [False, True])
async def test_an_opening_that_was_read_before_the_lease_opens_it(
    building: Building, *, waits: bool
) -> None:
    house = await building.let()
    meter = await add_meter(building, house, opening=None)
    async with building.transactions.begin() as unit:
        installed = await unit.metering.install(meter_id=meter.id, device_id=None, at=at(11))
        first = Reading(
            meter_id=meter.id,
            installation_id=installed.id,
            point=RegisterPoint(at=at(11), value=Decimal(100)),
            type=ReadingType.MANUAL,
        )
        (reading_id,) = await unit.metering.add_readings([first])
        await unit.metering.move_anchors([(house.lease.id, meter.id, reading_id)])
    tariff_id = await make(building, "Gas", price())
    if not waits:
        await give(building, tariff_id, house)
    await read(building, meter, "102", at(13))
    if waits:
        await give(building, tariff_id, house)
    assert await costs(building, house, ServiceKind.GAS) == [9_000]
    await read(building, meter, "103", at(14))
    assert await costs(building, house, ServiceKind.GAS) == [9_000, 4_500]


class TestWithoutTariff:
    """Readings are kept, and charged once there is a price."""

    async def test_staff_are_told_once_which_one_is_missing(self, building: Building) -> None:
        house = await building.let()
        meter = await add_meter(building, house)
        first = await read(building, meter, "101", at(13))
        second = await read(building, meter, "103", at(14))
        assert {first.outcome, second.outcome} == {EntryOutcome.RECORDED}
        assert await building.balance(house) == 300_000
        told = await building.notices(NoticeKind.PRICE_MISSING, to=building.manager)
        assert [(each.facts["service"], each.facts["since"]) for each in told] == [
            ("gas", "2025-11-11")
        ]

    async def test_all_is_charged_from_the_beginning_once_there_is_one(
        self, building: Building
    ) -> None:
        house = await building.let()
        meter = await add_meter(building, house)
        await read(building, meter, "108", at(13))
        await read(building, meter, "112.5", at(14))
        tariff_id = await make(building, "Gas", price(*SLABS))
        preview = await changes(building).preview(
            actor=(await building.cause()).actor,
            tariff_id=tariff_id,
            lease_ids=[house.lease.id],
            from_on=date(2025, 11, 11),
        )
        assert preview.waits_since_on == date(2025, 11, 11)
        await give(building, tariff_id, house)
        assert await costs(building, house, ServiceKind.GAS) == [8 * 4_500, 2 * 4_500 + 15_000]
        await read(building, meter, "113", at(15))
        assert (await costs(building, house, ServiceKind.GAS))[-1] == 3_000
        assert await building.flaws() == 0

    async def test_the_power_follows(self, building: Building) -> None:
        house = await building.let(balance_paise=20_000)
        meter = await add_meter(building, house)
        await read(building, meter, "103", at(13))
        await give(building, await make(building, "Gas", price()), house)
        assert await building.balance(house) == 20_000 - 13_500
        assert not (await building.supply(house)).desired_on

    async def test_a_price_has_to_reach_back_to_the_first_reading(self, building: Building) -> None:
        house = await building.let()
        await add_meter(building, house)
        tariff_id = await make(building, "Gas", price())
        with pytest.raises(ReadWithoutPrice) as refused:
            await give(building, tariff_id, house, from_on=date(2025, 11, 12))
        assert refused.value.since_on == date(2025, 11, 11)

    async def test_a_meter_that_comes_before_its_price_is_told_of(self, building: Building) -> None:
        house = await building.let()
        meter = await add_meter(building, house, opening=None)
        tariff_id = await make(building, "Gas", price())
        await give(building, tariff_id, house, from_on=date(2025, 11, 20))
        await read(building, meter, "100", at(12))
        await read(building, meter, "102", at(25))
        assert await building.entries(house) == []
        told = await building.notices(NoticeKind.PRICE_MISSING, to=building.manager)
        assert [each.facts["since"] for each in told] == ["2025-11-12"]
        await give(building, tariff_id, house, from_on=date(2025, 11, 12))
        assert await costs(building, house, ServiceKind.GAS) == [9_000]


class TestGive:
    """A tariff is for rooms that use what it prices."""

    async def test_a_room_without_such_a_meter_cannot_have_it(self, building: Building) -> None:
        house, other = await building.let(), await building.let("Room 303")
        await add_meter(building, house)
        tariff_id = await make(building, "Gas", price())
        shown = RoomTariffs(building.transactions, building.clock)
        choice = await shown.rooms(actor=(await building.cause()).actor, tariff_id=tariff_id)
        assert [each.room for each in choice.rooms] == ["Room 302"]
        with pytest.raises(NothingToPrice):
            await give(building, tariff_id, other)

    async def test_a_price_in_litres_is_none_for_cubic_metres(self, building: Building) -> None:
        house = await building.let()
        meter = await add_meter(building, house)
        litres = Medium(service=ServiceKind.GAS, unit="L")
        with pytest.raises(NothingToPrice):
            await give(building, await make(building, "Gas", price(), medium=litres), house)
        with pytest.raises(ServiceWithoutTariff):
            (await building.book(house)).prices_of(meter)

    async def test_services_have_tariffs_side_by_side(self, building: Building) -> None:
        house = await building.let()
        gas, water = await add_meter(building, house), await add_meter(building, house, WATER)
        await give(building, await make(building, "Gas", price()), house)
        await give(building, await make(building, "Water", price(), medium=WATER), house)
        await read(building, gas, "101", at(13))
        await read(building, water, "102", at(14))
        assert await costs(building, house, ServiceKind.GAS) == [4_500]
        assert await costs(building, house, ServiceKind.WATER) == [9_000]

    async def test_what_was_charged_for_another_service_holds_nothing_fast(
        self, building: Building
    ) -> None:
        house = await building.let()
        await add_meter(building, house)
        building.clock.set(at(20))
        building.device(house).use("10")
        await building.deductions.run()
        tariff_id = await make(building, "Gas", price())
        await give(building, tariff_id, house)
        dearer = await make(building, "Dear", flat("900"), medium=ELECTRIC)
        with pytest.raises(RoomChargedAlready):
            await give(building, dearer, house, from_on=date(2025, 11, 15))

    async def test_the_next_price_of_gas_begins_at_its_midnight(self, building: Building) -> None:
        house = await building.let()
        meter = await add_meter(building, house, opened_at=at(11, "00:00"))
        tariff_id = await make(building, "Gas", price())
        await give(building, tariff_id, house)
        await PriceChanges(building.transactions, building.clock).change(
            cause=await building.cause(),
            tariff_id=tariff_id,
            version=price(Slab(up_to=None, rate_paise=Decimal(6_000)), from_on=date(2025, 11, 13)),
            seen=[each.id for each in (await _tariff(building, tariff_id))],
        )
        await read(building, meter, "104", at(15, "00:00"))
        assert await costs(building, house, ServiceKind.GAS) == [2 * 4_500, 2 * 6_000]


async def _tariff(building: Building, tariff_id: int) -> Sequence[TariffVersion]:
    async with building.transactions.read() as unit:
        return (await unit.tariffs.get([tariff_id]))[tariff_id].versions


async def test_a_reading_that_is_confirmed_twice_is_charged_once(building: Building) -> None:
    house = await building.let()
    meter = await add_meter(building, house)
    await give(building, await make(building, "Gas", price()), house)
    await read(building, meter, "101", at(13), nonce="n1")
    with pytest.raises(ButtonSpent):
        await read(building, meter, "101", at(13), nonce="n1")
    assert await costs(building, house, ServiceKind.GAS) == [4_500]
