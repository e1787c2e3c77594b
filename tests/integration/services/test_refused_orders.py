"""A vendor that refuses to switch, for a reason that nobody knows. Rules 6.4 to 6.6."""

from datetime import timedelta
from itertools import repeat

from bot.domain.ledger import PaymentMethod
from bot.services.ports import Refused
from bot.services.store import NoticeKind, OrderStatus
from tests.building import Building, House, at

ODD = Refused(code="relay_jammed", detail="who knows")
A_DAY_OF_MINUTES = 24 * 60


async def dark(building: Building) -> House:
    """Return a room whose power was cut."""
    house = await building.let(balance_paise=12_000)
    building.clock.set(at(12))
    building.device(house).use("11.8")
    await building.deductions.run()
    await building.reconciler.run()
    assert not building.device(house).relay_on
    return house


async def refused_and_paid(building: Building, *, times: int = 1) -> House:
    """Return a dark room that was paid for, and whose meter refuses to switch on."""
    house = await dark(building)
    building.gateway.fail("switch", house.device_id, *repeat(ODD, times))
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=200_000,
        method=PaymentMethod.CASH,
    )
    await building.reconciler.run()
    assert not building.device(house).relay_on
    return house


async def tries(building: Building, *, minutes: int) -> list[int]:
    """Let time pass, and return after how many minutes the relay was commanded."""
    found = []
    for minute in range(1, minutes + 1):
        building.clock.advance(timedelta(minutes=1))
        found += [minute for _ in (await building.reconciler.run()).orders]
    return found


async def test_a_refused_order_is_tried_again_at_longer_and_longer_intervals_up_to_an_hour(
    building: Building,
) -> None:
    await refused_and_paid(building, times=A_DAY_OF_MINUTES)

    assert await tries(building, minutes=300) == [5, 15, 35, 75, 135, 195, 255]


async def test_light_comes_without_waiting_for_the_next_check_and_everybody_hears_of_it(
    building: Building,
) -> None:
    house = await refused_and_paid(building, times=2)

    assert await tries(building, minutes=60) == [5, 15]
    assert building.device(house).relay_on
    assert await building.open_order(house) is None
    told = await building.notices(NoticeKind.PAYMENT, to=house.tenant)
    assert [each.facts["power"] for each in told] == ["restoring", "failed", "on"]
    assert len({each.thread for each in told}) == 1


async def test_a_paid_tenant_whom_the_vendor_keeps_dark_is_an_alert_after_15_minutes_once(
    building: Building,
) -> None:
    house = await refused_and_paid(building, times=A_DAY_OF_MINUTES)

    await tries(building, minutes=14)
    assert not await building.notices(NoticeKind.STILL_DARK)
    await tries(building, minutes=120)
    (told,) = await building.notices(NoticeKind.STILL_DARK, to=building.manager)
    assert (told.facts["minutes"], told.facts["error"]) == (15, ODD.code)
    (trouble,) = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
    assert (trouble.facts["code"], trouble.facts["lease_id"]) == (ODD.code, house.lease.id)


async def test_a_refused_cut_that_is_not_wanted_any_more_is_not_tried_again(
    building: Building,
) -> None:
    house = await building.let(balance_paise=12_000)
    building.clock.set(at(12))
    building.device(house).use("11.8")
    await building.deductions.run()
    building.gateway.fail("switch", house.device_id, ODD)
    (refused,) = (await building.reconciler.run()).orders
    assert refused[1].status is OrderStatus.FAILED
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=200_000,
        method=PaymentMethod.CASH,
    )

    await tries(building, minutes=120)

    assert False not in building.gateway.switched(house.device_id)[1:]
    assert building.device(house).relay_on


async def test_a_check_does_not_order_a_second_time_what_is_still_tried(
    building: Building,
) -> None:
    house = await refused_and_paid(building, times=A_DAY_OF_MINUTES)
    before = await building.open_order(house)
    building.clock.set(at(13))
    await building.deductions.run()

    after = await building.open_order(house)

    assert before is not None
    assert after is not None
    assert (after.id, after.created_at) == (before.id, before.created_at)
