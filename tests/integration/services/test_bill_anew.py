"""A bill that was taken back whole is billed anew, once. Rules 2.3, 3.8 and 7.2."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.invoice import DocumentKind, InvoiceStatus
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.domain.metering import Reading
from bot.domain.people import NotAllowed, Role
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion
from bot.services.adjustment import Adjustments
from bot.services.bill_anew import (
    AnewChanged,
    BilledAnewAlready,
    BillsAnew,
    BillStands,
)
from bot.services.bills import Bills, InvoiceUnknown, OpenedBill
from bot.services.cause import ButtonSpent
from bot.services.credit_note import CreditNotes
from bot.services.invoice_record import Invoice
from bot.services.reading_correction import Corrections
from bot.services.store import NoticeKind
from tests.building import Building, House, at, with_duty

WHY = "Wrong reading"
TOTAL_PAISE = 231_709


@pytest.fixture
async def house(building: Building) -> House:
    """Return a room with 5 % duty, billed on 25ths for 339.5 kWh at ₹6.50."""
    version = with_duty()
    return await building.let(
        mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0, versions=[version]
    )


async def billed(
    building: Building, house: House, *, month: int = 11, value: str = "1789.5"
) -> Invoice:
    """Return the bill of the period that closes on the 25th."""
    building.device(house).close((date(2025, month, 25), value))
    building.clock.set(at(26, "02:00", month=month))
    (issued,) = (await building.invoicing.run()).issued
    return issued


async def void(building: Building, bill: Invoice) -> None:
    """Take a bill back whole."""
    notes = CreditNotes(building.transactions, building.clock, building.doorbell)
    await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason=WHY)


def anew(building: Building) -> BillsAnew:
    return BillsAnew(building.transactions, building.clock, building.doorbell)


async def again(building: Building, bill: Invoice, total_paise: int = TOTAL_PAISE) -> Invoice:
    """Bill anew as the manager does."""
    cause = await building.cause()
    return await anew(building).bill(cause=cause, invoice_id=bill.id, total_paise=total_paise)


async def opened(building: Building, bill: Invoice) -> OpenedBill:
    bills = Bills(building.transactions, building.clock, None)
    return await bills.bill(actor=(await building.cause()).actor, invoice_id=bill.id)


async def test_the_readings_are_charged_again_and_billed(building: Building, house: House) -> None:
    bill = await billed(building, house)
    await void(building, bill)

    done = await again(building, bill)

    assert (done.kind, done.number) == (DocumentKind.INVOICE, "LA1/25-26/0002")
    assert (done.net_paise, done.tax_paise) == (bill.net_paise, bill.tax_paise)
    assert (done.period, done.facts["replaces"]) == (bill.period, bill.number)
    assert done.facts["readings"] == bill.facts["readings"]
    assert await building.balance(house) == -TOTAL_PAISE
    assert await building.flaws() == 0
    told = (await building.notices(NoticeKind.INVOICE, to=house.tenant))[-1]
    assert (told.facts["number"], told.facts["replaces"]) == (done.number, bill.number)
    action, facts = (await building.trail())[-1]
    assert (action, facts["anew"]) == ("bill.anew", done.number)


async def test_the_next_bill_begins_where_it_ended(building: Building, house: House) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    await again(building, bill)
    assert (await building.invoicing.run()).issued == ()
    second = await billed(building, house, month=12, value="1889.5")
    assert (second.net_paise, second.facts["consumption"]) == (65_000, "100")


async def test_a_bill_is_billed_anew_once(building: Building, house: House) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    done = await again(building, bill)
    with pytest.raises(BilledAnewAlready) as refused:
        await again(building, bill)
    assert refused.value.anew.number == done.number
    assert await building.balance(house) == -TOTAL_PAISE


async def test_two_managers_at_once_bill_once(building: Building, house: House) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    causes = [await building.cause(), await building.cause(building.owner)]
    done = await asyncio.gather(
        *(
            anew(building).bill(cause=each, invoice_id=bill.id, total_paise=TOTAL_PAISE)
            for each in causes
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, BilledAnewAlready) for each in done) == 1
    assert await building.balance(house) == -TOTAL_PAISE


async def test_a_button_bills_once(building: Building, house: House) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    for expected in (None, ButtonSpent):
        cause = await building.cause(nonce="n1")
        act = anew(building).bill(cause=cause, invoice_id=bill.id, total_paise=TOTAL_PAISE)
        if expected is None:
            await act
        else:
            with pytest.raises(expected):
                await act


async def test_what_was_billed_anew_can_be_taken_back_and_billed_anew(
    building: Building, house: House
) -> None:
    bill = await billed(building, house)
    for _ in range(3):
        await void(building, bill)
        assert await building.balance(house) == 0
        bill = await again(building, bill)
        assert await building.balance(house) == -TOTAL_PAISE
    assert bill.number == "LA1/25-26/0004"
    assert await building.flaws() == 0


async def test_only_what_was_taken_back_whole_is_billed_anew(
    building: Building, house: House
) -> None:
    bill = await billed(building, house)
    with pytest.raises(BillStands):
        await again(building, bill)
    notes = CreditNotes(building.transactions, building.clock, building.doorbell)
    cause = await building.cause()
    await notes.issue(cause=cause, invoice_id=bill.id, reason=WHY, amount_paise=10_000)
    with pytest.raises(BillStands):
        await again(building, bill)


async def test_a_preview_says_what_it_would_come_to_and_writes_nothing(
    building: Building, house: House
) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    trail = await building.trail()
    actor = (await building.cause()).actor
    for _ in range(2):
        seen = await anew(building).preview(actor=actor, invoice_id=bill.id)
        assert (seen.anew.total_paise, seen.anew.number) == (TOTAL_PAISE, "LA1/25-26/0002")
        assert (seen.book.balance_paise, seen.anew.balance_after_paise) == (0, -TOTAL_PAISE)
    assert await building.balance(house) == 0
    assert await building.trail() == trail


async def test_another_amount_than_the_one_shown_is_not_billed(
    building: Building, house: House
) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    with pytest.raises(AnewChanged):
        await again(building, bill, TOTAL_PAISE - 1)
    assert await building.balance(house) == 0


async def test_a_tenant_and_an_accountant_bill_nothing_anew(
    building: Building, house: House
) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    cause = await building.cause(house.tenant)
    with pytest.raises(InvoiceUnknown):
        await anew(building).preview(actor=cause.actor, invoice_id=bill.id)
    async with building.transactions.begin() as unit:
        await unit.people.grant(
            person_id=house.tenant.id, place_id=building.place.id, role=Role.ACCOUNTANT
        )
    cause = await building.cause(house.tenant)
    with pytest.raises(NotAllowed):
        await anew(building).bill(cause=cause, invoice_id=bill.id, total_paise=TOTAL_PAISE)


async def closing(building: Building, house: House) -> Reading:
    """Return the reading that the bill closed with."""
    async with building.transactions.read() as unit:
        (last,) = await unit.chains.taken_before(house.meter.id, at(26), limit=1)
    return last


async def test_a_reading_that_was_corrected_since_is_what_counts(
    building: Building, house: House
) -> None:
    bill = await billed(building, house)
    await void(building, bill)
    corrections = Corrections(building.transactions, building.clock, building.doorbell)
    wrong = await closing(building, house)
    await corrections.correct(
        cause=await building.cause(), reading_id=wrong.id, value=Decimal("1689.5"), reason=WHY
    )
    total_paise = 155_675 + 7_784
    done = await again(building, bill, total_paise)
    assert (done.net_paise, done.facts["consumption"]) == (155_675, "239.5")
    assert await building.balance(house) == -total_paise
    second = await billed(building, house, month=12, value="1789.5")
    assert second.facts["consumption"] == "100"
    assert await building.balance(house) == -total_paise - 68_250
    assert await building.flaws() == 0


async def test_a_charge_by_hand_is_put_back_as_it_was(building: Building, house: House) -> None:
    adjustments = Adjustments(building.transactions, building.clock, building.doorbell)
    await adjustments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=-20_000,
        reason="Lost key",
    )
    bill = await billed(building, house)
    await void(building, bill)
    assert await building.balance(house) == 0
    done = await again(building, bill, TOTAL_PAISE + 20_000)
    assert done.facts["lines"] == bill.facts["lines"]
    copy = (await building.entries(house, EntryKind.ADJUSTMENT))[-1]
    await building.payments.reverse(
        cause=await building.cause(), entry_id=copy.id, reason="It was found"
    )
    assert await building.balance(house) == -TOTAL_PAISE
    assert await building.flaws() == 0


async def test_days_of_a_standing_charge_are_charged_once(building: Building) -> None:
    version = TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(
            Slab(up_to=Decimal(100), rate_paise=Decimal(500)),
            Slab(up_to=None, rate_paise=Decimal(800)),
        ),
        standing=StandingCharge(amount_paise=1_000, per=StandingPer.DAY),
    )
    terms = {"mode": BillingMode.POSTPAID, "billing_day": 25, "balance_paise": 0}
    kept = await building.let(versions=[version], **terms)  # type: ignore[arg-type]
    house = await building.let("Room 303", versions=[version], **terms)  # type: ignore[arg-type]
    building.device(kept).close((date(2025, 11, 25), "1789.5"), (date(2025, 12, 25), "1889.5"))
    building.device(house).close((date(2025, 11, 25), "1789.5"), (date(2025, 12, 25), "1889.5"))
    building.clock.set(at(26, "02:00"))
    first = next(
        each for each in (await building.invoicing.run()).issued if each.lease_id == house.lease.id
    )
    await void(building, first)
    building.clock.set(at(26, "02:00", month=12))
    assert len((await building.invoicing.run()).issued) == 2

    seen = await anew(building).preview(actor=(await building.cause()).actor, invoice_id=first.id)
    await again(building, first, seen.anew.total_paise)

    assert await building.balance(house) == await building.balance(kept)
    assert await building.flaws() == 0


async def test_the_card_of_the_bill_offers_it_and_then_names_what_took_its_place(
    building: Building, house: House
) -> None:
    bill = await billed(building, house)
    assert not (await opened(building, bill)).may_bill_anew
    await void(building, bill)
    card = await opened(building, bill)
    assert (card.may_bill_anew, card.bill.status) == (True, InvoiceStatus.CREDITED)
    done = await again(building, bill)
    card = await opened(building, bill)
    assert not card.may_bill_anew
    assert card.anew is not None
    assert card.anew.number == done.number
