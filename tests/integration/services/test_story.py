"""The story of Room #302, with the specification's own figures, through the whole service."""

from datetime import timedelta
from decimal import Decimal

from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.supply import SupplyReason
from bot.services.check import CheckOutcome
from bot.services.ports import Lane
from bot.services.store import NoticeKind, OrderStatus
from tests.building import Building, House, at


async def _spend_until_cut(building: Building, house: House) -> None:
    """Use up all but ₹85.50 in three days."""
    for day, kwh in [(12, "11.8"), (13, "200"), (14, "236.585")]:
        building.clock.set(at(day))
        building.device(house).use(kwh)
        await building.deductions.run()


async def test_the_second_day_costs_76_70_and_leaves_2923_30(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(12))
    building.device(house).use("11.8")
    (line,) = (await building.deductions.run()).lines
    assert (line.outcome, line.amount_paise, line.balance_paise) == (
        CheckOutcome.CHARGED,
        7_670,
        292_330,
    )
    assert (line.quantity, line.unit, line.power_on) == (Decimal("11.8"), "kWh", True)
    assert await building.balance(house) == 292_330
    assert await building.notices() == []


async def test_the_entry_says_why_rule_2_5(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(12))
    building.device(house).use("11.8")
    await building.deductions.run()
    (entry,) = await building.entries(house)
    why = entry.why
    assert (Decimal(str(why["from_value"])), Decimal(str(why["to_value"]))) == (
        Decimal("1450.0"),
        Decimal("1461.8"),
    )
    assert (why["from_at"], why["to_at"]) == (at(11).isoformat(), at(12).isoformat())
    assert why["lines"] == [{"kind": "energy", "name": "", "amount_paise": 7_670}]
    assert [[Decimal(q), Decimal(r)] for q, r in why["portions"]] == [[Decimal("11.8"), 650]]  # type: ignore[attr-defined]
    assert (why["tariff"], why["adjusted_paise"]) == ("Home", 0)
    assert entry.occurred_at == at(12)
    async with building.transactions.read() as unit:
        ends = [
            await unit.metering.reading(int(str(why[k]))) for k in ("reading_from", "reading_to")
        ]
    assert [end.point.at for end in ends if end] == [at(11), at(12)]


async def test_below_100_the_power_goes_and_the_tenant_is_told_when_it_is_gone(
    building: Building,
) -> None:
    house = await building.let()
    await _spend_until_cut(building, house)
    assert await building.balance(house) == 8_550
    supply = await building.supply(house)
    assert (supply.desired_on, supply.reason) == (False, SupplyReason.BELOW_CUT_OFF)
    (will_be,) = await building.notices(to=house.tenant)
    assert (will_be.kind, will_be.facts["state"], will_be.facts["on"]) == (
        NoticeKind.POWER,
        "sent",
        False,
    )
    assert building.gateway.switched(house.device_id) == []

    building.clock.advance(timedelta(seconds=5))
    await building.reconciler.run()
    assert building.gateway.switched(house.device_id) == [False]
    assert not building.device(house).relay_on
    supply = await building.supply(house)
    assert (supply.actual_on, supply.confirmed_at) == (False, building.clock.now())
    _, gone = await building.notices(to=house.tenant)
    assert (gone.thread, gone.facts["state"], gone.facts["seconds"]) == (will_be.thread, "off", 5)
    assert gone.facts["balance_paise"] == 8_550


async def test_2000_paid_at_85_50_makes_2085_50_and_light(building: Building) -> None:
    house = await building.let()
    await _spend_until_cut(building, house)
    await building.reconciler.run()
    before = len(await building.notices())
    receipt = await building.payments.record(
        cause=await building.cause(update_id=1),
        lease_id=house.lease.id,
        amount_paise=200_000,
        method=PaymentMethod.UPI,
        reference="UTR1",
    )
    assert (receipt.before_paise, receipt.after_paise) == (8_550, 208_550)
    assert receipt.order is not None
    assert (receipt.order.turn_on, receipt.order.lane) == (True, Lane.RESTORE)
    told = (await building.notices())[before:]
    assert {each.person_id for each in told} == {house.tenant.id, building.manager.id}
    assert {(each.kind, each.facts["power"], each.facts["after_paise"]) for each in told} == {
        (NoticeKind.PAYMENT, "restoring", 208_550)
    }

    building.clock.advance(timedelta(seconds=7))
    report = await building.reconciler.run()
    assert [attempt.status for _, attempt in report.orders] == [OrderStatus.CONFIRMED]
    assert building.device(house).relay_on
    assert (await building.supply(house)).actual_on is True
    edited = (await building.notices())[before + 2 :]
    assert {each.thread for each in edited} == {receipt.thread}
    assert {(each.facts["power"], each.facts["seconds"]) for each in edited} == {("on", 7)}
    assert await building.balance(house) == 208_550
    kinds = [each.kind for each in await building.entries(house)]
    assert kinds == [EntryKind.DEDUCTION] * 3 + [EntryKind.PAYMENT]
    assert await building.flaws() == 0


async def test_equality_keeps_power_rule_5_3(building: Building) -> None:
    house = await building.let(balance_paise=10_650)
    building.clock.set(at(12))
    building.device(house).use("1")
    await building.deductions.run()
    assert await building.balance(house) == 10_000
    assert (await building.supply(house)).desired_on
    building.clock.set(at(13))
    building.device(house).use("0.001")
    await building.deductions.run()
    building.clock.set(at(14))
    building.device(house).use("0.001")
    await building.deductions.run()
    assert await building.balance(house) == 9_999
    assert not (await building.supply(house)).desired_on


async def test_a_whole_month_of_the_story_ends_where_its_meter_says(building: Building) -> None:
    """Rule 1.4: thirty roundings are one."""
    house = await building.let(balance_paise=1_000_000)
    for day in range(12, 31):
        building.clock.set(at(day))
        building.device(house).use("7.333")
        await building.deductions.run()
    assert await building.balance(house) == 1_000_000 - round(19 * 7.333 * 650)
    assert len(await building.entries(house)) == 19
    assert await building.flaws() == 0
