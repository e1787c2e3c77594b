"""What relays should be, and the orders that make them so. Section 6."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from bot.db.unit_of_work import SqlTransactions
from bot.domain.lease import Occupancy
from bot.domain.supply import Hold, SupplyReason
from bot.services.book import SupplyState
from bot.services.ports import Lane
from bot.services.store import OrderStatus
from tests.integration.db.world import AT, HOUR, World, an_order, furnish


def _state(world: World, reason: SupplyReason = SupplyReason.IN_ORDER) -> SupplyState:
    return SupplyState(meter_id=world.meter.id, desired_on=True, reason=reason, decided_at=AT)


async def test_a_desired_state_is_stored_new_or_changed(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        first, second = await furnish(unit, 1), await furnish(unit, 2)
        await unit.supplies.save([])
        await unit.supplies.save([_state(second), _state(first)])
        held = SupplyState(
            meter_id=first.meter.id,
            desired_on=False,
            reason=SupplyReason.HOLD_OFF,
            decided_at=AT + HOUR,
            hold=Hold.OFF,
            hold_until=AT + 2 * HOUR,
            hold_by=first.tenant.id,
            hold_reason="wiring",
            review_at=AT + 2 * HOUR,
            actual_on=True,
            confirmed_at=AT,
        )
        await unit.supplies.save([held])
        assert await unit.supplies.states([first.meter.id, second.meter.id, 99]) == {
            first.meter.id: held,
            second.meter.id: _state(second),
        }


async def test_time_alone_decides_anew_only_where_the_time_has_come(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        worlds = [await furnish(unit, number) for number in range(1, 5)]
        quiet, spared, over, ended = worlds
        await unit.supplies.save(
            [
                _state(quiet),
                replace(_state(spared, SupplyReason.PROTECTED_HOURS), review_at=AT + HOUR),
                replace(_state(over, SupplyReason.GRACE), review_at=AT),
                replace(_state(ended, SupplyReason.GRACE), review_at=AT),
            ]
        )
        days = Occupancy(start_on=date(2026, 1, 15), end_on=date(2026, 3, 1))
        await unit.leases.save(replace(ended.lease, occupancy=days))
        assert await unit.supplies.to_decide_anew(AT) == [over.lease.id]
        later = await unit.supplies.to_decide_anew(AT + HOUR)
    assert later == [spared.lease.id, over.lease.id]


async def test_a_lease_ends_with_the_day_of_its_place(transactions: SqlTransactions) -> None:
    """At 20:00 in Greenwich it is tomorrow in India, where the tenants have moved out."""
    evening = datetime(2026, 3, 1, 20, tzinfo=UTC)
    async with transactions.begin() as unit:
        world = await furnish(unit)
        days = Occupancy(start_on=date(2026, 1, 15), end_on=date(2026, 3, 2))
        await unit.leases.save(replace(world.lease, occupancy=days))
        await unit.supplies.save([replace(_state(world), review_at=evening - 4 * HOUR)])
        before = await unit.supplies.to_decide_anew(evening - 3 * HOUR)
        assert (before, await unit.supplies.to_decide_anew(evening)) == ([world.lease.id], [])


async def test_a_meter_has_one_open_order(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        assert await unit.supplies.open_order(world.meter.id) is None
        new = replace(an_order(world), requested_by=world.tenant.id)
        first = await unit.supplies.order(new)
        assert first == replace(new, id=first.id)
        assert await unit.supplies.open_order(world.meter.id) == first
        await unit.supplies.drop_open(world.meter.id, error="superseded")
        assert await unit.supplies.open_order(world.meter.id) is None
        second = await unit.supplies.order(an_order(world, on=False))
        dropped = await unit.supplies.get_order(first.id)
        assert await unit.supplies.get_order(99) is None
    assert dropped == replace(first, status=OrderStatus.OBSOLETE, error="superseded")
    assert not second.turn_on
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.supplies.order(an_order(world))


async def test_an_order_goes_on_until_it_is_closed(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        order = await unit.supplies.order(an_order(world))
        waiting = replace(
            order,
            status=OrderStatus.WAITING,
            due_at=AT + HOUR,
            attempts=3,
            sent_at=AT,
            error="offline",
            alerted_at=AT,
        )
        await unit.supplies.save_order(waiting)
        assert await unit.supplies.get_order(order.id) == waiting
        done = replace(waiting, status=OrderStatus.CONFIRMED, confirmed_at=AT, error=None)
        await unit.supplies.save_order(done)
        await unit.supplies.save_order(waiting)
        assert await unit.supplies.get_order(order.id) == done


async def test_restores_go_first_and_nobody_gets_an_order_twice(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        worlds = [await furnish(unit, number) for number in range(1, 6)]
        cut, late, early, future, manual = worlds
        await unit.supplies.order(an_order(cut, on=False, lane=Lane.CUT, due_at=AT - 5 * HOUR))
        await unit.supplies.order(an_order(late, due_at=AT))
        await unit.supplies.order(an_order(early, due_at=AT - HOUR))
        await unit.supplies.order(an_order(future, due_at=AT + HOUR))
        await unit.supplies.order(an_order(manual, lane=Lane.MANUAL))
        first = await unit.supplies.lease_due(AT, until=AT + 2 * HOUR, limit=3)
        second = await unit.supplies.lease_due(AT, until=AT + 2 * HOUR, limit=3)
        third = await unit.supplies.lease_due(AT, until=AT + 2 * HOUR, limit=3)
        again = await unit.supplies.lease_due(AT + 2 * HOUR, until=AT + 9 * HOUR, limit=9)
        stored = await unit.supplies.get_order(again[0].id)
    assert [order.meter_id for order in first] == [each.meter.id for each in (early, late, manual)]
    assert [order.meter_id for order in second] == [cut.meter.id]
    assert third == []
    assert {order.meter_id: order.attempts for order in again} == {
        each.meter.id: 1 if each is future else 2 for each in worlds
    }
    assert stored == again[0]


async def test_the_paid_but_still_dark_are_found_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        dark, cut, done, alerted = [await furnish(unit, number) for number in range(1, 5)]
        late = await unit.supplies.order(an_order(dark))
        await unit.supplies.order(an_order(cut, on=False))
        closed = await unit.supplies.order(an_order(done))
        await unit.supplies.save_order(replace(closed, status=OrderStatus.CONFIRMED))
        told = await unit.supplies.order(an_order(alerted))
        await unit.supplies.save_order(replace(told, alerted_at=AT))
        assert await unit.supplies.still_dark(ordered_before=AT) == [late]
        assert await unit.supplies.still_dark(ordered_before=AT - HOUR) == []


async def test_a_device_that_is_back_wakes_its_order(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        worlds = [await furnish(unit, number) for number in range(1, 5)]
        back, away, pending, swapped = worlds
        for world in worlds:
            order = await unit.supplies.order(an_order(world, due_at=AT + 9 * HOUR))
            status = OrderStatus.PENDING if world is pending else OrderStatus.WAITING
            await unit.supplies.save_order(replace(order, status=status))
        await unit.metering.uninstall(installation_id=swapped.installation.id, at=AT)
        found = [each.device.id for each in (back, pending, swapped)]
        await unit.supplies.wake([], at=AT)
        await unit.supplies.wake(found, at=AT)
        due = await unit.supplies.lease_due(AT, until=AT + HOUR, limit=9)
    assert [order.meter_id for order in due] == [back.meter.id]
    assert away.meter.id != back.meter.id
