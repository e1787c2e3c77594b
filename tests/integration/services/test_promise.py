"""A tenant says when they will pay; accepted, it keeps the power until that day is over."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.domain.claim import PaymentPromise, RequestStatus
from bot.domain.lease import BillingMode
from bot.domain.ledger import PaymentMethod
from bot.domain.people import NotAllowed, Role
from bot.domain.supply import SupplyReason
from bot.services.payment import LeaseUnknown
from bot.services.promise import DayOutOfReach, NothingToPromise, PromiseDecided
from bot.services.store import NoticeKind
from tests.building import OPENED_AT, Building, House, at

CLOSE_ON = date(2025, 11, 25)
PAY_ON = date(2025, 12, 20)
PROMISED = at(20, "23:59", month=12) + timedelta(minutes=1)


@pytest.fixture
async def house(building: Building) -> House:
    """Return a room whose bill of ₹2,206.75 was due on 6 December; power goes on the 11th."""
    let = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.device(let).close((CLOSE_ON, "1789.5"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    building.clock.set(at(10, "09:00", month=12))
    await building.bill_reminders.run()
    return let


async def promised(building: Building, house: House, pay_on: date = PAY_ON) -> PaymentPromise:
    return await building.promises.ask(
        cause=await building.cause(house.tenant), lease_id=house.lease.id, pay_on=pay_on
    )


async def accepted(building: Building, house: House) -> PaymentPromise:
    promise = await promised(building, house)
    view = await building.promises.accept(
        cause=await building.cause(), promise_id=promise.id, pay_on=PAY_ON
    )
    return view.promise


async def pay(building: Building, house: House, amount_paise: int = 220_675) -> None:
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=amount_paise,
        method=PaymentMethod.CASH,
    )


async def test_a_promise_alone_keeps_nothing(building: Building, house: House) -> None:
    await promised(building, house)
    asked = await building.notices(NoticeKind.PAYMENT_PROMISE)
    assert {each.person_id for each in asked} == {building.owner.id, building.manager.id}
    building.clock.set(at(11, "09:00", month=12))
    await building.reconciler.run()
    assert building.device(house).relay_on is False


async def test_an_accepted_promise_keeps_the_power_until_the_day_is_over(
    building: Building, house: House
) -> None:
    await accepted(building, house)
    (told,) = await building.notices(NoticeKind.PROMISE_OUTCOME, to=house.tenant)
    assert told.facts["status"] == "accepted"
    assert (await building.trail())[-1][0] == "promise.accepted"
    for day in (11, 15, 20):
        building.clock.set(at(day, "23:00", month=12))
        await building.reconciler.run()
        assert building.device(house).relay_on is True
    assert (await building.supply(house)).reason is SupplyReason.GRACE
    building.clock.set(PROMISED)
    await building.reconciler.run()
    assert building.device(house).relay_on is False


async def test_a_broken_promise_is_told_once_in_the_morning(
    building: Building, house: House
) -> None:
    await accepted(building, house)
    building.clock.set(at(20, "09:00", month=12))
    assert (await building.promises.run()).broken == 0
    building.clock.set(at(21, "09:00", month=12))
    for broken in (1, 0):
        assert (await building.promises.run()).broken == broken
    told = await building.notices(NoticeKind.PAYMENT_PROMISE, to=building.manager)
    assert told[-1].facts["status"] == "broken"
    assert told[-1].thread is None
    await building.reconciler.run()
    assert building.device(house).relay_on is False


async def test_a_kept_promise_is_no_news(building: Building, house: House) -> None:
    await accepted(building, house)
    building.clock.advance(timedelta(days=2))
    await pay(building, house)
    before = len(await building.notices(NoticeKind.PAYMENT_PROMISE))
    building.clock.set(at(21, "09:00", month=12))
    report = await building.promises.run()
    assert (report.kept, report.broken) == (1, 0)
    assert len(await building.notices(NoticeKind.PAYMENT_PROMISE)) == before


async def test_a_room_that_is_dark_gets_its_power_back(building: Building, house: House) -> None:
    building.clock.set(at(12, "09:00", month=12))
    await building.reconciler.run()
    assert building.device(house).relay_on is False
    await accepted(building, house)
    await building.reconciler.run()
    assert building.device(house).relay_on is True


async def test_another_day_may_be_granted(building: Building, house: House) -> None:
    promise = await promised(building, house)
    view = await building.promises.accept(
        cause=await building.cause(), promise_id=promise.id, pay_on=date(2025, 12, 15)
    )
    assert view.promise.pay_on == date(2025, 12, 15)
    assert (await building.book(house)).lease.grace_until == at(15, month=12) + timedelta(minutes=1)


async def test_who_has_paid_meanwhile_needs_no_grace(building: Building, house: House) -> None:
    promise = await promised(building, house)
    await pay(building, house)
    view = await building.promises.accept(
        cause=await building.cause(), promise_id=promise.id, pay_on=PAY_ON
    )
    assert view.promise.status is RequestStatus.KEPT
    assert (await building.book(house)).lease.grace_until is None


async def test_a_refused_promise_changes_nothing(building: Building, house: House) -> None:
    promise = await promised(building, house)
    await building.promises.refuse(cause=await building.cause(), promise_id=promise.id)
    (told,) = await building.notices(NoticeKind.PROMISE_OUTCOME, to=house.tenant)
    assert told.facts["status"] == "refused"
    assert (await building.book(house)).lease.grace_until is None


async def test_two_managers_decide_once(building: Building, house: House) -> None:
    promise = await promised(building, house)

    async def decide(accepts: bool) -> bool:
        cause = await building.cause(building.owner if accepts else building.manager)
        try:
            if accepts:
                await building.promises.accept(cause=cause, promise_id=promise.id, pay_on=PAY_ON)
            else:
                await building.promises.refuse(cause=cause, promise_id=promise.id)
        except PromiseDecided:
            return False
        return True

    assert sorted(await asyncio.gather(decide(True), decide(False))) == [False, True]


async def test_a_later_promise_takes_the_place_of_one_that_waits(
    building: Building, house: House
) -> None:
    first = await promised(building, house)
    await promised(building, house, date(2025, 12, 18))
    with pytest.raises(PromiseDecided):
        await building.promises.accept(
            cause=await building.cause(), promise_id=first.id, pay_on=PAY_ON
        )


async def test_a_promise_reaches_two_weeks_at_most(building: Building, house: House) -> None:
    for pay_on in (date(2025, 12, 9), date(2025, 12, 25)):
        with pytest.raises(DayOutOfReach):
            await promised(building, house, pay_on)
    assert (await promised(building, house, date(2025, 12, 24))).id


async def test_who_owes_nothing_promises_nothing(building: Building, house: House) -> None:
    await pay(building, house)
    with pytest.raises(NothingToPromise):
        await promised(building, house)


async def test_nobody_promises_for_another_lease(building: Building, house: House) -> None:
    other = await building.let("Room 303", balance_paise=0)
    with pytest.raises(LeaseUnknown):
        await building.promises.ask(
            cause=await building.cause(other.tenant), lease_id=house.lease.id, pay_on=PAY_ON
        )


async def test_who_may_not_switch_power_does_not_grant_it(building: Building, house: House) -> None:
    promise = await promised(building, house)
    async with building.transactions.begin() as unit:
        clerk = await unit.people.add(
            telegram_id=77, chat_id=77, name="Anil", language="en", at=OPENED_AT
        )
        await unit.people.grant(
            person_id=clerk.id, place_id=building.place.id, role=Role.ACCOUNTANT
        )
    with pytest.raises(NotAllowed):
        await building.promises.accept(
            cause=await building.cause(clerk), promise_id=promise.id, pay_on=PAY_ON
        )


async def test_a_prepaid_room_below_its_cut_off_is_spared_too(building: Building) -> None:
    house = await building.let(balance_paise=8_000)
    pay_on = date(2025, 11, 14)
    promise = await building.promises.ask(
        cause=await building.cause(house.tenant), lease_id=house.lease.id, pay_on=pay_on
    )
    await building.promises.accept(
        cause=await building.cause(), promise_id=promise.id, pay_on=pay_on
    )
    assert (await building.supply(house)).reason is SupplyReason.GRACE
    building.clock.set(at(15, "00:01"))
    await building.reconciler.run()
    assert building.device(house).relay_on is False


async def test_a_later_promise_that_is_accepted_takes_the_place_of_an_earlier_one(
    building: Building, house: House
) -> None:
    await accepted(building, house)
    building.clock.set(at(19, "09:00", month=12))
    later_on = date(2025, 12, 28)
    promise = await promised(building, house, later_on)
    await building.promises.accept(
        cause=await building.cause(), promise_id=promise.id, pay_on=later_on
    )
    building.clock.set(at(21, "09:00", month=12))
    assert (await building.promises.run()).broken == 0
    building.clock.set(at(29, "09:00", month=12))
    assert (await building.promises.run()).broken == 1
