"""A lease ends at the moment of its last reading: charged, billed, and nobody's after it."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion
from bot.services.adjustment import Adjustments
from bot.services.cause import ButtonSpent
from bot.services.move_out import MovedOut, MoveOuts, ReadingOfTodayMissing
from bot.services.payment import LeaseUnknown
from bot.services.ports import DeviceUnreachable
from bot.services.reading_correction import Corrections
from bot.services.reading_entry import NewReading, ReadingEntry
from bot.services.report import Reports
from bot.services.store import NoticeKind
from tests.building import Building, House, at
from tests.integration.services.test_media import GAS, add_meter


async def end(building: Building, house: House, *, nonce: str | None = None) -> MovedOut:
    leaving = MoveOuts(building.transactions, building.gateway, building.clock, building.doorbell)
    return await leaving.end(cause=await building.cause(nonce=nonce), lease_id=house.lease.id)


async def test_what_was_used_until_then_is_charged_and_no_more(building: Building) -> None:
    house = await building.let()
    building.device(house).use("10")
    building.clock.set(at(15, "12:00"))
    done = await end(building, house)
    assert done.book.balance_paise == 300_000 - 6_500
    assert done.invoice is None
    building.device(house).use("50")
    for day in (15, 16, 20):
        building.clock.set(at(day))
        await building.deductions.run()
    assert await building.balance(house) == 300_000 - 6_500


async def test_who_is_billed_later_gets_a_last_bill_over_the_days_until_then(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).use("40")
    building.clock.set(at(15, "12:00"))
    done = await end(building, house)
    assert done.invoice is not None
    assert (done.invoice.period.to_on, done.invoice.total_paise) == (date(2025, 11, 15), 26_000)
    building.device(house).close((date(2025, 11, 25), "1700.0"))
    building.clock.set(at(28))
    assert (await building.invoicing.run()).lines == ()
    assert [each.open_paise for each in (await building.book(house)).dues] == [26_000]


async def test_slabs_of_the_last_month_are_as_wide_as_its_days(building: Building) -> None:
    """Rule 4.2: three of thirty days, as the day of the reading is no day of the lease."""
    first = Slab(up_to=Decimal(300), rate_paise=Decimal(100))
    version = TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(first, Slab(up_to=None, rate_paise=Decimal(200))),
        standing=StandingCharge(amount_paise=1000, per=StandingPer.DAY),
    )
    house = await building.let(versions=[version], start_on=date(2025, 11, 11))
    building.device(house).use("60")
    building.clock.set(at(14, "12:00"))
    await end(building, house)
    wide = 300 * 3 // 30
    charged = await building.entries(house, EntryKind.DEDUCTION)
    expected = wide * 100 + (60 - wide) * 200 + 3 * 1000
    assert -sum(each.tenant_paise for each in charged) == expected


async def test_who_leaves_on_the_first_has_one_day_of_each_slab(building: Building) -> None:
    """Rule 4.2: that day is none of the lease, but what is used on it is not all dear."""
    first = Slab(up_to=Decimal(300), rate_paise=Decimal(100))
    dear = Slab(up_to=None, rate_paise=Decimal(200))
    version = TariffVersion(id=0, from_on=date(2025, 1, 1), slabs=(first, dear))
    house = await building.let(versions=[version])
    building.device(house).close((date(2025, 11, 30), "1450.0"))
    building.device(house).use("13")
    building.clock.set(at(1, "12:00", month=12))
    await end(building, house)
    assert await building.balance(house) == 300_000 - 1632


async def test_the_day_of_leaving_costs_no_standing_charge_though_it_was_charged(
    building: Building,
) -> None:
    """Rule 1.4: hourly checks come to what weekly ones come to."""
    version = TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(Slab(up_to=None, rate_paise=Decimal(650)),),
        standing=StandingCharge(amount_paise=1000, per=StandingPer.DAY),
    )
    house = await building.let(versions=[version], start_on=date(2025, 11, 12))
    building.clock.set(at(15, "10:00"))
    await building.deductions.run()
    assert await building.balance(house) == 300_000 - 4 * 1000
    building.clock.set(at(15, "12:00"))
    await end(building, house)
    assert await building.balance(house) == 300_000 - 3 * 1000


@pytest.mark.parametrize("mode", BillingMode)
async def test_the_last_reading_can_be_corrected_and_the_money_follows(
    building: Building, mode: BillingMode
) -> None:
    """Rule 3.8: also of who has left, on a day that is not theirs any more."""
    house = await building.let(mode=mode, billing_day=25)
    building.device(house).use("40")
    building.clock.set(at(15, "12:00"))
    await end(building, house)
    async with building.transactions.read() as unit:
        last = await unit.metering.latest(house.meter.id)
    assert last is not None
    corrections = Corrections(building.transactions, building.clock, building.doorbell)
    cause = await building.cause()
    shown = await corrections.preview(
        actor=cause.actor, reading_id=last.id, value=Decimal("1480.0")
    )
    assert shown.plan is not None
    assert shown.plan.change_paise == 6_500
    await corrections.correct(cause=cause, reading_id=last.id, value=Decimal("1480.0"))
    assert await building.balance(house) == 300_000 - 19_500
    async with building.transactions.read() as unit:
        made = await unit.invoices.of_lease(house.lease.id)
    totals = [(each.kind, each.total_paise) for each in reversed(made)]
    bills = [(DocumentKind.INVOICE, 26_000), (DocumentKind.CREDIT_NOTE, -6_500)]
    assert totals == (bills if mode is BillingMode.POSTPAID else [])


async def test_what_is_charged_after_the_last_bill_gets_one_of_its_own(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).use("40")
    building.clock.set(at(15, "12:00"))
    await end(building, house)
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=26_000,
        method=PaymentMethod.CASH,
    )
    by_hand = Adjustments(building.transactions, building.clock, building.doorbell)
    await by_hand.record(
        cause=await building.cause(), lease_id=house.lease.id, amount_paise=-15_000, reason="Lock"
    )
    reports = Reports(building.transactions, building.gateway, building.clock)
    cause = await building.cause()
    before = (await reports.home(actor=cause.actor, lease_id=house.lease.id)).dues
    assert before is not None
    assert before.besides_paise == 15_000
    (line,) = (await building.invoicing.run()).lines
    assert line.invoice is not None
    assert (line.invoice.total_paise, line.invoice.to_pay_paise) == (15_000, 15_000)
    assert (await building.invoicing.run()).lines == ()
    after = (await reports.home(actor=cause.actor, lease_id=house.lease.id)).dues
    assert after is not None
    assert (after.open_paise, after.besides_paise) == (15_000, 0)


async def test_what_who_has_left_gets_back_of_a_moved_charge_is_credited(
    building: Building,
) -> None:
    """A late reading that moves use about makes no document; what then is too much gets one."""
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).use("40")
    building.clock.set(at(15, "12:00"))
    await end(building, house)
    cause = await building.cause()
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    new = NewReading(meter_id=house.meter.id, value=Decimal("1460.0"), at=at(13))
    await entry.record(cause=cause, new=new)
    async with building.transactions.read() as unit:
        last = await unit.metering.latest(house.meter.id)
    assert last is not None
    corrections = Corrections(building.transactions, building.clock, building.doorbell)
    await corrections.correct(cause=cause, reading_id=last.id, value=Decimal("1480.0"))
    building.clock.set(at(16, "02:00"))
    (line,) = (await building.invoicing.run()).lines
    assert line.invoice is not None
    assert (line.invoice.kind, line.invoice.total_paise) == (DocumentKind.CREDIT_NOTE, -6_500)
    assert [each.open_paise for each in (await building.book(house)).dues] == [19_500]


async def test_a_meter_that_cannot_be_read_ends_nothing(building: Building) -> None:
    house = await building.let()
    building.device(house).is_online = False
    with pytest.raises(DeviceUnreachable):
        await end(building, house)
    assert (await building.book(house)).lease.occupancy.end_on is None


async def test_a_meter_that_people_read_is_read_that_day(building: Building) -> None:
    house = await building.let()
    await add_meter(building, house, GAS, opening="100")
    building.clock.set(at(15, "12:00"))
    with pytest.raises(ReadingOfTodayMissing):
        await end(building, house)


async def test_a_lease_ends_once(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(15, "12:00"))
    await end(building, house, nonce="once")
    with pytest.raises((ButtonSpent, LeaseUnknown)):
        await end(building, house, nonce="once")
    (told,) = await building.notices(NoticeKind.MOVED_OUT, to=house.tenant)
    assert told.facts["balance_paise"] == 300_000


async def test_somebody_else_may_move_in_the_same_day(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(15, "12:00"))
    await end(building, house)
    async with building.transactions.read() as unit:
        assert house.room.id not in await unit.leases.running_at(building.place.id)
