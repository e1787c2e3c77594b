"""Leases, their terms, and what was said to their tenants."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy.exc import IntegrityError

from bot.db.unit_of_work import SqlTransactions
from bot.domain.lease import BillingMode, CheckInterval, Occupancy
from bot.domain.protection import ProtectedHours
from bot.domain.warning import Armed
from bot.services.store import LeaseProgress
from tests.integration.db.world import AT, DAY, a_lease, furnish


async def test_a_lease_comes_back_with_all_its_terms(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        assert await unit.leases.get(world.lease.id) == world.lease
        changed = replace(
            world.lease,
            tenant_name="आशा",
            phone="+91 98",
            mode=BillingMode.POSTPAID,
            occupancy=Occupancy(start_on=date(2026, 1, 15), end_on=date(2026, 12, 31)),
            check_interval=CheckInterval.HOURLY,
            cut_off_paise=-1,
            billing_day=28,
            is_protected=True,
            grace_until=AT + DAY,
        )
        await unit.leases.save(changed)
    async with transactions.read() as unit:
        assert await unit.leases.get(world.lease.id) == changed
        assert await unit.leases.get(99) is None


@pytest.mark.parametrize("hours", [(), (ProtectedHours(start=time(22), end=time(6, 30)),)])
async def test_what_a_lease_has_of_its_own_is_told_from_what_it_follows(
    transactions: SqlTransactions, hours: tuple[ProtectedHours, ...]
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        following = replace(world.lease, cut_off_paise=None, low_balance_paise=None)
        await unit.leases.save(following)
        assert await unit.leases.get(world.lease.id) == following
        own = replace(following, emergency_credit_paise=0, protected_hours=hours)
        await unit.leases.save(own)
        assert await unit.leases.get(world.lease.id) == own


async def test_a_room_has_one_running_lease(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        assert await unit.leases.running_at(world.place.id) == {world.room.id: world.lease}
        ended = replace(
            world.lease, occupancy=Occupancy(start_on=date(2026, 1, 15), end_on=date(2026, 2, 1))
        )
        await unit.leases.save(ended)
        assert await unit.leases.running_at(world.place.id) == {}
        following = await unit.leases.add(a_lease(world.place, world.room, world.tariff_id))
        assert await unit.leases.running_at(world.place.id) == {world.room.id: following}
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.leases.add(a_lease(world.place, world.room, world.tariff_id))


async def test_what_was_warned_of_is_kept_for_each_lease(transactions: SqlTransactions) -> None:
    armed = Armed(low_given=True, last_given_paise=12_345)
    async with transactions.begin() as unit:
        first, second = await furnish(unit, 1), await furnish(unit, 2)
        await unit.leases.save_progress([])
        await unit.leases.save_progress(
            [
                LeaseProgress(
                    lease_id=first.lease.id, armed=armed, emergency_exhausted=True, checked_at=AT
                ),
                LeaseProgress(
                    lease_id=second.lease.id,
                    armed=Armed(),
                    emergency_exhausted=False,
                    checked_at=None,
                ),
            ]
        )
        books = await unit.books.load([first.lease.id, second.lease.id], now=AT, lock=True)
    one, two = books[first.lease.id], books[second.lease.id]
    assert (one.armed, one.emergency_exhausted, one.checked_at) == (armed, True, AT)
    assert (two.armed, two.emergency_exhausted, two.checked_at) == (Armed(), False, None)


async def test_tenants_share_a_lease_and_join_it_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        lease_id = world.lease.id
        assert await unit.leases.join(lease_id=lease_id, person_id=other.tenant.id, at=AT + DAY)
        assert not await unit.leases.join(lease_id=lease_id, person_id=other.tenant.id, at=AT)
        assert await unit.leases.tenants([lease_id, other.lease.id]) == {
            lease_id: (world.tenant.id, other.tenant.id),
            other.lease.id: (other.tenant.id,),
        }
        actor = await unit.people.actor(other.tenant.id)
    assert actor.lease_ids == {lease_id, other.lease.id}
