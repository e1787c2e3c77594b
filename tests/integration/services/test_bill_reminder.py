"""A bill from its issue to the light: reminders, warning, cut, payment. Rules 6.2, 7.3 and 7.4."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import delete, update

from bot.db.lease import lease, lease_tenant
from bot.domain.dispute import Dispute, ItemKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import PaymentMethod
from bot.domain.protection import ProtectedHours
from bot.domain.supply import Hold, SupplyReason
from bot.services.store import NoticeKind
from tests.building import Building, House, at

CLOSE_ON = date(2025, 11, 25)
DUE_ON = date(2025, 12, 6)
GRACE = timedelta(days=9)
CUT_AT = at(15, "23:59", month=12) + timedelta(minutes=1)


def morning(day: int, clock: str = "09:00") -> datetime:
    return at(day, clock, month=12)


async def rules(building: Building, **changes: object) -> None:
    """Change rules of the place."""
    async with building.transactions.begin() as unit:
        place = await unit.places.get(building.place.id)
        assert place is not None
        await unit.places.save(replace(place, **changes))  # type: ignore[arg-type]


async def terms(building: Building, house: House, **changes: object) -> None:
    """Change terms of a lease."""
    async with building.transactions.begin() as unit:
        before = await unit.leases.get(house.lease.id)
        assert before is not None
        await unit.leases.save(replace(before, **changes))  # type: ignore[arg-type]


@pytest.fixture
async def house(building: Building) -> House:
    """Return a room with a bill over ₹2,206.75 of 26 November, due on 6 December."""
    await rules(building, grace=GRACE)
    let = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(let).close((CLOSE_ON, "1789.5"))
    building.clock.set(at(26, "02:00"))
    (issued,) = (await building.invoicing.run()).issued
    assert (issued.due_on, issued.total_paise) == (DUE_ON, 220_675)
    return let


async def said(building: Building, when: datetime) -> list[str]:
    """Return the steps of which tenants are reminded at an instant."""
    building.clock.set(when)
    return [each.step for each in (await building.bill_reminders.run()).lines]


async def pay(building: Building, house: House, amount_paise: int) -> None:
    building.clock.advance(timedelta(minutes=1))
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=amount_paise,
        method=PaymentMethod.CASH,
    )


async def decide_until(building: Building, when: datetime) -> None:
    building.clock.set(when)
    await building.reconciler.run()


async def test_a_bill_runs_from_reminders_to_the_cut_and_back(
    building: Building, house: House
) -> None:
    steps = {day: await said(building, morning(day)) for day in range(1, 15)}
    assert {day: found for day, found in steps.items() if found} == {
        3: ["-3"],
        6: ["0"],
        9: ["3"],
        13: ["7"],
        14: ["cut"],
    }
    supply = await building.supply(house)
    assert (supply.desired_on, supply.review_at) == (True, CUT_AT)

    await decide_until(building, CUT_AT - timedelta(seconds=1))
    assert building.device(house).relay_on is True
    await decide_until(building, CUT_AT)
    assert building.device(house).relay_on is False
    assert (await building.supply(house)).reason is SupplyReason.OVERDUE
    told = (await building.notices(NoticeKind.POWER, to=house.tenant))[-1]
    assert (told.facts["state"], told.facts["overdue_paise"]) == ("off", 220_675)

    building.clock.advance(timedelta(hours=8))
    await pay(building, house, 220_675)
    await building.reconciler.run()
    assert building.device(house).relay_on is True
    receipt = (await building.notices(NoticeKind.PAYMENT, to=house.tenant))[-1]
    assert receipt.facts["power"] == "on"
    assert await said(building, morning(28)) == []


async def test_each_step_is_said_once_however_often_the_job_runs(
    building: Building, house: House
) -> None:
    assert await said(building, morning(6)) == ["0"]
    for minute in range(5):
        assert await said(building, morning(6, f"09:0{minute}")) == []
    notices = await building.notices(NoticeKind.INVOICE_REMINDER)
    assert [each.person_id for each in notices] == [house.tenant.id]


async def test_after_a_standstill_the_newest_step_alone_is_said(
    building: Building, house: House
) -> None:
    assert await said(building, morning(10)) == ["3"]
    assert await said(building, morning(11)) == []


async def test_power_stays_for_a_day_after_a_late_warning(building: Building, house: House) -> None:
    """The bot was stopped over the day of the cut: first it warns."""
    await decide_until(building, morning(28, "08:59"))
    assert building.device(house).relay_on is True
    assert await said(building, morning(28)) == ["cut"]
    (notice,) = await building.notices(NoticeKind.INVOICE_REMINDER)
    assert notice.facts["cut_at"] == morning(29).isoformat()
    await decide_until(building, morning(29, "08:59"))
    assert building.device(house).relay_on is True
    await decide_until(building, morning(29))
    assert building.device(house).relay_on is False


async def test_a_warning_of_the_night_is_heard_in_the_morning(
    building: Building, house: House
) -> None:
    building.clock.set(morning(28, "02:00"))
    report = await building.bill_reminders.run()
    assert report.waiting == 1
    (notice,) = await building.notices(NoticeKind.INVOICE_REMINDER)
    assert notice.due_at == morning(28)
    await decide_until(building, morning(29, "08:59"))
    assert building.device(house).relay_on is True
    await decide_until(building, morning(29))
    assert building.device(house).relay_on is False


async def test_a_late_evening_waits_for_the_next_morning(building: Building, house: House) -> None:
    assert await said(building, morning(6, "21:00")) == ["0"]
    (notice,) = await building.notices(NoticeKind.INVOICE_REMINDER)
    assert notice.due_at == morning(7)


async def test_nobody_is_reminded_of_what_is_paid(building: Building, house: House) -> None:
    await pay(building, house, 220_675)
    assert await said(building, morning(6)) == []


async def test_a_part_payment_leaves_the_rest_to_be_reminded_of(
    building: Building, house: House
) -> None:
    await pay(building, house, 200_000)
    assert await said(building, morning(13)) == ["7"]
    (notice,) = await building.notices(NoticeKind.INVOICE_REMINDER)
    assert notice.facts["open_paise"] == 20_675
    await decide_until(building, CUT_AT)
    assert building.device(house).relay_on is False
    await pay(building, house, 20_000)
    await building.reconciler.run()
    assert building.device(house).relay_on is False
    await pay(building, house, 675)
    await building.reconciler.run()
    assert building.device(house).relay_on is True


async def test_a_disputed_bill_is_left_alone(building: Building, house: House) -> None:
    """Rule 10.3."""
    (due,) = (await building.book(house)).dues
    question = Dispute(
        id=0,
        place_id=building.place.id,
        serial=1,
        lease_id=house.lease.id,
        item=ItemKind.INVOICE,
        item_id=due.invoice_id,
        entry_id=None,
        opened_by=house.tenant.id,
        opened_at=building.clock.now(),
        disputed_paise=220_675,
        held_paise=220_675,
    )
    async with building.transactions.begin() as unit:
        assert await unit.disputes.add(question) is not None
    async with building.database.writer.begin() as connection:
        await connection.execute(update(lease).values(disputed_paise=220_675))
    assert await said(building, morning(13)) == []
    await decide_until(building, CUT_AT + timedelta(days=2))
    assert building.device(house).relay_on is True


async def test_a_dispute_about_something_else_leaves_a_bill_to_be_paid(
    building: Building, house: House
) -> None:
    async with building.database.writer.begin() as connection:
        await connection.execute(update(lease).values(disputed_paise=220_675))
    assert await said(building, morning(13)) == ["7"]


async def test_without_a_relay_on_the_rules_nothing_is_threatened(
    building: Building, house: House
) -> None:
    await terms(building, house, is_protected=True)
    assert await said(building, morning(14)) == ["7"]
    (notice,) = await building.notices(NoticeKind.INVOICE_REMINDER)
    assert notice.facts["cut_at"] is None
    await decide_until(building, CUT_AT + timedelta(days=2))
    assert building.device(house).relay_on is True


async def test_a_cut_waits_for_protected_hours_to_end(building: Building, house: House) -> None:
    await rules(building, protected_hours=ProtectedHours(start=time(18), end=time(8)))
    assert await said(building, morning(13)) == ["7"]
    (notice,) = await building.notices(NoticeKind.INVOICE_REMINDER)
    assert notice.facts["cut_at"] == morning(16, "08:00").isoformat()
    await decide_until(building, CUT_AT)
    assert (await building.supply(house)).reason is SupplyReason.PROTECTED_HOURS
    assert building.device(house).relay_on is True
    await decide_until(building, morning(16, "08:00"))
    assert building.device(house).relay_on is False


async def test_a_cut_waits_for_a_holiday_to_end(building: Building, house: House) -> None:
    await rules(building, holidays=frozenset({date(2025, 12, 16)}))
    await said(building, morning(14))
    await decide_until(building, CUT_AT)
    assert (await building.supply(house)).reason is SupplyReason.HOLIDAY
    await decide_until(building, CUT_AT + timedelta(days=1))
    assert building.device(house).relay_on is False


async def test_a_hold_outranks_an_overdue_bill(building: Building, house: House) -> None:
    await building.power.hold(
        cause=await building.cause(), lease_id=house.lease.id, hold=Hold.ON, reason="asked"
    )
    await said(building, morning(14))
    await decide_until(building, CUT_AT)
    assert building.device(house).relay_on is True
    await building.power.hold(cause=await building.cause(), lease_id=house.lease.id, hold=Hold.NONE)
    await building.reconciler.run()
    assert building.device(house).relay_on is False


async def test_staff_hear_the_last_warning_for_people_who_are_not_in_the_chat(
    building: Building, house: House
) -> None:
    async with building.database.writer.begin() as connection:
        await connection.execute(delete(lease_tenant))
    await said(building, morning(14))
    told = {each.person_id for each in await building.notices(NoticeKind.INVOICE_REMINDER)}
    assert told == {building.owner.id, building.manager.id}
