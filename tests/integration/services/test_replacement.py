"""What a manager knows of a swap is charged once, and nothing else is touched. Rule 3.4."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.db.audit import audit
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.domain.metering import NotARegisterValue, ReadingType
from bot.domain.people import NotAllowed
from bot.services.boundary import ReadingInTheWay
from bot.services.meter import Meters, TermsChange, TermsField
from bot.services.replacement import Replacements, SwapUnknown, SwapValue
from bot.services.swap import Found, put_device
from bot.services.swap_value import EndContradicted, EndKnown, NobodyToCharge, SwapEnd
from tests.building import Building, House, at
from tests.fakes.gateway import FakeDevice

HOUR = timedelta(hours=1)
RATE_PAISE = 650


def replacements(building: Building) -> Replacements:
    return Replacements(building.transactions, building.clock, building.doorbell)


async def swapped(building: Building, house: House, *, shows: str | None = "5.5") -> int:
    """Put another device in, and return its installation."""
    async with building.transactions.begin() as unit:
        device = await unit.metering.device(house.device_id)
        assert device is not None
        await unit.metering.save_device(replace(device, id="dev-new", is_online=shows is not None))
        found = Found(
            device_id="dev-new", energy_kwh=None if shows is None else Decimal(shows), relay_on=True
        )
        opened, _ = await put_device(unit, house.meter, found, now=building.clock.now())
    del building.gateway.devices[house.device_id]
    building.gateway.devices["dev-new"] = FakeDevice(
        energy_kwh=Decimal(shows or "5.5"), udf1=house.meter.udf1
    )
    return opened.id


async def enter(
    building: Building, installation_id: int, end: SwapEnd, value: str, *, nonce: str | None = None
) -> SwapValue:
    return await replacements(building).enter(
        cause=await building.cause(nonce=nonce),
        installation_id=installation_id,
        end=end,
        value=Decimal(value),
    )


async def charged(building: Building, house: House) -> list[int]:
    return [-each.tenant_paise for each in await building.entries(house, EntryKind.DEDUCTION)]


async def a_swap(building: Building) -> tuple[House, int]:
    """Read 10 kWh on the 12th, then swap at noon of the 13th; the new one shows 5.5."""
    house = await building.let()
    building.clock.set(at(12))
    building.device(house).use("10")
    await building.deductions.run()
    building.clock.advance(12 * HOUR)
    return house, await swapped(building, house)


async def goes_on(building: Building, kwh: str = "2") -> None:
    building.clock.advance(HOUR)
    building.gateway.devices["dev-new"].use(kwh)
    await building.deductions.run()


class TestClosing:
    """The value of the old device."""

    async def test_what_ran_after_the_last_reading_is_charged_once(
        self, building: Building
    ) -> None:
        house, opened = await a_swap(building)

        told = await enter(building, opened, SwapEnd.CLOSING, "1464")
        await goes_on(building)

        assert (told.reckoned.quantity, told.reckoned.amount_paise) == (Decimal(4), 4 * RATE_PAISE)
        assert told.money.after_paise == told.money.book.balance_paise - 4 * RATE_PAISE
        assert await charged(building, house) == [6_500, 4 * RATE_PAISE, 2 * RATE_PAISE]
        assert await building.flaws() == 0

    async def test_it_may_be_told_after_the_new_device_was_charged(
        self, building: Building
    ) -> None:
        house, opened = await a_swap(building)
        await goes_on(building)

        await enter(building, opened, SwapEnd.CLOSING, "1464")
        await goes_on(building, "1")

        assert await charged(building, house) == [6_500, 1_300, 4 * RATE_PAISE, RATE_PAISE]

    async def test_the_entry_says_from_which_readings_it_comes(self, building: Building) -> None:
        house, opened = await a_swap(building)
        await enter(building, opened, SwapEnd.CLOSING, "1464")

        newest = (await building.entries(house, EntryKind.DEDUCTION))[-1]
        assert (newest.why["from_value"], newest.why["to_value"]) == ("1460.000", "1464")
        assert newest.why["reading_type"] == ReadingType.MANUAL.value

    async def test_it_is_not_below_what_was_read(self, building: Building) -> None:
        house, opened = await a_swap(building)
        with pytest.raises(EndContradicted) as refused:
            await enter(building, opened, SwapEnd.CLOSING, "1459.9")
        assert refused.value.seen == 1460
        assert await charged(building, house) == [6_500]

    async def test_it_is_entered_once(self, building: Building) -> None:
        house, opened = await a_swap(building)
        await enter(building, opened, SwapEnd.CLOSING, "1464")
        with pytest.raises(EndKnown) as refused:
            await enter(building, opened, SwapEnd.CLOSING, "1465")
        assert refused.value.value == 1464
        assert await charged(building, house) == [6_500, 4 * RATE_PAISE]

    async def test_the_same_value_charges_nothing(self, building: Building) -> None:
        house, opened = await a_swap(building)
        told = await enter(building, opened, SwapEnd.CLOSING, "1460")
        assert told.reckoned.amount_paise == 0
        assert await charged(building, house) == [6_500]

    async def test_more_than_is_plausible_is_marked_and_charged(self, building: Building) -> None:
        _, opened = await a_swap(building)
        told = await enter(building, opened, SwapEnd.CLOSING, "1700")
        assert told.reckoned.is_unlikely
        assert told.reckoned.quantity == 240

    async def test_a_new_tenant_does_not_pay_for_the_one_before(self, building: Building) -> None:
        house, opened = await a_swap(building)
        async with building.transactions.begin() as unit:
            lease = await unit.leases.get(house.lease.id)
            assert lease is not None
            begun = replace(lease.occupancy, start_on=at(14).date())
            await unit.leases.save(replace(lease, occupancy=begun))
        with pytest.raises(NobodyToCharge):
            await enter(building, opened, SwapEnd.CLOSING, "1464")

    async def test_power_follows(self, building: Building) -> None:
        house, opened = await a_swap(building)
        told = await enter(building, opened, SwapEnd.CLOSING, "1900")
        assert told.money.power == "cutting"
        assert not (await building.supply(house)).desired_on


class TestOpening:
    """The value of the new device."""

    @pytest.mark.parametrize("is_charged", [False, True])
    async def test_what_it_had_counted_before_it_was_seen_is_charged_once(
        self, building: Building, is_charged: bool
    ) -> None:
        house, opened = await a_swap(building)
        if is_charged:
            await goes_on(building)

        told = await enter(building, opened, SwapEnd.OPENING, "0.5")
        await goes_on(building, "1")

        last = [1_300, RATE_PAISE] if is_charged else [RATE_PAISE]
        assert told.reckoned.quantity == 5
        assert sorted(await charged(building, house)) == sorted([6_500, 5 * RATE_PAISE, *last])
        assert await building.flaws() == 0

    async def test_a_device_that_was_never_read_begins_at_it(self, building: Building) -> None:
        house = await building.let()
        opened = await swapped(building, house, shows=None)

        told = await enter(building, opened, SwapEnd.OPENING, "1.5")
        building.gateway.devices["dev-new"].energy_kwh = Decimal("1.5")
        await goes_on(building)

        assert told.reckoned.amount_paise == 0
        assert await charged(building, house) == [1_300]

    async def test_it_is_not_above_what_was_read(self, building: Building) -> None:
        _, opened = await a_swap(building)
        with pytest.raises(EndContradicted) as refused:
            await enter(building, opened, SwapEnd.OPENING, "5.6")
        assert refused.value.seen == Decimal("5.5")

    async def test_it_is_entered_once(self, building: Building) -> None:
        _, opened = await a_swap(building)
        await enter(building, opened, SwapEnd.OPENING, "5")
        with pytest.raises(EndKnown):
            await enter(building, opened, SwapEnd.OPENING, "4")


async def test_both_ends_add_up(building: Building) -> None:
    house, opened = await a_swap(building)
    await enter(building, opened, SwapEnd.OPENING, "0")
    await enter(building, opened, SwapEnd.CLOSING, "1461")
    await goes_on(building)

    assert sum(await charged(building, house)) == (10 + 1 + 5) * RATE_PAISE + 325 + 1_300


async def test_a_lease_that_is_billed_later_is_charged_for_what_a_swap_left_out(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID)
    building.clock.set(at(12))
    opened = await swapped(building, house)
    told = await enter(building, opened, SwapEnd.CLOSING, "1455")

    assert (told.reckoned.quantity, told.reckoned.amount_paise) == (Decimal(5), 3_250)
    assert await charged(building, house) == [3_250]


async def test_a_held_reading_is_settled_first(building: Building) -> None:
    _, opened = await a_swap(building)
    await goes_on(building, "5000")
    with pytest.raises(ReadingInTheWay):
        await enter(building, opened, SwapEnd.CLOSING, "1464")


async def test_what_no_counter_shows_is_refused(building: Building) -> None:
    _, opened = await a_swap(building)
    for value in ("-1", "1464.0001"):
        with pytest.raises(NotARegisterValue):
            await enter(building, opened, SwapEnd.CLOSING, value)


async def test_a_device_that_replaced_none_has_no_swap(building: Building) -> None:
    house = await building.let()
    async with building.transactions.read() as unit:
        first = await unit.metering.open_installation(house.meter.id)
    assert first is not None
    with pytest.raises(SwapUnknown):
        await enter(building, first.id, SwapEnd.CLOSING, "1")
    await Meters(building.transactions, building.gateway, building.clock, building.doorbell).change(
        cause=await building.cause(),
        meter_id=house.meter.id,
        change=TermsChange(field=TermsField.MULTIPLIER, value=Decimal(2)),
    )
    async with building.transactions.read() as unit:
        second = await unit.metering.open_installation(house.meter.id)
    assert second is not None
    for known in (first.id, second.id):
        with pytest.raises(SwapUnknown):
            await enter(building, known, SwapEnd.CLOSING, "1")


async def test_strangers_and_tenants_learn_nothing(building: Building) -> None:
    house, opened = await a_swap(building)
    cause = await building.cause(house.tenant)
    with pytest.raises((SwapUnknown, NotAllowed)):
        await replacements(building).enter(
            cause=cause, installation_id=opened, end=SwapEnd.CLOSING, value=Decimal(1464)
        )


async def test_it_is_audited(building: Building) -> None:
    _, opened = await a_swap(building)
    await enter(building, opened, SwapEnd.CLOSING, "1464")
    async with building.database.reader.connect() as connection:
        (line,) = (await connection.execute(select(audit))).all()
    assert (line.action, line.facts["value"]) == ("swap.closing", "1464")
    assert line.facts["amount_paise"] == 2_600
