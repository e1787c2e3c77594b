"""The manager's hand on the switch. Rules 6.2, 6.3, 6.7."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.ledger import PaymentMethod
from bot.domain.people import NotAllowed
from bot.domain.supply import Hold, SupplyReason
from bot.services.ports import Lane
from bot.services.power import NoRelay, NoSupplyMeter, OrderClosed, Power, PowerOrdered
from bot.services.store import NoticeKind
from bot.services.stores import Unit
from tests.building import Building, House, at


async def hold(
    building: Building,
    house: House,
    wish: Hold,
    *,
    until: datetime | None = None,
    reason: str | None = None,
    message_id: int | None = None,
) -> PowerOrdered:
    building.clock.advance(timedelta(seconds=1))
    return await building.power.hold(
        cause=await building.cause(),
        lease_id=house.lease.id,
        hold=wish,
        until=until,
        reason=reason,
        message_id=message_id,
    )


async def spend(building: Building, house: House, day: int, kwh: str) -> None:
    building.clock.set(at(day))
    building.device(house).use(kwh)
    await building.deductions.run()


async def test_a_hold_off_cuts_and_only_a_manager_releases_it(building: Building) -> None:
    house = await building.let()
    ordered = await hold(building, house, Hold.OFF, until=at(12), reason="sparks")
    assert ordered.order is not None
    assert (ordered.order.turn_on, ordered.order.lane) == (False, Lane.MANUAL)
    assert ordered.order.requested_by == building.manager.id
    await building.reconciler.run()
    assert not building.device(house).relay_on
    supply = await building.supply(house)
    assert (supply.reason, supply.hold_by) == (SupplyReason.HOLD_OFF, building.manager.id)
    assert (supply.hold_reason, supply.hold_until) == ("sparks", None)
    await spend(building, house, 13, "0")
    assert (await building.reconciler.run()).decided_anew == 0
    assert not building.device(house).relay_on
    released = await hold(building, house, Hold.NONE)
    assert released.decision.on
    await building.reconciler.run()
    assert building.device(house).relay_on
    assert (await building.supply(house)).hold_by is None


async def test_a_hold_on_keeps_light_without_money(building: Building) -> None:
    house = await building.let(balance_paise=12_000)
    await hold(building, house, Hold.ON)
    await building.reconciler.run()
    await spend(building, house, 12, "100")
    assert (await building.supply(house)).reason is SupplyReason.HOLD_ON
    await building.reconciler.run()
    assert building.device(house).relay_on
    released = await hold(building, house, Hold.NONE)
    assert not released.decision.on
    await building.reconciler.run()
    assert not building.device(house).relay_on


async def test_the_progress_is_told_to_the_manager_and_the_tenant(building: Building) -> None:
    house = await building.let()
    ordered = await hold(building, house, Hold.OFF, reason="sparks", message_id=5)
    building.clock.advance(timedelta(seconds=3))
    await building.reconciler.run()
    for person in (building.manager, house.tenant):
        told = await building.notices(NoticeKind.POWER, to=person)
        assert {each.thread for each in told} == {ordered.thread}
        assert [each.facts["state"] for each in told] == ["sent", "off"]
        assert told[1].facts["seconds"] == 3
        assert (told[1].facts["by"], told[1].facts["note"]) == ("Mani", "sparks")
    async with building.transactions.read() as unit:
        assert await unit.outbox.message_of(ordered.thread, person_id=building.manager.id) == 5


async def test_a_wish_is_sent_also_when_the_relay_was_thought_to_be_so(
    building: Building,
) -> None:
    """What was seen yesterday may not be so today: only the meter's word is told."""
    house = await building.let()
    await spend(building, house, 12, "1")
    building.device(house).relay_on = False
    ordered = await hold(building, house, Hold.ON)
    assert ordered.order is not None
    await building.reconciler.run()
    assert building.device(house).relay_on
    assert await building.notices(NoticeKind.POWER, to=house.tenant) == []
    told = await building.notices(NoticeKind.POWER, to=building.manager)
    assert [each.facts["state"] for each in told] == ["sent", "on"]


async def test_giving_back_what_is_as_it_should_be_needs_no_order(building: Building) -> None:
    house = await building.let()
    await spend(building, house, 12, "1")
    released = await hold(building, house, Hold.NONE)
    assert released.order is None
    (told,) = await building.notices(NoticeKind.POWER, to=building.manager)
    assert told.facts["state"] == "on"


async def test_the_last_wish_holds(building: Building) -> None:
    house = await building.let()
    building.device(house).is_online = False
    off = await hold(building, house, Hold.OFF)
    await building.reconciler.run()
    await hold(building, house, Hold.ON)
    told = await building.notices(NoticeKind.POWER, to=building.manager)
    assert [each.facts["state"] for each in told if each.thread == off.thread] == [
        "sent",
        "waiting_offline",
        "dropped",
    ]
    building.device(house).is_online = True
    building.clock.advance(timedelta(minutes=10))
    await building.reconciler.run()
    assert building.device(house).relay_on
    assert building.gateway.switched(house.device_id) == [False, True]


async def test_a_waiting_order_can_be_called_off_once(building: Building) -> None:
    house = await building.let()
    building.device(house).is_online = False
    ordered = await hold(building, house, Hold.OFF)
    assert ordered.order is not None
    await building.reconciler.run()
    building.clock.advance(timedelta(seconds=1))
    await building.power.cancel(cause=await building.cause(), order_id=ordered.order.id)
    assert (await building.supply(house)).hold is Hold.NONE
    building.device(house).is_online = True
    building.clock.advance(timedelta(minutes=10))
    await building.reconciler.run()
    assert building.device(house).relay_on
    with pytest.raises(OrderClosed):
        await building.power.cancel(cause=await building.cause(), order_id=ordered.order.id)


@dataclass(frozen=True, kw_only=True)
class SecondManager:
    """Transactions before which another manager is always a moment faster."""

    building: Building
    house: House

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        await hold(self.building, self.house, Hold.OFF)
        async with self.building.transactions.begin() as unit:
            yield unit

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        async with self.building.transactions.read() as unit:
            yield unit


async def test_calling_an_order_off_does_not_release_a_later_hold(building: Building) -> None:
    house = await building.let()
    await hold(building, house, Hold.OFF)
    await building.reconciler.run()
    building.device(house).is_online = False
    ordered = await hold(building, house, Hold.ON)
    assert ordered.order is not None
    meanwhile = SecondManager(building=building, house=house)
    power = Power(meanwhile, building.clock, building.doorbell)
    with pytest.raises(OrderClosed):
        await power.cancel(cause=await building.cause(), order_id=ordered.order.id)
    assert (await building.supply(house)).hold is Hold.OFF


async def test_what_cannot_switch_is_not_promised(building: Building) -> None:
    house = await building.let(has_relay=False)
    with pytest.raises(NoRelay):
        await hold(building, house, Hold.OFF)
    async with building.transactions.begin() as unit:
        stored = await unit.places.add_room(place_id=building.place.id, name="bare")
        bare = await unit.leases.add(replace(house.lease, room_id=stored.id))
    with pytest.raises(NoSupplyMeter):
        await building.power.hold(cause=await building.cause(), lease_id=bare.id, hold=Hold.OFF)


async def test_a_tenant_does_not_switch(building: Building) -> None:
    house = await building.let()
    with pytest.raises(NotAllowed):
        await building.power.hold(
            cause=await building.cause(house.tenant), lease_id=house.lease.id, hold=Hold.ON
        )


async def test_emergency_credit_is_light_until_it_is_used_and_then_has_to_be_repaid(
    building: Building,
) -> None:
    """Rule 6.3."""
    house = await building.let(balance_paise=12_000, emergency_credit_paise=5_000)
    await spend(building, house, 12, "10")
    supply = await building.supply(house)
    assert (supply.desired_on, supply.reason) == (True, SupplyReason.EMERGENCY_CREDIT)
    await spend(building, house, 13, "1")
    assert not (await building.supply(house)).desired_on
    receipt = await building.payments.record(
        cause=await building.cause(update_id=1),
        amount_paise=4_000,
        method=PaymentMethod.CASH,
        lease_id=house.lease.id,
    )
    assert (receipt.after_paise, receipt.decision.on) == (8_850, False)
    receipt = await building.payments.record(
        cause=await building.cause(update_id=2),
        amount_paise=1_150,
        method=PaymentMethod.CASH,
        lease_id=house.lease.id,
    )
    assert receipt.decision.on
    await spend(building, house, 14, "1")
    assert (await building.supply(house)).reason is SupplyReason.EMERGENCY_CREDIT


async def test_a_protected_tenant_is_never_cut(building: Building) -> None:
    house = await building.let(balance_paise=0, is_protected=True)
    await spend(building, house, 12, "50")
    supply = await building.supply(house)
    assert (supply.desired_on, supply.reason) == (True, SupplyReason.PROTECTED_TENANT)
