"""Prepaid and postpaid in one lease, with a closing reading and no gap. Rule 7.1."""

from datetime import date, timedelta

import pytest

from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.services.boundary import ReadingInTheWay
from bot.services.cause import ButtonSpent
from bot.services.conversion import (
    BilledSoAlready,
    Conversions,
    Converted,
    NoBillingDay,
    Wanted,
)
from bot.services.credit_note import CreditNotes
from bot.services.ports import DeviceUnreachable
from bot.services.store import NoticeKind
from tests.building import Building, House, at

LATER = Wanted(mode=BillingMode.POSTPAID, billing_day=25)
BEFORE = Wanted(mode=BillingMode.PREPAID)


async def convert(
    building: Building, house: House, wanted: Wanted, *, nonce: str | None = None
) -> Converted:
    conversions = Conversions(
        building.transactions, building.gateway, building.clock, building.doorbell
    )
    cause = await building.cause(nonce=nonce)
    return await conversions.convert(cause=cause, lease_id=house.lease.id, wanted=wanted)


async def deducted(building: Building, house: House) -> int:
    return -sum(each.tenant_paise for each in await building.entries(house, EntryKind.DEDUCTION))


async def test_what_was_used_until_then_is_charged_the_old_way_and_never_billed(
    building: Building,
) -> None:
    house = await building.let()
    building.device(house).use("10")
    building.clock.set(at(15, "12:00"))
    await convert(building, house, LATER)
    assert await building.balance(house) == 300_000 - 6_500
    building.device(house).close((date(2025, 11, 25), "1480.0"))
    building.clock.set(at(26, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    assert (issued.period.from_on, issued.total_paise) == (date(2025, 11, 15), 20 * 650)
    assert await deducted(building, house) == 30 * 650
    assert await building.flaws() == 0


async def test_back_to_prepaid_ends_with_a_bill_and_power_stays_until_it_is_due(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).use("40")
    building.clock.set(at(15, "12:00"))
    done = await convert(building, house, BEFORE)
    assert done.invoice is not None
    assert (done.invoice.period.to_on, done.invoice.total_paise) == (date(2025, 11, 15), 40 * 650)
    assert done.book.lease.mode is BillingMode.PREPAID
    assert (await building.supply(house)).desired_on
    building.clock.set(at(25, "23:59"))
    await building.reconciler.run()
    assert (await building.supply(house)).desired_on
    building.clock.set(at(26, "00:01"))
    await building.reconciler.run()
    assert not (await building.supply(house)).desired_on


async def test_there_and_back_charges_everything_once(building: Building) -> None:
    house = await building.let()
    for day, wanted in ((13, LATER), (16, BEFORE), (19, LATER)):
        building.device(house).use("10")
        building.clock.set(at(day, "12:00"))
        await convert(building, house, wanted)
    building.device(house).close((date(2025, 11, 25), "1490.0"))
    building.clock.set(at(26, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    assert issued.total_paise == 10 * 650
    assert await deducted(building, house) == 40 * 650
    assert await building.balance(house) == 300_000 - 40 * 650


async def test_a_meter_that_cannot_be_read_changes_nothing(building: Building) -> None:
    house = await building.let()
    building.device(house).is_online = False
    with pytest.raises(DeviceUnreachable):
        await convert(building, house, LATER)
    assert (await building.book(house)).lease.mode is BillingMode.PREPAID


async def test_a_jump_is_settled_first(building: Building) -> None:
    house = await building.let()
    building.device(house).use("5000")
    building.clock.advance(timedelta(hours=2))
    with pytest.raises(ReadingInTheWay):
        await convert(building, house, LATER)
    assert (await building.book(house)).lease.mode is BillingMode.PREPAID
    assert await building.balance(house) == 300_000


async def test_one_button_converts_once(building: Building) -> None:
    house = await building.let()
    await convert(building, house, LATER, nonce="once")
    with pytest.raises(BilledSoAlready):
        await convert(building, house, LATER, nonce="twice")
    await convert(building, house, BEFORE, nonce="back")
    with pytest.raises(ButtonSpent):
        await convert(building, house, LATER, nonce="once")


async def test_another_billing_day_needs_no_reading(building: Building) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).is_online = False
    await convert(building, house, Wanted(mode=BillingMode.POSTPAID, billing_day=20))
    building.device(house).close((date(2025, 11, 20), "1460.0"))
    building.clock.set(at(21, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    assert issued.period.to_on == date(2025, 11, 20)


async def test_a_day_that_not_every_month_has_is_none(building: Building) -> None:
    house = await building.let()
    with pytest.raises(NoBillingDay):
        await convert(building, house, Wanted(mode=BillingMode.POSTPAID, billing_day=29))


async def test_tenants_are_told_of_both_ways(building: Building) -> None:
    house = await building.let()
    await convert(building, house, LATER)
    building.clock.advance(timedelta(hours=1))
    await convert(building, house, BEFORE)
    later, before = await building.notices(NoticeKind.BILLING_CHANGED, to=house.tenant)
    assert (later.facts["mode"], later.facts["next_close_on"]) == ("postpaid", "2025-11-25")
    assert before.facts["mode"] == "prepaid"


async def test_a_last_bill_stays_open_after_a_time_that_was_paid_beforehand(
    building: Building,
) -> None:
    house = await building.let()
    building.device(house).use("50")
    building.clock.set(at(12, "12:00"))
    await convert(building, house, LATER)
    building.device(house).use("600")
    building.clock.set(at(20, "12:00"))
    bill = (await convert(building, house, BEFORE)).invoice
    assert bill is not None
    owed_paise = -(await building.balance(house))
    assert owed_paise == 650 * 650 - 300_000
    assert await open_of(building, house) == owed_paise

    building.device(house).use("10")
    building.clock.set(at(21))
    await building.deductions.run()
    assert await open_of(building, house) == owed_paise
    notes = CreditNotes(building.transactions, building.clock, building.doorbell)
    note = await notes.issue(
        cause=await building.cause(), invoice_id=bill.id, reason="Goodwill", amount_paise=10_000
    )
    assert note.owed_paise == -(await building.balance(house)) == owed_paise + 6_500 - 10_000


async def open_of(building: Building, house: House) -> int:
    async with building.transactions.read() as unit:
        (due,) = (await unit.invoices.dues([house.lease.id]))[house.lease.id]
    return due.open_paise


async def test_what_was_owed_before_is_asked_for_with_the_first_bill(building: Building) -> None:
    house = await building.let(balance_paise=-12_000)
    await convert(building, house, LATER)
    (told,) = await building.notices(NoticeKind.BILLING_CHANGED)
    assert told.facts["balance_paise"] == -12_000
    building.device(house).close((date(2025, 11, 25), "1480.0"))
    building.clock.set(at(26, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    assert (issued.total_paise, issued.to_pay_paise) == (30 * 650, 30 * 650 + 12_000)
    (due,) = (await building.book(house)).dues
    assert (due.open_paise, due.from_before_paise) == (issued.to_pay_paise, 12_000)


async def test_a_debt_of_prepaid_days_is_not_due_with_a_bill_from_before_them(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).use("40")
    building.clock.set(at(15, "12:00"))
    await convert(building, house, BEFORE)
    building.device(house).use("10")
    building.clock.set(at(16, "12:00"))
    await convert(building, house, LATER)
    assert await building.balance(house) == -50 * 650
    assert [each.open_paise for each in (await building.book(house)).dues] == [40 * 650]
    building.device(house).use("5")
    building.device(house).close((date(2025, 11, 25), "1505.0"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    dues = (await building.book(house)).dues
    assert [each.open_paise for each in dues] == [40 * 650, 15 * 650]
