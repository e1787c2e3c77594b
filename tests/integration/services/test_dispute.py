"""Questions hold money, go back and forth, and end with what the tenant gets back. Section 10."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.dispute import (
    CreditOutOfRange,
    Dispute,
    DisputeClosed,
    DisputedTooMuch,
    DisputeState,
    ItemKind,
    StepKind,
)
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import AccountKind, EntryKind
from bot.domain.people import NotAllowed, Role
from bot.domain.supply import SupplyReason
from bot.domain.tariff import Slab, TariffVersion, Tax
from bot.services.adjustment import Adjustments
from bot.services.cause import AlreadyHandled, ButtonSpent
from bot.services.dispute import Disputes
from bot.services.dispute_case import AlreadyQuestioned, DisputeUnknown, OwnDispute
from bot.services.dispute_evidence import DisputeEvidence, History
from bot.services.dispute_item import ItemUnknown
from bot.services.dispute_list import Age, DisputeFilter, DisputeLists
from bot.services.dispute_reminder import DisputeReminders
from bot.services.dispute_words import WordsMissing
from bot.services.ports import DeviceUnreachable, GatewayUnavailable
from bot.services.store import BookedEntry, NoticeKind, Person
from tests.building import Building, House, at


def service(building: Building) -> Disputes:
    return Disputes(building.transactions, building.clock, building.doorbell)


async def charged(building: Building, house: House, register: str = "1461.8") -> BookedEntry:
    """Charge a day's use."""
    building.device(house).energy_kwh = Decimal(register)
    building.clock.set(at(12))
    await building.deductions.run()
    return (await building.entries(house, EntryKind.DEDUCTION))[-1]


async def question(
    building: Building, house: House, entry: BookedEntry, *, amount_paise: int | None = None
) -> Dispute:
    return await service(building).open(
        cause=await building.cause(house.tenant),
        kind=ItemKind.ENTRY,
        item_id=entry.id,
        words="I was away that day",
        amount_paise=amount_paise,
    )


async def decide(
    building: Building,
    dispute: Dispute,
    verdict: StepKind,
    amount_paise: int | None = None,
    *,
    by: Person | None = None,
    nonce: str | None = None,
) -> Dispute:
    return await service(building).decide(
        cause=await building.cause(by, nonce=nonce),
        dispute_id=dispute.id,
        verdict=verdict,
        reason="we looked at the meter",
        amount_paise=amount_paise,
    )


async def test_what_is_questioned_does_not_count_towards_the_cut_off(building: Building) -> None:
    house = await building.let(balance_paise=14_000)
    entry = await charged(building, house)
    await building.reconciler.run()
    assert not building.device(house).relay_on

    opened = await question(building, house, entry)
    await building.reconciler.run()

    assert opened.number == "D-0001"
    assert (opened.disputed_paise, opened.held_paise) == (7_670, 7_670)
    assert (await building.book(house)).disputed_paise == 7_670
    assert building.device(house).relay_on
    assert await building.balance(house) == 14_000 - 7_670
    for staff in (building.owner, building.manager):
        (told,) = await building.notices(NoticeKind.DISPUTE, to=staff)
        assert (told.facts["event"], told.facts["words"]) == ("opened", "I was away that day")
    assert await building.notices(NoticeKind.DISPUTE, to=house.tenant) == []


async def test_a_rejected_question_lets_the_cut_begin_and_says_why(building: Building) -> None:
    house = await building.let(balance_paise=14_000)
    opened = await question(building, house, await charged(building, house))

    closed = await decide(building, opened, StepKind.REJECTED)
    await building.reconciler.run()

    assert closed.state is DisputeState.REJECTED
    assert (await building.book(house)).disputed_paise == 0
    assert not building.device(house).relay_on
    (told,) = await building.notices(NoticeKind.DISPUTE, to=house.tenant)
    assert told.facts["words"] == "we looked at the meter"
    assert told.facts["credit_paise"] == 0
    assert await building.flaws() == 0


async def test_who_is_right_in_part_gets_a_part_and_its_tax(building: Building) -> None:
    taxed = TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(Slab(up_to=None, rate_paise=Decimal(650)),),
        taxes=(Tax(name="GST", percent=Decimal(18)),),
    )
    house = await building.let(versions=[taxed])
    entry = await charged(building, house)
    assert entry.tenant_paise == -9_051
    opened = await question(building, house, entry)

    for wrong in (None, 0, -5, 9_051, 10_000):
        with pytest.raises(CreditOutOfRange):
            await decide(building, opened, StepKind.PARTLY, wrong)
    await decide(building, opened, StepKind.PARTLY, 3_000)

    (credit,) = await building.entries(house, EntryKind.ADJUSTMENT)
    async with building.transactions.read() as unit:
        whole = await unit.ledger.whole(credit.id)
    assert whole is not None
    assert {p.account: p.amount_paise for p in whole.postings} == {
        AccountKind.RECEIVABLE: 3_000,
        AccountKind.ADJUSTMENTS: -2_542,
        AccountKind.TAX_PAYABLE: -458,
    }
    assert await building.balance(house) == 300_000 - 9_051 + 3_000
    assert await building.flaws() == 0
    again = await question(building, house, entry)
    assert again.disputed_paise == 6_051


async def test_only_a_part_can_be_questioned_but_not_more(building: Building) -> None:
    house = await building.let()
    entry = await charged(building, house)
    for wrong in (7_671, 0, -1):
        with pytest.raises(DisputedTooMuch):
            await question(building, house, entry, amount_paise=wrong)
    opened = await question(building, house, entry, amount_paise=2_000)
    assert opened.held_paise == 2_000
    with pytest.raises(AlreadyQuestioned) as refused:
        await question(building, house, entry)
    assert refused.value.dispute == opened
    upheld = await decide(building, opened, StepKind.UPHELD)
    assert upheld.credited_paise == 2_000


async def test_nobody_else_can_question_or_see_it(building: Building) -> None:
    house = await building.let()
    other = await building.let("Room 303")
    entry = await charged(building, house)
    for stranger in (other.tenant, building.manager):
        with pytest.raises(ItemUnknown):
            await service(building).open(
                cause=await building.cause(stranger),
                kind=ItemKind.ENTRY,
                item_id=entry.id,
                words="mine?",
            )
    opened = await question(building, house, entry)
    cause = await building.cause(other.tenant)
    with pytest.raises(DisputeUnknown):
        await service(building).withdraw(cause=cause, dispute_id=opened.id)
    with pytest.raises(DisputeUnknown):
        await DisputeLists(building.transactions, building.clock).card(
            actor=cause.actor, dispute_id=opened.id
        )
    with pytest.raises(DisputeUnknown):
        await decide(building, opened, StepKind.UPHELD, by=house.tenant)


async def test_a_question_and_its_answer_go_back_and_forth(building: Building) -> None:
    house = await building.let()
    opened = await question(building, house, await charged(building, house))
    uses = service(building)
    building.clock.advance(timedelta(hours=1))
    asked = await uses.ask(
        cause=await building.cause(), dispute_id=opened.id, words="Since when were you away?"
    )
    assert asked.state is DisputeState.ASKED
    assert asked.answered_at == building.clock.now()
    assert (await building.book(house)).disputed_paise == 7_670
    answered = await uses.say(
        cause=await building.cause(house.tenant), dispute_id=opened.id, words="Since Monday"
    )
    assert answered.state is DisputeState.OPEN
    lists = DisputeLists(building.transactions, building.clock)
    card = await lists.card(actor=(await building.cause()).actor, dispute_id=opened.id)
    assert [(each.step.kind, each.by_tenant) for each in card.told] == [
        (StepKind.OPENED, True),
        (StepKind.ASKED, False),
        (StepKind.ANSWERED, True),
    ]
    withdrawn = await uses.withdraw(cause=await building.cause(house.tenant), dispute_id=opened.id)
    assert withdrawn.state is DisputeState.WITHDRAWN
    assert (await building.book(house)).disputed_paise == 0
    with pytest.raises(DisputeClosed):
        await uses.ask(cause=await building.cause(), dispute_id=opened.id, words="Really?")
    with pytest.raises(WordsMissing):
        await uses.ask(cause=await building.cause(), dispute_id=opened.id, words=" … ")


async def test_two_managers_decide_once(building: Building) -> None:
    house = await building.let()
    opened = await question(building, house, await charged(building, house))
    await decide(building, opened, StepKind.UPHELD, nonce="a")
    with pytest.raises(ButtonSpent):
        await decide(building, opened, StepKind.UPHELD, nonce="a")
    with pytest.raises(DisputeClosed) as refused:
        await decide(building, opened, StepKind.REJECTED, by=building.owner, nonce="b")
    assert refused.value.state is DisputeState.UPHELD
    assert await building.balance(house) == 300_000
    assert len(await building.entries(house, EntryKind.ADJUSTMENT)) == 1


async def test_the_same_update_opens_one_question(building: Building) -> None:
    house = await building.let()
    entry = await charged(building, house)
    cause = await building.cause(house.tenant, update_id=7)
    await service(building).open(
        cause=cause, kind=ItemKind.ENTRY, item_id=entry.id, words="too much"
    )
    with pytest.raises(AlreadyHandled):
        await service(building).open(
            cause=cause, kind=ItemKind.ENTRY, item_id=entry.id, words="too much"
        )


async def test_who_lives_there_does_not_settle_it(building: Building) -> None:
    house = await building.let()
    opened = await question(building, house, await charged(building, house))
    async with building.transactions.begin() as unit:
        await unit.people.grant(
            person_id=house.tenant.id, place_id=building.place.id, role=Role.MANAGER
        )
    with pytest.raises(OwnDispute):
        await decide(building, opened, StepKind.UPHELD, by=house.tenant)
    async with building.transactions.begin() as unit:
        other = await unit.people.add(
            telegram_id=77, chat_id=77, name="Clara", language="en", at=building.clock.now()
        )
        await unit.people.grant(
            person_id=other.id, place_id=building.place.id, role=Role.ACCOUNTANT
        )
    with pytest.raises(NotAllowed):
        await decide(building, opened, StepKind.UPHELD, by=other)


async def billed(building: Building) -> House:
    """Let a room that is billed, and bill its first period over ₹2,206.75."""
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).close((date(2025, 11, 25), "1789.5"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    return house


async def test_what_was_billed_comes_back_on_a_credit_note(building: Building) -> None:
    house = await billed(building)
    entry = (await building.entries(house, EntryKind.DEDUCTION))[0]
    opened = await question(building, house, entry)
    assert opened.held_paise == -entry.tenant_paise

    await decide(building, opened, StepKind.UPHELD)

    async with building.transactions.read() as unit:
        note, bill = await unit.invoices.of_lease(house.lease.id)
        (due,) = (await unit.invoices.dues([house.lease.id]))[house.lease.id]
    assert (note.kind, note.corrects_id) == (DocumentKind.CREDIT_NOTE, bill.id)
    assert note.total_paise == entry.tenant_paise
    assert due.charged_paise == 220_675 + entry.tenant_paise
    told = await building.notices(NoticeKind.DISPUTE, to=house.tenant)
    assert told[-1].facts["credit_note"] == note.number
    assert await building.flaws() == 0


async def test_no_money_is_held_twice(building: Building) -> None:
    house = await billed(building)
    entries = await building.entries(house, EntryKind.DEDUCTION)
    async with building.transactions.read() as unit:
        (bill,) = await unit.invoices.of_lease(house.lease.id)
    first = await question(building, house, entries[0])
    whole = await service(building).open(
        cause=await building.cause(house.tenant),
        kind=ItemKind.INVOICE,
        item_id=bill.id,
        words="far too much",
    )
    assert first.held_paise + whole.held_paise == bill.total_paise
    assert (await building.book(house)).disputed_paise == bill.total_paise
    await decide(building, whole, StepKind.UPHELD)
    assert (await decide(building, first, StepKind.UPHELD)).credited_paise == 0
    assert await building.balance(house) == 0
    assert await building.flaws() == 0


async def test_a_reading_is_questioned_with_what_was_charged_on_it(building: Building) -> None:
    house = await building.let()
    entry = await charged(building, house)
    reading_id = entry.why["reading_to"]
    assert isinstance(reading_id, int)
    opened = await service(building).open(
        cause=await building.cause(house.tenant),
        kind=ItemKind.READING,
        item_id=reading_id,
        words="it cannot be so much",
    )
    assert (opened.entry_id, opened.held_paise) == (entry.id, 7_670)
    same = await question(building, house, entry)
    assert same.held_paise == 0


async def test_an_alert_holds_nothing(building: Building) -> None:
    house = await building.let(balance_paise=55_000)
    await charged(building, house)
    (low,) = await building.notices(NoticeKind.LOW, to=house.tenant)
    opened = await service(building).open(
        cause=await building.cause(house.tenant),
        kind=ItemKind.ALERT,
        item_id=low.id,
        words="I have just paid",
    )
    assert (opened.disputed_paise, opened.held_paise) == (0, 0)
    assert (await decide(building, opened, StepKind.UPHELD)).credited_paise == 0


async def test_staff_are_reminded_and_the_owner_in_the_end(building: Building) -> None:
    house = await building.let()
    opened = await question(building, house, await charged(building, house))
    reminders = DisputeReminders(building.transactions, building.clock, building.doorbell)
    expected = [(14, []), (16, ["answer"]), (17, []), (21, ["decision"]), (23, ["owner"]), (28, [])]
    for day, nudges in expected:
        building.clock.set(at(day, "09:00"))
        report = await reminders.run()
        assert [each.nudge.value for each in report.lines] == nudges
        assert report.open == 1
    told = await building.notices(NoticeKind.DISPUTE, to=building.owner)
    events = [each.facts["event"] for each in told]
    assert events == ["opened", "late_answer", "late_decision", "late_owner"]
    told = await building.notices(NoticeKind.DISPUTE, to=building.manager)
    assert told[-1].facts["event"] == "late_decision"
    page = await DisputeLists(building.transactions, building.clock).page(
        actor=(await building.cause(building.owner)).actor, only=DisputeFilter.LATE
    )
    assert [each.dispute.id for each in page.lines] == [opened.id]
    assert (page.ages[Age.LATE], page.held_paise) == (1, {"INR": 7_670})


async def test_no_warning_counts_what_is_questioned(building: Building) -> None:
    house = await building.let(balance_paise=55_000)
    await question(building, house, await charged(building, house))
    before = len(await building.notices(NoticeKind.LOW, to=house.tenant))
    assert before == 1
    building.clock.set(at(13))
    await building.deductions.run()
    book = await building.book(house)
    assert (book.balance_paise, book.armed.low_given) == (47_330, False)


async def test_nobody_is_reminded_at_night(building: Building) -> None:
    house = await building.let()
    await question(building, house, await charged(building, house))
    building.clock.set(at(16, "23:00"))
    reminders = DisputeReminders(building.transactions, building.clock, building.doorbell)
    assert (await reminders.run()).lines == ()


async def test_the_evidence_has_the_days_in_question_marked(building: Building) -> None:
    house = await building.let()
    opened = await question(building, house, await charged(building, house))
    device = building.device(house)
    device.close(
        (date(2025, 11, 11), "1450.0"),
        (date(2025, 11, 12), "1461.8"),
        (date(2025, 11, 13), "1469.8"),
    )
    building.clock.set(at(14, "09:00"))
    looks = DisputeEvidence(building.transactions, building.gateway, building.clock)
    actor = (await building.cause()).actor

    found = await looks.gather(actor=actor, dispute_id=opened.id)

    assert found.history is History.KNOWN
    assert found.chart.marked == (date(2025, 11, 12), date(2025, 11, 12))
    drawn = {day.on: day.energy_kwh for day in found.chart.days}
    assert (drawn[date(2025, 11, 12)], drawn[date(2025, 11, 13)]) == (Decimal("11.8"), Decimal(8))
    assert (found.chart.total_kwh, found.chart.total_paise) == (Decimal("11.8"), 7_670)
    assert found.chart.previous_total_kwh is None
    assert [each.point.value for each in found.readings][-1] == Decimal("1461.8")
    assert [(each.tariff, each.rates) for each in found.prices] == [("Home", ("650",))]
    assert (found.entries, found.charged_paise, found.earlier) == (1, 7_670, ())


async def test_evidence_says_so_when_the_meter_is_offline(building: Building) -> None:
    house = await building.let()
    opened = await question(building, house, await charged(building, house))
    looks = DisputeEvidence(building.transactions, building.gateway, building.clock)
    actor = (await building.cause()).actor
    troubles = {
        History.OFFLINE: DeviceUnreachable(code="not_online", detail=house.device_id),
        History.SILENT: GatewayUnavailable(code="busy", detail="later"),
    }
    for history, trouble in troubles.items():
        building.gateway.fail("day_closes", house.device_id, trouble)
        found = await looks.gather(actor=actor, dispute_id=opened.id)
        assert found.history is history
        assert found.chart.total_kwh == Decimal("11.8")
    assert (await looks.gather(actor=actor, dispute_id=opened.id)).history is History.EMPTY


async def test_the_evidence_is_not_for_strangers(building: Building) -> None:
    house = await building.let()
    opened = await question(building, house, await charged(building, house))
    other = await building.let("Room 303")
    looks = DisputeEvidence(building.transactions, building.gateway, building.clock)
    with pytest.raises(DisputeUnknown):
        await looks.gather(actor=(await building.cause(other.tenant)).actor, dispute_id=opened.id)


async def test_a_question_about_what_is_not_billed_yet_holds_no_overdue_bill(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(house).close((date(2025, 11, 25), "1489.5"))
    building.clock.set(at(26, "02:00"))
    (bill,) = (await building.invoicing.run()).issued
    building.clock.set(at(10, "09:00", month=12))
    await building.bill_reminders.run()
    later = await Adjustments(building.transactions, building.clock, building.doorbell).record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=-30_000,
        reason="Lost key",
    )
    await question(building, house, later.entry)
    building.clock.set(at(15, "12:00", month=12))
    await building.reconciler.run()
    assert (await building.supply(house)).reason is SupplyReason.OVERDUE

    async with building.transactions.read() as unit:
        (charge,) = await unit.invoices.entries_of(bill.id)
    await question(building, house, charge)
    await building.reconciler.run()
    assert building.device(house).relay_on is True


async def test_what_was_given_back_before_the_bill_is_not_given_back_with_it_again(
    building: Building,
) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.clock.set(at(15, "12:00"))
    extra = await Adjustments(building.transactions, building.clock, building.doorbell).record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=-20_000,
        reason="Lost key",
    )
    first = await question(building, house, extra.entry)
    await decide(building, first, StepKind.PARTLY, 15_000)
    building.device(house).close((date(2025, 11, 25), "1460"))
    building.clock.set(at(26, "02:00"))
    (bill,) = (await building.invoicing.run()).issued
    assert bill.total_paise == 26_500
    second = await service(building).open(
        cause=await building.cause(house.tenant),
        kind=ItemKind.INVOICE,
        item_id=bill.id,
        words="I owe nothing",
    )
    assert second.disputed_paise == 11_500
    await decide(building, second, StepKind.UPHELD)
    assert await building.balance(house) == 0
    assert await building.flaws() == 0
