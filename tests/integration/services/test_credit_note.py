"""Bills are taken back by credit notes, whole or in part. Rules 2.2 and 7.2."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.invoice import DocumentKind, InvoiceStatus
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.domain.people import NotAllowed, Role
from bot.domain.service_kind import ServiceKind
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion
from bot.services.adjustment import Adjustments
from bot.services.bills import BillFilter, Bills, InvoiceUnknown
from bot.services.cause import ButtonSpent
from bot.services.credit_note import CreditNotes, MoreThanLeft
from bot.services.invoice_record import Invoice
from bot.services.payment import AmountNotPositive, EntryUnknown
from bot.services.reading_correction import Corrections
from bot.services.report import Reports
from bot.services.store import NoticeKind
from tests.building import Building, House, at, with_duty

CLOSES_ON = date(2025, 11, 25)
WHY = "Wrong reading"


@pytest.fixture
async def house(building: Building) -> House:
    """Return a room with 5 % duty, billed on 25ths for 339.5 kWh at ₹6.50."""
    version = with_duty()
    return await building.let(
        mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0, versions=[version]
    )


@pytest.fixture
async def bill(building: Building, house: House) -> Invoice:
    """Return the first bill of the room: ₹2,206.75 and ₹110.34 of duty."""
    building.device(house).close((CLOSES_ON, "1789.5"))
    building.clock.set(at(26, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    return issued


@pytest.fixture
def notes(building: Building) -> CreditNotes:
    """Return the use case."""
    return CreditNotes(building.transactions, building.clock, building.doorbell)


def bills_of(building: Building) -> Bills:
    return Bills(building.transactions, building.clock, None)


async def test_a_whole_bill_is_taken_back_entry_by_entry(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    note = await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason=WHY)
    assert (note.kind, note.number) == (DocumentKind.CREDIT_NOTE, "LA1/25-26/C0001")
    assert (note.net_paise, note.tax_paise) == (-220_675, -11_034)
    assert note.corrects_id == bill.id
    assert await building.balance(house) == 0
    assert len(await building.entries(house, EntryKind.REVERSAL)) == 1
    assert await building.flaws() == 0


async def test_the_tenant_reads_of_it(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason=WHY)
    told = (await building.notices(NoticeKind.INVOICE, to=house.tenant))[-1]
    assert told.facts["document"] == "credit_note"
    assert (told.facts["corrects"], told.facts["reason"]) == (bill.number, WHY)


async def test_the_statement_tells_which_entries_are_on_which_document(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    cause = await building.cause()
    note = await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY)
    reports = Reports(building.transactions, building.gateway, building.clock)
    page = await reports.statement(actor=cause.actor, lease_id=house.lease.id)
    numbers = {each.id: page.documents[each.id].number for each in page.entries[:-1]}
    back, charge, opening = page.entries
    assert numbers == {back.id: note.number, charge.id: bill.number}
    assert opening.id not in page.documents
    opened = await reports.entry(actor=cause.actor, entry_id=back.id)
    assert opened.document is not None
    assert opened.document.facts["corrects"] == bill.number


async def test_a_period_that_was_taken_back_is_not_billed_again(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason=WHY)
    assert (await building.invoicing.run()).issued == ()
    building.device(house).close((date(2025, 12, 25), "1889.5"))
    building.clock.set(at(26, "02:00", month=12))
    (second,) = (await building.invoicing.run()).issued
    assert second.net_paise == 65_000
    assert second.facts["consumption"] == "100"


async def test_what_is_used_later_in_the_month_costs_what_it_costs_anyway(
    building: Building, notes: CreditNotes
) -> None:
    """Rule 4.2: neither the slabs nor the days of a bill that was taken back are there again."""
    version = TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(
            Slab(up_to=Decimal(100), rate_paise=Decimal(100)),
            Slab(up_to=None, rate_paise=Decimal(200)),
        ),
        standing=StandingCharge(amount_paise=1000, per=StandingPer.DAY),
    )
    house = await building.let(
        mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0, versions=[version]
    )
    building.device(house).close((CLOSES_ON, "1550.0"))
    building.clock.set(at(26, "02:00"))
    (first,) = (await building.invoicing.run()).issued
    assert first.total_paise == 100 * 100 + 25 * 1000
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=first.id, reason=WHY)
    building.device(house).close((date(2025, 11, 30), "1560.0"), (date(2025, 12, 25), "1560.0"))
    building.clock.set(at(26, "02:00", month=12))
    (second,) = (await building.invoicing.run()).issued
    assert second.total_paise == 10 * 200 + 30 * 1000


async def test_a_corrected_reading_charges_the_use_of_it_once(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    """Rule 3.8: what was taken back is charged again, and is in its month once."""
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY)
    async with building.transactions.read() as unit:
        closing = await unit.metering.latest(house.meter.id)
    assert closing is not None
    corrections = Corrections(building.transactions, building.clock, building.doorbell)
    await corrections.correct(cause=cause, reading_id=closing.id, value=Decimal("1689.5"))
    assert await building.balance(house) == -(155_675 + 7_784)
    month = (await building.book(house)).month(date(2025, 11, 1), ServiceKind.ELECTRICITY)
    assert sum(month.used.values()) == Decimal("239.5")
    assert await building.flaws() == 0


async def test_part_of_it_takes_its_share_of_the_taxes(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    cause = await building.cause()
    note = await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=100_000)
    assert (note.net_paise, note.tax_paise) == (-95_238, -4_762)
    assert await building.balance(house) == 100_000 - 231_709
    assert await building.flaws() == 0


async def test_part_of_what_a_correction_left_takes_no_tax_where_none_is_left(
    building: Building, notes: CreditNotes
) -> None:
    standing = StandingCharge(amount_paise=1000, per=StandingPer.DAY)
    version = replace(with_duty(), standing=standing)
    house = await building.let(
        mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0, versions=[version]
    )
    building.device(house).close((CLOSES_ON, "1789.5"))
    building.clock.set(at(26, "02:00"))
    (first,) = (await building.invoicing.run()).issued
    cause = await building.cause()
    async with building.transactions.read() as unit:
        closing = await unit.metering.latest(house.meter.id)
    assert closing is not None
    corrections = Corrections(building.transactions, building.clock, building.doorbell)
    await corrections.correct(cause=cause, reading_id=closing.id, value=Decimal(1450))
    assert await building.balance(house) == -25_000
    note = await notes.issue(cause=cause, invoice_id=first.id, reason=WHY, amount_paise=10_000)
    assert note.tax_paise == 0
    assert await building.flaws() == 0


async def test_the_taxes_of_small_parts_come_to_the_tax_of_the_bill(
    building: Building, notes: CreditNotes
) -> None:
    """Rule 1.4: rounding never accumulates."""
    version = with_duty("100", percent=25)
    house = await building.let(
        mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0, versions=[version]
    )
    building.device(house).close((CLOSES_ON, "1450.1"))
    building.clock.set(at(26, "02:00"))
    (first,) = (await building.invoicing.run()).issued
    assert (first.total_paise, first.tax_paise) == (13, 3)
    cause = await building.cause()
    given = [
        await notes.issue(cause=cause, invoice_id=first.id, reason=WHY, amount_paise=2)
        for _ in range(6)
    ]
    given.append(await notes.issue(cause=cause, invoice_id=first.id, reason=WHY))
    assert sum(each.tax_paise for each in given) == -3


async def test_the_whole_after_a_part_is_exactly_the_rest(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=33_333)
    rest = await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY)
    assert rest.total_paise == -(231_709 - 33_333)
    assert await building.balance(house) == 0
    opened = await bills_of(building).bill(actor=cause.actor, invoice_id=bill.id)
    assert opened.bill.status is InvoiceStatus.CREDITED
    assert sum(each.tax_paise for each in opened.credit_notes) == -11_034
    assert not opened.may_credit


@pytest.mark.parametrize("paise", [231_710, 10**9])
async def test_nobody_gets_more_back_than_the_bill_comes_to(
    building: Building, bill: Invoice, notes: CreditNotes, paise: int
) -> None:
    cause = await building.cause()
    with pytest.raises(MoreThanLeft) as refused:
        await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=paise)
    assert refused.value.left_paise == 231_709
    with pytest.raises(AmountNotPositive):
        await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=0)


async def test_what_is_gone_cannot_be_taken_back_again(
    building: Building, bill: Invoice, notes: CreditNotes
) -> None:
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY)
    with pytest.raises(MoreThanLeft):
        await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY)


async def test_two_taps_make_one_credit_note(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    causes = [await building.cause(nonce="n1"), await building.cause(nonce="n1")]
    done = await asyncio.gather(
        *(
            notes.issue(cause=each, invoice_id=bill.id, reason=WHY, amount_paise=50_000)
            for each in causes
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, ButtonSpent) for each in done) == 1
    assert await building.balance(house) == 50_000 - 231_709


async def test_two_managers_at_once_take_no_more_than_there_is(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    causes = [await building.cause(), await building.cause(building.owner)]
    done = await asyncio.gather(
        *(notes.issue(cause=each, invoice_id=bill.id, reason=WHY) for each in causes),
        return_exceptions=True,
    )
    assert sum(isinstance(each, MoreThanLeft) for each in done) == 1
    assert await building.balance(house) == 0


async def test_who_may_only_take_payments_takes_no_bill_back(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    async with building.transactions.begin() as unit:
        await unit.people.grant(
            person_id=house.tenant.id, place_id=building.place.id, role=Role.ACCOUNTANT
        )
    with pytest.raises(NotAllowed):
        await notes.issue(cause=await building.cause(house.tenant), invoice_id=bill.id, reason=WHY)


async def test_a_tenant_takes_nothing_back(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    with pytest.raises(InvoiceUnknown):
        await notes.issue(cause=await building.cause(house.tenant), invoice_id=bill.id, reason=WHY)


async def test_a_credit_note_is_no_adjustment_that_is_taken_back(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=10_000)
    (entry,) = await building.entries(house, EntryKind.ADJUSTMENT)
    with pytest.raises(EntryUnknown):
        await building.payments.reverse(cause=cause, entry_id=entry.id, reason="oops")


async def test_the_trail_keeps_who_took_what_back(
    building: Building, bill: Invoice, notes: CreditNotes
) -> None:
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=10_000)
    action, facts = (await building.trail())[-1]
    assert action == "credit_note"
    assert (facts["invoice"], facts["amount_paise"]) == (bill.number, 10_000)


async def test_a_preview_writes_nothing(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    actor = (await building.cause()).actor
    seen = await notes.preview(actor=actor, invoice_id=bill.id)
    assert (seen.amount_paise, seen.after_paise, seen.is_whole) == (231_709, 0, True)
    assert await building.balance(house) == -231_709


@pytest.mark.parametrize("is_corrected", [False, True])
async def test_a_preview_promises_a_bill_anew_where_the_card_then_has_it(
    building: Building, house: House, bill: Invoice, notes: CreditNotes, *, is_corrected: bool
) -> None:
    cause = await building.cause()
    if is_corrected:
        # The favour covers what the correction gives back, and the new charge is on no bill yet.
        await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=100_000)
        async with building.transactions.read() as unit:
            closing = await unit.metering.latest(house.meter.id)
        assert closing is not None
        corrections = Corrections(building.transactions, building.clock, building.doorbell)
        await corrections.correct(cause=cause, reading_id=closing.id, value=Decimal("1739.5"))
    seen = await notes.preview(actor=cause.actor, invoice_id=bill.id)
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY)
    opened = await bills_of(building).bill(actor=cause.actor, invoice_id=bill.id)
    assert seen.is_whole
    assert seen.may_bill_anew is opened.may_bill_anew is not is_corrected


async def test_a_list_says_what_became_of_each(
    building: Building, house: House, bill: Invoice, notes: CreditNotes
) -> None:
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=10_000)
    page = await bills_of(building).of_place(actor=cause.actor, place_id=building.place.id)
    assert [each.status for each in page.bills] == [None, InvoiceStatus.OPEN]
    assert page.open_paise == 221_709


async def test_a_filter_leaves_what_is_open_or_overdue(
    building: Building, house: House, bill: Invoice
) -> None:
    actor, bills = (await building.cause()).actor, bills_of(building)

    async def found(only: BillFilter) -> list[int]:
        page = await bills.of_place(actor=actor, place_id=building.place.id, only=only)
        return [each.document.id for each in page.bills]

    assert await found(BillFilter.OPEN) == [bill.id]
    assert await found(BillFilter.OVERDUE) == []
    building.clock.set(at(7, month=12))
    assert await found(BillFilter.OVERDUE) == [bill.id]


async def test_another_tenant_learns_nothing_of_a_bill(
    building: Building, house: House, bill: Invoice
) -> None:
    other = await building.let("Room 303", balance_paise=0)
    actor = (await building.cause(other.tenant)).actor
    with pytest.raises(InvoiceUnknown):
        await bills_of(building).bill(actor=actor, invoice_id=bill.id)
    with pytest.raises(InvoiceUnknown):
        await bills_of(building).paper(actor=actor, invoice_id=bill.id)


async def test_a_charge_by_hand_that_is_taken_back_comes_off_the_bill_that_asks_for_it(
    building: Building, house: House
) -> None:
    adjustments = Adjustments(building.transactions, building.clock, building.doorbell)
    charged = await adjustments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=-20_000,
        reason="Lost key",
    )
    building.device(house).close((CLOSES_ON, "1450"))
    building.clock.set(at(26, "02:00"))
    (bill,) = (await building.invoicing.run()).issued
    assert bill.total_paise == 20_000

    await building.payments.reverse(
        cause=await building.cause(), entry_id=charged.entry.id, reason="It was found"
    )

    assert await building.balance(house) == 0
    (due,) = (await building.book(house)).dues
    assert (due.charged_paise, due.open_paise) == (0, 0)
    async with building.transactions.read() as unit:
        (note,) = await unit.invoices.correcting(bill.id)
    assert (note.total_paise, note.facts["reason"]) == (-20_000, "It was found")
    assert await building.flaws() == 0
