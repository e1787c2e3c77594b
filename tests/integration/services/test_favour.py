"""What was given back of a charge counts once when the charge is corrected. Rules 3.8 and 10.4."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.dispute import Dispute, DisputedTooMuch, ItemKind, StepKind
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import AccountKind, EntryKind
from bot.domain.tariff import Slab, TariffVersion, Tax
from bot.services.adjustment import Adjustments
from bot.services.bill_anew import BillsAnew
from bot.services.credit_note import CreditNotes, MoreThanLeft
from bot.services.dispute import Disputes
from bot.services.invoice_record import Invoice
from bot.services.payment import EntryUnknown
from bot.services.preview import Previews
from bot.services.reading_correction import Corrected
from bot.services.store import BookedEntry, NoticeKind
from tests.building import Building, House, at
from tests.commons import allocations, shared_meter, wish
from tests.integration.services.test_reading_correction import correct, corrections
from tests.integration.services.test_reading_entry import read

TAXED = TariffVersion(
    id=0,
    from_on=date(2025, 1, 1),
    slabs=(Slab(up_to=None, rate_paise=Decimal(650)),),
    taxes=(Tax(name="Duty", percent=Decimal(5)),),
)


def disputes(building: Building) -> Disputes:
    return Disputes(building.transactions, building.clock, building.doorbell)


def notes(building: Building) -> CreditNotes:
    return CreditNotes(building.transactions, building.clock, building.doorbell)


async def ask(
    building: Building,
    house: House,
    kind: ItemKind,
    item_id: int,
    amount_paise: int | None = None,
) -> Dispute:
    building.clock.advance(timedelta(minutes=1))
    return await disputes(building).open(
        cause=await building.cause(house.tenant),
        kind=kind,
        item_id=item_id,
        words="I was away",
        amount_paise=amount_paise,
    )


async def settle(building: Building, asked: Dispute, paise: int | None = None) -> Dispute:
    building.clock.advance(timedelta(minutes=1))
    return await disputes(building).decide(
        cause=await building.cause(),
        dispute_id=asked.id,
        verdict=StepKind.UPHELD if paise is None else StepKind.PARTLY,
        reason="You are right",
        amount_paise=paise,
    )


async def give(
    building: Building, house: House, entry: BookedEntry, paise: int | None = None
) -> Dispute:
    """Uphold a question about a charge, whole or in part."""
    return await settle(building, await ask(building, house, ItemKind.ENTRY, entry.id), paise)


async def charges(building: Building, house: House) -> list[BookedEntry]:
    """Return the charges that nobody has taken back."""
    entries = await building.entries(house)
    gone = {each.reverses_id for each in entries}
    return [x for x in entries if x.kind is EntryKind.DEDUCTION and x.id not in gone]


async def fix(building: Building, house: House, value: str, at_: datetime) -> Corrected:
    """Correct what was read at an instant, first looking at the preview, which tells the truth."""
    async with building.transactions.read() as unit:
        (installed,) = await unit.chains.installations(house.meter.id)
        wrong = await unit.chains.at(installed.id, at_)
    assert wrong is not None
    shown = await corrections(building).preview(
        actor=(await building.cause()).actor, reading_id=wrong.id, value=Decimal(value)
    )
    before_paise = await building.balance(house)
    done = await correct(building, wrong.id, value)
    assert shown.plan is not None
    assert await building.balance(house) == before_paise + shown.plan.change_paise
    assert await building.flaws() == 0
    return done


@pytest.fixture
async def house(building: Building) -> House:
    """Return a room with ₹3,000 that used 31.8 kWh by the 12th, it is said: ₹206.70."""
    found = await building.let()
    await read(building, found, "1481.8", at(12))
    return found


async def the_charge(building: Building, house: House) -> BookedEntry:
    return (await charges(building, house))[0]


async def test_a_correction_gives_no_more_than_what_was_given_before(
    building: Building, house: House
) -> None:
    dispute = await give(building, house, await the_charge(building, house))
    assert await building.balance(house) == 300_000

    await fix(building, house, "1461.8", at(12))

    assert await building.balance(house) == 300_000
    given, counted = await building.entries(house, EntryKind.ADJUSTMENT)
    assert (given.tenant_paise, counted.tenant_paise) == (20_670, -13_000)
    assert (counted.why["favour"], counted.why["dispute"]) == (given.id, dispute.number)
    assert counted.reason == "misread"


async def test_a_correction_adds_what_is_more_than_the_part_that_was_given(
    building: Building, house: House
) -> None:
    await give(building, house, await the_charge(building, house), 5_000)
    await fix(building, house, "1461.8", at(12))
    assert await building.balance(house) == 300_000 - 7_670


async def test_a_favour_stands_when_the_charge_rises(building: Building, house: House) -> None:
    await give(building, house, await the_charge(building, house))
    await fix(building, house, "1491.8", at(12))
    assert await building.balance(house) == 300_000 - 27_170 + 20_670
    assert len(await building.entries(house, EntryKind.ADJUSTMENT)) == 1


async def test_a_second_correction_counts_only_what_is_left(
    building: Building, house: House
) -> None:
    await give(building, house, await the_charge(building, house))
    await fix(building, house, "1461.8", at(12))
    await fix(building, house, "1456", at(12))
    assert await building.balance(house) == 300_000
    counted = (await building.entries(house, EntryKind.ADJUSTMENT))[1:]
    assert [each.tenant_paise for each in counted] == [-13_000, -3_770]


async def test_corrected_and_back_is_as_if_nothing_had_been(
    building: Building, house: House
) -> None:
    await give(building, house, await the_charge(building, house), 15_000)
    for value in ("1461.8", "1491.8", "1451", "1481.8"):
        await fix(building, house, value, at(12))
    assert await building.balance(house) == 300_000 - 5_670
    raised = await fix(building, house, "1490", at(12))
    assert raised.recharged is not None
    assert raised.recharged.plan.counted_paise == 0


async def test_the_next_day_pays_for_what_moves_into_it(building: Building, house: House) -> None:
    await read(building, house, "1490", at(13))
    await give(building, house, await the_charge(building, house))
    await fix(building, house, "1461.8", at(12))
    assert [each.tenant_paise for each in await charges(building, house)] == [-7_670, -18_330]
    assert await building.balance(house) == 300_000 - 18_330


async def test_a_question_about_a_reading_counts_for_what_was_charged_on_it(
    building: Building, house: House
) -> None:
    reading_id = (await the_charge(building, house)).why["reading_to"]
    assert isinstance(reading_id, int)
    await settle(building, await ask(building, house, ItemKind.READING, reading_id))
    await fix(building, house, "1461.8", at(12))
    assert await building.balance(house) == 300_000


async def test_a_favour_goes_with_both_parts_of_a_charge_that_was_cut(
    building: Building,
) -> None:
    house = await building.let()
    await read(building, house, "1490", at(14))
    await give(building, house, await the_charge(building, house))
    await read(building, house, "1470", at(13))
    assert await building.balance(house) == 300_000
    await fix(building, house, "1480", at(14))
    assert await building.balance(house) == 300_000
    await fix(building, house, "1460", at(13))
    assert await building.balance(house) == 300_000
    again = (await charges(building, house))[1]
    with pytest.raises(DisputedTooMuch):
        await ask(building, house, ItemKind.ENTRY, again.id, 1)


async def test_the_tax_in_a_favour_comes_back_to_the_paisa(building: Building) -> None:
    house = await building.let(versions=[TAXED])
    await read(building, house, "1481.8", at(12))
    await give(building, house, await the_charge(building, house), 5_000)
    for value in ("1477", "1461.8"):
        await fix(building, house, value, at(12))
    tax_paise = 0
    async with building.transactions.read() as unit:
        for each in await building.entries(house):
            whole = await unit.ledger.whole(each.id)
            assert whole is not None
            taxes = (x for x in whole.postings if x.account is AccountKind.TAX_PAYABLE)
            tax_paise += sum(x.amount_paise for x in taxes)
    assert tax_paise == 384
    assert await building.balance(house) == 300_000 - 7_670 - 384


async def test_what_is_charged_now_can_be_questioned_up_to_what_is_paid_for_it(
    building: Building, house: House
) -> None:
    await give(building, house, await the_charge(building, house), 18_000)
    await fix(building, house, "1471.8", at(12))
    new = await the_charge(building, house)
    assert (new.tenant_paise, await building.balance(house)) == (-14_170, 300_000 - 2_670)
    with pytest.raises(DisputedTooMuch) as refused:
        await ask(building, house, ItemKind.ENTRY, new.id, 2_671)
    assert refused.value.most_paise == 2_670
    await give(building, house, new)
    assert await building.balance(house) == 300_000
    await fix(building, house, "1461.8", at(12))
    assert await building.balance(house) == 300_000


@pytest.mark.parametrize(
    ("asked", "corrected", "given"),
    [(None, "1461.8", 7_670), (5_000, "1461.8", 0), (15_000, "1471.8", 8_500), (None, "1450", 0)],
)
async def test_a_question_gives_back_what_a_correction_meanwhile_did_not(
    building: Building, house: House, asked: int | None, corrected: str, given: int
) -> None:
    entry = await the_charge(building, house)
    opened = await ask(building, house, ItemKind.ENTRY, entry.id, asked)
    await fix(building, house, corrected, at(12))
    before_paise = await building.balance(house)
    settled = await settle(building, opened)
    assert settled.credited_paise == given
    assert await building.balance(house) == before_paise + given
    await fix(building, house, "1481.8", at(12))
    assert await building.balance(house) == 300_000 - 20_670 + given


async def test_what_counts_of_a_favour_is_not_taken_back_by_hand_but_the_favour_is(
    building: Building, house: House
) -> None:
    await give(building, house, await the_charge(building, house))
    await fix(building, house, "1461.8", at(12))
    given, counted = await building.entries(house, EntryKind.ADJUSTMENT)
    cause = await building.cause()
    with pytest.raises(EntryUnknown):
        await building.payments.reverse(cause=cause, entry_id=counted.id, reason="oops")
    previews = Previews(building.transactions, building.clock)
    shown = await previews.reversal(actor=cause.actor, entry_id=given.id)
    done = await building.payments.reverse(cause=cause, entry_id=given.id, reason="oops")
    assert await building.balance(house) == 300_000 - 7_670
    assert shown.after_paise == done.after_paise == 300_000 - 7_670
    assert await building.flaws() == 0


async def test_a_charge_by_hand_that_was_given_back_is_not_given_back_again(
    building: Building, house: House
) -> None:
    adjustments = Adjustments(building.transactions, building.clock, building.doorbell)
    charged = await adjustments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=-20_000,
        reason="Lost key",
    )
    await give(building, house, charged.entry, 12_000)
    await building.payments.reverse(
        cause=await building.cause(), entry_id=charged.entry.id, reason="It was found"
    )
    assert await building.balance(house) == 300_000 - 20_670
    assert await building.flaws() == 0


# --- bills -----------------------------------------------------------------------------


@pytest.fixture
async def billed(building: Building) -> House:
    """Return a room with duty that was read twice, and billed for 339.5 kWh: ₹2,317.09."""
    house = await building.let(
        mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0, versions=[TAXED]
    )
    await read(building, house, "1481.8", at(12))
    building.device(house).close((date(2025, 11, 25), "1789.5"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    return house


async def documents(building: Building, house: House) -> list[Invoice]:
    async with building.transactions.read() as unit:
        return list(reversed(await unit.invoices.of_lease(house.lease.id)))


async def charged_paise(building: Building, house: House) -> int:
    """Return what the first bill comes to after its credit notes."""
    async with building.transactions.read() as unit:
        return (await unit.invoices.dues([house.lease.id]))[house.lease.id][0].charged_paise


async def credited(building: Building, house: House, paise: int | None) -> Invoice:
    building.clock.advance(timedelta(minutes=1))
    bill = (await documents(building, house))[0]
    return await notes(building).issue(
        cause=await building.cause(), invoice_id=bill.id, reason="Goodwill", amount_paise=paise
    )


LAST = at(25) + timedelta(minutes=1)
"""When the period that was billed closed."""


async def test_a_credit_note_counts_towards_a_correction_of_its_bill(
    building: Building, billed: House
) -> None:
    given = await credited(building, billed, 5_000)
    await fix(building, billed, "1769.5", LAST)
    note = (await documents(building, billed))[-1]
    assert (note.kind, note.total_paise) == (DocumentKind.CREDIT_NOTE, -(13_650 - 5_000))
    assert await charged_paise(building, billed) == 231_709 - 13_650
    assert await building.balance(billed) == -(231_709 - 13_650)
    lines = note.facts["lines"]
    assert isinstance(lines, list)
    assert [(x["name"], x["amount_paise"]) for x in lines if x["kind"] == "favour"] == [
        (given.number, 4_762)
    ]
    assert note.tax_paise == -650 + 238


async def test_a_correction_that_was_given_before_goes_on_the_next_bill(
    building: Building, billed: House
) -> None:
    bill = (await documents(building, billed))[0]
    asked = await ask(building, billed, ItemKind.INVOICE, bill.id, 20_000)
    await settle(building, asked)
    await fix(building, billed, "1769.5", LAST)
    assert len(await documents(building, billed)) == 2
    assert await building.balance(billed) == -(231_709 - 20_000)
    building.device(billed).close((date(2025, 12, 25), "1769.5"))
    building.clock.set(at(26, "02:00", month=12))
    (second,) = (await building.invoicing.run()).issued
    assert second.total_paise == 0
    assert second.owed_paise == 231_709 - 20_000


async def test_a_question_about_a_billed_charge_counts_for_that_charge_alone(
    building: Building, billed: House
) -> None:
    first, last = await charges(building, billed)
    await give(building, billed, first, 8_000)
    await fix(building, billed, "1769.5", LAST)
    assert await building.balance(billed) == -(231_709 - 8_000 - 13_650)
    assert last.tenant_paise == -210_005
    await fix(building, billed, "1471.8", at(12))
    assert await building.balance(billed) == -(231_709 - 8_000 - 13_650) - 6_825


async def test_a_bill_that_was_given_back_whole_stays_so_through_a_correction(
    building: Building, billed: House
) -> None:
    bill = (await documents(building, billed))[0]
    await settle(building, await ask(building, billed, ItemKind.INVOICE, bill.id))
    assert (await building.balance(billed), await charged_paise(building, billed)) == (0, 0)
    await fix(building, billed, "1769.5", LAST)
    assert await building.balance(billed) == 0
    await fix(building, billed, "1799.5", LAST)
    assert await building.balance(billed) == -6_825


async def test_a_question_about_a_bill_sees_what_a_correction_gave_back(
    building: Building, billed: House
) -> None:
    bill = (await documents(building, billed))[0]
    asked = await ask(building, billed, ItemKind.INVOICE, bill.id, 20_000)
    await fix(building, billed, "1769.5", LAST)
    assert (await settle(building, asked)).credited_paise == 20_000 - 13_650
    assert await building.balance(billed) == -(231_709 - 20_000)


async def test_two_favours_for_one_charge_count_no_paisa_twice(
    building: Building, billed: House
) -> None:
    first, _ = await charges(building, billed)
    await credited(building, billed, 10_000)
    await give(building, billed, first, 5_000)
    await fix(building, billed, "1471.8", at(12))  # 6,825 less of the first, more of the other
    assert await building.balance(billed) == -(231_709 - 15_000) - 5_000
    await fix(building, billed, "1479.5", LAST)
    assert await building.balance(billed) == -(231_709 - 211_575)


async def test_a_bill_taken_back_whole_gives_nothing_twice(building: Building) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    await read(building, house, "1481.8", at(12))
    await give(building, house, await the_charge(building, house))
    building.device(house).close((date(2025, 11, 25), "1489.5"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    with pytest.raises(MoreThanLeft):
        await credited(building, house, 5_006)
    note = await credited(building, house, None)
    assert note.total_paise == -5_005
    assert await building.balance(house) == 0
    assert await building.flaws() == 0


async def test_a_bill_taken_back_whole_after_a_correction_gives_nothing_twice(
    building: Building, billed: House
) -> None:
    await credited(building, billed, 5_000)
    await fix(building, billed, "1769.5", LAST)
    await credited(building, billed, None)
    assert await building.balance(billed) == 0
    assert await building.flaws() == 0


async def anew(building: Building, house: House) -> Invoice:
    """Bill the first bill anew, as the preview says."""
    bill = (await documents(building, house))[0]
    uses = BillsAnew(building.transactions, building.clock, building.doorbell)
    cause = await building.cause()
    shown = await uses.preview(actor=cause.actor, invoice_id=bill.id)
    return await uses.bill(cause=cause, invoice_id=bill.id, total_paise=shown.anew.total_paise)


async def test_what_was_given_back_before_a_bill_holds_again_when_it_is_billed_anew(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    adjustments = Adjustments(building.transactions, building.clock, building.doorbell)
    by_hand = await adjustments.record(
        cause=await building.cause(), lease_id=house.lease.id, amount_paise=-9_000, reason="Key"
    )
    await give(building, house, by_hand.entry, 4_000)
    await read(building, house, "1481.8", at(12))
    await give(building, house, await the_charge(building, house), 20_000)
    building.device(house).close((date(2025, 11, 25), "1489.5"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    assert await building.balance(house) == -(20_670 + 5_005 + 9_000 - 24_000)
    await credited(building, house, None)
    assert await building.balance(house) == 0
    again = await anew(building, house)
    assert again.total_paise == 20_670 + 5_005 + 9_000 - 24_000
    assert await building.balance(house) == -again.total_paise
    await fix(building, house, "1461.8", at(12))
    assert await building.balance(house) == -(9_000 - 4_000) - 25_675 + 20_000 - 13_000
    assert await building.flaws() == 0


async def _given_before_its_bill(building: Building, paise: int) -> House:
    """Return a room of whose first charge something was given back before it was billed."""
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    await read(building, house, "1481.8", at(12))
    await give(building, house, await the_charge(building, house), paise)
    building.device(house).close((date(2025, 11, 25), "1489.5"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    return house


async def test_of_a_bill_taken_back_whole_nothing_is_left_of_what_was_given_before_it(
    building: Building,
) -> None:
    house = await _given_before_its_bill(building, 5_000)
    await credited(building, house, None)
    assert await building.balance(house) == 0
    with pytest.raises(MoreThanLeft):
        await credited(building, house, 5_000)


async def test_a_bill_anew_can_be_given_back_though_some_was_before_the_first_one(
    building: Building,
) -> None:
    house = await _given_before_its_bill(building, 20_000)
    await credited(building, house, None)
    again = await anew(building, house)
    cause = await building.cause()
    shown = await notes(building).preview(actor=cause.actor, invoice_id=again.id)
    assert shown.left_paise == again.total_paise == 5_675
    await settle(building, await ask(building, house, ItemKind.INVOICE, again.id), 1_000)
    assert await building.balance(house) == -4_675
    await notes(building).issue(cause=cause, invoice_id=again.id, reason="Goodwill")
    assert await building.balance(house) == 0
    assert await building.flaws() == 0


async def test_what_a_correction_counts_of_a_favour_is_given_back_once_with_its_bills(
    building: Building,
) -> None:
    house = await _given_before_its_bill(building, 5_000)
    await fix(building, house, "1461.8", at(12))
    first, second = await documents(building, house)
    assert (first.total_paise, second.total_paise) == (25_675, 5_000)
    assert await building.balance(house) == -25_675
    cause = await building.cause()
    for each in (first, second):
        await notes(building).issue(cause=cause, invoice_id=each.id, reason="Goodwill")
    assert await building.balance(house) == 0
    assert await building.flaws() == 0


async def test_a_bill_anew_after_a_correction_and_a_favour_asks_for_what_is_used(
    building: Building, billed: House
) -> None:
    await credited(building, billed, 5_000)
    await fix(building, billed, "1769.5", LAST)
    await credited(building, billed, None)
    again = await anew(building, billed)
    assert again.total_paise == 231_709 - 13_650
    assert await building.balance(billed) == -again.total_paise
    assert await building.flaws() == 0


async def test_a_split_taken_back_counts_the_credit_note_of_its_bill(building: Building) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.clock.set(at(22, "10:00"))
    closes = {date(2025, 11, 11): "1000.0", date(2025, 11, 21): "1100.0"}
    wanted = wish(building, await shared_meter(building, "Lift", closes=closes))
    uses = allocations(building)
    plan = await uses.preview(actor=(await building.cause()).actor, wish=wanted)
    split = await uses.carry_out(cause=await building.cause(), wish=wanted, seal=plan.seal)
    building.device(house).close((date(2025, 11, 25), "1450.0"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    await credited(building, house, 5_000)
    await uses.take_back(
        cause=await building.cause(), allocation_id=split.id, reason="By area instead"
    )
    assert await building.balance(house) == 0
    assert await charged_paise(building, house) == 0
    (told,) = await building.notices(NoticeKind.SHARE_TAKEN_BACK, to=house.tenant)
    assert told.facts["amount_paise"] == split.total_paise - 5_000
    assert await building.flaws() == 0
