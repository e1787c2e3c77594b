"""Periods are billed once, from history, and corrected by credit notes. Section 7."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.invoice import DocumentKind, InvoiceStatus
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.metering import ReadingType
from bot.domain.tariff import Slab, TariffVersion, Tax
from bot.services.check import CheckOutcome
from bot.services.invoice_record import Invoice
from bot.services.ports import GatewayUnavailable
from bot.services.reading_correction import Corrections
from bot.services.reading_entry import NewReading, ReadingEntry
from bot.services.store import NoticeKind
from bot.services.swap import Found, put_device
from tests.building import Building, House, at
from tests.fakes.gateway import FakeDevice

FIRST, SECOND = date(2025, 11, 25), date(2025, 12, 25)


@pytest.fixture
async def house(building: Building) -> House:
    """Return a postpaid room, opened at 1,450.0 kWh in the evening of the 11th, billed on 25ths."""
    return await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)


async def documents(building: Building, house: House) -> list[Invoice]:
    async with building.transactions.read() as unit:
        return list(reversed(await unit.invoices.of_lease(house.lease.id, limit=100)))


def the_reading(document: Invoice) -> Mapping[str, object]:
    """Return from where to where the one meter of a bill ran."""
    readings = document.facts["readings"]
    assert isinstance(readings, list)
    (reading,) = readings
    assert isinstance(reading, dict)
    return reading


async def a_month(building: Building, house: House, closing: str = "1789.5") -> Invoice:
    """Bill the first period at a close."""
    building.device(house).close((FIRST, closing))
    building.clock.set(at(26, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    return issued


async def test_a_closed_period_is_billed_from_the_close_of_its_day(
    building: Building, house: House
) -> None:
    issued = await a_month(building, house)
    assert issued.total_paise == 220_675
    assert issued.facts["consumption"] == "339.5"
    assert (issued.number, issued.due_on) == ("LA1/25-26/0001", date(2025, 12, 6))
    assert await building.balance(house) == -220_675
    assert await building.flaws() == 0


async def test_it_is_billed_once_however_often_the_job_runs(
    building: Building, house: House
) -> None:
    await a_month(building, house)
    for _ in range(4):
        assert (await building.invoicing.run()).lines == ()
    assert len(await documents(building, house)) == 1
    assert await building.balance(house) == -220_675


async def test_nothing_is_billed_before_the_day_is_over(building: Building, house: House) -> None:
    building.device(house).close((FIRST, "1789.5"))
    building.clock.set(at(25, "23:59"))
    assert (await building.invoicing.run()).lines == ()


async def test_a_bill_needs_no_device_that_answers(building: Building, house: House) -> None:
    building.device(house).is_online = False
    issued = await a_month(building, house)
    assert issued.total_paise == 220_675


async def test_the_next_period_opens_where_the_last_one_closed(
    building: Building, house: House
) -> None:
    await a_month(building, house)
    building.device(house).close((date(2025, 11, 30), "1800.0"), (SECOND, "1889.5"))
    building.clock.set(at(26, "02:00", month=12))
    (issued,) = (await building.invoicing.run()).issued
    reading = the_reading(issued)
    assert reading["from_value"] == "1789.500"
    assert reading["to_value"] == "1889.500"
    assert issued.total_paise == 65_000
    assert issued.before_paise == -220_675
    assert issued.number == "LA1/25-26/0002"


async def test_periods_that_were_missed_are_billed_one_by_one(
    building: Building, house: House
) -> None:
    building.device(house).close((FIRST, "1550.0"), (SECOND, "1650.0"))
    building.clock.set(at(28, month=12))
    report = await building.invoicing.run()
    assert [each.total_paise for each in report.issued] == [65_000, 65_000]
    assert [each.period.to_on for each in report.issued] == [FIRST, SECOND]


async def test_a_vendor_that_cannot_be_reached_keeps_the_bill_waiting(
    building: Building, house: House
) -> None:
    building.device(house).close((FIRST, "1789.5"))
    building.clock.set(at(26, "02:00"))
    trouble = GatewayUnavailable(code="timeout", detail="")
    building.gateway.fail("day_closes", house.device_id, trouble)
    report = await building.invoicing.run()
    assert (report.issued, report.waiting) == ((), 1)
    assert len((await building.invoicing.run()).issued) == 1


async def test_without_a_close_or_a_habit_staff_is_asked_for_a_reading(
    building: Building, house: House
) -> None:
    building.clock.set(at(26, "02:00"))
    for _ in range(2):
        assert (await building.invoicing.run()).waiting == 1
    (told,) = await building.notices(NoticeKind.INVOICE_WAITS, to=building.manager)
    assert told.facts["waits"] == "missing"
    assert await documents(building, house) == []


async def test_a_close_that_nobody_knows_is_estimated_and_trued_up(
    building: Building, house: House
) -> None:
    """Rule 3.7: over both periods it is what the actual readings come to."""
    building.device(house).close((date(2025, 11, 21), "1550.0"))
    building.clock.set(at(26, "02:00"))
    (first,) = (await building.invoicing.run()).issued
    reading = the_reading(first)
    assert reading["to_type"] == ReadingType.ESTIMATED.value
    building.device(house).close((SECOND, "1850.0"))
    building.clock.set(at(26, "02:00", month=12))
    (second,) = (await building.invoicing.run()).issued
    assert first.total_paise + second.total_paise == 400 * 650
    assert await building.balance(house) == -400 * 650


async def test_an_estimate_that_was_too_high_comes_back_as_a_credit_note(
    building: Building, house: House
) -> None:
    building.device(house).close((date(2025, 11, 21), "1550.0"))
    building.clock.set(at(26, "02:00"))
    (first,) = (await building.invoicing.run()).issued
    building.device(house).close((SECOND, "1560.0"))
    building.clock.set(at(26, "02:00", month=12))
    await building.invoicing.run()
    kinds = [each.kind for each in await documents(building, house)]
    assert kinds == [DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.INVOICE]
    note = (await documents(building, house))[1]
    assert note.corrects_id == first.id
    assert note.number == "LA1/25-26/C0001"
    assert sum(each.total_paise for each in await documents(building, house)) == 110 * 650
    assert await building.balance(house) == -110 * 650
    assert await building.flaws() == 0


async def test_use_that_corrections_only_move_about_in_a_period_makes_no_documents(
    building: Building, house: House
) -> None:
    """What a correction without a document has charged is taken back without one."""
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    cause = await building.cause()
    taken = []
    for day, value in ((15, "1500.0"), (20, "1600.0")):
        building.clock.set(at(day))
        new = NewReading(meter_id=house.meter.id, value=Decimal(value))
        taken.append((await entry.record(cause=cause, new=new)).reading)
    issued = await a_month(building, house)
    corrections = Corrections(building.transactions, building.clock, building.doorbell)
    for each in taken:
        right = each.point.value + 10
        await corrections.correct(cause=cause, reading_id=each.id, value=right)
    assert await documents(building, house) == [issued]
    assert [each.open_paise for each in (await building.book(house)).dues] == [220_675]
    assert await building.balance(house) == -220_675


async def test_nobody_gets_more_back_of_a_bill_than_it_comes_to(
    building: Building, house: House
) -> None:
    """A correction that goes beyond what an earlier one charged is for the bill before it."""
    first = await a_month(building, house)
    corrections = Corrections(building.transactions, building.clock, building.doorbell)
    cause = await building.cause()
    for value in ("1790.5", "1779.5"):
        async with building.transactions.read() as unit:
            last = await unit.metering.latest(house.meter.id)
        assert last is not None
        await corrections.correct(cause=cause, reading_id=last.id, value=Decimal(value))
    made = await documents(building, house)
    assert [each.total_paise for each in made] == [220_675, 650, -7_150]
    assert made[-1].corrects_id == first.id
    dues = (await building.book(house)).dues
    assert [each.charged_paise for each in dues] == [213_525, 650]


async def test_an_implausible_close_is_held_and_not_billed(
    building: Building, house: House
) -> None:
    building.device(house).close((FIRST, "9999.0"))
    building.clock.set(at(26, "02:00"))
    (line,) = (await building.invoicing.run()).lines
    assert line.problem == "held"
    (question,) = await building.notices(NoticeKind.READING_HELD, to=building.manager)
    reading_id = question.facts["reading_id"]
    assert isinstance(reading_id, int)
    await building.readings.judge(cause=await building.cause(), reading_id=reading_id, accept=True)
    (issued,) = (await building.invoicing.run()).issued
    assert issued.total_paise == 8549 * 650


async def test_payments_settle_the_oldest_bill_first(building: Building, house: House) -> None:
    """Rule 7.4."""
    building.device(house).close((FIRST, "1550.0"), (SECOND, "1650.0"))
    building.clock.set(at(28, month=12))
    await building.invoicing.run()
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=70_000,
        method=PaymentMethod.CASH,
    )
    dues = (await building.book(house)).dues
    assert [each.open_paise for each in dues] == [0, 60_000]
    today = date(2025, 12, 28)
    told = [each.status_on(today, total_paise=65_000) for each in dues]
    assert told == [InvoiceStatus.PAID, InvoiceStatus.PART_PAID]


async def test_what_is_not_billed_yet_is_not_due(building: Building, house: House) -> None:
    await a_month(building, house)
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=250_000,
        method=PaymentMethod.CASH,
    )
    (due,) = (await building.book(house)).dues
    assert due.open_paise == 0
    assert await building.balance(house) == 250_000 - 220_675


async def test_the_last_period_ends_with_the_lease(building: Building, house: House) -> None:
    async with building.transactions.begin() as unit:
        lease = await unit.leases.get(house.lease.id)
        assert lease is not None
        occupancy = replace(lease.occupancy, end_on=date(2025, 11, 21))
        await unit.leases.save(replace(lease, occupancy=occupancy))
    building.device(house).close((date(2025, 11, 20), "1500.0"), (FIRST, "1700.0"))
    building.clock.set(at(28))
    (issued,) = (await building.invoicing.run()).issued
    assert (issued.period.to_on, issued.total_paise) == (date(2025, 11, 20), 50 * 650)
    building.clock.advance(timedelta(days=60))
    assert (await building.invoicing.run()).lines == ()


class InvoiceUnknown(Exception):
    """What went wrong after a number was taken."""


async def a_number_is_taken_in_vain(building: Building) -> None:
    async with building.transactions.begin() as unit:
        await unit.invoices.next_serial(building.place.id, DocumentKind.INVOICE, 2025)
        raise InvoiceUnknown


async def test_numbers_have_no_gap_when_a_bill_fails(building: Building, house: House) -> None:
    """Rule 7.2: a number that was taken by a unit that failed is given again."""
    other = await building.let(
        "Room 303", mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0
    )
    building.device(house).close((FIRST, "1550.0"))
    building.device(other).close((FIRST, "1550.0"))
    with pytest.raises(InvoiceUnknown):
        await a_number_is_taken_in_vain(building)
    building.clock.set(at(26, "02:00"))
    issued = (await building.invoicing.run()).issued
    assert [each.serial for each in issued] == [1, 2]


async def test_tax_is_told_apart_and_adds_up(building: Building) -> None:
    version = TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(Slab(up_to=None, rate_paise=Decimal(650)),),
        taxes=(Tax(name="Duty", percent=Decimal(5)),),
    )
    house = await building.let(
        mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0, versions=[version]
    )
    issued = await a_month(building, house)
    assert (issued.net_paise, issued.tax_paise) == (220_675, 11_034)
    assert len(await building.entries(house, EntryKind.DEDUCTION)) == 1


async def test_checks_only_look_at_a_meter_that_is_billed_later(
    building: Building, house: House
) -> None:
    building.device(house).use("10")
    building.clock.set(at(15))
    (line,) = (await building.deductions.run()).lines
    assert (line.outcome, line.amount_paise) == (CheckOutcome.SEEN, 0)
    assert (await building.book(house)).meters[0].last_value == 1460
    assert await building.balance(house) == 0


async def test_what_the_old_device_showed_at_its_last_check_is_on_the_bill(
    building: Building, house: House
) -> None:
    """Rule 3.4: the use across a swap is the sum of both parts."""
    building.device(house).use("10")
    building.clock.set(at(15))
    await building.deductions.run()
    new = FakeDevice(energy_kwh=Decimal(5), udf1=house.meter.udf1)
    building.gateway.devices["dev-new"] = new
    async with building.transactions.begin() as unit:
        known = await unit.metering.device(house.device_id)
        assert known is not None
        await unit.metering.save_device(replace(known, id="dev-new"))
        found = Found(device_id="dev-new", energy_kwh=Decimal(5))
        await put_device(unit, house.meter, found, now=building.clock.now())
    new.close((FIRST, "25.0"))
    building.clock.set(at(26, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    assert issued.total_paise == (10 + 20) * 650


async def test_a_close_that_is_told_more_coarsely_than_a_reading_has_not_fallen(
    building: Building, house: House
) -> None:
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    building.clock.set(at(25, "23:50"))
    new = NewReading(meter_id=house.meter.id, value=Decimal("1789.56"))
    await entry.record(cause=await building.cause(), new=new)
    issued = await a_month(building, house, "1789.5")
    assert issued.total_paise == 220_714
    assert the_reading(issued)["to_value"] == "1789.56"
