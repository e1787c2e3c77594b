"""Low, last warning, cut: each once per crossing. Rule 5.7."""

from dataclasses import replace

from bot.domain.ledger import PaymentMethod
from bot.services.store import NoticeKind
from tests.building import Building, House, at


async def spend(building: Building, house: House, day: int, kwh: str) -> list[NoticeKind]:
    """Let a day pass; return what the tenant was told in it."""
    before = len(await building.notices(to=house.tenant))
    building.clock.set(at(day))
    building.device(house).use(kwh)
    await building.deductions.run()
    return [each.kind for each in (await building.notices(to=house.tenant))[before:]]


async def recharge(building: Building, house: House, paise: int) -> None:
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=paise,
        method=PaymentMethod.CASH,
    )


async def test_each_is_given_once_and_again_after_the_balance_recovered(
    building: Building,
) -> None:
    house = await building.let(balance_paise=56_500)
    assert await spend(building, house, 12, "11") == [NoticeKind.LOW]
    assert await spend(building, house, 13, "11") == []
    assert await spend(building, house, 14, "11") == []
    assert await spend(building, house, 15, "11") == []
    assert await spend(building, house, 16, "11") == []
    assert await spend(building, house, 17, "10") == [NoticeKind.LAST_WARNING]
    assert await spend(building, house, 18, "0") == []
    assert await spend(building, house, 19, "11") == [NoticeKind.POWER]
    await recharge(building, house, 100_000)
    assert await spend(building, house, 20, "90") == [NoticeKind.LOW]


async def test_the_low_warning_says_how_long_it_lasts(building: Building) -> None:
    house = await building.let(balance_paise=56_500)
    await spend(building, house, 12, "11")
    (low,) = await building.notices(NoticeKind.LOW)
    facts = low.facts
    assert (facts["balance_paise"], facts["daily_cost_paise"]) == (49_350, 7_150)
    assert facts["days_left"] == "5.5"
    assert facts["cut_off_paise"] == 10_000


async def test_the_mean_is_of_the_days_that_were_metered_also_after_a_payment(
    building: Building,
) -> None:
    house = await building.let(balance_paise=100_000)
    for day in range(12, 20):
        await spend(building, house, day, "10")
    book = await building.book(house)
    assert (book.week_cost_paise, book.week_days) == (7 * 6_500, 7)
    await spend(building, house, 20, "0")
    assert (await building.book(house)).week_days == 7


async def test_a_cut_speaks_for_itself(building: Building) -> None:
    """Low and cut in the same check say only cut."""
    house = await building.let(balance_paise=56_500)
    assert await spend(building, house, 12, "80") == [NoticeKind.POWER]


async def test_the_hour_before_a_cut_is_a_last_warning_even_if_low_was_never_said(
    building: Building,
) -> None:
    house = await building.let(balance_paise=56_500)
    assert await spend(building, house, 12, "60") == [NoticeKind.LAST_WARNING]
    assert await spend(building, house, 13, "1") == []


async def test_a_tenant_who_has_left_is_not_warned(building: Building) -> None:
    house = await building.let(balance_paise=56_500)
    async with building.transactions.begin() as unit:
        ended = replace(house.lease.occupancy, end_on=at(12).date())
        await unit.leases.save(replace(house.lease, occupancy=ended))
    building.clock.set(at(13))
    await recharge(building, house, 1)
    assert [each.kind for each in await building.notices(to=house.tenant)] == [NoticeKind.PAYMENT]
